"""Messages that come twice while the first is still being answered share its answer; answers that take long are fetched later."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")

#: A client that can ask again with the same id is told so after this long.
WAIT_SECONDS = 2.5


class StillWorkingError(RuntimeError):
    """The answer is not there yet; the work goes on. `progress`: what the work has said of itself so far."""

    def __init__(self, progress: object) -> None:
        super().__init__("still working")
        self.progress = progress


class Once(Generic[T]):
    """Work under way, by key. It goes on when whoever asked for it has gone."""

    def __init__(self) -> None:
        self._running: dict[str, tuple[asyncio.Task[T], object]] = {}

    async def do(self, key: str, work: Callable[[], Awaitable[T]], seconds: float | None = None, progress: object = None) -> T:
        """Do the work, or wait for the one that is under way with this key. `seconds`: how long to wait, for ever without; `progress`: where
        the work notes what is known before it ends.

        Raises StillWorkingError after that time, and what the work raises.
        """
        if key not in self._running:
            begun = asyncio.ensure_future(_awaited(work))
            self._running[key] = begun, progress
            begun.add_done_callback(lambda done: self._over(key, done))
        task, noted = self._running[key]
        # Not `wait_for`: on a busy machine the work may end in the very moment the time is up, and its answer would be lost as an error.
        await asyncio.wait([task], timeout=seconds)
        if not task.done():
            raise StillWorkingError(noted)
        return task.result()

    def _over(self, key: str, task: asyncio.Task[T]) -> None:
        self._running.pop(key, None)
        if not task.cancelled():
            # Read, so that an error nobody waited for is no complaint in the log.
            task.exception()


async def _awaited(work: Callable[[], Awaitable[T]]) -> T:
    return await work()
