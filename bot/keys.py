"""Key files: 32 random bytes, urlsafe base64, readable by the owner only.

A file holds one key, or several lines while keys are being changed: the first is for what is new, the others for what is older.
"""

from __future__ import annotations

import base64
import os
import secrets
from contextlib import suppress
from pathlib import Path

CONVERSATION_KEY = "conversation.key"
CHANNEL_SECRET = "channel.secret"


def read_or_make_key(path: Path) -> bytes:
    """The key for what is new in `path`, making the file at first need.

    Raises:
        ValueError: when the file holds anything else than such keys.
        OSError: when the file can neither be read nor made.
    """
    return read_keys(path)[0]


def read_keys(path: Path) -> list[bytes]:
    """Every key in `path` (urlsafe base64 of 32 bytes, one a line), making the file with mode 600 at first need.

    The first key is for what is new; all of them open what is older.

    Raises:
        ValueError: when the file holds anything else than such keys.
        OSError: when the file can neither be read nor made.
    """
    if not path.exists():
        _make_key(path)
    return [_checked(path, line) for line in path.read_bytes().split() or [b""]]


def _checked(path: Path, key: bytes) -> bytes:
    try:
        size = len(base64.urlsafe_b64decode(key))
    except ValueError:
        size = 0
    if size != 32:
        raise ValueError(f"{path.name} is not a key: expected urlsafe base64 of 32 bytes; delete it to get a new one")
    return key


def _make_key(path: Path) -> None:
    """Write a new key so that of two processes starting at once both end with the same, complete file."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.urlsafe_b64encode(secrets.token_bytes(32)))
        # A hard link fails when the name is taken, where a rename would replace the other process's key.
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
