"""At most so many messages a minute in one conversation (thirty, unless the installation says otherwise)."""

from __future__ import annotations

import time
from collections import deque

WINDOW_SECONDS = 60.0
SWEEP_ABOVE = 1000


class RateLimiter:
    """Counts what was done in a sliding window, in memory: each gateway process counts its own."""

    def __init__(self, per_minute: int, seconds: float = WINDOW_SECONDS) -> None:
        """`seconds`: the window in which so many are allowed, a minute unless it is said."""
        self._per_minute = per_minute
        self._window = seconds
        self._sent: dict[str, deque[float]] = {}

    def allow(self, conversation: str) -> bool:
        """Count one message; False if it is one too many (it is then not counted)."""
        now = time.monotonic()
        if len(self._sent) > SWEEP_ABOVE:
            self._sweep(now)
        sent = self._sent.setdefault(conversation, deque())
        while sent and sent[0] <= now - self._window:
            sent.popleft()
        if len(sent) >= self._per_minute:
            return False
        sent.append(now)
        return True

    def take_back(self, conversation: str) -> None:
        """Count the newest message no longer: it came to nothing, and is tried again."""
        if sent := self._sent.get(conversation):
            sent.pop()

    def forget(self, conversation: str) -> None:
        """Drop what is known of a conversation."""
        self._sent.pop(conversation, None)

    def _sweep(self, now: float) -> None:
        self._sent = {key: sent for key, sent in self._sent.items() if sent and sent[-1] > now - self._window}
