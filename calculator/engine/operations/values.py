"""The operations of the step language: each takes values to a value, keeps ranges, and leaves a trace.

    3            "8.50"            step_name            fact.id            {param: id, at: act, key: fact}
    {sum: [...]} {minus: [a, b]} {times: [...]} {divide: [a, b]} {percent: [share, of]}
    {least_of: [...]} {greatest_of: [...]} {first_known: [...]} {round: a, to: "1", mode: half_up}
    {if: condition, then: a, else: b}      {range: {low: a, high: b}}      {scale: a}      {unknown: "why"}
    {ranked: {tariff: id, of: harm.injuries, weights: id, ...}}     {same_again: a, unless: condition}
    {head: name} {route: id} {received: {for: [...]}} {losses: [kinds]} {incapacity_days: {...}} {months|days|weeks: {from, to}}
    {back_pay: {...}} {monthly: {...}} {interest: {...}} and others      (modules of their own, `work` and beside this one)

Any operation may carry `at_least`, `at_most` and `not_below_zero`. How deep they may stand in each other: `scope.DEEPEST`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from calculator import quantity, vocabulary
from calculator.case.values import read_decimal
from calculator.engine.figures import units
from calculator.engine.figures.units import Unit
from calculator.engine.language.expressions import Compiled, Compiler, compile_condition, compile_day, compile_value, operation
from calculator.engine.language.needs import Looks
from calculator.engine.language.run import Context
from calculator.engine.language.scope import Scope
from calculator.engine.language.tried import recorded
from calculator.quantity import EXCLUDED, NOTHING, ZERO, Value, absent, carry, number, unknown

#: What an age that was asked and not said may be at most.
OLDEST = Decimal(110)


def _list(raw: Any, scope: Scope, at_least: int = 1) -> list[Compiled]:
    if not isinstance(raw, list) or len(raw) < at_least:
        raise scope.fault("This operation takes a list of {count} or more values.", "Write [a, b].", count=at_least)
    return [compile_value(part, scope.inside(i)) for i, part in enumerate(raw)]


def _one_unit(parts: list[Compiled], scope: Scope) -> Unit:
    same, unit = units.agree(p.unit for p in parts)
    if not same:
        raise scope.fault(
            "Values in different units are put together: {found}.",
            "Bring them to one unit first, for example with times.",
            found=", ".join(units.text(p.unit) for p in parts),
        )
    return unit


def _gathered(combine: Callable[[list[Value]], Value]) -> Compiler:
    def compiler(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
        parts = _list(raw, scope)
        unit = _one_unit(parts, scope)
        evaluates = [p.evaluate for p in parts]
        return Compiled(lambda ctx: combine([evaluate(ctx) for evaluate in evaluates]), unit)

    return compiler


operation("better_of", looks=Looks.OPERANDS)(_gathered(quantity.better))
operation("sum", looks=Looks.OPERANDS)(_gathered(quantity.add))
operation("least_of", looks=Looks.OPERANDS)(_gathered(quantity.least))
operation("greatest_of", looks=Looks.OPERANDS)(_gathered(quantity.greatest))


@operation("minus", looks=Looks.OPERANDS)
def _minus(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    parts = _list(raw, scope, 2)
    unit = _one_unit(parts, scope)
    floor = whole.get("not_below_zero", False)
    evaluates = [p.evaluate for p in parts]

    def evaluate(ctx: Context) -> Value:
        value = quantity.minus(*[one(ctx) for one in evaluates])
        return quantity.not_below_zero(value) if floor and value.state == "known" else value

    return Compiled(evaluate, unit)


@operation("times", looks=Looks.OPERANDS)
def _times(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    parts = _list(raw, scope, 2)
    unit = units.multiply(p.unit for p in parts)
    evaluates = [p.evaluate for p in parts]
    return Compiled(lambda ctx: quantity.times([evaluate(ctx) for evaluate in evaluates]), unit)


@operation("divide", looks=Looks.OPERANDS)
def _divide(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    parts = _list(raw, scope, 2)
    unit = units.multiply([parts[0].unit, units.inverse(parts[1].unit)])
    return Compiled(lambda ctx: quantity.divide(parts[0].evaluate(ctx), parts[1].evaluate(ctx)), unit)


@operation("percent", looks=Looks.OPERANDS)
def _percent(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    share, of = _list(raw, scope, 2)
    hundred = number(Decimal("0.01"))
    return Compiled(lambda ctx: quantity.times([share.evaluate(ctx), hundred, of.evaluate(ctx)]), of.unit)


@operation("first_known", looks=Looks.OPERANDS)
def _first_known(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    parts = _list(raw, scope)
    unit = _one_unit(parts, scope)

    def evaluate(ctx: Context) -> Value:
        skipped: list[Value] = []
        for part in parts:
            found = part.evaluate(ctx)
            if found.known:
                # What would have come first, had it been asked, may still be asked.
                return quantity.awaiting(found, frozenset().union(*(v.missing for v in skipped))) if skipped else found
            skipped.append(found)
        return skipped[-1]

    return Compiled(evaluate, unit)


@operation("said_or", looks=Looks.OPERANDS)
def _said_or(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """A fact where the case says it, else the second value, whether nobody asked or nobody knows (CH: agreed hours)."""
    if not isinstance(raw, list) or len(raw) != 2 or raw[0] not in vocabulary.facts():
        raise scope.fault("This operation takes a fact and a value.", "Write {{said_or: [job.agreed_hours_per_week, 42]}}.")
    fact, other = _list(raw, scope)
    unit = _one_unit([fact, other], scope)

    def evaluate(ctx: Context) -> Value:
        reading = ctx.facts.read(str(raw[0]), ctx.route)
        if reading.presence == "said":
            return fact.evaluate(ctx)
        value = other.evaluate(ctx)
        return quantity.awaiting(value, frozenset([reading.path])) if reading.presence == "absent" else value

    return Compiled(evaluate, unit)


@operation("taper", looks=Looks.OPERANDS)
def _taper(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """An amount in full up to one income, falling to nothing at another (CH: OHV 6)."""
    for key in ("income", "full_until", "nothing_from"):
        if key not in whole:
            raise scope.fault("A taper needs {key}.", "Write {{taper: amount, income: a, full_until: b, nothing_from: c}}.", key=key)
    amount = compile_value(raw, scope)
    income, full, nothing = (compile_value(whole[key], scope.inside(key)) for key in ("income", "full_until", "nothing_from"))
    return Compiled(
        lambda ctx: quantity.taper(amount.evaluate(ctx), income.evaluate(ctx), full.evaluate(ctx), nothing.evaluate(ctx)), amount.unit
    )


@operation("age", looks=Looks.OPERANDS)
def _age(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Full years of age on a day; missing when nobody asked for the year of birth."""
    at = compile_day(raw, scope)
    scope.needs.read(["person.birth_year"])

    def evaluate(ctx: Context) -> Value:
        moment = at(ctx)
        birth = ctx.facts.read("person.birth_year")
        if moment.day is None or birth.presence == "absent":
            missing = moment.missing | (frozenset([birth.path]) if birth.presence == "absent" else frozenset())
            return absent(*missing) if missing else unknown("age")
        young, old = ctx.facts.age(moment.day.earliest), ctx.facts.age(moment.day.latest)
        if young is None or old is None:
            return Value(low=ZERO, high=OLDEST)
        return Value(low=Decimal(max(0, young[0])), high=Decimal(max(0, old[1])))

    return Compiled(evaluate, None)


