"""What a stretch of work comes to: due, received, unpaid."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from calculator import quantity
from calculator.engine.language.run import Context
from calculator.engine.work.board import counted_as_pay
from calculator.engine.work.ends import End
from calculator.engine.work.hours import worked
from calculator.engine.work.job import Job
from calculator.engine.work.lump_sums import Parts, Settled, parts, settled
from calculator.engine.work.overtime import counted_hours
from calculator.engine.work.pay import due, received, uprated
from calculator.engine.work.rates import Rates
from calculator.engine.work.stretches import Cut, Stretch
from calculator.quantity import EXCLUDED, NOTHING, ZERO, Confidence, Ranks, Value, carry

#: Of a job whose pay was not told in sums.
NOT_SETTLED = Settled(ZERO, ())


class Amounts(NamedTuple):
    """What a stretch of days comes to."""

    unpaid: Value
    due: Value
    hours: Decimal
    paid: Decimal | None
    housing: Value
    #: A pass that lets in only surer figures than this cannot know what is unpaid or due.
    needed: Confidence
    #: What payments told as one sum leave open and over.
    settled: Settled = NOT_SETTLED
    #: How sure the figures are that were met.
    ranks: Ranks = 0
    asks: frozenset[str] = frozenset()
    #: Whether a figure was itself a range: the highest claim differs from the lowest.
    inexact: bool = False


#: A stretch whose rate is less sure than the pass.
LEFT_OUT = Amounts(EXCLUDED, EXCLUDED, ZERO, None, NOTHING, Confidence.unverified)


def amounts(job: Job, ctx: Context, cut: Cut, end: End) -> Amounts:
    """What is due and unpaid in a stretch, by the figures that hold since its first day, and all that was met on the way."""
    rates = Rates(ctx, job)
    found, ranks = ctx.apart(lambda _: _worked_out(job, rates, cut, end))
    return Amounts(*found, ranks, frozenset(rates.asks), rates.inexact)


def _worked_out(job: Job, rates: Rates, cut: Cut, end: End) -> tuple[Value, Value, Decimal, Decimal | None, Value, Confidence, Settled]:
    """The first seven of the amounts. Housing counts as pay, and arrears are uprated, only against the legal rate."""
    hours, weeks = worked(job, cut.first, cut.last, rates.weeks_per_month(), end)
    since = cut.alike.since
    stretch = Stretch(cut.first, cut.last, cut.alike.days + 1, hours, weeks, since)
    counted = counted_hours(job, rates, stretch, end)
    rate = rates.legal(since, end)
    owed = due(job, rates, stretch, rate, counted, end)
    paid = received(job, rates, stretch, end)
    board = counted_as_pay(job, rates, stretch, owed.legal, end)
    left = NOT_SETTLED
    if job.sums and paid is not None:
        sums = parts(job, stretch, end)
        left = settled([quantity.minus(owed.legal, board), *owed.promised], paid, sums, end)
        paid = _with(paid, sums)
    by_law = _unpaid(owed.legal, paid, board)
    if not cut.alike.barred:
        by_law = uprated(job, rates, stretch, by_law, end)
    unpaid, whole = quantity.better([by_law, *(_unpaid(one, paid, NOTHING) for one in owed.promised)]), owed.best
    needed = rates.needed(since, rate) if unpaid.state == whole.state == "known" and not owed.promised else Confidence.official
    return unpaid, whole, hours, paid, board, needed, left


def _with(paid: Decimal, sums: Parts) -> Decimal | None:
    """All that was received; None = it may have been anything."""
    for part in sums.values():
        if part is None:
            return None
        paid += part
    return paid


def _unpaid(due: Value, paid: Decimal | None, board: Value) -> Value:
    """Due less received, never below nothing; when anything may have been paid, nothing is sure to be owed."""
    if paid is None:
        return carry(NOTHING, [due]) if due.known else due
    taken = [quantity.exactly(paid)] if board is NOTHING else [quantity.exactly(paid), board]
    left = quantity.minus(due, *taken)
    return quantity.not_below_zero(left) if left.state == "known" else left
