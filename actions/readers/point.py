"""A point in time in a text, and what every search for one shares."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from calculator.dates import DateRange

EARLIEST_YEAR = 1950
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
#: Languages that say the year before the month, and since and until behind both.
YEAR_FIRST = frozenset({"tr", "zh"})


@dataclass(frozen=True, slots=True)
class Point:
    """A point in time in a text: where it stands, between which days it lies, whether its ends are vague, and which end of a span
    it is (`begin`, `end`, or neither)."""

    start: int
    stop: int
    when: DateRange
    vague: bool = False
    role: str | None = None
    #: A month that was said without its year.
    yearless: int | None = None
    #: The same in a year, of what was said without one.
    of_year: Callable[[int], DateRange | None] | None = field(default=None, compare=False)
    #: Told as a length of time before today.
    ago: bool = False


class Finder:
    """Looks for points in time; what one reading has taken, a later one leaves alone."""

    def __init__(self, plain: str, language: str, today: date, accents: bool, month_first: bool) -> None:
        self.plain, self.language, self.today, self.accents, self.month_first = plain, language, today, accents, month_first
        self._found: list[Point] = []

    def _add(
        self,
        start: int,
        stop: int,
        when: DateRange | None,
        vague: bool = False,
        yearless: int | None = None,
        of_year: Callable[[int], DateRange | None] | None = None,
    ) -> None:
        if when is None or when.earliest.year < EARLIEST_YEAR or self._taken(start, stop):
            return
        self._found.append(Point(start, stop, when, vague, yearless=yearless, of_year=of_year))

    def _taken(self, start: int, stop: int) -> bool:
        return any(p.start < stop and start < p.stop for p in self._found)


def century(year: int, today: date) -> int:
    """24 -> 2024, 98 -> 1998."""
    if year >= 100:
        return year
    return 2000 + year if 2000 + year <= today.year else 1900 + year


def month_or_day(year: int, month: int, day: int | None) -> DateRange | None:
    """A month, or a day of it; None where it has no such day."""
    last = calendar.monthrange(year, month)[1]
    if day is None:
        return DateRange(date(year, month, 1), date(year, month, last))
    return DateRange(date(year, month, day), date(year, month, day)) if 1 <= day <= last else None
