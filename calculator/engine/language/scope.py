"""Where in which file the compiler stands, and what names it may use there. Faults become PackError."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from operator import attrgetter
from typing import Any

from calculator.engine.figures.units import Unit
from calculator.engine.language.faults import Faults, FollowsError
from calculator.engine.language.needs import Needs
from calculator.errors import PackError

#: How many expressions (values, conditions and days) may stand in each other.
DEEPEST = 10


@dataclass(frozen=True, slots=True)
class Scope:
    """The place of a piece of a pack: file, field, and the parameters, steps and heads known there."""

    file: str
    field: str
    currency: str
    parameters: dict[str, Any]
    route: str = ""
    routes: frozenset[str] = frozenset()
    steps: dict[str, Unit] = dataclasses.field(default_factory=dict)
    heads: dict[str, Unit] = dataclasses.field(default_factory=dict)
    dates: dict[str, Any] = dataclasses.field(default_factory=dict)
    pay_rules: dict[str, Any] = dataclasses.field(default_factory=dict)
    regions: frozenset[str] = frozenset()
    localities: frozenset[str] = frozenset()
    #: Texts that stand in the pack more than once (`calculator.engine.language.sharing`).
    said_again: frozenset[str] = frozenset()
    places: dict[str, str] = dataclasses.field(default_factory=dict)
    #: What the expression that is compiled here rests on, so far.
    needs: Needs = dataclasses.field(default_factory=Needs)
    #: In how many expressions this one stands.
    depth: int = 0
    #: What is wrong with the pack, so far.
    faults: Faults = dataclasses.field(default_factory=Faults)

    def inside(self, name: str | int) -> Scope:
        part = f"[{name}]" if isinstance(name, int) else f".{name}"
        return self._with(f"{self.field}{part}", self.needs, self.depth)

    def apart(self) -> Scope:
        """The same place, where what is compiled is looked at for itself."""
        return self._with(self.field, Needs(), self.depth)

    def deeper(self) -> Scope:
        """The same place for an expression inside it, looked at for itself. Raises PackError where too many stand in each other."""
        if self.depth >= DEEPEST:
            raise self.fault("This formula is nested too deeply.", "Give the inner part a name as a step of its own.")
        return self._with(self.field, Needs(), self.depth + 1)

    def _with(self, field: str, needs: Needs, depth: int) -> Scope:
        """As `dataclasses.replace`, of which a load of all packs would need thirty thousand, a fifth of its time."""
        values = list(_values_of(self))
        values[_FIELD], values[_NEEDS], values[_DEPTH] = field, needs, depth
        return Scope(*values)

    def fault(self, message: str, fix: str, **values: object) -> PackError:
        return PackError(self.file, self.field, message, fix, **values)

    def unknown_name(self, what: str, found: object, known: Iterable[str]) -> PackError:
        """`what` is a noun such as "fact"; offers the closest known name."""
        if str(found) in self.faults.names:
            return FollowsError(self.file, self.field, "There is a fault in {found}.", "Mend that first.", found=found)
        names = sorted(known)
        close = get_close_matches(str(found), names, n=1)
        if close:
            return self.fault("There is no {what} named {found}.", "Did you mean {close}?", what=what, found=found, close=close[0])
        return self.fault("There is no {what} named {found}.", "Known names: {known}.", what=what, found=found, known=", ".join(names[:40]))


_NAMES = [field.name for field in dataclasses.fields(Scope)]
_values_of: Callable[[Scope], tuple[Any, ...]] = attrgetter(*_NAMES)
_FIELD, _NEEDS, _DEPTH = (_NAMES.index(name) for name in ("field", "needs", "depth"))


def known_places(raw: Any, known: Iterable[str], what: str, scope: Scope) -> frozenset[str]:
    """Codes of regions or localities that the pack's jurisdiction.yaml names. Raises PackError."""
    wanted = [str(code) for code in (raw if isinstance(raw, list) else [raw])]
    for code in wanted:
        if code not in known:
            raise scope.unknown_name(what, code, known)
    return frozenset(wanted)
