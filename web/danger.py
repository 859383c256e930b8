"""Words and numbers for a person in danger, looked up in contacts.json: they need nothing else to be alive."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from danger.table import Table, TableFile
from web.i18n import Words

DOMAIN = "danger"
# A telephone number as packs write it: spaces or hyphens inside, two digits at least (France: 15, 17).
NUMBER = re.compile(r"(?<![\w.,+/-])\+?\d(?:[ \-\u00a0]?\d)+(?![\w/]|[.,-]\d)")
FEWEST_DIGITS_WITH_HYPHEN = 7


class Contacts:
    """The table of what is said in danger (danger/table.py), read again whenever its file changes. Never raises."""

    def __init__(self, file: Path, locales_dir: Path, default_country: str | None) -> None:
        """`default_country` is used while the country of a conversation is unknown."""
        self._file = TableFile(file, lambda language, sentence: Words(locales_dir, language, DOMAIN)(sentence), default_country)
        self._numbers: tuple[Table | None, frozenset[str]] = (None, frozenset())

    def emergency(self, language: str, country: str | None, kind: str | None) -> list[str]:
        """Messages for a person who is surely in danger now: numbers first, nothing asked."""
        return self._file.now().emergency(language, country, kind)

    def hint(self, language: str, country: str | None, kind: str | None) -> str:
        """One line with numbers for a person who may be in danger."""
        return self._file.now().hint(language, country, kind)

    def unavailable(self, language: str, country: str | None) -> str:
        """What to say when the dialogue does not answer."""
        return self._file.now().unavailable(language, country)

    def numbers(self) -> frozenset[str]:
        """Every telephone number in the file, as it is written there."""
        table = self._file.now()
        if self._numbers[0] is not table:
            self._numbers = (table, frozenset(_numbers_in(table.content)))
        return self._numbers[1]

    def ready(self) -> bool:
        """True if local numbers are known."""
        return bool(self._file.now().content.get("emergency"))


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
