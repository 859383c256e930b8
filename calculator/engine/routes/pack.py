"""A jurisdiction ready to run: every condition, date and formula compiled once, every name checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, NamedTuple

from calculator import vocabulary
from calculator.engine.figures import units
from calculator.engine.figures.parameters import DatedParameter
from calculator.engine.figures.units import Unit
from calculator.engine.language import tried
from calculator.engine.language.expressions import Compiled, Test, compile_condition, compile_day, compile_value
from calculator.engine.language.faults import Faults
from calculator.engine.language.run import Context, Day
from calculator.engine.language.scope import Scope, known_places
from calculator.engine.language.sharing import worked_out_once
from calculator.engine.operations import case_entries, conditions, days, lookups, periodic, values
from calculator.engine.operations.case_entries import Taking, courts_of, taking_of
from calculator.engine.operations.conditions import region_test
from calculator.engine.routes.condition_words import ConditionWords, condition_words
from calculator.engine.routes.deadline_words import after_it, phrases, until
from calculator.engine.routes.phrases import Period, Phrase
from calculator.engine.work import back_pay, instalments, interest, one_week, presumed
from calculator.engine.work.pay_rule import compile_pay_rule
from calculator.packs.awards import Award, GuidelineBand
from calculator.packs.forms import Form
from calculator.packs.model import (
    Cap,
    Condition,
    Deadline,
    Example,
    Head,
    InjuryRow,
    Jurisdiction,
    Route,
    Source,
)
from calculator.packs.services import Contact, Protection, Term
from calculator.quantity import Confidence, Value

#: The modules whose words packs may use: importing them registers the words.
VOCABULARY = (values, conditions, days, lookups, case_entries, periodic, back_pay, one_week, presumed, instalments, interest)


#: A field of a deadline is named `date`.
CalendarDay = date
IN_REGION = "crime_in_region"
#: An amount is paid once or by the month.
Per = Literal["once", "month"]


@dataclass(frozen=True, slots=True)
class CompiledCondition:
    raw: Condition
    test: Test | None
    words: ConditionWords
    #: Whether it holds for a part of time only.
    dated: bool = False


class Takes(NamedTuple):
    """What a formula takes off by itself of what was paid already."""

    received: tuple[Taking, ...] = ()
    #: Courts on whose judgments it takes off what was paid.
    judgments: frozenset[str] = frozenset()
    #: (route, head or None for all) that it reads: what those take off is off here, too. Without a route it is a head of its own.
    reads: tuple[tuple[str | None, str | None], ...] = ()


def takes_of(raw: Any, scope: Scope) -> Takes:
    """What the formulas in `raw`, at any depth, take off."""
    received: list[Taking] = []
    reads: list[tuple[str | None, str | None]] = []
    judgments: set[str] = set()
    for part in _mappings(raw):
        if "received" in part:
            received.append(taking_of(part["received"] or {}, scope))
        if "route" in part or "head" in part:
            reads.append((part.get("route"), part.get("head")))
        if "award_paid" in part:
            judgments |= courts_of(part["award_paid"] or {}, scope)
    return Takes(tuple(received), frozenset(judgments), tuple(reads))


def _mappings(raw: Any) -> Iterator[dict[str, Any]]:
    if isinstance(raw, dict):
        yield raw
        raw = list(raw.values())
    if isinstance(raw, list):
        for part in raw:
            yield from _mappings(part)


@dataclass(frozen=True, slots=True)
class CompiledHead:
    raw: Head
    when: Test | None
    formulas: dict[str, Callable[[Context], Value]]
    result: Compiled | None
    place: str = ""
    #: What of the money received, and of payments on judgments, its formula takes off by itself.
    takes: Takes = Takes()
    #: Facts it goes by that are degrees on a scale of harm.
    degrees: tuple[str, ...] = ()
    #: How sure the figures are by which older parts of it are too old.
    bar: Confidence = Confidence.official

    @property
    def per(self) -> Per:
        """`month` for a monthly payment, else `once`."""
        unit = self.result.unit if self.result else None
        return "month" if unit and ("month", -1) in unit else "once"


@dataclass(frozen=True, slots=True)
class CompiledCap:
    """`kind`: at_most, deductible or nothing_below."""

    raw: Cap
    kind: str
    value: Compiled
    place: str
    when: Test | None = None
    takes: Takes = Takes()


@dataclass(frozen=True, slots=True)
class CompiledDeadline:
    raw: Deadline
    when: Test | None
    date: Callable[..., Day] | None
    #: The sentences that say it, and what can extend it.
    said: tuple[Phrase, ...]
    relief: tuple[Phrase, ...] = ()
    #: The day on which the figures of its sentences hold, where they were not always the same.
    figures_of: Callable[..., Day] | None = None
    #: Where that day is not known, one that it may be: the last before the end of the time the deadline is for.
    figures_at_last: CalendarDay | None = None

    def figures_on(self, counted: CalendarDay | None, on: CalendarDay) -> CalendarDay:
        """The day on which the figures of its sentences hold. `counted`: the one of the case; `on`: of the estimate."""
        return counted or (min(self.figures_at_last, on) if self.figures_at_last else on)


@dataclass(frozen=True, slots=True)
class CompiledRoute:
    raw: Route
    file: str
    conditions: tuple[CompiledCondition, ...]
    heads: tuple[CompiledHead, ...]
    deadlines: tuple[CompiledDeadline, ...]
    caps: tuple[CompiledCap, ...] = ()
    places: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Pack:
    """One jurisdiction. It is itself and no other: what is made from it once can be kept under it."""

    jurisdiction: Jurisdiction
    sources: dict[str, Source]
    parameters: dict[str, DatedParameter]
    routes: dict[str, CompiledRoute]
    injuries: list[InjuryRow] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    protection: Protection | None = None
    examples: list[Example] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)
    bands: list[GuidelineBand] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.jurisdiction.code

    def checked_dates(self) -> list[date]:
        """Every `checked_on` of the pack's figures."""
        return [v.checked_on for p in self.parameters.values() for v in p.values if v.checked_on]


