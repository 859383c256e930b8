"""Days by which people remember: Ramadan, Easter, the lunar new year. The days of a year come from PyPI `holidays`."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

from calculator.dates import DateRange

#: Name in the lexicon -> days from its first day on, and where `holidays` finds it (country, category, English name).
_FIXED = {
    "new_years_eve": (12, 31),
    "new_year": (1, 1),
    "orthodox_christmas": (1, 7),
    "christmas": (12, 25),
    "womens_day": (3, 8),
    "may_day": (5, 1),
    "nowruz": (3, 21),
    "three_kings": (1, 6),
    "all_saints": (11, 1),
    "assumption": (8, 15),
    "christmas_eve": (12, 24),
    "st_nicholas": (12, 6),
    "halloween": (10, 31),
    "st_john": (6, 24),
    "chinese_national_day": (10, 1),
}
_MOVING = {
    "easter": ("DE", "Easter Sunday", "BB"),
    "orthodox_easter": ("GR", "Easter Monday", None),
    "eid_al_fitr": ("AE", "Eid al-Fitr", None),
    "eid_al_adha": ("AE", "Eid al-Adha", None),
    "lunar_new_year": ("CN", "Chinese New Year", None),
    "mid_autumn": ("CN", "Mid-Autumn Festival", None),
    "diwali": ("SG", "Diwali", None),
    "thanksgiving": ("US", "Thanksgiving", None),
}
#: Days counted from Easter Sunday.
_FROM_EASTER = {"carnival": -47, "pentecost": 49}
NAMES = (*_FIXED, *_MOVING, *_FROM_EASTER, "ramadan")
RAMADAN_DAYS = 30
#: A holiday is remembered by its season: some days before and after belong to it.
AROUND = 3


@cache
def holiday(name: str, year: int) -> DateRange | None:
    """The days of a holiday in a year; None when they are not known."""
    if name in _FIXED:
        day = date(year, *_FIXED[name])
        return _around(day, day)
    if name == "ramadan":
        end = _first("eid_al_fitr", year)
        return DateRange(end - timedelta(days=RAMADAN_DAYS), end - timedelta(days=1)) if end else None
    if name in _FROM_EASTER:
        easter = _first("easter", year)
        moved = easter + timedelta(days=_FROM_EASTER[name]) if easter else None
        return _around(moved, moved) if moved else None
    first = _first(name, year)
    return _around(first, first) if first else None


def _around(first: date, last: date) -> DateRange:
    return DateRange(first - timedelta(days=AROUND), last + timedelta(days=AROUND))


@cache
def _first(name: str, year: int) -> date | None:
    country, english, part = _MOVING[name]
    found = country_holidays(country, subdiv=part, years=year, language=None if country == "SG" else "en_US")
    days = sorted(day for day, said in found.items() if english in said and day.year == year)
    return days[0] if days else None
