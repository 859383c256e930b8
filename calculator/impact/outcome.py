"""What a case comes to, so far as people act on it, and how two of these differ."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, NamedTuple

from calculator.engine.routes.estimate import Estimate
from calculator.engine.routes.outcome import RouteResult, Status
from calculator.engine.routes.sums import Sum, confirmed_sum, unconfirmed_sum
from calculator.quantity import Value

#: What of an answer can change. *words*: a sentence that this person is told.
Kind = Literal["status", "amount", "deadline", "words"]
KINDS: tuple[Kind, ...] = ("status", "amount", "deadline", "words")
#: The least and the most of a sum; None: not known, or no upper end.
Ends = tuple[Decimal | None, Decimal | None]


class OfRoute(NamedTuple):
    """A way to claim: how open it is, its confirmed and unconfirmed sums, its last days by their ids, and the fields whose
    sentences are told."""

    status: Status
    amount: Ends
    unconfirmed: Ends
    deadlines: tuple[tuple[str, str], ...]
    told: frozenset[str]


class Outcome(NamedTuple):
    """A case in one State: the sum of all ways together, and each of them."""

    total: Ends
    routes: dict[str, OfRoute]


class Difference(NamedTuple):
    """What is different for a case: (route, kind) of each; the change of the sum in thousandths, None where there is nothing to compare."""

    found: frozenset[tuple[str, Kind]]
    statuses: tuple[tuple[str, str, str], ...]
    total: bool
    thousandths: int | None


#: The name under which the sum of all ways stands among the routes.
TOTAL = ""
#: Longer changes are told as this one: a sum ten times as high.
MOST_THOUSANDTHS = 9_000


def outcome_of(found: Estimate) -> Outcome:
    """What an estimate of one State says."""
    here = found.jurisdictions[0]
    return Outcome(_ends(here.totals.sum), {result.route.raw.id: _of_route(result) for result in here.routes})


def _of_route(result: RouteResult) -> OfRoute:
    unconfirmed = unconfirmed_sum(result)
    told = [f"condition {one.condition.raw.id}" for one in result.conditions if one.applies]
    told += [f"deadline {one.raw.id}" for one in result.deadlines]
    return OfRoute(
        result.status,
        _ends(confirmed_sum(result)),
        _of_value(unconfirmed) if unconfirmed is not None else (None, None),
        tuple((one.raw.id, one.day.earliest.isoformat()) for one in result.deadlines if one.day is not None),
        frozenset(told),
    )


def _ends(found: Sum) -> Ends:
    return _of_value(found.value)


def _of_value(value: Value) -> Ends:
    return (value.low, value.high) if value.known else (None, None)


def difference(before: Outcome, after: Outcome, words: frozenset[tuple[str, str]]) -> Difference | None:
    """How two outcomes of a case differ; None: not at all. `words`: (route, field) of the sentences that differ; a field "" is told with
    its route."""
    found: set[tuple[str, Kind]] = set()
    statuses = []
    for name in before.routes.keys() | after.routes.keys():
        old, new = before.routes.get(name), after.routes.get(name)
        was, now = old.status if old else "", new.status if new else ""
        if was != now:
            found.add((name, "status"))
            statuses.append((name, was, now))
        if old is None or new is None:
            continue
        found.update((name, kind) for kind in _kinds(old, new))
        told = old.told | new.told
        if any(route == name and (not field or field in told) for route, field in words):
            found.add((name, "words"))
    total = before.total != after.total
    if total:
        found.add((TOTAL, "amount"))
    if not found:
        return None
    return Difference(frozenset(found), tuple(sorted(statuses)), total, _thousandths(before.total, after.total) if total else None)


def _kinds(old: OfRoute, new: OfRoute) -> Iterator[Kind]:
    if (old.amount, old.unconfirmed) != (new.amount, new.unconfirmed):
        yield "amount"
    if old.deadlines != new.deadlines:
        yield "deadline"


def _thousandths(old: Ends, new: Ends) -> int | None:
    """How much higher the middle of a sum is, in thousandths of what it was."""
    was, now = _middle(old), _middle(new)
    if not was or now is None:
        return None
    return max(-1_000, min(MOST_THOUSANDTHS, round((now - was) / was * 1_000)))


def _middle(ends: Ends) -> Decimal | None:
    low, high = ends
    return None if low is None else (low + (low if high is None else high)) / 2
