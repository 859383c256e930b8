"""Codes of a few words that lead to a conversation for a while, and once. Kept beside the conversations, sealed as they are."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from store.clock import Clock
from store.models import ConversationRow
from store.sealing import Sealer


class Purpose(StrEnum):
    """What a code is for: one of another purpose leads nowhere."""

    RESUME = "resume"
    HAND_OVER = "hand-over"


class Codes:
    """Every method is one short transaction and may block: call it from a thread. All raise sqlalchemy.exc.SQLAlchemyError."""

    def __init__(self, engine: Engine, sealer: Sealer, clock: Clock | None = None, purpose: Purpose = Purpose.RESUME) -> None:
        self._engine = engine
        self._purpose = purpose
        self._sealer = sealer
        self._clock = clock or Clock()

    def put(self, code: str, conversation: str, until: datetime) -> None:
        """Let `code` lead to a conversation until a moment. The database holds a hash of the code and a sealed id."""
        with Session(self._engine) as session, session.begin():
            row = ConversationRow(
                key=self._key(code),
                data=self._sealer.seal({"conversation": conversation}),
                created_at=self._clock.latest(session),
                expires_at=until,
            )
            session.merge(row)

    def take(self, code: str) -> str | None:
        """The conversation a code leads to and forget the code; None if there is none, or its time is over."""
        with Session(self._engine) as session, session.begin():
            row = session.execute(
                delete(ConversationRow).where(ConversationRow.key == self._key(code)).returning(ConversationRow.data, ConversationRow.expires_at)
            ).one_or_none()
            if row is None or row.expires_at <= self._clock.now(session):
                return None
            content = self._sealer.unseal(row.data)
        return str(content["conversation"]) if content else None

    def first(self, candidates: list[str]) -> str | None:
        """What the first code leads to that leads anywhere; that code is forgotten."""
        return next((found for code in candidates if (found := self.take(code)) is not None), None)

    def _key(self, code: str) -> str:
        # No conversation id begins so: the keys of codes and of conversations never meet.
        return self._sealer.row_key(f"{self._purpose} code\0{code}")
