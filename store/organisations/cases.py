"""Case files: read and written by members of one organisation alone, and gone without a trace when they are deleted."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from store.database import forget_pages
from store.models import CaseRow, HandedCaseRow, OrganisationRow, TombstoneRow
from store.organisations import vault
from store.organisations.access import Member
from store.organisations.audit import BY_ITSELF, just_recorded, record
from store.organisations.roles import Action
from store.organisations.tombstones import Gone, Tombstones
from store.organisations.vault import KeyPair

#: Changes of one person that follow each other within this time are one row of the audit; a save that is overtaken is tried so often.
STRETCH, MOST_TRIES = timedelta(minutes=10), 20


class NoCaseError(LookupError):
    """There is no such case in her organisation: whether another has one is not told."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it was read: what is in it, and at which revision."""

    id: str
    content: dict[str, Any] = field(repr=False)
    revision: int
    created_at: datetime
    changed_at: datetime
    keep_until: datetime


class ChangedError(RuntimeError):
    """Somebody saved meanwhile; `now` is the case as it is."""

    def __init__(self, now: Case) -> None:
        super().__init__("the case was changed meanwhile")
        self.now = now


class Cases:
    """All methods raise sqlalchemy.exc.SQLAlchemyError, NotAllowedError and NoKeyError besides what they name."""

    def __init__(self, engine: Engine, now: Callable[[], datetime], tombstones: Tombstones) -> None:
        self._engine, self._now, self._tombstones = engine, now, tombstones

    def create(self, by: Member, content: dict[str, Any], keep_until: datetime) -> Case:
        """A new case of the member's organisation."""
        by.needs(Action.CREATE_CASE)
        with Session(self._engine) as session, session.begin():
            return self.add(session, by, content, keep_until, Action.CREATE_CASE)

    def add(self, session: Session, by: Member, content: dict[str, Any], keep_until: datetime, action: Action) -> Case:
        """A new case as part of a greater change; `action` is what the audit calls it."""
        key, now = vault.new_key(), self._now()
        number, pair = self._present_key(session, by)
        row = CaseRow(
            id=vault.new_id(),
            organisation=by.organisation,
            key_number=number,
            sealed_key=vault.seal_to(pair.public, key),
            content=vault.lock_json(content, key),
            revision=1,
            created_at=now,
            changed_at=now,
            keep_until=keep_until,
        )
        session.add(row)
        record(session, now, by.organisation, by.id, action, row.id)
        return _case(row, content)

    def all(self, by: Member) -> list[Case]:
        """Every case of the organisation, the one changed last first; opened in memory, nothing of it is kept."""
        by.needs(Action.LIST_CASES)
        with Session(self._engine) as session, session.begin():
            rows = session.scalars(select(CaseRow).where(CaseRow.organisation == by.organisation).order_by(CaseRow.changed_at.desc()))
            found = [_case(row, self._content(row, by)) for row in rows]
            record(session, self._now(), by.organisation, by.id, Action.LIST_CASES)
            return found

    def open(self, by: Member, case: str) -> Case:
        """One case. Raises NoCaseError."""
        return self._opened(by, case, Action.OPEN_CASE)

    def export(self, by: Member, case: str) -> Case:
        """One case, to be written into a file that leaves us. Raises NoCaseError."""
        return self._opened(by, case, Action.EXPORT_CASE)

    def _opened(self, by: Member, case: str, action: Action) -> Case:
        by.needs(action)
        with Session(self._engine) as session, session.begin():
            row = self._row(session, by, case)
            found = _case(row, self._content(row, by))
            record(session, self._now(), by.organisation, by.id, action, case)
            return found

    def save(self, by: Member, case: str, content: dict[str, Any], revision: int, keep_until: datetime | None = None) -> Case:
        """Save what was changed from `revision` on. Raises NoCaseError, ChangedError."""
        by.needs(Action.CHANGE_CASE)
        with Session(self._engine) as session, session.begin():
            row = self._row(session, by, case, changes=True)
            key = by.key(row.key_number).open(row.sealed_key)
            if row.revision != revision:
                raise ChangedError(_case(row, vault.unlock_json(row.content, key)))
            row.content, row.revision, row.changed_at = vault.lock_json(content, key), revision + 1, self._now()
            row.keep_until = keep_until or row.keep_until
            # A page saves every few seconds: what one person changes at a stretch is one row.
            if not just_recorded(session, row.changed_at - STRETCH, by.id, Action.CHANGE_CASE, case):
                record(session, row.changed_at, by.organisation, by.id, Action.CHANGE_CASE, case)
            return _case(row, content)

    def change(self, by: Member, case: str, change: Callable[[dict[str, Any]], dict[str, Any]], keep_until: datetime | None = None) -> Case:
        """Put a change onto the case as it is now, once more where somebody saved in between; what changes nothing is not written.

        Raises NoCaseError; ChangedError when others kept saving.
        """
        by.needs(Action.CHANGE_CASE)
        for _try in range(MOST_TRIES):
            with Session(self._engine) as session:
                row = self._row(session, by, case)
                now = _case(row, self._content(row, by))
            content = change(now.content)
            if content == now.content and keep_until is None:
                return now
            with contextlib.suppress(ChangedError):
                return self.save(by, case, content, now.revision, keep_until)
        raise ChangedError(now)

    def delete(self, by: Member, case: str) -> None:
        """Delete a case: its row, its key, and its traces in the file of the database. Raises NoCaseError."""
        by.needs(Action.DELETE_CASE)
        with Session(self._engine) as session, session.begin():
            self._end(session, self._row(session, by, case, changes=True), by.id, Action.DELETE_CASE)
        forget_pages(self._engine)

    def delete_over(self) -> int:
        """Delete every case whose time is over; return how many."""
        with Session(self._engine) as session:
            # Looked at without a lock first: mostly there is nothing to do.
            if session.scalar(select(CaseRow.id).where(CaseRow.keep_until < self._now()).limit(1)) is None:
                return 0
        with Session(self._engine) as session, session.begin():
            over = list(session.scalars(select(CaseRow).where(CaseRow.keep_until < self._now()).with_for_update(skip_locked=True)))
            for row in over:
                self._end(session, row, BY_ITSELF, Action.CASE_ENDED)
        if over:
            forget_pages(self._engine)
        return len(over)

    def delete_again(self) -> int:
        """Delete what is gone and came back with an old copy of the database; return how many cases that were.

        What the database itself deleted is noted outside it, too, where that failed before.
        """
        with Session(self._engine) as session, session.begin():
            self._tombstones.note(Gone.CASE, *session.scalars(select(TombstoneRow.case)))
            gone = self._tombstones.all(Gone.CASE)
            there = [row for row in session.scalars(select(CaseRow.id)) if row in gone] if gone else []
            for case in there:
                self._end(session, session.get_one(CaseRow, case), BY_ITSELF, Action.CASE_ENDED)
        if there:
            forget_pages(self._engine)
        return len(there)

    def _end(self, session: Session, row: CaseRow, actor: str, action: Action) -> None:
        now = self._now()
        self._tombstones.note(Gone.CASE, row.id)
        session.execute(delete(CaseRow).where(CaseRow.id == row.id))
        # What waits to be taken by another organisation goes with it.
        session.execute(delete(HandedCaseRow).where(HandedCaseRow.case == row.id))
        session.merge(TombstoneRow(case=row.id, deleted_at=now))
        record(session, now, row.organisation, actor, action, row.id)

    def _present_key(self, session: Session, by: Member) -> tuple[int, KeyPair]:
        # Locked, so that a case is never sealed to a key that is being taken out of use.
        number = session.get_one(OrganisationRow, by.organisation, with_for_update=True).key_number
        return number, by.key(number)

    @staticmethod
    def _row(session: Session, by: Member, case: str, changes: bool = False) -> CaseRow:
        asked = select(CaseRow).where(CaseRow.id == case, CaseRow.organisation == by.organisation)
        row = session.scalar(asked.with_for_update() if changes else asked)
        if row is None:
            raise NoCaseError(case)
        return row

    @staticmethod
    def _content(row: CaseRow, by: Member) -> dict[str, Any]:
        return vault.unlock_json(row.content, by.key(row.key_number).open(row.sealed_key))


def _case(row: CaseRow, content: dict[str, Any]) -> Case:
    return Case(row.id, content, row.revision, row.created_at, row.changed_at, row.keep_until)
