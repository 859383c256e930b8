"""Pay for work that the law presumes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from calculator.case.model import Pay, Work
from calculator.case.values import NumberRange
from calculator.dates import DateRange, add_months, end_of_month, on_day
from calculator.engine.figures import units
from calculator.engine.language.expressions import Compiled, compile_value, operation
from calculator.engine.language.needs import Looks
from calculator.engine.language.run import Context
from calculator.engine.language.scope import Scope
from calculator.engine.work.back_pay import join
from calculator.engine.work.ends import HIGHEST, LOWEST
from calculator.engine.work.job import job_under
from calculator.engine.work.ledger import ledger
from calculator.engine.work.one_week import last_job
from calculator.engine.work.pay_rule import PayRule, named_pay_rule
from calculator.quantity import NOTHING, Value, absent, carry, hull


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
        presumed = hours.evaluate(ctx) if hours is not None else None
        if presumed is not None and (not presumed.known or presumed.high is None):
            return presumed
        index, said = last_job(ctx)
        rests_on = [count, _asking_for_paid(index, said)]
        return hull([_pay(ctx, rule, index, _presumed(said, span, presumed), rests_on) for span in _spans(ctx, int(count.low))])

    return Compiled(evaluate, units.unit(scope.currency))


def _presumed(said: Work, span: tuple[date, date], hours: Value | None) -> Work:
    """The job as the law presumes it was, from the first day to the last."""
    first, last = span
    paid = [part for pay in said.paid or [] if (part := _within(pay, first, last)) is not None] if isinstance(said.paid, list) else []
    changes: dict[str, Any] = {"start": on_day(first), "end": on_day(last), "paid": paid}
    if hours is not None and hours.high is not None:
        changes |= {"hours_per_week": NumberRange(hours.low, hours.high), "pattern": None, "hours_total": None}
    return said.model_copy(update=changes)


def _within(pay: Pay, first: date, last: date) -> Pay | None:
    """What of one payment was for the presumed time; None where it was all for other days. Of a sum for days that are known, each day has
    the same part; one without them may have been for the presumed time alone."""
    begin, end = (day if isinstance(day, DateRange) else None for day in (pay.from_, pay.to))
    if begin is not None and begin.earliest > last or end is not None and end.latest < first:
        return None
    if begin is None or end is None or pay.per not in (None, "total") or not isinstance(pay.amount, NumberRange):
        return pay
    shares = [_share(a, max(a, b), first, last) for a in begin for b in end]
    amount = NumberRange(pay.amount.low * min(shares), pay.amount.high * max(shares))
    return pay.model_copy(update={"amount": amount, "from_": on_day(first), "to": on_day(last)})


def _share(begin: date, end: date, first: date, last: date) -> Decimal:
    """The part of the days from `begin` to `end` that lies between `first` and `last`."""
    return Decimal(max(0, (min(end, last) - max(begin, first)).days + 1)) / ((end - begin).days + 1)


def _spans(ctx: Context, months: int) -> list[tuple[date, date]]:
    """The presumed time: first day and last. One for each month in which the work may have ended (or begun, where only that is known): each
    may have had another wage, or other payments in it."""
    end, start = ctx.facts.day("job.end"), ctx.facts.day("job.start")
    if end is None and start is not None:
        firsts = _months(start.earliest, min(start.latest, ctx.on))
        return [(first, min(add_months(first, months) - timedelta(days=1), ctx.on)) for first in firsts]
    known = end or on_day(ctx.on)
    lasts = [end_of_month(min(day, ctx.on)) for day in _months(known.earliest, min(known.latest, ctx.on))]
    return [(add_months(last.replace(day=1), 1 - months), last) for last in lasts]


def _months(first: date, last: date) -> list[date]:
    """The first day, and the first of each later month up to the last day; the first day alone where nothing follows it."""
    between = (last.year - first.year) * 12 + last.month - first.month
    return [first, *(add_months(first.replace(day=1), n) for n in range(1, between + 1))]


def _asking_for_paid(index: int, said: Work) -> Value:
    """Nothing, which waits for what was paid where nobody asked."""
    return absent(f"work[{index}].paid") if said.paid is None else NOTHING


def _pay(ctx: Context, rule: PayRule, index: int, presumed: Work, rests_on: list[Value]) -> Value:
    """What is unpaid for the presumed work, which `rests_on` more than the rule."""
    bar = rule.not_before(ctx).day if rule.not_before is not None else None
    job = job_under(ctx, rule, index, presumed, presumed=True)
    if isinstance(job, Value):
        return job
    if (stop := job.stop(bar)) is not None:
        return stop
    low, high = ledger(job, ctx, bar, LOWEST), ledger(job, ctx, bar, HIGHEST)
    return carry(join(low.unpaid, high.unpaid), [*rests_on, Value(missing=job.asks | low.asks | high.asks)])
