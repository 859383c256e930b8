"""Whether the pages on which the rules can be read still answer, and still say the same."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "source_page",
        sa.Column("url", sa.Text(), primary_key=True),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=True),
        sa.Column("blocks", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.Column("open_since", MOMENT, nullable=True),
        sa.Column("settled", sa.Text(), nullable=True),
    )


def downgrade() -> None:
    """All of it can be looked at again."""
    op.drop_table("source_page")
