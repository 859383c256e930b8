"""Each conversation's own key in the database: made with it, destroyed with it, wrapped anew twice an hour."""

from __future__ import annotations

from cryptography.fernet import Fernet
from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.orm import Session

from erasure import tables
from erasure.wrapping import WrappingKeys

_keys = tables.keys
#: So many keys are wrapped anew in one transaction: others write in between.
BATCH = 500


class ConversationKeys:
    """Keys by the row key of their conversation. All methods raise sqlalchemy.exc.SQLAlchemyError, WrappingKeysError or OSError."""

    def __init__(self, wrapping: WrappingKeys) -> None:
        self._wrapping = wrapping

    def of(self, session: Session, row: str) -> bytes | None:
        """The key of a conversation, 32 bytes in urlsafe base64; None when there is none, or none that can be unwrapped."""
        return tables.key_of(session.connection(), row, self._wrapping)

    def make(self, session: Session, row: str, key: bytes | None = None) -> bytes:
        """A new key for a conversation (`key`, if it was drawn already), in place of one it may have: what was sealed with that one is
        unreadable from then on."""
        key = key or Fernet.generate_key()
        number, wrapped = self._wrapping.wrap(key)
        session.execute(delete(_keys).where(_keys.c.conversation == row))
        session.execute(insert(_keys).values(conversation=row, wrapped_by=number, wrapped=wrapped))
        return key

    def destroy(self, session: Session, rows: list[str]) -> None:
        """Destroy the keys of conversations."""
        session.execute(delete(_keys).where(_keys.c.conversation.in_(rows)))

    def maintain(self, engine: Engine) -> None:
        """Renew the wrapping key when it is time, wrap every key with the newest, and let the old one go. Several processes may do so."""
        self._wrapping.renew()
        while self._wrap_some(engine):
            pass
        if self._wrapping.has_old():
            # Nothing is wrapped by it any more, and whoever began with it has ended: `retire` waits for that.
            self._wrapping.retire()

    def _wrap_some(self, engine: Engine) -> bool:
        """Wrap a few keys anew; True when there may be more."""
        newest = self._wrapping.newest()
        with Session(engine) as session, session.begin():
            old = session.execute(select(_keys).where(_keys.c.wrapped_by != newest).limit(BATCH).with_for_update(skip_locked=True)).all()
            for row in old:
                key = self._wrapping.unwrap(row.wrapped_by, row.wrapped)
                here = _keys.c.conversation == row.conversation
                if key is None:
                    # Its wrapping key is gone for good, and what it sealed with it.
                    session.execute(delete(_keys).where(here))
                    continue
                number, wrapped = self._wrapping.wrap(key)
                session.execute(update(_keys).where(here).values(wrapped_by=number, wrapped=wrapped))
        return len(old) == BATCH
