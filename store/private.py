"""What we write is for the one user whom we run as."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

#: For groups and others: nothing.
UMASK = 0o077


def keep_private(folder: Path) -> None:
    """Let nothing be read by others: neither what this process will write, nor what is in `folder`."""
    os.umask(UMASK)
    make_private(folder)


def make_private(folder: Path) -> None:
    """Take from others what they may read in `folder`: an earlier version, or a copy, may have left it so."""
    for path in readable_by_others(folder):
        # What somebody else owns is theirs to mend; `redress doctor` names it.
        with contextlib.suppress(OSError):
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~UMASK)


def readable_by_others(folder: Path) -> Iterator[Path]:
    """The folder itself, and every folder and file in it, that groups or others may look into. Links are not followed."""
    inside = (Path(place, name) for place, folders, files in os.walk(folder) for name in (*folders, *files))
    for path in (folder, *inside):
        with contextlib.suppress(OSError):
            mode = path.lstat().st_mode
            if mode & UMASK and not stat.S_ISLNK(mode):
                yield path
