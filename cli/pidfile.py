"""The process file: what a launcher started, so that the next one can end what a killed launcher left behind, and nothing else."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.processes import began, has_in_environment, members, signal_group, wait_for_group

STOP_SECONDS = 5.0


@dataclass(frozen=True)
class Entry:
    """A process by its number and its beginning: a number alone may belong to somebody else by now."""

    process: int
    began: str

    def runs(self) -> bool:
        """Whether it is still this process."""
        return began(self.process) == self.began


class PidFile:
    """A file of mode 600 with the launcher and its servers, each the leader of a process group."""

    def __init__(self, path: Path, mark: str) -> None:
        """`mark`: a variable, as `NAME=value`, that all servers were started with."""
        self._path = path
        self._mark = mark

    def launcher(self) -> int | None:
        """The process of the launcher that wrote the file, if it still runs."""
        launcher, _ = self._read()
        return launcher.process if launcher is not None and launcher.runs() else None

    def write(self, servers: Mapping[str, int]) -> None:
        """Note this process and its servers, by name. Raises OSError."""
        noted = {name: {"pid": process, "began": start} for name, process in servers.items() if (start := began(process))}
        content = {"launcher": {"pid": os.getpid(), "began": began(os.getpid())}, "servers": noted}
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file)
        draft.replace(self._path)

    def remove(self) -> None:
        """Forget all: everything has ended."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def end_leftovers(self, say: Callable[[str], None]) -> None:
        """End the servers that a launcher left behind which is no more. A process that only has the number of one is let be."""
        launcher, servers = self._read()
        if launcher is None or launcher.runs():
            return
        left = {name: entry for name, entry in servers.items() if self._is_ours(entry)}
        for name, entry in left.items():
            say(f"{name}: left behind by a launcher that was killed; it is ended")
            signal_group(entry.process, signal.SIGTERM)
            signal_group(entry.process, signal.SIGCONT)
        for entry in left.values():
            if not wait_for_group(entry.process, STOP_SECONDS):
                signal_group(entry.process, signal.SIGKILL)
                wait_for_group(entry.process, STOP_SECONDS)
        self.remove()

    def _is_ours(self, entry: Entry) -> bool:
        start = began(entry.process)
        if start is not None:
            return start == entry.began
        # The leader is gone. Who is left in its group was started by it, and with our mark.
        left = members(entry.process)
        return bool(left) and all(has_in_environment(process, self._mark) for process in left)

    def _read(self) -> tuple[Entry | None, dict[str, Entry]]:
        """The launcher and its servers; nothing where there is no file, or none that can be read."""
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            return _entry(content["launcher"]), {str(name): _server(value) for name, value in content["servers"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None, {}


def _entry(value: Mapping[str, object]) -> Entry:
    process = value["pid"]
    if not isinstance(process, int):
        raise ValueError("no process")
    return Entry(process, str(value["began"]))


def _server(value: Mapping[str, object]) -> Entry:
    entry = _entry(value)
    # As groups, smaller numbers would be this launcher's own, or every process there is.
    if entry.process < 2:
        raise ValueError("no process of a server")
    return entry
