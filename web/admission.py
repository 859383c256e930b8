"""Who may ask Rasa now. It reads one text at a time; a flood of long ones must not stand before somebody in danger."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

#: So many texts are with Rasa at once. More would wait there, where nobody can let the urgent ones through.
PLACES = 3
#: Of these one is kept free for texts that sound like danger; and long ones share one.
URGENT_PLACES = 1
LONG = 2000
#: What an address may ask, in conversations that write as much as one may. A shelter or a telephone network shares one address.
CONVERSATIONS = 60
AT_ONCE = 300.0
#: Texts of an address a second, over time and at once, under ids that this process does not know: those of conversations that are over,
#: or that another process began. The database is asked about no more.
STRANGERS, STRANGERS_AT_ONCE = 5.0, 60.0
MOST_ADDRESSES = 10_000
#: Who is refused waits a moment, and not longer; so many at a time. Else a crowd that is refused at once and asks again at once would keep
#: the one thread busy through which everybody comes: each of a dozen steps to an answer then waits for the whole crowd.
REFUSED_AT_ONCE, REFUSED_SECONDS, REFUSED_AT_MOST = 4, 0.05, 1.2


class NotAdmittedError(RuntimeError):
    """Rasa is not asked: no place became free in time, the address has asked too often, or nobody waits for the answer any more."""


class Admission:
    """Places at Rasa, and what each address has used of them."""

    def __init__(self, messages_per_minute: int) -> None:
        """`messages_per_minute`: what one conversation may write."""
        self._per_second = CONVERSATIONS * messages_per_minute / 60.0
        self._at_once = max(AT_ONCE, float(messages_per_minute))
        self._all = asyncio.Semaphore(PLACES)
        self._ordinary = asyncio.Semaphore(PLACES - URGENT_PLACES)
        self._long = asyncio.Semaphore(1)
        self._refused = asyncio.Semaphore(REFUSED_AT_ONCE)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    @asynccontextmanager
    async def place(self, text: str, urgent: bool, within: float, wanted: Callable[[], Awaitable[bool]] | None = None) -> AsyncIterator[None]:
        """Hold a place for a text. `within`: seconds to wait at most; `wanted`: whether somebody still waits for the answer.

        Raises NotAdmittedError.
        """
        needed = [self._all] if urgent else [self._ordinary, self._all]
        if len(text) > LONG:
            needed.insert(0, self._long)
        held: list[asyncio.Semaphore] = []
        try:
            try:
                async with asyncio.timeout(within):
                    for semaphore in needed:
                        await semaphore.acquire()
                        held.append(semaphore)
            except TimeoutError:
                raise NotAdmittedError("no place") from None
            if wanted is not None and not await wanted():
                raise NotAdmittedError("nobody waits")
            yield
        finally:
            for semaphore in reversed(held):
                semaphore.release()

    async def delay(self) -> None:
        """Let somebody who is refused wait a moment."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(REFUSED_AT_MOST), self._refused:
                await asyncio.sleep(REFUSED_SECONDS)

    def allows(self, address: str) -> bool:
        """Count one text of an address (its hash); False if it has used up what it may ask for now."""
        return self._count(address, self._per_second, self._at_once)

    def allows_stranger(self, address: str) -> bool:
        """Count one text of an address under an id that is not known here."""
        return self._count(f"{address} stranger", STRANGERS, STRANGERS_AT_ONCE)

    def _count(self, name: str, per_second: float, at_once: float) -> bool:
        now = time.monotonic()
        left, at = self._left.pop(name, (at_once, now))
        left = min(at_once, left + (now - at) * per_second)
        self._left[name] = (left - 1 if left >= 1 else left, now)
        while len(self._left) > MOST_ADDRESSES:
            self._left.popitem(last=False)
        return left >= 1
