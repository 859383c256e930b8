"""`redress keys`: change the keys of an installation without losing what the old ones opened."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from store.keys import KeyFileError, retire, rotate
from store.settings import Settings, SettingsError, load_settings

app = typer.Typer(pretty_exceptions_enable=False, help="Change the keys of this installation (docs/configuration.md).", no_args_is_help=True)


class Key(StrEnum):
    """A key file: the secret that the servers share, or what encrypts conversations."""

    CHANNEL = "channel"
    CONVERSATION = "conversation"


Keys = Annotated[list[Key] | None, typer.Argument(help="which; both without", show_default=False)]


@app.command("rotate")
def rotate_keys(keys: Keys = None) -> None:
    """Make a new key, the first of its file; the one before stays behind it and is still accepted."""
    try:
        for file in _files(keys):
            rotate(file)
            typer.echo(f"{file}: a new key is first; the old one is still accepted.")
    except (KeyFileError, SettingsError, OSError) as error:
        _fail(error)


@app.command("retire")
def retire_keys(keys: Keys = None) -> None:
    """Drop every key but the first. What only an older one opened is lost."""
    try:
        for file in _files(keys):
            dropped = retire(file)
            typer.echo(f"{file}: {dropped} dropped." if dropped else f"{file}: there was only one.")
    except (KeyFileError, SettingsError, OSError) as error:
        _fail(error)


def _files(keys: list[Key] | None) -> list[Path]:
    settings = load_settings()
    return [_file(settings, key) for key in dict.fromkeys(keys or Key)]


def _file(settings: Settings, key: Key) -> Path:
    return settings.channel_secret_file if key is Key.CHANNEL else settings.conversation_key_file


def _fail(error: Exception) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(1)
