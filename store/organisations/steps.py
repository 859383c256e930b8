"""What was asked of a browser on the way in, kept until it is answered: each once, within minutes.

A step's row is named by a hash of what the browser was given, and sealed with the key of the installation.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store.models import SignInStepRow
from store.organisations.vault import digest
from store.sealing import Sealer


class Asked(StrEnum):
    """What a step waits for."""

    #: A passkey that is to be added, by who is signed in.
    NEW_PASSKEY = "new_passkey"
    #: A passkey, after name and passphrase.
    PASSKEY = "passkey"
    #: The answer of another service.
    SERVICE = "service"
    #: The passphrase, after another service said who she is.
    PASSPHRASE = "passphrase"
    #: The word of who is signed in that an identity at another service is hers.
    LINK = "link"


#: For how long an answer is waited for: at another service she may have to sign in first.
LASTS = {
    Asked.NEW_PASSKEY: timedelta(minutes=5),
    Asked.PASSKEY: timedelta(minutes=5),
    Asked.SERVICE: timedelta(minutes=10),
    Asked.PASSPHRASE: timedelta(minutes=5),
    Asked.LINK: timedelta(minutes=5),
}


@dataclass(frozen=True, slots=True)
class Step:
    """`staff`: the member it is about; None where nobody may know yet, or it is nobody."""

    staff: str | None
    content: dict[str, Any] = field(repr=False)


class Steps:
    """All methods work in the transaction of who calls."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def begin(self, session: Session, now: datetime, asked: Asked, staff: str | None, content: dict[str, Any], token: str | None = None) -> str:
        """Keep a step; return what the browser is given. Those that are over go."""
        session.execute(delete(SignInStepRow).where(SignInStepRow.until < now))
        token = token or new_token()
        sealed = self._sealer.seal({**content, "asked": asked})
        session.add(SignInStepRow(key=digest(token), staff=staff, content=sealed, until=now + LASTS[asked]))
        return token

    def read(self, session: Session, now: datetime, asked: Asked, token: str) -> Step | None:
        """A step that is waited for; None when there is none, or it is over."""
        row = session.scalar(select(SignInStepRow).where(SignInStepRow.key == digest(token), SignInStepRow.until >= now))
        return self._opened(asked, row.staff, row.content) if row is not None else None

    def take(self, session: Session, now: datetime, asked: Asked, token: str) -> Step | None:
        """The same, and it is gone: of two that come at once one finds it."""
        mine = delete(SignInStepRow).where(SignInStepRow.key == digest(token), SignInStepRow.until >= now)
        row = session.execute(mine.returning(SignInStepRow.staff, SignInStepRow.content)).first()
        return self._opened(asked, row.staff, row.content) if row is not None else None

    def _opened(self, asked: Asked, staff: str | None, sealed: bytes) -> Step | None:
        content = self._sealer.unseal(sealed)
        return Step(staff, content) if content is not None and content.pop("asked", None) == asked else None


def new_token() -> str:
    """What a browser is given: nobody guesses it."""
    return secrets.token_urlsafe(32)
