"""Exact back pay: what was due for every hour of every job, less what was paid.

Work is cut wherever something changes (rate, age band, month, payment, absence, limitation), and each piece is
worked out with one rate. Where a fact is only known as a range, the lowest and the highest claim are both worked
out: latest start, earliest end, fewest hours, most paid; and the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from calculator import quantity
from calculator.case.model import Work
from calculator.case.values import NumberRange
from calculator.dates import DateRange, add_months, end_of_month, on_day
from calculator.engine.figures import units
from calculator.engine.language.expressions import Compiled, compile_value, operation
from calculator.engine.language.needs import Looks
from calculator.engine.language.run import Context
from calculator.engine.language.scope import Scope
from calculator.engine.work.pay_rule import PayRule, named_pay_rule
from calculator.engine.work.stretches import JobWork, Ledger, Piece
from calculator.quantity import EXCLUDED, NOTHING, Confidence, Ranks, Value, absent, carry, worst_of


@dataclass(frozen=True, slots=True)
class Claim:
    """What a pay rule comes to: unpaid, due, the pieces of the lowest and highest claim, and what is time-barred."""

    unpaid: Value
    due: Value
    pieces: tuple[list[Piece], list[Piece]]
    barred: Value
    #: A pass that lets in only surer figures than this knows nothing of the claim.
    needed: Confidence = Confidence.official


#: A claim whose figures are all less sure than the pass.
LEFT_OUT = Claim(EXCLUDED, EXCLUDED, ([], []), NOTHING)


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


@operation("weekly_pay_due", looks=Looks.CASE)
def _weekly_pay_due(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Pay due for one full week at the end of the last job: the base of indemnities counted in months of pay."""
    rule = named_pay_rule(raw, scope)

    def evaluate(ctx: Context) -> Value:
        if not ctx.facts.jobs:
            return absent(f"{ctx.facts.read('job.hours_per_week').path}")
        index, job = _last_job(ctx)
        work = _work(ctx, rule, index, job, None)
        if work.stop is not None:
            return work.stop
        assert work.end is not None
        # With the end of the work uncertain, the rate of its last day is too.
        days = {min(work.end.earliest, ctx.on), min(work.end.latest, ctx.on)}
        weeks = [work.week_due(day, False) for day in sorted(days)]
        if work.fuzzy or work.inexact:
            weeks += [work.week_due(day, True) for day in sorted(days)]
        return quantity.awaiting(quantity.hull(weeks), work.refining)

    return Compiled(evaluate, units.unit(scope.currency))


def _last_job(ctx: Context) -> tuple[int, Work]:
    """The job that ended last; the order of entries in a case file means nothing."""

    def ended(entry: tuple[int, Work]) -> tuple[date, date]:
        job = entry[1]
        end = job.end.latest if isinstance(job.end, DateRange) else date.max
        start = job.start.latest if isinstance(job.start, DateRange) else date.max
        return end, start

    return max(ctx.facts.jobs, key=ended)


