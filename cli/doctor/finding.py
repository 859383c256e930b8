"""What the doctor has to say of one part."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is. Only `WRONG` makes the command fail."""

    OK = "ok"
    #: Nothing to mend, but good to know: servers that are not started, files that the first start makes.
    NOTE = "note"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One part, how it is, and how to mend it where that is needed."""

    part: str
    level: Level
    found: str
    fix: str = ""

    def __str__(self) -> str:
        """For people: one line, and how to mend it below."""
        line = f"{self.level.value:<8} {self.part}: {self.found}"
        return f"{line}\n{'':<8} -> {self.fix}" if self.fix else line

    def as_json(self) -> dict[str, str]:
        """For scripts."""
        return asdict(self)


def ok(part: str, found: str) -> Finding:
    """A part that is in order."""
    return Finding(part, Level.OK, found)


def note(part: str, found: str, fix: str = "") -> Finding:
    """Something good to know."""
    return Finding(part, Level.NOTE, found, fix)


def warning(part: str, found: str, fix: str) -> Finding:
    """Something that works and should not stay so."""
    return Finding(part, Level.WARNING, found, fix)


def wrong(part: str, found: str, fix: str) -> Finding:
    """Something that keeps people from their answers, or their words from being safe."""
    return Finding(part, Level.WRONG, found, fix)
