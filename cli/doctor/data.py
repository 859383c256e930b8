"""What is kept: the data folder, its keys, the database, Redis. Nothing is made and nothing is changed by looking."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from pathlib import Path

import redis
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from cli.doctor.finding import Finding, note, ok, warning, wrong
from store.database import connect
from store.keys import KEY_BYTES
from store.migrate import is_current
from store.private import readable_by_others
from store.settings import Settings
from web.readiness import has_room

WAIT_SECONDS = 3.0


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything that is kept."""
    if not settings.data_dir.is_dir():
        yield note("data folder", "it is not there yet; the first start makes it, with its keys and its database")
    else:
        yield private(settings.data_dir)
        yield room(settings.data_dir, settings.least_free_mb)
    yield from keys(settings)
    yield database(settings.database_url)
    if settings.redis_url:
        yield redis_server(settings.redis_url)


def private(folder: Path) -> Finding:
    """A folder in which nobody else can read."""
    open_to_others = [path.relative_to(folder).as_posix() for path in readable_by_others(folder)]
    if open_to_others:
        return wrong(
            "data folder",
            f"other users of this machine can read {len(open_to_others)} files or folders in it: " + ", ".join(open_to_others[:5]),
            f"Run: chmod -R go= {folder}",
        )
    return ok("data folder", "for its owner alone")


def room(folder: Path, least_free_mb: int) -> Finding:
    """A disk that can be written to and is not nearly full."""
    fix = f"Free at least {least_free_mb} MB there (REDRESS_LEAST_FREE_MB), and see that the folder can be written to."
    try:
        enough = has_room(folder, least_free_mb)
    except OSError as error:
        return wrong("disk", f"the data folder cannot be written to ({type(error).__name__})", fix)
    return ok("disk", "room and a folder that can be written to") if enough else wrong("disk", f"less than {least_free_mb} MB are free", fix)


def keys(settings: Settings) -> Iterator[Finding]:
    """Key files that hold a key and that nobody else can read. One that is missing is made by the first start."""
    address = make_url(settings.database_url)
    kept_before = address.get_backend_name() != "sqlite" or (address.database is not None and Path(address.database).exists())
    for file in (settings.conversation_key_file, settings.channel_secret_file):
        part = f"key {file.name}"
        if not file.exists():
            if file == settings.conversation_key_file and kept_before:
                yield warning(
                    part,
                    "it is not there; the next start makes a new one, and what was encrypted with the old one is lost",
                    "Put it back from a backup before you start, or start afresh.",
                )
            else:
                yield note(part, "it is not there yet; the first start makes it")
        elif file.stat().st_mode & 0o077:
            yield wrong(part, "other users of this machine can read it", f"Run: chmod 600 {file}")
        elif not _is_key(file):
            yield wrong(
                part, "it holds no key", "Put it back from a backup, or delete it to start afresh (what was encrypted with it is then lost)."
            )
        else:
            yield ok(part, "there, and for its owner alone")


def database(url: str) -> Finding:
    """A database that answers and has the schema of this version."""
    address = make_url(url)
    is_file = address.get_backend_name() == "sqlite"
    if is_file and not (address.database and Path(address.database).exists()):
        return note("database", "it is not there yet; the first start makes it")
    engine = create_engine(_only_looked_at(Path(address.database or "")), hide_parameters=True) if is_file else connect(url)
    try:
        current = is_current(engine)
    except SQLAlchemyError as error:
        return wrong(
            "database",
            f"it does not answer ({type(error).__name__})",
            "Check REDRESS_DATABASE_URL, that the server runs, and that its user may read and write.",
        )
    finally:
        engine.dispose()
    if not current:
        return wrong("database", "it has the schema of another version", "Run: .venv/bin/python -m store.migrate")
    return ok("database", "it answers and has the schema of this version")


def _only_looked_at(file: Path) -> str:
    """The address of an SQLite file that is read and not written. Even a reader would make the files beside it where no server has."""
    in_use = file.with_name(f"{file.name}-wal").exists()
    return f"sqlite:///file:{file}?{'mode=ro' if in_use else 'immutable=1'}&uri=true"


def redis_server(url: str) -> Finding:
    """A Redis that answers."""
    try:
        with redis.Redis.from_url(url, socket_timeout=WAIT_SECONDS, socket_connect_timeout=WAIT_SECONDS) as client:
            client.ping()
    except (redis.RedisError, OSError) as error:
        return wrong(
            "redis",
            f"it does not answer ({type(error).__name__}): several gateways would take turns of one conversation at once",
            "Start it, or correct REDRESS_REDIS_URL; a gateway that is alone needs none.",
        )
    return ok("redis", "it answers")


def _is_key(file: Path) -> bool:
    try:
        keys = file.read_bytes().split()
        return bool(keys) and all(len(base64.urlsafe_b64decode(key)) == KEY_BYTES for key in keys)
    except (OSError, binascii.Error, ValueError):
        return False
