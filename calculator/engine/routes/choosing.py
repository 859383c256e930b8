"""Which routes pay which loss: what one route pays for a family of loss is one choice (a group), and groups that go together are gathered.

Where one route excludes another, comes after it or deducts what it paid, a family counts once between the two (what A pays, less what B
paid, plus what B paid, is the larger of both). Routes open to the person come before those that wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from calculator import quantity, vocabulary
from calculator.engine.routes.outcome import RouteResult
from calculator.packs.model import Payer
from calculator.quantity import NOTHING, ZERO, Confidence, Value

#: A route that is open now comes before one that is uncertain, and that before one that waits for something.
ORDER = {"open": 0, "likely": 0, "uncertain": 1, "later": 2}
#: Kinds of routes that courts decide between the person and the offender.
_COURTS = ("civil_claim", "criminal_proceedings", "labour_claim")
#: The family of heads that stand for everything another route pays.
WHOLE = "whole"

Why = Literal["same_head", "subsidiary", "alternative", "deducts"]
_ONCE: tuple[Why, ...] = ("subsidiary", "alternative", "deducts")


@dataclass(frozen=True, slots=True)
class Beside:
    """A route whose amount for the same loss is not added, why, and how much that amount is."""

    route: str
    why: Why
    value: Value


@dataclass(frozen=True, slots=True)
class HeadTotal:
    """What one head comes to, who pays it, and what stands beside it without being added."""

    payer: Payer
    head: str
    route: str
    value: Value
    #: The family of loss it belongs to.
    family: str
    beside: tuple[Beside, ...] = ()

    @property
    def excludes(self) -> tuple[str, ...]:
        return tuple(sorted({b.route for b in self.beside}))


class Group(NamedTuple):
    """What one route pays for one family of loss."""

    route: RouteResult
    family: str
    rows: tuple[HeadTotal, ...]

    @property
    def name(self) -> str:
        return self.route.route.raw.id

    @property
    def heads(self) -> frozenset[str]:
        return frozenset(row.head for row in self.rows)

    @property
    def value(self) -> Value:
        return quantity.add([row.value for row in self.rows])


def ways(results: list[RouteResult], paid_off: frozenset[tuple[str, str]] = frozenset()) -> tuple[list[Group], Conflicts, frozenset[int]]:
    """What may count: the groups, which of them go not together, and those that a judgment leaves no room for."""
    groups = _perhaps_judged(list(_groups(results, paid_off)), results)
    conflicts = _conflicts(groups, results)
    return groups, conflicts, _settled(groups, conflicts)


def _groups(results: list[RouteResult], paid_off: frozenset[tuple[str, str]]) -> Iterator[Group]:
    """What each route pays, family by family, in the order of the pack. `paid_off`: (route, head) of what counted before anything was
    paid, and is told also where nothing is left of it."""
    for result in results:
        if result.status not in ORDER or _perhaps_elsewhere(result):
            continue
        by_head: dict[tuple[str, Payer], list[Value]] = {}
        for line in result.lines:
            if line.counted and line.per == "once" and line.rank < Confidence.unverified:
                by_head.setdefault((line.head.raw.head, line.head.raw.payer), []).append(line.value)
        families: dict[str, list[HeadTotal]] = {}
        for (head, payer), values in by_head.items():
            row = HeadTotal(payer, head, result.route.raw.id, quantity.add(values), result.judged or vocabulary.families()[head])
            # Nothing is no offer: it must not stand in the way of a route that pays.
            if row.value.high is None or row.value.high > 0 or (row.route, head) in paid_off:
                families.setdefault(row.family, []).append(row)
        for family, rows in families.items():
            yield Group(result, family, tuple(rows))


def _perhaps_judged(groups: list[Group], results: list[RouteResult]) -> list[Group]:
    """Wages that a judgment may hold already, since it is not told what it is about: they count from nothing up."""
    judged = {group.name for group in groups if group.route.judged == WHOLE}
    if not judged:
        return groups
    related = {frozenset((route, other)) for route, other, why in _related(results) if why != "alternative"}
    return [
        group._replace(rows=tuple(replace(row, value=quantity.hull([NOTHING, row.value])) for row in group.rows))
        if group.family == "wages" and any(frozenset((group.name, other)) in related for other in judged)
        else group
        for group in groups
    ]


def _perhaps_elsewhere(result: RouteResult) -> bool:
    """A route of one part of the country, while it is not known whether it happened there: of several such routes at most
    one holds, so none is counted yet."""
    return result.route.raw.regions is not None and result.conditions[0].truth.value is None


#: (group, group) -> why only one of them counts; both orders are in it.
Conflicts = dict[tuple[int, int], Why]


def _conflicts(groups: list[Group], results: list[RouteResult]) -> Conflicts:
    """Pairs of groups that pay the same loss by routes of which one excludes, follows or deducts the other."""
    found: Conflicts = {}
    of_route: dict[str, list[int]] = {}
    for n, group in enumerate(groups):
        of_route.setdefault(group.name, []).append(n)
    for route, other, why in _related(results):
        # A head that stands for all that the other route pays meets each of its families.
        for a in of_route.get(route, ()):
            for b in of_route.get(other, ()):
                if _same_loss(groups[a], groups[b], why) and not _each_for_itself(groups[a], groups[b], why):
                    found.setdefault((a, b), why)
                    found.setdefault((b, a), why)
    return found


def _related(results: list[RouteResult]) -> Iterator[tuple[str, str, Why]]:
    """Pairs of routes of which the first excludes, follows or deducts the second."""
    for result in results:
        for relation in result.route.raw.relations:
            why = next((why for why in _ONCE if why == relation.kind), None)
            if why is not None:
                for other in relation.to:
                    yield result.route.raw.id, other, why


def _same_loss(one: Group, other: Group, why: Why) -> bool:
    """Whether two groups pay, or may pay, the same loss. Wages beside a judgment count from nothing up (`_perhaps_judged`)."""
    families = {one.family, other.family}
    perhaps = why != "alternative" and "wages" in families and (one.route.judged == WHOLE or other.route.judged == WHOLE)
    return len(families) == 1 or WHOLE in families and not perhaps


def _each_for_itself(one: Group, other: Group, why: Why) -> bool:
    """Whether one of two groups names no loss that the other does not name by the same word: then each loss has its own head on both
    sides, and a head counts once anyway."""
    return why != "alternative" and WHOLE not in (one.family, other.family) and (one.heads <= other.heads or other.heads <= one.heads)


def _settled(groups: list[Group], conflicts: Conflicts) -> frozenset[int]:
    """Groups that a judgment leaves no room for: what a court has decided between the two cannot be asked of another court."""
    judged = [n for n, group in enumerate(groups) if group.route.judged]

    def decided(n: int, j: int) -> bool:
        why = conflicts.get((n, j))
        return why is not None and (why == "alternative" or groups[n].family == groups[j].family)

    return frozenset(
        n for n, group in enumerate(groups) if n not in judged and group.route.route.raw.kind in _COURTS and any(decided(n, j) for j in judged)
    )


def options_of(groups: list[Group], conflicts: Conflicts, left_out: frozenset[int]) -> list[frozenset[int]]:
    """Groups that go together: beginning with any one route, all that can be added, what is near and much first."""
    order = sorted((n for n in range(len(groups)) if n not in left_out), key=lambda n: (_key(groups[n].route, groups[n].value), n))
    if not conflicts:
        return [frozenset(order)]
    names = dict.fromkeys(groups[n].name for n in order)
    return [_together([*(n for n in order if groups[n].name == name), *order], conflicts) for name in names]


def best(groups: list[Group], options: list[frozenset[int]]) -> frozenset[int]:
    """The groups that count: those that come to most together."""
    if len(options) < 2:
        return options[0] if options else frozenset()
    return min(options, key=lambda option: _worth(groups, option))


def _together(order: list[int], conflicts: Conflicts) -> frozenset[int]:
    """Groups in their order, each that goes with those before it."""
    chosen: set[int] = set()
    for n in order:
        if all((n, other) not in conflicts for other in chosen):
            chosen.add(n)
    return frozenset(chosen)


def _worth(groups: list[Group], option: frozenset[int]) -> tuple[object, ...]:
    """Sorts what comes to most first: of all that is open, then with what is uncertain, then with what waits."""
    rows = best_rows(groups, option)
    sums = []
    for limit in (0, 1, 2):
        values = [row.value for row, order in rows.values() if order <= limit]
        sums.append(-sum((v.low for v in values), ZERO))
        sums.append(-sum((v.high for v in values if v.high is not None), ZERO) - (sum(v.high is None for v in values) and quantity.ENDLESS))
    return (*sums, sorted(option))


def best_rows(groups: list[Group], option: frozenset[int]) -> dict[str, tuple[HeadTotal, int]]:
    """Head -> the row of the route that serves it best, and how near that route is."""
    found: dict[str, tuple[HeadTotal, int]] = {}
    for n in sorted(option):
        group = groups[n]
        order = order_of(group.route)
        for row in group.rows:
            known = found.get(row.head)
            if known is None or (order, _amount_key(row.value)) < (known[1], _amount_key(known[0].value)):
                found[row.head] = row, order
    return found


def _amount_key(value: Value) -> tuple[object, object]:
    """Sorts the higher amount first; no known upper end counts as the highest."""
    return -value.low, (0, ZERO) if value.high is None else (1, -value.high)


def _key(result: RouteResult, value: Value) -> tuple[object, ...]:
    """Sorts what is open to the person first, then the higher amount."""
    return order_of(result), *_amount_key(value)


def order_of(result: RouteResult) -> int:
    """How near the money is: what a court has ordered is as near as what is open."""
    return 0 if result.judged else ORDER[result.status]