@operation("round", looks=Looks.OPERANDS)
def _round(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    inner = compile_value(raw, scope)
    mode = whole.get("mode", "half_up")
    if mode not in quantity.ROUNDINGS:
        raise scope.unknown_name("rounding", mode, quantity.ROUNDINGS)
    to = read_decimal(whole.get("to", 1))
    return Compiled(lambda ctx: quantity.rounded(inner.evaluate(ctx), to, mode), inner.unit)


@operation("if", looks=Looks.OPERANDS)
def _if(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    test = recorded(compile_condition(raw, scope), scope, raw)
    yes = compile_value(whole.get("then"), scope.inside("then"))
    no = compile_value(whole.get("else"), scope.inside("else"))
    unit = _one_unit([yes, no], scope)

    def evaluate(ctx: Context) -> Value:
        truth = test(ctx)
        if truth.rank:
            ctx.ranks_seen |= 1 << truth.rank
        if truth.rank > ctx.least_sure:
            return EXCLUDED
        if truth.value is None:
            value = quantity.hull([yes.evaluate(ctx), no.evaluate(ctx)])
        else:
            value = (yes if truth.value else no).evaluate(ctx)
        if truth.value is None or truth.rank:
            value = carry(value, [Value(missing=truth.missing, rank=truth.rank)])
        return value

    return Compiled(evaluate, unit)


@operation("range", looks=Looks.OPERANDS)
def _range(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """From one value to another; without `high` nothing is known above `low`."""
    low = compile_value(raw.get("low"), scope.inside("low"))
    if "high" not in raw:
        return Compiled(lambda ctx: quantity.open_above(low.evaluate(ctx)), low.unit)
    high = compile_value(raw.get("high"), scope.inside("high"))
    unit = _one_unit([low, high], scope)
    return Compiled(lambda ctx: quantity.hull([low.evaluate(ctx), high.evaluate(ctx)]), unit)


@operation("scale", looks=Looks.HEAD)
def _scale(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """The whole of a scale, because nobody knows where on it the case lies: it is shown beside the sum and never in it."""
    inner = compile_value(raw, scope)

    def evaluate(ctx: Context) -> Value:
        ctx.whole_scale = True
        return inner.evaluate(ctx)

    return Compiled(evaluate, inner.unit)


@operation("unknown", looks=Looks.OPERANDS)
def _unknown(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    return Compiled(lambda ctx: unknown(f"text:{raw}"), None)


@operation("same_again", looks=Looks.OPERANDS)
def _same_again(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """The same amount a second time (liquidated damages), unless a condition holds."""
    inner = compile_value(raw, scope)
    unless = (
        recorded(compile_condition(whole["unless"], scope.inside("unless")), scope.inside("unless"), whole["unless"])
        if "unless" in whole
        else None
    )

    def evaluate(ctx: Context) -> Value:
        value = inner.evaluate(ctx)
        truth = unless(ctx) if unless else None
        if truth is None or truth.value is False:
            return value
        return NOTHING if truth.value else quantity.awaiting(quantity.hull([NOTHING, value]), truth.missing)

    return Compiled(evaluate, inner.unit)


@operation("head", looks=Looks.HEAD)
def _head(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Another head of the same route, worked out before this one."""
    if raw not in scope.heads:
        raise scope.unknown_name("earlier head of this route", raw, scope.heads)

    return Compiled(lambda ctx: ctx.head(raw), scope.heads[raw])


@operation("route", looks=Looks.CASE)
def _route(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """What another route of this pack comes to; `head` picks one of its heads."""
    if raw not in scope.routes:
        raise scope.unknown_name("route", raw, scope.routes)
    head = whole.get("head")

    def evaluate(ctx: Context) -> Value:
        assert ctx.shared.evaluate_route is not None
        other = ctx.shared.evaluate_route(str(raw))
        # Its surer amounts make a line of their own here too.
        for line in other.readable(head):
            ctx.ranks_seen |= 1 << line.rank
        return other.sum_of(head, ctx.least_sure)

    return Compiled(evaluate, units.unit(scope.currency))


def compile_span(unit_name: str, per_day: Callable[[Any, Any], Decimal]) -> Compiler:
    def compiler(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
        start = compile_day(raw["from"], scope.inside("from"))
        end = compile_day(raw["to"], scope.inside("to"))

        def evaluate(ctx: Context) -> Value:
            a, b = start(ctx), end(ctx)
            if a.day is None or b.day is None:
                missing = a.missing | b.missing
                return absent(*missing) if missing else unknown()
            low = max(ZERO, per_day(a.day.latest, b.day.earliest))
            return Value(low=low, high=max(low, per_day(a.day.earliest, b.day.latest)))

        return Compiled(evaluate, None)

    return compiler


def _whole_months(start: Any, end: Any) -> Decimal:
    months = (end.year - start.year) * 12 + end.month - start.month
    return Decimal(months - (end.day < start.day))


operation("days", looks=Looks.OPERANDS)(compile_span("day", lambda a, b: Decimal((b - a).days + 1)))
operation("weeks", looks=Looks.OPERANDS)(compile_span("week", lambda a, b: Decimal((b - a).days + 1) / 7))
operation("years", looks=Looks.OPERANDS)(compile_span("year", lambda a, b: (_whole_months(a, b) / 12).to_integral_value(ROUND_FLOOR)))
operation("months", looks=Looks.OPERANDS)(compile_span("month", _whole_months))
