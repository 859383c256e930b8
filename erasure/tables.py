"""The table of the conversations' own keys, and that of what the dialogue keeps. In SQLAlchemy Core, for both servers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from erasure.wrapping import WrappingKeys

metadata = sa.MetaData()

keys = sa.Table(
    "conversation_key",
    metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("wrapped_by", sa.BigInteger, nullable=False, index=True),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
)

dialogues = sa.Table(
    "rasa_conversations",
    metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False, index=True),
)


def key_of(connection: Any, conversation: str, wrapping: WrappingKeys) -> bytes | None:
    """The key of a conversation by its `row_key`, 32 bytes in urlsafe base64; None when it was deleted, or never was.

    Raises sqlalchemy.exc.SQLAlchemyError.
    """
    row = connection.execute(sa.select(keys.c.wrapped_by, keys.c.wrapped).where(keys.c.conversation == conversation)).first()
    return None if row is None else wrapping.unwrap(row[0], bytes(row[1]))
