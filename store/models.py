"""The tables, as SQLAlchemy 2 typed models. Their history is in `store/migrations`."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, LargeBinary, String, Text
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no time zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a time zone: it would be read back as another moment."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment with its time zone, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all models."""


class ConversationRow(Base):
    """One conversation: what the gateway must remember between two messages, encrypted."""

    __tablename__ = "conversation"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class OutboxRow(Base):
    """One answer to a messenger's message: what is still to be sent, sealed with the key of its conversation; then the mark that it was."""

    __tablename__ = "outbox"

    #: Hash of the sender and the provider's id of the message.
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: Row key of the conversation; None in a mark, which leads to nobody.
    conversation: Mapped[str | None] = mapped_column(String(64), index=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: The part that is sent next, and how often that was tried.
    part: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    #: When somebody may try (again); None when nobody is to.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    #: Who tries now.
    claim: Mapped[str | None] = mapped_column(String(32))
    #: What is to be sent is tried until then; a mark stays until then.
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class RuleRelease(Base):
    """One released state of the jurisdiction packs; estimates name it so that they can be answered for."""

    __tablename__ = "rule_release"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    engine: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(Text)
