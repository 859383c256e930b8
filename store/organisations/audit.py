"""Who did what: rows that are only added, each with the hash of the one before, written in the transaction of what they tell."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from store.models import AuditRow
from store.organisations.roles import Action

#: The hash before the first row.
BEGINNING = "0" * 64
#: Two that write at once would both follow the same row: one waits (any number, the same in all our processes).
LOCK_NUMBER = 7_305_111
COMMAND = "command"
#: Who did what no member did: a case whose time was over, what was gone and had come back.
BY_ITSELF = "by itself"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The newest row at some moment, kept elsewhere: a chain that was cut or written anew does not contain it."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that does not follow from the one before; `what`: changed, missing, or cut."""

    number: int
    what: str


def record(session: Session, at: datetime, organisation: str | None, actor: str, action: Action, target: str | None = None) -> None:
    """Add a row. Raises sqlalchemy.exc.SQLAlchemyError."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK_NUMBER})
    session.flush()
    last = session.execute(select(AuditRow.number, AuditRow.hash).order_by(AuditRow.number.desc()).limit(1)).first()
    number, previous = (last.number + 1, last.hash) if last else (1, BEGINNING)
    row = AuditRow(number=number, at=at, organisation=organisation, actor=actor, action=action.value, target=target, previous=previous, hash="")
    row.hash = hash_of(row)
    session.add(row)
    session.flush()


def just_recorded(session: Session, since: datetime, actor: str, action: Action, target: str) -> bool:
    """Whether the last row about something says the same of the same person, and is no older than `since`."""
    last = session.scalar(select(AuditRow).where(AuditRow.target == target, AuditRow.at >= since).order_by(AuditRow.number.desc()).limit(1))
    return last is not None and (last.actor, last.action) == (actor, action.value)


def hash_of(row: AuditRow) -> str:
    """SHA-256 over everything in a row but its own hash."""
    return hashlib.sha256(json.dumps(list(_said(row).values()), ensure_ascii=False).encode("utf-8")).hexdigest()


def _said(row: AuditRow) -> dict[str, Any]:
    """Everything in a row but its own hash, in the order in which it is hashed."""
    return {
        "number": row.number,
        "at": row.at.isoformat(),
        "organisation": row.organisation,
        "actor": row.actor,
        "action": row.action,
        "target": row.target,
        "previous": row.previous,
    }


def told(engine: Engine) -> Iterator[dict[str, Any]]:
    """Every row with its hash, the oldest first: whoever has them can work each hash out again. Raises sqlalchemy.exc.SQLAlchemyError."""
    with Session(engine) as session:
        for row in session.scalars(select(AuditRow).order_by(AuditRow.number).execution_options(yield_per=1000)):
            yield {**_said(row), "hash": row.hash}


def newest(engine: Engine) -> Anchor | None:
    """The newest row, to be kept elsewhere; None before the first."""
    with Session(engine) as session:
        last = session.execute(select(AuditRow.number, AuditRow.hash).order_by(AuditRow.number.desc()).limit(1)).first()
        return Anchor(last.number, last.hash) if last else None


def faults(engine: Engine, anchor: Anchor | None = None) -> list[Fault]:
    """Every row that does not follow from the one before; with an anchor also whether the chain still contains it."""
    found: list[Fault] = []
    expected, previous, at_anchor = 1, BEGINNING, None
    with Session(engine) as session:
        for row in session.scalars(select(AuditRow).order_by(AuditRow.number).execution_options(yield_per=1000)):
            if row.number != expected:
                found.append(Fault(expected, "missing"))
            elif row.previous != previous:
                found.append(Fault(row.number, "inserted"))
            if row.hash != hash_of(row):
                found.append(Fault(row.number, "changed"))
            if anchor is not None and row.number == anchor.number:
                at_anchor = row.hash
            expected, previous = row.number + 1, row.hash
    if anchor is not None and at_anchor != anchor.hash:
        found.append(Fault(anchor.number, "cut" if at_anchor is None else "changed"))
    return found
