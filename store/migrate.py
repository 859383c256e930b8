"""Bring a database to the newest schema: `upgrade(url)`, or `python -m store.migrate`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from store.database import connect
from store.settings import load_settings

MIGRATIONS = Path(__file__).with_name("migrations")
# Any number, the same in all our processes: only one of them migrates at a time.
LOCK_NUMBER = 7_305_110
# The Rasa server keeps its own table in the same database: our version table says whose it is.
VERSION_TABLE = "store_version"


def upgrade(url: str) -> None:
    """Apply every missing migration in one transaction. Safe when several processes start at once.

    Raises sqlalchemy.exc.SQLAlchemyError if the database cannot be reached or changed.
    """
    engine = connect(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK_NUMBER})
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def is_current(engine: Engine) -> bool:
    """Whether the database has the schema of this version. Raises sqlalchemy.exc.SQLAlchemyError if it does not answer."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return set(context.get_current_heads()) == set(ScriptDirectory(str(MIGRATIONS)).get_heads())


if __name__ == "__main__":
    upgrade(load_settings().database_url)
