"""Errors that teach: each names the place, what was found and how to mend it.

Message and fix are English source strings of the `law` catalogue with named placeholders; they are
translated first and filled in afterwards, so that a Vietnamese reader gets a Vietnamese sentence.
"""

from __future__ import annotations

from collections.abc import Callable

Translate = Callable[[str], str]


def _same(text: str) -> str:
    return text


class RedressError(Exception):
    """Base of every error this project raises on purpose. `values` fill the placeholders of both texts."""

    place: dict[str, str]

    def __init__(self, message: str, fix: str, **values: object) -> None:
        super().__init__(message)
        self._message = message
        self._fix = fix
        self.values = values
        self.place = {}

    @property
    def message(self) -> str:
        return self.said(_same)[0]

    @property
    def fix(self) -> str:
        return self.said(_same)[1]

    def said(self, translate: Translate) -> tuple[str, str]:
        """What is wrong, and how to mend it, in the language of `translate`."""
        return translate(self._message).format(**self.values), translate(self._fix).format(**self.values)

    def as_json(self, translate: Translate = _same) -> dict[str, dict[str, str]]:
        """The error shape of `contract.md`."""
        message, fix = self.said(translate)
        return {"error": {**self.place, "message": message, "fix": fix}}

    def __str__(self) -> str:
        return ": ".join([*(v for v in self.place.values() if v), f"{self.message} {self.fix}"])


class CaseError(RedressError):
    """A case file that cannot be used. `fact` is the path of the fact, such as `work[0].hours_per_week`."""

    def __init__(self, fact: str, message: str, fix: str, **values: object) -> None:
        super().__init__(message, fix, **values)
        self.fact = fact
        self.place = {"fact": fact}


class PackError(RedressError):
    """A fault in a jurisdiction pack. `file` is relative to the packs folder, `field` a path in it."""

    def __init__(self, file: str, field: str, message: str, fix: str, **values: object) -> None:
        super().__init__(message, fix, **values)
        self.file = file
        self.field = field
        self.place = {"file": file, "field": field}
