"""Sums that hide nothing: what is in them, what is not, and when they are no sum at all.

A part is never shown as the whole. Beside each sum stand the heads of damage that are not in it, largest first; and what is small beside
the loss itself (costs, interest, travel), or comes to nothing, makes no sum of a claim whose main loss is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from calculator import vocabulary
from calculator.engine.language.run import Term
from calculator.engine.routes.outcome import Line, Owed, Paid, RouteResult
from calculator.engine.routes.pack import Per
from calculator.engine.routes.paid import less_paid
from calculator.quantity import Value, add, unknown


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount, and the heads of damage that are not in it."""

    value: Value
    without: tuple[str, ...] = ()
    per: Per = "once"
    term: Term | None = None


def sum_of(owed: Sequence[Owed], without: Iterable[str], paid: Sequence[Paid] = ()) -> Sum:
    """What is owed in all, less what was paid already; unknown where the main loss is."""
    missing = tuple(vocabulary.largest_first(without))
    minor = vocabulary.minor_heads()
    if not owed:
        return Sum(unknown(), missing)
    value = less_paid(owed, paid) if paid else add([one.value for one in owed])
    nothing = value.low == 0 and not value.high
    if any(head not in minor for head in missing) and (nothing or _says_little(owed, minor)):
        return Sum(unknown(*value.gaps), missing)
    return Sum(value, missing)


def _says_little(owed: Sequence[Owed], minor: frozenset[str]) -> bool:
    """Whether nothing but minor heads, and heads that come to nothing as far as we know, is known."""
    return all(one.head in minor or (one.value.low == 0 and not one.value.high) for one in owed)


def confirmed_sum(result: RouteResult) -> Sum:
    """What a route comes to by figures that are confirmed: its one-off amounts, else its monthly one."""
    lines = result.confirmed
    once = [line for line in lines if line.per == "once"]
    if lines and not once:
        term = next((line.term for line in lines if line.term), None)
        return Sum(add([line.value for line in lines]), tuple(vocabulary.largest_first(not_in(result, lines))), "month", term)
    return sum_of(result.owed(once), not_in(result, once), result.paid)


def unconfirmed_sum(result: RouteResult) -> Value | None:
    """What figures that are not confirmed would add; None where there are none."""
    lines = [line.value for line in result.unconfirmed if line.per == "once"] or [line.value for line in result.unconfirmed]
    return add(lines) if lines else None


def not_in(result: RouteResult, summed: Sequence[Line]) -> list[str]:
    """Heads that the route may pay and that are not in a sum of these lines. What is surely too late, and what stands beside a claim
    or in its place, is no part of it."""
    there = {line.head.raw.head for line in summed}
    aside = [line.head.raw.head for line in result.lines if line.counted or not (line.head.raw.beside or line.head.raw.alternative_to)]
    late = {line.head.raw.head for line in result.lines if line.barred and line.late is not None}
    return [head for head in dict.fromkeys([*result.unknown_heads, *aside]) if head not in there and head not in late]
