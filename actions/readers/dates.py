"""Dates as people say them: "March 2023", "il y a 8 mois", "2022", "01.03.2024" -> a day, a month or a year."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time
from functools import lru_cache

from babel import Locale
from babel.localedata import locale_identifiers
from dateparser import DateDataParser
from dateparser.search import search_dates

from actions.readers.numbers import digits_for_words
from actions.readers.units import unit_forms
from actions.readers.words import AUTUMN, SPRING, SUMMER, WINTER, is_unspaced, words
from calculator.dates import DateRange, shift
from calculator.translation import base_language

EARLIEST_YEAR = 1950
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_PERIODS = {"year": "years", "month": "months", "week": "weeks", "day": "days"}


def read_date(text: str, language: str, today: date, last: bool = False) -> DateRange | None:
    """When something happened, never after `today`. None when the text holds no date.

    A bare length of time ("8 months", "منذ 8 أشهر") is taken as that long ago: the question was when. Of two months
    ("from January to March 2023") the first is taken, or the `last`.
    """
    plain = digits_for_words(text[:300], language)
    found = (_iso(plain) or _numeric(plain) or _season(plain, language, today) or _ago(plain, language, today) or _parsed(plain, language, today)
             or _searched(plain, language, today, days_only=True) or _month_and_year(plain, language, last)
             or _searched(plain, language, today) or _year(plain) or _trimmed(plain, language, today))
    if found is None or found.earliest > today or found.earliest.year < EARLIEST_YEAR:
        return None
    return DateRange(found.earliest, min(found.latest, today))


def _iso(text: str) -> DateRange | None:
    match = _ISO.search(text)
    if match is None:
        return None
    year, month, day = match.groups()
    return _span(int(year), int(month), int(day) if day else None)


_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*((?:19|20)\d\d)(?!\d)")


def _numeric(text: str) -> DateRange | None:
    """30.06.2025 or 30/6/2025, the day first; the month where only that can be."""
    match = _NUMERIC.search(text)
    if match is None:
        return None
    day, month, year = (int(part) for part in match.groups())
    if month > 12 >= day:
        day, month = month, day
    return _span(year, month, day) if 1 <= month <= 12 and day >= 1 else None


@lru_cache(maxsize=32)
def _months(language: str) -> list[tuple[str, int]]:
    """Month names with all regional variants of CLDR (Levantine and Maghrebi Arabic name them differently)."""
    code = base_language(language)
    names: dict[str, int] = {}
    for identifier in locale_identifiers():
        if identifier.split("_")[0] != code:
            continue
        locale = Locale.parse(identifier)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    word = str(name).rstrip(".").casefold()
                    if len(word) >= 3 and not word.isdigit():
                        names.setdefault(word, int(number))
    return sorted(names.items(), key=lambda item: -len(item[0]))


def _month_and_year(text: str, language: str, last: bool) -> DateRange | None:
    """"since January 2024": a month's name with the year that follows it, or the only year of the text."""
    lowered = text.casefold()
    found: list[tuple[int, int]] = []
    taken: list[tuple[int, int]] = []
    for name, number in _months(language):
        for match in re.finditer(rf"(?<![^\W\d_]){_ending_free(name)}(?![^\W\d_])", lowered):
            if not any(a < match.end() and match.start() < b for a, b in taken):
                taken.append(match.span())
                found.append((match.start(), number))
    years = [(m.start(), int(m.group(1))) for m in _YEAR.finditer(lowered)]
    if not found or not years:
        return None
    at, month = (max if last else min)(found)
    year = next((y for start, y in years if start > at), years[-1][1])
    day = _DAY_BEFORE.search(lowered[:at]) or _DAY_AFTER.match(re.sub(r"^[^\W\d_]+", "", lowered[at:]))
    whole = _span(year, month, None)
    return (_span(year, month, int(day.group(1))) or whole) if day and 1 <= int(day.group(1)) <= 31 else whole


#: A day of the month just before the month's name (30. Juni, 1er janvier, 30 de junho) or just after it (June 30).
_DAY_BEFORE = re.compile(r"(?<!\d)(\d{1,2})(?:\.|er|st|nd|rd|th|º|ª)?\s*(?:de\s+|di\s+|of\s+)?$")
_DAY_AFTER = re.compile(r"\s+(\d{1,2})(?:st|nd|rd|th)?(?![\d:])")


def _ending_free(name: str) -> str:
    """A pattern for a month's name whose ending may change with grammar (березень, у березні)."""
    return rf"{re.escape(name[:-1])}\w{{0,2}}" if len(name) >= LONG_NAME else re.escape(name)


def _year(text: str) -> DateRange | None:
    match = _YEAR.search(text)
    return DateRange(date(int(match.group(1)), 1, 1), date(int(match.group(1)), 12, 31)) if match else None


def _span(year: int, month: int, day: int | None) -> DateRange | None:
    last = calendar.monthrange(year, month)[1]
    if day is None:
        return DateRange(date(year, month, 1), date(year, month, last))
    return DateRange(date(year, month, day), date(year, month, day)) if day <= last else None


#: Season -> its first month; each lasts three.
_SEASONS = {SPRING: 3, SUMMER: 6, AUTUMN: 9, WINTER: 12}
LONG_NAME = 5
MOST_WORDS = 8


