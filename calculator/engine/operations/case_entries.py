"""What the entries of a case come to: money received, judgments, losses, incapacity, deductions, days worked.

{received: {from: [...], for: [...]}} {awarded: {of: damages, courts: [...]}} {award_paid: {by: date}} {losses: [kinds]}
{incapacity_days: {...}} {deductions: [...]} {work_days: {}}
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from calculator import quantity, vocabulary
from calculator.case.model import LOSS_KINDS, Received
from calculator.case.values import NumberRange, Unsaid
from calculator.dates import DateRange, days_in_month, end_of_month
from calculator.engine.facts.converting import Converted, NoRate
from calculator.engine.figures import units
from calculator.engine.language.expressions import Compiled, compile_day, compile_value, operation
from calculator.engine.language.needs import Looks
from calculator.engine.language.run import REFERENCE_RATES, Context, TraceEntry
from calculator.engine.language.scope import Scope
from calculator.quantity import NOTHING, ZERO, Confidence, Value, absent, unknown


@operation("received", looks=Looks.CASE)
def _received(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Money already received: `from` who, `for` which heads of damage (all when not given), `same_route`: on this claim. What the case
    does not say to be surely this is no business of one head: the engine takes it off once (`calculator.engine.routes.paid`)."""
    taking = taking_of(raw or {}, scope)
    if taking.same_route:
        scope.needs.look(Looks.ROUTE)

    def evaluate(ctx: Context) -> Value:
        items = ctx.facts.case.procedure.received
        if not isinstance(items, list):
            return NOTHING
        total = quantity.add([NOTHING, *(amount_of(item.amount, ctx) for item in items if taking.takes(item, ctx.route))])
        ctx.note("received", "received", {}, total)
        return total

    return Compiled(evaluate, units.unit(scope.currency))


class Taking(NamedTuple):
    """Which of the money received a formula takes off by itself: from these senders, for these purposes (any where there are none)."""

    senders: frozenset[str]
    purposes: frozenset[str]
    same_route: bool

    def takes(self, item: Received, route: str) -> bool:
        """Whether the money is surely this. What is not surely this is taken off once, over all heads (`calculator.engine.routes.paid`)."""
        if self.same_route and item.route not in (None, route):
            return False
        return _fits(self.senders, item.from_) and _fits(self.purposes, purpose_of(item))


def _fits(wanted: frozenset[str], said: object) -> bool:
    return not wanted or said in wanted


def purpose_of(item: Received) -> str | None:
    """What money was for, in the vocabulary's word; None where that was not said, or in words of its own."""
    said = item.for_
    if not isinstance(said, str) or isinstance(said, Unsaid):
        return None
    return vocabulary.same_purpose().get(said, said) if said in _purposes() else None


@cache
def _purposes() -> frozenset[str]:
    return frozenset((*vocabulary.heads(), *vocabulary.purposes(), *LOSS_KINDS))


def taking_of(raw: dict[str, Any], scope: Scope) -> Taking:
    """What stands under `received`. Raises PackError for a purpose that the vocabulary does not have."""
    known = _purposes()
    for name in raw.get("for", []):
        if name not in known:
            raise scope.inside("for").unknown_name("purpose", name, known)
    same = vocabulary.same_purpose()
    return Taking(frozenset(raw.get("from", [])), frozenset(same.get(name, name) for name in raw.get("for", [])), bool(raw.get("same_route")))


def amount_of(raw: Any, ctx: Context | None = None) -> Value:
    """An amount as written in a case: a range; not said = anything from nothing up; in other money = derived by its rate, which is
    left in the trace of `ctx`, or a gap."""
    if isinstance(raw, Converted):
        value = Value(low=raw.low, high=raw.high, rank=Confidence.derived)
        if ctx is not None:
            note_rate(ctx, raw, value)
        return value
    if isinstance(raw, NumberRange):
        return Value(low=raw.low, high=raw.high)
    if isinstance(raw, NoRate):
        return unknown(raw.gap)
    return Value(low=ZERO, high=None) if isinstance(raw, Unsaid) else NOTHING


def note_rate(ctx: Context, amount: Converted, value: Any) -> None:
    """Leave in the trace by which rate, of which days, an amount was turned into the State's money."""
    if ctx.trace is not None:
        ctx.trace.append(rate_entry(amount, value))


