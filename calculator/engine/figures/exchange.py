"""What money of one country was in money of another: on a day, or over the days of a period.

The rates are the European Central Bank's reference rates (one a working day, since 4 January 1999) and those fixed by law for currencies that
became the euro. Two currencies other than the euro meet through it. A day without a rate of its own, a weekend or a holiday, has the rate of the
last day before. Where there is no rate the answer is None, a gap: never one to one.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from functools import lru_cache
from typing import NamedTuple

from calculator.engine.figures import reference_rates
from calculator.engine.figures.reference_rates import Source

EURO = "EUR"
#: ISO 4217's code for no currency: some money, nobody said of which country.
NO_CURRENCY = "XXX"
#: So many days after the last day of the table its last rate is still used, marked as late.
DAYS_LATE = 31
#: Of its own, so that no other setting of the process changes a digit.
_DIGITS = Context(prec=34)
#: Sums over many years lose no digit, so that a period of one day has exactly the rate of the day.
_EXACT = Context(prec=90)
_ONE = Decimal(1)
_SATURDAY = 5


class Rate(NamedTuple):
    """One unit of `of` is `rate` units of `to`."""

    of: str
    to: str
    rate: Decimal
    #: The day, or the first and last day of the period, whose rate it is.
    first: date
    last: date
    #: It is, for one day at least, the last known rate, used for a day after it.
    late: bool
    #: Fixed by law, on every one of its days.
    fixed: bool


class _Quote(NamedTuple):
    """One euro is `rate` of a currency."""

    rate: Decimal
    late: bool
    fixed: bool


@dataclass(frozen=True, slots=True)
class _Cross:
    """The rates between two currencies as steps: from `days[n]` on `rates[n]`. `sums` and `blanks`: what all days before come to."""

    days: array[int]
    rates: list[Decimal | None]
    sums: list[Decimal]
    blanks: array[int]

    def before(self, day: int) -> tuple[Decimal, int]:
        """The sum of the rates of all days before `day`, and how many of these days have none."""
        at = bisect_right(self.days, day) - 1
        rate, count = self.rates[at], day - self.days[at]
        if rate is None:
            return self.sums[at], self.blanks[at] + count
        return _EXACT.add(self.sums[at], _EXACT.multiply(rate, Decimal(count))), self.blanks[at]


def known(currency: str) -> bool:
    """Whether there is any rate of a currency, of whatever day."""
    return currency == EURO or currency in reference_rates.index().checksums or currency in reference_rates.fixed()


def source(currency: str | None = None, day: date | None = None) -> Source:
    """Title and address of the table and its last day; of the law that fixed the rate of `currency`, where it holds on `day`."""
    law = reference_rates.fixed().get(currency or "")
    return law.source if law is not None and day is not None and law.start <= day else reference_rates.index().source


def last_day() -> date:
    """The last day that has a rate, if only the last known one."""
    return reference_rates.index().last + timedelta(days=DAYS_LATE)


@lru_cache(maxsize=4096)
def on_day(of: str, to: str, day: date) -> Rate | None:
    """The rate of a day. None: there is none, and an amount of that day cannot be converted."""
    if of == to:
        return Rate(of, to, _ONE, day, day, late=False, fixed=True)
    first, second = _quote(of, day), _quote(to, day)
    if first is None or second is None:
        return None
    rate = _DIGITS.divide(second.rate, first.rate)
    return Rate(of, to, rate, day, day, first.late or second.late, first.fixed and second.fixed)


@lru_cache(maxsize=1024)
def over(of: str, to: str, first: date, last: date) -> Rate | None:
    """The mean of the rates of all days from `first` to `last`, weekends included. None where one of the days has none.

    Raises ValueError for a period that ends before it begins.
    """
    if last < first:
        raise ValueError("A period ends on its first day or later.")
    if of == to:
        return Rate(of, to, _ONE, first, last, late=False, fixed=True)
    if not (known(of) and known(to)):
        return None
    cross = _cross(of, to)
    start, stop = first.toordinal(), last.toordinal() + 1
    (sum_before, blank_before), (sum_after, blank_after) = cross.before(start), cross.before(stop)
    if blank_after > blank_before:
        return None
    rate = _DIGITS.divide(_EXACT.subtract(sum_after, sum_before), Decimal(stop - start))
    ends = [_quote(code, day) for code in (of, to) for day in (first, last)]
    return Rate(of, to, rate, first, last, any(q.late for q in ends if q), all(q.fixed for q in ends if q))


def _quote(code: str, day: date) -> _Quote | None:
    """What one euro is on a day in the currency."""
    if code == EURO:
        return _Quote(_ONE, late=False, fixed=True)
    law = reference_rates.fixed().get(code)
    if law is not None and law.start <= day:
        return _Quote(law.rate, late=False, fixed=True)
    end = reference_rates.index().last
    if day > end + timedelta(days=DAYS_LATE):
        return None
    series = reference_rates.series(code)
    rate = series.on(day.toordinal()) if series else None
    return None if rate is None else _Quote(rate, late=_is_late(day, end), fixed=False)


def _is_late(day: date, end: date) -> bool:
    """Whether a working day lies between the end of the table and `day`: on the weekend behind it nothing is missing."""
    return any((end + timedelta(days=n)).weekday() < _SATURDAY for n in range(1, (day - end).days + 1))


@lru_cache(maxsize=8)
def _cross(of: str, to: str) -> _Cross:
    """All rates between two currencies that have any."""
    steps: dict[int, list[Decimal | None]] = {}
    for place, code in enumerate((of, to)):
        for day, rate in _steps(code):
            steps.setdefault(day, [Decimal(-1), Decimal(-1)])[place] = rate
    days = array("l", sorted(steps))
    rates: list[Decimal | None] = []
    sums, blanks = [Decimal(0)], array("l", [0])
    now: list[Decimal | None] = [None, None]
    for number, day in enumerate(days):
        now = [old if new == -1 else new for old, new in zip(now, steps[day], strict=True)]
        one, other = now
        rate = None if one is None or other is None else _DIGITS.divide(other, one)
        rates.append(rate)
        if number + 1 < len(days):
            count = days[number + 1] - day
            sums.append(sums[-1] if rate is None else _EXACT.add(sums[-1], _EXACT.multiply(rate, Decimal(count))))
            blanks.append(blanks[-1] + (count if rate is None else 0))
    return _Cross(days, rates, sums, blanks)


def _steps(code: str) -> Iterator[tuple[int, Decimal | None]]:
    """From which day (as an ordinal) one euro is how much in the currency; None: from there on it is not known."""
    yield date.min.toordinal(), _ONE if code == EURO else None
    if code == EURO:
        return
    law = reference_rates.fixed().get(code)
    begins = law.start.toordinal() if law else date.max.toordinal()
    series = reference_rates.series(code)
    if series is not None:
        yield from ((day, rate) for day, rate in zip(series.days, series.rates, strict=True) if day < begins)
    if law is not None:
        yield begins, law.rate
    else:
        yield reference_rates.index().last.toordinal() + DAYS_LATE + 1, None


def use(texts: reference_rates.Texts) -> None:
    """Convert with the table of reference rates that these two files stand for."""
    reference_rates.use(texts, (on_day.cache_clear, over.cache_clear, _cross.cache_clear))