@operation("presumed_pay", looks=Looks.CASE)
def _presumed_pay(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Pay for a legally presumed time of work: so many whole calendar months up to the last one known, or, where only the
    first day is known, from it on. `hours_per_week` are the hours the law presumes, whatever the case says."""
    months = compile_value(raw.get("months"), scope.inside("months"))
    rule = named_pay_rule(raw.get("rule"), scope)
    hours = compile_value(raw["hours_per_week"], scope.inside("hours_per_week")) if "hours_per_week" in raw else None

    def evaluate(ctx: Context) -> Value:
        count = months.evaluate(ctx)
        if not ctx.facts.jobs:
            return absent(ctx.facts.read("job.hours_per_week").path)
        if not count.exact:
            return count
        index, job = _last_job(ctx)
        first, last = _presumed_span(ctx, int(count.low))
        changes: dict[str, Any] = {"start": on_day(first), "end": on_day(last), "paid": job.paid or []}
        presumed = hours.evaluate(ctx) if hours is not None else None
        if presumed is not None:
            if not presumed.known or presumed.high is None:
                return presumed
            changes |= {"hours_per_week": NumberRange(presumed.low, presumed.high), "pattern": None, "hours_total": None}
        cut = rule.not_before(ctx).day if rule.not_before is not None else None
        work = JobWork(ctx, rule, index, job.model_copy(update=changes), cut, presumed=True)
        if work.stop is not None:
            return work.stop
        low, high = work.scenario(False)[0], work.scenario(True)[0]
        if job.paid is None:
            work.refining.add(f"{work.prefix}.paid")
        return carry(_join(low, high), [count, Value(missing=frozenset(work.refining))])

    return Compiled(evaluate, units.unit(scope.currency))


def _presumed_span(ctx: Context, months: int) -> tuple[date, date]:
    end, start = ctx.facts.day("job.end"), ctx.facts.day("job.start")
    if end is None and start is not None:
        return start.earliest, min(add_months(start.earliest, months) - timedelta(days=1), ctx.on)
    last = end_of_month(min((end or on_day(ctx.on)).latest, ctx.on))
    return add_months(last.replace(day=1), 1 - months), last


def back_pay(ctx: Context, rule: PayRule) -> Claim:
    """All jobs under one pay rule, once for all routes with the same rule and time bar. A pass in which every figure is
    sure enough serves the stricter passes too."""
    cut = rule.not_before(ctx).day if rule.not_before is not None else None
    known = ctx.shared.claims.setdefault((rule.key(ctx), cut), [])
    for least_sure, claim, ranks, trace in known:
        if claim.needed > ctx.least_sure and ctx.trace is None:
            return LEFT_OUT
        if least_sure == ctx.least_sure or least_sure > ctx.least_sure >= worst_of(ranks):
            ctx.ranks_seen |= ranks
            if ctx.trace is not None:
                ctx.trace.extend(trace)
            found: Claim = claim
            return found
    worked_out, trace = ctx.traced(lambda ctx: ctx.apart(lambda ctx: _claim(ctx, rule, cut)))
    claim, ranks = worked_out
    known.append((ctx.least_sure, claim, ranks, trace))
    ctx.ranks_seen |= ranks
    if ctx.trace is not None:
        ctx.trace.extend(trace)
    return claim


def _claim(ctx: Context, rule: PayRule, cut: DateRange | None) -> Claim:
    if not ctx.facts.jobs:
        if ctx.facts.read("job.exists").presence == "said":
            return Claim(NOTHING, NOTHING, ([], []), NOTHING)
        stop = absent(ctx.facts.read("job.hours_per_week").path)
        return Claim(stop, stop, ([], []), NOTHING)
    unpaid: list[Value] = []
    due: list[Value] = []
    barred: list[Value] = []
    low_pieces: list[Piece] = []
    high_pieces: list[Piece] = []
    fuzzy = False
    needed: list[Confidence | None] = []
    for index, job in ctx.facts.jobs:
        one = _work(ctx, rule, index, job, cut)
        if one.stop is not None:
            unpaid.append(one.stop)
            due.append(one.stop)
            needed.append(None)
            continue
        low, low_due, ledger = one.scenario(False)
        both = one.fuzzy or one.inexact
        high, high_due, other = one.scenario(True) if both else (low, low_due, ledger)
        fuzzy = fuzzy or both
        gaps = [Value(gaps=frozenset(one.gaps))] if one.gaps else []
        for ends, sums in (((low, high), unpaid), ((low_due, high_due), due)):
            sums.append(carry(quantity.awaiting(_join(*ends), one.refining), gaps))
        low_pieces.extend(ledger.pieces)
        high_pieces.extend(other.pieces)
        barred += _barred(ledger, other)
        needed += [ledger.needed, other.needed]
    return Claim(
        quantity.add(unpaid),
        quantity.add(due),
        (low_pieces, high_pieces if fuzzy else low_pieces),
        quantity.add(barred) if barred else NOTHING,
        min((rank or Confidence.official for rank in needed), default=Confidence.official),
    )


def _work(ctx: Context, rule: PayRule, index: int, job: Work, cut: DateRange | None) -> JobWork:
    """A job under a pay rule: its facts and figures are those of every route with the same rule. With a trace each route
    looks them up, so that its trace is whole; so it does where its choices are noted."""
    if ctx.trace is not None or ctx.facts.exercised is not None:
        return JobWork(ctx, rule, index, job, cut)
    key = (rule.key(ctx), index)
    found: tuple[JobWork, Ranks] | None = ctx.shared.jobs.get(key)
    if found is None:
        found = ctx.shared.jobs[key] = ctx.apart(lambda ctx: JobWork(ctx, rule, index, job, cut))
    else:
        found[0].use(ctx, cut)
    ctx.ranks_seen |= found[1]
    return found[0]


def _barred(low: Ledger, high: Ledger) -> list[Value]:
    """What is too old to claim: from the lowest to the highest claim."""
    ends = [[v for v in ledger.barred if v.known] for ledger in (low, high)]
    sums = [quantity.add(values) for values in ends if values]
    return [quantity.hull(sums)] if sums else []


def _join(low: Value, high: Value) -> Value:
    if low is high or not (low.known and high.known):
        return low if not low.known else high
    top = None if high.high is None else max(high.high, low.low)
    return carry(Value(low=min(low.low, high.low), high=top), [low, high])
