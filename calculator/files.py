"""Files that others read while they are written."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any


def write_whole(path: Path, content: str | bytes, mode: int = 0o644) -> None:
    """Write a file so that nobody reads half of it: under a name of its own until it is whole, so that two that write the same file at
    once do not disturb each other. `mode`: who may read it. Raises OSError or UnicodeEncodeError, and leaves what was there."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("wb", dir=path.parent, prefix=f"{path.name}.", delete=False) as temporary:
        own = Path(temporary.name)
        try:
            temporary.write(data)
            temporary.flush()
        except BaseException:
            own.unlink(missing_ok=True)
            raise
    own.chmod(mode)
    own.replace(path)


def kept(path: Path | None, sha: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `make` gives (plain JSON), out of `path` while what it was made from has the checksum `sha`; else made and written there."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        if path is not None:
            found = json.loads(path.read_text(encoding="utf-8"))
            if found["sha256"] == sha:
                return dict(found["content"])
    made = make()
    if path is not None:
        # A disk that is full or may not be written to costs time at the next start, and nothing else.
        with contextlib.suppress(OSError):
            write_whole(path, json.dumps({"sha256": sha, "content": made}))
    return made
