"""What the law hangs on single instalments of pay: shares by the day of work, yearly caps, surcharges for delay.

{share_of_unpaid: work, share: a, unless: condition}       a share of each instalment; a parameter is taken on its day
{capped_per_year: work, of: due, cap: a, years: 2}         each year of work up to a cap, at most so many years
{late_increase: work, percent: table, count: working_days, grace_months: 0}    per cent by days of delay (NL: BW 7:625)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from calculator import quantity
from calculator.dates import add_months, add_years, end_of_month, working_days_between
from calculator.engine.figures import units
from calculator.engine.language.expressions import Compiled, compile_condition, compile_value, operation
from calculator.engine.language.needs import Looks
from calculator.engine.language.run import Context
from calculator.engine.language.scope import Scope
from calculator.engine.language.tried import recorded
from calculator.engine.operations.lookups import note_found, parameter_of
from calculator.engine.work.back_pay import Claim, back_pay
from calculator.engine.work.ledger import Piece
from calculator.engine.work.pay_rule import PayRule, named_pay_rule
from calculator.quantity import NOTHING, ZERO, Value, carry


def _share(value: Value, piece: Piece, start: date, end: date) -> Value:
    """The part of a piece's money that falls on a stretch of its days."""
    days, whole = (end - start).days + 1, (piece.end - piece.start).days + 1
    if days == whole or value.state != "known":
        return value
    return quantity.times([value, quantity.exactly(Decimal(days) / Decimal(whole))])


def instalments(pieces: list[Piece]) -> Iterator[tuple[date, Value]]:
    """(last day of work, what is unpaid) of pieces cut at the ends of months, since each month's pay is due on a day of its own."""
    for piece in pieces:
        start = piece.start
        while (last := end_of_month(start)) < piece.end:
            yield last, _share(piece.unpaid, piece, start, last)
            start = last + timedelta(days=1)
        yield piece.end, _share(piece.unpaid, piece, start, piece.end)


def due_day(worked: date, grace_months: int) -> date:
    """The end of the month of work, so many months later."""
    return end_of_month(add_months(worked, grace_months) if grace_months else worked)


def over_ways(found: list[Value]) -> Value:
    """From the lowest to the highest of what comes of a claim's pieces, one for each way in which it may be."""
    return found[0] if len(found) == 1 else quantity.hull(found)


def _over_claims(rule: PayRule, work_out: Callable[[Context, list[Piece]], Value]) -> Callable[[Context], Value]:
    """Work out the claim in every way in which it may be, as a range."""

    def evaluate(ctx: Context) -> Value:
        claim: Claim = back_pay(ctx, rule)
        if not claim.unpaid.known:
            return carry(Value(state=claim.unpaid.state), [claim.unpaid])
        found = over_ways([work_out(ctx, pieces) for pieces in claim.pieces])
        return carry(found, [Value(missing=claim.unpaid.missing, gaps=claim.unpaid.gaps)])

    return evaluate


