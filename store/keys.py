"""Key files: 32 random bytes in urlsafe base64, made at first need, readable by their owner only.

A file holds one key, or several lines while keys are being changed: the first is for what is new, the others for what is older.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

KEY_BYTES = 32


class KeyFileError(RuntimeError):
    """A key file is there but holds no key. Nothing is overwritten: the old data may still need it."""


def read_or_make_key(path: Path) -> bytes:
    """The urlsafe-base64 key for what is new in `path` (44 ASCII bytes), making it first if there is none. Raises KeyFileError."""
    return read_keys(path)[0]


def read_keys(path: Path) -> list[bytes]:
    """Every key in `path` (44 ASCII bytes each), the one for what is new first; one is made if there is no file.

    Several processes may start at once: the file appears whole or not at all (hard link of a finished
    file), and the first one wins. Raises KeyFileError if the content is no key.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _draft(path, [_new_key()]) as draft, contextlib.suppress(FileExistsError):
            os.link(draft, path)
    if path.stat().st_mode & 0o077:
        # Who mounts a key read-only has set its mode.
        with contextlib.suppress(OSError):
            path.chmod(0o600)
    return [_checked(path, line) for line in path.read_bytes().split() or [b""]]


def rotate(path: Path) -> None:
    """Put a new key before those that are there, which go on opening what is older. Raises KeyFileError."""
    _replace(path, [_new_key(), *read_keys(path)])


def retire(path: Path) -> int:
    """Drop all keys but the first; return how many. Raises KeyFileError."""
    keys = read_keys(path)
    if len(keys) > 1:
        _replace(path, keys[:1])
    return len(keys) - 1


def _new_key() -> bytes:
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES))


def _replace(path: Path, keys: list[bytes]) -> None:
    with _draft(path, keys) as draft:
        draft.replace(path)


@contextlib.contextmanager
def _draft(path: Path, keys: list[bytes]) -> Iterator[Path]:
    """A finished file beside `path`, gone at the end unless it was moved."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(b"".join(key + b"\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _checked(path: Path, key: bytes) -> bytes:
    try:
        decoded = base64.urlsafe_b64decode(key)
    except (binascii.Error, ValueError):
        decoded = b""
    if len(decoded) != KEY_BYTES:
        raise KeyFileError(
            f"{path.name} does not hold 32 bytes in urlsafe base64. Restore it from a backup, "
            "or delete it to start afresh (what was encrypted with it is then lost)."
        )
    return key
