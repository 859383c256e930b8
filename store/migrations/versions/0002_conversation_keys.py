"""A key of its own for each conversation; the dialogue's table, which the Rasa server may have made already."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make what is missing. Conversations of the version before get their key when they are next looked at."""
    op.create_table(
        "conversation_key",
        sa.Column("conversation", sa.String(64), primary_key=True),
        sa.Column("wrapped_by", sa.BigInteger(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_conversation_key_wrapped_by", "conversation_key", ["wrapped_by"])
    op.create_table(
        "rasa_conversations",
        sa.Column("conversation", sa.String(64), primary_key=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_rasa_conversations_expires_at", "rasa_conversations", ["expires_at"], if_not_exists=True)


def downgrade() -> None:
    """Drop the keys: conversations that have one cannot be read any more. The dialogue's table is its own."""
    op.drop_index("ix_conversation_key_wrapped_by", "conversation_key")
    op.drop_table("conversation_key")
