"""How CLDR writes so many hours, days, weeks, months or years in a language, turned into things to look for."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.units import format_unit

from actions.readers.lexicon import entries, is_unspaced, one_of, plain_form
from calculator.translation import base_language
from calculator.wording import western_digits

#: Counts that between them show every plural form CLDR knows.
_COUNTS = (1, 2, 3, 5, 11, 21, 100)
#: Languages whose grammar adds letters to a noun: in weeks, of hours.
_INFLECTED = {"pl": 3, "ru": 3, "uk": 3, "bg": 2, "sq": 3, "tr": 5, "ro": 4, "de": 1, "ar": 2}


def locale_of(language: str) -> Locale | None:
    try:
        return Locale.parse(base_language(language))
    except (UnknownLocaleError, ValueError):
        return None


@lru_cache(maxsize=256)
def unit_forms(language: str, unit: str) -> tuple[tuple[str, int | None], ...]:
    """(text with `{0}` for the number, None) or (text that says the number itself, that number), longest first."""
    locale = locale_of(language)
    forms: dict[str, int | None] = {}
    if locale is None:
        return ()
    for width in ("long", "short"):
        for count in _COUNTS:
            try:
                written = western_digits(format_unit(count, f"duration-{unit}", width, locale=locale))
            except (ValueError, KeyError):
                continue
            if str(count) in written:
                forms[written.replace(str(count), "{0}", 1)] = None
            elif len(written) > 2 and count <= 2:
                forms[written] = count
                if written.endswith("ان"):
                    # As it is spoken.
                    forms[f"{written[:-2]}ين"] = count
    return tuple(sorted(forms.items(), key=lambda item: -len(item[0])))


def unit_words(language: str, unit: str) -> list[str]:
    """The bare names of a unit in a language, such as week, weeks, wk."""
    words = {re.sub(r"\{0\}", "", form).strip(" .\u00a0\u202f").casefold() for form, _ in unit_forms(language, unit)}
    return sorted((w for w in words if len(w) > 1 or is_unspaced(w)), key=len, reverse=True)


#: The lists of the lexicon that name a unit.
_TYPED = {"hour": "hours_short", "day": "days_short", "week": "weeks_short", "month": "months_short", "year": "years_short"}


@cache
def unit_pattern(language: str, unit: str, accents: bool = False) -> re.Pattern[str]:
    """A unit as CLDR writes it and as it is typed, with the endings of grammar."""
    return re.compile(one_of(unit_names(language, unit, accents), _INFLECTED.get(base_language(language), 0)))


@cache
def unit_names(language: str, unit: str, accents: bool = False) -> frozenset[str]:
    """The names of a unit in plain form, without the endings of grammar."""
    names = {plain_form(word, accents) for word in unit_words(language, unit)} | set(entries(_TYPED[unit], language, accents))
    if base_language(language) != "en":
        names |= {plain_form(word, accents) for word in unit_words("en", unit) if len(word) > 3}
    return frozenset(names)
