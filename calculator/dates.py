"""Dates as people know them: a day, a month, a year, or between two days.

Every date in the engine is a `DateRange`; a day known exactly has equal ends. Arithmetic keeps both ends.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

#: Days of each month of a common year.
_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PARTS = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


class DateRange(NamedTuple):
    """From `earliest` to `latest`, both included."""

    earliest: date
    latest: date

    @property
    def exact(self) -> bool:
        return self.earliest == self.latest

    def map(self, function: Callable[[date], date]) -> DateRange:
        """Apply a function that never swaps the order of two days."""
        earliest = function(self.earliest)
        return DateRange(earliest, earliest if self.exact else function(self.latest))


def on_day(day: date) -> DateRange:
    return DateRange(day, day)


def parse_date(text: str) -> DateRange:
    """`YYYY-MM-DD`, `YYYY-MM` or `YYYY`. Raises ValueError when it is no date of the calendar."""
    match = _PARTS.match(text.strip())
    if not match:
        raise ValueError(text)
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if not 1900 <= year <= 2200:
        raise ValueError(text)
    if month is None:
        return DateRange(date(year, 1, 1), date(year, 12, 31))
    if day is None:
        return DateRange(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
    return on_day(date(year, month, day))


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    month += 1
    longest = 29 if month == 2 and calendar.isleap(year) else _DAYS[month]
    return date(year, month, min(day.day, longest))


def shift(day: date, years: int = 0, months: int = 0, weeks: int = 0, days: int = 0) -> date:
    """A period of the calendar added to a day; negative numbers go back."""
    return add_months(day, years * 12 + months) + timedelta(days=weeks * 7 + days)


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def end_of_month(day: date) -> date:
    return day.replace(day=days_in_month(day))


def end_of_year(day: date) -> date:
    return date(day.year, 12, 31)


def days_in_month(day: date) -> int:
    return 29 if day.month == 2 and calendar.isleap(day.year) else _DAYS[day.month]


def age_on(birth: date, day: date) -> int:
    """Completed years on `day`."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def birthday(birth: date, age: int) -> date:
    """The day on which `age` is completed; 1 March for those born on 29 February."""
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date(birth.year + age, 3, 1)


def add_working_days(day: date, count: int) -> date:
    """`day` and so many days from Monday to Friday more (or, below zero, fewer). Public holidays are not known here, so a
    limit comes out early rather than late."""
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= day.weekday() < 5
    return day


def working_days_between(first: date, last: date) -> int:
    """Days from Monday to Friday after `first`, up to and including `last`."""
    if last <= first:
        return 0
    weeks, rest = divmod((last - first).days, 7)
    return weeks * 5 + sum((first + timedelta(days=n + 1)).weekday() < 5 for n in range(rest))


def add_years(day: date, count: int) -> date:
    """The same day so many years later; 29 February becomes the 28th in a common year."""
    return add_months(day, 12 * count)
