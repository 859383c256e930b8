"""A clock that does not jump: what expires by it is deleted, so a clock that was set must not delete everybody's words.

With PostgreSQL the database's own clock decides. With SQLite the machine's does, held against the clock that only counts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

#: A difference from what has been counted beyond this is a jump.
JUMP_SECONDS = 600.0
#: A clock that jumped is believed after so long.
TRUST_SECONDS = 3600.0


class SteadyClock:
    """Seconds since 1970, by the machine's clock as long as it goes on as it should."""

    def __init__(self, wall: Callable[[], float] = time.time, counted: Callable[[], float] = time.monotonic) -> None:
        """Both clocks may be replaced in tests."""
        self._wall, self._counted = wall, counted
        self._lock = threading.Lock()
        self._anchor = (wall(), counted())
        self._jumped_at: float | None = None

    def now(self) -> float:
        """The moment by which things expire: after a jump what was counted, until the new time has held for an hour."""
        with self._lock:
            wall, counted = self._wall(), self._counted()
            steady = self._anchor[0] + counted - self._anchor[1]
            if abs(wall - steady) <= JUMP_SECONDS:
                self._jumped_at = None
                # Small corrections of the clock are followed.
                self._anchor = (wall, counted)
                return wall
            if self._jumped_at is None:
                self._jumped_at = counted
            if counted - self._jumped_at < TRUST_SECONDS:
                return steady
            self._anchor, self._jumped_at = (wall, counted), None
            return wall

    def latest(self) -> float:
        """The later of both clocks, from which lifetimes are counted: what is written during a jump lives on whichever is right."""
        return max(self.now(), self._wall())

    @property
    def jumped(self) -> bool:
        """Whether the machine's clock is not believed now; nothing is to be deleted by its age meanwhile."""
        self.now()
        return self._jumped_at is not None
