"""What each change of the rules does to many cases, tried before anybody approves it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "rule_trial",
        sa.Column("release", sa.String(64), primary_key=True),
        sa.Column("code", sa.String(8), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("holder", sa.String(64), nullable=True),
        sa.Column("touched_at", MOMENT, nullable=False),
    )


def downgrade() -> None:
    """All of it can be worked out again."""
    op.drop_table("rule_trial")
