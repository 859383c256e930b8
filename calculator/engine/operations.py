"""The operations of the step language: each takes values to a value, keeps ranges, and leaves a trace.

    3            "8.50"            step_name            fact.id            {param: id, at: act, key: fact}
    {sum: [...]} {minus: [a, b]} {times: [...]} {divide: [a, b]} {percent: [share, of]}
    {least_of: [...]} {greatest_of: [...]} {first_known: [...]} {round: a, to: "1", mode: half_up}
    {if: condition, then: a, else: b}      {range: {low: a, high: b}}      {unknown: "why"}
    {ranked: {tariff: id, of: harm.injuries, weights: id, ...}}     {same_again: a, unless: condition}
    {head: name} {route: id} {received: {for: [...]}} {losses: [kinds]} {incapacity_days: {...}} {months|days|weeks: {from, to}}
    {back_pay: {...}} {monthly: {...}} {lump_sum: {...}} {interest: {...}}      (their own modules)

Any operation may carry `at_least`, `at_most` and `not_below_zero`. Nesting goes three deep; more wants a named step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from calculator import quantity, vocabulary
from calculator.case.values import read_decimal
from calculator.engine import units
from calculator.engine.context import Context
from calculator.engine.scope import Scope
from calculator.engine.sharing import kept
from calculator.engine.units import Unit
from calculator.quantity import EXCLUDED, NOTHING, ZERO, Value, absent, carry, number, unknown

Evaluate = Callable[[Context], Value]
DEEPEST = 6
#: What an age that was asked and not said may be at most.
OLDEST = Decimal(110)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A formula ready to run, and what it is measured in."""

    evaluate: Evaluate
    unit: Unit


Compiler = Callable[[Any, dict[str, Any], Scope], Compiled]
OPERATIONS: dict[str, Compiler] = {}


def operation(name: str) -> Callable[[Compiler], Compiler]:
    """Register the compiler of an operation under the word packs use for it."""

    def register(compiler: Compiler) -> Compiler:
        OPERATIONS[name] = compiler
        return compiler

    return register


def compile_value(raw: Any, scope: Scope) -> Compiled:
    """Any operand. Raises PackError that names file, field, what was found and how to mend it."""
    if scope.depth > DEEPEST + 4:
        raise scope.fault("This formula is nested too deeply.", "Give the inner part a name as a step of its own.")
    if isinstance(raw, bool) or raw is None or isinstance(raw, list):
        raise scope.fault("This is not a value: {found}.", "Write a number, a step, a fact or an operation.", found=raw)
    if isinstance(raw, dict):
        compiled = _operation(raw, scope)
        return Compiled(kept(compiled.evaluate, raw, scope, "value"), compiled.unit)
    if isinstance(raw, str) and not _looks_like_number(raw):
        return _name(raw, scope)
    try:
        literal = number(read_decimal(raw))
    except ValueError as error:
        raise scope.fault("This is not a number: {found}.", "Write digits, such as 40 or \"8.50\".", found=raw) from error
    return Compiled(lambda ctx: literal, None)


def _looks_like_number(text: str) -> bool:
    return text[:1].isdigit() or text[:1] in "+-."


def _name(name: str, scope: Scope) -> Compiled:
    if name in scope.steps:
        return Compiled(lambda ctx: ctx.step(name), scope.steps[name])
    definition = vocabulary.facts().get(name)
    if definition is None:
        raise scope.unknown_name("step or fact", name, [*scope.steps, *vocabulary.facts()])
    if definition.type not in ("number", "money", "pay"):
        raise scope.fault("The fact {fact} is not a number.", "Use it in a condition instead.", fact=name)
    unit = units.unit(scope.currency) if definition.type in ("money", "pay") else units.PLAIN
    if definition.unit and definition.type == "number":
        unit = None
    return Compiled(lambda ctx: _read_number(ctx, name), unit)


def _read_number(ctx: Context, fact: str) -> Value:
    value = ctx.facts.number(fact, ctx.route)
    ctx.note(fact, "fact", {}, value)
    return value


