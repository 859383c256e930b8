"""Key files: 32 random bytes in urlsafe base64, made at first need, readable by their owner only."""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
import secrets
from pathlib import Path

KEY_BYTES = 32


class KeyFileError(RuntimeError):
    """A key file is there but holds no key. Nothing is overwritten: the old data may still need it."""


def read_or_make_key(path: Path) -> bytes:
    """Return the urlsafe-base64 key in `path` (44 ASCII bytes), making it first if there is none.

    Several processes may start at once: the file appears whole or not at all (hard link of a finished
    file), and the first one wins. Raises KeyFileError if the content is no key.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _publish(path, base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)))
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return _checked(path, path.read_bytes().strip())


def _publish(path: Path, key: bytes) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


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
