"""Sign-ins that failed: each costs the next one time, for that name from that place, and never locks a colleague out for ever.

A browser in which she has signed in before has a counter of its own: whoever fails under her name elsewhere does not keep her waiting.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from store.models import SignInTriesRow

#: So many failures are free: fingers slip.
FREE = 4
#: The first wait after them; each further failure doubles it, up to the longest.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=15)
#: Under one name from everywhere together the wait stays short: who guesses from a thousand places gets a thousand guesses an hour at most
#: out of a passphrase of millions, and she herself waits half a minute.
FREE_OF_A_NAME, LONGEST_OF_A_NAME = 20, timedelta(seconds=30)
FORGET = timedelta(hours=24)


class Throttle:
    """Counts by keyed hashes: the table tells neither names nor addresses."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def wait(self, session: Session, name: str, place: str, now: datetime, browser: str | None = None) -> timedelta:
        """How long it is until the next try is looked at; zero for now. `browser`: what `mark` gave it, where it is known."""
        rows = [session.get(SignInTriesRow, key) for key, *_limits in self._counters(name, place, browser)]
        return max([row.until - now for row in rows if row is not None and row.until > now], default=timedelta())

    def failed(self, session: Session, name: str, place: str, now: datetime, browser: str | None = None) -> None:
        """Count a failure."""
        session.execute(delete(SignInTriesRow).where(SignInTriesRow.forget_at < now))
        for key, free, longest in self._counters(name, place, browser):
            row = session.get(SignInTriesRow, key)
            if row is None:
                row = SignInTriesRow(key=key, failed=0, until=now, forget_at=now)
                session.add(row)
            row.failed += 1
            # Two to the twentieth seconds is more than the longest wait: higher powers are never needed.
            over = min(20, row.failed - free)
            row.until = now + (min(longest, FIRST_WAIT * 2 ** (over - 1)) if over > 0 else timedelta())
            row.forget_at = now + FORGET

    def taken_back(self, session: Session, name: str, place: str, browser: str | None = None) -> None:
        """One failure less: what was counted before it was known how it ends ended well. A wait that others caused stays."""
        for key, *_limits in self._counters(name, place, browser):
            row = session.get(SignInTriesRow, key)
            if row is not None:
                row.failed = max(0, row.failed - 1)

    def worked(self, session: Session, name: str, place: str, browser: str | None = None) -> None:
        """Forget the failures of this name from this place; those from elsewhere stay."""
        session.execute(delete(SignInTriesRow).where(SignInTriesRow.key == self._counters(name, place, browser)[0][0]))

    def mark(self, staff: str) -> str:
        """What a browser keeps in which somebody has signed in: it opens nothing, and only this installation can make it."""
        chance = secrets.token_urlsafe(12)
        return f"{chance}.{self._hash(f'browser{chance}{staff}')}"

    def knows(self, browser: str | None, staff: str) -> str | None:
        """The mark, if it is one of this member's; else None."""
        chance, _dot, sign = (browser or "").partition(".")
        return browser if sign and hmac.compare_digest(sign, self._hash(f"browser{chance}{staff}")) else None

    def _counters(self, name: str, place: str, browser: str | None) -> list[tuple[str, int, timedelta]]:
        if browser is not None:
            return [(self._hash(f"{name}\0{browser}"), FREE, LONGEST_WAIT)]
        return [
            (self._hash(f"{name}\0{place}"), FREE, LONGEST_WAIT),
            (self._hash(f"{name}\0"), FREE_OF_A_NAME, LONGEST_OF_A_NAME),
        ]

    def _hash(self, text: str) -> str:
        return hmac.new(self._key, f"sign-in\0{text}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()
