"""Answers on their way to a messenger: kept until the provider has confirmed each part, or until they would come too late.

What is to be sent is sealed with the key of its conversation, so that deleting the conversation makes it unreadable; its rows go with it.
What was sent leaves a mark for a day, by which a message that comes again is known. A mark leads to no conversation.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from erasure.wrapping import WrappingKeys
from store.clock import Clock
from store.conversation_keys import ConversationKeys
from store.deletions import Deletions
from store.models import OutboxRow
from store.sealing import JsonObject, seal, unseal

#: Who has claimed an answer sends it alone for so long, counted anew from each part. A killed gateway's claim ends then too.
LEASE = timedelta(seconds=10)
#: Longer than any provider hands the same message over again.
MARK = timedelta(hours=24)


class Placed(Enum):
    """What became of an answer that was to be kept."""

    KEPT = auto()
    #: Its conversation is deleted: nothing of it may be kept.
    GONE = auto()
    #: The same message was answered elsewhere; that answer is kept or confirmed.
    TAKEN = auto()


@dataclass(frozen=True)
class Kept:
    """A message that was answered before; without `content` the answer was confirmed, or is over."""

    content: JsonObject | None


@dataclass(frozen=True)
class Claimed:
    """An answer that only the holder of this claim sends, while its lease lasts."""

    key: str
    claim: str
    content: JsonObject
    part: int
    tries: int


class Outbox:
    """Every method is one short transaction and may block: call it from a thread.

    All methods raise sqlalchemy.exc.SQLAlchemyError, WrappingKeysError or OSError.
    """

    def __init__(self, engine: Engine, wrapping: WrappingKeys, deletions: Deletions | None = None, clock: Clock | None = None) -> None:
        """`deletions`: conversations that count as deleted already; `clock`: what says when something is due."""
        self._engine = engine
        self._keys = ConversationKeys(wrapping)
        self._deletions = deletions
        self._clock = clock or Clock()

    def put(self, key: str, conversation: str, content: JsonObject, lasts: timedelta, claim: str | None = None, part: int = 0) -> Placed:
        """Keep an answer of a conversation (its row key) for so long. `claim`: who sends it now, from `part` on; without, nobody sends it,
        and it is kept for a message that comes again."""
        try:
            with Session(self._engine) as session, session.begin():
                sealing = None if self._is_deleted(conversation) else self._keys.of(session, conversation)
                if sealing is None:
                    return Placed.GONE
                now = self._clock.latest(session)
                row = OutboxRow(key=key, conversation=conversation, content=seal(content, sealing), part=part, until=now + lasts)
                if claim is not None:
                    row.claim, row.due_at = claim, self._clock.now(session) + LEASE
                session.add(row)
        except IntegrityError:
            return Placed.TAKEN
        return Placed.KEPT

    def recall(self, key: str) -> Kept | None:
        """What is known of a message; None if it was never answered, or its conversation was deleted since."""
        with Session(self._engine) as session, session.begin():
            row = session.get(OutboxRow, key)
            if row is None:
                return None
            return Kept(self._content(session, row) if row.until > self._clock.now(session) else None)

    def claim(self, most: int) -> list[Claimed]:
        """Claim answers that are due, the longest waiting first. Those that are over become marks; what cannot be read any more goes."""
        claimed = []
        with Session(self._engine) as session, session.begin():
            now = self._clock.now(session)
            due = select(OutboxRow).where(OutboxRow.due_at <= now).order_by(OutboxRow.due_at).limit(most)
            for row in session.scalars(due.with_for_update(skip_locked=True)):
                if row.until <= now:
                    _end(row, now)
                    continue
                content = self._content(session, row)
                if content is None:
                    session.delete(row)
                    continue
                row.claim, row.due_at = secrets.token_hex(8), now + LEASE
                claimed.append(Claimed(row.key, row.claim, content, row.part, row.tries))
        return claimed

    def advance(self, key: str, claim: str, part: int) -> bool:
        """Note that everything before `part` is confirmed; the lease begins anew. False if there is no such answer any more, or somebody else
        has it: then nothing more is to be sent."""
        with Session(self._engine) as session, session.begin():
            here = update(OutboxRow).where(OutboxRow.key == key, OutboxRow.claim == claim, OutboxRow.part <= part)
            changed = session.execute(here.values(part=part, tries=0, due_at=self._clock.now(session) + LEASE).returning(OutboxRow.key))
            return changed.first() is not None

    def postpone(self, key: str, claim: str, seconds: float) -> bool:
        """Let go of an answer, to be tried again after so long; False if that would be too late, and it is over."""
        with Session(self._engine) as session, session.begin():
            row = session.scalar(select(OutboxRow).where(OutboxRow.key == key, OutboxRow.claim == claim).with_for_update())
            if row is None:
                return True
            now = self._clock.now(session)
            again = now + timedelta(seconds=seconds)
            if again >= row.until:
                _end(row, now)
                return False
            row.due_at, row.claim, row.tries = again, None, row.tries + 1
        return True

    def finish(self, key: str) -> None:
        """Leave nothing but the mark: everything is confirmed, or will never be taken. Also for an answer that was never kept."""
        with Session(self._engine) as session, session.begin():
            now = self._clock.now(session)
            row = session.get(OutboxRow, key, with_for_update=True)
            if row is None:
                session.add(OutboxRow(key=key, until=now + MARK))
            else:
                _end(row, now)

    def _content(self, session: Session, row: OutboxRow) -> JsonObject | None:
        if row.content is None or row.conversation is None or self._is_deleted(row.conversation):
            return None
        key = self._keys.of(session, row.conversation)
        return None if key is None else unseal(row.content, key)

    def _is_deleted(self, conversation: str) -> bool:
        return self._deletions is not None and conversation in self._deletions


def forget_answers(session: Session, conversations: list[str]) -> None:
    """Delete what is still to be sent of conversations (their row keys)."""
    session.execute(delete(OutboxRow).where(OutboxRow.conversation.in_(conversations)))


def sweep(session: Session, now: datetime) -> None:
    """Delete old marks, and make marks of what is over."""
    session.execute(delete(OutboxRow).where(OutboxRow.content.is_(None), OutboxRow.until <= now))
    # Longer than any mark: written by a clock that was ahead.
    over = (OutboxRow.until <= now) | (OutboxRow.until > now + MARK)
    session.execute(update(OutboxRow).where(over).values(content=None, conversation=None, due_at=None, claim=None, until=now + MARK))


def _end(row: OutboxRow, now: datetime) -> None:
    row.content = row.conversation = row.due_at = row.claim = None
    row.until = now + MARK
