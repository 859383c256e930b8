"""Pay told as one sum for a period, or for the whole job: it counts in the days it was for.

Each day of work of the period gets the same part of the sum, so that what was received is taken off where the pay was due: before
arrears are uprated, before interest runs, and not from days that are too old to claim. What a sum leaves over in one stretch, where it
was more than was due, pays the other stretches of the same sum: nobody knows on which day it was paid, only that it was paid for all of
them, so it cannot be said that a part of it paid for nothing. It pays them in proportion to what they still leave open, once, and
never days outside its period; what it leaves over in days too old to claim stays there, as it would if it had been told by the week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from calculator.case.values import NumberRange
from calculator.engine.facts.job_time import DAY
from calculator.engine.facts.spans import Spans
from calculator.engine.work.ends import HIGHEST, LOWEST, End
from calculator.engine.work.job import Job, Sum
from calculator.engine.work.stretches import Stretch
from calculator.quantity import ONE, ZERO, Value

#: The part of each sum that falls on a stretch, by the place of the sum; None = it may have been anything.
Parts = dict[int, Decimal | None]


class Settled(NamedTuple):
    """What a stretch leaves open before arrears are uprated, and what each of its sums, by its place, leaves over there."""

    open: Decimal
    over: tuple[tuple[int, Decimal], ...]


def ways(job: Job) -> list[Job]:
    """The job with every sum for days that are known: as early, as late, as short and as long a time as its dates leave open. Mostly
    there is one way."""
    if not job.sums or all(one.exact for one in job.times.sums):
        return [job]
    corners = [(late_start, late_end) for late_start in (False, True) for late_end in (False, True)]
    found = [tuple(Sum(one.pay, *one.days(*corner)) for one in job.times.sums) for corner in corners]
    return [replace(job, key=(*job.key, way), sums=sums, spread={}) for way, sums in enumerate(dict.fromkeys(found))]


def parts(job: Job, stretch: Stretch, end: End) -> Parts:
    """What of each sum counts for the stretch."""
    worked = _days_worked(job, stretch.first, stretch.last, end)
    if not worked:
        return {}
    if end not in job.spread:
        job.spread[end] = Spans(_spread(job, place, one, end) for place, one in enumerate(job.sums))
    found: Parts = {}
    for _, _, (place, days, amount) in job.spread[end].over(stretch.first, stretch.last):
        if isinstance(amount, NumberRange):
            found[place] = end.taken(amount) * worked / days
        elif end is LOWEST:
            found[place] = None
    return found


def _spread(job: Job, place: int, one: Sum, end: End) -> tuple[date, date, tuple[int, int, Any]]:
    """First and last day of work that a sum was for; its place, how many days there are, and its amount. A sum told for days without
    work is one for the job."""
    whole = job.first_day(end), job.last_day(end)
    first, last = max(one.first, whole[0]), min(one.last, whole[1])
    days = _days_worked(job, first, last, end) if first <= last else 0
    if not days:
        (first, last), days = whole, _days_worked(job, *whole, end)
    return first, last, (place, days, one.pay.amount)


def _days_worked(job: Job, first: date, last: date, end: End) -> int:
    """Days from `first` to `last`, without those of absences. Hours fixed for the whole job are spread over all its days."""
    days = (last - first).days + 1
    if isinstance(job.said.hours_total, NumberRange):
        return days
    shortest, longest = job.times.absent
    gaps = (shortest if end is HIGHEST else longest).over(first, last)
    free = first
    for began, ended in sorted((began, ended) for began, ended, gap in gaps if not isinstance(gap.hours, NumberRange)):
        # Absences may overlap; each day is away once.
        days -= max(0, (min(ended, last) - max(began, free)).days + 1)
        free = max(free, min(ended, last) + DAY)
    return days


def settled(due: Sequence[Value], paid: Decimal, received: Parts, end: End) -> Settled:
    """`due`: what the law, or a promise, leaves due after board, each alone; the best of them counts. `paid` came by the week or month."""
    known = [value for value in due if value.known]
    ends = [value.high if end is HIGHEST else value.low for value in known]
    if not known or None in ends or end is HIGHEST and len(known) < len(due):
        # More may be due than is known, so nothing is sure to be left over.
        return Settled(ZERO, ())
    left = max(ZERO, max(amount for amount in ends if amount is not None) - paid)
    over = []
    for place, part in received.items():
        used = min(part or ZERO, left)
        over.append((place, (part or ZERO) - used))
        left -= used
    return Settled(left, tuple(over))


def still_open(stretches: Sequence[Settled]) -> list[Decimal]:
    """For each stretch the share of what it leaves open that the sums, with what they left over in the others, leave open still."""
    shares = [ONE] * len(stretches)
    covered: dict[int, list[tuple[int, Decimal]]] = {}
    for n, one in enumerate(stretches):
        for place, amount in one.over:
            covered.setdefault(place, []).append((n, amount))
    for _, found in sorted(covered.items()):
        over = sum((amount for _, amount in found), ZERO)
        left = sum((stretches[n].open * shares[n] for n, _ in found), ZERO) if over else ZERO
        if left:
            share = max(ZERO, ONE - over / left)
            for n, _ in found:
                shares[n] *= share
    return shares
