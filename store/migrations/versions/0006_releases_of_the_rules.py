"""Releases of the rules with their files, how far each has come, and which organisations look after them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
MOMENT = sa.DateTime(timezone=True)
NAME, NEW = "rule_release", "rule_release_new"


def upgrade() -> None:
    """Make the tables. A release that was known by its checksum alone stays so."""
    op.create_table("rule_file", sa.Column("sha256", sa.String(64), primary_key=True), sa.Column("content", sa.LargeBinary(), nullable=False))
    op.create_table("rules_team", sa.Column("organisation", sa.String(32), primary_key=True), sa.Column("since", MOMENT, nullable=False))
    # Made anew: the same rules may be released twice, so their checksum is no key any more.
    op.create_table(
        NEW,
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False, unique=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("engine", sa.String(32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("files", sa.LargeBinary(), nullable=True),
        sa.Column("made_by", sa.String(100), nullable=True),
        sa.Column("base", sa.String(64), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("decided_by", sa.String(100), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("from_at", MOMENT, nullable=True),
        sa.Column("ends_at", MOMENT, nullable=True),
    )
    op.execute(
        f"INSERT INTO {NEW} (id, number, sha256, engine, created_at, note, state) "
        f"SELECT id, ROW_NUMBER() OVER (ORDER BY created_at, id), sha256, engine, created_at, note, 'named' FROM {NAME}"
    )
    op.drop_table(NAME)
    op.rename_table(NEW, NAME)
    op.create_index("ix_rule_release_sha256", NAME, ["sha256"])


def downgrade() -> None:
    """Back to checksums alone: which files a release had, who approved it and from when it holds is lost."""
    op.drop_index("ix_rule_release_sha256", NAME)
    op.rename_table(NAME, NEW)
    op.create_table(
        NAME,
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("engine", sa.String(32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
    )
    op.execute(
        f"INSERT INTO {NAME} (id, sha256, engine, created_at, note) SELECT id, sha256, engine, created_at, note FROM {NEW} "
        f"WHERE number IN (SELECT MIN(number) FROM {NEW} GROUP BY sha256)"
    )
    op.drop_table(NEW)
    op.drop_table("rules_team")
    op.drop_table("rule_file")
