"""Organisations, members and sealed cases in a backup: taken out whole, brought back without what has gone since.

Nothing is opened for it: a backup holds what the database holds, sealed as it is there. Sessions are not in it.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from store.models import AuditRow, Base, CaseRow, MemberKeyRow, OrganisationKeyRow, OrganisationRow, StaffRow, TombstoneRow, UtcDateTime
from store.organisations.audit import COMMAND, record
from store.organisations.roles import Action
from store.organisations.staff import leave
from store.organisations.tombstones import Gone, Tombstones

#: In the order in which they come back.
TABLES: tuple[type[Base], ...] = (OrganisationRow, OrganisationKeyRow, StaffRow, MemberKeyRow, CaseRow, AuditRow)


class CopyError(ValueError):
    """A row cannot be read, or is there twice; the text is the name of its table."""


@dataclass
class BroughtBack:
    """How many organisations and cases came back, and which organisations could not."""

    organisations: int = 0
    cases: int = 0
    #: Deleted since, or over.
    gone: int = 0
    #: Sealed to a key that the organisation has changed since: nobody could open them.
    no_key: int = 0
    #: Names of organisations whose name, or a member's, somebody else has by now.
    taken: list[str] = field(default_factory=list)


def taken_out(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of the tables that are kept, as values of JSON, as of one moment."""
    with Session(engine) as session:
        if engine.dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        return {table.__tablename__: [_written(row) for row in session.scalars(select(table))] for table in TABLES}


def bring_back(session: Session, tables: dict[str, Any], tombstones: Tombstones, now: datetime) -> BroughtBack:
    """Add the organisations and cases that are missing; what is there stays as it is. Raises CopyError, TombstonesError."""
    rows: dict[type[Base], list[Any]] = {table: _rows(tables, table) for table in TABLES}
    found = BroughtBack()
    new = _organisations(session, rows, tombstones, now, found)
    # The audit of before only fits in front of everything else.
    if session.scalar(select(AuditRow.number).limit(1)) is None:
        session.add_all(rows[AuditRow])
        session.flush()
    gone = tombstones.all(Gone.CASE) | set(session.scalars(select(TombstoneRow.case)))
    there = set(session.scalars(select(CaseRow.id)))
    keys = {(key.organisation, key.number) for key in session.scalars(select(OrganisationKeyRow))}
    at_home = set(session.scalars(select(OrganisationRow.id)))
    for case in rows[CaseRow]:
        if case.id in there or case.organisation not in at_home:
            continue
        if case.id in gone or case.keep_until < now:
            found.gone += 1
        elif (case.organisation, case.key_number) not in keys:
            found.no_key += 1
        else:
            session.add(case)
            record(session, now, case.organisation, COMMAND, Action.CASE_RESTORED, case.id)
            found.cases += 1
    found.organisations = len(new)
    return found


def _organisations(session: Session, rows: dict[type[Base], list[Any]], tombstones: Tombstones, now: datetime, found: BroughtBack) -> set[str]:
    """Bring back the organisations that are missing, with their members and keys; return their ids."""
    there = set(session.scalars(select(OrganisationRow.id)))
    names = set(session.scalars(select(OrganisationRow.name)))
    members = set(session.scalars(select(StaffRow.name)))
    left = tombstones.all(Gone.MEMBER)
    new: set[str] = set()
    for organisation in rows[OrganisationRow]:
        if organisation.id in there:
            continue
        staff = [one for one in rows[StaffRow] if one.organisation == organisation.id]
        if organisation.name in names or any(one.name in members for one in staff):
            found.taken.append(organisation.name)
            continue
        new.add(organisation.id)
        session.add(organisation)
        session.add_all([key for key in rows[OrganisationKeyRow] if key.organisation == organisation.id])
        own = {one.id for one in staff}
        session.add_all(staff)
        session.add_all([key for key in rows[MemberKeyRow] if key.staff in own])
        session.flush()
        for one in staff:
            # A code that was used since would let in once more; before anybody has joined it is the only way in.
            if organisation.key_number:
                one.invitation = one.invited_until = one.invited_with = None
            if one.id in left and one.left_at is None:
                leave(session, one, now)
    session.flush()
    return new


def _rows(tables: dict[str, Any], table: type[Base]) -> list[Any]:
    """The rows of a table, each once. Raises CopyError."""
    found = tables.get(table.__tablename__)
    if not isinstance(found, list):
        raise CopyError(table.__tablename__)
    rows = [_read(table, row) for row in found]
    if len({tuple(inspect(table).primary_key_from_instance(row)) for row in rows}) < len(rows):
        raise CopyError(table.__tablename__)
    return rows


def _written(row: Base) -> dict[str, Any]:
    return {column.key: _as_json(getattr(row, column.key)) for column in inspect(type(row)).column_attrs}


def _as_json(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, datetime) else value


def _read(table: type[Base], row: Any) -> Base:
    try:
        return table(**{column.key: _value(column.columns[0], row[column.key]) for column in inspect(table).column_attrs})
    except (KeyError, TypeError, ValueError):
        raise CopyError(table.__tablename__) from None


def _value(column: Any, value: Any) -> Any:
    """A value of JSON as its column takes it. Raises ValueError, TypeError."""
    if value is None:
        if not column.nullable:
            raise TypeError
        return None
    kind = datetime if isinstance(column.type, UtcDateTime) else column.type.python_type
    if kind is bytes:
        try:
            return base64.b64decode(value, validate=True)
        except binascii.Error:
            raise ValueError from None
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return moment
    # True is no number: bool is looked at as itself.
    if type(value) is not kind:
        raise TypeError
    return value
