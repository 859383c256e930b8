"""What an expression rests on, found while it is compiled: from whatever it is made of upwards, so that nothing is forgotten.

Each word of the language says what it looks at by itself (`Looks`) when it registers; what it is made of adds its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Flag, auto

from calculator.engine.figures.parameters import DatedParameter


class Looks(Flag):
    """What a word looks at beyond its operands."""

    #: Nothing, or facts that it names (`Needs.read`).
    OPERANDS = 0
    #: The case, in more than the facts that are named.
    CASE = auto()
    #: The claim on this route, where there is one: days that are the route's own then.
    CLAIM = auto()
    #: What the route alone says: its claim's facts, its named dates and pay rules.
    ROUTE = auto()
    #: What the head alone knows, or a mark that is left on it: steps, earlier heads, the day in hand, a payment's term.
    HEAD = auto()


@dataclass(slots=True)
class Needs:
    """What the parts of an expression look at, the ids of the facts they name, and the figures: work is cut where one of them changes."""

    looks: Looks = Looks.OPERANDS
    facts: set[str] = field(default_factory=set)
    figures: list[DatedParameter] = field(default_factory=list)

    def look(self, looks: Looks) -> None:
        """Note what a part looks at."""
        self.looks |= looks

    def read(self, facts: Iterable[str]) -> None:
        """Note facts that a part names; those of a claim are the route's own."""
        for fact in facts:
            self.facts.add(fact)
            if fact.startswith("claim."):
                self.looks |= Looks.ROUTE

    def add(self, other: Needs) -> None:
        """Note all that a part needs."""
        self.looks |= other.looks
        self.facts |= other.facts
        self.figures += other.figures

    @property
    def own(self) -> bool:
        """Whether it may come to something else on another route."""
        return bool(self.looks & (Looks.CLAIM | Looks.ROUTE))
