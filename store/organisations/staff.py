"""Members of organisations: invited, let in to the cases, and gone again. How they sign in is in `sessions.py`."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import Engine, Select, delete, select, update
from sqlalchemy.orm import Session

from store.models import CaseRow, HandedCaseRow, MemberKeyRow, OrganisationKeyRow, OrganisationRow, ReportRow, StaffRow, StaffSessionRow
from store.organisations import vault
from store.organisations.access import Member, NoKeyError
from store.organisations.audit import BY_ITSELF, COMMAND, record
from store.organisations.roles import Action, Role, opens_cases, roles_read, roles_written
from store.organisations.second_factors import forget, marks
from store.organisations.tombstones import Gone, Tombstones
from store.organisations.vault import KeyPair, digest
from store.sealing import Sealer

#: An invitation is taken up within three days, or asked for again.
INVITATION = timedelta(hours=72)
#: Passphrases: length is what counts (NIST SP 800-63B-4, 2025: at least 15 where it stands alone; here a second factor is asked, too).
SHORTEST_PASSPHRASE, LONGEST_PASSPHRASE = 12, 200
SPARE_CODES = 8
#: Tables of what is sealed to an organisation.
SEALED: tuple[type[CaseRow | HandedCaseRow | ReportRow], ...] = (CaseRow, HandedCaseRow, ReportRow)
ISSUER = "Redress"


class InvitationError(LookupError):
    """There is no such invitation, or it is over."""


class PassphraseError(ValueError):
    """The passphrase is too short or too long, or is the name."""


class StaffError(ValueError):
    """What was asked for cannot be: the text says why (for the command line; pages check first)."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What is shown once to somebody who took up an invitation. `recovery_key`: only to who founded the organisation."""

    staff: str
    second_factor: str = field(repr=False)
    address_for_apps: str = field(repr=False)
    spare_codes: list[str] = field(repr=False)
    recovery_key: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member as others see her. `has_key`: whether she can open cases; `joined`: whether she has taken up her invitation."""

    id: str
    name: str
    roles: frozenset[Role]
    joined: bool
    has_key: bool

    @property
    def opens_cases(self) -> bool:
        """Whether her roles are such that she is given the key."""
        return opens_cases(self.roles)


@dataclass(frozen=True, slots=True)
class Organisation:
    """`rotation_due`: somebody who had its key has left."""

    name: str
    rotation_due: bool


class Staff:
    """All methods raise sqlalchemy.exc.SQLAlchemyError when the database does not answer."""

    def __init__(self, engine: Engine, sealer: Sealer, now: Callable[[], datetime], tombstones: Tombstones) -> None:
        """`now`: the moment in UTC."""
        self._engine, self._sealer, self._now, self._tombstones = engine, sealer, now, tombstones

    # Invitations

    def invite_from_command(self, name: str, organisation: str, roles: Iterable[Role]) -> str:
        """Make somebody a member, and the organisation if there is none of that name; return the code that is the first way in.

        The first member of an organisation founds it. Others are let in to the cases by a member, or by the key on paper. Raises StaffError.
        """
        with Session(self._engine) as session, session.begin():
            found = session.scalar(select(OrganisationRow).where(OrganisationRow.name == organisation))
            if found is None:
                found = OrganisationRow(id=vault.new_id(), name=organisation, key_number=0, rotation_due=False, created_at=self._now())
                session.add(found)
            return self._invite(session, name, found.id, frozenset(roles), COMMAND, None)

    def invite(self, by: Member, name: str, roles: Iterable[Role]) -> str:
        """The same, by a member: the organisation's keys go with the invitation, locked with its code. Raises StaffError, NotAllowedError."""
        by.needs(Action.INVITE)
        with Session(self._engine) as session, session.begin():
            return self._invite(session, name, by.organisation, frozenset(roles), by.id, by)

    def _invite(self, session: Session, name: str, organisation: str, roles: frozenset[Role], actor: str, by: Member | None) -> str:
        called = name.strip().casefold()
        if not called or len(called) > 200:
            raise StaffError("a name is needed, of at most 200 letters")
        if not roles:
            raise StaffError("at least one role is needed")
        if session.scalar(select(StaffRow.id).where(StaffRow.name == called)) is not None:
            raise StaffError("somebody has this name already")
        row = StaffRow(
            id=vault.new_id(),
            name=called,
            organisation=organisation,
            roles=roles_written(roles),
            last_step=0,
            spare_codes="",
            created_at=self._now(),
        )
        session.add(row)
        code = self._new_invitation(row, by if opens_cases(roles) else None)
        record(session, self._now(), organisation, actor, Action.INVITE, row.id)
        return code

    def _new_invitation(self, row: StaffRow, by: Member | None) -> str:
        code = vault.new_code()
        row.invitation, row.invited_until = digest(vault.letters_of(code)), self._now() + INVITATION
        keys = {str(number): pair.private.hex() for number, pair in by.keys.items()} if by is not None else {}
        row.invited_with = vault.lock_json(keys, vault.key_of_secret(vault.letters_of(code).encode(), "invitation")) if keys else None
        return code

    def invited(self, code: str) -> str:
        """The name of who may come in with this code. Raises InvitationError."""
        with Session(self._engine) as session:
            return self._of_invitation(session, code).name

    def join(self, code: str, passphrase: str) -> Joined:
        """Take up an invitation: her keys are made here, and the organisation's if she is its first. Raises InvitationError, PassphraseError."""
        with Session(self._engine) as session, session.begin():
            row = self._of_invitation(session, code)
            _check_passphrase(passphrase, row.name)
            own = KeyPair.new()
            secret, spare = pyotp.random_base32(), [secrets.token_hex(5) for _ in range(SPARE_CODES)]
            self._lock(row, own, passphrase)
            row.second_factor, row.last_step = self._sealer.seal({"secret": secret}), 0
            row.spare_codes = " ".join(map(digest, spare))
            organisation = session.get_one(OrganisationRow, row.organisation, with_for_update=True)
            recovery_key = None
            if row.invited_with is not None:
                keys = vault.unlock_json(row.invited_with, vault.key_of_secret(vault.letters_of(code).encode(), "invitation"))
                self._give(session, row, {int(number): KeyPair.of(bytes.fromhex(private)) for number, private in keys.items()})
            elif organisation.key_number == 0:
                recovery_key = self._found(session, organisation, row)
            assert row.invitation is not None
            self._tombstones.note(Gone.SECRET, row.invitation)
            row.invitation = row.invited_until = row.invited_with = None
            record(session, self._now(), row.organisation, row.id, Action.JOIN, row.id)
            return Joined(row.id, secret, pyotp.TOTP(secret).provisioning_uri(name=row.name, issuer_name=ISSUER), spare, recovery_key)

    def _of_invitation(self, session: Session, code: str) -> StaffRow:
        row = session.scalar(select(StaffRow).where(StaffRow.invitation == digest(vault.letters_of(code)), StaffRow.left_at.is_(None)))
        over = row is None or row.invited_until is None or row.invited_until < self._now()
        if row is None or over or self._tombstones.hold(Gone.SECRET, row.invitation):
            raise InvitationError("no such invitation")
        return row

    def _lock(self, row: StaffRow, own: KeyPair, passphrase: str) -> None:
        row.salt = vault.new_salt()
        row.passphrase_hash = vault.HASHER.hash(passphrase)
        row.public, row.locked_private = own.public, vault.lock(own.private, vault.key_of_passphrase(passphrase, row.salt))

    def _found(self, session: Session, organisation: OrganisationRow, first: StaffRow) -> str:
        """Make the organisation's key and the key on paper; return what is to be printed."""
        paper = vault.new_key()
        organisation.recovery_public = KeyPair.of(paper).public
        self._new_key(session, organisation, [first])
        record(session, self._now(), organisation.id, first.id, Action.FOUND, organisation.id)
        return vault.written(paper)

    def _new_key(self, session: Session, organisation: OrganisationRow, members: Iterable[StaffRow]) -> tuple[int, KeyPair]:
        assert organisation.recovery_public is not None
        pair, number = KeyPair.new(), organisation.key_number + 1
        organisation.key_number, organisation.rotation_due = number, False
        sealed = vault.seal_to(organisation.recovery_public, pair.private)
        session.add(OrganisationKeyRow(organisation=organisation.id, number=number, public=pair.public, sealed_to_recovery=sealed))
        for member in members:
            self._give(session, member, {number: pair})
        return number, pair

    @staticmethod
    def _give(session: Session, to: StaffRow, keys: dict[int, KeyPair]) -> None:
        assert to.public is not None
        for number, pair in keys.items():
            session.merge(MemberKeyRow(staff=to.id, number=number, sealed=vault.seal_to(to.public, pair.private)))

    # Colleagues

    def colleagues(self, member: Member) -> list[Colleague]:
        """Who belongs to her organisation now. Raises NotAllowedError."""
        member.needs(Action.LET_IN)
        with Session(self._engine) as session:
            newest = session.get_one(OrganisationRow, member.organisation).key_number
            having = set(session.scalars(select(MemberKeyRow.staff).where(MemberKeyRow.number == newest)))
            rows = session.scalars(self._present(member.organisation).order_by(StaffRow.name))
            return [Colleague(row.id, row.name, roles_read(row.roles), row.public is not None, row.id in having) for row in rows]

    def let_in(self, by: Member, staff: str) -> None:
        """Give a member of the same organisation its keys. Raises StaffError, NoKeyError, NotAllowedError."""
        by.needs(Action.LET_IN)
        if not by.keys:
            raise NoKeyError("no key")
        with Session(self._engine) as session, session.begin():
            row = self._colleague(session, by, staff)
            if row.public is None:
                raise StaffError("this member has not signed in yet")
            if not opens_cases(roles_read(row.roles)):
                raise StaffError("this member does not work with cases")
            self._give(session, row, by.keys)
            record(session, self._now(), by.organisation, by.id, Action.LET_IN, staff)

    def reset(self, by: Member, staff: str) -> str:
        """A new first way in for somebody who lost passphrase or second factor. Sign-in comes back, the key to cases does not: a member lets
        her in, or the key on paper does. Raises StaffError, NotAllowedError."""
        by.needs(Action.RESET)
        with Session(self._engine) as session, session.begin():
            row = self._colleague(session, by, staff)
            void = [
                digest(row.passphrase_hash) if row.passphrase_hash else None,
                row.invitation,
                *row.spare_codes.split(),
                *marks(session, staff),
            ]
            self._tombstones.note(Gone.SECRET, *filter(None, void))
            _shut_out(session, row)
            code = self._new_invitation(row, None)
            record(session, self._now(), by.organisation, by.id, Action.RESET, staff)
            return code

    def remove(self, by: Member, staff: str) -> None:
        """Somebody leaves: her sessions and keys end at once; the organisation's key is to be changed. Raises StaffError, NotAllowedError."""
        by.needs(Action.REMOVE)
        with Session(self._engine) as session, session.begin():
            row = self._colleague(session, by, staff)
            others = session.scalars(self._present(by.organisation).where(StaffRow.id != staff))
            if not any(Role.ADMINISTRATOR in roles_read(other.roles) for other in others):
                raise StaffError("the last administrator cannot leave: make somebody else one first")
            self._tombstones.note(Gone.MEMBER, staff)
            leave(session, row, self._now())
            record(session, self._now(), by.organisation, by.id, Action.REMOVE, staff)

    def leave_again(self) -> int:
        """Who has left and came back with an old copy of the database leaves again; return how many. Those whom the database itself knows to
        have left are noted outside it, too."""
        with Session(self._engine) as session, session.begin():
            self._tombstones.note(Gone.MEMBER, *session.scalars(select(StaffRow.id).where(StaffRow.left_at.is_not(None))))
            gone = self._tombstones.all(Gone.MEMBER)
            rows = [row for row in session.scalars(select(StaffRow).where(StaffRow.left_at.is_(None))) if row.id in gone]
            for row in rows:
                leave(session, row, self._now())
                record(session, self._now(), row.organisation, BY_ITSELF, Action.REMOVE, row.id)
            return len(rows)

    def recover(self, member: Member, paper: str) -> None:
        """Come in again with the key on paper. Raises RecoveryKeyError, SealError, NotAllowedError."""
        member.needs(Action.RECOVER)
        own = KeyPair.of(vault.read_written(paper))
        with Session(self._engine) as session, session.begin():
            rows = session.scalars(select(OrganisationKeyRow).where(OrganisationKeyRow.organisation == member.organisation))
            keys = {row.number: KeyPair.of(own.open(row.sealed_to_recovery)) for row in rows}
            self._give(session, session.get_one(StaffRow, member.id), keys)
            record(session, self._now(), member.organisation, member.id, Action.RECOVER)

    def organisation(self, member: Member) -> Organisation:
        """Her organisation."""
        with Session(self._engine) as session:
            row = session.get_one(OrganisationRow, member.organisation)
            return Organisation(row.name, row.rotation_due)

    def anybody(self) -> bool:
        """Whether anybody was ever made a member: else a page says how."""
        with Session(self._engine) as session:
            return session.scalar(select(StaffRow.id).limit(1)) is not None

    def rotate(self, by: Member) -> int:
        """Change the organisation's key: what is sealed to it is sealed anew, and the old keys are destroyed. Return how many cases.

        All in one transaction, so that no case is ever between two keys. Raises NoKeyError, NotAllowedError.
        """
        by.needs(Action.ROTATE_KEYS)
        with Session(self._engine) as session, session.begin():
            organisation = session.get_one(OrganisationRow, by.organisation, with_for_update=True)
            having = set(session.scalars(select(MemberKeyRow.staff).where(MemberKeyRow.number == organisation.key_number)))
            members = [row for row in session.scalars(self._present(by.organisation)) if row.id in having and row.public is not None]
            old = organisation.key_number
            by.key(old)
            number, pair = self._new_key(session, organisation, members)
            counts = {table: _sealed_anew(session, table, by, number, pair.public) for table in SEALED}
            everybody = select(StaffRow.id).where(StaffRow.organisation == by.organisation)
            session.execute(delete(MemberKeyRow).where(MemberKeyRow.number <= old, MemberKeyRow.staff.in_(everybody)))
            session.execute(
                delete(OrganisationKeyRow).where(OrganisationKeyRow.organisation == by.organisation, OrganisationKeyRow.number <= old)
            )
            # What an open invitation holds is the old key: who comes with it is let in by a member.
            session.execute(update(StaffRow).where(StaffRow.organisation == by.organisation).values(invited_with=None))
            record(session, self._now(), by.organisation, by.id, Action.ROTATE_KEYS)
            return counts[CaseRow]

    def _colleague(self, session: Session, by: Member, staff: str) -> StaffRow:
        row = session.scalar(self._present(by.organisation).where(StaffRow.id == staff))
        if row is None:
            raise StaffError("there is no such member")
        return row

    @staticmethod
    def _present(organisation: str) -> Select[StaffRow]:
        return select(StaffRow).where(StaffRow.organisation == organisation, StaffRow.left_at.is_(None))