def compile_route(route: Route, file: str, pack_parts: dict[str, Any], sources: dict[str, Source], faults: Faults) -> CompiledRoute:
    """The route without what has a fault: any name, unit or shape that is wrong goes to `faults`."""
    base = Scope(
        file=file,
        field=route.id,
        currency=pack_parts["currency"],
        parameters=pack_parts["parameters"],
        route=route.id,
        routes=frozenset(pack_parts["routes"]),
        regions=frozenset(pack_parts["regions"]),
        localities=frozenset(pack_parts["localities"]),
        said_again=pack_parts["said_again"],
        # A name of this route's own says nothing of another route.
        faults=Faults(names=set(faults.names)),
    )
    for name, raw_date in route.dates.items():
        with base.faults.of(name):
            base.dates[name] = worked_out_once(compile_day(raw_date, base.inside("dates").inside(name)), f"{route.id}: {name}", "day")
    for name, raw_rule in route.pay_rules.items():
        with base.faults.of(name):
            base.pay_rules[name] = compile_pay_rule(raw_rule, base.inside("pay_rules").inside(name))
    with base.faults.of():
        _known_source(route.source, base.inside("source"), sources)
    conditions = _compile_conditions(route, base, sources)
    heads: list[CompiledHead] = []
    for raw_head in route.heads:
        with base.faults.of(raw_head.head):
            heads.append(_compile_head(raw_head, route, base, {h.raw.head: h.result.unit for h in heads if h.result}, sources))
    deadlines = []
    for deadline in route.deadlines:
        with base.faults.of():
            deadlines.append(_compile_deadline(deadline, route, base, sources))
    caps = []
    for n, raw_cap in enumerate(route.caps):
        with base.faults.of():
            caps.append(_compile_cap(raw_cap, n, base, heads, sources))
    faults.found += base.faults.found
    return CompiledRoute(route, file, tuple(conditions), tuple(heads), tuple(deadlines), tuple(caps), base.places)


