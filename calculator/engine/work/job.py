"""One job as the pay rule sees it: when it was, how many hours, what was never asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property

from calculator import quantity
from calculator.case.model import Work
from calculator.case.values import NumberRange
from calculator.dates import DateRange, days_in_month, on_day
from calculator.engine.facts.job_time import SEVEN, Times, times
from calculator.engine.figures.parameters import DatedParameter
from calculator.engine.language.run import Context
from calculator.engine.operations.lookups import age_key
from calculator.engine.work.pay_rule import Credit, Overtime, PayRule, Premium, Rate
from calculator.quantity import ZERO, Value, absent, unknown


class JobFacts:
    """What the case says of one job, under one pay rule: its span, its hours, and what is still missing."""

    #: Whether enough is known of the job to choose its rules.
    _chosen = False

    def __init__(self, ctx: Context, rule: PayRule, index: int, job: Work, cut: DateRange | None = None, presumed: bool = False) -> None:
        """`cut` is the first day of work that can still be claimed; `presumed` work is not that of the case."""
        self.presumed = presumed
        self.ctx, self.rule, self.index, self.job = ctx, rule, index, job
        self.prefix = f"work[{index}]"
        self.cut = cut
        self.refining: set[str] = set()
        self.gaps: set[str] = set()
        self.stop: Value | None = None
        self.times = self._times()
        self.start, self.end, self.hours = self.times[:3]
        self.span = self._span()
        needed = self._needed()
        if needed:
            self.stop = absent(*needed)
            return
        if self.span is None or (self.hours is None and not isinstance(job.hours_total, NumberRange)):
            self.stop = unknown("unsaid")
            return
        #: Weeks in a month, where pay goes by the month.
        self.weeks = rule.weeks_per_month(ctx) if rule.weeks_per_month is not None else None
        self._choose_rules()
        if rule.agreed and job.agreed is None:
            self.refining.add(f"{self.prefix}.agreed")
        self.birth = ctx.facts.day("person.birth_year")
        self.factor_until = rule.factor_until(ctx).day if rule.factor_until is not None else None
        self.dated = self._dated()
        self._ages = {age for p in self.dated for age in p.ages}
        if self._ages:
            self.refining |= age_key(ctx, on_day(ctx.on))[1]
        self._always_refining = frozenset(self.refining)
        self._chosen = True
        self._stop_without_rate()

    def use(self, ctx: Context, cut: DateRange | None) -> None:
        """Start over for another pass, of another confidence or with another time bar."""
        self.ctx, self.cut = ctx, cut
        if not self._chosen:
            return
        self.refining, self.gaps, self.stop = set(self._always_refining), set(), None
        if self.rule.weeks_per_month is not None:
            self.weeks = self.rule.weeks_per_month(ctx)
        self._stop_without_rate()

    @property
    def _rateless(self) -> bool:
        """Whether the rule has rates, but none for this job, and no promise counts in their place."""
        return bool(self.rule.rates) and not self.rates and not self.maybe_rates and not self.rule.agreed

    def _stop_without_rate(self) -> None:
        """Without any rate nothing can be worked out for the days that can still be claimed."""
        assert self.span is not None
        if self._rateless and (self.cut is None or self.span.latest >= self.cut.earliest):
            stop = absent(*self.unasked_for_rates) if self.unasked_for_rates else unknown("no_rate")
            self.stop = quantity.awaiting(stop, self._always_refining)

    def _choose_rules(self) -> None:
        """Which rates, overtime rules and premiums are for this job. What was never asked does not fit, and is missing;
        after an "I don't know" both ways are worked out (`maybe_rates`, several `overtimes`)."""
        self.rates: list[Rate] = []
        self.maybe_rates: list[Rate] = []
        unasked_for_rates: set[str] = set()
        unasked: set[str] = set()
        for rate in self.rule.rates:
            fit = rate.test.fit(self.job, self.ctx.facts)
            unasked_for_rates.update(fit.unasked, fit.hints)
            if fit.sure:
                self.rates.append(rate)
            elif fit.sure is None and not fit.unasked:
                self.maybe_rates.append(rate)
        instead = [rate for rate in self.rates if rate.instead]
        self.rates = instead or self.rates
        self.overtimes: list[tuple[Overtime, ...]] = []
        for test, bands in self.rule.overtime_for:
            fit = test.fit(self.job, self.ctx.facts)
            unasked.update(fit.unasked, fit.hints)
            if fit.sure or (fit.sure is None and not fit.unasked):
                self.overtimes.append(bands)
            if fit.sure:
                break
        else:
            self.overtimes.append(self.rule.overtime)
        self.premiums: list[tuple[Premium, bool]] = []
        for premium in self.rule.premiums:
            fit = premium.test.fit(self.job, self.ctx.facts)
            unasked.update(fit.unasked, fit.hints)
            if fit.sure or (fit.sure is None and not fit.unasked):
                self.premiums.append((premium, bool(fit.sure)))
        self.credits: list[tuple[Credit, bool]] = []
        for credit in self.rule.credits:
            fit = credit.test.fit(self.job, self.ctx.facts)
            unasked.update(fit.unasked, fit.hints)
            if fit.sure or (fit.sure is None and not fit.unasked):
                self.credits.append((credit, bool(fit.sure) and not credit.optional))
        self.unasked_for_rates = self._paths(unasked_for_rates)
        self.refining |= self.unasked_for_rates | self._paths(unasked)

    def _dated(self) -> list[DatedParameter]:
        """Parameters whose changes cut the work: those of rates that fit this job, not every State's."""
        rule = self.rule
        rates = (*self.rates, *self.maybe_rates)
        found = [r.parameter for r in rates]
        found += [p for p in (rule.factor, rule.offset, rule.uprate) if p is not None]
        found += [c.parameter for c, _ in self.credits]
        formulas = [rule.credits_at_most, *(r.hours for r in rates), *(f for p, _ in self.premiums for f in (p.add, p.over, p.hours))]
        formulas += [f for bands in self.overtimes for band in bands for f in (band.over, band.factor)]
        return list(dict.fromkeys([*found, *(p for f in formulas if f is not None for p in f.dated)]))

    def _paths(self, fields: set[str]) -> set[str]:
        """Concrete paths of the fields that tests wait for."""
        return {self.ctx.facts.read("act.region").path if field == "region" else f"{self.prefix}.{field}" for field in fields}

    # -- facts of the job ---------------------------------------------------------------------------------

    def _span(self) -> DateRange | None:
        """Earliest start to latest end; the ends of the exploitation stand in for those of the only job."""
        start, end = self.start, self.end
        if start is None or end is None:
            return None
        return DateRange(start.earliest, max(start.earliest, min(end.latest, self.ctx.on)))

    def _times(self) -> Times:
        """When it was; of the jobs of the case found once."""
        if self.presumed:
            return times(self.job, self.ctx.facts)
        known: Times | None = self.ctx.facts.job_times.get(self.index)
        if known is None:
            known = self.ctx.facts.job_times[self.index] = times(self.job, self.ctx.facts)
        return known

    def _needed(self) -> list[str]:
        needed = []
        alone = len(self.ctx.facts.jobs) == 1
        for name, found in (("start", self.start), ("end", self.end)):
            said = getattr(self.job, name)
            if found is None and said is None and not (alone and self.ctx.facts.read(f"act.{name}").presence == "unsaid"):
                needed.append(self.ctx.facts.read(f"act.{name}").path if alone else f"{self.prefix}.{name}")
        if self.job.paid is None:
            needed.append(f"{self.prefix}.paid")
        by_day = isinstance(self.job.hours_per_day, NumberRange) and not isinstance(self.job.hours_per_week, NumberRange)
        if by_day and self.job.days_per_week is None and not isinstance(self.job.pattern, dict):
            self.refining.add(f"{self.prefix}.days_per_week")
        if self.hours is None and self.job.hours_total is None:
            needed.append(f"{self.prefix}.hours_per_week")
        return needed

    @property
    def fuzzy(self) -> bool:
        """Whether what the case says leaves the lowest and the highest claim apart. Figures that are ranges, as those of an
        age that is not known, show only when they are looked up (`inexact`)."""
        return self._said_in_ranges or (self.cut is not None and not self.cut.exact)

    @cached_property
    def _said_in_ranges(self) -> bool:
        assert self.start is not None and self.end is not None
        return not (
            self.ctx.facts.exact(self.index, self.job)
            and self.start.exact
            and self.end.exact
            and (self.factor_until is None or self.factor_until.exact)
            and (self.hours is None or self.hours.low == self.hours.high)
            and not self.maybe_rates
            and len(self.overtimes) == 1
            and all(sure for _, sure in self.premiums)
            and all(sure for _, sure in self.credits)
        )

    # -- hours --------------------------------------------------------------------------------------------

    def _fraction(self, a: date, days: int) -> Decimal:
        """How many weeks the stretch counts for."""
        if self.weeks is None or not self.weeks.known:
            return days / SEVEN
        return self.weeks.low * days / Decimal(days_in_month(a))

    def _piece_hours(self, a: date, b: date, high: bool) -> tuple[Decimal, Decimal]:
        """(hours worked, weeks counted) in the stretch."""
        days = (b - a).days + 1
        total = self.job.hours_total
        if isinstance(total, NumberRange):
            assert self.start is not None and self.span is not None
            first = self.start.earliest if high else self.start.latest
            last = self.span.latest
            whole = (last - first).days + 1
            return (total.high if high else total.low) * days / Decimal(max(whole, 1)), days / SEVEN
        assert self.hours is not None
        weeks = self._fraction(a, days)
        hours = (self.hours.high if high else self.hours.low) * weeks
        if self.job.absences:
            hours = max(ZERO, hours - self._absent_hours(a, b, hours, days, high))
        return hours, weeks

    def _absent_hours(self, a: date, b: date, hours: Decimal, days: int, high: bool) -> Decimal:
        """Hours of the stretch that were not worked; the highest claim counts the shortest absence."""
        lost = ZERO
        for first, last, gap in self.times.absent[not high].over(a, b):
            overlap = (min(last, b) - max(first, a)).days + 1
            if isinstance(gap.hours, NumberRange):
                lost += (gap.hours.low if high else gap.hours.high) * overlap / ((last - first).days + 1)
            else:
                lost += hours * overlap / days
        return lost
