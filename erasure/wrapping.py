"""The keys that wrap the keys of conversations: a file of its own, in no backup, renewed twice an hour and overwritten.

What an old database file, a log or a dead row still holds of a deleted conversation is wrapped by a key that is no longer there.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

FILE_NAME = "wrapping.keys"
VERSION = 1
#: A key is in use for so long. With what follows it is gone well within the hour.
RENEW_SECONDS = 30 * 60.0
#: An old key stays so long after the new one came: transactions that began with it end meanwhile.
GRACE_SECONDS = 60.0
#: A clock that was set back by more than this makes a new key too.
_CLOCK_SLACK_SECONDS = 120.0


class WrappingKeysError(RuntimeError):
    """The file is there but cannot be read. Nothing is overwritten: what it wraps may still be wanted."""


@dataclass(frozen=True)
class WrappingKey:
    """One key: its number, when it was made (seconds since 1970), 32 bytes in urlsafe base64."""

    number: int
    made: float
    key: bytes


class WrappingKeys:
    """The keys in one file. Several processes and machines may share it; each look at it costs one `stat` while it is unchanged."""

    def __init__(self, path: Path) -> None:
        """The file is made at first need."""
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._keys: tuple[WrappingKey, ...] = ()

    def wrap(self, key: bytes) -> tuple[int, bytes]:
        """Wrap a conversation's key with the newest key: (number of that key, wrapped). Raises WrappingKeysError or OSError."""
        newest = self._all(make=True)[-1]
        return newest.number, Fernet(newest.key).encrypt(key)

    def unwrap(self, number: int, wrapped: bytes) -> bytes | None:
        """The conversation's key; None when its wrapping key is gone. Raises WrappingKeysError or OSError."""
        for known in self._all():
            if known.number == number:
                try:
                    return Fernet(known.key).decrypt(wrapped)
                except InvalidToken:
                    return None
        return None

    def newest(self) -> int:
        """Number of the key that wraps now."""
        return self._all(make=True)[-1].number

    def renew(self, now: float | None = None) -> bool:
        """Put a new key beside the old one when that has been in use for half an hour; True if there is a new one."""
        moment = time.time() if now is None else now
        with self._locked():
            keys = self._all(make=True)
            age = moment - keys[-1].made
            if -_CLOCK_SLACK_SECONDS < age < RENEW_SECONDS:
                return False
            self._write([*keys, _new(keys[-1].number + 1, moment)])
            return True

    def retire(self, now: float | None = None) -> bool:
        """Overwrite every key but the newest, when that has been there long enough; True if any went. Call it when nothing is wrapped by
        them any more."""
        moment = time.time() if now is None else now
        with self._locked():
            keys = self._all()
            if len(keys) < 2 or 0 <= moment - keys[-1].made < GRACE_SECONDS:
                return False
            self._write(list(keys[-1:]))
            return True

    def has_old(self) -> bool:
        """Whether there is another key than the newest."""
        return len(self._all()) > 1

    def _all(self, make: bool = False) -> tuple[WrappingKey, ...]:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            if not make:
                return ()
            _publish(self._path, _text([_new(1, time.time())]))
            found = self._path.stat()
        mark = (found.st_ino, found.st_mtime_ns, found.st_size)
        if mark != self._seen:
            self._keys, self._seen = _read(self._path), mark
        return self._keys

    def _write(self, keys: list[WrappingKey]) -> None:
        """The new file stands whole or not at all; then the bytes of the old one are overwritten where they are."""
        draft = _draft(self._path, _text(keys))
        try:
            with self._path.open("r+b") as old:
                os.replace(draft, self._path)
                size = os.fstat(old.fileno()).st_size
                old.write(b"\0" * size)
                old.flush()
                os.fsync(old.fileno())
        finally:
            draft.unlink(missing_ok=True)
        _sync(self._path.parent)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One process at a time changes the file."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._path.with_name(f".{self._path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _new(number: int, made: float) -> WrappingKey:
    return WrappingKey(number, made, Fernet.generate_key())


def _text(keys: list[WrappingKey]) -> bytes:
    listed = [{"number": key.number, "made": key.made, "key": key.key.decode("ascii")} for key in keys]
    return json.dumps({"version": VERSION, "keys": listed}).encode("ascii")


def _read(path: Path) -> tuple[WrappingKey, ...]:
    try:
        body = json.loads(path.read_bytes())
        keys = tuple(WrappingKey(int(item["number"]), float(item["made"]), item["key"].encode("ascii")) for item in body["keys"])
        if body["version"] != VERSION or not keys or any(len(base64.urlsafe_b64decode(key.key)) != 32 for key in keys):
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise WrappingKeysError(
            f"{path.name} cannot be read. If it is damaged, delete it: conversations of the last hours then start anew, nothing else is lost."
        ) from None
    return keys


def _publish(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _draft(path, content)
    try:
        # A hard link fails when the name is taken, where a rename would replace another process's keys.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def _draft(path: Path, content: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
