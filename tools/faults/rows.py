"""What is broken, one row each; every fault ends what it began."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from calculator.api import write_contacts
from cli.stack import Ports, Stack
from tools.faults.flood import CONNECTIONS, flooding
from tools.local_services import Service, free_port, postgres, redis

HALF_OPEN = 1100


class World:
    """The three servers, with a data folder and ports of their own."""

    def __init__(self, service: str | None = None, megabytes: int | None = None) -> None:
        """`service`: `postgres` or `redis`, if they use one; `megabytes`: the disk of the data folder is so small (root alone can make it)."""
        self._exit = ExitStack()
        self._service, self._megabytes = service, megabytes
        self.service: Service | None = None

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._exit.close()
            raise
        return self

    def _start(self) -> None:
        self.folder = Path(self._exit.enter_context(tempfile.TemporaryDirectory()))
        if self._megabytes:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self._megabytes}m", "none", str(self.folder)], check=True)
            self._exit.callback(subprocess.run, ["umount", "--lazy", str(self.folder)])
        # A disk this small would never do for a start.
        environment = {"REDRESS_LEAST_FREE_MB": "1"} if self._megabytes else {}
        if self._service is not None:
            self.service = self._exit.enter_context({"postgres": postgres, "redis": redis}[self._service]())
            environment[{"postgres": "REDRESS_DATABASE_URL", "redis": "REDRESS_REDIS_URL"}[self._service]] = self.service.url
        write_contacts(self.folder / "contacts.json")
        ports = Ports(free_port(), free_port(), free_port())
        self.stack = self._exit.enter_context(Stack(self.folder, ports, environment=environment, say=lambda line: None))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._exit.close()

    @property
    def url(self) -> str:
        """Address of the gateway."""
        return self.stack.url


@dataclass(frozen=True)
class Row:
    """A fault: its name for the command line, its words for the table, and what makes and ends it."""

    name: str
    words: str
    fault: Callable[[World], AbstractContextManager[None]]
    #: How often somebody writes that she is in danger; the slowest answer counts.
    times: int = 1
    #: What the servers use beside their own.
    service: str | None = None
    megabytes: int | None = None


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


def slowed(name: str) -> Callable[[World], AbstractContextManager[None]]:
    """A server that gets a fifth of its time, as on a machine that is too small."""

    @contextmanager
    def fault(world: World) -> Iterator[None]:
        group, over = world.stack.process(name).pid, threading.Event()

        def slow() -> None:
            while not over.is_set():
                os.killpg(group, signal.SIGSTOP)
                over.wait(0.16)
                os.killpg(group, signal.SIGCONT)
                over.wait(0.04)

        brake = threading.Thread(target=slow)
        brake.start()
        try:
            yield
        finally:
            over.set()
            brake.join()

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


def service(number: signal.Signals, again: signal.Signals | None = None) -> Callable[[World], AbstractContextManager[None]]:
    """PostgreSQL or Redis gets a signal, and another one afterwards; with SIGKILL it stays away."""

    @contextmanager
    def fault(world: World) -> Iterator[None]:
        assert world.service is not None
        everyone = [world.service.pid, *_children(world.service.pid)]
        for pid in everyone:
            os.kill(pid, number)
        try:
            yield
        finally:
            if again is not None:
                for pid in everyone:
                    os.kill(pid, again)

    return fault


def _children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout
    return [int(line) for line in found.split()]


@contextmanager
def full_disk(world: World) -> Iterator[None]:
    """Not a byte is free on the disk of the data folder."""
    rubbish = world.folder / "rubbish"
    with contextlib.suppress(OSError), rubbish.open("wb", buffering=0) as file:
        while True:
            file.write(b"0" * 4096)
    try:
        yield
    finally:
        rubbish.unlink()


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
        with flooding(world.stack.ports.web, known):
            yield

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
    Row("rasa-slowed", "Rasa gets a fifth of its time", slowed("rasa"), times=5),
    Row("actions-halted", "the action server hangs", halted("actions")),
    Row("actions-killed", "the action server is gone", killed("actions")),
    Row("actions-slowed", "the action server gets a fifth of its time", slowed("actions"), times=5),
    Row("web-slowed", "the gateway gets a fifth of its time", slowed("web"), times=5),
    Row("database-locked", "the database is held by another", locked_database),
    Row("disk-full", "the disk is full", full_disk, megabytes=24),
    Row("postgres-halted", "PostgreSQL hangs", service(signal.SIGSTOP, signal.SIGCONT), service="postgres"),
    Row("redis-halted", "Redis hangs", service(signal.SIGSTOP, signal.SIGCONT), service="redis"),
    Row("redis-killed", "Redis is gone for good", service(signal.SIGKILL), service="redis"),
    Row("no-table", "the table of numbers is unreadable", no_table),
    Row("flood-strangers", f"{CONNECTIONS} strangers send 10 kB each, without a pause", flood(known=False), times=10),
    Row("flood-known", f"the same in {CONNECTIONS} conversations", flood(known=True), times=10),
    Row("half-open", f"{HALF_OPEN} connections that say half a request", half_open),
]
