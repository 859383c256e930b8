"""Totals a lawyer accepts: each loss once, from the route that serves it best, never the plain sum of routes.

1. A head that several routes pay counts for one of them: routes open to the person before those that wait, then the higher
   amount.
2. Where one route excludes another, comes after it or deducts what it paid, a family of loss counts once between the two
   (what A pays, less what B paid, plus what B paid, is the larger of both).
3. Everything stays inside one jurisdiction and one currency; amounts by the month and unconfirmed amounts stay outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from calculator import quantity, vocabulary
from calculator.engine.routes.outcome import RouteResult
from calculator.packs.model import Payer
from calculator.quantity import NOTHING, ZERO, Confidence, Value

#: A route that is open now comes before one that is uncertain, and that before one that waits for something.
_ORDER = {"open": 0, "likely": 0, "uncertain": 1, "later": 2}
_ONCE = ("subsidiary", "alternative", "deducts")
#: The family of heads that stand for everything another route pays.
WHOLE = "whole"

Why = Literal["same_head", "subsidiary", "alternative", "deducts"]


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
    beside: tuple[Beside, ...] = ()

    @property
    def excludes(self) -> tuple[str, ...]:
        return tuple(sorted({b.route for b in self.beside}))

    @property
    def family(self) -> str:
        return vocabulary.families()[self.head]


def totals(results: list[RouteResult]) -> tuple[list[HeadTotal], Value]:
    """(one row a head, their sum) of confirmed, one-off amounts of routes that are not closed."""
    by_route = {r.route.raw.id: r for r in results}
    offers = _offers(results)
    offered: dict[str, set[str]] = {}
    for head, found in offers.items():
        for _, row in found:
            offered.setdefault(row.route, set()).add(head)
    rows = _one_route_a_head(offers)
    for route, other, why in _related(results):
        if route in offered and other in offered:
            rows = _once(rows, route, other, why, by_route, offered)
    total = quantity.add([row.value for row in rows]) if rows else NOTHING
    return rows, total


Offers = dict[str, list[tuple[RouteResult, HeadTotal]]]


def _offers(results: list[RouteResult]) -> Offers:
    """Head -> what each route pays for it."""
    offers: Offers = {}
    for result in results:
        if result.status not in _ORDER or _perhaps_elsewhere(result):
            continue
        by_head: dict[tuple[str, Payer], list[Value]] = {}
        for line in result.lines:
            if line.counted and line.per == "once" and line.rank < Confidence.unverified:
                by_head.setdefault((line.head.raw.head, line.head.raw.payer), []).append(line.value)
        for (head, payer), values in by_head.items():
            value = quantity.add(values)
            # Nothing is no offer: it must not stand in the way of a route that pays.
            if value.high is None or value.high > 0:
                offers.setdefault(head, []).append((result, HeadTotal(payer, head, result.route.raw.id, value)))
    return offers


def _one_route_a_head(offers: Offers) -> list[HeadTotal]:
    rows = []
    for found in offers.values():
        found.sort(key=lambda offer: _key(offer[0], offer[1].value))
        best = found[0][1]
        rest = tuple(Beside(row.route, "same_head", row.value) for _, row in found[1:] if row.route != best.route)
        rows.append(replace(best, beside=rest))
    return rows


def _perhaps_elsewhere(result: RouteResult) -> bool:
    """A route of one part of the country, while it is not known whether it happened there: of several such routes at most
    one holds, so none is counted yet."""
    return result.route.raw.regions is not None and result.conditions[0].truth.value is None


def _key(result: RouteResult, value: Value) -> tuple[int, object, object]:
    """Sorts what is open to the person first, then the higher amount; no known upper end counts as the highest."""
    return _ORDER[result.status], -value.low, (0, ZERO) if value.high is None else (1, -value.high)


def _related(results: list[RouteResult]) -> Iterator[tuple[str, str, Why]]:
    """Pairs of routes of which the first excludes, follows or deducts the second."""
    for result in results:
        for relation in result.route.raw.relations:
            if relation.kind in _ONCE:
                for other in relation.to:
                    yield result.route.raw.id, other, relation.kind  # type: ignore[misc]


def _same_words(route: str, other: str, family: str, offered: dict[str, set[str]]) -> bool:
    """Whether, in a family of loss, one route names no loss that the other does not name by the same word."""
    families = vocabulary.families()
    ours, yours = ({h for h in offered.get(r, ()) if families[h] == family} for r in (route, other))
    return family != WHOLE and bool(ours and yours) and (ours <= yours or yours <= ours)


def _once(
    rows: list[HeadTotal], route: str, other: str, why: Why, by_route: dict[str, RouteResult], offered: dict[str, set[str]]
) -> list[HeadTotal]:
    """Keep, of each family of loss that both routes pay, the rows of the better one."""
    for family in dict.fromkeys(row.family for row in rows if row.route == route):
        mine = [r for r in rows if r.route == route and r.family == family]
        theirs = [r for r in rows if r.route == other and (family == WHOLE or r.family in (family, WHOLE))]
        if theirs and family != WHOLE and any(r.family == WHOLE for r in theirs):
            # The other side stands for everything this route pays.
            mine = [r for r in rows if r.route == route]
            theirs = [r for r in rows if r.route == other]
        if not mine or not theirs:
            continue
        if why != "alternative" and _same_words(route, other, family, offered):
            # Each loss has its own head on both sides, and a head counts once already.
            continue
        ours, yours = quantity.add([r.value for r in mine]), quantity.add([r.value for r in theirs])
        keep_mine = _key(by_route[route], ours) < _key(by_route[other], yours)
        kept, gone = (mine, theirs) if keep_mine else (theirs, mine)
        mark = Beside(gone[0].route, why, yours if keep_mine else ours)
        rows = [replace(r, beside=(*r.beside, mark)) if r == kept[0] else r for r in rows if r not in gone]
    return rows
