"""Alembic's entry point. `store.migrate` hands over an open connection with its transaction begun."""

from alembic import context

from erasure import tables
from store.migrate import VERSION_TABLE
from store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[Base.metadata, tables.metadata],
    # The Rasa server may have made the dialogue's table already: our version table says whose the versions are.
    version_table=VERSION_TABLE,
)
context.run_migrations()
