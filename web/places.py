"""Language, place and open question of the conversations of the last hour, in memory: whose number is told while the database is away.

No words and no ids: keys are those of the database's rows.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from web.state import ConversationState

MOST = 20_000


@dataclass(frozen=True)
class _Place:
    language: str
    country: str | None
    region: str | None
    open_fact: str | None
    until: float


class Places:
    """The last places of the conversations this process has seen."""

    def __init__(self, minutes: int, key: Callable[[str], str]) -> None:
        """A conversation idle for so many minutes is forgotten here too; `key` makes of its id the key of its row."""
        self._seconds = minutes * 60.0
        self._key = key
        self._known: OrderedDict[str, _Place] = OrderedDict()

    def remember(self, conversation: str, state: ConversationState) -> None:
        """Keep where somebody is, in which language she reads, and what she was asked."""
        key = self._key(conversation)
        self._known[key] = _Place(state.language, state.country, state.region, state.open_fact, time.monotonic() + self._seconds)
        self._known.move_to_end(key)
        while len(self._known) > MOST:
            self._known.popitem(last=False)

    def recall(self, conversation: str) -> ConversationState | None:
        """A state that holds these alone; None if nothing is known."""
        place = self._known.get(self._key(conversation))
        if place is None or place.until < time.monotonic():
            self.forget(conversation)
            return None
        return ConversationState(language=place.language, country=place.country, region=place.region, open_fact=place.open_fact)

    def forget(self, conversation: str) -> None:
        """Drop what is known of a conversation."""
        self._known.pop(self._key(conversation), None)