def _compile_conditions(route: Route, base: Scope, sources: dict[str, Source]) -> list[CompiledCondition]:
    """The conditions without a fault; that of the region first."""
    conditions = []
    if route.regions is not None:
        with base.faults.of():
            inside = known_places(route.regions, base.regions, "region of this pack", base.inside("regions"))
            said = _region_condition(route)
            conditions.append(CompiledCondition(said, region_test(inside), condition_words(said, base, {}, set())))
    for raw in route.conditions:
        scope = base.inside("conditions").inside(raw.id)
        with base.faults.of():
            _known_source(raw.source, scope.inside("source"), sources)
            inner = scope.inside("test").apart()
            test = _test(raw.test, inner)
            words = condition_words(raw, scope, route.dates, inner.needs.facts)
            conditions.append(CompiledCondition(raw, test, words, bool(raw.valid_from or raw.valid_to)))
    return conditions


def _compile_deadline(raw: Deadline, route: Route, base: Scope, sources: dict[str, Source]) -> CompiledDeadline:
    scope = base.inside("deadlines").inside(raw.id)
    _known_source(raw.source, scope.inside("source"), sources)
    _known_in_route(raw, route, scope)
    day = compile_day(raw.date, scope.inside("date")) if raw.date is not None else None
    said = phrases(raw, route.kind, scope, route.dates)
    figures, at_last = _figures_of(said, scope), until(raw.when, route.dates)
    return CompiledDeadline(raw, _test(raw.when, scope.inside("when")), day, said, after_it(raw, scope), figures, at_last)


def _figures_of(said: tuple[Phrase, ...], scope: Scope) -> Callable[..., Day] | None:
    """The day on which the length of time is looked up, where it was not always the same."""
    for phrase in said:
        period = phrase.values.get("period")
        if isinstance(period, Period) and period.parameter and period.at is not None and len(scope.parameters[period.parameter].values) > 1:
            return compile_day(period.at, scope.inside("date"))
    return None


def _region_condition(route: Route) -> Condition:
    """A route of one part of the country holds only there; said like any other condition."""
    return Condition(id="region", said=[IN_REGION], source=route.source, confidence=route.confidence)


def _known_source(name: str | None, scope: Scope, sources: dict[str, Source]) -> None:
    if name is not None and name not in sources:
        raise scope.unknown_name("source", name, sources)


def _known_in_route(deadline: Deadline, route: Route, scope: Scope) -> None:
    """Raises PackError where a deadline names a head or another deadline that the route does not have."""
    heads = {head.head for head in route.heads}
    for name in deadline.heads or ():
        if name not in heads:
            raise scope.inside("heads").unknown_name("head of this route", name, heads)
    others = {other.id for other in route.deadlines} - {deadline.id}
    if deadline.longer_of is not None and deadline.longer_of not in others:
        raise scope.inside("longer_of").unknown_name("deadline of this route", deadline.longer_of, others)


