"""Signing in with a passphrase and a second factor, and the sessions that come of it.

A session's row is named by a hash of its cookie and holds the member's key locked with it: neither opens without the browser.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyotp
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine, Select, delete, select
from sqlalchemy.orm import Session

from store.models import MemberKeyRow, RulesTeam, StaffRow, StaffSessionRow
from store.organisations import vault
from store.organisations.access import Member
from store.organisations.audit import record
from store.organisations.roles import Action, roles_read
from store.organisations.second_factors import Question, Site, ask_for_passkey, fits, linked
from store.organisations.staff import LONGEST_PASSPHRASE
from store.organisations.steps import Asked, Steps, new_token
from store.organisations.throttle import Throttle
from store.organisations.tombstones import Gone, Tombstones
from store.organisations.vault import KeyPair, digest
from store.sealing import Sealer

#: A session ends after so long without a request, and in any case at the end of a long day.
IDLE, LONGEST = timedelta(minutes=20), timedelta(hours=10)
#: Seconds of one code of an authenticator, and how many codes before and after the present one count (clocks differ).
STEP, AROUND = 30, 1


class SignInError(PermissionError):
    """Name, passphrase or code do not fit: which of them is not told. `wait`: how long until the next try is looked at."""

    def __init__(self, wait: timedelta = timedelta()) -> None:
        super().__init__("not signed in")
        self.wait = wait


class StepOverError(LookupError):
    """What another service said of somebody is too long ago, was used, or holds no longer."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The cookie of a new session, and the mark by which the browser is known the next time."""

    token: str = field(repr=False)
    browser: str = field(repr=False)