def _season(text: str, language: str, today: date) -> DateRange | None:
    """"since last winter", "summer 2023": the season of the year that is named, else the last one that has begun."""
    said = " ".join(["", *re.findall(r"[^\W\d_]+", text.casefold()), ""])
    found = next(((month, season) for name, month in _SEASONS.items() for season in _season_words(name, language)
                  if (season if is_unspaced(season) else f" {season} ") in said), None)
    if found is None:
        return None
    first, season = found
    named = _year_of(text, season, language, today)
    if named is None:
        start = date(today.year, first, 1) if date(today.year, first, 1) <= today else date(today.year - 1, first, 1)
        return DateRange(start, shift(start, months=3, days=-1))
    if first == 12:
        # The winter of a year is the one it begins with or the one it ends with.
        return DateRange(date(named - 1, 12, 1), shift(date(named, 12, 1), months=3, days=-1))
    return DateRange(date(named, first, 1), shift(date(named, first, 1), months=3, days=-1))


def _season_words(name: str, language: str) -> tuple[str, ...]:
    """Names of a season in the language, and its first English one (the second means something else elsewhere)."""
    return tuple(dict.fromkeys([*words(name, language), words(name, "en")[0]]))


def _year_of(text: str, season: str, language: str, today: date) -> int | None:
    """The year a season is said with: 2024, or "last year"."""
    year = _YEAR.search(text)
    if year is not None:
        return int(year.group(1))
    parser = _parser(language, today)
    rest = text.casefold().replace(season, " ").strip(" ,.")
    reading = _reading(parser, rest) if parser is not None and rest else None
    whole = reading is not None and (reading.latest - reading.earliest).days > 360
    return reading.earliest.year if reading is not None and whole else None


@lru_cache(maxsize=64)
def _unit_patterns(language: str) -> list[tuple[re.Pattern[str], str, int | None]]:
    """Ways to write so many years, months, weeks or days; some plural forms carry the number themselves."""
    patterns = []
    for unit, name in _PERIODS.items():
        for form, count in unit_forms(language, unit):
            source = re.escape(form).replace(re.escape("{0}"), r"(\d{1,3})").replace(r"\ ", r"\s*")
            patterns.append((re.compile(rf"(?<!\w){source}(?!\w)", re.IGNORECASE), name, count))
    return patterns


def _ago(text: str, language: str, today: date) -> DateRange | None:
    if _YEAR.search(text):
        # A year that is named is a date ("30 tháng 6 năm 2025"), not a length of time.
        return None
    for pattern, unit, fixed in _unit_patterns(language):
        match = pattern.search(text)
        if match is None:
            continue
        count = fixed if fixed is not None else int(match.group(1))
        if count > 80 and unit == "years":
            continue
        day = shift(today, **{unit: -count})
        if unit == "years":
            return DateRange(shift(day, months=-6), min(today, shift(day, months=6)))
        if unit == "months":
            return _span(day.year, day.month, None)
        return DateRange(day, day)
    return None


@lru_cache(maxsize=32)
def _parser(language: str, today: date) -> DateDataParser | None:
    settings = {"PREFER_DATES_FROM": "past", "RELATIVE_BASE": datetime.combine(today, time()), "DATE_ORDER": "DMY"}
    try:
        parser = DateDataParser(languages=[base_language(language)], settings=settings)
        parser.get_date_data("2020")
    except ValueError:
        # A language that dateparser does not know; the readings by CLDR still work.
        return None
    return parser


def _parsed(text: str, language: str, today: date) -> DateRange | None:
    parser = _parser(language, today)
    if parser is None:
        return None
    return _reading(parser, text)


def _trimmed(text: str, language: str, today: date) -> DateRange | None:
    """"it began last year": what is left of a short text without its first words, where that is a year or a month."""
    words = re.findall(r"[^\W_]+", text)
    parser = _parser(language, today)
    if parser is None or not 2 < len(words) <= MOST_WORDS:
        return None
    for start in range(1, min(5, len(words) - 1)):
        reading = _reading(parser, " ".join(words[start:]))
        if reading is not None and not reading.exact:
            return reading
    return None


def _searched(text: str, language: str, today: date, days_only: bool = False) -> DateRange | None:
    """A date inside a longer text; of several readings the most exact. `days_only`: with a day of the month named."""
    parser = _parser(language, today)
    if parser is None or not re.search(r"\d", text):
        # Without a digit, a search finds weekdays inside ordinary words.
        return None
    settings = {"PREFER_DATES_FROM": "past", "RELATIVE_BASE": datetime.combine(today, time()), "DATE_ORDER": "DMY"}
    try:
        parts = search_dates(text, languages=[base_language(language)], settings=settings) or []
    except (ValueError, OverflowError, AttributeError, IndexError, TypeError):
        return None
    if days_only:
        parts = [(part, at) for part, at in parts if re.search(r"(?<!\d)\d{1,2}(?!\d)", part) and _YEAR.search(part)]
    readings = [r for r in (_reading(parser, part) for part, _ in parts) if r is not None]
    return min(readings, key=lambda r: (r.latest - r.earliest).days, default=None)


def _reading(parser: DateDataParser, text: str) -> DateRange | None:
    """dateparser's reading with its precision. Times of day and bare small numbers are no dates of a life."""
    if re.fullmatch(r"\W*\d{1,3}\W*", text):
        return None
    try:
        data = parser.get_date_data(text)
    except (ValueError, OverflowError, AttributeError, IndexError, TypeError):
        # dateparser raises on some odd text; text that breaks it is no date.
        return None
    moment = data.date_obj
    if moment is None or moment.time().replace(tzinfo=None) != time():
        return None
    if data.period == "year":
        return DateRange(date(moment.year, 1, 1), date(moment.year, 12, 31))
    if data.period == "month":
        return _span(moment.year, moment.month, None)
    return DateRange(moment.date(), moment.date())
