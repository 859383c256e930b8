"""Alembic's entry point. `store.migrate` hands over an open connection with its transaction begun."""

from alembic import context

from store.migrate import VERSION_TABLE
from store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
)
context.run_migrations()
