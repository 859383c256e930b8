"""Migrations lead to the models, from any number of processes at once."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from erasure import tables
from store.database import connect
from store.migrate import upgrade
from store.models import Base, RuleRelease

REPOSITORY = Path(__file__).parents[2]


def test_migrations_and_models_agree(database_url):
    upgrade(database_url)
    upgrade(database_url)
    engine = connect(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "store_version"})
        assert compare_metadata(context, [Base.metadata, tables.metadata]) == []
    engine.dispose()


def test_several_processes_may_migrate_at_once(database_url):
    command = [sys.executable, "-c", f"from store.migrate import upgrade; upgrade({database_url!r})"]
    running = [subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE) for _ in range(3)]
    for process in running:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
    engine = connect(database_url)
    assert {"conversation", "rule_release", "store_version"} <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_a_release_of_the_rules_is_kept_once(database_url):
    upgrade(database_url)
    engine = connect(database_url)
    now = datetime.now(UTC)
    release = {"sha256": "a" * 64, "engine": "1.0", "created_at": now, "note": None}
    with Session(engine) as session, session.begin():
        session.add(RuleRelease(id="2026-11-25", **release))
    with Session(engine) as session:
        kept = session.get(RuleRelease, "2026-11-25")
        assert kept is not None
        assert kept.created_at == now
        session.add(RuleRelease(id="2026-11-26", **release))
        with pytest.raises(IntegrityError):
            session.commit()
    engine.dispose()


def test_a_moment_without_time_zone_is_refused(tmp_path):
    url = f"sqlite:///{tmp_path / 'redress.db'}"
    upgrade(url)
    with Session(connect(url)) as session:
        moment = datetime(2026, 11, 25)
        session.add(RuleRelease(id="1", sha256="a", engine="1", created_at=moment))
        with pytest.raises(StatementError):
            session.commit()


def test_the_sqlite_file_is_private_and_overwrites_what_it_frees(tmp_path):
    file = tmp_path / "new" / "redress.db"
    upgrade(f"sqlite:///{file}")
    assert file.stat().st_mode & 0o777 == 0o600
    engine = connect(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()


def test_another_process_leaves_the_log_of_an_open_database_alone(tmp_path):
    """A new connection gives up no lock of the others: else whoever closes the file last elsewhere takes SQLite's log with it."""
    file = tmp_path / "redress.db"
    upgrade(f"sqlite:///{file}")
    engine = connect(f"sqlite:///{file}")
    log = file.with_name("redress.db-wal")
    with engine.begin() as first:
        first.exec_driver_sql("delete from outbox")
    with engine.connect() as first:
        first.exec_driver_sql("select count(*) from outbox")
        first.rollback()
        with engine.connect():
            pass
        before = log.stat().st_ino
        reading = f"import sqlite3; d = sqlite3.connect({str(file)!r}); d.execute('select count(*) from outbox').fetchall(); d.close()"
        subprocess.run([sys.executable, "-c", reading], check=True)
        assert log.exists() and log.stat().st_ino == before
    engine.dispose()
