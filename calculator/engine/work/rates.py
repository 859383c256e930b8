"""Dated figures of a pay rule as one job meets them, and the legal rate of a day."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import date

from calculator import quantity
from calculator.dates import on_day
from calculator.engine.figures.parameters import DatedParameter
from calculator.engine.language.run import Context
from calculator.engine.operations.lookups import Key, age_key, note_found
from calculator.engine.work.ends import HIGHEST, End
from calculator.engine.work.job import Job, LookedUp
from calculator.engine.work.pay_rule import Formula, Rate
from calculator.quantity import NOTHING, Confidence, Value, absent, carry, unknown, worst_of


class Rates:
    """The figures of one job in one pass. Made for one stretch of work, it gathers what is met there: facts that would narrow the
    result (`asks`), and whether a figure was itself a range (`inexact`), so that the highest claim differs from the lowest."""

    __slots__ = ("asks", "ctx", "inexact", "job")

    def __init__(self, ctx: Context, job: Job) -> None:
        self.ctx, self.job = ctx, job
        self.asks: set[str] = set()
        self.inexact = False

    def ask(self, name: str) -> None:
        """A field of the job that was never asked would make the result more exact."""
        self.asks.add(self.job.path(name))

    def once(self, what: Hashable, day: date, work_out: Callable[[Rates], Value]) -> Value:
        """What holds from a day on; `day` is the first of a stretch in which nothing changes. Worked out once in every pass, and for a
        stricter pass only where figures that are less sure came into it; with a trace each pass looks everything up."""
        ctx, looked_up = self.ctx, self.job.looked_up
        known = (what, day, ctx.least_sure)
        found = looked_up.get(known)
        if found is None and ctx.trace is None and ctx.least_sure < Confidence.unverified:
            found = looked_up.get((what, day, Confidence.unverified))
            if found is not None and worst_of(found.ranks) > ctx.least_sure:
                found = None
        if found is None:
            inner = Rates(ctx, self.job)
            value, ranks = ctx.apart(lambda ctx: work_out(inner))
            found = looked_up[known] = LookedUp(value, ranks, frozenset(inner.asks))
        self.ctx.ranks_seen |= found.ranks
        if found.asks:
            self.asks |= found.asks
        return found.value

    def formula(self, formula: Formula, day: date) -> Value:
        """A formula of the pay rule as it holds on a day."""
        return self.once(id(formula), day, lambda inner: self.ctx.on_day(day, formula.evaluate))

    def figure(self, parameter: DatedParameter, day: date, op: str) -> Value:
        """A parameter on a day, for the age of that day where it goes by age."""
        key: Key = age_key(self.ctx, on_day(day))[0] if parameter.by == "age" else None
        found = parameter.look_up(day, self.ctx.on, self.ctx.least_sure, key)
        note_found(self.ctx, parameter, found, op)
        return found.value

    def one_end(self, value: Value, end: End) -> Value:
        """One end of a figure that is a range, so that a claim is worked out with one number."""
        if value.state != "known" or value.low == value.high:
            return value
        self.inexact = True
        if end is not HIGHEST:
            return carry(quantity.exactly(value.low), [value])
        return value if value.high is None else carry(quantity.exactly(value.high), [value])

    def weeks_per_month(self) -> Value | None:
        """How many weeks a month of pay counts for; None where pay does not go by the month."""
        formula = self.job.rule.weeks_per_month
        return None if formula is None else self.once("weeks", self.ctx.on, lambda inner: formula(self.ctx))

    def legal(self, day: date, end: End) -> Value:
        """The legal rate of a day, as one number."""
        return self.one_end(self.once(end, day, lambda inner: _legal(inner, day, end)), end)

    def needed(self, day: date, rate: Value) -> Confidence:
        """How sure a pass has to let figures be to know the legal rate of a day; of several rates the surer may stand alone."""
        fit = self.job.fitting
        rates = (*fit.rates, *fit.maybe_rates)
        if not rate.rank or len(rates) > 1 and sum(r.parameter.covers(day) for r in rates) != 1:
            return Confidence.official
        return rate.rank


def _legal(rates: Rates, day: date, end: End) -> Value:
    """The best of the rates that hold on a day, with the factor by which the rule raises or lowers it."""
    rule = rates.job.rule
    if not rule.rates:
        # Without a rate by law only a promise counts.
        return NOTHING
    best = _best(rates, day, end)
    if rule.factor is not None and _factor_holds(rates.job, day, end):
        truth = rule.factor_unless(rates.ctx) if rule.factor_unless else None
        if truth is None or not truth.value:
            best = quantity.times([best, rates.figure(rule.factor, day, "factor")])
    if rule.round_rate is not None and best.known:
        best = quantity.rounded(best, rule.round_rate, "half_up")
    return best


def _best(rates: Rates, day: date, end: End) -> Value:
    """The best of the rates that hold on a day; one that is only perhaps for the job raises the highest claim alone."""
    fit = rates.job.fitting
    surely, perhaps = _holding(fit.rates, fit.maybe_rates, day)
    sure = [_one(rates, rate, day) for rate in surely]
    maybe = [_one(rates, rate, day) for rate in perhaps]
    if not sure and not maybe:
        asks = rates.job.asks_for_rates
        return absent(*asks) if asks else unknown("no_rate")
    if maybe and (end is HIGHEST or not sure):
        values = [*sure, *maybe]
        best = quantity.greatest(values) if end is HIGHEST else quantity.least(values)
    else:
        best = quantity.greatest(sure) if len(sure) > 1 else sure[0]
    lower = [_one(rates, rate, day) for rate in perhaps if rate.instead]
    return quantity.least([best, *lower]) if lower and end is not HIGHEST else best


def _holding(sure: Sequence[Rate], maybe: Sequence[Rate], day: date) -> tuple[Sequence[Rate], Sequence[Rate]]:
    """A rate whose figures begin later or ended for good gives way to one that holds on the day."""
    if len(sure) + len(maybe) <= 1:
        return sure, maybe
    holding = [[rate for rate in some if rate.parameter.covers(day)] for some in (sure, maybe)]
    return (holding[0], holding[1]) if any(holding) else (sure, maybe)


def _one(rates: Rates, rate: Rate, day: date) -> Value:
    figure = rates.figure(rate.parameter, day, "rate")
    return figure if rate.hours is None else quantity.divide(figure, rates.formula(rate.hours, day))


def _factor_holds(job: Job, day: date, end: End) -> bool:
    """Whether the factor still holds; with its last day uncertain the highest claim goes without it sooner."""
    until = job.factor_until
    return until is None or day < (until.earliest if end is HIGHEST else until.latest)
