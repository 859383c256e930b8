"""Conversations in the database: encrypted, nameless, gone when they have been idle too long, unreadable once deleted."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from cryptography.fernet import Fernet
from sqlalchemy import Engine, delete, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from erasure import tables
from erasure.wrapping import WrappingKeys
from store.clock import Clock
from store.conversation_keys import ConversationKeys
from store.database import forget_pages
from store.models import ConversationRow
from store.outbox import forget_answers, sweep
from store.reserve import Reserve
from store.sealing import JsonObject, Sealer, seal, unseal
from store.waiting import WaitingDeletions

logger = logging.getLogger(__name__)

PURGE_EVERY_SECONDS = 60.0
#: Nothing is kept longer than this, whatever the clock said when it was written.
LONGEST = timedelta(hours=73)


class ConversationStore:
    """Reads and writes conversations. Every method is one short transaction and may block: call it from a thread.

    All methods raise sqlalchemy.exc.SQLAlchemyError when the database does not answer, OSError or WrappingKeysError when the file of the
    wrapping keys does not.
    """

    def __init__(
        self,
        engine: Engine,
        sealer: Sealer,
        wrapping: WrappingKeys,
        idle_minutes: int,
        reserve: Reserve | None = None,
        waiting: WaitingDeletions | None = None,
        clock: Clock | None = None,
    ) -> None:
        """A conversation expires `idle_minutes` after its last change. `reserve`: room on the disk without which deleting would fail when it
        is full; `waiting`: deletions that the database could not take; `clock`: what says when something has expired."""
        self._engine = engine
        self._sealer = sealer
        self._keys = ConversationKeys(wrapping)
        self._idle = timedelta(minutes=idle_minutes)
        self._reserve = reserve
        self._waiting = waiting
        self._clock = clock or Clock()
        self._purged_at = float("-inf")
        self._purge_lock = threading.Lock()
        #: Pages of deleted rows may still be in the log.
        self._pages_left = False

    def create(self, conversation: str, data: JsonObject) -> None:
        """Keep a new conversation under its opaque id."""
        with Session(self._engine) as session, session.begin():
            self._add(session, conversation, data)

    def ensure(self, conversation: str, data: JsonObject) -> bool:
        """Keep a new conversation under an id that may have been used before; True unless there is one already.

        One that has expired and still waits to be purged goes first, with what the dialogue remembers of it.
        """
        row = self._sealer.row_key(conversation)
        try:
            with Session(self._engine) as session, session.begin():
                over = ConversationRow.expires_at <= self._clock.now(session)
                if self._waiting is not None and row in self._waiting:
                    over = true()
                session.execute(delete(ConversationRow).where(ConversationRow.key == row, over))
                if session.get(ConversationRow, row) is not None:
                    return False
                self._add(session, conversation, data)
                forget_answers(session, [row])
                session.execute(delete(tables.dialogues).where(tables.dialogues.c.conversation == self._sealer.dialogue_key(conversation)))
            if self._waiting is not None and row in self._waiting:
                self._waiting.done(row)
        except IntegrityError:
            # Another message of the same sender was a moment earlier.
            return False
        return True

    def load(self, conversation: str) -> JsonObject | None:
        """Return what is kept, or None if the id is unknown, expired, or sealed with another key."""
        with Session(self._engine) as session, session.begin():
            row = session.get(ConversationRow, self._sealer.row_key(conversation))
            return self._content(session, row)

    def update(
        self, conversation: str, change: Callable[[JsonObject], JsonObject], fresh_key: bool = False
    ) -> JsonObject | None:
        """Replace what is kept by `change(what is kept)` under a row lock, and start the idle time anew.

        `fresh_key`: everything was deleted, though the conversation goes on; what was kept until now becomes unreadable, the dialogue's
        part with it. Returns the new content; None (and nothing is written) if the conversation is gone: a deleted conversation never
        comes back because an older turn ends late.
        """
        row_key = self._sealer.row_key(conversation)
        with Session(self._engine) as session, session.begin():
            row = session.scalar(select(ConversationRow).where(ConversationRow.key == row_key).with_for_update())
            content = self._content(session, row)
            if row is None or content is None:
                return None
            changed = change(content)
            if fresh_key:
                session.execute(delete(tables.dialogues).where(tables.dialogues.c.conversation == self._sealer.dialogue_key(conversation)))
                forget_answers(session, [row_key])
                self._keys.make(session, row_key)
            key = self._keys.of(session, row_key)
            if key is None:
                return None
            row.data = seal(changed, key)
            # Never sooner than it was: a conversation may be kept for longer (`keep`), unless that was deleted too.
            until = self._clock.latest(session) + self._idle
            row.expires_at = until if fresh_key else max(row.expires_at, until)
        if fresh_key:
            self._forget_pages()
        return changed

    def keep(self, conversation: str, lasts: timedelta) -> datetime | None:
        """Let a conversation last so long from now, whether anybody writes or not, and the dialogue's part too. Returns until when; None if it
        is gone."""
        key = self._sealer.row_key(conversation)
        with Session(self._engine) as session, session.begin():
            row = session.scalar(select(ConversationRow).where(ConversationRow.key == key).with_for_update())
            if row is None or row.expires_at <= self._clock.now(session):
                return None
            until = self._clock.latest(session) + lasts
            row.expires_at = max(row.expires_at, until)
            theirs = tables.dialogues
            session.execute(
                update(theirs)
                .where(theirs.c.conversation == self._sealer.dialogue_key(conversation), theirs.c.expires_at < int(until.timestamp()))
                .values(expires_at=int(until.timestamp()))
            )
            return until

    def move(self, conversation: str, new: str) -> bool:
        """Go on with a conversation under a new id, key and dialogue with it; the old one leads nowhere. False if it is gone."""
        old_row, new_row = self._sealer.row_key(conversation), self._sealer.row_key(new)
        with Session(self._engine) as session, session.begin():
            row = session.scalar(select(ConversationRow).where(ConversationRow.key == old_row).with_for_update())
            if self._content(session, row) is None:
                return False
            session.flush()
            session.execute(update(ConversationRow).where(ConversationRow.key == old_row).values(key=new_row))
            session.execute(update(tables.keys).where(tables.keys.c.conversation == old_row).values(conversation=new_row))
            theirs, old, name = tables.dialogues, self._sealer.dialogue_key(conversation), self._sealer.dialogue_key(new)
            session.execute(update(theirs).where(theirs.c.conversation == old).values(conversation=name))
            session.expunge_all()
        return True

    def delete(self, conversation: str) -> bool:
        """Forget a conversation at once, with its key and with what the dialogue keeps of it. True if there was one.

        Works with a full disk too, as long as the reserve is there.
        """
        return self._delete_now(self._sealer.row_key(conversation), self._sealer.dialogue_key(conversation))

    def delete_later(self, conversation: str) -> None:
        """Have a conversation deleted as soon as the database takes it; from now on nobody reads it here. Raises OSError if that cannot be
        noted."""
        if self._waiting is None:
            raise OSError("deletions cannot wait here")
        self._waiting.add(self._sealer.row_key(conversation), self._sealer.dialogue_key(conversation))

    @property
    def waits(self) -> bool:
        """Whether a deletion is waiting."""
        return bool(self._waiting)

    def delete_waiting(self) -> None:
        """Delete what could not be deleted before."""
        if self._waiting is not None:
            for row_key, dialogue in self._waiting.all():
                self._delete_now(row_key, dialogue)
                self._waiting.done(row_key)

    def _delete_now(self, row_key: str, dialogue: str) -> bool:
        def work() -> bool:
            with Session(self._engine) as session, session.begin():
                return self._delete(session, row_key, dialogue)

        gone = work() if self._reserve is None else self._reserve.with_room(work)
        self._forget_pages()
        return gone

    def purge(self) -> int:
        """Delete expired conversations, at most once a minute; return how many went. Nothing goes while the clock is not believed."""
        with self._purge_lock:
            if time.monotonic() - self._purged_at < PURGE_EVERY_SECONDS:
                return 0
            self._purged_at = time.monotonic()
        self._keys.maintain(self._engine)
        expired = delete(ConversationRow).returning(ConversationRow.key)
        gone: list[str] = []
        with Session(self._engine) as session, session.begin():
            if self._clock.in_doubt(session):
                logger.warning("the clock was set: nothing is deleted by its age until it has held for an hour")
                return 0
            now = self._clock.now(session)
            session.execute(update(ConversationRow).where(ConversationRow.expires_at > now + LONGEST).values(expires_at=now + self._idle))
            gone = list(session.scalars(expired.where(ConversationRow.expires_at <= now)).all())
            self._keys.destroy(session, gone)
            forget_answers(session, gone)
            sweep(session, now)
            old = tables.dialogues.c.expires_at <= int(now.timestamp())
            gone_there = session.execute(delete(tables.dialogues).where(old)).rowcount  # type: ignore[attr-defined]
        if gone or gone_there or self._pages_left:
            self._forget_pages()
        if self._reserve is not None:
            self._reserve.keep()
        return len(gone)

    def _add(self, session: Session, conversation: str, data: JsonObject) -> None:
        row_key, now = self._sealer.row_key(conversation), self._clock.latest(session)
        key = Fernet.generate_key()
        # First the row: of two that begin the same conversation at once, one fails here, before it touches the other's key.
        session.add(ConversationRow(key=row_key, data=seal(data, key), created_at=now, expires_at=now + self._idle))
        session.flush()
        self._keys.make(session, row_key, key)

    def _delete(self, session: Session, row_key: str, dialogue: str) -> bool:
        self._keys.destroy(session, [row_key])
        forget_answers(session, [row_key])
        session.execute(delete(tables.dialogues).where(tables.dialogues.c.conversation == dialogue))
        gone = session.execute(delete(ConversationRow).where(ConversationRow.key == row_key).returning(ConversationRow.key))
        return gone.first() is not None

    def _content(self, session: Session, row: ConversationRow | None) -> JsonObject | None:
        if row is None or row.expires_at <= self._clock.now(session) or (self._waiting is not None and row.key in self._waiting):
            return None
        key = self._keys.of(session, row.key)
        if key is not None:
            return unseal(row.data, key)
        content = self._sealer.unseal(row.data)
        if content is not None:
            # Written by the version before this one: it has its own key from now on.
            row.data = seal(content, self._keys.make(session, row.key))
        return content

    def _forget_pages(self) -> None:
        self._pages_left = not forget_pages(self._engine)

