"""`redress backup` and `redress restore`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from store.backup import LASTS, BackupError, Restored, restore_backup, write_backup
from store.database import connect
from store.migrate import upgrade
from store.organisations.tombstones import Tombstones, TombstonesError
from store.settings import Settings, SettingsError, load_settings

app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def backup(target: Annotated[Path, typer.Argument(help="a file, or a folder in which backups of more than 30 days are deleted")]) -> None:
    """Write what must last to one file: releases of the rules, organisations, sealed cases. Conversations and keys are in no backup."""

    def work(settings: Settings) -> Iterator[str]:
        done = write_backup(connect(settings.database_url), target, datetime.now(UTC))
        yield f"{done.releases} releases of the rules and {done.cases} sealed cases are in {done.file}. Conversations are in no backup."
        if done.ended:
            yield f"{done.ended} backups of more than {LASTS.days} days were deleted."
        elif not target.is_dir():
            yield f"Delete it after {LASTS.days} days: no case comes back from it then."

    _say(work)


@app.command()
def restore(source: Path) -> None:
    """Bring back what is missing from a backup; nothing that is there is changed, and nothing that was deleted since comes back."""

    def work(settings: Settings) -> Iterator[str]:
        yield from _told(
            restore_backup(connect(settings.database_url), source, Tombstones(settings.tombstones_file), datetime.now(UTC)), source, settings
        )

    _say(work)


def _told(done: Restored, source: Path, settings: Settings) -> Iterator[str]:
    found = done.of_organisations
    yield f"{done.releases} releases of the rules, {found.organisations} organisations and {found.cases} cases came back."
    if done.over:
        yield f"{source} is older than {LASTS.days} days: organisations and cases do not come back from it."
    if found.gone:
        yield f"{found.gone} cases were deleted since, or their time is over: they did not come back."
    if found.no_key:
        yield f"{found.no_key} cases are sealed to a key that was changed since: nobody could open them, they did not come back."
    for name in found.taken:
        yield f"“{name}” did not come back: its name, or a member's, belongs to somebody else by now. Restore into an empty database."
    if found.organisations and not settings.tombstones_file.exists():
        yield (
            f"{settings.tombstones_file} is not there: what was deleted since the backup came back, and who has left can sign in. "
            "Put that file in its place and start the servers, or delete them again."
        )


def _say(work: Callable[[Settings], Iterator[str]]) -> None:
    """Do the work on the database of the installation and say what came of it. Exit code 2 with the reason if it failed."""
    try:
        settings = load_settings()
        upgrade(settings.database_url)
        for line in work(settings):
            typer.echo(line)
    except (SettingsError, BackupError, TombstonesError) as error:
        typer.echo(str(error), err=True)
    except SQLAlchemyError as error:
        typer.echo(f"The database does not answer ({type(error).__name__}). Check REDRESS_DATABASE_URL and the data folder.", err=True)
    except OSError as error:
        typer.echo(f"The file cannot be read or written ({error.strerror}). Check its place and the room on the disk.", err=True)
    else:
        return
    raise typer.Exit(2)
