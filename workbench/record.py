"""What is sealed of a case: its sheet, and what the client agreed to. It carries a version; what an older one wrote is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from workbench.form import NAME
from workbench.sheet import EMPTY, Sheet, as_json, from_json

VERSION = 1


class VersionError(ValueError):
    """A newer program wrote this case."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What the client agreed to, in the words and the language in which it was read out, and on which day; `ended`: when it was taken back."""

    words: str
    language: str
    day: date
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A case as members of its organisation see it."""

    sheet: Sheet = EMPTY
    consents: tuple[Consent, ...] = ()

    @property
    def name(self) -> str:
        """The pseudonym."""
        return self.sheet.texts.get(NAME, "")

    @property
    def consent(self) -> Consent | None:
        """What holds now; None without a consent, or when it was taken back."""
        return next((one for one in reversed(self.consents) if one.ended is None), None)

    def agreed(self, consent: Consent) -> Record:
        """With a new consent."""
        return replace(self, consents=(*self.consents, consent))

    def taken_back(self, day: date) -> Record:
        """Without any consent from a day on."""
        return replace(self, consents=tuple(replace(one, ended=one.ended or day) for one in self.consents))

    def as_json(self) -> dict[str, Any]:
        """As it is sealed."""
        consents = [
            {"words": one.words, "language": one.language, "day": one.day.isoformat(), "ended": one.ended.isoformat() if one.ended else None}
            for one in self.consents
        ]
        return {"version": VERSION, "sheet": as_json(self.sheet), "consents": consents}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Record:
        """As it was sealed. Raises VersionError."""
        if raw["version"] > VERSION:
            raise VersionError(raw["version"])
        consents = (
            Consent(one["words"], one["language"], date.fromisoformat(one["day"]), date.fromisoformat(one["ended"]) if one["ended"] else None)
            for one in raw["consents"]
        )
        return cls(from_json(raw["sheet"]), tuple(consents))


def begun(name: str) -> Record:
    """A new case under a pseudonym."""
    return Record(Sheet({NAME: name}, {}))


def found(record: Record, wanted: str) -> bool:
    """Whether a search finds it: every word of it in the name, the notes or the facts as they are kept."""
    text = "\n".join(record.sheet.texts.values()).casefold()
    return all(word in text for word in wanted.casefold().split())
