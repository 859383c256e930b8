"""Names of the days of the week, as CLDR writes them and as they are typed."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale

from actions.readers.lexicon import ARABIC, ARABIC_PREFIX, entries, is_unspaced, one_of, plain_form
from actions.readers.units import locale_of
from calculator.translation import base_language


@cache
def weekdays(language: str, accents: bool) -> dict[str, int]:
    """Names of the days of the week in plain form -> 0 for Monday."""
    found: dict[str, int] = {}
    for locale in (locale_of(language), Locale("en")):
        if locale is None:
            continue
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.days[context][width].items():
                    word = plain_form(str(name), accents).rstrip(".")
                    english = locale.language == "en" and base_language(language) != "en"
                    if (len(word) >= 2 or is_unspaced(word)) and not (english and len(word) < 5):
                        found.setdefault(word, int(number))
    if base_language(language) == "ar":
        # To Sunday: "لل" takes the place of the article.
        found |= {f"لل{name[2:]}": number for name, number in found.items() if name.startswith("ال")}
    for key, number in zip(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), range(7), strict=True):
        for word in entries(key, language, accents):
            found.setdefault(word, number)
    return found


@cache
def weekday_words(language: str, accents: bool, endings: int = 0) -> str:
    """A pattern for the days of the week; `endings`: letters a name may have more, as grammar adds them."""
    return one_of(weekdays(language, accents), endings)


@cache
def numbered_days(language: str, accents: bool) -> re.Pattern[str]:
    """Days of the week whose name has a number: 周5, thứ 6; "1周50" holds none."""
    names = [name for name in weekdays(language, accents) if re.search(r"\d", name)]
    return re.compile(rf"(?<!\d){one_of(names)}(?!\d)") if names else re.compile(r"(?!)")


def weekday_of(word: str, names: dict[str, int]) -> str | None:
    """The name of a weekday a word is, with or without the endings of grammar."""
    word = word.strip()
    if word in names:
        return word
    if ARABIC.match(word):
        bare = re.sub(f"^{ARABIC_PREFIX}", "", word)
        return next((name for name in names if re.sub(f"^{ARABIC_PREFIX}", "", name) == bare), None)
    return max((name for name in names if len(name) >= 4 and (name in word)), key=len, default=None)
