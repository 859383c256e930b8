"""Hours of a stretch of work, and of the single days of its weeks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from calculator.case.values import NumberRange
from calculator.dates import days_in_month, end_of_month
from calculator.engine.facts.job_time import SEVEN, hours_between, span_minutes
from calculator.engine.work.ends import HIGHEST, End
from calculator.engine.work.job import Job
from calculator.engine.work.rates import Rates
from calculator.quantity import ONE, ZERO, Value


def worked(job: Job, first: date, last: date, weeks_per_month: Value | None, end: End) -> tuple[Decimal, Decimal]:
    """(hours worked, weeks counted) from `first` to `last`."""
    days = (last - first).days + 1
    total = job.said.hours_total
    if isinstance(total, NumberRange):
        whole = (job.latest - job.first_day(end)).days + 1
        return end.owed(total) * days / Decimal(max(whole, 1)), days / SEVEN
    assert job.hours is not None
    weeks = _weeks(job.times.of_days, first, last, weeks_per_month)
    hours = end.owed(job.hours) * weeks
    if job.said.absences:
        hours = max(ZERO, hours - _absent(job, first, last, hours, days, end))
    return hours, weeks


def _weeks(of_days: tuple[Decimal, ...] | None, first: date, last: date, weeks_per_month: Value | None) -> Decimal:
    """How many weeks of work, or, where pay goes by the month, how many of the weeks that a month counts for. Where it is known which
    days were worked, a part of a week is what was worked of it: three days are no three sevenths."""
    days = Decimal((last - first).days + 1)
    if weeks_per_month is None or not weeks_per_month.known:
        return days / SEVEN if of_days is None else hours_between(of_days, first, last) / sum(of_days, ZERO)
    if of_days is None:
        return weeks_per_month.low * days / days_in_month(first)
    return weeks_per_month.low * hours_between(of_days, first, last) / hours_between(of_days, first.replace(day=1), end_of_month(first))


def _absent(job: Job, first: date, last: date, hours: Decimal, days: int, end: End) -> Decimal:
    """Hours of the days that were not worked; the highest claim counts the shortest absence."""
    lost = ZERO
    shortest, longest = job.times.absent
    for began, ended, gap in (shortest if end is HIGHEST else longest).over(first, last):
        overlap = (min(ended, last) - max(began, first)).days + 1
        if isinstance(gap.hours, NumberRange):
            lost += end.taken(gap.hours) * overlap / ((ended - began).days + 1)
        else:
            lost += hours * overlap / days
    return lost


def day_hours(job: Job, rates: Rates, per_week: Decimal, end: End) -> list[Decimal]:
    """Hours of each day of a week: as the pattern says, else spread evenly over the days worked."""
    if isinstance(job.said.pattern, dict):
        days = job.times.of_days or ()
        total = sum(days, ZERO)
        return [d * per_week / total for d in days if d]
    count = _days_a_week(job, rates, per_week, end)
    whole = int(count)
    rest = count - whole
    each = per_week / count
    return [each] * whole + ([each * rest] if rest else [])


def _days_a_week(job: Job, rates: Rates, per_week: Decimal, end: End) -> Decimal:
    """Days worked in a week, the fewer the longer each; when nobody asked, seven, so that no long day is promised."""
    known = job.said.days_per_week
    if isinstance(known, NumberRange):
        return max(end.taken(known), per_week / 24) or SEVEN
    if known is None:
        rates.ask("days_per_week")
        return SEVEN
    return max(ONE, per_week / 24) if end is HIGHEST else SEVEN


def day_lengths(job: Job, rates: Rates, per_week: Decimal, end: End) -> list[Decimal]:
    """Hours from the first to the last of each day; without a pattern at least the hours worked."""
    if isinstance(job.said.pattern, dict):
        days = [[span_minutes(s) for s in spans] for spans in job.said.pattern.values() if spans]
        return [Decimal(max(e for _, e in spans) - min(s for s, _ in spans)) / 60 for spans in days]
    return day_hours(job, rates, per_week, end)
