"""What is said in danger and when nothing answers: finished sentences with local numbers, looked up in `contacts.json`.

`make build` writes that file from the jurisdiction packs (calculator/emergency.py). Gateway and Rasa read it by this one rule:
language, its base language, English; country, then no country; kind, then any. Without the file the words name 112, 911 and the country's own.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)

#: (language, source sentence) -> the sentence of the `danger` catalogue in that language.
Translate = Callable[[str, str], str]


def _(message: str) -> str:
    """Marks a sentence of the `danger` catalogue; it is translated where it is said."""
    return message


# In 43 of the 57 States one of the two is an emergency number (calculator/hotlines.yaml and the packs); the other 14 have only their own.
WITHOUT_TABLE = _("In danger now? Call 112 or 911, or the emergency number of the country you are in.")
SORRY = _("I cannot answer right now. That is not your fault. Try again in a few minutes.")
_NOTHING: dict[str, Any] = {}


@dataclass(frozen=True)
class Table:
    """The content of `contacts.json`; an empty one still answers."""

    translate: Translate
    content: dict[str, Any] = field(default_factory=dict)
    #: Whose numbers are told while the country of a conversation is not known.
    default_country: str | None = None

    def emergency(self, language: str, country: str | None, kind: str | None) -> list[str]:
        """Messages for a person who is surely in danger now, at least one: numbers first, nothing asked."""
        found = self._emergency(language, country, kind).get("sure")
        messages = [str(message) for message in found if message] if isinstance(found, list) else []
        return messages or [self.translate(language, WITHOUT_TABLE)]

    def hint(self, language: str, country: str | None, kind: str | None) -> str:
        """One line with numbers for a person who may be in danger."""
        found = self._emergency(language, country, kind).get("hint")
        return str(found) if found else self.translate(language, WITHOUT_TABLE)

    def unavailable(self, language: str, country: str | None) -> str:
        """What to say when the dialogue does not answer."""
        found = next((value for value in self._places("unavailable", language, country) if isinstance(value, str)), None)
        return found or "\n".join(self.translate(language, sentence) for sentence in (SORRY, WITHOUT_TABLE))

    def _emergency(self, language: str, country: str | None, kind: str | None) -> dict[str, Any]:
        for kinds in self._places("emergency", language, country):
            for key in (kind, "any"):
                if key and isinstance(kinds, dict) and isinstance(kinds.get(key), dict):
                    return dict(kinds[key])
        return _NOTHING

    def _places(self, part: str, language: str, country: str | None) -> Iterator[Any]:
        """What the table holds for the country and for no country, best language first."""
        languages = self.content.get(part)
        for name in dict.fromkeys((language, language.replace("_", "-").split("-")[0], "en")):
            places = languages.get(name) if isinstance(languages, dict) else None
            for place in dict.fromkeys((country or self.default_country or "", "")):
                if isinstance(places, dict) and places.get(place):
                    yield places[place]


def read_table(path: Path) -> dict[str, Any] | None:
    """The content of a table; None when the file is missing or cannot be read, which is logged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise ValueError("not an object")
    except (OSError, ValueError) as error:
        logger.error("%s cannot be read (%s): local numbers are not known. Run make build.", path.name, type(error).__name__)
        return None
    return content


class TableFile:
    """The table in a file, read again whenever the file changes: a release of the rules writes it anew. Never raises."""

    def __init__(self, path: Path, translate: Translate, default_country: str | None = None) -> None:
        self._path = path
        self._read_at: tuple[int, int, int] | None = None
        self._table = Table(translate, {}, default_country)

    def now(self) -> Table:
        """The table as the file is now. What was read before stands while it cannot be read: old numbers are better than none."""
        try:
            status = self._path.stat()
            read_at = (status.st_mtime_ns, status.st_size, status.st_ino)
        except OSError:
            read_at = (0, 0, 0)
        if self._read_at != read_at:
            self._read_at = read_at
            content = read_table(self._path)
            if content is not None:
                self._table = replace(self._table, content=content)
        return self._table