def rate_entry(amount: Converted, value: Any) -> TraceEntry:
    """One line of the trace: a rate, its days, and where it can be read."""
    rate = amount.rate
    told = Value(low=amount.told.low, high=amount.told.high)
    inputs = {rate.of: told, "rate": rate.rate, "from": rate.first, "to": rate.last, "last_known": rate.late}
    return TraceEntry(rate.to, "exchange", inputs, value, valid_from=rate.first, source=REFERENCE_RATES)


def courts_of(raw: dict[str, Any], scope: Scope) -> frozenset[str]:
    known = ("criminal", "civil", "labour")
    for court in raw.get("courts", known):
        if court not in known:
            raise scope.inside("courts").unknown_name("kind of court", court, known)
    return frozenset(raw.get("courts", known))


@operation("awarded", looks=Looks.CASE)
def _awarded(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """What courts of the named kinds awarded: `of` damages (else costs), `courts` criminal, civil or labour."""
    raw = raw or {}
    courts, kind = courts_of(raw, scope), raw.get("of", "damages")
    if kind not in ("damages", "costs"):
        raise scope.inside("of").unknown_name("kind of award", kind, ["damages", "costs"])

    def evaluate(ctx: Context) -> Value:
        reading = ctx.facts.read(f"award.{kind}")
        awards = ctx.facts.case.procedure.awards
        if not isinstance(awards, list) or not awards:
            return absent(reading.path) if awards is None else (Value(low=ZERO, high=None) if awards else NOTHING)
        here = [a for a in awards if a.country in (None, ctx.facts.country) and (a.court is None or a.court in courts)]
        parts = [amount_of(getattr(a, kind), ctx) for a in here]
        return quantity.add(parts) if parts else NOTHING

    return Compiled(evaluate, units.unit(scope.currency))


@operation("award_paid", looks=Looks.CASE)
def _award_paid(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """What the offender paid on judgments (of the named `courts`), up to the day `by`; a payment without a date counts."""
    raw = raw or {}
    by, courts = compile_day(raw.get("by", "on"), scope.inside("by")), courts_of(raw, scope)

    def evaluate(ctx: Context) -> Value:
        limit = by(ctx).day
        awards = ctx.facts.case.procedure.awards
        total = NOTHING
        for award in awards if isinstance(awards, list) else []:
            if award.court is not None and award.court not in courts:
                continue
            for payment in award.paid if isinstance(award.paid, list) else []:
                late = limit is not None and isinstance(payment.date, DateRange) and payment.date.earliest > limit.latest
                if not late:
                    total = quantity.add([total, amount_of(payment.amount, ctx)])
        ctx.note("award_paid", "award_paid", {}, total)
        return total

    return Compiled(evaluate, units.unit(scope.currency))


@operation("losses", looks=Looks.CASE)
def _losses(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Costs of the named kinds, less what was paid back (`losses` of the case); with `gross`, what others paid stays in."""
    kinds = set(raw if isinstance(raw, list) else [raw])
    for kind in kinds:
        if kind not in (*LOSS_KINDS, "any"):
            raise scope.unknown_name("kind of loss", kind, [*LOSS_KINDS, "any"])
    gross = bool(whole.get("gross", False))

    def evaluate(ctx: Context) -> Value:
        items = ctx.facts.case.losses
        if items is None:
            return absent("losses")
        if isinstance(items, Unsaid):
            return Value(low=ZERO, high=None)
        parts: list[Value] = []
        for item in items:
            if item.kind in kinds or "any" in kinds:
                left = amount_of(item.amount, ctx)
                if not gross and left.known:
                    left = quantity.not_below_zero(quantity.minus(left, amount_of(item.reimbursed)))
                parts.append(left)
        total = quantity.add(parts) if parts else NOTHING
        ctx.note("losses", "losses", {"kinds": sorted(kinds)}, total)
        return total

    return Compiled(evaluate, units.unit(scope.currency))


@operation("incapacity_days", looks=Looks.CASE)
def _incapacity_days(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Days of incapacity (`harm.incapacity`): each counted by its percentage, or, with `from_percent`, in full when it
    reaches that percentage. `after_days` leaves out the first days. A period without a percentage counts as total."""
    settings = raw if isinstance(raw, dict) else {}
    threshold = settings.get("from_percent")
    after = compile_value(settings.get("after_days", 0), scope.inside("after_days"))

    def evaluate(ctx: Context) -> Value:
        periods = ctx.facts.case.harm.incapacity
        if periods is None:
            return absent("harm.incapacity")
        if isinstance(periods, Unsaid):
            return Value(low=ZERO, high=None)
        total = quantity.add([_incapacity(p, threshold) for p in periods]) if periods else NOTHING
        left = quantity.not_below_zero(quantity.minus(total, after.evaluate(ctx)))
        ctx.note("incapacity_days", "incapacity_days", {"days": total}, left)
        return left

    return Compiled(evaluate, None)


def _incapacity(period: Any, threshold: Any) -> Value:
    if not isinstance(period.from_, DateRange) or not isinstance(period.to, DateRange):
        return Value(low=ZERO, high=None)
    low = Decimal(max(0, (period.to.earliest - period.from_.latest).days + 1))
    high = Decimal((period.to.latest - period.from_.earliest).days + 1)
    percent = period.percent
    if percent is None:
        percent = NumberRange(Decimal(100), Decimal(100))
    if isinstance(percent, Unsaid):
        return Value(low=ZERO, high=high)
    if threshold is None:
        return Value(low=low * percent.low / 100, high=high * percent.high / 100)
    return Value(low=low if percent.low >= threshold else ZERO, high=high if percent.high >= threshold else ZERO)


@operation("deductions", looks=Looks.CASE)
def _deductions(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Money the employer kept back from pay, of the named kinds, over the whole of each job."""
    kinds = set(raw if isinstance(raw, list) else [raw])

    def evaluate(ctx: Context) -> Value:
        if not ctx.facts.jobs:
            return absent(ctx.facts.read("job.deductions").path)
        parts = [NOTHING]
        for index, job in ctx.facts.jobs:
            if job.deductions is None:
                return absent(f"work[{index}].deductions")
            if isinstance(job.deductions, Unsaid):
                parts.append(Value(low=ZERO, high=None))
                continue
            parts += [_kept_back(ctx, index, job, one) for one in job.deductions if "any" in kinds or one.kind in kinds]
        total = quantity.add(parts)
        ctx.note("deductions", "deductions", {"kinds": sorted(kinds)}, total)
        return total

    return Compiled(evaluate, units.unit(scope.currency))


def _kept_back(ctx: Context, index: int, job: Any, one: Any) -> Value:
    amount = amount_of(one.amount, ctx)
    if one.per in (None, "total"):
        return amount
    if one.per == "hour":
        return unknown("deduction_per_hour")
    start, end = job.start, job.end
    if not isinstance(start, DateRange) or not isinstance(end, DateRange):
        asked = [name for name, day in (("start", start), ("end", end)) if day is None]
        return absent(*(f"work[{index}].{name}" for name in asked)) if asked else Value(low=ZERO, high=None)
    low = _often(one.per, start.latest, min(end.earliest, ctx.on))
    high = _often(one.per, start.earliest, min(end.latest, ctx.on))
    return quantity.times([amount, Value(low=low, high=high)])


def _often(per: str, first: date, last: date) -> Decimal:
    """How many days, weeks or calendar months lie between two days, parts of a month by its own length."""
    if last < first:
        return ZERO
    if per != "month":
        return Decimal((last - first).days + 1) / (7 if per == "week" else 1)
    months, start = ZERO, first
    while start <= last:
        end = min(end_of_month(start), last)
        months += Decimal((end - start).days + 1) / days_in_month(start)
        start = end + timedelta(days=1)
    return months


@operation("work_days", looks=Looks.CASE)
def _work_days(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Days worked in all jobs: the days from first to last, times the days worked in a week."""

    def evaluate(ctx: Context) -> Value:
        if not ctx.facts.jobs:
            return absent(ctx.facts.read("job.days_per_week").path)
        parts = [NOTHING]
        alone = len(ctx.facts.jobs) == 1
        for index, job in ctx.facts.jobs:
            start = job.start or (ctx.facts.day("act.start") if alone else None)
            end = job.end or (ctx.facts.day("act.end") if alone else None)
            needed = [name for name, found in (("start", start), ("end", end), ("days_per_week", job.days_per_week)) if found is None]
            if needed:
                return absent(*(f"work[{index}].{name}" for name in needed))
            if not isinstance(start, DateRange) or not isinstance(end, DateRange):
                parts.append(Value(low=ZERO, high=None))
                continue
            a_week = job.days_per_week if isinstance(job.days_per_week, NumberRange) else NumberRange(Decimal(1), Decimal(7))
            low = Decimal(max(0, (min(end.earliest, ctx.on) - start.latest).days + 1))
            high = Decimal(max(0, (min(end.latest, ctx.on) - start.earliest).days + 1))
            parts.append(Value(low=low * a_week.low / 7, high=high * a_week.high / 7))
        return quantity.add(parts)

    return Compiled(evaluate, None)
