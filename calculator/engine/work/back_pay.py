"""Exact back pay: what was due for every hour of every job, less what was paid.

Work is cut wherever something changes (rate, age band, month, payment, absence, limitation), and each piece is
worked out with one rate. Where a fact is only known as a range, the lowest and the highest claim are both worked
out: latest start, earliest end, fewest hours, most paid; and the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from calculator import quantity
from calculator.case.model import Work
from calculator.dates import DateRange
from calculator.engine.facts.converting import converted_in, of_rate
from calculator.engine.figures import units
from calculator.engine.language.expressions import Compiled, operation
from calculator.engine.language.needs import Looks
from calculator.engine.language.run import Context, TraceEntry
from calculator.engine.language.scope import Scope
from calculator.engine.operations.case_entries import note_rate
from calculator.engine.work.ends import HIGHEST, LOWEST
from calculator.engine.work.job import Job, first_day_of_work, job_under
from calculator.engine.work.ledger import Ledger, Piece, ledger
from calculator.engine.work.lump_sums import ways
from calculator.engine.work.pay_rule import PayRule, named_pay_rule
from calculator.quantity import EXCLUDED, NOTHING, Confidence, Ranks, Value, absent, carry, worst_of


@dataclass(frozen=True, slots=True)
class Claim:
    """What a pay rule comes to: unpaid, due, the pieces of the lowest and highest claim, and what is time-barred."""

    unpaid: Value
    due: Value
    #: Those of each way in which the claim may be, lowest and highest; where the ends are not apart, one list.
    pieces: tuple[list[Piece], ...]
    barred: Value = NOTHING
    #: A pass that lets in only surer figures than this knows nothing of the claim.
    needed: Confidence = Confidence.official


def _without_pieces(value: Value) -> Claim:
    return Claim(value, value, ([],))


#: A claim whose figures are all less sure than the pass.
LEFT_OUT = _without_pieces(EXCLUDED)


class Known(NamedTuple):
    """A claim that was worked out before, with figures up to `least_sure`."""

    least_sure: Confidence
    claim: Claim
    ranks: Ranks
    trace: list[TraceEntry]


@operation("back_pay", looks=Looks.HEAD | Looks.CASE)
def _back_pay(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Unpaid wages of all jobs of this jurisdiction."""
    rule = named_pay_rule(raw, scope)

    def evaluate(ctx: Context) -> Value:
        claim = back_pay(ctx, rule)
        ctx.barred = claim.barred
        return claim.unpaid

    return Compiled(evaluate, units.unit(scope.currency))


