"""Messages that come twice while the first is still being answered share its answer; answers that take long are fetched later."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")

#: A client that can ask again with the same id is told so after this long.
WAIT_SECONDS = 2.5


class StillWorkingError(RuntimeError):
    """The answer is not there yet; the work goes on."""


class Once(Generic[T]):
    """Work under way, by key. It goes on when whoever asked for it has gone."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[T]] = {}

    async def do(self, key: str, work: Callable[[], Awaitable[T]], seconds: float | None = None) -> T:
        """Do the work, or wait for the one that is under way with this key. `seconds`: how long to wait, for ever without.

        Raises StillWorkingError after that time, and what the work raises.
        """
        task = self._running.get(key)
        if task is None:
            task = asyncio.ensure_future(_awaited(work))
            self._running[key] = task
            task.add_done_callback(lambda done: self._over(key, done))
        try:
            return await asyncio.wait_for(asyncio.shield(task), seconds)
        except TimeoutError:
            if task.done():
                raise
            raise StillWorkingError from None

    def _over(self, key: str, task: asyncio.Task[T]) -> None:
        self._running.pop(key, None)
        if not task.cancelled():
            # Read, so that an error nobody waited for is no complaint in the log.
            task.exception()


async def _awaited(work: Callable[[], Awaitable[T]]) -> T:
    return await work()
