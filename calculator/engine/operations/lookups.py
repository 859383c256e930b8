"""Figures out of parameters and tariffs: `param` and `ranked`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from calculator import quantity, vocabulary
from calculator.case.model import Injury
from calculator.case.values import NumberRange, Unsaid
from calculator.dates import DateRange, age_on
from calculator.engine.figures import units
from calculator.engine.figures.parameters import DatedParameter, Found
from calculator.engine.language.expressions import Compiled, compile_day, compile_value, operation
from calculator.engine.language.needs import Looks
from calculator.engine.language.run import Context
from calculator.engine.language.scope import Scope
from calculator.packs.model import InjuryRow
from calculator.quantity import NOTHING, ZERO, Value, absent, carry, unknown

Key = tuple[Decimal, Decimal | None] | str | None


def age_key(ctx: Context, day: DateRange) -> tuple[Key, frozenset[str]]:
    """The age on a day as a row key. A case that names no age is worked out for an adult, and says so."""
    birth = ctx.facts.day("person.birth_year")
    if birth is not None:
        return (Decimal(age_on(birth.latest, day.earliest)), Decimal(age_on(birth.earliest, day.latest))), frozenset()
    reading = ctx.facts.read("person.birth_year")
    if reading.presence == "absent":
        return (Decimal(18), None), frozenset([reading.path])
    return (ZERO, None), frozenset()


def parameter_of(raw: Any, scope: Scope) -> DatedParameter:
    parameter = scope.parameters.get(raw)
    if parameter is None:
        raise scope.unknown_name("parameter", raw, scope.parameters)
    found: DatedParameter = parameter
    scope.needs.figures.append(found)
    return found


def note_found(ctx: Context, parameter: DatedParameter, found: Found, op: str) -> None:
    """Leave the figure, its first day and its source in the trace."""
    ctx.ranks_seen |= 1 << found.value.rank
    if ctx.trace is None:
        return
    source = (found.row.source if found.row and found.row.source else None) or (found.dated.source if found.dated else None)
    label = {"row": found.row.key or str(found.row.upto or "")} if found.row else {}
    ctx.note(parameter.id, op, label, found.value, parameter=parameter.id, valid_from=found.dated.start if found.dated else None, source=source)


@operation("param", looks=Looks.OPERANDS)
def _param(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    parameter = parameter_of(raw, scope)
    at = compile_day(whole.get("at", "on"), scope.inside("at"))
    if parameter.by is None and "key" in whole:
        raise scope.fault("The parameter {id} is not a table, so it takes no key.", "Remove key.", id=parameter.id)
    key = _key(parameter, whole, scope)
    if parameter.by == "age":
        scope.needs.read(["person.birth_year"])
    named = whole.get("at", "on")
    if parameter.by is None and named in ("on", "each_day") and named not in scope.dates:

        def evaluate_on(ctx: Context) -> Value:
            """The common case, without the detour over a span of days."""
            day = ctx.on if named == "on" or ctx.at_day is None else ctx.at_day
            found = parameter.look_up(day, ctx.on, ctx.least_sure)
            note_found(ctx, parameter, found, "param")
            return found.value

        return Compiled(evaluate_on, units.unit(parameter.unit))

    def evaluate(ctx: Context) -> Value:
        moment = at(ctx)
        day = moment.day
        if day is None:
            if len(parameter.values) > 1 or parameter.by == "age":
                return absent(*moment.missing) if moment.missing else unknown(f"date:{parameter.id}")
            day = DateRange(parameter.values[0].start, parameter.values[0].start)
        row, stop = key(ctx, day)
        if stop is not None:
            return stop
        found = parameter.over(day, ctx.on, ctx.least_sure, row)
        note_found(ctx, parameter, found, "param")
        missing = moment.missing | (age_key(ctx, day)[1] if parameter.by == "age" else frozenset())
        return quantity.awaiting(found.value, missing)

    return Compiled(evaluate, units.unit(parameter.unit))


def _key(parameter: DatedParameter, whole: dict[str, Any], scope: Scope) -> Callable[[Context, DateRange], tuple[Key, Value | None]]:
    if parameter.by is None:
        return lambda ctx, day: (None, None)
    if parameter.by == "age":
        return lambda ctx, day: (age_key(ctx, day)[0], None)
    raw = whole.get("key")
    if raw is None:
        raise scope.fault("The parameter {id} is a table.", "Add key: what its rows go by.", id=parameter.id)
    if parameter.by == "number":
        inner = compile_value(raw, scope.inside("key"))

        def by_number(ctx: Context, day: DateRange) -> tuple[Key, Value | None]:
            value = inner.evaluate(ctx)
            return ((value.low, value.high), None) if value.known else (None, value)

        return by_number
    definition = vocabulary.facts().get(str(raw))
    if definition is None:
        return lambda ctx, day: (str(raw), None)
    scope.needs.read([definition.id])

    def by_choice(ctx: Context, day: DateRange) -> tuple[Key, Value | None]:
        reading = ctx.facts.read(definition.id, ctx.route)
        if reading.presence == "absent":
            return None, absent(reading.path)
        return (str(reading.value), None) if reading.presence == "said" else (None, None)

    return by_choice


@operation("ranked", looks=Looks.CASE)
def _ranked(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """The worst injury in full, the next ones in part; groups of which only the highest counts; additions in full.

    `tariff` and `weights` are parameters (weights by number: rank -> share); `only_highest` lists groups of rows
    that count once together; `in_full` lists groups that are added outside the ranking.
    """
    tariff = parameter_of(raw.get("tariff"), scope.inside("tariff"))
    weights = parameter_of(raw.get("weights"), scope.inside("weights"))
    together = [frozenset(group) for group in raw.get("only_highest", [])]
    in_full = frozenset(raw.get("in_full", []))
    at = compile_day(raw.get("at", "on"), scope.inside("at"))

    def evaluate(ctx: Context) -> Value:
        injuries = ctx.facts.case.harm.injuries
        if injuries is None:
            return absent("harm.injuries")
        day = at(ctx).day
        if isinstance(injuries, Unsaid) or day is None:
            return Value(low=ZERO, high=None, partial=True)
        grouped: dict[object, list[Value]] = {}
        added: list[Value] = []
        for index, injury in enumerate(injuries):
            value, group = _injury(ctx, tariff, injury, day)
            if group in in_full:
                added.append(value)
                continue
            home = next((g for g in together if group in g), None)
            grouped.setdefault(home if home is not None else index, []).append(value)
        ranked = [_weighed(ctx, weights, day, list(grouped.values()))] if grouped else []
        return quantity.add([*ranked, *added]) if ranked or added else NOTHING

    return Compiled(evaluate, units.unit(tariff.unit))


def _weighed(ctx: Context, weights: DatedParameter, day: DateRange, groups: list[list[Value]]) -> Value:
    """Highest first, each with the share of its rank. A blank may outrank the others, so it opens the upper end;
    counting it as the smallest keeps the lower end true, since every share is at most one."""
    each = [quantity.greatest(g) if len(g) > 1 else g[0] for g in groups]
    known = [v for v in each if v.known]
    rest = [v for v in each if not v.known]
    if not known:
        return quantity.add(each) if each else NOTHING
    count = len(known)
    shares = [weights.over(day, ctx.on, ctx.least_sure, (Decimal(n + 1), Decimal(n + 1))) for n in range(count)]
    for share in shares:
        note_found(ctx, weights, share, "rank")
    if not all(s.value.known for s in shares):
        return unknown(f"blank:{weights.id}")
    factors = [s.value.low for s in shares]

    def total(amounts: list[Decimal]) -> Decimal:
        return sum((a * f for a, f in zip(sorted(amounts, reverse=True), factors, strict=True)), ZERO)

    result = quantity.lift(total, known)
    result = carry(result, [s.value for s in shares])
    return quantity.add([result, *rest]) if rest else result


def _injury(ctx: Context, tariff: DatedParameter, injury: Injury, day: DateRange) -> tuple[Value, str | None]:
    """The tariff row, or rows, of one injury: by the tariff's own code, or through the pack's mapping."""
    dated = tariff.on(day.earliest)
    rows = {row.key: row for row in (dated.raw.rows or [])} if dated else {}
    code = str(injury.code)
    codes = [code] if code in rows else [m.row for m in ctx.pack.injuries if _matches(m, injury)]
    if not codes:
        return unknown(f"injury:{code}"), None
    values = []
    for one in dict.fromkeys(codes):
        found = tariff.over(day, ctx.on, ctx.least_sure, one)
        note_found(ctx, tariff, found, "tariff")
        values.append(found.value)
    group = rows[codes[0]].group if codes[0] in rows else None
    # Words that fit several rows give their whole range; where one of those rows is blank, the range is not known.
    return (values[0] if len(values) == 1 else quantity.hull(values)), group


def _matches(row: InjuryRow, injury: Injury) -> bool:
    """Whether the row may be the injury's: what the case does not say rules nothing out."""
    if injury.code not in row.codes:
        return False
    if row.severity and isinstance(injury.severity, str) and injury.severity not in (*row.severity, "unknown", "declined"):
        return False
    if row.permanent is not None and isinstance(injury.permanent, bool) and injury.permanent != row.permanent:
        return False
    if row.weeks is not None and isinstance(injury.duration_weeks, NumberRange):
        first, below = row.weeks
        return injury.duration_weeks.high >= first and (below is None or injury.duration_weeks.low < below)
    return True
