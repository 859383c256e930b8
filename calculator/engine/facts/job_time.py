"""When a job was, and how many hours a week: as the case says it, or as it follows from what the case says."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from calculator.case.model import Absence, Pay, Work
from calculator.case.values import NumberRange, Unsaid
from calculator.dates import DateRange
from calculator.engine.facts.readings import Facts
from calculator.engine.facts.spans import Spans
from calculator.quantity import ZERO

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SEVEN = Decimal(7)
DAY = timedelta(days=1)
#: What weekly hours that were asked and not said may lie between: some work, and sixteen hours on every day.
ANY_HOURS = NumberRange(Decimal(1), Decimal(112))


class LumpSum(NamedTuple):
    """Pay told as one sum, and the first and last day it was for; None = that of the job."""

    pay: Pay
    start: DateRange | None
    end: DateRange | None

    @property
    def exact(self) -> bool:
        return (self.start is None or self.start.exact) and (self.end is None or self.end.exact)

    def days(self, late_start: bool, late_end: bool) -> tuple[date, date]:
        """First and last day, with each as late, or as early, as it may have been."""
        first = date.min if self.start is None else self.start[late_start]
        last = date.max if self.end is None else self.end[late_end]
        return first, max(first, last)


class Times(NamedTuple):
    """When a job was, as the rules count it: the same under every pay rule."""

    start: DateRange | None
    end: DateRange | None
    #: Hours a week.
    hours: NumberRange | None
    #: Days on which a payment or an absence begins, or is over.
    edges: frozenset[date]
    #: Whether some pay goes by the month, so that the length of the month counts.
    by_month: bool
    #: Payments that came again and again, by the days they may have been for.
    paid: Spans[Pay]
    #: Payments told as one sum for some time.
    sums: tuple[LumpSum, ...]
    #: Hours of each day from Monday to Sunday, where they are known.
    of_days: tuple[Decimal, ...] | None
    #: Absences by the days they surely were, and by those they may have been.
    absent: tuple[Spans[Absence], Spans[Absence]]


def times(job: Work, facts: Facts) -> Times:
    """What the case says of a job's time."""
    pays = job.paid if isinstance(job.paid, list) else []
    edges: set[date] = set()
    for pay in pays:
        edges.update(_edge(pay.from_, pay.to))
    gaps = []
    for gap in job.absences if isinstance(job.absences, list) else []:
        start, end = gap.start or gap.from_, gap.end or gap.to
        edges.update(_edge(start, end))
        if isinstance(start, DateRange):
            gaps.append((start, end if isinstance(end, DateRange) else start, gap))
    by_month = any(isinstance(p, Pay) and p.per == "month" for p in (*pays, job.agreed, job.usual_wage))
    return Times(
        *ends(job, facts),
        weekly_hours(job),
        frozenset(edges),
        by_month,
        Spans((*_paid_for(pay), pay) for pay in pays if pay.per not in (None, "total")),
        tuple(LumpSum(pay, _said_day(pay.from_), _said_day(pay.to)) for pay in pays if pay.per in (None, "total")),
        hours_of_days(job.pattern) if isinstance(job.pattern, dict) and any(job.pattern.values()) else None,
        (
            Spans((start.latest, end.earliest, gap) for start, end, gap in gaps),
            Spans((start.earliest, end.latest, gap) for start, end, gap in gaps),
        ),
    )


def _paid_for(pay: Pay) -> tuple[date, date]:
    """The days that a payment may have been for: without a first or last day from ever, or for ever."""
    return (pay.from_.earliest if isinstance(pay.from_, DateRange) else date.min, pay.to.latest if isinstance(pay.to, DateRange) else date.max)


def _said_day(day: Any) -> DateRange | None:
    return day if isinstance(day, DateRange) else None


def _edge(start: Any, end: Any) -> set[date]:
    edges: set[date] = set()
    if isinstance(start, DateRange):
        edges.update(start)
    if isinstance(end, DateRange):
        edges.update((end.earliest + DAY, end.latest + DAY))
    elif isinstance(start, DateRange):
        edges.update((start.earliest + DAY, start.latest + DAY))
    return edges


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
        hours = sum(hours_of_days(job.pattern), ZERO)
        return NumberRange(hours, hours)
    if isinstance(job.hours_per_day, NumberRange):
        days = job.days_per_week if isinstance(job.days_per_week, NumberRange) else NumberRange(Decimal(1), SEVEN)
        return NumberRange(job.hours_per_day.low * days.low, job.hours_per_day.high * days.high)
    if isinstance(job.hours_per_week, Unsaid) or isinstance(job.hours_per_day, Unsaid):
        return ANY_HOURS
    return None


def hours_of_days(pattern: dict[Weekday, list[str]]) -> tuple[Decimal, ...]:
    """Hours of each day from Monday to Sunday, as the pattern says."""
    return tuple(sum((span_hours(span) for span in pattern.get(day, ())), ZERO) for day in WEEK)


def hours_between(of_days: tuple[Decimal, ...], first: date, last: date) -> Decimal:
    """Hours from `first` to `last`: whole weeks, and then each day that is left."""
    weeks, left = divmod((last - first).days + 1, 7)
    began = first.weekday()
    return weeks * sum(of_days, ZERO) + sum((of_days[(began + n) % 7] for n in range(left)), ZERO)


def span_minutes(span: str) -> tuple[int, int]:
    """`13:00-01:00` -> (780, 1500): minutes from the start of its day; a span may pass midnight."""
    first, last = (int(t[:2]) * 60 + int(t[3:]) for t in span.split("-"))
    return first, last if last > first else last + 1440


def span_hours(span: str) -> Decimal:
    """`13:00-01:00` -> 12: a span may pass midnight."""
    first, last = span_minutes(span)
    return Decimal(last - first) / 60
