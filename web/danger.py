"""Words and numbers for a person in danger, looked up in contacts.json: they need nothing else to be alive."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any

from web.i18n import Words

logger = logging.getLogger(__name__)

# A telephone number as packs write it: spaces or hyphens inside, two digits at least (France: 15, 17).
NUMBER = re.compile(r"(?<![\w.,+/-])\+?\d(?:[ \-\u00a0]?\d)+(?![\w/]|[.,-]\d)")
FEWEST_DIGITS_WITH_HYPHEN = 7


class Contacts:
    """contacts.json, read again whenever the file changes. A missing or broken file never raises.

    Look-up: language, then its base language, then English; country, then no country; kind, then any.
    """

    def __init__(self, file: Path, locales_dir: Path, default_country: str | None) -> None:
        """`default_country` is used while the country of a conversation is unknown."""
        self._file = file
        self._locales_dir = locales_dir
        self._default_country = default_country
        self._read_at: tuple[int, int] | None = None
        self._content: dict[str, Any] = {}
        self._numbers: frozenset[str] = frozenset()

    def emergency(self, language: str, country: str | None, kind: str | None) -> list[str]:
        """Messages for a person who is surely in danger now: numbers first, nothing asked."""
        found = self._emergency(language, country, kind).get("sure")
        if isinstance(found, list) and found:
            return [str(message) for message in found]
        _ = Words(self._locales_dir, language)
        return [_("Call 112 now if you can.")]

    def hint(self, language: str, country: str | None, kind: str | None) -> str:
        """One line with numbers for a person who may be in danger."""
        found = self._emergency(language, country, kind).get("hint")
        _ = Words(self._locales_dir, language)
        return str(found) if found else _("In danger now? Call 112.")

    def unavailable(self, language: str, country: str | None) -> str:
        """What to say when the dialogue does not answer."""
        found = _look_up(self._table("unavailable"), language, self._countries(country))
        _ = Words(self._locales_dir, language)
        return (
            str(found)
            if found
            else _("I cannot answer right now. Write again in a minute. In danger? Call 112.")
        )

    def numbers(self) -> frozenset[str]:
        """Every telephone number in the file, as it is written there."""
        self._refresh()
        return self._numbers

    def _emergency(self, language: str, country: str | None, kind: str | None) -> dict[str, Any]:
        kinds = _look_up(self._table("emergency"), language, self._countries(country))
        if not isinstance(kinds, dict):
            return {}
        found = kinds.get(kind or "any") or kinds.get("any")
        return found if isinstance(found, dict) else {}

    def _countries(self, country: str | None) -> list[str]:
        return [country or self._default_country or "", ""]

    def _table(self, name: str) -> dict[str, Any]:
        self._refresh()
        table = self._content.get(name)
        return table if isinstance(table, dict) else {}

    def _refresh(self) -> None:
        try:
            status = self._file.stat()
            if self._read_at == (status.st_mtime_ns, status.st_size):
                return
            content = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            # What was read before still stands: old numbers are better than none.
            logger.warning("contacts.json cannot be read: %s", type(error).__name__)
            return
        self._read_at = (status.st_mtime_ns, status.st_size)
        self._content = content if isinstance(content, dict) else {}
        self._numbers = frozenset(_numbers_in(self._content))


def is_telephone_number(text: str) -> bool:
    """True if a match of NUMBER can be one: a short text with a hyphen is a range of hours or ages."""
    return "-" not in text or sum(character.isdigit() for character in text) >= FEWEST_DIGITS_WITH_HYPHEN


def _look_up(table: dict[str, Any], language: str, countries: list[str]) -> Any:
    for name in (language, language.split("-")[0], "en"):
        by_country = table.get(name)
        if not isinstance(by_country, dict):
            continue
        for country in countries:
            if found := by_country.get(country):
                return found
    return None


def _numbers_in(value: Any) -> set[str]:
    if isinstance(value, str):
        return {match for match in NUMBER.findall(value) if is_telephone_number(match)}
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return {number for item in value for number in _numbers_in(item)}
    return set()
