"""A little room kept free on the disk: deleting writes before it frees, and must not fail because the disk is full."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import OperationalError

logger = logging.getLogger(__name__)
T = TypeVar("T")

SIZE = 1024 * 1024
#: The reserve is only made again when so much more is free.
MAKE_AGAIN_ABOVE = 4 * SIZE


class Reserve:
    """A file that is given up when a deletion finds no room. It holds nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self) -> None:
        """Make the reserve where there is room for it. Never raises: without it only deleting on a full disk suffers."""
        try:
            if self._path.exists() or shutil.disk_usage(self._path.parent).free < MAKE_AGAIN_ABOVE:
                return
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, SIZE)
            finally:
                os.close(descriptor)
        except OSError as error:
            logger.warning("no room is kept free for deleting: %s", error.strerror)

    def with_room(self, work: Callable[[], T]) -> T:
        """Do the work; if the disk is full, give the reserve up and do it once more. Raises what the work raises."""
        try:
            return work()
        except OperationalError as error:
            if "full" not in str(error.orig):
                raise
        logger.warning("the disk is full: the reserve is given up to delete a conversation")
        self._path.unlink(missing_ok=True)
        return work()
