"""`redress backup` and `redress restore`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import typer
from sqlalchemy.exc import SQLAlchemyError

from store.backup import BackupError, restore_backup, write_backup
from store.database import connect
from store.migrate import upgrade
from store.settings import SettingsError, load_settings

app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def backup(target: Path) -> None:
    """Write what must last to one file: the releases of the rules. Conversations and keys are in no backup."""
    _say(lambda url: f"{write_backup(connect(url), target)} releases of the rules are in {target}. Conversations are in no backup.")


@app.command()
def restore(source: Path) -> None:
    """Bring back what is missing from a backup; nothing that is there is changed, and nobody's conversation comes back."""
    _say(lambda url: f"{restore_backup(connect(url), source)} releases of the rules came back.")


def _say(work: Callable[[str], str]) -> None:
    """Do the work on the database of the installation and say what came of it. Exit code 2 with the reason if it failed."""
    try:
        url = load_settings().database_url
        upgrade(url)
        typer.echo(work(url))
    except (SettingsError, BackupError) as error:
        typer.echo(str(error), err=True)
    except SQLAlchemyError as error:
        typer.echo(f"The database does not answer ({type(error).__name__}). Check REDRESS_DATABASE_URL and the data folder.", err=True)
    except OSError as error:
        typer.echo(f"The file cannot be written ({error.strerror}). Check its place and the room on the disk.", err=True)
    else:
        return
    raise typer.Exit(2)
