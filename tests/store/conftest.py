"""Real databases for the tests: SQLite in a file, PostgreSQL of the test's own."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest


def postgres_programs() -> Path | None:
    """Folder of PostgreSQL's programs, the newest version if there are several."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if folders:
        return folders[-1]
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def as_postgres(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: then it runs as user postgres."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a PostgreSQL server that lives as long as the tests."""
    programs = postgres_programs()
    if programs is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL's programs are missing")
        pytest.skip("PostgreSQL is not installed")
    # A folder of its own: those of pytest are closed to the user PostgreSQL runs as, and another run of pytest closes them again.
    directory = Path(tempfile.mkdtemp(prefix="redress-postgres-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(directory, owner.pw_uid, owner.pw_gid)
    data = directory / "data"
    initdb = [str(programs / "initdb"), "-D", str(data), "-U", "redress", "-A", "trust", "--no-sync"]
    subprocess.run(as_postgres(initdb), check=True, capture_output=True, cwd="/")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"-p {port} -h 127.0.0.1 -k {directory} -F"
    control = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(directory / "log")]
    subprocess.run(
        as_postgres([*control, "-o", options, "start"]), check=True, stdout=subprocess.DEVNULL, cwd="/"
    )
    yield f"postgresql://redress@127.0.0.1:{port}/postgres"
    subprocess.run(
        as_postgres([*control, "-m", "immediate", "stop"]), check=True, stdout=subprocess.DEVNULL, cwd="/"
    )
    shutil.rmtree(directory)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, of each kind we support."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'redress.db'}"
    server: str = request.getfixturevalue("postgres_url")
    name = f"test{time.monotonic_ns()}"
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return server.removesuffix("postgres") + name
