"""Reports of counts that an organisation keeps, sealed to its key. What may stand in one is decided where it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from store.models import OrganisationRow, ReportRow
from store.organisations import vault
from store.organisations.access import Member
from store.organisations.audit import record
from store.organisations.roles import Action


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it was read."""

    id: str
    made_at: datetime
    content: dict[str, Any] = field(repr=False)


class Reports:
    """All methods raise sqlalchemy.exc.SQLAlchemyError, NotAllowedError and NoKeyError."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def all(self, by: Member) -> list[Report]:
        """Every report of the member's organisation, the newest first."""
        by.needs(Action.MAKE_REPORT)
        with Session(self._engine) as session:
            rows = session.scalars(select(ReportRow).where(ReportRow.organisation == by.organisation).order_by(ReportRow.made_at.desc()))
            return [_report(row, by) for row in rows]

    def add(self, by: Member, content_after: Callable[[dict[str, Any] | None], dict[str, Any]]) -> Report:
        """Add a report that follows the newest one. `content_after`: what stands in it, from what stands in that; None: it is the first."""
        by.needs(Action.MAKE_REPORT)
        key, now = vault.new_key(), self._now()
        with Session(self._engine) as session, session.begin():
            # Locked: two that are made at once would both follow the same one.
            number = session.get_one(OrganisationRow, by.organisation, with_for_update=True).key_number
            latest = session.scalar(
                select(ReportRow).where(ReportRow.organisation == by.organisation).order_by(ReportRow.made_at.desc()).limit(1)
            )
            content = content_after(_report(latest, by).content if latest is not None else None)
            row = ReportRow(
                id=vault.new_id(),
                organisation=by.organisation,
                key_number=number,
                sealed_key=vault.seal_to(by.key(number).public, key),
                content=vault.lock_json(content, key),
                made_at=now,
            )
            session.add(row)
            record(session, now, by.organisation, by.id, Action.MAKE_REPORT, row.id)
            return Report(row.id, now, content)


def _report(row: ReportRow, by: Member) -> Report:
    return Report(row.id, row.made_at, vault.unlock_json(row.content, by.key(row.key_number).open(row.sealed_key)))
