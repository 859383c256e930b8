"""The secret the parts share: what one sends with every request, and what the other accepts.

A key file may hold several lines while a secret is being changed: the first is sent, every one is accepted. It is read again when it
changes, so that nothing needs a restart.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable
from pathlib import Path

BEARER = "Bearer "


class SharedSecret:
    """The secret in a file that may change while we run."""

    def __init__(self, path: Path, read: Callable[[Path], list[bytes]]) -> None:
        """`read`: every key of a file, the one to send first; it may make the file. Raises what `read` raises."""
        self._path = path
        self._read = read
        self._keys = read(path)
        self._stamp = self._look()

    def headers(self) -> dict[str, str]:
        """What a request is sent with."""
        return {"Authorization": BEARER + self._current()[0].decode("ascii")}

    def accepts(self, authorization: str | None) -> bool:
        """Whether a request with this `Authorization` header comes from one of us."""
        given = (authorization or "").removeprefix(BEARER).encode("utf-8", "replace")
        # All are compared, so that the time taken tells nothing of which one came close.
        return any([hmac.compare_digest(given, key) for key in self._current()])

    def _current(self) -> list[bytes]:
        stamp = self._look()
        if stamp is not None and stamp != self._stamp:
            try:
                self._keys, self._stamp = self._read(self._path), stamp
            except (OSError, ValueError, RuntimeError):
                pass  # a file that is gone or half copied: what was read before stands
        return self._keys

    def _look(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns


def only_this_machine(host: str) -> bool:
    """Whether an address is loopback, so that no other machine can reach who listens on it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
