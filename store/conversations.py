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
from store.deletions import Deletions
from store.models import ConversationRow, OutboxRow
from store.outbox import forget_answers, sweep
from store.reserve import Reserve
from store.sealing import JsonObject, Sealer, seal, unseal

logger = logging.getLogger(__name__)

PURGE_EVERY_SECONDS = 60.0
#: So many names are looked for in one statement.
AT_ONCE = 500
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
        deletions: Deletions | None = None,
        clock: Clock | None = None,
    ) -> None:
        """A conversation expires `idle_minutes` after its last change. `reserve`: room on the disk without which deleting would fail when it
        is full; `deletions`: what was deleted, beside the database; `clock`: what says when something has expired."""
        self._engine = engine
        self._sealer = sealer
        self._keys = ConversationKeys(wrapping)
        self._idle = timedelta(minutes=idle_minutes)
        self._reserve = reserve
        self._deletions = deletions
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
                self._row(session, conversation)
                over = ConversationRow.expires_at <= self._clock.now(session)
                if self._deletions is not None and row in self._deletions:
                    over = true()
                session.execute(delete(ConversationRow).where(ConversationRow.key == row, over))
                if session.get(ConversationRow, row) is not None:
                    return False
                self._add(session, conversation, data)
                forget_answers(session, [row])
                session.execute(delete(tables.dialogues).where(tables.dialogues.c.conversation == self._sealer.dialogue_key(conversation)))
            if self._deletions is not None:
                self._deletions.begun_again(row)
        except IntegrityError:
            # Another message of the same sender was a moment earlier.
            return False
        return True

    def load(self, conversation: str) -> JsonObject | None:
        """What is kept, or None if the id is unknown, expired, or sealed with another key."""
        with Session(self._engine) as session, session.begin():
            return self._content(session, self._row(session, conversation))

    def update(self, conversation: str, change: Callable[[JsonObject], JsonObject], fresh_key: bool = False) -> JsonObject | None:
        """Replace what is kept by `change(what is kept)` under a row lock, and start the idle time anew.

        `fresh_key`: everything was deleted, though the conversation goes on; what was kept until now becomes unreadable, the dialogue's
        part with it. Returns the new content; None (and nothing is written) if the conversation is gone: a deleted conversation never
        comes back because an older turn ends late.
        """
        row_key = self._sealer.row_key(conversation)
        with Session(self._engine) as session, session.begin():
            row = self._row(session, conversation)
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
        with Session(self._engine) as session, session.begin():
            row = self._row(session, conversation)
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
        with Session(self._engine) as session, session.begin():
            if self._content(session, self._row(session, conversation)) is None:
                return False
            session.flush()
            session.expunge_all()
            _rename(session, self._sealer.names(conversation)[0], self._sealer.names(new)[0])
        return True

    def delete(self, conversation: str) -> bool:
        """Forget a conversation at once, with its key and with what the dialogue keeps of it. True if there was one.

        Works with a full disk too, as long as the reserve is there.
        """
        found = False
        for row_key, dialogue in self._sealer.names(conversation):
            gone = self._delete_now(row_key, dialogue)
            found = found or gone
            if self._deletions is not None and gone:
                try:
                    self._deletions.add(row_key, dialogue, waits=False)
                except OSError as error:
                    logger.warning("a deletion was not noted beside the database: %s", error.strerror)
        return found

    def delete_later(self, conversation: str) -> None:
        """Have a conversation deleted as soon as the database takes it; from now on nobody reads it here. Raises OSError if that cannot be
        noted."""
        if self._deletions is None:
            raise OSError("deletions cannot wait here")
        for row_key, dialogue in self._sealer.names(conversation):
            self._deletions.add(row_key, dialogue, waits=True)

    @property
    def waits(self) -> bool:
        """Whether a deletion is waiting."""
        return self._deletions is not None and self._deletions.waits

    def delete_again(self) -> None:
        """Delete what could not be deleted before, and what an old copy of the database has brought back."""
        if self._deletions is not None:
            names = dict(self._deletions.all())
            for row_key in self._still_there(list(names)):
                self._delete_now(row_key, names[row_key])
            self._deletions.taken()

    def _still_there(self, rows: list[str]) -> list[str]:
        """Those of some conversations that have a row or a key."""
        there: set[str] = set()
        with Session(self._engine) as session, session.begin():
            for start in range(0, len(rows), AT_ONCE):
                some = rows[start : start + AT_ONCE]
                there.update(session.scalars(select(ConversationRow.key).where(ConversationRow.key.in_(some))))
                there.update(session.scalars(select(tables.keys.c.conversation).where(tables.keys.c.conversation.in_(some))))
        return list(there)

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
        self.delete_again()
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
            gone_there = session.execute(delete(tables.dialogues).where(old).returning(tables.dialogues.c.conversation)).all()
        if gone or gone_there or self._pages_left:
            self._forget_pages()
        if self._reserve is not None:
            self._reserve.keep()
        return len(gone)

    def _row(self, session: Session, conversation: str) -> ConversationRow | None:
        """The row of a conversation, locked. While the key of the installation is changed it may have its older name; it gets the new one."""
        newest, *older = self._sealer.names(conversation)
        row = session.get(ConversationRow, newest[0], with_for_update=True)
        for names in older:
            if row is None and session.get(ConversationRow, names[0], with_for_update=True) is not None:
                session.expunge_all()
                _rename(session, names, newest)
                row = session.get(ConversationRow, newest[0])
        return row

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
        if row is None or row.expires_at <= self._clock.now(session) or (self._deletions is not None and row.key in self._deletions):
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


def _rename(session: Session, old: tuple[str, str], new: tuple[str, str]) -> None:
    """Give a conversation other names: (row key, name of the dialogue's part)."""
    session.execute(update(ConversationRow).where(ConversationRow.key == old[0]).values(key=new[0]))
    session.execute(update(tables.keys).where(tables.keys.c.conversation == old[0]).values(conversation=new[0]))
    session.execute(update(tables.dialogues).where(tables.dialogues.c.conversation == old[1]).values(conversation=new[1]))
    session.execute(update(OutboxRow).where(OutboxRow.conversation == old[0]).values(conversation=new[0]))
