"""Conversations in the database: encrypted, nameless, gone when they have been idle too long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from store.models import ConversationRow
from store.sealing import JsonObject, Sealer

PURGE_EVERY_SECONDS = 60.0


class ConversationStore:
    """Reads and writes conversations. Every method is one short transaction and may block: call it from a thread.

    All methods raise sqlalchemy.exc.SQLAlchemyError when the database does not answer.
    """

    def __init__(self, engine: Engine, sealer: Sealer, idle_minutes: int) -> None:
        """A conversation expires `idle_minutes` after its last change."""
        self._engine = engine
        self._sealer = sealer
        self._idle = timedelta(minutes=idle_minutes)
        self._purged_at = float("-inf")
        self._purge_lock = threading.Lock()

    def create(self, conversation: str, data: JsonObject) -> None:
        """Keep a new conversation under its opaque id."""
        now = datetime.now(UTC)
        row = ConversationRow(
            key=self._sealer.row_key(conversation),
            data=self._sealer.seal(data),
            created_at=now,
            expires_at=now + self._idle,
        )
        with Session(self._engine) as session, session.begin():
            session.add(row)

    def ensure(self, conversation: str, data: JsonObject) -> bool:
        """Keep a new conversation under an id that may have been used before; True unless there is one already.

        One that has expired and still waits to be purged goes first.
        """
        key = self._sealer.row_key(conversation)
        now = datetime.now(UTC)
        try:
            with Session(self._engine) as session, session.begin():
                session.execute(
                    delete(ConversationRow).where(ConversationRow.key == key, ConversationRow.expires_at <= now)
                )
                if session.get(ConversationRow, key) is not None:
                    return False
                session.add(
                    ConversationRow(
                        key=key, data=self._sealer.seal(data), created_at=now, expires_at=now + self._idle
                    )
                )
        except IntegrityError:
            # Another message of the same sender was a moment earlier.
            return False
        return True

    def load(self, conversation: str) -> JsonObject | None:
        """Return what is kept, or None if the id is unknown, expired, or sealed with another key."""
        with Session(self._engine) as session, session.begin():
            row = session.get(ConversationRow, self._sealer.row_key(conversation))
            return self._content(row)

    def update(self, conversation: str, change: Callable[[JsonObject], JsonObject]) -> JsonObject | None:
        """Replace what is kept by `change(what is kept)` under a row lock, and start the idle time anew.

        Returns the new content; None (and nothing is written) if the conversation is gone: a deleted
        conversation never comes back because an older turn ends late.
        """
        key = self._sealer.row_key(conversation)
        with Session(self._engine) as session, session.begin():
            row = session.scalar(select(ConversationRow).where(ConversationRow.key == key).with_for_update())
            content = self._content(row)
            if row is None or content is None:
                return None
            changed = change(content)
            row.data = self._sealer.seal(changed)
            # Never sooner than it was: a conversation may be kept for longer (`keep`).
            row.expires_at = max(row.expires_at, datetime.now(UTC) + self._idle)
            return changed

    def keep(self, conversation: str, until: datetime) -> bool:
        """Let a conversation last until a moment, whether anybody writes or not. False if it is gone."""
        key = self._sealer.row_key(conversation)
        with Session(self._engine) as session, session.begin():
            row = session.scalar(select(ConversationRow).where(ConversationRow.key == key).with_for_update())
            if row is None or row.expires_at <= datetime.now(UTC):
                return False
            row.expires_at = max(row.expires_at, until)
            return True

    def delete(self, conversation: str) -> bool:
        """Forget a conversation at once. True if there was one."""
        key = self._sealer.row_key(conversation)
        with Session(self._engine) as session, session.begin():
            row = session.scalar(
                delete(ConversationRow).where(ConversationRow.key == key).returning(ConversationRow.key)
            )
            return row is not None

    def purge(self) -> int:
        """Delete expired conversations, at most once a minute; return how many went."""
        with self._purge_lock:
            if time.monotonic() - self._purged_at < PURGE_EVERY_SECONDS:
                return 0
            self._purged_at = time.monotonic()
        expired = delete(ConversationRow).where(ConversationRow.expires_at <= datetime.now(UTC))
        with Session(self._engine) as session, session.begin():
            return len(session.scalars(expired.returning(ConversationRow.key)).all())

    def _content(self, row: ConversationRow | None) -> JsonObject | None:
        if row is None or row.expires_at <= datetime.now(UTC):
            return None
        return self._sealer.unseal(row.data)
