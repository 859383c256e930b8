"""Units of measure, so that euros are never added to hours and a rate meets its hours."""

from __future__ import annotations

from collections.abc import Iterable

#: Powers of base units, such as {"EUR": 1, "hour": -1}; None fits anything (a bare number in a formula).
Unit = frozenset[tuple[str, int]] | None
PLAIN: Unit = frozenset()

BASES = {"hour", "day", "night", "week", "month", "year", "percent", "degree", "person", "session", "point", "share", "number"}


def unit(text: str) -> Unit:
    """`EUR/hour` -> euros per hour; `share`, `number` and `percent` are plain numbers. Raises ValueError."""
    top, _, below = text.partition("/")
    powers: dict[str, int] = {}
    for name, power in ((top, 1), (below, -1)):
        if not name or name in ("share", "number", "percent", "degree", "point"):
            continue
        if name not in BASES and not (len(name) == 3 and name.isupper()):
            raise ValueError(name)
        powers[name] = powers.get(name, 0) + power
    return frozenset((n, p) for n, p in powers.items() if p)


def multiply(units: Iterable[Unit]) -> Unit:
    """The unit of a product; bare numbers alone stay bare, and fit anything."""
    factors = list(units)
    if all(one is None for one in factors):
        return None
    powers: dict[str, int] = {}
    for one in factors:
        for name, power in one or ():
            powers[name] = powers.get(name, 0) + power
    return frozenset((n, p) for n, p in powers.items() if p)


def inverse(one: Unit) -> Unit:
    return None if one is None else frozenset((n, -p) for n, p in one)


def agree(units: Iterable[Unit]) -> tuple[bool, Unit]:
    """Whether all units are one and the same (bare numbers fit), and which."""
    named = {u for u in units if u is not None}
    return len(named) <= 1, next(iter(named), None)


def text(one: Unit) -> str:
    if one is None:
        return "number"
    if not one:
        return "a plain number"
    top = [n for n, p in one if p > 0]
    below = [n for n, p in one if p < 0]
    return "*".join(sorted(top) or ["1"]) + ("/" + "*".join(sorted(below)) if below else "")