def _operation(raw: dict[str, Any], scope: Scope) -> Compiled:
    op = next((key for key in raw if key in OPERATIONS), None)
    if op is None:
        raise scope.unknown_name("operation", next(iter(raw), ""), OPERATIONS)
    compiled = OPERATIONS[op](raw[op], raw, scope.inside(op))
    lowest = compile_value(raw["at_least"], scope.inside("at_least")) if "at_least" in raw else None
    highest = compile_value(raw["at_most"], scope.inside("at_most")) if "at_most" in raw else None
    for bound in (lowest, highest):
        if bound is not None and not units.agree([compiled.unit, bound.unit])[0]:
            raise scope.fault("A limit in {found} is put on a value in {expected}.", "Use one unit.",
                              found=units.text(bound.unit), expected=units.text(compiled.unit))
    if lowest is None and highest is None:
        return compiled

    from calculator.engine import exercise  # it looks at conditions, which hold values

    floor = exercise.register(scope.inside("at_least"), "bound") if lowest is not None else ""
    ceiling = exercise.register(scope.inside("at_most"), "bound") if highest is not None else ""

    def evaluate(ctx: Context) -> Value:
        value = compiled.evaluate(ctx)
        if lowest is not None and value.known:
            bound = lowest.evaluate(ctx)
            exercise.note(ctx, floor, bound.low > value.low)
            value = quantity.greatest([value, bound])
        if highest is not None:
            bound = highest.evaluate(ctx)
            if bound.high is not None:
                exercise.note(ctx, ceiling, value.high is None or value.high > bound.high)
            value = quantity.least([value, bound])
        return value

    return Compiled(evaluate, compiled.unit)


def _list(raw: Any, scope: Scope, at_least: int = 1) -> list[Compiled]:
    if not isinstance(raw, list) or len(raw) < at_least:
        raise scope.fault("This operation takes a list of {count} or more values.", "Write [a, b].", count=at_least)
    return [compile_value(part, scope.inside(i)) for i, part in enumerate(raw)]


def _one_unit(parts: list[Compiled], scope: Scope) -> Unit:
    same, unit = units.agree(p.unit for p in parts)
    if not same:
        raise scope.fault("Values in different units are put together: {found}.",
                          "Bring them to one unit first, for example with times.",
                          found=", ".join(units.text(p.unit) for p in parts))
    return unit


