"""How a job is cut into stretches: wherever a figure of its rule, an age, a payment or an absence changes, and at months and the time
bar where they count."""

from __future__ import annotations

from datetime import date

from calculator.dates import age_on, birthday, days_in_month, end_of_month
from calculator.engine.facts.job_time import DAY
from calculator.engine.work.job import Job
from calculator.engine.work.stretches import Alike, Cut


def cuts(job: Job, first: date, last: date, bar: date | None) -> tuple[Cut, ...]:
    """The stretches from `first` to `last`; those before `bar` are too old to claim. Found once for all passes."""
    key = (first, last, bar)
    found = job.cuts.get(key)
    if found is None:
        found = job.cuts[key] = tuple(_cuts(job, first, last, bar))
    return found


def _cuts(job: Job, first: date, last: date, bar: date | None) -> list[Cut]:
    changes = _changes(job, first, last)
    # Months and the time bar cut a stretch once more, with the same figures.
    others = _months(first, last) if job.rule.monthly or job.times.by_month else set()
    starts = [first, *sorted(day for day in changes | others | ({bar} if bar is not None else set()) if first < day <= last)]
    ends = [*(start - DAY for start in starts[1:]), last]
    found, since = [], first
    for start, end in zip(starts, ends, strict=True):
        since = start if start in changes else since
        barred = bar is not None and end < bar
        found.append(Cut(start, end, Alike(since, (end - start).days, days_in_month(start), _begins(job, start), barred)))
    return found


def _begins(job: Job, start: date) -> int:
    if job.times.of_days is None:
        return 0
    return start.toordinal() if job.rule.monthly else start.weekday()


def _changes(job: Job, first: date, last: date) -> set[date]:
    """The days on which a figure, an age, a payment or an absence may change."""
    found = set(job.times.edges)
    for parameter in job.dated:
        found.update(parameter.changes_between(first, last))
    if job.ages and job.birth is not None:
        for day in job.birth:
            young, old = age_on(day, first), age_on(day, last)
            found.update(birthday(day, age) for age in job.ages if young < age <= old)
    if job.factor_until is not None:
        found.update(job.factor_until)
    return found


def _months(first: date, last: date) -> set[date]:
    """The first days of the months that begin after `first`."""
    found = set()
    day = end_of_month(first) + DAY
    while day <= last:
        found.add(day)
        day = end_of_month(day) + DAY
    return found
