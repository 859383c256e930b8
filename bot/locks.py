"""Rasa lock store: one message of a conversation at a time, in this process or across several Rasa servers."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import redis.asyncio
from rasa.core.lock import TicketLock
from rasa.core.lock_store import InMemoryLockStore, LockError
from rasa.utils.endpoints import EndpointConfig
from redis.exceptions import RedisError

from bot.keys import read_keys
from bot.settings import LOCK_SECONDS, read_settings
from erasure.names import dialogue_key

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.05
# A Redis that did not answer is not asked again for so long: each message would wait for it.
AWAY_SECONDS = 10.0


class ConversationLocks(InMemoryLockStore):
    """Locks in memory, or in Redis when REDRESS_REDIS_URL is set.

    Rasa's own Redis lock store reads, changes and saves a ticket list without atomicity: of four messages sent at
    once across two servers turns got lost. Here it is one SET NX with a lifetime, so that a lock of a killed server
    frees itself. Redis sees pseudonyms, never conversation ids. While Redis is away the locks of this server must do.
    """

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        """Connect to Redis lazily: the first lock meets a Redis that is away, not the start."""
        super().__init__()
        settings = read_settings()
        self._redis: Any = None
        self._away_until = float("-inf")
        if settings.redis_url:
            # The oldest: while the key is changed all servers still have it.
            self._key = read_keys(settings.conversation_key_file)[-1]
            self._redis = redis.asyncio.from_url(settings.redis_url, socket_timeout=1, socket_connect_timeout=1, health_check_interval=30)

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_SECONDS,
        wait_time_in_seconds: float = POLL_SECONDS,
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the conversation's lock.

        Raises:
            LockError: when it is not free within its lifetime.
        """
        lock = await self._shared(conversation_id, lock_lifetime, wait_time_in_seconds)
        if lock is None:
            # One message at a time in this server at least.
            async with super().lock(conversation_id, lock_lifetime, wait_time_in_seconds) as held:
                yield held
            return
        try:
            yield TicketLock(conversation_id)
        finally:
            try:
                await lock.release()
            except (RedisError, OSError):
                # It ran out while the turn was still busy and is somebody else's now, or it will run out.
                pass

    async def _shared(self, conversation: str, lifetime: float, pause: float) -> Any:
        """The lock in Redis, held; None without Redis, or while it does not answer. Raises LockError when it is not free in time."""
        if self._redis is None or time.monotonic() < self._away_until:
            return None
        lock = self._redis.lock(f"redress:rasa:{dialogue_key(self._key, conversation)}", timeout=lifetime, sleep=pause)
        try:
            if not await lock.acquire(blocking_timeout=lifetime):
                raise LockError("A conversation stayed locked for too long.")
        except (RedisError, OSError) as error:
            self._away_until = time.monotonic() + AWAY_SECONDS
            logger.warning("Redis does not answer; messages are lined up in this server only (%s).", type(error).__name__)
            return None
        return lock
