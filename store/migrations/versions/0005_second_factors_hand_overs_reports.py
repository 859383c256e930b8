"""Passkeys, identities at other services, steps of a sign-in; cases handed to another organisation; reports of counts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
MOMENT = sa.DateTime(timezone=True)


def _made(name: str, type_: Any, *, null: bool = False, key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=null, primary_key=key)


def upgrade() -> None:
    """Make the tables."""
    short, hashed, sealed = sa.String(32), sa.String(64), sa.LargeBinary()
    op.create_table(
        "passkey",
        _made("key", hashed, key=True),
        _made("staff", short),
        _made("credential", sealed),
        _made("public", sealed),
        _made("sign_count", sa.Integer()),
        _made("made_at", MOMENT),
        _made("used_at", MOMENT, null=True),
    )
    op.create_table("service_identity", _made("key", hashed, key=True), _made("staff", short), _made("made_at", MOMENT))
    op.create_table(
        "sign_in_step",
        _made("key", hashed, key=True),
        _made("staff", short, null=True),
        _made("content", sealed),
        _made("until", MOMENT),
    )
    op.create_table(
        "handed_case",
        _made("id", short, key=True),
        _made("organisation", short),
        _made("key_number", sa.Integer()),
        _made("sealed_key", sealed),
        _made("content", sealed),
        _made("giver", short),
        _made("case", short),
        _made("made_at", MOMENT),
        _made("until", MOMENT),
    )
    op.create_table(
        "report",
        _made("id", short, key=True),
        _made("organisation", short),
        _made("key_number", sa.Integer()),
        _made("sealed_key", sealed),
        _made("content", sealed),
        _made("made_at", MOMENT),
    )
    for table, column in INDEXED:
        op.create_index(f"ix_{table}_{column}", table, [column])


INDEXED = (
    ("passkey", "staff"),
    ("service_identity", "staff"),
    ("sign_in_step", "until"),
    ("handed_case", "organisation"),
    ("handed_case", "giver"),
    ("handed_case", "until"),
    ("report", "organisation"),
)
TABLES = ("report", "handed_case", "sign_in_step", "service_identity", "passkey")


def downgrade() -> None:
    """Drop the tables: members sign in with their app's codes again; what was handed over and not taken is lost, and so are reports."""
    for table, column in INDEXED:
        op.drop_index(f"ix_{table}_{column}", table)
    for table in TABLES:
        op.drop_table(table)
