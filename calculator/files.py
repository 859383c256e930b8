"""Files that others read while they are written."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file so that nobody reads half of it: under a name of its own until it is whole, so that two that write the same file at
    once do not disturb each other. `mode`: who may read it. Raises OSError or UnicodeEncodeError, and leaves what was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f"{path.name}.", delete=False) as temporary:
        own = Path(temporary.name)
        try:
            temporary.write(text)
            temporary.flush()
        except BaseException:
            own.unlink(missing_ok=True)
            raise
    own.chmod(mode)
    own.replace(path)
