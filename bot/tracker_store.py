"""Rasa tracker store: what the dialogue needs and nothing else, encrypted, gone an hour after the last word.

Rasa's own stores keep every event for ever, in clear, and read them all again at each message: a turn costs 104 ms
at turn 3 and a second at turn 200. Here one row holds the slots and the last four turns.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
import zlib
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

from bot.keys import CONVERSATION_KEY, pseudonym, read_or_make_key
from bot.settings import read_settings
from bot.tracker_snapshot import compact_events, restore

logger = logging.getLogger(__name__)

PURGE_EVERY_SECONDS = 60.0
LONGEST_KEPT_SECONDS = 72 * 3600
DATABASE_SECONDS = 2

_rows = sa.Table(
    "rasa_conversations",
    sa.MetaData(),
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False, index=True),
)


class PrivateTrackerStore(TrackerStore):
    """Tracker store on SQLite or PostgreSQL (SQLAlchemy 1.4); several servers may share a database.

    The key of a row is a pseudonym of the conversation id; the body is compressed and encrypted with
    ``conversation.key``. Database calls run in a thread, so that a slow database never delays ``/model/parse``.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        url: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Open the database (REDRESS_DATABASE_URL unless ``url`` is given) and make the table at first need."""
        super().__init__(domain, event_broker)
        settings = read_settings()
        self._key = read_or_make_key(settings.data_dir / CONVERSATION_KEY)
        self._cipher = Fernet(self._key)
        self._lifetime = settings.idle_minutes * 60
        self._purged = 0.0
        self._engine = open_engine(url or settings.database_url)
        try:
            _rows.metadata.create_all(self._engine)
        except (IntegrityError, OperationalError, ProgrammingError):
            # Two servers starting at once: the other one made the table between our look and our making it.
            _rows.metadata.create_all(self._engine)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Replace the conversation's row; the clock of its expiry starts again."""
        if not tracker.events:
            return
        events = compact_events(tracker, self.domain)
        body = self._cipher.encrypt(zlib.compress(json.dumps(events).encode("utf-8")))
        await asyncio.to_thread(self._write, pseudonym(self._key, tracker.sender_id), body)
        await self.purge()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation's tracker, or None when there is none, it has expired or the key was changed."""
        body = await asyncio.to_thread(self._read, pseudonym(self._key, sender_id))
        if body is None:
            return None
        try:
            events = json.loads(zlib.decompress(self._cipher.decrypt(body)))
        except InvalidToken:
            logger.warning("A conversation was kept under another key and cannot be read; it starts again.")
            return None
        return restore(self.init_tracker(sender_id), events, self.domain)

    async def delete(self, conversation: str) -> None:
        """Wipe the conversation now; nothing happens when it is unknown."""
        statement = _rows.delete().where(_rows.c.conversation == pseudonym(self._key, conversation))
        await asyncio.to_thread(self._execute, statement)

    async def keep(self, conversation: str, until: int) -> None:
        """Let a conversation last until a moment (seconds since 1970), at most three days away; nothing when it is unknown."""
        moment = min(until, int(time.time()) + LONGEST_KEPT_SECONDS)
        row = _rows.c.conversation == pseudonym(self._key, conversation)
        await asyncio.to_thread(self._execute, _rows.update().where(row, _rows.c.expires_at < moment).values(expires_at=moment))

    async def purge(self) -> None:
        """Wipe expired conversations, at most once a minute."""
        if time.monotonic() - self._purged < PURGE_EVERY_SECONDS:
            return
        self._purged = time.monotonic()
        await asyncio.to_thread(self._execute, _rows.delete().where(_rows.c.expires_at <= int(time.time())))

    async def keys(self) -> list[str]:
        """Return nothing: the ids of conversations cannot be had from this store."""
        return []

    def _read(self, row: str) -> bytes | None:
        query = sa.select(_rows.c.body).where(_rows.c.conversation == row, _rows.c.expires_at > int(time.time()))
        with self._engine.connect() as connection:
            return connection.execute(query).scalar()

    def _write(self, row: str, body: bytes) -> None:
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        fresh = {"body": body, "expires_at": int(time.time()) + self._lifetime}
        statement = dialect.insert(_rows).values(conversation=row, **fresh)
        # Never sooner than it was: a conversation may be kept for longer (`keep`).
        later = sa.case((_rows.c.expires_at > fresh["expires_at"], _rows.c.expires_at), else_=fresh["expires_at"])
        self._execute(statement.on_conflict_do_update(index_elements=["conversation"], set_={**fresh, "expires_at": later}))

    def _execute(self, statement: Any) -> None:
        with self._engine.begin() as connection:
            connection.execute(statement)


def open_engine(url: str) -> Engine:
    """Return an engine that waits two seconds at most, for SQLite (WAL) or PostgreSQL."""
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
        # Deleted conversations are overwritten, not only unlinked from the table.
        connection.execute("PRAGMA secure_delete=ON")

    return engine
