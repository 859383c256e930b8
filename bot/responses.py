"""Rasa response generator: `utter_*` responses are English source strings, translated before interpolation."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.catalogues import Catalogues, shared_catalogues
from bot.contacts import contacts, contacts_in, country_of
from danger.table import Table

EMERGENCY_RESPONSE = "utter_emergency"
UNAVAILABLE_RESPONSE = "utter_unavailable"

_PLACEHOLDER = re.compile(r"{(\w+)}")


class TranslatedResponses(TemplatedNaturalLanguageGenerator):
    """Says responses in the language of the latest message's metadata.

    `utter_emergency` and `utter_unavailable` come from `contacts.json` by kind, country and language. Their
    paragraphs are kept apart in `custom.messages` so that the channel can deliver each as one message.
    """

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        """Read the catalogues. `locales` and `contacts` in endpoints.yml name other files (tests)."""
        super().__init__(domain.responses if domain else {})
        places = endpoint_config.kwargs if endpoint_config else {}
        self._catalogues = Catalogues(Path(places["locales"])) if "locales" in places else shared_catalogues()
        self._contacts: Callable[[], Table] = contacts_in(Path(places["contacts"])).now if "contacts" in places else contacts

    async def generate(self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any) -> dict[str, Any] | None:
        """The response as {"text", "buttons", "custom", ...}, or None when the domain has none."""
        message = tracker.latest_message
        metadata = (message.metadata if message else None) or {}
        language = str(metadata.get("language") or "en")
        if utter_action == EMERGENCY_RESPONSE:
            danger = (message.parse_data.get("danger") if message else None) or {}
            parts = self._contacts().emergency(language, country_of(metadata), danger.get("kind"))
            return _spoken("emergency", parts)
        if utter_action == UNAVAILABLE_RESPONSE:
            return _spoken("unavailable", [self._contacts().unavailable(language, country_of(metadata))])
        slots = tracker.current_slot_values()
        response = copy.deepcopy(self._random_response_for(utter_action, output_channel, slots))
        if response is None:
            return None
        domain = "danger" if utter_action.startswith((EMERGENCY_RESPONSE, UNAVAILABLE_RESPONSE)) else "chat"
        return self._fill_response(self._translated(response, domain, language), slots, **kwargs)

    def _translated(self, response: dict[str, Any], domain: str, language: str) -> dict[str, Any]:
        if response.get("text"):
            response["text"] = self._catalogues.translate(domain, language, response["text"])
        for button in response.get("buttons") or []:
            button["title"] = self._catalogues.translate(domain, language, button.get("title", ""))
        return response

    def _fill_response(self, response: dict[str, Any], filled_slots: dict[str, Any] | None = None, **kwargs: Any) -> dict[str, Any]:
        """Put slots and arguments in place of {names}.

        Unlike Rasa's own, only a bare {name} is a placeholder, so that the JSON of a button's payload is left alone.
        """
        values = self._response_variables(filled_slots or {}, kwargs)
        return {key: _interpolated(value, values) for key, value in response.items()}


def _spoken(kind: str, parts: list[str]) -> dict[str, Any]:
    return {"text": "\n\n".join(parts), "custom": {"kind": kind, "messages": parts}}


def _interpolated(part: Any, values: dict[str, Any]) -> Any:
    """The part of a response with every known placeholder filled; an empty slot gives an empty word."""
    if isinstance(part, dict):
        return {key: _interpolated(value, values) for key, value in part.items()}
    if isinstance(part, list):
        return [_interpolated(value, values) for value in part]
    if not isinstance(part, str):
        return part

    def fill(match: re.Match[str]) -> str:
        if match[1] not in values:
            return match[0]
        value = values[match[1]]
        return "" if value is None else str(value)

    return _PLACEHOLDER.sub(fill, part)
