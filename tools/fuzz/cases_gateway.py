"""The gateway's application with files of its own and real calculating workers, for cases that are sent over HTTP."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import FastAPI

from calculator.api import write_contacts
from store.settings import load_settings
from web.app import create_app


@contextmanager
def gateway() -> Iterator[FastAPI]:
    """The application; no address may send too many cases."""
    with tempfile.TemporaryDirectory() as folder:
        write_contacts(Path(folder) / "contacts.json")
        yield create_app(load_settings({"REDRESS_DATA_DIR": folder, "REDRESS_CALCULATIONS_PER_MINUTE": "1000000"}))
