"""Passkeys, and who a member is at another service: second factors that say that it is she, and open no key.

The passphrase opens the member's key; how both come together is in `sessions.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from store.models import PasskeyRow, ServiceIdentityRow, SignInStepRow
from store.organisations.access import Member
from store.organisations.audit import record
from store.organisations.roles import Action
from store.organisations.steps import Asked, Step, Steps
from store.organisations.tombstones import Gone, Tombstones
from store.organisations.vault import digest
from store.sealing import Sealer

#: How a device names what it keeps the passkey for.
PRODUCT = "Redress"
#: Milliseconds in which the device is to be touched: as long as the step lasts.
TOUCH = 300_000
#: What reading an answer that no browser sent may raise.
UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, RecursionError)


class PasskeyError(ValueError):
    """The answer makes no passkey: it is too late, altered, or of a passkey that is there already."""


@dataclass(frozen=True, slots=True)
class Site:
    """The installation as browsers reach it: `origin` (`https://redress.example`), and the `host` in it, to which passkeys belong."""

    origin: str
    host: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a browser is asked: `token` is its cookie, `options` the JSON that its device is given."""

    token: str = field(repr=False)
    options: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner sees it; `called` names it on pages."""

    called: str
    made_at: datetime
    used_at: datetime | None


class Passkeys:
    """A member's own. All methods raise sqlalchemy.exc.SQLAlchemyError when the database does not answer."""

    def __init__(self, engine: Engine, sealer: Sealer, now: Callable[[], datetime], tombstones: Tombstones) -> None:
        """`now`: the moment in UTC."""
        self._engine, self._steps, self._now, self._tombstones = engine, Steps(sealer), now, tombstones

    def of(self, member: Member) -> list[Passkey]:
        """Her passkeys, the oldest first."""
        with Session(self._engine) as session:
            rows = session.scalars(select(PasskeyRow).where(PasskeyRow.staff == member.id).order_by(PasskeyRow.made_at))
            return [Passkey(row.key, row.made_at, row.used_at) for row in rows]

    def ask(self, member: Member, site: Site) -> Question:
        """Ask her device for a new passkey. Raises NotAllowedError."""
        member.needs(Action.ADD_PASSKEY)
        with Session(self._engine) as session, session.begin():
            known = session.scalars(select(PasskeyRow.credential).where(PasskeyRow.staff == member.id))
            options = generate_registration_options(
                rp_id=site.host,
                rp_name=PRODUCT,
                user_name=member.name,
                # Says nothing, and is the same each time: a device keeps one passkey for her.
                user_id=member.id.encode(),
                timeout=TOUCH,
                # Found by the device itself: a sign-in names no passkeys, or it would tell whether she has any.
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.PREFERRED
                ),
                exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
            )
            content = _asked(site, options.challenge)
            token = self._steps.begin(session, self._now(), Asked.NEW_PASSKEY, member.id, content)
            return Question(token, options_to_json(options))

    def add(self, member: Member, token: str, answer: str) -> None:
        """Keep the passkey that her device made. `answer`: JSON of the browser. Raises PasskeyError, NotAllowedError."""
        member.needs(Action.ADD_PASSKEY)
        with Session(self._engine) as session, session.begin():
            step = self._steps.take(session, self._now(), Asked.NEW_PASSKEY, token)
            if step is None or step.staff != member.id:
                raise PasskeyError("nothing was asked, or too long ago")
            try:
                made = verify_registration_response(
                    credential=answer,
                    expected_challenge=base64url_to_bytes(step.content["challenge"]),
                    expected_rp_id=step.content["host"],
                    expected_origin=step.content["origin"],
                )
            except UNREADABLE:
                # What was asked stays answered, though wrongly.
                session.commit()
                raise PasskeyError("this answer makes no passkey") from None
            key = _key_of(made.credential_id)
            if session.get(PasskeyRow, key) is not None or self._tombstones.hold(Gone.SECRET, key):
                raise PasskeyError("this passkey is there already, or was taken away")
            row = PasskeyRow(key=key, staff=member.id, made_at=self._now(), used_at=None)
            row.credential, row.public, row.sign_count = made.credential_id, made.credential_public_key, made.sign_count
            session.add(row)
            record(session, self._now(), member.organisation, member.id, Action.ADD_PASSKEY)

    def remove(self, member: Member, called: str) -> bool:
        """Take one of her own away. False when there is none of this name. Raises NotAllowedError."""
        member.needs(Action.REMOVE_PASSKEY)
        with Session(self._engine) as session, session.begin():
            mine = delete(PasskeyRow).where(PasskeyRow.staff == member.id, PasskeyRow.key == called)
            if session.execute(mine.returning(PasskeyRow.key)).first() is None:
                return False
            # An old copy of the database would bring it back.
            self._tombstones.note(Gone.SECRET, called)
            record(session, self._now(), member.organisation, member.id, Action.REMOVE_PASSKEY)
            return True


