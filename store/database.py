"""Database connections: SQLite for one machine, PostgreSQL for several."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.pool import ConnectionPoolEntry

# A person waits for the answer: a database that does not answer in this time counts as down.
WAIT_SECONDS = 5


def connect(url: str) -> Engine:
    """An engine for `url` (sqlite:///file or postgresql://...). Connects at first use, not here.

    Errors never carry parameters (`hide_parameters`), so that no id reaches a log.
    """
    address = _with_driver(make_url(url))
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    return create_engine(
        address,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=10,
        pool_timeout=WAIT_SECONDS,
        connect_args={"connect_timeout": WAIT_SECONDS},
    )


def _with_driver(address: URL) -> URL:
    """`postgresql://` means psycopg 3 here; the Rasa server reads the same address with its own driver."""
    if address.get_backend_name() == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    return address


def _sqlite(address: URL) -> Engine:
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": WAIT_SECONDS})

    @event.listens_for(engine, "do_connect")
    def make_file_private(*_: object) -> None:
        if address.database and address.database != ":memory:":
            file = Path(address.database)
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Only while it is not there: closing a file gives up every lock that this process has on it, those of its other connections
            # too. Another process would then take SQLite's log away from under them.
            with contextlib.suppress(FileExistsError):
                os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
        # We begin transactions ourselves (below): the driver's own way does not cover DDL.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        # Freed pages are overwritten: what was deleted is not to be found in the file.
        connection.execute("PRAGMA secure_delete=ON")
        # Nothing of a conversation in files for sorting and the like.
        connection.execute("PRAGMA temp_store=MEMORY")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Taking the write lock at once waits its turn; upgrading a read lock later would fail instead.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def forget_pages(engine: Engine) -> bool:
    """Empty SQLite's log of changes, which holds pages as they were before something was deleted. True when it is empty.

    Others may be reading at this moment; then it is to be tried again. PostgreSQL keeps its log for itself: what it holds is wrapped by keys
    that go within the hour.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        busy, _pages, _moved = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    except sqlite3.Error:
        return False
    finally:
        connection.close()
