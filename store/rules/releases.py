"""Releases of the rules in the database: drafted, reviewed by somebody else, in force from a moment on, withdrawn.

What is in a release never changes. Which one is in force follows from the rows alone, so every gateway comes to the same.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, Select, func, select, text
from sqlalchemy.orm import Session

from calculator.packs.parsed import checksum_of
from calculator.packs.released import RATES, Pointer
from store.models import OrganisationRow, RuleFile, RuleRelease, RulesTeam, StaffRow
from store.organisations.access import Member
from store.organisations.audit import BY_ITSELF, COMMAND, record
from store.organisations.roles import Action
from store.rules.merging import ClashError, merged

#: Who makes the releases that a version of the product brings.
PRODUCT = "product"
#: What a reviewer has let in alone ends after so long, unless a second person confirms it.
ALONE = timedelta(hours=72)
#: Files that may be changed in a hurry: whom to call, and where that was read.
IN_A_HURRY = ("contacts.yaml", "sources.yaml")
#: Any number, the same in all our processes: one at a time decides.
LOCK_NUMBER = 7_305_112


class State(StrEnum):
    """How far a release has come."""

    #: Known by its checksum alone.
    NAMED = "named"
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    #: Approved, for a moment that has not come.
    SCHEDULED = "scheduled"
    #: In force now.
    IN_FORCE = "in_force"
    #: It was in force; another one is.
    OVER = "over"
    WITHDRAWN = "withdrawn"


class Refused(StrEnum):
    """Why something cannot be done with a release."""

    NOT_THERE = "not_there"
    NOT_SO_FAR = "not_so_far"
    OWN_WORK = "own_work"
    NOTHING_NEW = "nothing_new"
    OTHERS_CHANGED = "others_changed"
    ONE_IS_SCHEDULED = "one_is_scheduled"
    NOT_IN_A_HURRY = "not_in_a_hurry"
    IN_FORCE = "in_force"
    WRONG_FILES = "wrong_files"


class ReleaseError(ValueError):
    """Something cannot be done with a release; `refused` says why, `detail` names files where that helps."""

    def __init__(self, refused: Refused, detail: str = "") -> None:
        super().__init__(f"{refused.value} {detail}".strip())
        self.refused, self.detail = refused, detail


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it, as the audit and the release name her."""

    id: str
    organisation: str | None = None

    @classmethod
    def of(cls, member: Member) -> Actor:
        return cls(member.id, member.organisation)

    @classmethod
    def at_the_command(cls, name: str) -> Actor:
        """Somebody with a shell on the machine, by the name she gives."""
        return cls(f"{COMMAND}: {name.strip()}"[:100])


@dataclass(frozen=True, slots=True)
class Release:
    """A release without its files."""

    id: str
    sha256: str
    engine: str
    created_at: datetime
    note: str | None
    made_by: str | None
    base: str | None
    state: State
    decided_by: str | None
    decided_at: datetime | None
    from_at: datetime | None
    #: When what one person alone let in ends; None for what two have seen.
    ends_at: datetime | None

    @property
    def pointer(self) -> Pointer:
        return Pointer(self.id, self.sha256)