def _gathered(combine: Callable[[list[Value]], Value]) -> Compiler:
    def compiler(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
        parts = _list(raw, scope)
        unit = _one_unit(parts, scope)
        evaluates = [p.evaluate for p in parts]
        return Compiled(lambda ctx: combine([evaluate(ctx) for evaluate in evaluates]), unit)

    return compiler


OPERATIONS["better_of"] = _gathered(quantity.better)
OPERATIONS["sum"] = _gathered(quantity.add)
OPERATIONS["least_of"] = _gathered(quantity.least)
OPERATIONS["greatest_of"] = _gathered(quantity.greatest)


@operation("minus")
def _minus(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    parts = _list(raw, scope, 2)
    unit = _one_unit(parts, scope)
    floor = whole.get("not_below_zero", False)
    evaluates = [p.evaluate for p in parts]

    def evaluate(ctx: Context) -> Value:
        value = quantity.minus(*[one(ctx) for one in evaluates])
        return quantity.not_below_zero(value) if floor and value.state == "known" else value

    return Compiled(evaluate, unit)


@operation("times")
def _times(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    parts = _list(raw, scope, 2)
    unit = units.multiply(p.unit for p in parts)
    evaluates = [p.evaluate for p in parts]
    return Compiled(lambda ctx: quantity.times([evaluate(ctx) for evaluate in evaluates]), unit)


@operation("divide")
def _divide(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    parts = _list(raw, scope, 2)
    unit = units.multiply([parts[0].unit, units.inverse(parts[1].unit)])
    return Compiled(lambda ctx: quantity.divide(parts[0].evaluate(ctx), parts[1].evaluate(ctx)), unit)


@operation("percent")
def _percent(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    share, of = _list(raw, scope, 2)
    hundred = number(Decimal("0.01"))
    return Compiled(lambda ctx: quantity.times([share.evaluate(ctx), hundred, of.evaluate(ctx)]), of.unit)


@operation("first_known")
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


@operation("said_or")
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


@operation("taper")
def _taper(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """An amount in full up to one income, falling to nothing at another (CH: OHV 6)."""
    for key in ("income", "full_until", "nothing_from"):
        if key not in whole:
            raise scope.fault("A taper needs {key}.", "Write {{taper: amount, income: a, full_until: b, nothing_from: c}}.", key=key)
    amount = compile_value(raw, scope)
    income, full, nothing = (compile_value(whole[key], scope.inside(key)) for key in ("income", "full_until", "nothing_from"))
    return Compiled(lambda ctx: quantity.taper(amount.evaluate(ctx), income.evaluate(ctx), full.evaluate(ctx),
                                               nothing.evaluate(ctx)), amount.unit)


@operation("age")
def _age(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Full years of age on a day; missing when nobody asked for the year of birth."""
    from calculator.engine.moments import compile_moment  # dates may hold conditions, which hold values

    at = compile_moment(raw, scope)

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


@operation("round")
def _round(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    inner = compile_value(raw, scope)
    mode = whole.get("mode", "half_up")
    if mode not in quantity.ROUNDINGS:
        raise scope.unknown_name("rounding", mode, quantity.ROUNDINGS)
    to = read_decimal(whole.get("to", 1))
    return Compiled(lambda ctx: quantity.rounded(inner.evaluate(ctx), to, mode), inner.unit)


@operation("if")
def _if(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    from calculator.engine.conditions import compile_condition  # conditions and values contain each other
    from calculator.engine.exercise import recorded  # it looks at conditions, which hold values

    test = recorded(compile_condition(raw, scope), scope, raw)
    yes = compile_value(whole.get("then"), scope.inside("then"))
    no = compile_value(whole.get("else"), scope.inside("else"))
    unit = _one_unit([yes, no], scope)

    def evaluate(ctx: Context) -> Value:
        truth = test(ctx)
        if truth.rank:
            ctx.ranks_seen |= 1 << truth.rank
        if truth.rank > ctx.limit:
            return EXCLUDED
        if truth.value is None:
            value = quantity.hull([yes.evaluate(ctx), no.evaluate(ctx)])
        else:
            value = (yes if truth.value else no).evaluate(ctx)
        if truth.value is None or truth.rank:
            value = carry(value, [Value(missing=truth.missing, rank=truth.rank)])
        return value

    return Compiled(evaluate, unit)


@operation("range")
def _range(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    low = compile_value(raw.get("low"), scope.inside("low"))
    high = compile_value(raw.get("high"), scope.inside("high"))
    unit = _one_unit([low, high], scope)
    return Compiled(lambda ctx: quantity.hull([low.evaluate(ctx), high.evaluate(ctx)]), unit)


@operation("unknown")
def _unknown(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    return Compiled(lambda ctx: unknown(f"text:{raw}"), None)


@operation("same_again")
def _same_again(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """The same amount a second time (liquidated damages), unless a condition holds."""
    from calculator.engine.conditions import compile_condition  # conditions and values contain each other

    inner = compile_value(raw, scope)
    from calculator.engine.exercise import recorded  # it looks at conditions, which hold values

    unless = recorded(compile_condition(whole["unless"], scope.inside("unless")), scope.inside("unless"),
                      whole["unless"]) if "unless" in whole else None

    def evaluate(ctx: Context) -> Value:
        value = inner.evaluate(ctx)
        truth = unless(ctx) if unless else None
        if truth is None or truth.value is False:
            return value
        return NOTHING if truth.value else quantity.awaiting(quantity.hull([NOTHING, value]), truth.missing)

    return Compiled(evaluate, inner.unit)


@operation("head")
def _head(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Another head of the same route, worked out before this one."""
    if raw not in scope.heads:
        raise scope.unknown_name("earlier head of this route", raw, scope.heads)

    return Compiled(lambda ctx: ctx.head(raw), scope.heads[raw])


@operation("route")
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
        return other.sum_of(head, ctx.limit)

    return Compiled(evaluate, units.unit(scope.currency))


def compile_span(unit_name: str, per_day: Callable[[Any, Any], Decimal]) -> Compiler:
    def compiler(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
        from calculator.engine.moments import compile_moment  # dates may hold conditions, which hold values

        start = compile_moment(raw["from"], scope.inside("from"))
        end = compile_moment(raw["to"], scope.inside("to"))

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


OPERATIONS["days"] = compile_span("day", lambda a, b: Decimal((b - a).days + 1))
OPERATIONS["weeks"] = compile_span("week", lambda a, b: Decimal((b - a).days + 1) / 7)
OPERATIONS["years"] = compile_span("year", lambda a, b: (_whole_months(a, b) / 12).to_integral_value(ROUND_FLOOR))
OPERATIONS["months"] = compile_span("month", _whole_months)
