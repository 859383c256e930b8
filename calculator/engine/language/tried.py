"""Which choices of a pack some example has taken both ways: conditions, ifs, limits, rates, formulas.

A place is registered when a pack is compiled and noted when it is decided; `redress pack exercise` compares the two. Notes
are kept only when the caller of `estimate` hands in a place to keep them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calculator.engine.language.run import Context, Truth
from calculator.engine.language.scope import Scope

#: Place -> outcomes seen.
Exercised = dict[str, set[bool | None]]
Test = Callable[[Context], Truth]


def register(scope: Scope, kind: str, raw: Any = None) -> str:
    """Name a choice. `kind`: test (true and false), bound (holds and binds), formula (is worked out)."""
    place = f"{scope.file}: {scope.field}"
    if kind == "test" and isinstance(raw, dict) and set(raw) <= {"always", "nobody_knows"}:
        return place
    if kind == "test" and _never_certain(raw):
        kind = "open test"
    scope.places[place] = kind
    return place


def _never_certain(raw: Any) -> bool:
    """Whether a test can stay open for ever, so that only two of its three outcomes can be asked for."""
    if isinstance(raw, dict):
        return "nobody_knows" in raw or "always" in raw or any(_never_certain(v) for v in raw.values())
    return isinstance(raw, list) and any(_never_certain(v) for v in raw)


def recorded(test: Test, scope: Scope, raw: Any) -> Test:
    """The test, noting its outcomes."""
    place = register(scope, "test", raw)

    def run(ctx: Context) -> Truth:
        truth = test(ctx)
        if ctx.facts.exercised is not None:
            ctx.facts.exercised.setdefault(place, set()).add(truth.value)
        return truth

    return run


def note(ctx: Context, place: str, outcome: bool | None) -> None:
    if ctx.facts.exercised is not None:
        ctx.facts.exercised.setdefault(place, set()).add(outcome)


def unexercised(places: dict[str, str], seen: Exercised) -> list[tuple[str, str]]:
    """(place, what no example shows) of every choice that was not taken both ways."""
    found = []
    for place, kind in places.items():
        outcomes = seen.get(place, set())
        if kind == "formula":
            missing = [] if True in outcomes else ["worked out"]
        elif kind == "open test":
            missing = [] if len(outcomes) > 1 else ["a second outcome" if outcomes else "any outcome"]
        else:
            words = {"test": ("true", "false"), "bound": ("reached", "not reached")}[kind]
            missing = [word for word, value in zip(words, (True, False), strict=True) if value not in outcomes]
        if missing:
            found.append((place, " and ".join(missing)))
    return found
