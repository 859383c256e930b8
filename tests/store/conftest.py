"""Real databases for the tests: SQLite in a file, PostgreSQL of the test's own."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.database import connect
from store.keys import read_or_make_key
from store.migrate import upgrade
from store.organisations.cases import Cases
from store.organisations.roles import Role
from store.organisations.sessions import Sessions
from store.organisations.staff import Staff
from store.organisations.tombstones import Tombstones
from store.sealing import Sealer
from tests.store.people import People, Watch
from tools.local_services import MissingServiceError, postgres


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a PostgreSQL server that lives as long as the tests."""
    try:
        with postgres() as service:
            yield service.url
    except MissingServiceError as error:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(str(error))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, of each kind we support."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'redress.db'}"
    server: str = request.getfixturevalue("postgres_url")
    name = f"test{time.monotonic_ns()}"
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return server.removesuffix("postgres") + name


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The same database with our tables."""
    upgrade(database_url)
    engine = connect(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sealer(tmp_path: Path) -> Sealer:
    """The key of an installation."""
    return Sealer(read_or_make_key(tmp_path / "conversation.key"))


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def key(tmp_path):
    return read_or_make_key(tmp_path / "conversation.key")


@pytest.fixture
def tombstones(tmp_path):
    return Tombstones(tmp_path / "tombstones")


@pytest.fixture
def staff(engine, key, watch, tombstones):
    return Staff(engine, Sealer(key), watch, tombstones)


@pytest.fixture
def sessions(engine, key, watch, tombstones):
    return Sessions(engine, Sealer(key), key, watch, tombstones)


@pytest.fixture
def cases(engine, watch, tombstones):
    return Cases(engine, watch, tombstones)


@pytest.fixture
def people(staff, sessions, watch):
    found = People(staff, sessions, watch)
    found.join("ana", staff.invite_from_command("Ana ", "House of Hope", [Role.ADMINISTRATOR, Role.SUPPORT_WORKER]))
    return found