class Sessions:
    """All methods raise sqlalchemy.exc.SQLAlchemyError when the database does not answer."""

    def __init__(self, engine: Engine, sealer: Sealer, key: bytes, now: Callable[[], datetime], tombstones: Tombstones) -> None:
        """`key`: the installation's, which keys what the throttle counts; `now`: the moment in UTC."""
        self._engine, self._sealer, self._now, self._tombstones = engine, sealer, now, tombstones
        self._throttle, self._steps = Throttle(key), Steps(sealer)
        # An unknown name costs as much time as a known one.
        self._nobody, self._salt = vault.HASHER.hash(secrets.token_urlsafe(16)), vault.new_salt()

    def sign_in(self, name: str, passphrase: str, code: str, place: str, browser: str | None = None) -> SignedIn:
        """Begin a session. `code`: of the second factor, or one of the spare ones; `place`: the address it comes from. Raises SignInError."""
        called, now = name.strip().casefold(), self._now()
        row, own, known = self._looked_at(called, passphrase, place, now, browser)
        with Session(self._engine) as session, session.begin():
            present = self._still(session, called, row, place, now, known)
            if present is None or own is None or not self._second(present, code, now):
                self._throttle.failed(session, called, place, now, known)
                raise self._refused(session, called, place, now, known)
            self._throttle.worked(session, called, place, known)
            return self._begin(session, present, own, now, known)

    def ask_for_passkey(self, name: str, passphrase: str, place: str, site: Site, browser: str | None = None) -> Question:
        """Ask for a passkey after name and passphrase. Raises SignInError while no try is looked at, and for nothing else.

        Who is unknown, whose passphrase is wrong and who has no passkey is asked as everybody is: only the answer is refused. So each
        question counts as a failure until it is answered.
        """
        called, now = name.strip().casefold(), self._now()
        row, own, known = self._looked_at(called, passphrase, place, now, browser)
        with Session(self._engine) as session, session.begin():
            present = self._still(session, called, row, place, now, known)
            self._throttle.failed(session, called, place, now, known)
            options, content = ask_for_passkey(site)
            right = present is not None and own is not None
            token = new_token()
            # Locked with what the browser alone has: the row opens nothing. For who is nobody a key that fits nothing.
            private = own.private if own is not None and right else KeyPair.new().private
            content |= {
                "name": called,
                "browser": known or "",
                "private": vault.lock(private, vault.key_of_secret(token.encode(), "step")).hex(),
            }
            self._steps.begin(session, now, Asked.PASSKEY, present.id if present is not None and right else None, content, token)
            return Question(token, options)

    def sign_in_by_passkey(self, token: str, answer: str, place: str) -> SignedIn:
        """Begin a session. `token`: what `ask_for_passkey` gave, which is used up; `answer`: JSON of the browser. Raises SignInError."""
        now = self._now()
        with Session(self._engine) as session, session.begin():
            step = self._steps.take(session, now, Asked.PASSKEY, token)
            if step is None:
                raise SignInError
            called, known = step.content["name"], step.content["browser"] or None
            fitting = fits(session, self._tombstones, step, answer, now)
            present = session.scalar(self._named(called).where(StaffRow.id == step.staff).with_for_update())
            if present is None or not fitting:
                raise self._refused(session, called, place, now, known)
            own = KeyPair.of(vault.unlock(bytes.fromhex(step.content["private"]), vault.key_of_secret(token.encode(), "step")))
            self._throttle.taken_back(session, called, place, known)
            self._throttle.worked(session, called, place, known)
            return self._begin(session, present, own, now, known)

    def sign_in_after_service(self, token: str, passphrase: str, place: str, browser: str | None = None) -> SignedIn:
        """Begin a session. `token`: what `Identities.signs_in` gave; it lasts until the passphrase is right, or its time is over.

        Raises SignInError, StepOverError.
        """
        now = self._now()
        with Session(self._engine) as session:
            step = self._steps.read(session, now, Asked.PASSPHRASE, token)
            called = session.scalar(select(StaffRow.name).where(StaffRow.id == step.staff)) if step is not None else None
        if step is None or step.staff is None or called is None:
            raise StepOverError("begin again")
        row, own, known = self._looked_at(called, passphrase, place, now, browser)
        with Session(self._engine) as session, session.begin():
            present = self._still(session, called, row, place, now, known)
            if present is None or own is None:
                self._throttle.failed(session, called, place, now, known)
                raise self._refused(session, called, place, now, known)
            # Of two that come at once one finds it; what was unlinked meanwhile says nothing any more.
            taken = self._steps.take(session, now, Asked.PASSPHRASE, token)
            if taken is None or taken.staff != present.id or not linked(session, self._tombstones, taken.content["identity"], present.id):
                raise StepOverError("begin again")
            self._throttle.worked(session, called, place, known)
            return self._begin(session, present, own, now, known)

    def _looked_at(
        self, called: str, passphrase: str, place: str, now: datetime, browser: str | None
    ) -> tuple[StaffRow | None, KeyPair | None, str | None]:
        """Whose name it is, her own key if the passphrase is right, and her mark if the browser has it. Raises SignInError: not looked at."""
        with Session(self._engine) as session:
            row = session.scalar(self._named(called))
            known = self._throttle.knows(browser, row.id) if row is not None else None
            self._wait(session, called, place, now, known)
        # Slow on purpose, so outside every transaction: on SQLite nobody else could write meanwhile.
        return row, self._opened(row, passphrase), known

    def _still(self, session: Session, called: str, row: StaffRow | None, place: str, now: datetime, known: str | None) -> StaffRow | None:
        """The member as she is now; None if she is gone, or has another passphrase than the one looked at. Raises SignInError."""
        # Others may have failed meanwhile: their number counts for this try, too.
        self._wait(session, called, place, now, known)
        present = session.scalar(self._named(called).with_for_update())
        same = row is not None and present is not None and present.passphrase_hash == row.passphrase_hash
        return present if same else None

    def _refused(self, session: Session, called: str, place: str, now: datetime, known: str | None) -> SignInError:
        """The error to raise, with what was counted kept: leaving by an error would take it back."""
        wait = self._throttle.wait(session, called, place, now, known)
        session.commit()
        return SignInError(wait)

    def _begin(self, session: Session, row: StaffRow, own: KeyPair, now: datetime, known: str | None) -> SignedIn:
        """The session of who has proved to be herself, and whose key is open."""
        token = secrets.token_urlsafe(32)
        new = StaffSessionRow(staff=row.id, called=vault.new_id(), began_at=now, ends_at=now + LONGEST)
        self._new_session(session, new, own, token, now)
        record(session, now, row.organisation, row.id, Action.SIGN_IN)
        return SignedIn(token, known or self._throttle.mark(row.id))

    @staticmethod
    def _named(name: str) -> Select[StaffRow]:
        return select(StaffRow).where(StaffRow.name == name, StaffRow.left_at.is_(None))

    def _wait(self, session: Session, name: str, place: str, now: datetime, browser: str | None) -> None:
        """Raises SignInError while no try is looked at."""
        wait = self._throttle.wait(session, name, place, now, browser)
        if wait:
            raise SignInError(wait)

    def _opened(self, row: StaffRow | None, passphrase: str) -> KeyPair | None:
        """Her own key, if the passphrase is right."""
        given = passphrase[:LONGEST_PASSPHRASE]
        # As long for a wrong one as for a right one: how long an answer takes must not tell.
        key = vault.key_of_passphrase(given, row.salt if row is not None and row.salt else self._salt)
        try:
            vault.HASHER.verify(row.passphrase_hash if row is not None and row.passphrase_hash else self._nobody, given)
        except (VerificationError, InvalidHashError):
            return None
        if row is None or row.passphrase_hash is None or row.locked_private is None:
            return None
        if self._tombstones.hold(Gone.SECRET, digest(row.passphrase_hash)):
            return None
        return KeyPair.of(vault.unlock(row.locked_private, key))

    def _second(self, row: StaffRow, code: str, now: datetime) -> bool:
        """Whether the second factor fits; each code once."""
        plain = "".join(code.split()).lower()
        sealed = self._sealer.unseal(row.second_factor) if row.second_factor else None
        if sealed is not None and plain.isascii() and plain.isdigit():
            totp, present = pyotp.TOTP(str(sealed["secret"])), int(now.timestamp()) // STEP
            for step in range(present - AROUND, present + AROUND + 1):
                if step > row.last_step and secrets.compare_digest(totp.at(step * STEP), plain):
                    row.last_step = step
                    # Sealed anew each time: a key of the installation that is taken out of use leaves nobody behind who comes now and then.
                    row.second_factor = self._sealer.seal(sealed)
                    return True
        left = row.spare_codes.split()
        if plain and digest(plain) in left and not self._tombstones.hold(Gone.SECRET, digest(plain)):
            self._tombstones.note(Gone.SECRET, digest(plain))
            row.spare_codes = " ".join(one for one in left if one != digest(plain))
            return True
        return False

    @staticmethod
    def _new_session(session: Session, row: StaffSessionRow, own: KeyPair, token: str, now: datetime) -> None:
        row.key, row.seen_at = digest(token), now
        row.locked_private = vault.lock(own.private, vault.key_of_secret(token.encode(), "session"))
        session.add(row)

    def member(self, token: str) -> Member | None:
        """Who is signed in with this cookie; None when the session is over. Looking counts as being there."""
        now = self._now()
        with Session(self._engine) as session, session.begin():
            session.execute(delete(StaffSessionRow).where((StaffSessionRow.ends_at < now) | (StaffSessionRow.seen_at < now - IDLE)))
            found = session.get(StaffSessionRow, digest(token))
            row = session.get(StaffRow, found.staff) if found is not None else None
            if found is None or row is None or row.left_at is not None:
                return None
            found.seen_at = now
            own = KeyPair.of(vault.unlock(found.locked_private, vault.key_of_secret(token.encode(), "session")))
            sealed = session.execute(select(MemberKeyRow.number, MemberKeyRow.sealed).where(MemberKeyRow.staff == row.id)).all()
            keys = {number: KeyPair.of(own.open(content)) for number, content in sealed}
            rules = session.get(RulesTeam, row.organisation) is not None
            return Member(row.id, row.name, row.organisation, roles_read(row.roles), own, keys, rules)

    def renew(self, token: str) -> str | None:
        """The cookie of the same session under a new name, the old one being void; None when it is over."""
        with Session(self._engine) as session, session.begin():
            found = session.get(StaffSessionRow, digest(token))
            if found is None:
                return None
            own = KeyPair.of(vault.unlock(found.locked_private, vault.key_of_secret(token.encode(), "session")))
            renewed = secrets.token_urlsafe(32)
            again = StaffSessionRow(staff=found.staff, called=found.called, began_at=found.began_at, ends_at=found.ends_at)
            self._new_session(session, again, own, renewed, self._now())
            session.delete(found)
            return renewed

    def sign_out(self, token: str) -> None:
        with Session(self._engine) as session, session.begin():
            found = session.get(StaffSessionRow, digest(token))
            if found is not None:
                row = session.get(StaffRow, found.staff)
                session.delete(found)
                record(session, self._now(), row.organisation if row else None, found.staff, Action.SIGN_OUT)

    def of(self, member: Member) -> list[tuple[str, datetime, datetime]]:
        """Her own sessions: what each is called, when it began, when it was last used."""
        with Session(self._engine) as session:
            rows = session.scalars(select(StaffSessionRow).where(StaffSessionRow.staff == member.id).order_by(StaffSessionRow.began_at))
            return [(row.called, row.began_at, row.seen_at) for row in rows]

    def end(self, member: Member, called: str) -> bool:
        """End one of her own sessions. False when there is none of this name."""
        with Session(self._engine) as session, session.begin():
            mine = delete(StaffSessionRow).where(StaffSessionRow.staff == member.id, StaffSessionRow.called == called)
            return session.execute(mine.returning(StaffSessionRow.key)).first() is not None
