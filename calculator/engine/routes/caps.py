"""Caps of a route: what it pays at most, what it takes off, below what it pays nothing, over several heads together."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from calculator import quantity
from calculator.engine.language import tried
from calculator.engine.language.run import TRUE, Context, TraceEntry, Truth
from calculator.engine.routes.outcome import RouteResult
from calculator.engine.routes.pack import CompiledCap
from calculator.quantity import ZERO, Value, carry


def apply_caps(result: RouteResult, ctx: Context) -> None:
    """Caps, deductibles and thresholds over several heads: each end of the range on its own, line after line."""
    for cap in result.route.caps:
        truth = cap.when(ctx) if cap.when is not None else TRUE
        if truth.value is False:
            continue
        bound = cap.value.evaluate(ctx)
        if truth.value is None:
            bound = _perhaps(cap.kind, bound, truth)
        for gap in sorted(bound.gaps):
            if gap not in result.gaps:
                result.gaps.append(gap)
        result.missing |= bound.missing
        heads = cap.raw.heads
        within = [
            n for n, line in enumerate(result.lines) if line.counted and line.per == "once" and (heads is None or line.head.raw.head in heads)
        ]
        if bound.known and within:
            _cap(result, cap, bound, within, ctx)


def _perhaps(kind: str, bound: Value, truth: Truth) -> Value:
    """A cap that may not hold: it binds the lower end of the range and leaves the upper end."""
    open_end = bound._replace(high=None) if kind == "at_most" else bound._replace(low=ZERO)
    return quantity.awaiting(open_end if bound.known else bound, truth.missing)


def _cap(result: RouteResult, cap: CompiledCap, bound: Value, within: list[int], ctx: Context) -> None:
    values = [result.lines[n].value for n in within]
    lows = [v.low for v in values]
    highs = [v.high for v in values]
    top = None if any(h is None for h in highs) else sum((h for h in highs if h is not None), ZERO)
    bound_high = bound.high if bound.high is not None else Decimal("Infinity")
    new_highs: list[Decimal | None] = highs
    if cap.kind == "at_most":
        new_lows = _first_up_to(lows, bound.low)
        if bound.high is not None:
            raised = _raised_up_to(new_lows, highs, bound_high)
            # Where a figure is missing nothing is known up there: the cap is not what it comes to.
            new_highs = [None if v.high is None and v.partial else h for v, h in zip(values, raised, strict=True)]
        binds = new_lows != lows or bound.high is not None and (top is None or top > bound_high)
    elif cap.kind == "deductible":
        new_lows = _without_first(lows, bound_high)
        # A line without an upper end can bear all of it.
        cut = _without_first([Decimal("Infinity") if h is None else h for h in highs], bound.low)
        new_highs = [None if h is None else left for h, left in zip(highs, cut, strict=True)]
        binds = top is None or top > bound.low
    else:
        new_lows = lows if sum(lows, ZERO) >= bound_high else [ZERO] * len(lows)
        nothing = top is not None and top < bound.low
        new_highs = [ZERO] * len(highs) if nothing else highs
        binds = nothing
    tried.note(ctx, cap.place, binds)
    for n, low, high in zip(within, new_lows, new_highs, strict=True):
        line = result.lines[n]
        if (low, high) == (line.value.low, line.value.high):
            continue
        value = carry(Value(low=low, high=high, stale_since=line.value.stale_since), [line.value, bound])
        trace = [*line.trace, TraceEntry("limit", cap.kind, {"limit": bound}, value)] if line.trace else line.trace
        result.lines[n] = replace(line, value=value, rank=max(line.rank, bound.rank), trace=trace)


def _first_up_to(amounts: list[Decimal], most: Decimal) -> list[Decimal]:
    """Amounts in their order until the sum reaches `most`."""
    left, paid = most, []
    for amount in amounts:
        paid.append(min(amount, left))
        left -= paid[-1]
    return paid


def _raised_up_to(lows: list[Decimal], highs: list[Decimal | None], most: Decimal) -> list[Decimal]:
    """The upper ends of lines that share a cap: each has its lower end, and in their order they are raised until the sum reaches
    `most`."""
    left, raised = most - sum(lows, ZERO), []
    for low, high in zip(lows, highs, strict=True):
        more = left if high is None else min(high - low, left)
        raised.append(low + more)
        left -= more
    return raised


def _without_first(amounts: list[Decimal], less: Decimal) -> list[Decimal]:
    """Amounts after `less` has been taken off the sum, from the first on."""
    left, rest = less, []
    for amount in amounts:
        taken = min(amount, left)
        rest.append(amount - taken)
        left -= taken
    return rest
