"""What this process alone knows of the newest messages, for when the database knows nothing of them."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from store.outbox import LEASE

#: Longer than any provider hands the same message over again.
REMEMBER_SECONDS = 24 * 3600
MOST = 50_000
MOST_UNSENT = 1_000
#: Nothing is sent so long before a lease ends in the database: asking for it took a while.
MARGIN_SECONDS = 2.0


def leased() -> float:
    """When a lease that is taken now ends, by time.monotonic."""
    return time.monotonic() + LEASE.total_seconds() - MARGIN_SECONDS


@dataclass
class Parcel:
    """An answer as the calls that send it, in order."""

    #: Names of the message and of its conversation.
    key: str
    row: str
    bodies: list[dict[str, Any]] = field(repr=False)
    #: Who sends it.
    claim: str
    #: Until when it is sent at all, by time.monotonic.
    ends: float
    #: The one that is sent next.
    part: int = 0
    tries: int = 0
    #: Waits for nothing.
    urgent: bool = False
    #: Until when this process alone may send it, by time.monotonic.
    leased: float = field(default_factory=leased)

    @property
    def left(self) -> bool:
        """Whether anything is still to be sent."""
        return self.part < len(self.bodies)


class Recent:
    """Messages by their keys: those that are over, and answers that nobody but this process has."""

    def __init__(self) -> None:
        self._over: OrderedDict[str, float] = OrderedDict()
        self._unsent: OrderedDict[str, Parcel] = OrderedDict()

    def finish(self, key: str) -> None:
        """Note that nothing more is to be sent."""
        self._unsent.pop(key, None)
        self._over[key] = time.monotonic() + REMEMBER_SECONDS
        while len(self._over) > MOST:
            self._over.popitem(last=False)

    def is_over(self, key: str) -> bool:
        """Whether nothing more is to be sent."""
        return self._over.get(key, 0.0) > time.monotonic()

    def keep(self, parcel: Parcel) -> None:
        """Keep an answer that could be neither sent nor put into the outbox, for when its message comes again."""
        self._unsent[parcel.key] = parcel
        while len(self._unsent) > MOST_UNSENT:
            self._unsent.popitem(last=False)

    def take(self, key: str) -> Parcel | None:
        """Hand such an answer out."""
        self.drop_old()
        return self._unsent.pop(key, None)

    def forget(self, row: str) -> None:
        """Drop the answers of a conversation."""
        for key in [key for key, parcel in self._unsent.items() if parcel.row == row]:
            del self._unsent[key]

    def drop_old(self) -> None:
        """Drop answers that would come too late."""
        now = time.monotonic()
        for key in [key for key, parcel in self._unsent.items() if parcel.ends <= now]:
            del self._unsent[key]
