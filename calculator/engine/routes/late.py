"""Out of time: which deadlines have passed, for which heads of damage, and what becomes of what is late.

Three-valued as everything else: surely late, surely in time, or not known, with the facts that would tell. What is late stands beside
the sum. What may be late because a fact was never asked stays outside, as any head never asked; after a "don't know" it counts from
nothing up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from calculator import quantity
from calculator.dates import DateRange, on_day
from calculator.engine.language.run import FALSE, NO_FACTS, TRUE, Context, Truth
from calculator.engine.routes.outcome import DeadlineResult, Lateness, Line, RouteResult, Status
from calculator.packs.model import Deadline
from calculator.quantity import NOTHING

IN_TIME = Lateness()
#: Of several deadlines that have passed the one named first is said.
_STRICTEST = {"final": 0, "unknown": 1, "allowed": 2, "pleaded": 3}


class Deadlines:
    """The deadlines of a route in a case: those that are shown, and whether a head of damage is out of time."""

    def __init__(self, results: list[DeadlineResult], asked_by: DateRange) -> None:
        """`asked_by`: the day on which it was, or is, asked for."""
        self._asked_by = asked_by
        #: Whether the day of any claim limit lies, or may lie, behind.
        self.any_passed = any(one.raw.bars == "claim" and one.day is not None and one.day.earliest < asked_by.latest for one in results)
        limits = list(_joined(results))
        gone = {id(result) for limit in limits if len(limit) > 1 for result in _overtaken(limit)}
        self.shown = [result for result in results if id(result) not in gone] if gone else results
        self._limits = [on_claims for limit in limits if (on_claims := [one for one in limit if one.raw.bars == "claim"])]
        #: What was found for the limits that a head is under: most heads are under the same.
        self._found: dict[tuple[int, ...], Lateness] = {}

    def of_head(self, head: str) -> Lateness:
        """Whether it is too late for a head of damage: when one of the limits it is under has passed."""
        about = [about for limit in self._limits if (about := [one for one in limit if _is_about(one.raw, head)])]
        key = tuple(id(one) for limit in about for one in limit)
        if key not in self._found:
            self._found[key] = _any(map(self._late, about))
        return self._found[key]

    def _late(self, limit: list[DeadlineResult]) -> Lateness:
        """Deadlines of which the longer counts: all that hold must have passed."""
        if len(limit) == 1:
            (one,) = limit
            passed = self._passed(one)
            if one.day is None or passed.value is False:
                # Nothing says that it has passed. The day itself is asked for where a fact would tell it.
                return IN_TIME
            return Lateness(passed if one.holds.value else Truth(None, passed.missing | one.holds.missing), one.raw)
        value: bool | None = True
        missing = NO_FACTS
        doubted = any(self._passed(one).value and one.raw.confidence != "unverified" for one in limit)
        for one in limit:
            passed = self._passed(one)
            if passed.value:
                continue
            if one.holds.value and (passed.value is False or one.day is None) and not (doubted and one.raw.confidence == "unverified"):
                # It has not begun to run, or has not ended: so long nothing is too late. Only a limit that is not confirmed leaves a doubt
                # where a surer one has passed.
                return IN_TIME
            value, missing = None, missing | one.holds.missing | passed.missing
        said = max(limit, key=lambda one: one.day.latest if one.day else date.min)
        return Lateness(Truth(value, missing), said.raw) if any(self._passed(one).value for one in limit) else IN_TIME

    def _passed(self, one: DeadlineResult) -> Truth:
        if one.day is None:
            return Truth(None, one.missing)
        if one.day.latest < self._asked_by.earliest:
            return TRUE
        return FALSE if one.day.earliest >= self._asked_by.latest else Truth(None)


def asked_by(ctx: Context) -> DateRange:
    """The day on which the route was asked for, where that is said, else the day of the estimate."""
    days = [ctx.facts.day(fact, ctx.route) for fact in ("claim.filed", "claim.served")] if ctx.facts.claims(ctx.route) else []
    return next((day for day in days if day is not None), on_day(ctx.on))


def put_aside(result: RouteResult, deadlines: Deadlines) -> None:
    """Take out of the sum what is late, head by head, and let the route's status follow."""
    if not deadlines.any_passed:
        return
    by_head = {name: deadlines.of_head(name) for name in _heads_of(result)}
    if not any(late.deadline for late in by_head.values()):
        return
    result.lines = [_aside(line, by_head[line.head.raw.head]) for line in result.lines]
    result.missing |= NO_FACTS.union(*(late.truth.missing for late in by_head.values()))
    result.late = _all(by_head.values())
    asides = [line for line in result.lines if line.late is not None and not line.counted]
    if asides and not any(line.counted and line.late is None for line in result.lines):
        # What is left of the way, if anything, is what no figure is known for.
        result.status = _at_best_uncertain(result.status)
    if result.late.truth.value:
        result.status = "closed" if result.late.how == "final" else _at_best_uncertain(result.status)
    elif result.late.truth.value is None:
        result.status = _at_best_uncertain(result.status)


