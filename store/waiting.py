"""Deletions that the database could not take: kept in a file until it has, over a restart too. Only the names of rows are in it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import threading
from pathlib import Path


class WaitingDeletions:
    """Pairs of (row key of a conversation, its name in the dialogue's table)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._names: dict[str, str] = {}
        with contextlib.suppress(FileNotFoundError):
            for line in path.read_text("ascii", "replace").splitlines():
                # A line that was cut off by a crash was never answered as waiting.
                with contextlib.suppress(ValueError, TypeError):
                    row, dialogue = json.loads(line)
                    self._names[str(row)] = str(dialogue)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, row: str) -> bool:
        return row in self._names

    def add(self, row: str, dialogue: str) -> None:
        """Have a conversation deleted as soon as it can be. Raises OSError if that cannot be noted."""
        with self._lock:
            self._names[row] = dialogue
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "a") as file:
                file.write(json.dumps([row, dialogue]) + "\n")
                file.flush()
                os.fsync(file.fileno())

    def all(self) -> list[tuple[str, str]]:
        """Those that wait."""
        with self._lock:
            return list(self._names.items())

    def done(self, row: str) -> None:
        """One was deleted. Raises OSError if the file cannot be written; it is then deleted once more later, which does no harm."""
        with self._lock:
            self._names.pop(row, None)
            if not self._names:
                self._path.unlink(missing_ok=True)
                return
            draft = self._path.with_name(f".{self._path.name}.{secrets.token_hex(8)}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.writelines(json.dumps(pair) + "\n" for pair in self._names.items())
            os.replace(draft, self._path)
