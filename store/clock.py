"""The moment by which things expire: the database's where it has a clock, so that one gateway's wrong clock deletes nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from erasure.clock import SteadyClock


class Clock:
    """PostgreSQL's clock; with SQLite, which has none, the machine's as long as it does not jump."""

    def __init__(self, machine: SteadyClock | None = None) -> None:
        """`machine`: the machine's clock."""
        self._machine = machine or SteadyClock()

    def now(self, session: Session) -> datetime:
        """The moment by which things expire."""
        if _has_clock(session):
            return session.execute(select(func.now())).scalar_one()
        return datetime.fromtimestamp(self._machine.now(), UTC)

    def latest(self, session: Session) -> datetime:
        """The moment from which lifetimes are counted: what is written while the machine's clock is in doubt lives on whichever is right."""
        return self.now(session) if _has_clock(session) else datetime.fromtimestamp(self._machine.latest(), UTC)

    def in_doubt(self, session: Session) -> bool:
        """Whether nothing is to be deleted by its age now."""
        return not _has_clock(session) and self._machine.jumped


def _has_clock(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
