"""What one job should have been paid and was paid, for a stretch of work."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from calculator import quantity
from calculator.case.model import Pay
from calculator.case.values import NumberRange
from calculator.dates import days_in_month, on_day
from calculator.engine.facts.job_time import SEVEN
from calculator.engine.operations.lookups import age_key, note_found
from calculator.engine.work.ends import HIGHEST, LOWEST, End
from calculator.engine.work.job import Job
from calculator.engine.work.overtime import paid_hours
from calculator.engine.work.premiums import premium_hours
from calculator.engine.work.rates import Rates
from calculator.engine.work.stretches import Stretch
from calculator.quantity import ONE, ZERO, Value


def legal_due(job: Job, rates: Rates, stretch: Stretch, rate: Value, counted: Value, end: End) -> Value:
    """Pay due by the legal `rate` for the counted hours, and for premiums."""
    if rate.state != "known":
        return rate
    if job.fitting.premiums:
        counted = quantity.add([counted, premium_hours(job, rates, stretch, end)])
    return quantity.times([rate, counted])


def promised_due(job: Job, rates: Rates, stretch: Stretch, counted: Value, end: End) -> list[Value]:
    """Pay due by what was promised or is usual for such work, where the pack counts it."""
    if not job.rule.agreed:
        return []
    found = [_promised(job, rates, stretch, pay, counted, end) for pay in (job.said.agreed, job.said.usual_wage)]
    return [value for value in found if value is not None]


def due(job: Job, rates: Rates, stretch: Stretch, end: End) -> Value:
    """Pay due for a stretch: the best of the legal rate, the promised and the usual pay. A legal rate that waits for a
    fact leaves the promise standing."""
    counted = paid_hours(job, rates, stretch, end)
    legal = legal_due(job, rates, stretch, rates.legal(stretch.since, end), counted, end)
    return quantity.better([legal, *promised_due(job, rates, stretch, counted, end)])


def _promised(job: Job, rates: Rates, stretch: Stretch, pay: Any, counted: Value, end: End) -> Value | None:
    if not isinstance(pay, Pay) or not isinstance(pay.amount, NumberRange):
        return None
    amount = end.owed(pay.amount)
    if pay.per == "hour":
        return quantity.times([quantity.exactly(amount), counted])
    money = _periodic(job, rates, stretch, amount, pay.per, end)
    return None if money is None else quantity.exactly(money)


def _periodic(job: Job, rates: Rates, stretch: Stretch, amount: Decimal, per: str | None, days_of: End) -> Decimal | None:
    """An amount by the hour, day, week or month for the whole stretch; `days_of` says how many days a week count where they are a
    range. None for a sum that came once."""
    if per == "hour":
        return amount * stretch.hours
    if per == "day":
        known = job.said.days_per_week
        week = days_of.owed(known) if isinstance(known, NumberRange) else days_of.choose(ONE, SEVEN)
        if known is None:
            rates.ask("days_per_week")
        return amount * week * stretch.days / SEVEN
    if per == "week":
        return amount * stretch.days / SEVEN
    if per == "month":
        return amount * stretch.days / Decimal(days_in_month(stretch.first))
    return None


def received(job: Job, rates: Rates, stretch: Stretch, end: End) -> Decimal | None:
    """Periodic pay received in the stretch; None = it may have been anything."""
    if not isinstance(job.said.paid, list):
        return ZERO if end is HIGHEST else None
    total = ZERO
    for _, _, pay in job.times.paid.over(stretch.first, stretch.last):
        if isinstance(pay.amount, NumberRange):
            total += _periodic(job, rates, stretch, end.taken(pay.amount), pay.per, end.other) or ZERO
        elif end is LOWEST:
            return None
    return total


def uprated(job: Job, rates: Rates, stretch: Stretch, unpaid: Value, end: End) -> Value:
    """Arrears at the rate of the day of the decision where it is higher (arrears / then x now)."""
    rule, ctx = job.rule, rates.ctx
    if rule.uprate is None or rule.uprate_at is None or not unpaid.known or unpaid.low == 0 == unpaid.high:
        return unpaid
    moment = rule.uprate_at(ctx)
    if moment.day is None:
        return unpaid
    key = age_key(ctx, on_day(stretch.since))[0]
    then = rates.figure(rule.uprate, stretch.since, "rate")
    now = rule.uprate.over(moment.day, ctx.on, ctx.least_sure, key)
    note_found(ctx, rule.uprate, now, "uprate")
    if not (then.known and now.value.known) or then.low <= 0:
        return unpaid
    # Both rates are those of one age: with the age open, the same end of each range.
    later = quantity.times([unpaid, quantity.divide(rates.one_end(now.value, end), rates.one_end(then, end))])
    return quantity.greatest([unpaid, later])
