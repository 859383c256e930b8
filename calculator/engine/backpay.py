"""Exact back pay: what was due for every hour of every job, less what was paid.

Work is cut wherever something changes (rate, age band, month, payment, absence, limitation), and each piece is
worked out with one rate. Where a fact is only known as a range, the lowest and the highest claim are both worked
out: latest start, earliest end, fewest hours, most paid; and the other way round.

A route states its rule once, under `pay_rules`, and heads name it: {back_pay: work}, {pay_due: work},
{weekly_pay_due: work}, {interest: work, ...}, {presumed_pay: {rule: work, months: {param: id}}}.

    pay_rules:
      work:
        pay_period: week                  # or month, with weeks_per_month
        rates: [{param: mindestlohn}, {param: grid, employer_kind: [private_household]}]   the best counts
        factor: {param: smic_age, unless: condition}
        overtime: [{over: {param: a}, factor: {param: b}}]          weekly, in rising order
        overtime_for: [{employer_kind: [private_household], overtime: [...]}]
        agreed: true                      # promised or usual pay counts where it is better
        offset: {param: nmw_offset}       # a daily amount for housing that counts as pay
        not_before: <date>                # work before it is time-barred on this route
        uprate: {param: nmw, at: decision}  # arrears grow to the later rate
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from calculator import quantity
from calculator.case.model import Pay, Work
from calculator.case.values import NumberRange, Unsaid
from calculator.dates import DateRange, add_months, age_on, birthday, days_in_month, end_of_month, on_day
from calculator.engine import moments, units
from calculator.engine.context import Context, Truth
from calculator.engine.lookups import Key, age_key, note_found, parameter_of
from calculator.engine.operations import Compiled, compile_value, operation
from calculator.engine.parameters import DatedParameter
from calculator.engine.scope import Scope
from calculator.quantity import NOTHING, ZERO, Value, absent, carry, unknown

DAY = timedelta(days=1)
SEVEN = Decimal(7)
_KNOWN = {"pay_period", "weeks_per_month", "rates", "factor", "overtime", "overtime_for", "agreed", "offset",
          "not_before", "uprate"}


@dataclass(frozen=True, slots=True)
class JobTest:
    """Which jobs something is for; a fact never asked does not match, and is said to be missing."""

    employer_kind: frozenset[str] = frozenset()
    sector: frozenset[str] = frozenset()

    def fits(self, job: Work) -> bool:
        return (not self.employer_kind or job.employer_kind in self.employer_kind) and (
            not self.sector or job.sector in self.sector)


@dataclass(frozen=True, slots=True)
class Rate:
    parameter: DatedParameter
    test: JobTest


@dataclass(frozen=True, slots=True)
class Overtime:
    """Weekly hours beyond `over` count `factor` times."""

    over: Callable[[Context], Value]
    factor: Callable[[Context], Value]


@dataclass(frozen=True, slots=True)
class Plan:
    """A pack's back-pay rule, compiled."""

    monthly: bool
    weeks_per_month: Callable[[Context], Value] | None
    rates: tuple[Rate, ...]
    factor: DatedParameter | None
    factor_unless: Callable[[Context], Truth] | None
    overtime: tuple[Overtime, ...]
    overtime_for: tuple[tuple[JobTest, tuple[Overtime, ...]], ...]
    agreed: bool
    offset: DatedParameter | None
    not_before: Callable[[Context], Any] | None
    uprate: DatedParameter | None
    uprate_at: Callable[[Context], Any] | None


@dataclass(slots=True)
class Piece:
    """One stretch of days with one rate: what interest and leave pay build on."""

    start: date
    end: date
    unpaid: Value
    due: Value


@dataclass(frozen=True, slots=True)
class Claim:
    """What a pay rule comes to: unpaid, due, the pieces of the lowest and highest claim, and what is time-barred."""

    unpaid: Value
    due: Value
    pieces: tuple[list[Piece], list[Piece]]
    barred: Value


@dataclass(slots=True)
class Ledger:
    """All pieces of one scenario, and their sums."""

    pieces: list[Piece] = field(default_factory=list)
    due: list[Value] = field(default_factory=list)
    barred: list[Value] = field(default_factory=list)
    barred_days: int = 0
    days: int = 0


