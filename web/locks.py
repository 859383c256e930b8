"""One turn at a time in each conversation: in this process, and with Redis across processes.

Rasa's own lock store loses turns when two servers get messages of one conversation at the same moment, so the
gateway lines them up before they reach Rasa.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError, RedisError

from web.rasa_client import TURN_SECONDS

logger = logging.getLogger(__name__)

WAIT_SECONDS = TURN_SECONDS
# A process that dies in mid-turn must not block the conversation; a turn that still runs must not lose its lock.
LIFETIME_SECONDS = TURN_SECONDS + 4.0
POLL_SECONDS = 0.03
#: A Redis that did not answer is not asked again for so long: each turn would wait for it.
AWAY_SECONDS = 10.0


class LockTimeoutError(RuntimeError):
    """The turns before this one took too long."""


class ConversationLocks:
    """Locks by conversation. Waiting is fair inside a process; between processes it is a matter of luck."""

    def __init__(self, redis_url: str | None = None) -> None:
        """Without `redis_url` only this process is covered."""
        self._local: dict[str, tuple[asyncio.Lock, int]] = {}
        self._redis: Redis | None = None
        self._away_until = float("-inf")
        if redis_url:
            self._redis = Redis.from_url(redis_url, socket_timeout=1.0, socket_connect_timeout=1.0)

    @asynccontextmanager
    async def hold(self, conversation: str) -> AsyncIterator[None]:
        """Hold the conversation's lock; `conversation` should be its row key, for Redis sees it.

        Raises LockTimeoutError after WAIT_SECONDS. When Redis is down the lock of this process must do: a
        turn out of order is better than no answer.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + WAIT_SECONDS
        lock, users = self._local.get(conversation, (asyncio.Lock(), 0))
        self._local[conversation] = (lock, users + 1)
        try:
            try:
                await asyncio.wait_for(lock.acquire(), WAIT_SECONDS)
            except TimeoutError:
                raise LockTimeoutError from None
            try:
                async with self._hold_shared(conversation, until - loop.time()):
                    yield
            finally:
                lock.release()
        finally:
            self._forget(conversation)

    def _forget(self, conversation: str) -> None:
        lock, users = self._local[conversation]
        if users == 1:
            del self._local[conversation]
        else:
            self._local[conversation] = (lock, users - 1)

    @asynccontextmanager
    async def _hold_shared(self, conversation: str, seconds: float) -> AsyncIterator[None]:
        lock = await self._shared(conversation, seconds)
        try:
            yield
        finally:
            if lock is not None:
                await self._release(lock)

    async def _shared(self, conversation: str, seconds: float) -> Lock | None:
        """The lock in Redis; None where there is no Redis, or none that answers."""
        loop = asyncio.get_running_loop()
        if self._redis is None or loop.time() < self._away_until:
            return None
        lock = self._redis.lock(f"redress:turn:{conversation}", timeout=LIFETIME_SECONDS, sleep=POLL_SECONDS)
        try:
            if not await lock.acquire(blocking_timeout=max(0.0, seconds)):
                raise LockTimeoutError
        except (RedisError, OSError) as error:
            self._away_until = loop.time() + AWAY_SECONDS
            logger.warning("Redis does not answer, turns are lined up in this process only: %s", type(error).__name__)
            return None
        return lock

    async def _release(self, lock: Lock) -> None:
        try:
            # After its lifetime somebody else may hold it: then there is nothing of ours to release.
            with contextlib.suppress(LockError):
                await lock.release()
        except (RedisError, OSError) as error:
            logger.warning("a lock in Redis was not released and will expire: %s", type(error).__name__)

    async def close(self) -> None:
        """Close the connections."""
        if self._redis is not None:
            await self._redis.aclose()
