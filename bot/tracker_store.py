"""Rasa tracker store: what the dialogue needs and nothing else, encrypted with the conversation's own key, gone with that key.

The gateway makes that key and destroys it: without it nothing is read, and nothing that comes late is written.

Rasa's own stores keep every event for ever, in clear, and read them all again at each message: a turn costs 104 ms
at turn 3 and a second at turn 200. Here one row holds the slots and the last four turns.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
import zlib
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from bot.keys import read_keys
from bot.settings import read_settings
from bot.tracker_snapshot import compact_events, restore
from erasure import tables
from erasure.clock import SteadyClock
from erasure.names import dialogue_key, row_key
from erasure.wrapping import WrappingKeys

logger = logging.getLogger(__name__)

PURGE_EVERY_SECONDS = 60.0
DATABASE_SECONDS = 2

_rows = tables.dialogues
_step: ContextVar[int | None] = ContextVar("step", default=None)


@dataclass
class _Began:
    """What a turn began with: the conversation's key, the events that were kept, and the row they were in as this turn last saw it."""

    key: bytes | None
    events: list[dict[str, Any]]
    row: bytes | None


_began: ContextVar[_Began | None] = ContextVar("began", default=None)


def begin_turn(step: int | None) -> None:
    """A turn begins in this task. `step`: how many turns the gateway has had answered before it; None when it does not count."""
    _step.set(step)
    _began.set(None)


class PrivateTrackerStore(TrackerStore):
    """Tracker store on SQLite or PostgreSQL (SQLAlchemy 1.4); several servers may share a database.

    The name of a row is a pseudonym of the conversation id; the body is compressed and encrypted with the conversation's own key.
    Database calls run in a thread, so that a slow database never delays `/model/parse`.

    A row holds the conversation before and after its latest turn. A turn of which the gateway never had the answer (it gave up, it died, the
    action server hung) counts for nothing: asked again, or something else, the dialogue goes on from before it.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        url: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Open the database (REDRESS_DATABASE_URL unless `url` is given) and make the table at first need."""
        super().__init__(domain, event_broker)
        settings = read_settings()
        self._keys = read_keys(settings.conversation_key_file)
        self._wrapping = WrappingKeys(settings.wrapping_keys_file)
        self._lifetime = settings.idle_minutes * 60
        self._clock = SteadyClock()
        self._purged = 0.0
        self._engine = open_engine(url or settings.database_url)
        try:
            _rows.create(self._engine, checkfirst=True)
        except (IntegrityError, OperationalError, ProgrammingError):
            # Two servers starting at once: the other one made the table between our look and our making it.
            _rows.create(self._engine, checkfirst=True)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Replace the conversation's row; the clock of its expiry starts again. Nothing is kept of a conversation that was deleted."""
        if not tracker.events:
            return
        began, step = _began.get(), _step.get()
        body = {"step": step, "before": began.events if began else [], "after": compact_events(tracker, self.domain)}
        await asyncio.to_thread(self._write, tracker.sender_id, zlib.compress(json.dumps(body).encode("utf-8")), began)
        await self.purge()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's tracker, or None when there is none, it has expired or its key is gone."""
        key, row = await asyncio.to_thread(self._read, sender_id)
        body = self._opened(row, key) if row is not None else None
        events = _events(body, _step.get()) if body is not None else []
        _began.set(_Began(key, events, row))
        return restore(self.init_tracker(sender_id), events, self.domain) if events else None

    async def purge(self) -> None:
        """Wipe expired conversations, at most once a minute; none while the clock is not believed."""
        if time.monotonic() - self._purged < PURGE_EVERY_SECONDS:
            return
        self._purged = time.monotonic()
        await asyncio.to_thread(self._purge)

    def _purge(self) -> None:
        if self._engine.dialect.name == "sqlite" and self._clock.jumped:
            return
        with self._engine.begin() as connection:
            connection.execute(_rows.delete().where(_rows.c.expires_at <= self._now(connection)))

    async def keys(self) -> list[str]:
        """Nothing: the ids of conversations cannot be had from this store."""
        return []

    def _read(self, conversation: str) -> tuple[bytes | None, bytes | None]:
        """The conversation's own key, and the sealed row that is kept of it."""
        with self._engine.begin() as connection:
            key, name = self._find(connection, conversation)
            row = _rows.c.conversation == name
            sealed = connection.execute(sa.select(_rows.c.body).where(row, _rows.c.expires_at > self._now(connection))).scalar()
        return key, None if sealed is None else bytes(sealed)

    def _find(self, connection: Any, conversation: str) -> tuple[bytes | None, str]:
        """The conversation's own key and the name of its row; while the key of the installation is changed it may have its older name."""
        for master in self._keys:
            key = tables.key_of(connection, row_key(master, conversation), self._wrapping)
            if key is not None:
                return key, dialogue_key(master, conversation)
        return None, dialogue_key(self._keys[0], conversation)

    def _opened(self, sealed: bytes, key: bytes | None) -> bytes | None:
        # The version before this one sealed with the key of the installation; its rows go on.
        for candidate in (key, *self._keys):
            if candidate is not None:
                try:
                    return Fernet(candidate).decrypt(sealed)
                except InvalidToken:
                    continue
        return None

    def _write(self, conversation: str, body: bytes, began: _Began | None) -> None:
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        with self._engine.begin() as connection:
            key, name = self._find(connection, conversation)
            if key is None or began is not None and began.key != key:
                # Deleted while the turn was being answered: nothing of it is kept.
                return
            sealed = Fernet(key).encrypt(body)
            fresh = {"body": sealed, "expires_at": self._now(connection, latest=True) + self._lifetime}
            statement = dialect.insert(_rows).values(conversation=name, **fresh)
            # Never sooner than it was: a conversation may be kept for longer.
            later = sa.case((_rows.c.expires_at > fresh["expires_at"], _rows.c.expires_at), else_=fresh["expires_at"])
            unchanged = None if began is None else sa.or_(_rows.c.body == began.row, _rows.c.expires_at <= self._now(connection))
            done = connection.execute(
                statement.on_conflict_do_update(index_elements=["conversation"], set_={**fresh, "expires_at": later}, where=unchanged)
            )
        if done.rowcount == 0:
            # This server was halted for so long that another one has taken the turn; what that one answered stands.
            logger.warning("A turn came to its end after another server had taken it; it counts for nothing.")
        elif began is not None:
            began.row = sealed

    def _now(self, connection: Any, latest: bool = False) -> int:
        """Seconds since 1970 by the database's clock; SQLite has none, so by the machine's as long as it does not jump."""
        if self._engine.dialect.name == "postgresql":
            return int(connection.execute(sa.text("SELECT extract(epoch FROM now())")).scalar())
        return int(self._clock.latest() if latest else self._clock.now())


