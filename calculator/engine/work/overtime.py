"""Overtime: hours beyond a limit count more than once."""

from __future__ import annotations

from decimal import Decimal

from calculator import quantity
from calculator.case.values import NumberRange
from calculator.engine.work.ends import HIGHEST, End
from calculator.engine.work.hours import day_hours
from calculator.engine.work.job import Job
from calculator.engine.work.pay_rule import Overtime
from calculator.engine.work.rates import Rates
from calculator.engine.work.stretches import Stretch
from calculator.quantity import NOTHING, ONE, ZERO, Value, carry

#: A limit in hours, and the factor of the hours beyond it.
Limit = tuple[Value, Value]


def counted_hours(job: Job, rates: Rates, stretch: Stretch, end: End) -> Value:
    """Hours with overtime counted at its factor, as one number. Without the weeks of a month, hours by the month are not known
    either; a promise by the month still is."""
    weeks = rates.weeks_per_month()
    if weeks is not None and not weeks.known:
        return weeks
    counted = paid_hours(job, rates, stretch, end)
    return counted if weeks is None else carry(counted, [weeks])


def paid_hours(job: Job, rates: Rates, stretch: Stretch, end: End) -> Value:
    """Hours with overtime counted at its factor, in proportion to the weeks worked."""
    if stretch.weeks <= 0 or isinstance(job.said.hours_total, NumberRange) or not any(job.fitting.overtimes):
        return quantity.exactly(stretch.hours)
    if job.hours is not None and stretch.hours == (said := end.owed(job.hours)) * stretch.weeks:
        # No week differs from another.
        week = stretch.one_week(said)
        counted = rates.once(("week", end), stretch.since, lambda inner: _by_any_rule(job, inner, week, end))
        return rates.one_end(quantity.times([counted, quantity.exactly(stretch.weeks)]), end)
    return rates.one_end(_by_any_rule(job, rates, stretch, end), end)


def _by_any_rule(job: Job, rates: Rates, stretch: Stretch, end: End) -> Value:
    """By the overtime rule of the job; where several may be it, by the better or the worse one."""
    options = [_by_rule(job, rates, stretch, bands, end) if bands else quantity.exactly(stretch.hours) for bands in job.fitting.overtimes]
    return options[0] if len(options) == 1 else (quantity.greatest(options) if end is HIGHEST else quantity.least(options))


def _by_rule(job: Job, rates: Rates, stretch: Stretch, bands: tuple[Overtime, ...], end: End) -> Value:
    """Hours beyond a daily limit count first; the weekly limit then looks at the others, so none counts twice."""
    limits = [(rates.formula(band.over, stretch.since), rates.formula(band.factor, stretch.since), band.daily) for band in bands]
    weekly = [(over, factor) for over, factor, daily in limits if not daily]
    daily = [(over, factor) for over, factor, daily in limits if daily]
    per_week = left = stretch.hours / stretch.weeks
    parts: list[Value] = []
    for hours in day_hours(job, rates, per_week, end) if daily else ():
        beyond = _banded(hours, daily)[1:]
        parts.extend(_weighed(beyond, stretch.weeks))
        left -= sum((width for width, _ in beyond), ZERO)
    parts.extend(_weighed(_banded(left, weekly), stretch.weeks))
    return quantity.add(parts) if parts else NOTHING


def _banded(hours: Decimal, limits: list[Limit]) -> list[tuple[Decimal, Value]]:
    """(hours, factor) up to the first limit at 1, then between limits at their factors."""
    parts: list[tuple[Decimal, Value]] = []
    floor, factor = ZERO, quantity.exactly(ONE)
    for over, following in limits:
        ceiling = min(hours, over.low) if over.known else hours
        parts.append((max(ZERO, ceiling - floor), factor))
        floor, factor = max(floor, ceiling), following
    parts.append((max(ZERO, hours - floor), factor))
    return parts


def _weighed(parts: list[tuple[Decimal, Value]], weeks: Decimal) -> list[Value]:
    return [quantity.times([quantity.exactly(width * weeks), factor]) for width, factor in parts if width > 0]
