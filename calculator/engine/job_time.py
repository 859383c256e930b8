"""When a job was, and how many hours a week: as the case says it, or as it follows from what the case says."""

from __future__ import annotations

from decimal import Decimal

from calculator.case.model import Work
from calculator.case.values import NumberRange, Unsaid
from calculator.dates import DateRange
from calculator.engine.facts import Facts
from calculator.quantity import ZERO

SEVEN = Decimal(7)
#: What weekly hours that were asked and not said may lie between: some work, and sixteen hours on every day.
ANY_HOURS = NumberRange(Decimal(1), Decimal(112))


def ends(job: Work, facts: Facts) -> tuple[DateRange | None, DateRange | None]:
    """First and last day; those of the exploitation stand in for those of the only job."""
    alone = len(facts.jobs) == 1
    start, end = job.start, job.end
    if not isinstance(start, DateRange):
        start = facts.day("act.start") if alone and start is None else None
    if not isinstance(end, DateRange):
        end = facts.day("act.end") if alone and end is None else None
    return start, end


def weekly_hours(job: Work) -> NumberRange | None:
    """Hours a week, from a pattern or from hours a day where that is what was said; None = never asked."""
    if isinstance(job.hours_per_week, NumberRange):
        return job.hours_per_week
    if isinstance(job.pattern, dict):
        hours = sum((span_hours(s) for spans in job.pattern.values() for s in spans), ZERO)
        return NumberRange(hours, hours)
    if isinstance(job.hours_per_day, NumberRange):
        days = job.days_per_week if isinstance(job.days_per_week, NumberRange) else NumberRange(Decimal(1), SEVEN)
        return NumberRange(job.hours_per_day.low * days.low, job.hours_per_day.high * days.high)
    if isinstance(job.hours_per_week, Unsaid) or isinstance(job.hours_per_day, Unsaid):
        return ANY_HOURS
    return None


def span_minutes(span: str) -> tuple[int, int]:
    """`13:00-01:00` -> (780, 1500): minutes from the start of its day; a span may pass midnight."""
    first, last = (int(t[:2]) * 60 + int(t[3:]) for t in span.split("-"))
    return first, last if last > first else last + 1440


def span_hours(span: str) -> Decimal:
    """`13:00-01:00` -> 12: a span may pass midnight."""
    first, last = span_minutes(span)
    return Decimal(last - first) / 60
