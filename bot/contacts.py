"""Last line of defence: ready sentences with local numbers, looked up in ``contacts.json``.

``make build`` renders that file from the jurisdiction packs, so that danger is answered by a look-up when everything
else is dead. Look-up order: language, its base language, English; country, then none; kind, then any.
"""

from __future__ import annotations

import functools
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.catalogues import translate
from bot.settings import read_settings

logger = logging.getLogger(__name__)


def _(message: str) -> str:
    """Mark a sentence for the ``danger`` catalogue; it is translated where it is said."""
    return message


# Said only when contacts.json is missing or broken. 112 is free and known to every mobile network.
EMERGENCY_WITHOUT_CONTACTS = _("If you are in danger now, call 112 if you can. The call is free.")
UNAVAILABLE_WITHOUT_CONTACTS = _("Something went wrong on our side. Try again in a moment. If you are in danger now, call 112 if you can.")


@dataclass(frozen=True)
class Contacts:
    """The content of ``contacts.json``; an empty one still answers."""

    data: dict[str, Any]

    def emergency(self, language: str, country: str | None, kind: str | None) -> list[str]:
        """Return the messages for sure danger, at least one, in order."""
        messages = self._emergency(language, country, kind).get("sure")
        return list(messages) if messages else [translate("danger", language, EMERGENCY_WITHOUT_CONTACTS)]

    def hint(self, language: str, country: str | None, kind: str | None) -> str:
        """Return the one line for unsure danger."""
        found = self._emergency(language, country, kind).get("hint")
        return found or translate("danger", language, EMERGENCY_WITHOUT_CONTACTS)

    def unavailable(self, language: str, country: str | None) -> str:
        """Return the message for a turn that would end in silence."""
        places = self._places("unavailable", language, country)
        return next(iter(places), "") or translate("danger", language, UNAVAILABLE_WITHOUT_CONTACTS)

    def _emergency(self, language: str, country: str | None, kind: str | None) -> dict[str, Any]:
        for place in self._places("emergency", language, country):
            for key in (kind, "any"):
                if key and isinstance(place.get(key), dict):
                    return place[key]
        return {}

    def _places(self, part: str, language: str, country: str | None) -> list[Any]:
        """Return what the file holds for the country and for no country, best language first."""
        languages = self.data.get(part) or {}
        found = []
        for name in dict.fromkeys((language, language.split("-")[0].split("_")[0], "en")):
            for place in dict.fromkeys((country or "", "")):
                value = (languages.get(name) or {}).get(place)
                if value:
                    found.append(value)
        return found


def load_contacts(path: Path) -> Contacts:
    """Return the contacts in ``path``; a missing or broken file is logged once and gives the built-in sentences."""
    try:
        data = json.loads(path.read_text("utf-8"))
        if not isinstance(data, dict):
            raise ValueError("not an object")
    except (OSError, ValueError) as error:
        logger.error("%s cannot be read (%s): danger is answered with 112 only. Run make build.", path.name, type(error).__name__)
        data = {}
    return Contacts(data)


@functools.cache
def contacts() -> Contacts:
    """Return the contacts of this installation, read once."""
    return load_contacts(read_settings().contacts_file)


def country_of(metadata: dict[str, Any]) -> str:
    """Return the country a message came with, else the installation's own, else ""; regions are cut off."""
    country = metadata.get("country")
    return str(country).split("-")[0].upper() if country else read_settings().default_country