class Identities:
    """Who members are at the other service. All methods raise sqlalchemy.exc.SQLAlchemyError when the database does not answer."""

    def __init__(self, engine: Engine, sealer: Sealer, now: Callable[[], datetime], tombstones: Tombstones) -> None:
        """`now`: the moment in UTC."""
        self._engine, self._steps, self._now, self._tombstones = engine, Steps(sealer), now, tombstones

    def go(self, cookie: str, state: str, content: dict[str, str], member: Member | None = None) -> None:
        """Keep what is asked of the service until she is back with both: the cookie of her browser, and the state that the service hands on.
        `member`: who links an identity, and does not sign in. Raises NotAllowedError."""
        if member is not None:
            member.needs(Action.LINK_IDENTITY)
        with Session(self._engine) as session, session.begin():
            self._steps.begin(session, self._now(), Asked.SERVICE, member.id if member else None, content, _way(cookie, state))

    def back(self, cookie: str, state: str) -> Step | None:
        """What was asked, once; None when it was not asked of this browser, or is over."""
        with Session(self._engine) as session, session.begin():
            return self._steps.take(session, self._now(), Asked.SERVICE, _way(cookie, state))

    def signs_in(self, issuer: str, subject: str) -> str | None:
        """The cookie of who is known by this identity and types her passphrase next; None when nobody has linked it."""
        with Session(self._engine) as session, session.begin():
            row = session.get(ServiceIdentityRow, _identity(issuer, subject))
            if row is None or not linked(session, self._tombstones, row.key, row.staff):
                return None
            return self._steps.begin(session, self._now(), Asked.PASSPHRASE, row.staff, {"identity": row.key})

    def ask_to_link(self, staff: str, issuer: str, subject: str) -> str:
        """The cookie of who is asked whether the identity is hers: she comes back from elsewhere, where her session is not shown."""
        with Session(self._engine) as session, session.begin():
            return self._steps.begin(session, self._now(), Asked.LINK, staff, {"identity": _identity(issuer, subject)})

    def link(self, member: Member, token: str) -> bool:
        """Link the identity; one that she had before is no longer linked. False: not asked of her, over, or somebody else's.

        Raises NotAllowedError.
        """
        member.needs(Action.LINK_IDENTITY)
        with Session(self._engine) as session, session.begin():
            step = self._steps.take(session, self._now(), Asked.LINK, token)
            if step is None or step.staff != member.id:
                return False
            there = session.get(ServiceIdentityRow, step.content["identity"])
            if there is not None and there.staff != member.id:
                return False
            self._unlink(session, member)
            session.add(ServiceIdentityRow(key=step.content["identity"], staff=member.id, made_at=self._now()))
            record(session, self._now(), member.organisation, member.id, Action.LINK_IDENTITY)
            return True

    def unlink(self, member: Member) -> bool:
        """False when none was linked. Raises NotAllowedError."""
        member.needs(Action.UNLINK_IDENTITY)
        with Session(self._engine) as session, session.begin():
            if not self._unlink(session, member):
                return False
            record(session, self._now(), member.organisation, member.id, Action.UNLINK_IDENTITY)
            return True

    def of(self, member: Member) -> datetime | None:
        """When she linked an identity; None when she has none."""
        with Session(self._engine) as session:
            return session.scalar(select(ServiceIdentityRow.made_at).where(ServiceIdentityRow.staff == member.id))

    def _unlink(self, session: Session, member: Member) -> bool:
        rows = session.scalars(select(ServiceIdentityRow).where(ServiceIdentityRow.staff == member.id)).all()
        self._tombstones.note(Gone.SECRET, *map(mark_of_link, rows))
        for row in rows:
            session.delete(row)
        session.flush()
        return bool(rows)


def linked(session: Session, tombstones: Tombstones, identity: str, staff: str) -> bool:
    """Whether an identity elsewhere is a member's now."""
    row = session.get(ServiceIdentityRow, identity)
    return row is not None and row.staff == staff and not tombstones.hold(Gone.SECRET, mark_of_link(row))


def _identity(issuer: str, subject: str) -> str:
    return digest(f"{issuer}\0{subject}")


def _way(cookie: str, state: str) -> str:
    return f"{cookie}.{state}"


def ask_for_passkey(site: Site) -> tuple[str, dict[str, str]]:
    """JSON for the device of who signs in, whoever she is, and what is kept of it for `fits`."""
    options = generate_authentication_options(rp_id=site.host, timeout=TOUCH, user_verification=UserVerificationRequirement.PREFERRED)
    return options_to_json(options), _asked(site, options.challenge)


def fits(session: Session, tombstones: Tombstones, step: Step, answer: str, now: datetime) -> bool:
    """Whether a passkey of the member of the step gave this answer. Its count of uses must grow, where it counts at all."""
    try:
        given = parse_authentication_credential_json(answer)
        row = session.get(PasskeyRow, _key_of(given.raw_id), with_for_update=True)
        if row is None or row.staff != step.staff or tombstones.hold(Gone.SECRET, row.key):
            return False
        verified = verify_authentication_response(
            credential=given,
            expected_challenge=base64url_to_bytes(step.content["challenge"]),
            expected_rp_id=step.content["host"],
            expected_origin=step.content["origin"],
            credential_public_key=row.public,
            credential_current_sign_count=row.sign_count,
        )
    except UNREADABLE:
        return False
    row.sign_count, row.used_at = verified.new_sign_count, now
    return True


def _asked(site: Site, challenge: bytes) -> dict[str, str]:
    return {"challenge": bytes_to_base64url(challenge), "host": site.host, "origin": site.origin}


def _key_of(credential: bytes) -> str:
    return hashlib.sha256(credential).hexdigest()


# Of a member who is shut out


def marks(session: Session, staff: str) -> list[str]:
    """What is noted outside the database when her second factors are void: an old copy of it would bring them back."""
    links = session.scalars(select(ServiceIdentityRow).where(ServiceIdentityRow.staff == staff))
    return [*session.scalars(select(PasskeyRow.key).where(PasskeyRow.staff == staff)), *map(mark_of_link, links)]


def mark_of_link(row: ServiceIdentityRow) -> str:
    """Hash of one link: the same identity may be linked again."""
    return digest(f"{row.key} {row.staff} {row.made_at.isoformat()}")


def forget(session: Session, staff: str) -> None:
    """Delete her passkeys, her identities elsewhere, and what she was asked."""
    for table in (PasskeyRow, ServiceIdentityRow, SignInStepRow):
        session.execute(delete(table).where(table.staff == staff))
