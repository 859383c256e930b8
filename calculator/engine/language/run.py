"""What one evaluation carries along, and the small results that conditions and dates give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Protocol, TypeVar

from calculator.dates import DateRange
from calculator.engine.facts.readings import Facts
from calculator.packs.model import InjuryRow
from calculator.quantity import NOTHING, Confidence, Ranks, Value, worst_of

NO_FACTS: frozenset[str] = frozenset()
#: The source of what a currency was in another: no pack's, but the engine's own table (`calculator.engine.figures.exchange`).
REFERENCE_RATES = "(reference rates)"


class Truth(NamedTuple):
    """Three-valued (Kleene): `value` None = not known; `missing` = facts that were never asked."""

    value: bool | None
    missing: frozenset[str] = NO_FACTS
    #: How sure the figures are that the answer rests on.
    rank: Confidence = Confidence.official


TRUE, FALSE, OPEN = Truth(True), Truth(False), Truth(None)


class Day(NamedTuple):
    """A day or a span of days; `day` None = not known, with the facts that would tell."""

    day: DateRange | None
    missing: frozenset[str] = NO_FACTS


NO_DAY = Day(None)


@dataclass(frozen=True, slots=True)
class Term:
    """How long a monthly payment runs; `until` None = for as long as the law says."""

    start: DateRange
    until: date | None


class Rules(Protocol):
    """What an expression may look up in the pack that is not compiled into it."""

    injuries: list[InjuryRow]


class SureLine(Protocol):
    """A line of another route: how sure it is."""

    @property
    def rank(self) -> Confidence: ...


class RouteSums(Protocol):
    """What an expression may ask of another route of the pack."""

    def readable(self, head: str | None) -> Sequence[SureLine]: ...

    def sum_of(self, head: str | None, least_sure: Confidence) -> Value: ...


@dataclass(frozen=True, slots=True)
class WorkedStretch:
    """Days of work as their pay was counted: hours, what was due, paid and is owed. `lowest`: at the lower end of the claim; `rule`: one
    value for all stretches of a job under one rule."""

    rule: Any
    lowest: bool
    first: date
    last: date
    hours: Decimal
    due: Any
    paid: Decimal | None
    housing: Any
    unpaid: Any
    barred: bool


@dataclass(slots=True)
class TraceEntry:
    """One line of the trace: what a step did, with which figures, from which source."""

    step: str
    op: str
    inputs: dict[str, Any]
    value: Any
    parameter: str | None = None
    valid_from: date | None = None
    source: str | None = None
    worked: WorkedStretch | None = None


@dataclass(slots=True)
class Shared:
    """What routes of one jurisdiction work out once for all of them: claims under a pay rule, jobs, stretches of work,
    and days."""

    claims: dict[Any, list[Any]] = field(default_factory=dict)
    pieces: dict[Any, Any] = field(default_factory=dict)
    jobs: dict[Any, Any] = field(default_factory=dict)
    #: Of jobs that come to the same under several rules, the first.
    alike: dict[Any, Any] = field(default_factory=dict)
    days: dict[tuple[str, str], Day] = field(default_factory=dict)
    #: What the pack says more than once, with the confidences it rests on (`calculator.engine.language.sharing`), where it `keeps` it.
    answers: dict[Any, tuple[Any, Ranks]] = field(default_factory=dict)
    keeps: bool = False
    #: Works out another route of the pack, once.
    evaluate_route: Callable[[str], RouteSums] | None = None

    def clear(self) -> None:
        """Let go of everything, once the estimate is made."""
        self.evaluate_route = None
        for kept in (self.claims, self.pieces, self.jobs, self.alike, self.days, self.answers):
            kept.clear()


#: A head's value, and how sure the figures are that it rests on.
HeadFound = tuple[Value, Ranks]
#: A step's value, and the worst confidence it rests on.
StepFound = tuple[Value, Confidence]
_NO_HEAD: HeadFound = (NOTHING, 1 << Confidence.official)
T = TypeVar("T")


@dataclass(slots=True)
class Context:
    """One pass over one head of one route. `least_sure` is the worst confidence this pass lets in."""

    pack: Rules
    facts: Facts
    on: date
    route: str = ""
    least_sure: Confidence = Confidence.unverified
    formulas: dict[str, Callable[[Context], Value]] = field(default_factory=dict)
    steps: dict[str, StepFound] = field(default_factory=dict)
    shared: Shared = field(default_factory=Shared)
    heads: dict[str, HeadFound] = field(default_factory=dict)
    trace: list[TraceEntry] | None = None
    at_day: date | None = None
    #: How sure the figures are that were looked at so far.
    ranks_seen: Ranks = 0
    #: For a stricter pass, the pass that lets every figure in, over the same head.
    full: Context | None = None
    #: Works out an earlier head of the route for this pass.
    earlier: Callable[[str], None] | None = None
    #: Left by the head: how long a monthly payment runs, and what is too old to claim.
    term: Term | None = None
    barred: Value | None = None
    #: Left by the head: it is a whole scale, since nobody knows where on it the case lies.
    whole_scale: bool = False

    def at_face_value(self, evaluate: Callable[[Context], T]) -> T:
        """With figures of every confidence: a date or a threshold is what the pack says it is in every pass, so that no
        pass claims more for knowing less. Nor does a figure that every pass lets in ask for a pass of its own."""
        ranks = self.ranks_seen
        if self.least_sure is Confidence.unverified:
            try:
                return evaluate(self)
            finally:
                self.ranks_seen = ranks
        assert self.full is not None
        before = self.least_sure, self.steps, self.heads
        self.least_sure, self.steps, self.heads = Confidence.unverified, {}, self.full.heads
        try:
            return evaluate(self)
        finally:
            self.least_sure, self.steps, self.heads = before
            self.ranks_seen = ranks

    def apart(self, evaluate: Callable[[Context], T]) -> tuple[T, Ranks]:
        """What `evaluate` comes to, and how sure the figures are that it looks at; what was seen before stays as it was."""
        before, self.ranks_seen = self.ranks_seen, 0
        try:
            return evaluate(self), self.ranks_seen
        finally:
            self.ranks_seen = before

    def on_day(self, day: date, evaluate: Callable[[Context], T]) -> T:
        """What `evaluate` comes to with this day in hand."""
        before, self.at_day = self.at_day, day
        try:
            return evaluate(self)
        finally:
            self.at_day = before

    def traced(self, evaluate: Callable[[Context], T]) -> tuple[T, list[TraceEntry]]:
        """What `evaluate` comes to, and its own part of the trace, which is not yet in the whole one."""
        before, self.trace = self.trace, ([] if self.trace is not None else None)
        try:
            return evaluate(self), self.trace or []
        finally:
            self.trace = before

    def step(self, name: str) -> Value:
        """The value of a named step, worked out when it is first needed. A stricter pass takes it over from the pass
        that lets every figure in, when those it rests on are sure enough; with a trace each pass works it out, so that its trace is whole."""
        found = self.steps.get(name)
        if found is None and self.full is not None and self.trace is None:
            found = self.full.steps.get(name)
            if found is not None and found[1] > self.least_sure:
                found = None
        if found is None:
            value, ranks = self.apart(self.formulas[name])
            found = value, worst_of(ranks)
            self.ranks_seen |= ranks
            if self.trace is not None:
                self.note(name, "step", {}, value)
        self.steps[name] = found
        self.ranks_seen |= 1 << found[1]
        return found[0]

    def head(self, name: str) -> Value:
        """An earlier head of the route, as this pass has it."""
        if name not in self.heads and self.earlier is not None:
            self.earlier(name)
        value, ranks = self.heads.get(name, _NO_HEAD)
        self.ranks_seen |= ranks
        return value

    def note(self, step: str, op: str, inputs: dict[str, Any], value: Any, **more: Any) -> None:
        if self.trace is not None:
            self.trace.append(TraceEntry(step, op, inputs, value, **more))
