"""Messages that were seen already: a provider that saw no answer sends again, and so may somebody who listened in."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict

from redis.asyncio import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# Longer than any provider tries again.
REMEMBER_SECONDS = 24 * 3600
MOST = 50_000


class Replays:
    """Remembers messages by keys that say nothing: in this process, and with Redis across processes."""

    def __init__(self, redis_url: str | None = None) -> None:
        """Without `redis_url` only this process is covered."""
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._redis: Redis | None = None
        if redis_url:
            self._redis = Redis.from_url(redis_url, socket_timeout=1.0, socket_connect_timeout=1.0)

    async def is_first(self, key: str) -> bool:
        """Note a message; False if it was noted before. When Redis is down the memory of this process must do."""
        if not self._is_first_here(key):
            return False
        if self._redis is None:
            return True
        try:
            return bool(await self._redis.set(f"redress:seen:{key}", "1", nx=True, ex=REMEMBER_SECONDS))
        except (RedisError, OSError) as error:
            logger.warning("Redis does not answer, replays are dropped in this process only: %s", type(error).__name__)
            return True

    def _is_first_here(self, key: str) -> bool:
        now = time.monotonic()
        while self._seen and (len(self._seen) >= MOST or next(iter(self._seen.values())) <= now):
            self._seen.popitem(last=False)
        if key in self._seen:
            return False
        self._seen[key] = now + REMEMBER_SECONDS
        return True

    async def close(self) -> None:
        """Close the connections."""
        if self._redis is not None:
            await self._redis.aclose()
