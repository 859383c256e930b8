"""What was deleted, beside the database: until it has taken the deletion, and for when an old copy of it is brought back.

Only the names of rows are in the file, which say nothing without the key of the installation.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
import threading
import time
from dataclasses import dataclass
from pathlib import Path

logger = logging.getLogger(__name__)

#: Longer than any conversation is kept, and than any copy of one can be read.
REMEMBER_SECONDS = 73 * 3600.0


@dataclass(frozen=True)
class Deletion:
    """A conversation's name in the dialogue's table, whether the database has yet to take its deletion, and since when (seconds since 1970)."""

    dialogue: str
    waits: bool
    at: float


class Deletions:
    """Deletions by the row key of their conversation. A conversation that is in here is read by nobody, whatever the database holds."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._known: dict[str, Deletion] = {}
        with contextlib.suppress(FileNotFoundError):
            for line in path.read_text("ascii", "replace").splitlines():
                # A line that was cut off by a crash was never answered as deleted.
                with contextlib.suppress(ValueError, TypeError):
                    row, dialogue, waits, at = json.loads(line)
                    self._known[str(row)] = Deletion(str(dialogue), bool(waits), float(at))

    def __contains__(self, row: str) -> bool:
        return row in self._known

    @property
    def waits(self) -> bool:
        """Whether the database has yet to take one."""
        return any(known.waits for known in self._known.values())

    def add(self, row: str, dialogue: str, waits: bool) -> None:
        """Note a deletion. Raises OSError if it cannot be noted."""
        with self._lock:
            self._known[row] = Deletion(dialogue, waits, time.time())
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "a") as file:
                file.write(_line(row, self._known[row]))
                file.flush()
                os.fsync(file.fileno())

    def all(self) -> list[tuple[str, str]]:
        """(row key, name in the dialogue's table) of those that the database may hold."""
        with self._lock:
            return [(row, known.dialogue) for row, known in self._known.items()]

    def taken(self) -> None:
        """The database has taken them all; those of long ago are forgotten. Raises OSError if the file cannot be written: they are then
        deleted once more later, which does no harm."""
        with self._lock:
            young = {row: known for row, known in self._known.items() if abs(time.time() - known.at) < REMEMBER_SECONDS}
            self._rewrite({row: Deletion(known.dialogue, False, known.at) for row, known in young.items()})

    def begun_again(self, row: str) -> None:
        """A messenger's sender writes again: the conversation of the same id is a new one. Raises OSError."""
        with self._lock:
            if row in self._known:
                self._rewrite({other: known for other, known in self._known.items() if other != row})

    def _rewrite(self, known: dict[str, Deletion]) -> None:
        if known == self._known:
            return
        draft = self._path.with_name(f".{self._path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.writelines(_line(row, deletion) for row, deletion in known.items())
            os.replace(draft, self._path)
        finally:
            draft.unlink(missing_ok=True)
        self._known = known


def _line(row: str, known: Deletion) -> str:
    return json.dumps([row, known.dialogue, known.waits, known.at]) + "\n"
