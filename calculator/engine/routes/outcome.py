"""What a route comes to: its conditions, lines and deadlines, as they are worked out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from calculator import quantity, vocabulary
from calculator.dates import DateRange
from calculator.engine.language.run import FALSE, NO_FACTS, TRUE, Term, TraceEntry, Truth
from calculator.engine.routes.pack import CompiledCondition, CompiledDeadline, CompiledHead, CompiledRoute, Per
from calculator.packs.model import Deadline, Late
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
    #: Too old to claim: older parts of the work, or the whole head when its time has passed.
    barred: bool = False
    #: Why it stands beside the sum, where its time has passed or may have.
    late: Lateness | None = None

    @property
    def per(self) -> Per:
        return self.head.per


class DeadlineResult(NamedTuple):
    """A deadline in a case: `holds` says whether it is one at all (its `when`)."""

    rule: CompiledDeadline
    day: DateRange | None
    missing: frozenset[str]
    holds: Truth = TRUE
    #: The day on which the figures of its sentences hold, where they were not always the same.
    figures_on: date | None = None

    @property
    def raw(self) -> Deadline:
        return self.rule.raw


class Lateness(NamedTuple):
    """Whether it is too late (three-valued), and the deadline that says so."""

    truth: Truth = FALSE
    deadline: Deadline | None = None

    @property
    def how(self) -> Late:
        """What becomes of who is late. A limit that is not confirmed refuses nobody for good."""
        if self.deadline is None or self.truth.value is None:
            return "unknown"
        return "unknown" if self.deadline.late == "final" and self.deadline.confidence == "unverified" else self.deadline.late


#: Whose debt a payment lowers; "anybody" = that was not said.
Debtor = Literal["offender", "state", "anybody"]


class Owed(NamedTuple):
    """An amount for a head of damage, the family of loss it belongs to, and who owes it."""

    head: str
    family: str
    payer: str
    value: Value


@dataclass(frozen=True, slots=True)
class Paid:
    """What comes off the sum that a debtor owes, once."""

    debtor: Debtor
    value: Value


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
    #: Whether it is too late for the route as a whole.
    late: Lateness = Lateness()
    #: The family of loss that a judgment on this route pays, once there is one.
    judged: str | None = None
    #: The lines in whose place a judgment stands: what other routes read of this one.
    claimed: list[Line] = field(default_factory=list)
    #: What comes off the sum once, because it was paid already.
    paid: list[Paid] = field(default_factory=list)
    stale_since: date | None = None

    def sum_of(self, head: str | None, least_sure: Confidence) -> Value:
        """Amounts of this route (or of one of its heads) that a pass of the given confidence may use."""
        values = [line.value for line in self.readable(head) if line.rank <= least_sure]
        if values:
            return quantity.add(values)
        return quantity.absent(*self.missing) if self.missing else quantity.unknown("route")

    def readable(self, head: str | None) -> list[Line]:
        """Lines that another route may read: one-off amounts that count, of one head or of all; of a claim that was judged those it was
        worked out to."""
        return [line for line in (self.claimed or self.lines) if line.per == "once" and line.counted and head in (None, line.head.raw.head)]

    def owed(self, lines: Iterable[Line]) -> list[Owed]:
        """Lines of this route as what is owed."""
        families = vocabulary.families()
        return [Owed(raw.head, self.judged or families[raw.head], raw.payer, line.value) for line in lines for raw in (line.head.raw,)]

    @property
    def confirmed(self) -> list[Line]:
        return [line for line in self.lines if line.rank < Confidence.unverified and line.counted]

    @property
    def unconfirmed(self) -> list[Line]:
        return [line for line in self.lines if line.rank == Confidence.unverified and line.counted]
