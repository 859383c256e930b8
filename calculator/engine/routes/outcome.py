"""What a route comes to: its conditions, lines and deadlines, as they are worked out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

from calculator import quantity
from calculator.dates import DateRange
from calculator.engine.language.run import NO_FACTS, Term, TraceEntry, Truth
from calculator.engine.routes.pack import CompiledCondition, CompiledHead, CompiledRoute, Per
from calculator.quantity import Confidence, Value

Status = Literal["open", "likely", "uncertain", "later", "closed"]


class ConditionResult(NamedTuple):
    condition: CompiledCondition
    truth: Truth
    applies: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One head at one confidence. `value` is what this confidence adds to the better ones."""

    head: CompiledHead
    value: Value
    rank: Confidence
    trace: list[TraceEntry]
    term: Term | None = None
    counted: bool = True
    barred: bool = False

    @property
    def per(self) -> Per:
        return self.head.per


class DeadlineResult(NamedTuple):
    raw: Any
    day: DateRange | None
    missing: frozenset[str]


@dataclass(slots=True)
class RouteResult:
    """What one route comes to."""

    route: CompiledRoute
    status: Status
    waits_for: str | None
    conditions: list[ConditionResult]
    lines: list[Line] = field(default_factory=list)
    deadlines: list[DeadlineResult] = field(default_factory=list)
    missing: frozenset[str] = NO_FACTS
    gaps: list[str] = field(default_factory=list)
    unknown_heads: list[str] = field(default_factory=list)
    stale_since: date | None = None

    def sum_of(self, head: str | None, least_sure: Confidence) -> Value:
        """Amounts of this route (or of one of its heads) that a pass of the given confidence may use."""
        values = [line.value for line in self.readable(head) if line.rank <= least_sure]
        if values:
            return quantity.add(values)
        return quantity.absent(*self.missing) if self.missing else quantity.unknown("route")

    def readable(self, head: str | None) -> list[Line]:
        """Lines that another route may read: one-off amounts that count, of one head or of all."""
        return [line for line in self.lines if line.per == "once" and line.counted and head in (None, line.head.raw.head)]

    @property
    def confirmed(self) -> list[Line]:
        return [line for line in self.lines if line.rank < Confidence.unverified and line.counted]

    @property
    def unconfirmed(self) -> list[Line]:
        return [line for line in self.lines if line.rank == Confidence.unverified and line.counted]
