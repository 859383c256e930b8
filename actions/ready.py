"""What tells that this server can answer at once: an action that no dialogue predicts, asked for by whoever watches."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.warm import is_warm


class Ready(Action):
    """Says whether packs are read and the words of every language compiled, in the process that answers."""

    def name(self) -> str:
        return "action_ready"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        dispatcher.utter_message(json_message={"ready": is_warm()})
        return []
