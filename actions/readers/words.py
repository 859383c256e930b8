"""Small words that CLDR and the number libraries do not have, from the chat catalogue: each a list with commas in between.

Whoever translates writes every way in which people of the language write it ("a week, weekly, per week, wk").
"""

from __future__ import annotations

from functools import lru_cache

from calculator.translation import _, translator

#: What stands between the two ends of a range: 40 to 50.
BETWEEN = _("to, and, or, until")
PER = {
    "hour": _("an hour, per hour, hourly, each hour"),
    "day": _("a day, per day, daily, each day"),
    "week": _("a week, per week, weekly, each week"),
    "month": _("a month, per month, monthly, each month"),
    "total": _("in total, total, altogether, for everything, all together"),
}
#: What joins tens and ones: sixty and five.
NUMBER_AND = _("and")


@lru_cache(maxsize=512)
def words(text: str, language: str) -> tuple[str, ...]:
    """The words of a list in the language, small letters, in the order of the catalogue."""
    return tuple(
        word.strip().casefold()
        for word in translator(language, "chat")(text).replace("،", ",").replace("，", ",").replace("、", ",").split(",")
        if word.strip()
    )


@lru_cache(maxsize=512)
def words_or_english(text: str, language: str) -> tuple[str, ...]:
    """The words of a list in the language, then in English: people mix."""
    return tuple(dict.fromkeys([*words(text, language), *words(text, "en")]))