class Releases:
    """All methods raise sqlalchemy.exc.SQLAlchemyError, and ReleaseError where something cannot be done."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    # -- reading

    def all(self) -> list[Release]:
        """Every release, the newest first."""
        with Session(self._engine) as session:
            current = _current(session, self._now())
            rows = session.scalars(select(RuleRelease).order_by(RuleRelease.number.desc()))
            return [_release(row, current, self._now()) for row in rows]

    def one(self, release: str) -> Release:
        """One of them by its name."""
        with Session(self._engine) as session:
            return _release(_row(session, release), _current(session, self._now()), self._now())

    def in_force(self) -> Release | None:
        """The one in force; None before the first."""
        with Session(self._engine) as session:
            row = _current(session, self._now())
            return _release(row, row, self._now()) if row is not None else None

    def pointer(self) -> Pointer | None:
        """What is in force, and nothing more: asked every other second by every gateway."""
        with Session(self._engine) as session:
            row = session.execute(
                _approved(now := self._now()).where(RuleRelease.from_at <= now).with_only_columns(RuleRelease.id, RuleRelease.sha256)
            ).first()
            return Pointer(row.id, row.sha256) if row is not None else None

    def files(self, release: str) -> dict[str, bytes]:
        """Its files by path, those of the reference rates under `reference_rates/`."""
        with Session(self._engine) as session:
            return _files(session, _row(session, release))

    def of_folder(self, code: str) -> list[Release]:
        """The releases that were approved and change files of a State, the newest first."""
        with Session(self._engine) as session:
            current, now = _current(session, self._now()), self._now()
            rows = session.scalars(select(RuleRelease).where(RuleRelease.state == _APPROVED).order_by(RuleRelease.number.desc()))
            return [_release(row, current, now) for row in rows if any(name.startswith(f"{code}/") for name in _changed_names(session, row))]

    def changed_names(self, release: str) -> list[str]:
        """Paths of the files in which a release differs from the one it was made from; none where that is not known."""
        with Session(self._engine) as session:
            return sorted(_changed_names(session, _row(session, release)))

    def waiting(self) -> list[Release]:
        """Those that nobody has decided about, the oldest first."""
        with Session(self._engine) as session:
            now = self._now()
            found = select(RuleRelease).where(RuleRelease.state.in_((State.DRAFT, State.IN_REVIEW)), RuleRelease.base.is_not(None))
            return [_release(row, None, now) for row in session.scalars(found.order_by(RuleRelease.number))]

    def teams(self) -> list[str]:
        """Names of the organisations that look after the rules."""
        with Session(self._engine) as session:
            found = select(OrganisationRow.name).join(RulesTeam, RulesTeam.organisation == OrganisationRow.id)
            return sorted(session.scalars(found))

    def names(self) -> dict[str, str]:
        """Who has made and decided what: the name of each member of the organisations that look after the rules, those who left too."""
        with Session(self._engine) as session:
            found = select(StaffRow.id, StaffRow.name, OrganisationRow.name.label("house"))
            found = found.join(OrganisationRow, OrganisationRow.id == StaffRow.organisation)
            rows = session.execute(found.join(RulesTeam, RulesTeam.organisation == StaffRow.organisation)).all()
            return {row.id: f"{row.name}, {row.house}" for row in rows}

    # -- who looks after the rules

    def set_team(self, organisation: str, looks_after: bool) -> bool:
        """Let the editors and reviewers of an organisation change the rules of this installation, or no longer. False: no such
        organisation."""
        with Session(self._engine) as session, session.begin():
            row = session.scalar(select(OrganisationRow).where(OrganisationRow.name == organisation.strip()))
            if row is None:
                return False
            team = session.get(RulesTeam, row.id)
            if looks_after and team is None:
                session.add(RulesTeam(organisation=row.id, since=self._now()))
            elif not looks_after and team is not None:
                session.delete(team)
            record(session, self._now(), row.id, COMMAND, Action.SET_RULES_TEAM, "begin" if looks_after else "end")
            return True

    # -- making and deciding

    def seed(self, files: Mapping[str, bytes], engine: str) -> Release | None:
        """What this version of the product brings: in force at once while nobody here has released rules of her own, else a draft. None:
        it was brought before, and never comes back by itself: an older machine of the same installation would undo a newer one."""
        with Session(self._engine) as session, session.begin():
            _one_at_a_time(session)
            sha256 = checksum_of_release(files)
            known = select(RuleRelease.id).where(RuleRelease.sha256 == sha256, RuleRelease.made_by == PRODUCT)
            if session.scalar(known) is not None:
                return None
            now, current = self._now(), _current(session, self._now())
            row = _added(session, now, files, engine, PRODUCT, "The packs of this version.", current.id if current is not None else None)
            scheduled = session.scalar(select(RuleRelease.id).where(RuleRelease.state == _APPROVED, RuleRelease.from_at > now))
            if (current is None or current.made_by == PRODUCT) and scheduled is None:
                row.state, row.from_at, row.decided_by, row.decided_at = _APPROVED, now, PRODUCT, now
            record(session, now, None, BY_ITSELF, Action.DRAFT_RULES, row.id)
            session.flush()
            return _release(row, row if row.state == _APPROVED else current, now)

    def draft(self, by: Actor, files: Mapping[str, bytes], engine: str, why: str, base: str | None = None) -> Release:
        """New rules made from a release (`base`; None: the newest that was approved), for somebody else to look at."""
        with Session(self._engine) as session, session.begin():
            _one_at_a_time(session)
            now = self._now()
            begun = _row(session, base) if base is not None else _newest_approved(session, now)
            if begun is not None and begun.files is not None and dict(files) == _files(session, begun):
                raise ReleaseError(Refused.NOTHING_NEW)
            row = _added(session, now, files, engine, by.id, why.strip(), begun.id if begun is not None else None)
            record(session, now, by.organisation, by.id, Action.DRAFT_RULES, row.id)
            return _release(row, _current(session, now), now)

    def submit(self, by: Actor, release: str) -> None:
        """Ask for a review."""
        with Session(self._engine) as session, session.begin():
            _one_at_a_time(session)
            row = _row(session, release)
            if row.state != State.DRAFT:
                raise ReleaseError(Refused.NOT_SO_FAR)
            row.state = State.IN_REVIEW
            record(session, self._now(), by.organisation, by.id, Action.SUBMIT_RULES, row.id)

    def approve(self, by: Actor, release: str, from_at: datetime | None = None) -> Release:
        """Let it come into force, at a moment (None: now). What others have had approved since it was made is kept: it is approved with
        their changes, as a release of its own where there are any. Whoever made it cannot approve it."""
        with Session(self._engine) as session, session.begin():
            _one_at_a_time(session)
            row, now = _row(session, release), self._now()
            if row.state != State.IN_REVIEW and not (row.state == State.DRAFT and row.made_by == PRODUCT):
                raise ReleaseError(Refused.NOT_SO_FAR)
            if row.made_by == by.id:
                raise ReleaseError(Refused.OWN_WORK)
            newest = _newest_approved(session, now)
            start = max(from_at or now, now)
            if newest is not None and newest.from_at is not None and newest.from_at > start:
                raise ReleaseError(Refused.ONE_IS_SCHEDULED, newest.id)
            row = _on_top(session, row, newest, now)
            self._decided(session, by, row, start, Action.APPROVE_RULES)
            return _release(row, _current(session, now), now)

    def approve_in_a_hurry(self, by: Actor, release: str) -> Release:
        """A reviewer lets her own change in at once: only whom to call. It is shown as not reviewed, and ends after `ALONE`."""
        with Session(self._engine) as session, session.begin():
            _one_at_a_time(session)
            row, now = _row(session, release), self._now()
            if row.state not in (State.DRAFT, State.IN_REVIEW):
                raise ReleaseError(Refused.NOT_SO_FAR)
            newest = _newest_approved(session, now)
            if newest is not None and newest.from_at is not None and newest.from_at > now:
                raise ReleaseError(Refused.ONE_IS_SCHEDULED, newest.id)
            row = _on_top(session, row, newest, now)
            before = _files(session, newest) if newest is not None else {}
            other = sorted(name for name in _changed(before, _files(session, row)) if name.rpartition("/")[2] not in IN_A_HURRY)
            if other:
                raise ReleaseError(Refused.NOT_IN_A_HURRY, ", ".join(other))
            self._decided(session, by, row, now, Action.APPROVE_RULES_ALONE)
            row.ends_at = now + ALONE
            return _release(row, _current(session, now), now)

    def confirm(self, by: Actor, release: str) -> None:
        """A second person has looked at what one let in alone: it stays."""
        with Session(self._engine) as session, session.begin():
            _one_at_a_time(session)
            row, now = _row(session, release), self._now()
            if row.state != _APPROVED or row.ends_at is None or row.ends_at <= now:
                raise ReleaseError(Refused.NOT_SO_FAR)
            if by.id in (row.decided_by, row.made_by):
                raise ReleaseError(Refused.OWN_WORK)
            row.ends_at = None
            record(session, now, by.organisation, by.id, Action.CONFIRM_RULES, row.id)

    def roll_back(self, by: Actor, release: str, engine: str, why: str) -> Release:
        """Bring back what an earlier release said, as a new one, at once: two people have seen it then."""
        with Session(self._engine) as session, session.begin():
            _one_at_a_time(session)
            row, now = _row(session, release), self._now()
            current = _current(session, now)
            was_in_force = row.state == _APPROVED and row.from_at is not None and row.from_at <= now and row.ends_at is None
            if not was_in_force or row.files is None:
                raise ReleaseError(Refused.NOT_SO_FAR)
            if current is not None and current.sha256 == row.sha256:
                raise ReleaseError(Refused.IN_FORCE)
            scheduled = _newest_approved(session, now)
            if scheduled is not None and scheduled.from_at is not None and scheduled.from_at > now:
                raise ReleaseError(Refused.ONE_IS_SCHEDULED, scheduled.id)
            new = _added(session, now, _files(session, row), engine, by.id, why.strip(), current.id if current is not None else None)
            self._decided(session, by, new, now, Action.ROLL_BACK_RULES)
            return _release(new, _current(session, now), now)

    def withdraw(self, by: Actor, release: str) -> None:
        """Take back a draft, what is in review, or what has not come into force. What is in force is replaced, by rolling back."""
        with Session(self._engine) as session, session.begin():
            _one_at_a_time(session)
            row, now = _row(session, release), self._now()
            if row.state in (State.WITHDRAWN, State.NAMED):
                raise ReleaseError(Refused.NOT_SO_FAR)
            if row.state == _APPROVED and row.from_at is not None and row.from_at <= now:
                raise ReleaseError(Refused.IN_FORCE)
            row.state = State.WITHDRAWN
            record(session, now, by.organisation, by.id, Action.WITHDRAW_RULES, row.id)

    def exported(self, by: Actor, release: str) -> None:
        """Somebody has taken the files of a release away."""
        with Session(self._engine) as session, session.begin():
            record(session, self._now(), by.organisation, by.id, Action.EXPORT_RULES, _row(session, release).id)

    def _decided(self, session: Session, by: Actor, row: RuleRelease, start: datetime, action: Action) -> None:
        now = self._now()
        row.state, row.decided_by, row.decided_at, row.from_at = _APPROVED, by.id, now, start
        record(session, now, by.organisation, by.id, action, row.id)
        session.flush()


#: What stands in a row that was approved; whether it is scheduled, in force or over follows from the moment.
_APPROVED = "approved"


def _one_at_a_time(session: Session) -> None:
    """Two that decide at once would each see what was before."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK_NUMBER})
    else:
        session.connection().exec_driver_sql("UPDATE rule_release SET number = number WHERE number < 0")


