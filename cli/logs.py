"""What servers write: one file each, readable by their owner only, or where this process writes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

LAST_LINES = 20
#: A log is put aside when it is longer, once.
LONGEST_LOG = 1_000_000


class Logs:
    """The logs of a folder; without one the servers write where this process does."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    @contextlib.contextmanager
    def output(self, name: str) -> Iterator[int | None]:
        """A file descriptor for what a server writes; None for where this process writes. Raises OSError."""
        if self._folder is None:
            yield None
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        log = self._folder / f"{name}.log"
        if log.exists() and log.stat().st_size > LONGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def end_of(self, name: str) -> str:
        """The last lines of a server, to stand below what is said of it; nothing where they are not kept in a file."""
        if self._folder is None:
            return ""
        try:
            lines = (self._folder / f"{name}.log").read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
        except OSError:
            return ""
        return "\n".join([f"\nLast lines of {name}.log:", *(f"  {line}" for line in lines)])
