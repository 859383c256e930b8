"""Totals a lawyer accepts: each head of damage once, from the route that serves it best, never the plain sum."""

from __future__ import annotations

from dataclasses import dataclass, replace

from calculator import quantity
from calculator.engine.route import RouteResult
from calculator.quantity import NOTHING, ZERO, Confidence, Value

#: Which route counts for a head that several routes can pay: the surest first.
_ORDER = {"open": 0, "likely": 1, "uncertain": 2, "later": 3}


@dataclass(frozen=True, slots=True)
class HeadTotal:
    """What one head comes to, who pays it, and the routes whose amount for the same head is not added."""

    payer: str
    head: str
    route: str
    value: Value
    excludes: tuple[str, ...]


def totals(results: list[RouteResult]) -> tuple[list[HeadTotal], Value]:
    """(one row a head, their sum) of confirmed, one-off amounts of routes that are not closed."""
    offers: dict[str, list[tuple[RouteResult, str, Value]]] = {}
    for result in results:
        if result.status not in _ORDER:
            continue
        by_head: dict[tuple[str, str], list[Value]] = {}
        for line in result.lines:
            if line.counted and line.per == "once" and line.rank < Confidence.unverified:
                by_head.setdefault((line.head.raw.head, line.head.raw.payer), []).append(line.value)
        for (head, payer), values in by_head.items():
            total = quantity.add(values)
            # Nothing is no offer: it must not stand in the way of a route that pays.
            if total.high is None or total.high > 0:
                offers.setdefault(head, []).append((result, payer, total))
    rows = []
    for head, found in offers.items():
        found.sort(key=lambda f: (_ORDER[f[0].status], -f[2].low, -(f[2].high if f[2].high is not None else ZERO)))
        best, payer, value = found[0]
        excludes = tuple(sorted({r.route.raw.id for r, _, _ in found[1:]} - {best.route.raw.id}))
        rows.append(HeadTotal(payer, head, best.route.raw.id, value, excludes))
    rows = _without_second_payers(rows, {r.route.raw.id: r for r in results})
    total = quantity.add([row.value for row in rows]) if rows else NOTHING
    return rows, total


def _without_second_payers(rows: list[HeadTotal], results: dict[str, RouteResult]) -> list[HeadTotal]:
    """A route that pays instead of another, or after it, adds nothing where the other already counts."""
    paying = {row.route for row in rows}
    kept: list[HeadTotal] = []
    dropped: dict[str, set[str]] = {}
    for row in rows:
        instead_of = {to for r in results[row.route].route.raw.relations if r.kind in ("alternative", "subsidiary")
                      for to in r.to}
        first = sorted(instead_of & (paying - {row.route}))
        if first:
            dropped.setdefault(first[0], set()).add(row.route)
        else:
            kept.append(row)
    return [replace(row, excludes=tuple(sorted({*row.excludes, *dropped.get(row.route, ())}))) for row in kept]
