"""One route: status from its conditions, lines from its heads, deadlines, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import takewhile
from typing import Any

from calculator import quantity
from calculator.engine.language import tried
from calculator.engine.language.run import NO_DAY, NO_FACTS, OPEN, TRUE, Context, HeadFound, Term, TraceEntry
from calculator.engine.routes.caps import apply_caps
from calculator.engine.routes.judgment import settle
from calculator.engine.routes.late import Deadlines, asked_by, put_aside
from calculator.engine.routes.outcome import ConditionResult, DeadlineResult, Line, RouteResult, Status
from calculator.engine.routes.pack import CompiledCondition, CompiledHead, CompiledRoute
from calculator.engine.routes.paid import take_off
from calculator.quantity import EXCLUDED, NOTHING, ZERO, Confidence, Value, carry, each_of


def evaluate_route(route: CompiledRoute, base: Context, routes: Mapping[str, CompiledRoute]) -> RouteResult:
    """Status first: a route that is closed for good asks nothing more and shows no amounts. `routes` are all of the pack."""
    ctx = _fresh(base, route, Confidence.unverified, None, {}, {})
    conditions = [_condition(c, ctx) for c in route.conditions]
    status, waits_for = _status(conditions)
    result = RouteResult(route, status, waits_for, conditions)
    deadlines = Deadlines(list(_deadlines(route, ctx)), asked_by(ctx))
    result.deadlines = deadlines.shown
    if status == "closed":
        # A judgment stands, whatever else the way would have needed.
        settle(result, routes, base.facts)
        take_off(result, routes, base.facts)
        return result
    open_facts = [c.truth.missing for c in conditions if c.applies and c.truth.value is None]
    missing = NO_FACTS.union(*open_facts)
    passes = Passes(base, route)
    for head in route.heads:
        missing |= _head(head, passes, ctx, result)
    for deadline in result.deadlines:
        missing |= deadline.missing if deadline.day is None else NO_FACTS
    result.missing = missing
    put_aside(result, deadlines)
    _prefer_claimed_form(result, base)
    apply_caps(result, ctx)
    settle(result, routes, base.facts)
    take_off(result, routes, base.facts)
    stale = [line.value.stale_since for line in result.lines if line.value.stale_since]
    result.stale_since = min(stale) if stale else None
    return result


def _fresh(
    base: Context,
    route: CompiledRoute,
    least_sure: Confidence,
    trace: list[TraceEntry] | None,
    formulas: dict[str, Callable[[Context], Value]],
    heads: dict[str, HeadFound],
) -> Context:
    return Context(base.pack, base.facts, base.on, route.raw.id, least_sure, formulas, {}, base.shared, heads, trace)


def _wanted(when: Any, ctx: Context) -> bool:
    return when is None or when(ctx).value is not False


def _condition(condition: CompiledCondition, ctx: Context) -> ConditionResult:
    raw = condition.raw
    if condition.dated:
        day = _governing_day(raw.governed_by, ctx)
        if day is not None and (raw.valid_from and day < raw.valid_from or raw.valid_to and day > raw.valid_to):
            return ConditionResult(condition, TRUE, applies=False)
    truth = condition.test(ctx) if condition.test else OPEN
    return ConditionResult(condition, truth)


def _governing_day(governed_by: str, ctx: Context) -> date | None:
    if governed_by in ("on", "decision"):
        return ctx.on
    if governed_by == "application":
        filed = ctx.facts.day("claim.filed", ctx.route)
        return filed.latest if filed else ctx.on
    day = ctx.facts.day("act.start" if governed_by == "act" else "act.end")
    return day.latest if day else None


def _status(conditions: list[ConditionResult]) -> tuple[Status, str | None]:
    undecided = [c for c in conditions if c.applies and c.truth.value is not True]
    failed = [c for c in undecided if c.truth.value is False]
    if any(c.condition.raw.otherwise == "closed" for c in failed):
        return "closed", None
    if failed:
        return "later", next((c.condition.words.waits_for for c in failed if c.condition.words.waits_for), None)
    if not undecided:
        return "open", None
    return ("likely" if all(c.condition.raw.usually_met for c in undecided) else "uncertain"), None


def _head(head: CompiledHead, passes: Passes, outside: Context, result: RouteResult) -> frozenset[str]:
    """Add the lines of one head, one for each confidence its figures have. Returns the facts that are missing."""
    if head.result is None:
        if _wanted(head.when, outside):
            result.unknown_heads.append(head.raw.head)
            if head.raw.gap and head.raw.gap not in result.gaps:
                result.gaps.append(head.raw.gap)
        return NO_FACTS
    full, ctx = passes.run(head, Confidence.unverified)
    if full is None:
        return NO_FACTS
    if full.gaps:
        _collect_gaps(full, result)
    if full.state != "known":
        result.unknown_heads.append(head.raw.head)
        if head.raw.gap and not full.missing and head.raw.gap not in result.gaps:
            result.gaps.append(head.raw.gap)
        return full.missing
    _add_barred(head, ctx, result)
    ranks = each_of(ctx.ranks_seen)
    term = ctx.term
    if len(ranks) == 1:
        if head.raw.gap and full.partial and head.raw.gap not in result.gaps:
            result.gaps.append(head.raw.gap)
        result.lines.append(Line(head, full, ranks[0], ctx.trace or [], term, _counted(head, ctx)))
        return full.missing
    _split(head, passes, result, ranks, term, (full, ctx))
    return full.missing


def _counted(head: CompiledHead, ctx: Context) -> bool:
    """Whether it is added up: not what stands in the place of another head or beside the claim, nor a whole scale."""
    return not head.raw.alternative_to and not head.raw.beside and not ctx.whole_scale and not _on_no_known_degree(head, ctx)


def _on_no_known_degree(head: CompiledHead, ctx: Context) -> bool:
    """Whether the head goes by a degree of harm that was asked for and not said: all of its scale is no amount of this case."""
    return any(ctx.facts.read(fact, ctx.route).presence == "unsaid" for fact in head.degrees)


def _add_barred(head: CompiledHead, ctx: Context, result: RouteResult) -> None:
    """What is too old to claim on this route is shown beside the claim, so that a lawyer can argue for it. Where the time bar itself is
    not confirmed, neither is what lies behind it."""
    barred = ctx.barred
    if barred is not None and barred.known and (barred.high is None or barred.high > 0):
        result.lines.append(Line(head, barred, max(barred.rank, head.bar), [], None, counted=False, barred=True))


def _split(
    head: CompiledHead, passes: Passes, result: RouteResult, ranks: tuple[Confidence, ...], term: Term | None, full: tuple[Value, Context]
) -> None:
    """What each worse confidence adds to the better ones: so one unverified month does not empty a claim.

    The pass that lets every figure in has been worked out already; it is that of the worst confidence seen.
    """
    before: Value | None = None
    value: Value | None
    for rank in ranks:
        value, ctx = full if rank == ranks[-1] else passes.run(head, rank)
        if value is None or not value.known:
            continue
        line_rank = max(rank if before is not None else value.rank, value.rank)
        if before is not None and line_rank < Confidence.unverified and _narrower(value, before):
            # The surer figures alone left more open than all figures together: one line, as sure as the least sure.
            result.lines = [line for line in result.lines if line.head is not head or line.barred]
            before = None
        added = value if before is None else _difference(value, before)
        if before is not None and added.low == 0 and (added.high == 0 or added.high is before.high is None):
            # Nothing more, or an upper end that was open before and still is.
            continue
        result.lines.append(Line(head, added, line_rank, ctx.trace or [], term, _counted(head, ctx)))
        before = value


def _narrower(now: Value, before: Value) -> bool:
    """Whether an end of the range went down, so that the new figures cannot be a line added to the old."""
    open_before = before.high is None and now.high is not None
    return (
        now.low < before.low
        or open_before
        or (now.high is not None and before.high is not None and (now.high < before.high or now.high - before.high < now.low - before.low))
    )


def _difference(now: Value, before: Value) -> Value:
    high = None if now.high is None or before.high is None else max(ZERO, now.high - before.high)
    low = max(ZERO, now.low - before.low)
    top = None if high is None else max(low, high)
    return carry(Value(low=low, high=top, stale_since=now.stale_since), [Value(rank=now.rank, missing=now.missing, gaps=now.gaps)])


class Passes:
    """The heads of one route, worked out once with all figures, and once more for each better confidence that is asked for."""

    def __init__(self, base: Context, route: CompiledRoute) -> None:
        self.base, self.route = base, route
        self._heads: dict[Confidence, dict[str, HeadFound]] = {}
        self._full: dict[int, Context] = {}

    def run(self, head: CompiledHead, least_sure: Confidence) -> tuple[Value | None, Context]:
        """One head with figures up to `least_sure`; None when the head does not apply."""
        ctx = _fresh(
            self.base, self.route, least_sure, [] if self.base.trace is not None else None, head.formulas, self._heads.setdefault(least_sure, {})
        )
        if least_sure == Confidence.unverified:
            self._full[id(head)] = ctx
        else:
            ctx.full = self._full[id(head)]
            ctx.earlier = lambda name: self._earlier(name, head, least_sure)
        truth = head.when(ctx) if head.when else TRUE
        if truth.value is False:
            return None, ctx
        if truth.rank > least_sure:
            ctx.ranks_seen |= 1 << truth.rank
            return EXCLUDED, ctx
        assert head.result is not None
        value = head.result.evaluate(ctx)
        if truth.rank and value.state == "known":
            value = carry(value, [Value(rank=truth.rank)])
        if truth.value is None:
            value = quantity.awaiting(value, truth.missing)
            if value.known and not truth.missing:
                value = quantity.hull([NOTHING, value])
            elif value.known:
                # A head whose condition was never asked stays outside the range, as any head never asked.
                value = carry(quantity.absent(), [value])
        ctx.ranks_seen |= 1 << value.rank
        ctx.heads[head.raw.head] = value, ctx.ranks_seen
        if ctx.facts.exercised is not None:
            tried.note(ctx, head.place, value.known)
        if ctx.trace is not None:
            ctx.note("result", "result", {}, value)
        return value, ctx

    def _earlier(self, name: str, head: CompiledHead, least_sure: Confidence) -> None:
        """Work out the heads of that name that come before `head`, for a stricter pass over `head`."""
        for other in takewhile(lambda one: one is not head, self.route.heads):
            if other.result is not None and other.raw.head == name and name not in self._heads[least_sure]:
                self.run(other, least_sure)


def _collect_gaps(value: Value, result: RouteResult) -> None:
    for gap in sorted(value.gaps):
        if gap not in result.gaps:
            result.gaps.append(gap)


def _deadlines(route: CompiledRoute, ctx: Context) -> Iterator[DeadlineResult]:
    """Those that hold or may hold. One against a decision is there once its day can be told: before there is a decision it is none."""
    for deadline in route.deadlines:
        holds = deadline.when(ctx) if deadline.when is not None else TRUE
        if holds.value is False:
            continue
        moment = deadline.date(ctx) if deadline.date is not None else NO_DAY
        if deadline.raw.bars == "appeal" and (holds.value is None or moment.day is None and deadline.date is not None):
            continue
        figures = deadline.figures_of(ctx).day if deadline.figures_of is not None else None
        yield DeadlineResult(deadline, moment.day, moment.missing, holds, figures.earliest if figures else None)


def _prefer_claimed_form(result: RouteResult, base: Context) -> None:
    """A lump sum that was asked for takes the place of the monthly payments it replaces."""
    claims = base.facts.case.procedure.claims
    kinds = {c.kind for c in claims if c.route == result.route.raw.id} if isinstance(claims, list) else set()
    if "lump_sum" not in kinds:
        return
    replaced = {h for line in result.lines for h in line.head.raw.alternative_to}
    result.lines = [
        replace(line, counted=line.late is None if line.head.raw.alternative_to else line.counted and line.head.raw.head not in replaced)
        for line in result.lines
    ]