def _job_test(raw: dict[str, Any]) -> JobTest:
    return JobTest(frozenset(raw.get("employer_kind", [])), frozenset(raw.get("sector", [])))


def _overtime(raw: list[Any], scope: Scope) -> tuple[Overtime, ...]:
    return tuple(
        Overtime(compile_value(band["over"], scope.inside(i).inside("over")).evaluate,
                 compile_value(band["factor"], scope.inside(i).inside("factor")).evaluate)
        for i, band in enumerate(raw))


def compile_plan(raw: dict[str, Any], scope: Scope) -> Plan:
    """Raises PackError."""
    from calculator.engine.conditions import compile_condition  # conditions and values contain each other

    for key in raw:
        if key not in _KNOWN:
            raise scope.unknown_name("back pay setting", key, _KNOWN)
    monthly = raw.get("pay_period", "week") == "month"
    if monthly and "weeks_per_month" not in raw:
        raise scope.fault("Monthly pay periods need weeks_per_month.", "Name the parameter of the usual conversion.")
    rates = tuple(Rate(parameter_of(r.get("param"), scope.inside("rates").inside(i)), _job_test(r))
                  for i, r in enumerate(raw.get("rates", [])))
    for rate in rates:
        if units.unit(rate.parameter.unit) != units.unit(f"{scope.currency}/hour"):
            raise scope.inside("rates").fault("The rate {id} is in {found}.", "A pay rate is in {expected}.",
                                              id=rate.parameter.id, found=rate.parameter.unit,
                                              expected=f"{scope.currency}/hour")
    factor, uprate = raw.get("factor"), raw.get("uprate")
    return Plan(
        monthly=monthly,
        weeks_per_month=compile_value(raw["weeks_per_month"], scope.inside("weeks_per_month")).evaluate if monthly else None,
        rates=rates,
        factor=parameter_of(factor["param"], scope.inside("factor")) if factor else None,
        factor_unless=compile_condition(factor["unless"], scope.inside("factor").inside("unless"))
        if factor and "unless" in factor else None,
        overtime=_overtime(raw.get("overtime", []), scope.inside("overtime")),
        overtime_for=tuple((_job_test(r), _overtime(r["overtime"], scope.inside("overtime_for").inside(i)))
                           for i, r in enumerate(raw.get("overtime_for", []))),
        agreed=bool(raw.get("agreed", False)),
        offset=parameter_of(raw["offset"]["param"], scope.inside("offset")) if "offset" in raw else None,
        not_before=moments.compile_moment(raw["not_before"], scope.inside("not_before")) if "not_before" in raw else None,
        uprate=parameter_of(uprate["param"], scope.inside("uprate")) if uprate else None,
        uprate_at=moments.compile_moment(uprate["at"], scope.inside("uprate").inside("at")) if uprate else None,
    )


def named_plan(raw: Any, scope: Scope) -> Plan:
    plan = scope.pay_rules.get(raw) if isinstance(raw, str) else None
    if plan is None:
        raise scope.unknown_name("pay rule of this route", raw, scope.pay_rules)
    found: Plan = plan
    return found