@operation("share_of_unpaid", looks=Looks.CASE)
def _share_of_unpaid(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """A share of each unpaid instalment (liquidated damages whose rate changed); `unless` takes it away, and makes it a
    range when nobody knows."""
    rule = named_pay_rule(raw, scope)
    if "share" not in whole:
        raise scope.fault("The share is missing.", "Add share: a number, or {{param: id}} with shares by date.")
    share = compile_value(whole["share"], scope.inside("share"))
    unless = (
        recorded(compile_condition(whole["unless"], scope.inside("unless")), scope.inside("unless"), whole["unless"])
        if "unless" in whole
        else None
    )
    by_date = isinstance(whole["share"], dict) and "param" in whole["share"] and "at" not in whole["share"]
    parameter = parameter_of(whole["share"]["param"], scope.inside("share")) if by_date and "key" not in whole["share"] else None

    def work_out(ctx: Context, pieces: list[Piece]) -> Value:
        parts: list[Value] = []
        for piece in pieces:
            if parameter is not None:
                starts = [piece.start, *parameter.changes_between(piece.start, piece.end)]
                cut = [(a, starts[n + 1] - timedelta(days=1) if n + 1 < len(starts) else piece.end) for n, a in enumerate(starts)]
                for a, b in cut:
                    found = parameter.look_up(a, ctx.on, ctx.least_sure)
                    note_found(ctx, parameter, found, "share")
                    parts.append(quantity.times([_share(piece.unpaid, piece, a, b), found.value]))
                continue
            parts.append(quantity.times([piece.unpaid, share.evaluate(ctx)]))
        return quantity.add(parts) if parts else NOTHING

    inner = _over_claims(rule, work_out)

    def evaluate(ctx: Context) -> Value:
        value = inner(ctx)
        truth = unless(ctx) if unless else None
        if truth is None or truth.value is False or not value.known:
            return value
        return NOTHING if truth.value else quantity.awaiting(quantity.hull([NOTHING, value]), truth.missing)

    return Compiled(evaluate, units.unit(scope.currency))


@operation("capped_per_year", looks=Looks.CASE)
def _capped_per_year(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Pay of each year of work (twelve months from the first day), each up to a cap, for at most so many years: the best
    ones count."""
    rule = named_pay_rule(raw, scope)
    kind = whole.get("of", "due")
    if kind not in ("due", "unpaid"):
        raise scope.inside("of").unknown_name("kind of pay", kind, ["due", "unpaid"])
    if "cap" not in whole:
        raise scope.fault("The cap is missing.", "Add cap: an amount for each year.")
    cap = compile_value(whole["cap"], scope.inside("cap"))
    years = compile_value(whole.get("years", 100), scope.inside("years"))

    def work_out(ctx: Context, pieces: list[Piece]) -> Value:
        if not pieces:
            return NOTHING
        first = min(p.start for p in pieces)
        sums: dict[int, list[Value]] = {}
        for piece in pieces:
            start, year = piece.start, 0
            while start <= piece.end:
                while add_years(first, year + 1) <= start:
                    year += 1
                last = min(piece.end, add_years(first, year + 1) - timedelta(days=1))
                sums.setdefault(year, []).append(_share(piece.due if kind == "due" else piece.unpaid, piece, start, last))
                start = last + timedelta(days=1)
        limit, count = cap.evaluate(ctx), years.evaluate(ctx)
        if not count.exact:
            return count
        capped = [quantity.least([quantity.add(values), limit]) for values in sums.values()]
        capped.sort(key=lambda v: v.low if v.known else ZERO, reverse=True)
        return quantity.add(capped[: int(count.low)]) if count.low else NOTHING

    return Compiled(_over_claims(rule, work_out), units.unit(scope.currency))


@operation("late_increase", looks=Looks.CASE)
def _late_increase(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """A surcharge on each unpaid instalment by the number of days it is late, from a table in per cent."""
    rule = named_pay_rule(raw, scope)
    table = parameter_of(whole.get("percent"), scope.inside("percent"))
    if table.by != "number":
        raise scope.inside("percent").fault("The surcharge is a table by number of days.", "Give the parameter by: number.")
    count = whole.get("count", "working_days")
    if count not in ("working_days", "days"):
        raise scope.inside("count").unknown_name("way to count", count, ["working_days", "days"])
    grace = int(whole.get("grace_months", 0))

    def work_out(ctx: Context, pieces: list[Piece]) -> Value:
        parts: list[Value] = []
        for worked, unpaid in instalments(pieces):
            due = due_day(worked, grace)
            days = working_days_between(due, ctx.on) if count == "working_days" else max(0, (ctx.on - due).days)
            late = Decimal(days)
            found = table.look_up(worked, ctx.on, ctx.least_sure, (late, late))
            note_found(ctx, table, found, "late_increase")
            factor = quantity.times([found.value, Value(low=Decimal("0.01"), high=Decimal("0.01"))])
            parts.append(quantity.times([unpaid, factor]))
        return quantity.add(parts) if parts else NOTHING

    return Compiled(_over_claims(rule, work_out), units.unit(scope.currency))
