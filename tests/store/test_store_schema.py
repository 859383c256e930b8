"""Migrations lead to the models, from any number of processes at once."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from erasure import tables
from store.database import connect
from store.migrate import MIGRATIONS, upgrade
from store.models import Base, RuleRelease
from store.rules.releases import Releases, State

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


def test_releases_of_the_last_version_are_kept_by_name_and_the_way_back_leads_there(database_url):
    """0005 knew a release by its checksum alone."""
    upgrade(database_url)
    engine = connect(database_url)
    _to(engine, "0005")
    with engine.begin() as connection:
        for number in (2, 1):
            connection.exec_driver_sql(
                "INSERT INTO rule_release (id, sha256, engine, created_at, note) "
                f"VALUES ('2026-11-0{number}', '{number:064}', '1.0', '2026-11-0{number} 12:00:00+00:00', 'née')"
            )
    upgrade(database_url)
    with Session(engine) as session:
        rows = session.scalars(select(RuleRelease).order_by(RuleRelease.number)).all()
        assert [(row.id, row.number, row.state, row.note, row.files) for row in rows] == [
            ("2026-11-01", 1, "named", "née", None),
            ("2026-11-02", 2, "named", "née", None),
        ]
    assert [one.state for one in Releases(engine, lambda: datetime.now(UTC)).all()] == [State.NAMED, State.NAMED]
    _to(engine, "0005")
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT id, sha256, engine, note FROM rule_release ORDER BY id").fetchall()
    assert [tuple(row) for row in kept] == [("2026-11-01", f"{1:064}", "1.0", "née"), ("2026-11-02", f"{2:064}", "1.0", "née")]
    upgrade(database_url)
    engine.dispose()


def _to(engine, revision):
    """Lead the database back to an earlier schema."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def test_a_moment_without_time_zone_is_refused(tmp_path):
    url = f"sqlite:///{tmp_path / 'redress.db'}"
    upgrade(url)
    with Session(connect(url)) as session:
        moment = datetime(2026, 11, 25)
        session.add(RuleRelease(id="1", number=1, sha256="a", engine="1", created_at=moment, state="named"))
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
