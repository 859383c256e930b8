"""PostgreSQL and Redis from Debian's packages, on loopback and on ports of their own, for tests and for the table of faults."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

START_SECONDS = 30.0
LOOPBACK = "127.0.0.1"


class MissingServiceError(RuntimeError):
    """A program is not installed; the text names its package."""


@dataclass(frozen=True)
class Service:
    """A server that runs: its address, and the process that leads its group."""

    url: str
    pid: int


#: Below the ports that the system gives to clients and above 10080, which browsers refuse; each worker of the tests has so many of its own.
FIRST_PORT, PORTS_OF_A_WORKER, WORKERS = 10_100, 2_500, 9
_next_port = count(os.getpid() * 37)


def free_port() -> int:
    """A port of this machine that nobody uses now, and that no other worker of the tests is given before a server has taken it."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    for number in islice(_next_port, PORTS_OF_A_WORKER):
        port = FIRST_PORT + worker * PORTS_OF_A_WORKER + number % PORTS_OF_A_WORKER
        with socket.socket() as probe, suppress(OSError):
            probe.bind((LOOPBACK, port))
            return port
    raise MissingServiceError("no port is free")


def postgres_programs() -> Path:
    """Folder of PostgreSQL's programs, the newest version if there are several. Raises MissingServiceError."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    found = shutil.which("initdb")
    if folders or found:
        return folders[-1] if folders else Path(str(found)).parent
    raise MissingServiceError("PostgreSQL is not installed (package postgresql)")


@contextmanager
def postgres(host: str = LOOPBACK, guests: str = "") -> Iterator[Service]:
    """A PostgreSQL server with a database and a user named redress, gone afterwards with all it held. `guests`: a network that may connect."""
    programs = postgres_programs()
    # A folder of its own: others may be closed to the user PostgreSQL runs as.
    directory = Path(tempfile.mkdtemp(prefix="redress-postgres-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(directory, owner.pw_uid, owner.pw_gid)
    data, port = directory / "data", free_port()
    _run([str(programs / "initdb"), "-D", str(data), "-U", "redress", "-A", "trust", "--no-sync"])
    if guests:
        with (data / "pg_hba.conf").open("a", encoding="ascii") as file:
            file.write(f"host all redress {guests} trust\n")
    control = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(directory / "log")]
    try:
        _run([*control, "-o", f"-p {port} -h {host} -k {directory} -F", "start"])
        pid = int((data / "postmaster.pid").read_text().split()[0])
        yield Service(f"postgresql://redress@{host}:{port}/postgres", pid)
    finally:
        subprocess.run(_as_postgres([*control, "-m", "immediate", "stop"]), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def redis(host: str = LOOPBACK) -> Iterator[Service]:
    """A Redis server that keeps nothing. Raises MissingServiceError."""
    program = shutil.which("redis-server")
    if program is None:
        raise MissingServiceError("Redis is not installed (package redis-server)")
    with tempfile.TemporaryDirectory(prefix="redress-redis-") as directory:
        port = free_port()
        process = subprocess.Popen(
            [program, "--port", str(port), "--bind", host, "--protected-mode", "no", "--save", "", "--dir", directory], stdout=subprocess.DEVNULL
        )
        try:
            _wait_for(host, port)
            yield Service(f"redis://{host}:{port}/0", process.pid)
        finally:
            process.kill()
            process.wait()


def _as_postgres(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: then it runs as user postgres."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def _run(command: list[str]) -> None:
    # What pg_ctl starts keeps what it inherits: a pipe would be waited for until the server ends.
    subprocess.run(_as_postgres(command), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


def _wait_for(host: str, port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.05)
    raise MissingServiceError(f"what was started on port {port} does not answer")
