"""Payments by the month.

{monthly: rate, from: date, until: date}        one amount a month; `rate` is worked out for the first of each month
{arrears: rate, from: date}                     the months due up to the day of the estimate, added up
"""

from __future__ import annotations

from datetime import date
from typing import Any

from calculator import quantity
from calculator.dates import add_months, first_of_month
from calculator.engine.figures import units
from calculator.engine.language.expressions import Compiled, compile_day, compile_value, operation
from calculator.engine.language.needs import Looks
from calculator.engine.language.run import Context, Term
from calculator.engine.language.scope import Scope
from calculator.quantity import NOTHING, Value, absent, unknown

LONGEST_MONTHS = 1200


@operation("monthly", looks=Looks.HEAD)
def _monthly(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """The amount of the month of the estimate (or of the first month, when that is still to come)."""
    rate = compile_value(raw, scope)
    start = compile_day(whole["from"], scope.inside("from"))
    named_end = whole.get("until", "open")
    end = None if named_end == "open" else compile_day(named_end, scope.inside("until"))

    def evaluate(ctx: Context) -> Value:
        moment = start(ctx)
        if moment.day is None:
            return absent(*moment.missing) if moment.missing else unknown("start")
        last = end(ctx).day if end is not None else None
        ctx.term = Term(moment.day.map(first_of_month), last.earliest if last else None)
        month = first_of_month(max(ctx.on, moment.day.earliest))
        return _at(ctx, rate, month)

    return Compiled(evaluate, rate.unit)


def _at(ctx: Context, rate: Compiled, day: date) -> Value:
    return ctx.on_day(day, rate.evaluate)


@operation("arrears", looks=Looks.OPERANDS)
def _arrears(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Months from the start up to and including the month of the estimate; each is due on its first day."""
    rate = compile_value(raw, scope)
    start = compile_day(whole["from"], scope.inside("from"))

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
