"""The files of packs as plain data, parsed once: what YAML says, before anything is known of packs."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from calculator import yaml12
from calculator.engine.figures import reference_rates
from calculator.errors import PackError
from calculator.files import write_whole

PACKS = Path(__file__).parent.parent / "jurisdictions"
#: Files of packs that were parsed before, one file a pack.
PARSED = PACKS.parent.parent / "build" / "parsed"
_YAML_FAULTS = {
    "too_large": ("This file is too large.", "Split it; a file stays below two million characters."),
    "aliases": ("This file uses YAML anchors.", "Write each value out where it stands."),
    "twice": ("Two entries beside each other have the same name (near line {line}).", "Remove one, or rename it."),
    "syntax": ("This file is not valid YAML (near line {line}).", "Check indentation, colons and quotes around that line."),
}


def pack_folders(root: Path = PACKS) -> list[Path]:
    return sorted(p for p in root.iterdir() if (p / "jurisdiction.yaml").is_file())


def raw_pack(folder: Path) -> dict[str, Any]:
    """The YAML of one pack by relative file name. Raises PackError for text that is no YAML."""
    files: dict[str, Any] = {}
    with Parsed(folder) as parsed:
        for path in sorted(folder.rglob("*.yaml")):
            files |= parsed.file(path)
    return files


class Parsed:
    """The files of one pack, parsed: a file whose text was parsed before is not parsed again, which takes ten times as long as all else.

    What is kept (build/parsed) is that of the packs in the repository; copies of them use it. As a context: kept at its end.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._memory = PARSED / f"{folder.name}.json"
        self._known: dict[str, Any] = {}
        self._used: dict[str, Any] = {}
        self._new = False

    def __enter__(self) -> Parsed:
        with contextlib.suppress(OSError, ValueError):
            self._known = dict(json.loads(self._memory.read_text(encoding="utf-8")))
        return self

    def __exit__(self, *_error: object) -> None:
        if self._new and self._folder.parent == PACKS:
            with contextlib.suppress(OSError):
                write_whole(self._memory, json.dumps(self._used))

    def file(self, path: Path) -> dict[str, Any]:
        """The YAML of one file under its name in the pack. Raises PackError."""
        name = f"{self._folder.name}/{path.relative_to(self._folder).as_posix()}"
        try:
            text = path.read_text(encoding="utf-8")
            sha = hashlib.sha256(f"{yaml12.VERSION} {text}".encode()).hexdigest()
            if sha not in self._known:
                # As it will be read from the memory: names of entries are text.
                self._known[sha] = json.loads(json.dumps(yaml12.load(text)))
                self._new = True
        except yaml12.YamlFaultError as fault:
            message, fix = _YAML_FAULTS[fault.reason]
            raise PackError(name, "", message, fix, line=fault.line) from fault
        except UnicodeDecodeError as error:
            raise PackError(name, "", "This file is not UTF-8 text.", "Save it as UTF-8.") from error
        except TypeError as error:
            raise PackError(name, "", "This file has an entry whose name is not text.", "Write names as plain words.") from error
        self._used[sha] = self._known[sha]
        return {name: self._known[sha]}


def checksum(root: Path = PACKS, rates: reference_rates.Texts | None = None) -> str:
    """SHA-256 over names and contents of all pack files, and over the table of reference rates by its index."""
    return checksum_of(pack_files(root), rates or reference_rates.texts())


def pack_files(root: Path = PACKS) -> dict[str, bytes]:
    """All files of packs by their path below the root."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.yaml")}


def checksum_of(files: Mapping[str, bytes], rates: reference_rates.Texts) -> str:
    """The same over files by name, in whatever order they come."""
    digest = hashlib.sha256()
    for name in sorted(files, key=PurePosixPath):
        digest.update(name.encode() + b"\0" + files[name] + b"\0")
    for name in reference_rates.NAMES:
        digest.update(f"reference_rates/{name}".encode() + b"\0" + rates[name] + b"\0")
    return digest.hexdigest()