def _heads_of(result: RouteResult) -> dict[str, None]:
    """The heads that the route pays in this case, known or not; where it is not known of any, all of them."""
    found = dict.fromkeys([*(line.head.raw.head for line in result.lines), *result.unknown_heads])
    return found or dict.fromkeys(head.raw.head for head in result.route.heads)


def _aside(line: Line, late: Lateness) -> Line:
    """The line as it stands now that its time has passed, or may have."""
    if late.deadline is None or not line.counted:
        return line
    if late.truth.value:
        return replace(line, counted=False, barred=True, late=late)
    if late.truth.missing:
        return replace(line, counted=False, late=late)
    return replace(line, value=quantity.hull([NOTHING, line.value]), late=late)


def _at_best_uncertain(status: Status) -> Status:
    return "uncertain" if status in ("open", "likely") else status


def _all(found: Iterable[Lateness]) -> Lateness:
    """Late when all of them are: in the kindest of their ways."""
    kindest = None
    for late in found:
        if late.truth.value is False:
            return IN_TIME
        if kindest is None or (late.truth.value is None, _STRICTEST[late.how]) > (kindest.truth.value is None, _STRICTEST[kindest.how]):
            kindest = late
    return kindest or IN_TIME


def _is_about(deadline: Deadline, head: str) -> bool:
    return deadline.heads is None or head in deadline.heads


def _joined(results: Iterable[DeadlineResult]) -> Iterator[list[DeadlineResult]]:
    """The deadlines, those together of which the longer counts, also where they are joined by one that does not hold here."""
    results = list(results)
    if not any(one.raw.longer_of for one in results):
        yield from ([one] for one in results)
        return
    home: dict[str, str] = {}

    def root(name: str) -> str:
        while home.setdefault(name, name) != name:
            name = home[name]
        return name

    limits: dict[str, list[DeadlineResult]] = {}
    for one in results:
        if one.raw.longer_of:
            home[root(one.raw.id)] = root(one.raw.longer_of)
    for one in results:
        limits.setdefault(root(one.raw.id), []).append(one)
    yield from limits.values()


def _overtaken(limit: list[DeadlineResult]) -> list[DeadlineResult]:
    """Of deadlines that all hold and whose days are known, those that end before another does for the same heads. A day that an official
    text does not bear hides no other."""
    if not all(one.holds.value and one.day for one in limit):
        return []
    last = max(limit, key=lambda one: (one.day.latest, one.day.earliest) if one.day else (date.min, date.min))
    return [one for one in limit if one is not last and _covers(last.raw, one.raw)] if last.raw.confidence == "official" else []


def _covers(one: Deadline, other: Deadline) -> bool:
    """Whether a deadline is about all heads that another is about."""
    return one.heads is None or other.heads is not None and set(other.heads) <= set(one.heads)


def _any(found: Iterable[Lateness]) -> Lateness:
    """Late when one of them is; the strictest of those that say so."""
    worst = IN_TIME
    perhaps: list[Lateness] = []
    for lateness in found:
        if lateness.truth.value is None:
            perhaps.append(lateness)
        elif lateness.truth.value and (not worst.truth.value or _STRICTEST[lateness.how] < _STRICTEST[worst.how]):
            worst = lateness
    if worst.truth.value or not perhaps:
        return worst
    return Lateness(Truth(None, NO_FACTS.union(*(one.truth.missing for one in perhaps))), perhaps[0].deadline)
