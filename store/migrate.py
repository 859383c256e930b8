"""Bring a database to the newest schema: `upgrade(url)`, or `python -m store.migrate`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from store.database import connect
from store.settings import load_settings

MIGRATIONS = Path(__file__).with_name("migrations")
# Any number, the same in all our processes: only one of them migrates at a time.
LOCK_NUMBER = 7_305_110


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


if __name__ == "__main__":
    upgrade(load_settings().database_url)
