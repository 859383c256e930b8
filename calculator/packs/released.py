"""A release of the rules in a folder of this machine, and the word beside it which of them is in force.

    <folder>/in_force.json                  {"release": "2026-12-03.1", "sha256": "..."}
    <folder>/<sha256>/packs/DE/...          the packs as they were released
    <folder>/<sha256>/reference_rates/...   the two files that stand for the table of reference rates

Only the gateway reads releases from the database (`store.rules`); it writes them here, for every process of this machine.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from calculator.engine.figures import reference_rates
from calculator.errors import PackError
from calculator.files import write_whole
from calculator.packs.current import current_rules, loaded, put_in_force, rules_so_far
from calculator.packs.load import Rules, load_rules
from calculator.packs.parsed import checksum

IN_FORCE = "in_force.json"
_PACKS, _RATES = "packs", "reference_rates"
#: Files of the table of reference rates within a release.
RATES = f"{_RATES}/"


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which release: its name, and the checksum of what is in it."""

    release: str
    sha256: str


def load_release(folder: Path, pointer: Pointer, only: Collection[str] | None = None) -> Rules:
    """The rules of a release, or those of `only` some States. Raises PackError: its files are not what they were, or this version cannot
    read them."""
    if not is_whole(folder, pointer):
        raise PackError(pointer.release, "", "These are not the files that were released.", "Start the gateway anew: it writes them again.")
    here = folder / pointer.sha256
    return load_rules(here / _PACKS, pointer.release, reference_rates.texts(here / _RATES), only)


def write_release(folder: Path, pointer: Pointer, files: Mapping[str, bytes]) -> None:
    """Write the files of a release, whole or not at all; what is there is left. Raises OSError."""
    target = folder / pointer.sha256
    if target.is_dir():
        return
    _begin(folder)
    draft = folder / f".{secrets.token_hex(8)}"
    try:
        for name, content in files.items():
            path = draft / (name if name.startswith(RATES) else f"{_PACKS}/{name}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        try:
            draft.rename(target)
        except OSError:
            # Another process was first.
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def point_at(folder: Path, pointer: Pointer) -> None:
    """Say which release is in force on this machine. Raises OSError."""
    _begin(folder)
    write_whole(folder / IN_FORCE, json.dumps({"release": pointer.release, "sha256": pointer.sha256}), mode=0o600)


def _begin(folder: Path) -> None:
    """Make the folder where it is not there. The one above it must be: a data folder whose disk is gone is not begun anew on another."""
    folder.mkdir(exist_ok=True)


def pointer_in(folder: Path) -> Pointer | None:
    """Which release is in force on this machine; None before the gateway has said so."""
    try:
        read = json.loads((folder / IN_FORCE).read_text(encoding="utf-8"))
        return Pointer(str(read["release"]), str(read["sha256"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


class Followed:
    """The release in force on this machine, taken up by this process whenever it changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: tuple[int, int] | None = None
        self._tried: Pointer | None = None

    def found(self) -> Rules | None:
        """Rules to take up, None where there is nothing new. Takes seconds where there is. Raises PackError, once for each release."""
        try:
            status = (self._folder / IN_FORCE).stat()
            seen = (status.st_mtime_ns, status.st_ino)
        except OSError:
            return None
        if seen == self._seen:
            return None
        self._seen = seen
        pointer = pointer_in(self._folder)
        if pointer is None or pointer == self._tried:
            return None
        self._tried = pointer
        return of_pointer(self._folder, pointer)

    def look(self) -> Rules | None:
        """Take up what is new, at once."""
        rules = self.found()
        if rules is not None:
            put_in_force(rules)
        return rules


def of_pointer(folder: Path, pointer: Pointer) -> Rules | None:
    """The rules of a release: those in force under another name where they are the same; None where it is in force already. Raises
    PackError."""
    now = rules_so_far()
    if now is None and not (folder / pointer.sha256).is_dir():
        # The packs of this version: nobody had to write them into the folder.
        now = current_rules()
    if now is not None and now.sha256 == pointer.sha256:
        return replace(now, release=pointer.release) if now.release != pointer.release else None
    return loaded(lambda: load_release(folder, pointer))


def is_whole(folder: Path, pointer: Pointer) -> bool:
    """Whether the files of a release lie in the folder as they were released."""
    here = folder / pointer.sha256
    try:
        return checksum(here / _PACKS, reference_rates.texts(here / _RATES)) == pointer.sha256
    except OSError:
        return False
