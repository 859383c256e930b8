"""`redress staff` and `redress audit`: the first way in for members of an organisation, and whether the audit is whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from sqlalchemy.exc import SQLAlchemyError

from calculator.files import write_whole
from store.database import connect
from store.keys import KeyFileError, read_keys
from store.migrate import upgrade
from store.organisations.audit import Anchor, faults, newest, told
from store.organisations.roles import Role
from store.organisations.staff import INVITATION, Staff, StaffError
from store.organisations.tombstones import Tombstones
from store.sealing import Sealer
from store.settings import Settings, SettingsError, load_settings

app = typer.Typer(pretty_exceptions_enable=False, help="Members of organisations (docs/staff.md).", no_args_is_help=True)
audit_app = typer.Typer(pretty_exceptions_enable=False, help="Who did what (docs/staff.md).", no_args_is_help=True)

#: What each fault of the audit means, for whoever has to find out what happened.
FAULTS = {
    "missing": "row {number} is missing",
    "changed": "row {number} is not as it was written",
    "inserted": "row {number} does not follow from the one before",
    "cut": "row {number}, which the anchor names, is not there: the end was cut off",
}


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="what this person signs in with")],
    role: Annotated[list[Role], typer.Option("--role", help="may be given more than once")],
    organisation: Annotated[str, typer.Option("--organisation", help="made if there is none of this name")],
) -> None:
    """Make somebody a member; print the code that works once. The first member of an organisation founds it and is shown its key on paper."""
    try:
        settings = load_settings()
        code = _staff(settings).invite_from_command(name, organisation.strip(), role)
    except (StaffError, KeyFileError, SettingsError, SQLAlchemyError, OSError) as error:
        _fail(error)
    typer.echo(f"{name} of {organisation.strip()} is invited for {INVITATION.total_seconds() / 3600:.0f} hours. The code works once:")
    typer.echo(code)
    where = f"{settings.public_url}/staff" if settings.public_url else "the address of this installation with /staff behind it"
    typer.echo(f"Open {where}, choose “I have a code”, and type it there. Hand it over in person or by a safe way.")


@audit_app.command("verify")
def verify(
    anchor: Annotated[
        Path | None, typer.Option("--anchor", help="a file of `redress audit anchor` or `redress audit export`", exists=True, dir_okay=False)
    ] = None,
) -> None:
    """Look whether each row of the audit follows from the one before. Exit code 1 when one does not."""
    try:
        known = _anchor(anchor.read_text(encoding="utf-8")) if anchor is not None else None
        found = faults(connect(_ready(load_settings())), known)
    except ValueError:
        typer.echo(f"{anchor} is no anchor: write one with `redress audit anchor`.", err=True)
        raise typer.Exit(1) from None
    except (SettingsError, SQLAlchemyError, OSError) as error:
        _fail(error)
    for fault in found:
        typer.echo(FAULTS[fault.what].format(number=fault.number), err=True)
    if found:
        raise typer.Exit(1)
    typer.echo("The audit is whole." if known is not None else "The audit is whole. (Whether its end was cut off is seen with --anchor only.)")


@audit_app.command("anchor")
def anchor_now() -> None:
    """Print the newest row's number and hash, to be kept elsewhere."""
    try:
        found = newest(connect(_ready(load_settings())))
    except (SettingsError, SQLAlchemyError, OSError) as error:
        _fail(error)
    if found is None:
        typer.echo("The audit has no rows yet.", err=True)
        raise typer.Exit(1)
    typer.echo(json.dumps({"number": found.number, "hash": found.hash}))


@audit_app.command("export")
def export(to: Annotated[Path | None, typer.Option("-o", "--output", help="a file; default: standard output")] = None) -> None:
    """Every row as one line of JSON, the oldest first. Its last line is an anchor: `redress audit verify --anchor` takes the file."""
    try:
        engine = connect(_ready(load_settings()))
        # A file is there whole or not at all: half of one would be an anchor that says nothing of what was cut.
        found = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in told(engine))
        if to is not None:
            write_whole(to, found)
        else:
            typer.echo(found, nl=False)
    except (SettingsError, SQLAlchemyError, OSError) as error:
        _fail(error)


def _anchor(text: str) -> Anchor:
    """The anchor of a file, or the last row of an export. Raises ValueError."""
    try:
        last = json.loads(text)
    except ValueError:
        last = json.loads(text.strip().splitlines()[-1]) if text.strip() else None
    if not isinstance(last, dict) or not isinstance(last.get("number"), int) or not isinstance(last.get("hash"), str):
        raise ValueError("no anchor")
    return Anchor(last["number"], last["hash"])


def _ready(settings: Settings) -> str:
    """The address of the database, with the tables of this version."""
    upgrade(settings.database_url)
    return settings.database_url


def _staff(settings: Settings) -> Staff:
    sealer = Sealer(*read_keys(settings.conversation_key_file))
    return Staff(connect(_ready(settings)), sealer, lambda: datetime.now(UTC), Tombstones(settings.tombstones_file))


def _fail(error: Exception) -> NoReturn:
    # An error of the database may carry what was written; its first line names what is wrong.
    typer.echo(str(error).splitlines()[0], err=True)
    raise typer.Exit(1)