@operation("back_pay")
def _back_pay(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Unpaid wages of all jobs of this jurisdiction."""
    plan = named_plan(raw, scope)
    def evaluate(ctx: Context) -> Value:
        claim = back_pay(ctx, plan)
        ctx.schedules["barred"] = claim.barred
        return claim.unpaid

    return Compiled(evaluate, units.unit(scope.currency))


@operation("pay_due")
def _pay_due(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """All pay due for the work before anything is taken off: the base of leave pay and of lump sums in months."""
    plan = named_plan(raw, scope)
    return Compiled(lambda ctx: back_pay(ctx, plan).due, units.unit(scope.currency))


@operation("weekly_pay_due")
def _weekly_pay_due(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Pay due for one full week at the end of the last job: the base of indemnities counted in months of pay."""
    plan = named_plan(raw, scope)

    def evaluate(ctx: Context) -> Value:
        if not ctx.facts.jobs:
            return absent(f"{ctx.facts.read('job.hours_per_week').path}")
        index, job = _last_job(ctx)
        work = JobWork(ctx, plan, index, job)
        if work.stop is not None:
            return work.stop
        assert work.end is not None
        # With the end of the work uncertain, the rate of its last day is too.
        days = {min(work.end.earliest, ctx.on), min(work.end.latest, ctx.on)}
        weeks = [work.week_due(day, high) for day in sorted(days) for high in (False, True)]
        return carry(quantity.hull(weeks), [Value(missing=frozenset(work.refining))])

    return Compiled(evaluate, units.unit(scope.currency))


def _last_job(ctx: Context) -> tuple[int, Work]:
    """The job that ended last; the order of entries in a case file means nothing."""

    def ended(entry: tuple[int, Work]) -> tuple[date, date]:
        job = entry[1]
        end = job.end.latest if isinstance(job.end, DateRange) else date.max
        start = job.start.latest if isinstance(job.start, DateRange) else date.max
        return end, start

    return max(ctx.facts.jobs, key=ended)


@operation("presumed_pay")
def _presumed_pay(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Pay for a legally presumed time of work: so many whole calendar months up to the last one known."""
    months = compile_value(raw.get("months"), scope.inside("months"))
    plan = named_plan(raw.get("rule"), scope)

    def evaluate(ctx: Context) -> Value:
        count = months.evaluate(ctx)
        if not ctx.facts.jobs:
            return absent(ctx.facts.read("job.hours_per_week").path)
        if not count.exact:
            return count
        index, job = _last_job(ctx)
        last = ctx.facts.day("job.end") or ctx.facts.day("job.start") or on_day(ctx.on)
        end = end_of_month(min(last.latest, ctx.on))
        start = add_months(end.replace(day=1), 1 - int(count.low))
        told = job.model_copy(update={"start": on_day(start), "end": on_day(end), "paid": job.paid or []})
        work = JobWork(ctx, plan, index, told)
        if work.stop is not None:
            return work.stop
        low, high = work.scenario(False)[0], work.scenario(True)[0]
        if job.paid is None:
            work.refining.add(f"{work.prefix}.paid")
        return carry(_join(low, high), [count, Value(missing=frozenset(work.refining))])

    return Compiled(evaluate, units.unit(scope.currency))


def back_pay(ctx: Context, plan: Plan) -> Claim:
    """All jobs under one pay rule. A pass in which every figure is sure enough serves the stricter passes too."""
    for (key, limit), (claim, ranks, trace) in ctx.shared.items():
        if key == (ctx.route, id(plan)) and (limit == ctx.limit or limit > ctx.limit >= max(ranks, default=0)):
            ctx.ranks_seen |= ranks
            if ctx.trace is not None:
                ctx.trace.extend(trace)
            found: Claim = claim
            return found
    seen_before, ctx.ranks_seen = ctx.ranks_seen, set()
    trace_before, ctx.trace = ctx.trace, ([] if ctx.trace is not None else None)
    claim = _claim(ctx, plan)
    ctx.shared[((ctx.route, id(plan)), ctx.limit)] = (claim, ctx.ranks_seen, ctx.trace or [])
    ctx.ranks_seen = seen_before | ctx.ranks_seen
    if trace_before is not None:
        trace_before.extend(ctx.trace or [])
    ctx.trace = trace_before
    return claim


def _claim(ctx: Context, plan: Plan) -> Claim:
    if not ctx.facts.jobs:
        if ctx.facts.read("job.exists").presence == "said":
            return Claim(NOTHING, NOTHING, ([], []), NOTHING)
        stop = absent(ctx.facts.read("job.hours_per_week").path)
        return Claim(stop, stop, ([], []), NOTHING)
    unpaid, due, barred = [], [], []
    low_pieces: list[Piece] = []
    high_pieces: list[Piece] = []
    fuzzy = False
    cut = plan.not_before(ctx).day if plan.not_before is not None else None
    for index, job in ctx.facts.jobs:
        one = JobWork(ctx, plan, index, job, cut)
        if one.stop is not None:
            unpaid.append(one.stop)
            due.append(one.stop)
            continue
        low, low_due, ledger = one.scenario(False)
        high, high_due, other = one.scenario(True) if one.fuzzy else (low, low_due, ledger)
        fuzzy = fuzzy or one.fuzzy
        extra = [Value(missing=frozenset(one.refining), gaps=frozenset(one.gaps))]
        unpaid.append(carry(_join(low, high), extra))
        due.append(carry(_join(low_due, high_due), extra))
        low_pieces.extend(ledger.pieces)
        high_pieces.extend(other.pieces)
        barred += [v for v in ledger.barred if v.known]
    return Claim(quantity.add(unpaid), quantity.add(due), (low_pieces, high_pieces if fuzzy else low_pieces),
                 quantity.add(barred) if barred else NOTHING)


def _join(low: Value, high: Value) -> Value:
    if low is high or not (low.known and high.known):
        return low if not low.known else high
    top = None if high.high is None else max(high.high, low.low)
    return carry(Value(low=min(low.low, high.low), high=top), [low, high])


class JobWork:
    """One job, cut into pieces."""

    def __init__(self, ctx: Context, plan: Plan, index: int, job: Work, cut: DateRange | None = None) -> None:
        """`cut` is the first day of work that can still be claimed."""
        self.ctx, self.plan, self.index, self.job = ctx, plan, index, job
        self.prefix = f"work[{index}]"
        self.cut = cut
        self.refining: set[str] = set()
        self.gaps: set[str] = set()
        self.stop: Value | None = None
        self.hours: NumberRange | None = None
        self.span = self._span()
        needed = self._needed()
        if needed:
            self.stop = absent(*needed)
            return
        if self.span is None or (self.hours is None and not isinstance(job.hours_total, NumberRange)):
            self.stop = unknown("unsaid")
            return
        self.overtime = next((bands for test, bands in plan.overtime_for if test.fits(job)), plan.overtime)
        if plan.overtime_for and job.employer_kind is None:
            self.refining.add(f"{self.prefix}.employer_kind")
        if plan.agreed and job.agreed is None:
            self.refining.add(f"{self.prefix}.agreed")
        self.birth = ctx.facts.day("person.birth_year")
        self._age_used = any(p.by == "age" for p in [*(r.parameter for r in plan.rates), plan.factor] if p)
        if self._age_used:
            self.refining |= age_key(ctx, on_day(ctx.on))[1]

    # -- facts of the job ---------------------------------------------------------------------------------

    def _span(self) -> DateRange | None:
        """Earliest start to latest end; the ends of the exploitation stand in for those of the only job."""
        alone = len(self.ctx.facts.jobs) == 1
        start, end = self.job.start, self.job.end
        if not isinstance(start, DateRange):
            start = self.ctx.facts.day("act.start") if alone and start is None else None
        if not isinstance(end, DateRange):
            end = self.ctx.facts.day("act.end") if alone and end is None else None
        self.start, self.end = start, end
        if start is None or end is None:
            return None
        return DateRange(start.earliest, max(start.earliest, min(end.latest, self.ctx.on)))

    def _needed(self) -> list[str]:
        needed = []
        alone = len(self.ctx.facts.jobs) == 1
        for name, found in (("start", self.start), ("end", self.end)):
            said = getattr(self.job, name)
            if found is None and said is None and not (alone and self.ctx.facts.read(f"act.{name}").presence == "unsaid"):
                needed.append(self.ctx.facts.read(f"act.{name}").path if alone else f"{self.prefix}.{name}")
        if self.job.paid is None:
            needed.append(f"{self.prefix}.paid")
        self.hours = self._weekly_hours()
        if self.hours is None and self.job.hours_total is None:
            needed.append(f"{self.prefix}.hours_per_week")
        return needed

    def _weekly_hours(self) -> NumberRange | None:
        job = self.job
        if isinstance(job.hours_per_week, NumberRange):
            return job.hours_per_week
        if isinstance(job.pattern, dict):
            hours = sum((_span_hours(s) for spans in job.pattern.values() for s in spans), ZERO)
            return NumberRange(hours, hours)
        if isinstance(job.hours_per_day, NumberRange):
            days = job.days_per_week if isinstance(job.days_per_week, NumberRange) else NumberRange(Decimal(1), SEVEN)
            if job.days_per_week is None:
                self.refining.add(f"{self.prefix}.days_per_week")
            return NumberRange(job.hours_per_day.low * days.low, job.hours_per_day.high * days.high)
        if isinstance(job.hours_per_week, Unsaid) or isinstance(job.hours_per_day, Unsaid):
            return NumberRange(Decimal(1), Decimal(112))
        return None

    @property
    def fuzzy(self) -> bool:
        """Whether the lowest and the highest claim differ."""
        assert self.start is not None and self.end is not None
        exact_pay = isinstance(self.job.paid, list) and all(
            isinstance(p.amount, NumberRange) and p.amount.low == p.amount.high for p in self.job.paid)
        total = self.job.hours_total
        return not (self.start.exact and self.end.exact and exact_pay
                    and (self.cut is None or self.cut.exact)
                    and (self.hours is None or self.hours.low == self.hours.high)
                    and (not isinstance(total, NumberRange) or total.low == total.high)
                    and not isinstance(total, Unsaid)
                    and (not self._age_used or (self.birth is not None and self.birth.exact))
                    and (not isinstance(self.job.agreed, Pay) or isinstance(self.job.agreed.amount, NumberRange))
                    and not isinstance(self.job.agreed, Unsaid))

    # -- one scenario -------------------------------------------------------------------------------------

    def scenario(self, high: bool) -> tuple[Value, Value, Ledger]:
        """(unpaid, due, ledger) with the facts that favour the claim (`high`) or the ones that do not."""
        assert self.start is not None and self.end is not None and self.span is not None
        first = self.start.earliest if high else self.start.latest
        last = min(self.end.latest if high else self.end.earliest, self.span.latest)
        ledger = Ledger()
        if last < first:
            return NOTHING, NOTHING, ledger
        ledger.days = (last - first).days + 1
        cut = None if self.cut is None else (self.cut.earliest if high else self.cut.latest)
        for a, b in self._pieces(first, last, cut):
            if cut is not None and b < cut:
                ledger.barred_days += (b - a).days + 1
            self._work_piece(a, b, ledger, high, barred=cut is not None and b < cut)
        if ledger.barred_days and cut is not None and (high or not self.fuzzy):
            self.gaps.add(f"barred:{first.isoformat()}:{(cut - DAY).isoformat()}")
        unpaid = quantity.add([p.unpaid for p in ledger.pieces]) if ledger.pieces else NOTHING
        return self._less_totals(unpaid, ledger, high), quantity.add(ledger.due) if ledger.due else NOTHING, ledger

    def _pieces(self, first: date, last: date, cut: date | None) -> list[tuple[date, date]]:
        """Stretches of days in which nothing changes."""
        edges: set[date] = set()
        plan = self.plan
        for parameter in [*(r.parameter for r in plan.rates), plan.factor, plan.offset]:
            if parameter is not None:
                edges.update(parameter.changes_between(first, last))
        if self._age_used and self.birth is not None:
            for day in (self.birth.earliest, self.birth.latest):
                young, old = age_on(day, first), age_on(day, last)
                edges.update(birthday(day, age) for age in range(young + 1, min(old, young + 40) + 1))
        pays = self.job.paid if isinstance(self.job.paid, list) else []
        periodic = [*pays, self.job.agreed, self.job.usual_wage]
        if plan.monthly or any(isinstance(p, Pay) and p.per == "month" for p in periodic):
            day = end_of_month(first) + DAY
            while day <= last:
                edges.add(day)
                day = end_of_month(day) + DAY
        for pay in pays:
            edges.update(_edge(pay.from_, pay.to))
        for gap in self.job.absences if isinstance(self.job.absences, list) else []:
            edges.update(_edge(gap.start or gap.from_, gap.end or gap.to))
        if cut is not None:
            edges.add(cut)
        starts = [first, *sorted(e for e in edges if first < e <= last)]
        return [(s, (starts[i + 1] - DAY) if i + 1 < len(starts) else last) for i, s in enumerate(starts)]

    def _fraction(self, a: date, days: int) -> Decimal:
        """How many weeks the stretch counts for."""
        if not self.plan.monthly:
            return days / SEVEN
        assert self.plan.weeks_per_month is not None
        weeks = self.plan.weeks_per_month(self.ctx)
        return weeks.low * days / Decimal(days_in_month(a))

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
        return max(ZERO, hours - self._absent_hours(a, b, hours, days)), weeks

    def _absent_hours(self, a: date, b: date, hours: Decimal, days: int) -> Decimal:
        lost = ZERO
        for gap in self.job.absences if isinstance(self.job.absences, list) else []:
            start, end = gap.start or gap.from_, gap.end or gap.to
            if not isinstance(start, DateRange):
                continue
            last = end.latest if isinstance(end, DateRange) else start.latest
            overlap = (min(last, b) - max(start.earliest, a)).days + 1
            if overlap <= 0:
                continue
            whole = (last - start.earliest).days + 1
            lost += (gap.hours.high * overlap / whole) if isinstance(gap.hours, NumberRange) else hours * overlap / days
        return lost

    def _paid_hours(self, hours: Decimal, weeks: Decimal) -> Value:
        """Hours with overtime counted at its factor: weekly bands, in proportion to the weeks worked."""
        if not self.overtime or weeks <= 0 or isinstance(self.job.hours_total, NumberRange):
            return Value(low=hours, high=hours)
        per_week = hours / weeks
        parts = []
        limits = [(band.over(self.ctx), band.factor(self.ctx)) for band in self.overtime]
        floor, factor = ZERO, Value(low=Decimal(1), high=Decimal(1))
        for over, next_factor in [*limits, (None, None)]:
            ceiling = per_week if over is None or not over.known else min(per_week, over.low)
            if ceiling > floor:
                width = (ceiling - floor) * weeks
                parts.append(quantity.times([Value(low=width, high=width), factor]))
                floor = ceiling
            if over is None or next_factor is None:
                break
            factor = next_factor
        return quantity.add(parts) if parts else NOTHING

    def _rate(self, day: date) -> Value:
        """The best of the rates that hold on a day, by age where the law goes by age."""
        values = []
        for rate in self.plan.rates:
            if not rate.test.fits(self.job):
                if rate.test.employer_kind and self.job.employer_kind is None:
                    self.refining.add(f"{self.prefix}.employer_kind")
                continue
            values.append(self._figure(rate.parameter, day, "rate"))
        if not values:
            return unknown("no_rate")
        best = quantity.greatest(values) if len(values) > 1 else values[0]
        if self.plan.factor is None:
            return best
        if self.plan.factor_unless is not None:
            truth = self.plan.factor_unless(self.ctx)
            if truth.value:
                return best
        return quantity.times([best, self._figure(self.plan.factor, day, "factor")])

    def _figure(self, parameter: DatedParameter, day: date, op: str) -> Value:
        key: Key = age_key(self.ctx, on_day(day))[0] if parameter.by == "age" else None
        found = parameter.look_up(day, self.ctx.on, self.ctx.limit, key)
        note_found(self.ctx, parameter, found, op)
        return found.value

    def _end(self, value: Value, high: bool) -> Value:
        """One end of a rate range, so that a scenario works with one number."""
        if not value.known or value.exact:
            return value
        end = value.high if high and value.high is not None else value.low
        return carry(Value(low=end, high=end), [value])

    def legal_due(self, a: date, hours: Decimal, weeks: Decimal, high: bool) -> Value:
        """Pay due by the legal rates for a stretch."""
        rate = self._end(self._rate(a), high)
        return quantity.times([rate, self._paid_hours(hours, weeks)]) if rate.known else rate

    def promised_due(self, a: date, hours: Decimal, weeks: Decimal, days: int, high: bool) -> list[Value]:
        """Pay due by what was promised or is usual for such work, where the pack counts it."""
        if not self.plan.agreed:
            return []
        paid_hours = self._paid_hours(hours, weeks)
        found = [self._promised(pay, a, hours, paid_hours, days, high) for pay in (self.job.agreed, self.job.usual_wage)]
        return [value for value in found if value is not None]

    def due(self, a: date, hours: Decimal, weeks: Decimal, days: int, high: bool) -> Value:
        """Pay due for a stretch: the best of the legal rate, the promised and the usual pay."""
        return quantity.greatest([self.legal_due(a, hours, weeks, high), *self.promised_due(a, hours, weeks, days, high)])

    def _promised(self, pay: Any, a: date, hours: Decimal, paid_hours: Value, days: int, high: bool) -> Value | None:
        if not isinstance(pay, Pay) or not isinstance(pay.amount, NumberRange):
            return None
        amount = pay.amount.high if high else pay.amount.low
        if pay.per == "hour":
            return quantity.times([Value(low=amount, high=amount), paid_hours])
        money = self._periodic(amount, pay.per, a, hours, days, high)
        return None if money is None else Value(low=money, high=money)

    def _periodic(self, amount: Decimal, per: str | None, a: date, hours: Decimal, days: int,
                  most: bool) -> Decimal | None:
        if per == "hour":
            return amount * hours
        if per == "day":
            known = self.job.days_per_week
            week = (known.high if most else known.low) if isinstance(known, NumberRange) else (SEVEN if most else Decimal(1))
            if known is None:
                self.refining.add(f"{self.prefix}.days_per_week")
            return amount * week * days / SEVEN
        if per == "week":
            return amount * days / SEVEN
        if per == "month":
            return amount * days / Decimal(days_in_month(a))
        return None

    def _paid(self, a: date, b: date, hours: Decimal, days: int, high: bool) -> Decimal | None:
        """Periodic pay received in the stretch; None = it may have been anything."""
        if not isinstance(self.job.paid, list):
            return ZERO if high else None
        total = ZERO
        for pay in self.job.paid:
            if pay.per in (None, "total") or not _holds(pay, a, b):
                continue
            if not isinstance(pay.amount, NumberRange):
                if not high:
                    return None
                continue
            amount = pay.amount.low if high else pay.amount.high
            total += self._periodic(amount, pay.per, a, hours, days, not high) or ZERO
        return total

    def _housing(self, a: date, days: int, high: bool) -> Value:
        """The housing amount that counts as pay: the whole offset when housing was free, what is left of it when a
        charge was below or above it (a charge above takes pay away)."""
        home = self.job.accommodation
        if self.plan.offset is None:
            return NOTHING
        if home is None:
            self.refining.add(f"{self.prefix}.accommodation.nights_per_week")
            return NOTHING
        if isinstance(home, Unsaid) or home.provided is not True:
            return NOTHING
        offset = self._figure(self.plan.offset, a, "offset")
        nights = home.nights_per_week if isinstance(home.nights_per_week, NumberRange) else NumberRange(
            SEVEN if home.nights_per_week is None else ZERO, SEVEN)
        count = (nights.low if high else nights.high) * days / SEVEN
        if not offset.known:
            return offset
        charge = _nightly(home.charged)
        counted = offset.low if charge is None or charge == 0 else (ZERO if charge < offset.low else offset.low - charge)
        amount = counted * count
        return carry(Value(low=amount, high=amount), [offset])

    def _work_piece(self, a: date, b: date, ledger: Ledger, high: bool, barred: bool) -> None:
        """What is unpaid for a stretch. Housing counts as pay, and arrears are uprated, only against the legal rate."""
        days = (b - a).days + 1
        hours, weeks = self._piece_hours(a, b, high)
        legal = self.legal_due(a, hours, weeks, high)
        promised = self.promised_due(a, hours, weeks, days, high)
        paid = self._paid(a, b, hours, days, high)
        housing = self._housing(a, days, high)
        by_law = _unpaid(legal, paid, housing)
        unpaid = quantity.greatest([by_law if barred else self._uprated(by_law, a, high),
                                    *(_unpaid(p, paid, NOTHING) for p in promised)])
        due = quantity.greatest([legal, *promised])
        self.ctx.note(f"{a.isoformat()}..{b.isoformat()}", "back_pay",
                      {"days": days, "hours": hours, "due": due, "paid": paid, "housing": housing}, unpaid)
        if barred:
            ledger.barred.append(unpaid)
            return
        ledger.due.append(due)
        ledger.pieces.append(Piece(a, b, unpaid, due))

    def _uprated(self, unpaid: Value, day: date, high: bool) -> Value:
        """Arrears at the rate of the day of the decision where it is higher (arrears / then x now)."""
        if self.plan.uprate is None or self.plan.uprate_at is None or not unpaid.known or unpaid.low == 0 == unpaid.high:
            return unpaid
        moment = self.plan.uprate_at(self.ctx)
        if moment.day is None:
            return unpaid
        key = age_key(self.ctx, on_day(day))[0]
        then = self._figure(self.plan.uprate, day, "rate")
        now = self.plan.uprate.over(moment.day, self.ctx.on, self.ctx.limit, key)
        note_found(self.ctx, self.plan.uprate, now, "uprate")
        if not (then.known and now.value.known) or then.low <= 0:
            return unpaid
        # Both rates are those of one age: with the age open, the same end of each range.
        later = quantity.times([unpaid, quantity.divide(self._end(now.value, high), self._end(then, high))])
        return quantity.greatest([unpaid, later])

    def _less_totals(self, unpaid: Value, ledger: Ledger, high: bool) -> Value:
        """Payments known only as one sum for the whole job, in proportion to the days still claimable."""
        sums = [p for p in self.job.paid if p.per in (None, "total")] if isinstance(self.job.paid, list) else []
        if not sums or not unpaid.known or not ledger.days:
            return unpaid
        share = Decimal(ledger.days - ledger.barred_days) / ledger.days
        total = ZERO
        for pay in sums:
            if not isinstance(pay.amount, NumberRange):
                if not high:
                    return carry(NOTHING, [unpaid])
                continue
            total += (pay.amount.low if high else pay.amount.high) * share
        self.ctx.note("paid_in_total", "minus", {"paid": total}, unpaid)
        return quantity.greatest([quantity.minus(unpaid, Value(low=total, high=total)), NOTHING])

    def week_due(self, day: date, high: bool) -> Value:
        """Pay due for one week of seven days with the rate of `day`."""
        assert self.hours is not None or isinstance(self.job.hours_total, NumberRange)
        if self.hours is None:
            return unknown("weekly_hours")
        hours = self.hours.high if high else self.hours.low
        return self.due(day, hours, Decimal(1), 7, high)


def _unpaid(due: Value, paid: Decimal | None, housing: Value) -> Value:
    """Due less received, never below nothing; when anything may have been paid, nothing is sure to be owed."""
    if paid is None:
        return carry(NOTHING, [due]) if due.known else due
    left = quantity.minus(due, Value(low=paid, high=paid), housing)
    return quantity.greatest([left, NOTHING]) if left.known else left


def _edge(start: Any, end: Any) -> set[date]:
    edges = set()
    if isinstance(start, DateRange):
        edges.add(start.earliest)
    if isinstance(end, DateRange):
        edges.add(end.latest + DAY)
    elif isinstance(start, DateRange):
        edges.add(start.latest + DAY)
    return edges


def _holds(pay: Pay, a: date, b: date) -> bool:
    after = not isinstance(pay.from_, DateRange) or b >= pay.from_.earliest
    before = not isinstance(pay.to, DateRange) or a <= pay.to.latest
    return after and before


def _nightly(charged: Any) -> Decimal | None:
    """A charge for housing per night; None = none said."""
    if not isinstance(charged, Pay) or not isinstance(charged.amount, NumberRange):
        return None
    divisor = {"week": SEVEN, "month": Decimal(365) / 12}.get(charged.per or "day", Decimal(1))
    return charged.amount.high / divisor


def _span_hours(span: str) -> Decimal:
    """`13:00-01:00` -> 12: a span may pass midnight."""
    start, end = span.split("-")
    minutes = [int(t[:2]) * 60 + int(t[3:]) for t in (start, end)]
    length = (minutes[1] - minutes[0]) % 1440
    return Decimal(length if length or minutes[0] != minutes[1] else 1440) / 60