def _row(session: Session, release: str) -> RuleRelease:
    row = session.get(RuleRelease, release)
    if row is None:
        raise ReleaseError(Refused.NOT_THERE, release)
    return row


def _approved(now: datetime) -> Select[RuleRelease]:
    """Those that were approved and hold, the one that comes last first."""
    holds = RuleRelease.ends_at.is_(None) | (RuleRelease.ends_at > now)
    found = select(RuleRelease).where(RuleRelease.state == _APPROVED, RuleRelease.files.is_not(None), holds)
    return found.order_by(RuleRelease.from_at.desc(), RuleRelease.number.desc()).limit(1)


def _newest_approved(session: Session, now: datetime) -> RuleRelease | None:
    """What will be in force when all that is scheduled has come."""
    return session.scalar(_approved(now))


def _current(session: Session, now: datetime) -> RuleRelease | None:
    return session.scalar(_approved(now).where(RuleRelease.from_at <= now))


def _release(row: RuleRelease, current: RuleRelease | None, now: datetime) -> Release:
    if row.state != _APPROVED:
        state = State(row.state)
    elif current is not None and row.id == current.id:
        state = State.IN_FORCE
    elif row.from_at is not None and row.from_at > now:
        state = State.SCHEDULED
    else:
        state = State.OVER
    return Release(
        row.id, row.sha256, row.engine, row.created_at, row.note, row.made_by, row.base, state,
        row.decided_by, row.decided_at, row.from_at, row.ends_at,
    )  # fmt: skip


