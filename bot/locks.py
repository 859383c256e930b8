"""Rasa lock store: one message of a conversation at a time, in this process or across several Rasa servers."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import redis.asyncio
from rasa.core.lock import TicketLock
from rasa.core.lock_store import InMemoryLockStore, LockError
from rasa.utils.endpoints import EndpointConfig
from redis.exceptions import LockError as RedisLockError

from bot.keys import CONVERSATION_KEY, read_or_make_key
from bot.settings import LOCK_SECONDS, read_settings
from erasure.names import dialogue_key

POLL_SECONDS = 0.05


class ConversationLocks(InMemoryLockStore):
    """Locks in memory, or in Redis when REDRESS_REDIS_URL is set.

    Rasa's own Redis lock store reads, changes and saves a ticket list without atomicity: of four messages sent at
    once across two servers turns got lost. Here it is one SET NX with a lifetime, so that a lock of a killed server
    frees itself. Redis sees pseudonyms, never conversation ids.
    """

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        """Connect to Redis lazily: the first lock meets a Redis that is away, not the start."""
        super().__init__()
        settings = read_settings()
        self._redis: Any = None
        if settings.redis_url:
            self._key = read_or_make_key(settings.data_dir / CONVERSATION_KEY)
            self._redis = redis.asyncio.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2, health_check_interval=30)

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
        if self._redis is None:
            async with super().lock(conversation_id, lock_lifetime, wait_time_in_seconds) as held:
                yield held
            return
        name = f"redress:rasa:{dialogue_key(self._key, conversation_id)}"
        lock = self._redis.lock(name, timeout=lock_lifetime, sleep=wait_time_in_seconds)
        if not await lock.acquire(blocking_timeout=lock_lifetime):
            raise LockError("A conversation stayed locked for too long.")
        try:
            yield TicketLock(conversation_id)
        finally:
            try:
                await lock.release()
            except RedisLockError:
                # It ran out while the turn was still busy; it is somebody else's now.
                pass
