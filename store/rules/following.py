"""What the gateway does so that every process of its machine uses the release that is in force."""

from __future__ import annotations

import logging
import shutil
import time
from pathlib import Path

from calculator.engine.figures import reference_rates
from calculator.errors import PackError
from calculator.packs.current import current_rules
from calculator.packs.load import ENGINE_VERSION, Rules
from calculator.packs.parsed import PACKS, pack_files
from calculator.packs.released import RATES, Pointer, is_whole, load_release, of_pointer, point_at, pointer_in, write_release
from store.rules.releases import Releases

logger = logging.getLogger(__name__)
#: Releases whose files lie unused on a machine for so long are written again when they are needed.
UNUSED_DAYS = 30
DAY_SECONDS = 86_400


def product_files(packs: Path = PACKS) -> dict[str, bytes]:
    """What this version of the product brings: its packs, and the two files that stand for the table of reference rates."""
    return pack_files(packs) | {f"{RATES}{name}": content for name, content in reference_rates.texts().items()}


class Following:
    """Takes releases from the database to a folder of this machine."""

    def __init__(self, releases: Releases, folder: Path) -> None:
        self._releases, self.folder = releases, folder
        self._seeded = False
        self._refused: Pointer | None = None
        #: What this version cannot read although it is in force: it goes on with what it had, and says so.
        self.trouble: tuple[Pointer, PackError] | None = None

    def look(self) -> Rules | None:
        """Rules to take up; None where there is nothing new. Raises sqlalchemy.exc.SQLAlchemyError, OSError: the ones before stand."""
        if not self._seeded:
            self._releases.seed(product_files(), ENGINE_VERSION)
            self._seeded = True
        pointer = self._releases.pointer()
        if pointer is None or pointer == self._refused:
            return None
        try:
            # The packs of this version need not be written: every process has them.
            rules = of_pointer(self.folder, pointer if current_rules().sha256 == pointer.sha256 else self.kept(pointer))
        except PackError as error:
            self._refused, self.trouble = pointer, (pointer, error)
            logger.error("the release %s cannot be read by this version, the one before stands", pointer.release)
            return None
        self._refused = self.trouble = None
        if pointer_in(self.folder) != pointer:
            point_at(self.folder, pointer)
            self._forget(pointer)
        return rules

    def at_start(self) -> Rules | None:
        """What this machine used last, for when the database does not answer; None where it has none, or cannot read it."""
        pointer = pointer_in(self.folder)
        try:
            return of_pointer(self.folder, pointer) if pointer is not None else None
        except PackError:
            return None

    def kept(self, pointer: Pointer) -> Pointer:
        """See that the files of a release lie on this machine as they were released. Raises sqlalchemy.exc.SQLAlchemyError, OSError,
        ReleaseError."""
        here = self.folder / pointer.sha256
        if here.is_dir() and not is_whole(self.folder, pointer):
            logger.error("the files of %s were changed on this machine, they are written again", pointer.release)
            shutil.rmtree(here)
        if here.is_dir():
            here.touch()
        else:
            write_release(self.folder, pointer, self._releases.files(pointer.release))
        return pointer

    def rules_of(self, pointer: Pointer) -> Rules:
        """The rules of any release. Raises PackError, and what `kept` raises."""
        return load_release(self.folder, self.kept(pointer))

    def _forget(self, pointer: Pointer) -> None:
        oldest = time.time() - UNUSED_DAYS * DAY_SECONDS
        for one in self.folder.iterdir():
            if one.is_dir() and one.name != pointer.sha256 and one.stat().st_mtime < oldest:
                shutil.rmtree(one, ignore_errors=True)
