"""Pay due for one week, and the job that ended last."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from calculator import quantity
from calculator.case.model import Work
from calculator.case.values import NumberRange
from calculator.dates import DateRange
from calculator.engine.figures import units
from calculator.engine.language.expressions import Compiled, operation
from calculator.engine.language.needs import Looks
from calculator.engine.language.run import Context
from calculator.engine.language.scope import Scope
from calculator.engine.work.back_pay import shared_job
from calculator.engine.work.ends import HIGHEST, LOWEST, End
from calculator.engine.work.job import Job
from calculator.engine.work.overtime import paid_hours
from calculator.engine.work.pay import due
from calculator.engine.work.pay_rule import named_pay_rule
from calculator.engine.work.rates import Rates
from calculator.engine.work.stretches import Stretch
from calculator.quantity import ONE, Value, absent, unknown


@operation("weekly_pay_due", looks=Looks.CASE)
def _weekly_pay_due(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Pay due for one full week at the end of the last job: the base of indemnities counted in months of pay."""
    rule = named_pay_rule(raw, scope)

    def evaluate(ctx: Context) -> Value:
        if not ctx.facts.jobs:
            return absent(f"{ctx.facts.read('job.hours_per_week').path}")
        index, said = last_job(ctx)
        job = shared_job(ctx, rule, index, said)
        if isinstance(job, Value):
            return job
        return job.stop(None) or _last_week(job, Rates(ctx, job))

    return Compiled(evaluate, units.unit(scope.currency))


def last_job(ctx: Context) -> tuple[int, Work]:
    """The job that ended last; the order of entries in a case file means nothing."""

    def ended(entry: tuple[int, Work]) -> tuple[date, date]:
        said = entry[1]
        end = said.end.latest if isinstance(said.end, DateRange) else date.max
        start = said.start.latest if isinstance(said.start, DateRange) else date.max
        return end, start

    return max(ctx.facts.jobs, key=ended)


def _last_week(job: Job, rates: Rates) -> Value:
    """Pay due for a week of the job's last days."""
    # With the end of the work uncertain, the rate of its last day is too.
    days = sorted({min(job.end.earliest, rates.ctx.on), min(job.end.latest, rates.ctx.on)})
    weeks = [_week(job, rates, day, LOWEST) for day in days]
    if job.in_ranges or rates.inexact:
        weeks += [_week(job, rates, day, HIGHEST) for day in days]
    return quantity.awaiting(quantity.hull(weeks), job.asks | rates.asks)


def _week(job: Job, rates: Rates, day: date, end: End) -> Value:
    """Pay due for one week of seven days with the rate of `day`."""
    if job.hours is None:
        assert isinstance(job.said.hours_total, NumberRange)
        return unknown("weekly_hours")
    week = Stretch(day, day + timedelta(days=6), 7, end.owed(job.hours), ONE, day)
    return due(job, rates, week, rates.legal(day, end), paid_hours(job, rates, week, end), end).best
