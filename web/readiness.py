"""Whether a message would be answered as it should be now, part by part."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from redis.asyncio import Redis
from sqlalchemy import Engine

from store.migrate import is_current
from store.settings import Settings
from web.danger import Contacts
from web.ears import Ears
from web.memory import ConversationMemory
from web.rasa_servers import RasaServers

PART_SECONDS = 2.0
#: Asked more often than this, the last answer stands: whoever asks without a pause must not keep Rasa busy.
FRESH_SECONDS = 1.0


class Readiness:
    """Looks at each part of one gateway and at what is behind it. One look at a time, whoever asks meanwhile."""

    def __init__(
        self, settings: Settings, engine: Engine, memory: ConversationMemory, rasa: RasaServers, contacts: Contacts, ears: Ears
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._memory = memory
        self._rasa = rasa
        self._contacts = contacts
        self._ears = ears
        self._redis: Redis | None = None
        if settings.redis_url:
            self._redis = Redis.from_url(settings.redis_url, socket_timeout=1.0, socket_connect_timeout=1.0)
        self._look: asyncio.Task[dict[str, bool]] | None = None
        self._looked_at = float("-inf")

    async def parts(self) -> Mapping[str, bool]:
        """True or false for each part by its name; all true means that a whole turn would be answered."""
        now = time.monotonic()
        if self._look is None or (self._look.done() and now - self._looked_at > FRESH_SECONDS):
            self._look = asyncio.create_task(self._parts())
        # Shielded: somebody who goes away must not end the look that others wait for.
        return await asyncio.shield(self._look)

    async def close(self) -> None:
        """Close the connections."""
        if self._look is not None:
            await asyncio.gather(self._look, return_exceptions=True)
        if self._redis is not None:
            await self._redis.aclose()

    async def _parts(self) -> dict[str, bool]:
        checks: dict[str, Callable[[], Awaitable[bool]]] = {
            "rasa": self._rasa.rasa_ready,
            "channel": self._rasa.channel_ready,
            "actions": self._rasa.actions_ready,
            "database": self._database,
            "disk": self._disk,
            "numbers": self._numbers,
            "ears": self._hears,
        }
        if self._redis is not None:
            # Alone, a gateway lines its turns up by itself; beside others it cannot, so one without Redis takes no part.
            checks["redis"] = self._answers_pings
        works = await asyncio.gather(*(_works(check) for check in checks.values()))
        self._looked_at = time.monotonic()
        return dict(zip(checks, works, strict=True))

    async def _database(self) -> bool:
        return await self._memory.ready() and await asyncio.to_thread(is_current, self._engine)

    async def _disk(self) -> bool:
        return await asyncio.to_thread(has_room, self._settings.data_dir, self._settings.least_free_mb)

    async def _numbers(self) -> bool:
        return self._contacts.ready()

    async def _hears(self) -> bool:
        return self._ears.ready()

    async def _answers_pings(self) -> bool:
        assert self._redis is not None
        return bool(await self._redis.ping())


def has_room(folder: Path, least_free_mb: int) -> bool:
    """True if `folder` can be written to and its disk has so many megabytes left. Raises OSError where it cannot even be asked."""
    if shutil.disk_usage(folder).free < least_free_mb * 1024 * 1024:
        return False
    # Tried, not asked: a disk that was remounted for reading, or a quota, shows only so.
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"\0" * 4096)
        file.flush()
    return True


async def _works(check: Callable[[], Awaitable[bool]]) -> bool:
    try:
        return await asyncio.wait_for(check(), PART_SECONDS)
    except Exception:  # noqa: BLE001 - whatever it is, this part does not work
        return False