@operation("pay_due", looks=Looks.CASE)
def _pay_due(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """All pay due for the work before anything is taken off: the base of leave pay and of lump sums in months."""
    rule = named_pay_rule(raw, scope)
    return Compiled(lambda ctx: back_pay(ctx, rule).due, units.unit(scope.currency))


def back_pay(ctx: Context, rule: PayRule) -> Claim:
    """All jobs under one pay rule, once for all routes with the same rule and time bar. A pass in which every figure is
    sure enough serves the stricter passes too."""
    bar = _too_old_before(ctx, rule)
    known: list[Known] = ctx.shared.claims.setdefault((rule.key(ctx), bar), [])
    found = None
    for one in known:
        if one.claim.needed > ctx.least_sure and ctx.trace is None:
            return LEFT_OUT
        if one.least_sure == ctx.least_sure or one.least_sure > ctx.least_sure >= worst_of(one.ranks):
            found = one
            break
    if found is None:
        (claim, ranks), trace = ctx.traced(lambda ctx: ctx.apart(lambda ctx: _claim(ctx, rule, bar)))
        found = Known(ctx.least_sure, claim, ranks, trace)
        known.append(found)
    ctx.ranks_seen |= found.ranks
    if ctx.trace is not None:
        ctx.trace.extend(found.trace)
    return found.claim


def _too_old_before(ctx: Context, rule: PayRule) -> DateRange | None:
    """The first day that can still be claimed; None also where no work was done before it, so that such claims are worked out once for
    all routes. Where choices are noted, those of each route are."""
    bar = rule.not_before(ctx).day if rule.not_before is not None else None
    if bar is None or ctx.facts.exercised is not None:
        return bar
    began = first_day_of_work(ctx.facts)
    return bar if began is not None and began < bar.latest else None


def _claim(ctx: Context, rule: PayRule, bar: DateRange | None) -> Claim:
    """All jobs together."""
    if not ctx.facts.jobs:
        none = ctx.facts.read("job.exists").presence == "said"
        return _without_pieces(NOTHING if none else absent(ctx.facts.read("job.hours_per_week").path))
    claims = [_of_job(ctx, rule, index, said, bar) for index, said in ctx.facts.jobs]
    if len(claims) == 1:
        return claims[0]
    barred = [claim.barred for claim in claims if claim.barred is not NOTHING]
    return Claim(
        quantity.add([claim.unpaid for claim in claims]),
        quantity.add([claim.due for claim in claims]),
        _pieces([claim.pieces for claim in claims]),
        quantity.add(barred) if barred else NOTHING,
        min(claim.needed for claim in claims),
    )


def _pieces(jobs: list[tuple[list[Piece], ...]]) -> tuple[list[Piece], ...]:
    """The pieces of all jobs: the first way of each together, the second of each, ...; a job with fewer ways has its last one again."""
    count = max(map(len, jobs))
    return tuple([piece for ways in jobs for piece in ways[min(n, len(ways) - 1)]] for n in range(count))


def _of_job(ctx: Context, rule: PayRule, index: int, said: Work, bar: DateRange | None) -> Claim:
    """One job, in every way in which what was paid may have been meant."""
    job = shared_job(ctx, rule, index, said)
    if isinstance(job, Value):
        return _without_pieces(job)
    if (stop := job.stop(bar)) is not None:
        return _without_pieces(stop)
    found = [_in_one_way(job, ctx, bar) for job in ways(job)]
    claim = found[0] if len(found) == 1 else _of_either(found)
    return _by_rates(ctx, said, claim) if ctx.facts.converted else claim


def _of_either(found: list[Claim]) -> Claim:
    """From the lowest of several ways to the highest."""
    return Claim(
        quantity.hull([one.unpaid for one in found]),
        quantity.hull([one.due for one in found]),
        tuple(pieces for one in found for pieces in one.pieces),
        quantity.hull([one.barred for one in found]),
        min(one.needed for one in found),
    )


def _in_one_way(job: Job, ctx: Context, bar: DateRange | None) -> Claim:
    """A job at the lowest and, where anything is left open, at the highest."""
    low = ledger(job, ctx, bar, LOWEST)
    high = ledger(job, ctx, bar, HIGHEST) if low.inexact or job.leaves_open(bar) else low
    asks = job.asks | low.asks | high.asks
    gaps = low.gaps | high.gaps

    def told(value: Value) -> Value:
        found = quantity.awaiting(value, asks)
        return carry(found, [Value(gaps=gaps)]) if gaps else found

    return Claim(
        told(join(low.unpaid, high.unpaid)),
        told(join(low.due, high.due)),
        (low.pieces,) if high is low else (low.pieces, high.pieces),
        _barred(low, high),
        min(low.needed, high.needed),
    )


def _by_rates(ctx: Context, said: Work, claim: Claim) -> Claim:
    """The claim, as sure as the rates by which pay told in other money was turned into the State's, with the gaps where there was none.
    The rates are left in the trace."""
    brought = of_rate(said)
    if ctx.trace is not None:
        for one in converted_in(said):
            note_rate(ctx, one, Value(low=one.low, high=one.high))

    def carried(pieces: list[Piece]) -> list[Piece]:
        return [replace(piece, unpaid=carry(piece.unpaid, [brought]), due=carry(piece.due, [brought])) for piece in pieces]

    unpaid, due, barred = (carry(value, [brought]) for value in (claim.unpaid, claim.due, claim.barred))
    return replace(claim, unpaid=unpaid, due=due, barred=barred, pieces=tuple(map(carried, claim.pieces)))


def shared_job(ctx: Context, rule: PayRule, index: int, said: Work) -> Job | Value:
    """A job under a pay rule: its facts are those of every route with the same rule. With a trace each route looks them up, so that
    its trace is whole; so it does where its choices are noted."""
    if ctx.trace is not None or ctx.facts.exercised is not None:
        return job_under(ctx, rule, index, said)
    key = (rule.key(ctx), index)
    found: tuple[Job | Value, Ranks] | None = ctx.shared.jobs.get(key)
    if found is None:
        job, ranks = ctx.apart(lambda ctx: job_under(ctx, rule, index, said))
        if isinstance(job, Job):
            # Two rules that differ in parts which are not for this job pay it alike.
            twin = ctx.shared.alike.setdefault((rule.core.settings, key[0][1], job.fitting.alike(), index), job)
            job = twin if twin.asks == job.asks and twin.asks_for_rates == job.asks_for_rates else job
        found = ctx.shared.jobs[key] = job, ranks
    ctx.ranks_seen |= found[1]
    return found[0]


def _barred(low: Ledger, high: Ledger) -> Value:
    """What is too old to claim: from the lowest to the highest claim."""
    ends = [[value for value in one.barred if value.known] for one in (low, high)]
    sums = [quantity.add(values) for values in ends if values]
    return quantity.hull(sums) if sums else NOTHING


def join(low: Value, high: Value) -> Value:
    """From the lowest to the highest claim."""
    if low is high or not (low.known and high.known):
        return low if not low.known else high
    top = None if high.high is None else max(high.high, low.low)
    return carry(Value(low=min(low.low, high.low), high=top), [low, high])
