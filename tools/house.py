"""A house of support workers on a gateway of its own, in a folder of its own: for pictures, for the long report of edits, for tests."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from calculator.api import write_contacts
from store.migrate import upgrade
from store.organisations.access import Member
from store.organisations.roles import Role
from store.settings import load_settings
from tools.local_services import LOOPBACK, free_port
from web.app import create_app
from web.services import Services
from web.staff.session import COOKIE

PASSPHRASE = "four words of my own"
START_SECONDS, STOP_SECONDS = 60.0, 10.0


@dataclass(frozen=True)
class Gateway:
    """A gateway that answers: its address, and its parts in this process."""

    url: str
    services: Services


@contextmanager
def gateway(data: Path, database_url: str | None = None, **settings: str) -> Iterator[Gateway]:
    """The pages of staff without Rasa, before an empty database: SQLite in the folder `data` unless another is given."""
    write_contacts(data / "contacts.json")
    database = {"REDRESS_DATABASE_URL": database_url} if database_url else {}
    read = load_settings({"REDRESS_DATA_DIR": str(data), **database, **settings})
    upgrade(read.database_url)
    app = create_app(read)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, host=LOOPBACK, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > until:
            raise RuntimeError("the gateway did not start")
        time.sleep(0.05)
    try:
        yield Gateway(f"http://{LOOPBACK}:{port}", app.state.services)
    finally:
        server.should_exit = True
        thread.join(STOP_SECONDS)


@dataclass(frozen=True)
class Worker:
    """A member who has joined: the name to sign in with, the cookie of a session, and spare codes, each of which works once."""

    name: str
    member: Member
    cookies: dict[str, str]
    spare_codes: list[str]


def founder(services: Services, name: str, organisation: str) -> Worker:
    """The first member of a new organisation: works with cases and looks after colleagues."""
    roles = [Role.ADMINISTRATOR, Role.SUPPORT_WORKER]
    return _joined(services, name, services.staff.invite_from_command(name, organisation, roles))


def colleague(services: Services, of: Worker, name: str) -> Worker:
    """Another member who works with cases, invited by one who looks after colleagues."""
    return _joined(services, name, services.staff.invite(of.member, name, [Role.SUPPORT_WORKER]))


def _joined(services: Services, name: str, code: str) -> Worker:
    spare = list(services.staff.join(code, PASSPHRASE).spare_codes)
    token = services.sessions.sign_in(name, PASSPHRASE, spare.pop(), LOOPBACK).token
    member = services.sessions.member(token)
    assert member is not None
    return Worker(name, member, {COOKIE: token}, spare)
