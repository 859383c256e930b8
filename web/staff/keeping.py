"""How long a case is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from calculator.dates import add_months
from store.organisations.cases import Case

#: Months that a case is kept, to choose from; days before its end on which its members are warned.
KEPT_MONTHS, WARNED_DAYS = (6, 12, 24, 36), 30


def kept_until(months: int) -> datetime:
    """So many months from today, of those that can be chosen."""
    return midnight(add_months(datetime.now(UTC).date(), months if months in KEPT_MONTHS else min(KEPT_MONTHS)))


def midnight(on: date) -> datetime:
    """The first moment of a day, in UTC."""
    return datetime(on.year, on.month, on.day, tzinfo=UTC)


def ends_soon(case: Case) -> bool:
    """Whether its members are warned."""
    return case.keep_until - datetime.now(UTC) < timedelta(days=WARNED_DAYS)
