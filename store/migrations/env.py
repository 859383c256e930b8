"""Alembic's entry point. `store.migrate` hands over an open connection with its transaction begun."""

from alembic import context

from store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # The Rasa server keeps its own table in the same database: our version table says whose it is.
    version_table="store_version",
)
context.run_migrations()
