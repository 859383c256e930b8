"""Totals a lawyer accepts: each loss once, from the routes that serve it best together, never the plain sum of routes.

1. Routes that go together are chosen as a whole (`calculator.engine.routes.choosing`), by what they come to before any payment is taken
   off.
2. A head that several of the chosen routes pay counts for the one that pays most.
3. Everything stays inside one jurisdiction and one currency; amounts by the month, unconfirmed amounts, what is late, and what stands
   beside a claim stay outside.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from calculator import vocabulary
from calculator.engine.facts.readings import Facts
from calculator.engine.routes.choosing import ORDER, WHOLE, Beside, Conflicts, Group, HeadTotal, best, best_rows, options_of, order_of, ways
from calculator.engine.routes.outcome import Owed, Paid, RouteResult
from calculator.engine.routes.paid import off_the_total
from calculator.engine.routes.sums import Sum, not_in, sum_of


@dataclass(frozen=True, slots=True)
class Totals:
    """One row a head, what was paid already and comes off once, and the sum."""

    rows: list[HeadTotal]
    paid: list[Paid]
    sum: Sum


class Choice(NamedTuple):
    """Which routes pay which loss: (route, head) of what counts, and (route, family) of what stands back for it."""

    counted: frozenset[tuple[str, str]]
    gone: frozenset[tuple[str, str]]


def choice(results: list[RouteResult]) -> Choice:
    """Which routes count, worked out before anything that was paid has come off (`totals`)."""
    groups, conflicts, settled = ways(results)
    chosen = best(groups, options_of(groups, conflicts, settled))
    gone = frozenset((group.name, group.family) for n, group in enumerate(groups) if n not in chosen)
    return Choice(frozenset((row.route, row.head) for row in _one_row_a_head(groups, conflicts, chosen)), gone)


def totals(results: list[RouteResult], facts: Facts, before: Choice | None = None) -> Totals:
    """Of confirmed, one-off amounts of routes that are not closed. `before`: which routes counted before anything was paid, where
    something was. A payment lowers what is due and puts no less certain route in the place of the one it was paid on; only where more is
    left of another route that is open, that one counts."""
    groups, conflicts, settled = ways(results, before.counted if before is not None else frozenset())

    def of(chosen: frozenset[int]) -> Totals:
        return _total(results, facts, groups, conflicts, chosen)

    if before is None:
        return of(best(groups, options_of(groups, conflicts, settled)))
    gone = {n for n, group in enumerate(groups) if (group.name, group.family) in before.gone}
    less_near = {n for n, group in enumerate(groups) if order_of(group.route) > 0}
    found = of(best(groups, options_of(groups, conflicts, settled | gone)))
    return max((found, *map(of, options_of(groups, conflicts, settled | less_near))), key=lambda one: one.sum.value.low)


def _total(results: list[RouteResult], facts: Facts, groups: list[Group], conflicts: Conflicts, chosen: frozenset[int]) -> Totals:
    """The rows and the sum of the groups that count."""
    rows = _one_row_a_head(groups, conflicts, chosen)
    for gone in (n for n in range(len(groups)) if n not in chosen):
        rows = _mark(rows, groups, conflicts, gone, chosen)
    routes = {result.route.raw.id: result.route for result in results}
    paid = off_the_total([(row.route, row.head, row.payer) for row in rows], routes, facts)
    there = {row.head for row in rows}
    families = vocabulary.families()
    open_heads = (head for result in results if result.status in ORDER for head in not_in(result, ()))
    # What stands for all that another route pays is no loss of its own.
    without = [head for head in open_heads if head not in there and families[head] != WHOLE]
    return Totals(rows, paid, sum_of([Owed(row.head, row.family, row.payer, row.value) for row in rows], without, paid))


def _one_row_a_head(groups: list[Group], conflicts: Conflicts, chosen: frozenset[int]) -> list[HeadTotal]:
    """One row a head, in the order in which the pack has them, with the other routes that pay the same."""
    of_head = best_rows(groups, chosen)
    rows = []
    for head in dict.fromkeys(row.head for group in groups for row in group.rows):
        if head not in of_head:
            continue
        row = of_head[head][0]
        home = next(n for n, group in enumerate(groups) if row in group.rows)
        others = [r for n, group in enumerate(groups) if (n, home) not in conflicts for r in group.rows if r.head == head and n != home]
        rows.append(replace(row, beside=tuple(Beside(r.route, "same_head", r.value) for r in others)))
    return rows


def _mark(rows: list[HeadTotal], groups: list[Group], conflicts: Conflicts, gone: int, chosen: frozenset[int]) -> list[HeadTotal]:
    """Say, beside the first row of a group that counts, what does not count because of it."""
    rival = next((n for n in sorted(chosen) if (gone, n) in conflicts), None)
    if rival is None:
        return rows
    mark = Beside(groups[gone].name, conflicts[gone, rival], groups[gone].value)
    first = next((row for row in rows if row.route == groups[rival].name and row.head in groups[rival].heads), None)
    return [replace(row, beside=(*row.beside, mark)) if row is first else row for row in rows]