def _files(session: Session, row: RuleRelease) -> dict[str, bytes]:
    if row.files is None:
        raise ReleaseError(Refused.WRONG_FILES, row.id)
    names = _hashes(row)
    rows = session.scalars(select(RuleFile).where(RuleFile.sha256.in_(set(names.values()))))
    kept = {one.sha256: zlib.decompress(one.content) for one in rows}
    try:
        return {name: kept[sha256] for name, sha256 in names.items()}
    except KeyError:
        raise ReleaseError(Refused.WRONG_FILES, row.id) from None


def _hashes(row: RuleRelease) -> dict[str, str]:
    names: dict[str, str] = json.loads(zlib.decompress(row.files)) if row.files is not None else {}
    return names


def _changed_names(session: Session, row: RuleRelease) -> set[str]:
    base = session.get(RuleRelease, row.base) if row.base is not None else None
    if base is None or base.files is None or row.files is None:
        return set()
    return _changed(_hashes(base), _hashes(row))


def checksum_of_release(files: Mapping[str, bytes]) -> str:
    """As `calculator.packs.parsed.checksum` makes it of a folder."""
    rates = {name.removeprefix(RATES): content for name, content in files.items() if name.startswith(RATES)}
    return checksum_of({name: content for name, content in files.items() if not name.startswith(RATES)}, rates)


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def _on_top(session: Session, row: RuleRelease, newest: RuleRelease | None, now: datetime) -> RuleRelease:
    """The release with what others have had approved since it was made; a new row where there is any, so that no row ever changes."""
    if newest is None or row.base == newest.id:
        return row
    base = session.get(RuleRelease, row.base) if row.base is not None else None
    if base is None or base.files is None:
        raise ReleaseError(Refused.OTHERS_CHANGED)
    mine, theirs = _files(session, row), _files(session, newest)
    try:
        both = merged(_files(session, base), mine, theirs)
    except ClashError as clash:
        raise ReleaseError(Refused.OTHERS_CHANGED, ", ".join(clash.files)) from None
    if both == mine:
        return row
    row.state = State.WITHDRAWN
    return _added(session, now, both, row.engine, row.made_by or "", row.note or "", newest.id)


def _added(session: Session, now: datetime, files: Mapping[str, bytes], engine: str, by: str, why: str, base: str | None) -> RuleRelease:
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    known = set(session.scalars(select(RuleFile.sha256).where(RuleFile.sha256.in_(set(hashes.values())))))
    for name, sha256 in hashes.items():
        if sha256 not in known:
            known.add(sha256)
            session.add(RuleFile(sha256=sha256, content=zlib.compress(files[name], 9)))
    day = now.date().isoformat()
    others = session.scalar(select(func.count()).select_from(RuleRelease).where(RuleRelease.id.startswith(f"{day}."))) or 0
    row = RuleRelease(
        id=f"{day}.{others + 1}",
        number=(session.scalar(select(func.max(RuleRelease.number))) or 0) + 1,
        sha256=checksum_of_release(files),
        engine=engine,
        created_at=now,
        note=why or None,
        files=zlib.compress(json.dumps(hashes, sort_keys=True).encode("utf-8"), 9),
        made_by=by,
        base=base,
        state=State.DRAFT,
    )
    session.add(row)
    session.flush()
    return row
