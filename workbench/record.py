"""What is sealed of a case: its sheet, and what the client agreed to. It carries a version; what an older one wrote is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from workbench.form import NAME
from workbench.sheet import EMPTY, Sheet, as_json, from_json

#: 2: to whom it was handed over, and from whom it came.
VERSION = 2


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
class Given:
    """That a case was handed over: to whom or from whom, what for, on which day, and until when the receiver may keep it."""

    organisation: str
    purpose: str
    day: date
    until: date


@dataclass(frozen=True, slots=True)
class Record:
    """A case as members of its organisation see it. `given`: to whom it was handed over; `came`: from whom it came."""

    sheet: Sheet = EMPTY
    consents: tuple[Consent, ...] = ()
    given: tuple[Given, ...] = ()
    came: Given | None = None

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
        return {
            "version": VERSION,
            "sheet": as_json(self.sheet),
            "consents": consents,
            "given": [_written(one) for one in self.given],
            "came": _written(self.came) if self.came else None,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Record:
        """As it was sealed. Raises VersionError."""
        if raw["version"] > VERSION:
            raise VersionError(raw["version"])
        consents = (
            Consent(one["words"], one["language"], date.fromisoformat(one["day"]), date.fromisoformat(one["ended"]) if one["ended"] else None)
            for one in raw["consents"]
        )
        came = raw.get("came")
        return cls(from_json(raw["sheet"]), tuple(consents), tuple(map(_read, raw.get("given", ()))), _read(came) if came else None)


def _written(given: Given) -> dict[str, str]:
    return {"organisation": given.organisation, "purpose": given.purpose, "day": given.day.isoformat(), "until": given.until.isoformat()}


def _read(raw: Mapping[str, str]) -> Given:
    return Given(raw["organisation"], raw["purpose"], date.fromisoformat(raw["day"]), date.fromisoformat(raw["until"]))


def begun(name: str) -> Record:
    """A new case under a pseudonym."""
    return Record(Sheet({NAME: name}, {}))


def found(record: Record, wanted: str) -> bool:
    """Whether a search finds it: every word of it in the name, the notes or the facts as they are kept."""
    text = "\n".join(record.sheet.texts.values()).casefold()
    return all(word in text for word in wanted.casefold().split())