def _compile_head(raw: Head, route: Route, base: Scope, earlier: dict[str, Unit], sources: dict[str, Source]) -> CompiledHead:
    scope = base.inside("heads").inside(raw.head)
    if raw.head not in vocabulary.heads():
        raise scope.unknown_name("head of damage", raw.head, vocabulary.heads())
    if raw.result is None and not raw.gap:
        raise scope.fault("This head has neither a result nor a gap.", "Give a result, or say under gap which datum is missing.")
    _known_source(raw.source, scope.inside("source"), sources)
    # A step's name says nothing of another head's.
    faults = Faults(base.faults.found, set(base.faults.names))
    known: dict[str, Unit] = {}
    formulas: dict[str, Callable[[Context], Value]] = {}
    own = base.apart()
    for name, formula in raw.steps.items():
        inner = replace(own, field=f"{scope.field}.steps.{name}", steps=dict(known), heads=earlier, faults=faults)
        with faults.of(name):
            compiled = compile_value(formula, inner)
            formulas[name] = compiled.evaluate
            known[name] = compiled.unit
    result = None
    if raw.result is not None:
        inner = replace(own, field=f"{scope.field}.result", steps=known, heads=earlier, faults=faults)
        result = compile_value(raw.result, inner)
        money = units.unit(base.currency)
        monthly = units.unit(f"{base.currency}/month")
        if result.unit is not None and result.unit not in (money, monthly):
            raise inner.fault(
                "The result is in {found}.", "A head of damage ends in {expected}.", found=units.text(result.unit), expected=base.currency
            )
    when = _test(raw.when, scope.inside("when"))
    place = tried.register(scope.inside("result"), "formula") if raw.result is not None else ""
    degrees = tuple(sorted(fact for fact in own.needs.facts if _is_degree(fact)))
    takes, bar = takes_of([raw.steps, raw.result], scope), _rank_of_bar([raw.steps, raw.result], route, base.parameters)
    return CompiledHead(raw, when, formulas, result, place, takes, degrees, bar)


def _rank_of_bar(raw: Any, route: Route, parameters: Mapping[str, DatedParameter]) -> Confidence:
    """How sure the figures are of the time bars of the pay rules that the formulas in `raw` name."""
    rules = {part["back_pay"] for part in _mappings(raw) if isinstance(part.get("back_pay"), str)}
    bars = [route.pay_rules[name].get("not_before") for name in rules if name in route.pay_rules]
    figures = {str(part["param"]) for bar in bars for part in _mappings(_spelt_out(bar, route.dates)) if "param" in part}
    ranks = [value.rank for name in figures if name in parameters for value in parameters[name].values]
    return max(ranks, default=Confidence.official)


def _spelt_out(raw: Any, dates: Mapping[str, Any]) -> Any:
    """A day with what the route's names of days stand for."""
    if isinstance(raw, str):
        return _spelt_out(dates[raw], {name: day for name, day in dates.items() if name != raw}) if raw in dates else raw
    if isinstance(raw, dict):
        return {key: _spelt_out(part, dates) for key, part in raw.items()}
    return [_spelt_out(part, dates) for part in raw] if isinstance(raw, list) else raw


def _is_degree(fact: str) -> bool:
    """Whether a fact is a degree or a percentage on a scale of harm."""
    definition = vocabulary.facts()[fact]
    return fact.startswith("harm.") and definition.type == "number" and definition.unit in ("degree", "percent")


def _test(raw: Any, scope: Scope) -> Test | None:
    return tried.recorded(compile_condition(raw, scope), scope, raw) if raw else None


def _compile_cap(raw: Cap, index: int, base: Scope, heads: list[CompiledHead], sources: dict[str, Source]) -> CompiledCap:
    """Raises PackError for a head that the route does not have, or a value that is not money."""
    scope = base.inside("caps").inside(index)
    _known_source(raw.source, scope.inside("source"), sources)
    names = {h.raw.head for h in heads}
    for name in raw.heads or ():
        if name not in names:
            raise scope.inside("heads").unknown_name("head of this route", name, names)
    given = [k for k in ("at_most", "deductible", "nothing_below") if getattr(raw, k) is not None]
    if len(given) != 1:
        raise scope.fault("A limit is one of at_most, deductible and nothing_below.", "Write one limit an entry.")
    inner = scope.inside(given[0])
    value = compile_value(getattr(raw, given[0]), inner)
    if value.unit not in (None, units.unit(base.currency)):
        raise inner.fault(
            "A limit in {found} is put on a value in {expected}.", "Use one unit.", found=units.text(value.unit), expected=base.currency
        )
    place = tried.register(inner, "bound")
    return CompiledCap(raw, given[0], value, place, _test(raw.when, scope.inside("when")), takes_of(getattr(raw, given[0]), inner))
