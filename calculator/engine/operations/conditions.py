"""Three-valued conditions: all, any, not, and the few tests the law needs.

{fact: procedure.reported_to_police, is: true}      {fact: person.immigration_status, in: [no_permit, pending]}
{fact: person.convictions, any_with: {sentence: [custody], spent: false}}
{fact: act.violence, has: [physical, severe]}       {fact: harm.itt_days, at_least: {param: itt_threshold}}
{date: act.end, on_or_after: "2024-01-01"}          {date: on, by: {plus: {date: act.end, years: 2}}}
{age_at: act.start, under: 18}                      {fact: award.damages, said: true}
{region: [US-NY]}   {locality: [US-NY-NYC]}
{value: loss, over: 0}                              {nobody_knows: why}      {always: true}
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calculator import vocabulary
from calculator.engine.facts.readings import Reading, folded
from calculator.engine.language.expressions import Test, compile_condition, compile_day, compile_value, condition
from calculator.engine.language.needs import Looks
from calculator.engine.language.run import FALSE, NO_FACTS, OPEN, TRUE, Context, Day, Truth
from calculator.engine.language.scope import Scope, known_places
from calculator.quantity import Confidence, Value

_COMPARISONS = ("at_least", "at_most", "over", "under")


def region_test(wanted: frozenset[str]) -> Test:
    """Whether it happened, or the work was, in one of these parts of the country."""
    return lambda ctx: _is(ctx.facts.regions(), wanted, None)


def _region_test(raw: Any, scope: Scope) -> Test:
    scope.needs.read(["act.region"])
    return region_test(known_places(raw, scope.regions, "region of this pack", scope))


def _locality_test(raw: Any, scope: Scope) -> Test:
    wanted = known_places(raw, scope.localities, "locality of this pack", scope)
    scope.needs.read(["job.locality", "act.region"])

    def test(ctx: Context) -> Truth:
        found = _is(ctx.facts.read("job.locality"), wanted, None)
        regions = ctx.facts.regions()
        # A place of another part of the country need not be asked for.
        elsewhere = regions.presence == "said" and not any(code.startswith(f"{region}-") for code in wanted for region in regions.values)
        return FALSE if found.value is None and elsewhere else found

    return test


def _all(tests: list[Test]) -> Test:
    """True when all are: the first that is not settles it."""
    return _gathered(tests, settled_by=False)


def _any(tests: list[Test]) -> Test:
    """True when one is: the first that is settles it."""
    return _gathered(tests, settled_by=True)


def _gathered(tests: list[Test], settled_by: bool) -> Test:
    """Tests one after the other, until one is settled; else the opposite, where all are known."""
    otherwise = Truth(not settled_by)

    def test(ctx: Context) -> Truth:
        known, facts, worst = True, NO_FACTS, Confidence.official
        for one in tests:
            value, missing, rank = one(ctx)
            if value is settled_by:
                return Truth(value, NO_FACTS, rank)
            if rank > worst:
                worst = rank
            if value is None:
                known, facts = False, facts | missing
        if known:
            return Truth(otherwise.value, NO_FACTS, worst) if worst else otherwise
        return Truth(None, facts, worst)

    return test


def _not(result: Truth) -> Truth:
    return Truth(None if result.value is None else not result.value, result.missing, result.rank)


def _fact_test(raw: dict[str, Any], scope: Scope) -> Test:
    fact = raw["fact"]
    known = vocabulary.facts()
    if fact not in known:
        raise scope.unknown_name("fact", fact, known)
    definition = known[fact]
    scope.needs.read([fact])
    if any(word in raw for word in _COMPARISONS):
        return _compared(lambda ctx: ctx.facts.number(fact, ctx.route), raw, scope)
    if "any_with" in raw:
        wanted_entry = {key: frozenset(v if isinstance(v, list) else [v]) for key, v in raw["any_with"].items()}
        return lambda ctx: _any_with(ctx.facts.read(fact, ctx.route), wanted_entry)
    if "said" in raw:
        return lambda ctx: _said(ctx.facts.read(fact, ctx.route), bool(raw["said"]))
    wanted_raw = raw.get("is", raw.get("in", raw.get("has")))
    if wanted_raw is None:
        raise scope.fault("This test compares the fact with nothing.", "Add is, in, has, at_least, at_most, over, under or said.")
    wanted = frozenset(wanted_raw if isinstance(wanted_raw, list) else [wanted_raw])
    if definition.choices:
        for code in wanted:
            if code not in definition.choices:
                raise scope.unknown_name(f"choice of {fact}", code, definition.choices)
    every = frozenset(definition.choices) if definition.choices else None
    if definition.type == "text":
        return _text_test(fact, frozenset(folded(str(word)) for word in wanted))
    if definition.type in ("choices", "list"):
        return lambda ctx: _has(ctx.facts.read(fact, ctx.route), wanted)
    return lambda ctx: _is(ctx.facts.read(fact, ctx.route), wanted, every)


def _text_test(fact: str, wanted: frozenset[str]) -> Test:
    """Whether a text is one of `wanted`, whatever its capitals."""

    def test(ctx: Context) -> Truth:
        reading = ctx.facts.read(fact, ctx.route)
        return _is(reading._replace(values=tuple(folded(str(v)) for v in reading.values)), wanted, None)

    return test


def _open(reading: Reading) -> Truth:
    return Truth(None, frozenset([reading.path])) if reading.presence == "absent" else OPEN


def _is(reading: Reading, wanted: frozenset[Any], every: frozenset[str] | None) -> Truth:
    """Whether the answer is one of `wanted`; of several entries, any one is enough."""
    for value in reading.values:
        if value in wanted:
            return TRUE
    if reading.presence != "said":
        return TRUE if every is not None and every <= wanted else _open(reading)
    return FALSE


def _has(reading: Reading, wanted: frozenset[Any]) -> Truth:
    for value in reading.values:
        if isinstance(value, list) and wanted.intersection(value):
            return TRUE
    return FALSE if reading.presence == "said" else _open(reading)


def _any_with(reading: Reading, wanted: dict[str, frozenset[Any]]) -> Truth:
    """Whether an entry of a list has all the wanted values; what an entry does not say leaves it open."""
    if reading.presence != "said":
        return _open(reading)
    found: bool | None = False
    for entry in reading.value:
        values = [(getattr(entry, key, None), allowed) for key, allowed in wanted.items()]
        if all(value in allowed for value, allowed in values if value is not None):
            if all(value is not None for value, _ in values):
                return TRUE
            found = None
    return Truth(found)


def _said(reading: Reading, wanted: bool) -> Truth:
    if reading.presence == "absent":
        return _open(reading)
    filled = reading.presence == "said" and reading.value not in ([], False)
    return Truth(filled == wanted) if reading.presence == "said" else OPEN


def _compared(read: Callable[[Context], Value], raw: dict[str, Any], scope: Scope) -> Test:
    word = next((w for w in _COMPARISONS if w in raw), None)
    if word is None:
        raise scope.fault("This test compares the value with nothing.", "Add at_least, at_most, over or under.")
    bound_of = compile_value(raw[word], scope.inside(word)).evaluate

    def both(ctx: Context) -> tuple[Value, Value]:
        return read(ctx), bound_of(ctx)

    def test(ctx: Context) -> Truth:
        found, bound = ctx.at_face_value(both)
        missing, rank = found.missing | bound.missing, max(found.rank, bound.rank)
        if not (found.known and bound.known):
            return Truth(None, missing)
        return Truth(_compare(word, found, bound), missing, rank)

    return test


def _compare(word: str, found: Value, bound: Value) -> bool | None:
    if word in ("at_most", "over"):
        above = _above(found, bound)
        return above if word == "over" or above is None else not above
    below = _above(bound, found)
    return below if word == "under" or below is None else not below


def _above(left: Value, right: Value) -> bool | None:
    """left > right, for certain either way, or None."""
    if right.high is not None and left.low > right.high:
        return True
    if left.high is not None and left.high <= right.low:
        return False
    return None


def _date_test(raw: dict[str, Any], scope: Scope) -> Test:
    left = compile_day(raw["date"], scope.inside("date"))
    word = next((w for w in ("on_or_after", "after", "before", "by") if w in raw), None)
    if word is None:
        raise scope.fault("This date is compared with nothing.", "Add on_or_after, after, before or by.")
    right = compile_day(raw[word], scope.inside(word))

    def test(ctx: Context) -> Truth:
        return _order(word, left(ctx), right(ctx))

    return test


def _order(word: str, left: Day, right: Day) -> Truth:
    missing = left.missing | right.missing
    if left.day is None or right.day is None:
        return Truth(None, missing)
    a, b = left.day, right.day
    if word in ("on_or_after", "before"):
        after = True if a.earliest >= b.latest else (False if a.latest < b.earliest else None)
        return Truth(after if word == "on_or_after" or after is None else not after, missing)
    later = True if a.earliest > b.latest else (False if a.latest <= b.earliest else None)
    return Truth(later if word == "after" or later is None else not later, missing)


def _age_test(raw: dict[str, Any], scope: Scope) -> Test:
    at = compile_day(raw["age_at"], scope.inside("age_at"))
    scope.needs.read(["person.birth_year"])
    if not ("under" in raw) ^ ("at_least" in raw):
        raise scope.fault("An age is compared with under or at_least.", "Write for example {{age_at: act.start, under: 18}}.")
    age = int(raw["under"] if "under" in raw else raw["at_least"])

    def test(ctx: Context) -> Truth:
        moment = at(ctx)
        birth = ctx.facts.read("person.birth_year")
        missing = moment.missing | (frozenset([birth.path]) if birth.presence == "absent" else NO_FACTS)
        if moment.day is None:
            return Truth(None, missing)
        young, old = ctx.facts.age(moment.day.earliest), ctx.facts.age(moment.day.latest)
        if young is None or old is None:
            return Truth(None, missing)
        under = True if old[1] < age else (False if young[0] >= age else None)
        return Truth(under if "under" in raw or under is None else not under, missing)

    return test


def _together(word: str, combine: Callable[[list[Test]], Test]) -> Callable[[dict[str, Any], Scope], Test]:
    def compiler(raw: dict[str, Any], scope: Scope) -> Test:
        return combine([compile_condition(part, scope.inside(word).inside(i)) for i, part in enumerate(raw[word])])

    return compiler


def _negation(raw: dict[str, Any], scope: Scope) -> Test:
    inner = compile_condition(raw["not"], scope.inside("not"))
    return lambda ctx: _not(inner(ctx))


condition("all", looks=Looks.OPERANDS)(_together("all", _all))
condition("any", looks=Looks.OPERANDS)(_together("any", _any))
condition("not", looks=Looks.OPERANDS)(_negation)
condition("always", looks=Looks.OPERANDS)(lambda raw, scope: lambda ctx: Truth(bool(raw["always"])))
condition("nobody_knows", looks=Looks.OPERANDS)(lambda raw, scope: lambda ctx: OPEN)
condition("fact", looks=Looks.OPERANDS)(_fact_test)
condition("date", looks=Looks.OPERANDS)(_date_test)
condition("age_at", looks=Looks.OPERANDS)(_age_test)
condition("region", looks=Looks.OPERANDS)(lambda raw, scope: _region_test(raw["region"], scope))
condition("locality", looks=Looks.OPERANDS)(lambda raw, scope: _locality_test(raw["locality"], scope))
condition("value", looks=Looks.OPERANDS)(lambda raw, scope: _compared(compile_value(raw["value"], scope.inside("value")).evaluate, raw, scope))
