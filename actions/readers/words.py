"""Small words that CLDR and the number libraries do not have, from the chat catalogue: each a list with commas in between.

Whoever translates writes every way in which people of the language write it ("a week, weekly, per week, wk").
"""

from __future__ import annotations

import re
from functools import lru_cache

from calculator.translation import translator


def _(text: str) -> str:
    """Marks a source string of the `chat` catalogue for extraction."""
    return text


SPRING, SUMMER = _("spring, springtime"), _("summer, summertime")
AUTUMN, WINTER = _("autumn, fall"), _("winter, wintertime")
#: What stands between the two ends of a range: 40 to 50.
BETWEEN = _("to, and, or, until")
PER = {
    "hour": _("an hour, per hour, hourly, each hour"),
    "day": _("a day, per day, daily, each day"),
    "week": _("a week, per week, weekly, each week"),
    "month": _("a month, per month, monthly, each month"),
    "total": _("in total, total, altogether, for everything, all together"),
}
ONES = _("one, two, three, four, five, six, seven, eight, nine")
TEENS = _("ten, eleven, twelve, thirteen, fourteen, fifteen, sixteen, seventeen, eighteen, nineteen")
TENS = _("twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety")
HUNDREDS = _("hundred, two hundred, three hundred, four hundred, five hundred, six hundred, seven hundred, eight hundred, nine hundred")
#: What joins tens and ones: sixty and five.
NUMBER_AND = _("and")


@lru_cache(maxsize=512)
def words(text: str, language: str) -> tuple[str, ...]:
    """The words of a list in the language, small letters, in the order of the catalogue."""
    return tuple(word.strip().casefold() for word in translator(language, "chat")(text).replace("،", ",").replace("，", ",").replace(
        "、", ",").split(",") if word.strip())


@lru_cache(maxsize=512)
def words_or_english(text: str, language: str) -> tuple[str, ...]:
    """The words of a list in the language, then in English: people mix."""
    return tuple(dict.fromkeys([*words(text, language), *words(text, "en")]))


_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def is_unspaced(text: str) -> bool:
    """Whether a text is in a script that puts no space between words."""
    return bool(_UNSPACED.search(text))
