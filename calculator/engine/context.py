"""What one evaluation carries along, and the small results that conditions and dates give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from calculator.dates import DateRange
from calculator.engine.facts import Facts
from calculator.quantity import Confidence, Value

if TYPE_CHECKING:
    from calculator.engine.pack import Pack
    from calculator.engine.route import RouteResult

NO_FACTS: frozenset[str] = frozenset()


class Truth(NamedTuple):
    """Three-valued (Kleene): `value` None = not known; `missing` = facts that were never asked."""

    value: bool | None
    missing: frozenset[str] = NO_FACTS
    #: How sure the figures are that the answer rests on.
    rank: Confidence = Confidence.official


class Moment(NamedTuple):
    """A day or a span of days; `day` None = not known, with the facts that would tell."""

    day: DateRange | None
    missing: frozenset[str] = NO_FACTS


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


@dataclass(slots=True)
class Shared:
    """What routes of one jurisdiction work out once for all of them: claims under a pay rule, and stretches of work."""

    claims: dict[Any, list[Any]] = field(default_factory=dict)
    pieces: dict[Any, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Context:
    """One pass over one head of one route. `limit` is the worst confidence this pass lets in."""

    pack: Pack
    facts: Facts
    on: date
    route: str = ""
    limit: Confidence = Confidence.unverified
    formulas: dict[str, Callable[[Context], Value]] = field(default_factory=dict)
    steps: dict[str, Value] = field(default_factory=dict)
    shared: Shared = field(default_factory=Shared)
    heads: dict[str, Value] = field(default_factory=dict)
    schedules: dict[str, Any] = field(default_factory=dict)
    trace: list[TraceEntry] | None = None
    at_day: date | None = None
    evaluate_route: Callable[[str], RouteResult] | None = None
    ranks_seen: set[Confidence] = field(default_factory=set)

    @contextmanager
    def at_face_value(self) -> Iterator[None]:
        """Figures of every confidence: a date or a threshold is what the pack says it is in every pass, so that no pass
        claims more for knowing less."""
        before, self.limit = self.limit, Confidence.unverified
        try:
            yield
        finally:
            self.limit = before

    def step(self, name: str) -> Value:
        """The value of a named step, worked out when it is first needed."""
        if name not in self.steps:
            value = self.formulas[name](self)
            self.steps[name] = value
            self.note(name, "step", {}, value)
        return self.steps[name]

    def note(self, step: str, op: str, inputs: dict[str, Any], value: Any, **more: Any) -> None:
        if self.trace is not None:
            self.trace.append(TraceEntry(step, op, inputs, value, **more))
