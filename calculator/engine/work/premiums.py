"""Premiums: a share of the rate for hours at night or on Sundays, hours more for days that were very long."""

from __future__ import annotations

from decimal import Decimal

from calculator import quantity
from calculator.case.values import NumberRange
from calculator.engine.facts.job_time import WEEK, span_minutes
from calculator.engine.work.ends import HIGHEST, End
from calculator.engine.work.hours import day_lengths
from calculator.engine.work.job import Job
from calculator.engine.work.pay_rule import Premium
from calculator.engine.work.rates import Rates
from calculator.engine.work.stretches import Stretch
from calculator.quantity import NOTHING, ZERO, Value


def premium_hours(job: Job, rates: Rates, stretch: Stretch, end: End) -> Value:
    """What premiums add, as hours at the plain rate. One that is only perhaps for the job raises the highest claim alone."""
    if not stretch.weeks:
        # No day of the stretch was worked.
        return NOTHING
    found = [_added(job, rates, stretch, premium, end) for premium, sure in job.fitting.premiums if sure or end is HIGHEST]
    return rates.one_end(quantity.add([NOTHING, *found]), end)


def _added(job: Job, rates: Rates, stretch: Stretch, premium: Premium, end: End) -> Value:
    per_week = stretch.hours / stretch.weeks
    if premium.kind == "spread":
        assert premium.over is not None and premium.hours is not None
        over = rates.formula(premium.over, stretch.since)
        if not over.known:
            return over
        long_days = sum(1 for length in day_lengths(job, rates, per_week, end) if length > over.low) * stretch.weeks
        return quantity.times([quantity.exactly(long_days), rates.formula(premium.hours, stretch.since)])
    assert premium.add is not None
    count = min(_hours_of_kind(job, rates, premium, per_week, end), per_week) * stretch.weeks
    return quantity.times([rates.formula(premium.add, stretch.since), quantity.exactly(count)])


def _hours_of_kind(job: Job, rates: Rates, premium: Premium, per_week: Decimal, end: End) -> Decimal:
    """Hours a week at night or on Sundays."""
    night = premium.kind == "night"
    said = job.said.night_hours_per_week if night else job.said.sunday_hours_per_week
    if isinstance(said, NumberRange):
        return end.owed(said)
    if isinstance(job.said.pattern, dict):
        pattern = job.said.pattern
        spans = [(at * 1440 + s, at * 1440 + e) for at, day in enumerate(WEEK) for s, e in map(span_minutes, pattern.get(day, []))]
        return Decimal(sum(_overlap(s, e, premium) for s, e in spans)) / 60
    if said is None:
        rates.ask("night_hours_per_week" if night else "sunday_hours_per_week")
        return ZERO
    return (per_week if night else Decimal(24)) if end is HIGHEST else ZERO


def _overlap(start: int, end: int, premium: Premium) -> int:
    """Minutes of a span (from Monday 0:00) that lie at night or on a Sunday; a span of Sunday may pass into Monday."""
    if premium.kind == "sunday":
        return max(0, min(end, 7 * 1440) - max(start, 6 * 1440))
    assert premium.between is not None
    first, last = premium.between
    last = last if last > first else last + 1440
    return sum(max(0, min(end, day * 1440 + last) - max(start, day * 1440 + first)) for day in range(-1, 9))
