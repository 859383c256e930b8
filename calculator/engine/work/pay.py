"""What one job should have been paid and was paid, for a stretch of work."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from calculator import quantity
from calculator.case.model import Pay
from calculator.case.values import NumberRange
from calculator.dates import days_in_month, on_day
from calculator.engine.facts.job_time import SEVEN
from calculator.engine.operations.lookups import age_key, note_found
from calculator.engine.work.ends import HIGHEST, LOWEST, End
from calculator.engine.work.job import Job
from calculator.engine.work.premiums import premium_hours
from calculator.engine.work.rates import Rates
from calculator.engine.work.stretches import Stretch
from calculator.quantity import ONE, ZERO, Value, absent, carry, unknown

#: Says of a promise that more may be due.
ONLY_THE_LEAST = Value(gaps=frozenset(("promised",)))


def legal_due(job: Job, rates: Rates, stretch: Stretch, rate: Value, counted: Value, end: End) -> Value:
    """Pay due by the legal `rate` for the counted hours, and for premiums."""
    if rate.state != "known":
        return rate
    if job.fitting.premiums:
        counted = quantity.add([counted, premium_hours(job, rates, stretch, end)])
    return quantity.times([rate, counted])


class Due(NamedTuple):
    """What is due for a stretch by law, and by what was promised or is usual for such work: the best of them counts."""

    legal: Value
    promised: tuple[Value, ...]

    @property
    def best(self) -> Value:
        """A legal rate that waits for a fact leaves the promise standing."""
        return quantity.better([self.legal, *self.promised])


def due(job: Job, rates: Rates, stretch: Stretch, rate: Value, counted: Value, end: End) -> Due:
    """What is due for a stretch at the legal `rate`, and by a promise where the pack counts it.

    Where no legal rate holds, what the exploiter promised is only the least: the pay that is usual for such work, or that a collective
    agreement sets, may be more, so the upper end stays open until it is known. Without any of them what is due is not known.
    """
    legal = legal_due(job, rates, stretch, rate, counted, end)
    if not job.rule.agreed:
        return Due(legal, ())
    promised = _promised(job, rates, stretch, job.said.agreed, counted, end)
    usual = _promised(job, rates, stretch, job.said.usual_wage, counted, end)
    found = tuple(value for value in (promised, usual) if value is not None)
    if usual is not None or _holds(job, rate):
        return Due(legal, found)
    if job.said.usual_wage is None:
        rates.ask("usual_wage")
    if promised is None:
        return Due(_without_base(job) if legal.known else legal, ())
    return Due(legal, (carry(promised._replace(high=None), [ONLY_THE_LEAST]),))


def _holds(job: Job, rate: Value) -> bool:
    """Whether a legal rate is for the job, be it less sure than the pass, or waiting for a fact. Where the law sets none it is nothing."""
    if rate.state == "missing":
        return bool(job.fitting.rates or job.fitting.maybe_rates)
    return rate.state == "excluded" or rate.known and (rate.high is None or rate.high > 0)


def _without_base(job: Job) -> Value:
    """Neither the law nor a promise nor a custom says what is due."""
    unasked = [job.path(name) for name, said in (("agreed", job.said.agreed), ("usual_wage", job.said.usual_wage)) if said is None]
    return absent(*unasked) if unasked else unknown("no_rate")


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
