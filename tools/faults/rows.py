"""What is broken, one row each; every fault ends what it began."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from calculator.api import write_contacts
from cli.stack import REPOSITORY, Ports, Stack

CONNECTIONS = 100
HALF_OPEN = 1100
#: How long a flood runs before somebody in danger writes.
BEFORE = 4.0


class World:
    """The three servers, with a data folder and ports of their own."""

    def __init__(self, **environment: str) -> None:
        self._exit = ExitStack()
        self._environment = environment

    def __enter__(self) -> Self:
        self.folder = Path(self._exit.enter_context(tempfile.TemporaryDirectory()))
        write_contacts(self.folder / "contacts.json")
        ports = Ports(free_port(), free_port(), free_port())
        self.stack = self._exit.enter_context(Stack(self.folder, ports, environment=self._environment, say=lambda line: None))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._exit.close()

    @property
    def url(self) -> str:
        """Address of the gateway."""
        return self.stack.url


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Row:
    """A fault: its name for the command line, its words for the table, and what makes and ends it."""

    name: str
    words: str
    fault: Callable[[World], AbstractContextManager[None]]
    #: How often somebody writes that she is in danger; the slowest answer counts.
    times: int = 1


def halted(name: str) -> Callable[[World], AbstractContextManager[None]]:
    """A server that hangs: it neither answers nor refuses."""

    @contextmanager
    def fault(world: World) -> Iterator[None]:
        group = world.stack.process(name).pid
        os.killpg(group, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(group, signal.SIGCONT)

    return fault


def killed(name: str) -> Callable[[World], AbstractContextManager[None]]:
    """A server that is gone, and is started again by hand afterwards."""

    @contextmanager
    def fault(world: World) -> Iterator[None]:
        os.killpg(world.stack.process(name).pid, signal.SIGKILL)
        try:
            yield
        finally:
            world.stack.restart(name)

    return fault


@contextmanager
def locked_database(world: World) -> Iterator[None]:
    """A database that somebody else writes to for ever: nothing can be kept."""
    database = sqlite3.connect(world.folder / "redress.db", isolation_level=None, timeout=10)
    database.execute("begin exclusive")
    try:
        yield
    finally:
        database.execute("rollback")
        database.close()


@contextmanager
def no_table(world: World) -> Iterator[None]:
    """The words for danger are unreadable; what was read before stands."""
    path = world.folder / "contacts.json"
    content = path.read_bytes()
    path.write_bytes(b"not json")
    try:
        yield
    finally:
        path.write_bytes(content)


def flood(known: bool) -> Callable[[World], AbstractContextManager[None]]:
    """A hundred connections that send long texts without a pause, from a process of their own (tools/faults/flood.py)."""

    @contextmanager
    def fault(world: World) -> Iterator[None]:
        command = [sys.executable, "-m", "tools.faults.flood", str(world.stack.ports.web), str(CONNECTIONS), *(["--known"] if known else [])]
        crowd = subprocess.Popen(command, cwd=REPOSITORY)
        time.sleep(BEFORE)
        try:
            yield
        finally:
            crowd.kill()
            crowd.wait()

    return fault


@contextmanager
def half_open(world: World) -> Iterator[None]:
    """Connections that say half a request and then nothing."""
    connections = []
    try:
        for _ in range(HALF_OPEN):
            connection = socket.create_connection(("127.0.0.1", world.stack.ports.web), timeout=5)
            connection.sendall(b"POST /api/v1/conversations HTTP/1.1\r\nHost: localhost\r\nContent-Le")
            connections.append(connection)
        yield
    finally:
        for connection in connections:
            connection.close()


ROWS = [
    Row("rasa-halted", "Rasa hangs", halted("rasa")),
    Row("rasa-killed", "Rasa is gone", killed("rasa")),
    Row("actions-halted", "the action server hangs", halted("actions")),
    Row("actions-killed", "the action server is gone", killed("actions")),
    Row("database-locked", "the database is held by another", locked_database),
    Row("no-table", "the table of numbers is unreadable", no_table),
    Row("flood-strangers", f"{CONNECTIONS} strangers send 10 kB each, without a pause", flood(known=False), times=10),
    Row("flood-known", f"the same in {CONNECTIONS} conversations", flood(known=True), times=10),
    Row("half-open", f"{HALF_OPEN} connections that say half a request", half_open),
]
