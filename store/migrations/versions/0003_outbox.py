"""Answers on their way to a messenger, and the marks of those that have arrived."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
INDEXED = ("conversation", "due_at", "until")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "outbox",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("conversation", sa.String(64), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim", sa.String(32), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )
    for column in INDEXED:
        op.create_index(f"ix_outbox_{column}", "outbox", [column])


def downgrade() -> None:
    """Drop the table: what was not sent is not sent any more."""
    for column in INDEXED:
        op.drop_index(f"ix_outbox_{column}", "outbox")
    op.drop_table("outbox")