def _sealed_anew(session: Session, table: type[CaseRow | HandedCaseRow | ReportRow], by: Member, number: int, public: bytes) -> int:
    """Seal the keys of a table's rows to a new key of the organisation; return how many."""
    rows = session.execute(select(table.id, table.key_number, table.sealed_key).where(table.organisation == by.organisation)).all()
    for row, under, sealed in rows:
        again = vault.seal_to(public, by.key(under).open(sealed))
        session.execute(update(table).where(table.id == row).values(sealed_key=again, key_number=number))
    return len(rows)


def _check_passphrase(passphrase: str, name: str) -> None:
    """Length is what counts. Raises PassphraseError."""
    plain = passphrase.strip()
    if not SHORTEST_PASSPHRASE <= len(passphrase) <= LONGEST_PASSPHRASE or len(set(plain)) < 5 or plain.casefold() == name:
        raise PassphraseError("too short or too simple")


def leave(session: Session, row: StaffRow, now: datetime) -> None:
    """Somebody leaves: nothing of hers opens anything any more; the organisation's key is to be changed."""
    _shut_out(session, row)
    row.left_at = now
    # The name is free again; the row stays for the audit.
    row.name = f"{row.name[:150]} {row.id}"
    session.get_one(OrganisationRow, row.organisation).rotation_due = True


def _shut_out(session: Session, row: StaffRow) -> None:
    row.passphrase_hash = row.salt = row.public = row.locked_private = row.second_factor = None
    row.invitation = row.invited_until = row.invited_with = None
    row.spare_codes, row.last_step = "", 0
    session.execute(delete(MemberKeyRow).where(MemberKeyRow.staff == row.id))
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.staff == row.id))
    forget(session, row.id)
