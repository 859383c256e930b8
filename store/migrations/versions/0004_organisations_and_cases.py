"""Organisations, their members and keys, sealed cases, and the audit."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
MOMENT = sa.DateTime(timezone=True)


def _made(name: str, type_: Any, *, null: bool = False, key: bool = False, unique: bool = False) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=null, primary_key=key, unique=unique)


def upgrade() -> None:
    """Make the tables."""
    short, hashed, sealed = sa.String(32), sa.String(64), sa.LargeBinary()
    op.create_table(
        "organisation",
        _made("id", short, key=True),
        _made("name", sa.String(200), unique=True),
        _made("key_number", sa.Integer()),
        _made("recovery_public", sealed, null=True),
        _made("rotation_due", sa.Boolean()),
        _made("created_at", MOMENT),
    )
    op.create_table(
        "organisation_key",
        _made("organisation", short, key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        _made("public", sealed),
        _made("sealed_to_recovery", sealed),
    )
    op.create_table(
        "staff",
        _made("id", short, key=True),
        _made("name", sa.String(200), unique=True),
        _made("organisation", short),
        _made("roles", sa.String(200)),
        _made("passphrase_hash", sa.String(200), null=True),
        _made("salt", sealed, null=True),
        _made("public", sealed, null=True),
        _made("locked_private", sealed, null=True),
        _made("second_factor", sealed, null=True),
        _made("last_step", sa.Integer()),
        _made("spare_codes", sa.Text()),
        _made("invitation", hashed, null=True, unique=True),
        _made("invited_until", MOMENT, null=True),
        _made("invited_with", sealed, null=True),
        _made("created_at", MOMENT),
        _made("left_at", MOMENT, null=True),
    )
    op.create_table(
        "member_key",
        _made("staff", short, key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        _made("sealed", sealed),
    )
    op.create_table(
        "staff_session",
        _made("key", hashed, key=True),
        _made("called", short),
        _made("staff", short),
        _made("locked_private", sealed),
        _made("began_at", MOMENT),
        _made("seen_at", MOMENT),
        _made("ends_at", MOMENT),
    )
    op.create_table(
        "sign_in_tries",
        _made("key", hashed, key=True),
        _made("failed", sa.Integer()),
        _made("until", MOMENT),
        _made("forget_at", MOMENT),
    )
    op.create_table(
        "case_file",
        _made("id", short, key=True),
        _made("organisation", short),
        _made("key_number", sa.Integer()),
        _made("sealed_key", sealed),
        _made("content", sealed),
        _made("revision", sa.Integer()),
        _made("created_at", MOMENT),
        _made("changed_at", MOMENT),
        _made("keep_until", MOMENT),
    )
    op.create_table("tombstone", _made("case", short, key=True), _made("deleted_at", MOMENT))
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        _made("at", MOMENT),
        _made("organisation", short, null=True),
        _made("actor", short),
        _made("action", sa.String(40)),
        _made("target", hashed, null=True),
        _made("previous", hashed),
        _made("hash", hashed),
    )
    for table, column in INDEXED:
        op.create_index(f"ix_{table}_{column}", table, [column])


INDEXED = (
    ("staff", "organisation"),
    ("staff_session", "staff"),
    ("staff_session", "ends_at"),
    ("sign_in_tries", "forget_at"),
    ("case_file", "organisation"),
    ("case_file", "keep_until"),
    ("audit", "organisation"),
)
TABLES = ("audit", "tombstone", "case_file", "sign_in_tries", "staff_session", "member_key", "staff", "organisation_key", "organisation")


def downgrade() -> None:
    """Drop the tables: cases are lost, with the keys that open them."""
    for table, column in INDEXED:
        op.drop_index(f"ix_{table}_{column}", table)
    for table in TABLES:
        op.drop_table(table)
