"""What is gone for good, noted outside the database and outside every backup: cases that were deleted, members who have left,
codes that were used.

Only ids and hashes are in the file. It is to lie where the database does not: whoever brings an old copy of the database back finds it here.
"""

from __future__ import annotations

import logging
import os
from enum import StrEnum
from pathlib import Path

logger = logging.getLogger(__name__)


class Gone(StrEnum):
    """What a line of the file tells."""

    CASE = "case"
    MEMBER = "member"
    #: Hashes of what no longer opens: codes that were used, passphrases that were reset.
    SECRET = "secret"


class TombstonesError(RuntimeError):
    """The file is there and cannot be read: what it may name must neither come back nor open anything."""


class Tombstones:
    """A file of lines such as `case ID`, which is only added to."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, what: Gone, *ids: str) -> None:
        """Add what is not in it yet. Where the file cannot be written a warning is logged: deleting itself must not fail for it. The database
        hands cases and members on later (`Cases.delete_again`, `Staff.leave_again`); secrets are then void by the database alone."""
        try:
            known = self.all(what)
            lines = "".join(f"{what} {one}\n" for one in ids if one not in known)
            if not lines:
                return
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "a", encoding="ascii") as file:
                file.write(lines)
                file.flush()
                os.fsync(file.fileno())
        except (OSError, TombstonesError) as error:
            logger.warning("what was deleted could not be noted outside the database: %s", error)

    def all(self, what: Gone) -> set[str]:
        """Ids of everything of a kind that is gone. Raises TombstonesError."""
        try:
            lines = self._path.read_text("ascii", "replace").splitlines()
        except FileNotFoundError:
            return set()
        except OSError as error:
            raise TombstonesError(f"{self._path} cannot be read ({error.strerror}). Mend it: it names what was deleted.") from None
        told = (line.partition(" ") for line in lines)
        return {one for kind, _, one in told if kind == what and one}

    def hold(self, what: Gone, one: str | None) -> bool:
        """Whether something is gone, though an old copy of the database does not know it. Raises TombstonesError."""
        return one in self.all(what)
