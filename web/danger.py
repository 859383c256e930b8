"""Words and numbers for a person in danger, looked up in contacts.json: they need nothing else to be alive."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from danger.table import Table, read_table
from web.i18n import Words

DOMAIN = "danger"
# A telephone number as packs write it: spaces or hyphens inside, two digits at least (France: 15, 17).
NUMBER = re.compile(r"(?<![\w.,+/-])\+?\d(?:[ \-\u00a0]?\d)+(?![\w/]|[.,-]\d)")
FEWEST_DIGITS_WITH_HYPHEN = 7


class Contacts:
    """The table of what is said in danger (danger/table.py), read again whenever its file changes. Never raises."""

    def __init__(self, file: Path, locales_dir: Path, default_country: str | None) -> None:
        """`default_country` is used while the country of a conversation is unknown."""
        self._file = file
        self._read_at: tuple[int, int] | None = None
        self._table = Table(lambda language, sentence: Words(locales_dir, language, DOMAIN)(sentence), {}, default_country)
        self._numbers: frozenset[str] = frozenset()

    def emergency(self, language: str, country: str | None, kind: str | None) -> list[str]:
        """Messages for a person who is surely in danger now: numbers first, nothing asked."""
        return self._now().emergency(language, country, kind)

    def hint(self, language: str, country: str | None, kind: str | None) -> str:
        """One line with numbers for a person who may be in danger."""
        return self._now().hint(language, country, kind)

    def unavailable(self, language: str, country: str | None) -> str:
        """What to say when the dialogue does not answer."""
        return self._now().unavailable(language, country)

    def numbers(self) -> frozenset[str]:
        """Every telephone number in the file, as it is written there."""
        self._now()
        return self._numbers

    def ready(self) -> bool:
        """True if local numbers are known."""
        return bool(self._now().content.get("emergency"))

    def _now(self) -> Table:
        """The table as the file is now. What was read before stands while it cannot be read: old numbers are better than none."""
        try:
            status = self._file.stat()
            read_at = (status.st_mtime_ns, status.st_size)
        except OSError:
            read_at = (0, 0)
        if self._read_at != read_at:
            self._read_at = read_at
            content = read_table(self._file)
            if content is not None:
                self._table = replace(self._table, content=content)
                self._numbers = frozenset(_numbers_in(content))
        return self._table


def is_telephone_number(text: str) -> bool:
    """True if a match of NUMBER can be one: a short text with a hyphen is a range of hours or ages."""
    return "-" not in text or sum(character.isdigit() for character in text) >= FEWEST_DIGITS_WITH_HYPHEN


def _numbers_in(value: Any) -> set[str]:
    if isinstance(value, str):
        return {match for match in NUMBER.findall(value) if is_telephone_number(match)}
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return {number for item in value for number in _numbers_in(item)}
    return set()
