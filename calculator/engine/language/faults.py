"""The faults of a pack, collected: compiling goes on after one, so that a team sees all of them at once.

What names something that has a fault is not at fault itself: it raises `FollowsError`, which is not said again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from calculator.errors import PackError


class FollowsError(PackError):
    """Wrong only because of a fault that is said already."""


@dataclass(slots=True)
class Faults:
    """What is wrong so far, and the names (of figures, dates, pay rules, steps, heads, routes) behind which something is."""

    found: list[PackError] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    @contextmanager
    def of(self, name: str = "") -> Iterator[None]:
        """Collect the fault that ends what is done here. `name`: what others call it by."""
        try:
            yield
        except PackError as error:
            if not isinstance(error, FollowsError):
                self.found.append(error)
            if name:
                self.names.add(name)
