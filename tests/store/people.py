"""People of an organisation, for the tests of what they keep: they join, sign in, and a clock stands until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
from sqlalchemy import select

from store.models import Base
from store.organisations.roles import Role
from store.organisations.sessions import Sessions
from store.organisations.staff import Staff

SECRET = "planted secret: marzipan"
WORDS = "four words of mine and {}"
NOBODY_KNOWS = "192.0.2.7"
WORKER = frozenset({Role.SUPPORT_WORKER})


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def on(self, **more: float) -> None:
        self.now += timedelta(**more)


class People:
    """Joins and signs in, keeping what each has been shown."""

    def __init__(self, staff: Staff, sessions: Sessions, watch: Watch) -> None:
        self.staff, self.sessions, self.watch, self.joined = staff, sessions, watch, {}

    def join(self, name: str, code: str) -> None:
        self.joined[name] = self.staff.join(code, WORDS.format(name))

    def code(self, name: str) -> str:
        return pyotp.TOTP(self.joined[name].second_factor).at(self.watch.now)

    def token(self, name: str) -> str:
        # A code is taken once: the next one comes half a minute later.
        self.watch.on(seconds=30)
        return self.sessions.sign_in(name, WORDS.format(name), self.code(name), NOBODY_KNOWS).token

    def member(self, name: str):
        return self.sessions.member(self.token(name))


def later(watch: Watch, days: int = 365) -> datetime:
    return watch.now + timedelta(days=days)


def colleague(people, by, name="bea", roles=WORKER):
    people.join(name, people.staff.invite(by, name, roles))
    return people.member(name)


def rows(engine) -> dict[str, list[dict]]:
    """Everything in the tables, by their names."""
    with engine.connect() as connection:
        return {table.name: [dict(row._mapping) for row in connection.execute(select(table))] for table in Base.metadata.sorted_tables}
