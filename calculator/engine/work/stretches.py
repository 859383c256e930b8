"""Stretches of work, in which nothing changes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from calculator.quantity import ONE


class Alike(NamedTuple):
    """Stretches of one job that are alike come to the same: nothing changes between them but the length of the months, and what is
    too old is not uprated."""

    since: date
    days: int
    days_in_month: int
    #: Where it is known which days were worked, the day with which they begin: of the week, or, where pay goes by the month, of all days.
    begins: int
    barred: bool


class Cut(NamedTuple):
    """First and last day of a stretch, and which other stretches come to the same."""

    first: date
    last: date
    alike: Alike


class Stretch(NamedTuple):
    """Days of a job in which nothing changes, with their hours at one end of the claim."""

    first: date
    last: date
    days: int
    hours: Decimal
    weeks: Decimal
    #: The day from which nothing has changed: figures are those of this day.
    since: date

    def one_week(self, hours: Decimal) -> Stretch:
        """One week of so many hours with the figures of this stretch."""
        return Stretch(self.first, self.first + timedelta(days=6), 7, hours, ONE, self.since)
