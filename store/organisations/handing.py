"""Cases handed to another organisation: a copy sealed to its key, which it takes, refuses, or lets lie until its time is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from store.database import forget_pages
from store.models import CaseRow, HandedCaseRow, OrganisationKeyRow, OrganisationRow
from store.organisations import vault
from store.organisations.access import Member
from store.organisations.audit import record
from store.organisations.cases import Case, Cases, NoCaseError
from store.organisations.roles import Action

#: So long a copy waits to be taken.
WAITS = timedelta(days=14)


class NoOrganisationError(LookupError):
    """There is no other organisation of this name here that can read anything yet."""


class OtherKeyError(RuntimeError):
    """The organisation's key is not the one whose letters were compared."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """An organisation that a case can be handed to. `letters`: of its key, to compare on the telephone."""

    id: str
    name: str
    letters: str


@dataclass(frozen=True, slots=True)
class Handed:
    """A copy that waits; `content` is None for the one who handed it over, who cannot read it any more."""

    id: str
    made_at: datetime
    until: datetime
    receiver: str
    content: dict[str, Any] | None = field(default=None, repr=False)


class Handing:
    """All methods raise sqlalchemy.exc.SQLAlchemyError, NotAllowedError and NoKeyError besides what they name."""

    def __init__(self, engine: Engine, now: Callable[[], datetime], cases: Cases) -> None:
        self._engine, self._now, self._cases = engine, now, cases

    def own(self, by: Member) -> Receiver:
        """The member's own organisation, as another one finds it."""
        with Session(self._engine) as session:
            row = session.get_one(OrganisationRow, by.organisation)
            return Receiver(row.id, row.name, vault.letters_to_compare(self._public(session, row)))

    def receiver(self, by: Member, name: str) -> Receiver:
        """Another organisation by its name, whatever its capital letters. Raises NoOrganisationError."""
        by.needs(Action.HAND_OVER_CASE)
        wanted = " ".join(name.split()).casefold()
        with Session(self._engine) as session:
            # Names are few; a database does not fold the letters of every script.
            rows = session.scalars(select(OrganisationRow).where(OrganisationRow.key_number > 0, OrganisationRow.id != by.organisation))
            for row in rows:
                if " ".join(row.name.split()).casefold() == wanted:
                    return Receiver(row.id, row.name, vault.letters_to_compare(self._public(session, row)))
        raise NoOrganisationError(name)

    def hand(self, by: Member, case: str, to: Receiver, content: dict[str, Any], until: datetime) -> str:
        """Seal a copy to another organisation, which can take it until `until` at most; return what it is called.

        Raises NoCaseError, NoOrganisationError, OtherKeyError."""
        by.needs(Action.HAND_OVER_CASE)
        key, now = vault.new_key(), self._now()
        with Session(self._engine) as session, session.begin():
            if session.scalar(select(CaseRow.id).where(CaseRow.id == case, CaseRow.organisation == by.organisation)) is None:
                raise NoCaseError(case)
            # Locked, so that nothing is sealed to a key that is being taken out of use.
            organisation = session.get(OrganisationRow, to.id, with_for_update=True)
            if organisation is None or organisation.id == by.organisation:
                raise NoOrganisationError(to.name)
            public = self._public(session, organisation)
            if vault.letters_to_compare(public) != to.letters:
                raise OtherKeyError(to.name)
            row = HandedCaseRow(
                id=vault.new_id(),
                organisation=organisation.id,
                key_number=organisation.key_number,
                sealed_key=vault.seal_to(public, key),
                content=vault.lock_json(content, key),
                giver=by.organisation,
                case=case,
                made_at=now,
                until=min(until, now + WAITS),
            )
            session.add(row)
            record(session, now, by.organisation, by.id, Action.HAND_OVER_CASE, case)
            return row.id

    def given(self, by: Member, case: str) -> list[Handed]:
        """What was handed over of a case of hers and waits."""
        by.needs(Action.HAND_OVER_CASE)
        with Session(self._engine) as session:
            rows = session.execute(
                select(HandedCaseRow, OrganisationRow.name)
                .join(OrganisationRow, OrganisationRow.id == HandedCaseRow.organisation)
                .where(HandedCaseRow.giver == by.organisation, HandedCaseRow.case == case, HandedCaseRow.until > self._now())
                .order_by(HandedCaseRow.made_at)
            )
            return [Handed(row.id, row.made_at, row.until, name) for row, name in rows]

    def withdraw(self, by: Member, handed: str) -> None:
        """Take back what nobody has taken yet. Raises NoCaseError."""
        by.needs(Action.WITHDRAW_CASE)
        with Session(self._engine) as session, session.begin():
            row = self._row(session, HandedCaseRow.id == handed, HandedCaseRow.giver == by.organisation)
            session.delete(row)
            record(session, self._now(), by.organisation, by.id, Action.WITHDRAW_CASE, row.case)
        forget_pages(self._engine)

    def waiting(self, by: Member) -> list[Handed]:
        """What others have handed to her organisation."""
        by.needs(Action.TAKE_CASE)
        with Session(self._engine) as session:
            rows = session.scalars(
                select(HandedCaseRow)
                .where(HandedCaseRow.organisation == by.organisation, HandedCaseRow.until > self._now())
                .order_by(HandedCaseRow.made_at)
            )
            return [Handed(row.id, row.made_at, row.until, by.organisation, self._content(row, by)) for row in rows]

    def take(self, by: Member, handed: str, become: Callable[[dict[str, Any]], tuple[dict[str, Any], datetime]]) -> Case:
        """Make a case of what was handed over. `become`: from what was sealed, the content of the case and until when it is kept.
        Raises NoCaseError."""
        by.needs(Action.TAKE_CASE)
        with Session(self._engine) as session, session.begin():
            row = self._row(session, HandedCaseRow.id == handed, HandedCaseRow.organisation == by.organisation)
            content, keep_until = become(self._content(row, by))
            session.delete(row)
            return self._cases.add(session, by, content, keep_until, Action.TAKE_CASE)

    def refuse(self, by: Member, handed: str) -> None:
        """Delete what was handed to her organisation. Raises NoCaseError."""
        by.needs(Action.REFUSE_CASE)
        with Session(self._engine) as session, session.begin():
            session.delete(self._row(session, HandedCaseRow.id == handed, HandedCaseRow.organisation == by.organisation))
            record(session, self._now(), by.organisation, by.id, Action.REFUSE_CASE, handed)
        forget_pages(self._engine)

    def delete_over(self) -> int:
        """Delete what nobody has taken in time; return how many."""
        with Session(self._engine) as session, session.begin():
            ended = session.execute(delete(HandedCaseRow).where(HandedCaseRow.until <= self._now()).returning(HandedCaseRow.id)).all()
        if ended:
            forget_pages(self._engine)
        return len(ended)

    def _row(self, session: Session, *which: Any) -> HandedCaseRow:
        row = session.scalar(select(HandedCaseRow).where(*which, HandedCaseRow.until > self._now()).with_for_update())
        if row is None:
            raise NoCaseError("nothing was handed over")
        return row

    @staticmethod
    def _public(session: Session, organisation: OrganisationRow) -> bytes:
        key = session.get(OrganisationKeyRow, (organisation.id, organisation.key_number))
        if key is None:
            raise NoOrganisationError(organisation.name)
        return key.public

    @staticmethod
    def _content(row: HandedCaseRow, by: Member) -> dict[str, Any]:
        return vault.unlock_json(row.content, by.key(row.key_number).open(row.sealed_key))
