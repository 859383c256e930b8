"""Payments by the month, their lump-sum form, and interest.

    {monthly: rate, from: date, until: open}        one amount a month; `rate` is worked out for the first of each month
    {arrears: rate, from: date}                     the months due up to the day of the estimate, added up
    {interest: work, rate: [params], from: due|date, grace_months: 1}      simple interest on each unpaid instalment of a
                                                                          pay rule of the route
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from calculator import quantity
from calculator.dates import DateRange, add_months, end_of_month, first_of_month
from calculator.engine import moments, units
from calculator.engine.backpay import back_pay
from calculator.engine.context import Context
from calculator.engine.job_work import Piece
from calculator.engine.lookups import note_found, parameter_of
from calculator.engine.operations import Compiled, compile_value, operation
from calculator.engine.parameters import DatedParameter
from calculator.engine.pay_rules import named_plan
from calculator.engine.scope import Scope
from calculator.quantity import NOTHING, ZERO, Value, absent, carry, unknown

LONGEST_MONTHS = 1200


@dataclass(frozen=True, slots=True)
class Term:
    """How long a monthly payment runs; `until` None = for as long as the law says."""

    start: DateRange
    until: date | None


@operation("monthly")
def _monthly(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """The amount of the month of the estimate (or of the first month, when that is still to come)."""
    rate = compile_value(raw, scope)
    start = moments.compile_moment(whole["from"], scope.inside("from"))

    def evaluate(ctx: Context) -> Value:
        moment = start(ctx)
        if moment.day is None:
            return absent(*moment.missing) if moment.missing else unknown("start")
        ctx.schedules["term"] = Term(moment.day.map(first_of_month), None)
        month = first_of_month(max(ctx.on, moment.day.earliest))
        return _at(ctx, rate, month)

    return Compiled(evaluate, rate.unit)


def _at(ctx: Context, rate: Compiled, day: date) -> Value:
    before, ctx.at_day = ctx.at_day, day
    value = rate.evaluate(ctx)
    ctx.at_day = before
    return value


@operation("arrears")
def _arrears(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Months from the start up to and including the month of the estimate; each is due on its first day."""
    rate = compile_value(raw, scope)
    start = moments.compile_moment(whole["from"], scope.inside("from"))

    def evaluate(ctx: Context) -> Value:
        moment = start(ctx)
        if moment.day is None:
            return absent(*moment.missing) if moment.missing else unknown("start")
        early = _sum_months(ctx, rate, moment.day.earliest)
        return early if moment.day.exact else quantity.hull([early, _sum_months(ctx, rate, moment.day.latest)])

    unit = units.multiply([rate.unit, units.unit("month")])
    return Compiled(evaluate, unit)


def _sum_months(ctx: Context, rate: Compiled, start: date) -> Value:
    month = first_of_month(start)
    amounts: list[Value] = []
    while month <= ctx.on and len(amounts) < LONGEST_MONTHS:
        amounts.append(_at(ctx, rate, month))
        month = add_months(month, 1)
    return quantity.add(amounts) if amounts else NOTHING


@operation("interest")
def _interest(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Simple interest on each unpaid instalment from the day it was due, at the rates of each day, in per cent a year.

    `from` is `due` (each instalment from its own due day: the end of its month, `grace_months` later) or a date
    (all instalments from that day, such as the service of the claim). Days count over 365.
    """
    plan = named_plan(raw, scope)
    rates = [parameter_of(r, scope.inside("rate").inside(i)) for i, r in enumerate(whole.get("rate", []))]
    fixed = None if whole.get("from", "due") == "due" else moments.compile_moment(whole["from"], scope.inside("from"))
    grace = int(whole.get("grace_months", 0))

    def evaluate(ctx: Context) -> Value:
        claim = back_pay(ctx, plan)
        low_pieces, high_pieces = claim.pieces
        if not claim.unpaid.known:
            return carry(Value(state=claim.unpaid.state), [claim.unpaid])
        begin: date | None = None
        if fixed is not None:
            moment = fixed(ctx)
            if moment.day is None:
                return absent(*moment.missing) if moment.missing else unknown("interest_start")
            begin = moment.day.latest
        low = _on_pieces(ctx, low_pieces, rates, begin, grace)
        if high_pieces is low_pieces:
            return low
        high = _on_pieces(ctx, high_pieces, rates, begin, grace)
        return quantity.hull([low, high])

    return Compiled(evaluate, units.unit(scope.currency))


def _on_pieces(ctx: Context, pieces: list[Piece], rates: list[DatedParameter], begin: date | None, grace: int) -> Value:
    table = _Growth(ctx, rates)
    parts = [NOTHING]
    for piece in pieces:
        due_day = end_of_month(add_months(piece.end, grace))
        first = max(due_day + timedelta(days=1), begin or due_day)
        parts.append(quantity.times([piece.unpaid, table.since(first)]) if piece.unpaid.known else piece.unpaid)
    return quantity.add(parts)


class _Growth:
    """Interest on one unit of money from a day to the day of the estimate; each rate period is looked up once."""

    def __init__(self, ctx: Context, rates: list[DatedParameter]) -> None:
        self.ctx, self.rates = ctx, rates
        self._whole: dict[tuple[date, date], Value] = {}
        self._tails: dict[date, Value] = {}
        self._edges = sorted({d for r in rates for d in r.changes_between(date.min, ctx.on)})

    def since(self, first: date) -> Value:
        on = self.ctx.on
        if first > on:
            return NOTHING
        following = min((d for d in self._edges if d > first), default=on)
        if following >= on:
            return self._over(first, on)
        if following not in self._tails:
            self._tails[following] = self.since(following)
        return quantity.add([self._over(first, following), self._tails[following]])

    def _over(self, start: date, end: date) -> Value:
        found = self._whole.get((start, end))
        if found is None:
            figures = []
            for parameter in self.rates:
                looked_up = parameter.look_up(start, self.ctx.on, self.ctx.limit)
                note_found(self.ctx, parameter, looked_up, "interest")
                figures.append(looked_up.value)
            percent = quantity.lift(lambda xs: sum(xs, ZERO), figures)
            factor = Decimal((end - start).days) / 36500
            found = quantity.times([percent, Value(low=factor, high=factor)]) if percent.known else percent
            self._whole[(start, end)] = found
        return found