def _events(body: bytes, step: int | None) -> list[dict[str, Any]]:
    """The events that a turn begins with: those before the latest turn when that turn is asked for again."""
    try:
        kept = json.loads(zlib.decompress(body))
        if isinstance(kept, list):
            # Written by the version before this one.
            return kept
        again = step is not None and kept["step"] == step
        return list(kept["before" if again else "after"])
    except (ValueError, KeyError, TypeError, zlib.error):
        logger.warning("A conversation cannot be read; it starts again.")
        return []


def open_engine(url: str) -> Engine:
    """An engine that waits two seconds at most, for SQLite (WAL) or PostgreSQL."""
    if sa.engine.make_url(url).get_backend_name() != "sqlite":
        limits = f"-c statement_timeout={DATABASE_SECONDS * 1000} -c lock_timeout={DATABASE_SECONDS * 1000}"
        return sa.create_engine(
            url,
            pool_size=5,
            pool_timeout=DATABASE_SECONDS,
            pool_pre_ping=True,
            connect_args={"connect_timeout": DATABASE_SECONDS, "options": limits},
        )
    engine = sa.create_engine(url, poolclass=sa.pool.QueuePool, connect_args={"check_same_thread": False, "timeout": DATABASE_SECONDS})

    @sa.event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        # Deleted conversations are overwritten, not only unlinked from the table; none of them in files for sorting and the like.
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA temp_store=MEMORY")

    return engine
