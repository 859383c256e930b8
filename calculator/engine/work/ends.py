"""The two ends of a claim: what is surely due at the least, and what may be due at the most."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Protocol, TypeVar

T = TypeVar("T")


class Reach(Protocol):
    """Whatever lies between a low and a high number."""

    @property
    def low(self) -> Decimal: ...

    @property
    def high(self) -> Decimal: ...


class End(Enum):
    """Which end of what the case leaves open is worked out: the lowest claim takes the facts against it, the highest those for it."""

    lowest = "lowest"
    highest = "highest"

    #: Ends are part of keys: by identity, which is quicker than by name.
    __hash__ = object.__hash__

    @property
    def other(self) -> End:
        return LOWEST if self is HIGHEST else HIGHEST

    def owed(self, said: Reach) -> Decimal:
        """Of what raises a claim (hours, rates, promises): the least for the lowest claim, the most for the highest."""
        return said.high if self is HIGHEST else said.low

    def taken(self, said: Reach) -> Decimal:
        """Of what lowers a claim (payments, absences, housing): the most for the lowest claim, the least for the highest."""
        return said.low if self is HIGHEST else said.high

    def choose(self, lowest: T, highest: T) -> T:
        """What is this end's of two."""
        return highest if self is HIGHEST else lowest


LOWEST, HIGHEST = End.lowest, End.highest
