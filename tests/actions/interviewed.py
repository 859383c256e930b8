"""The interview's actions after one another, as Rasa runs them, for tests that need no server."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from actions import forms
from actions.interview.state import InterviewState
from tests.actions.turns import TODAY
from tools.yardstick.ask import Dispatcher, Tracker


class Interviewed:
    """Somebody in the interview: a message is read by the form, then the next question is asked."""

    def __init__(
        self, patch: pytest.MonkeyPatch, case: dict[str, Any], asked: str | None, country: str = "DE", language: str = "en", today: date = TODAY
    ) -> None:
        patch.setattr(forms, "today", lambda: today)
        self._metadata = {"language": language, "country": country}
        start = InterviewState(adult_asked=True, adult=True, more_work_asked=True)
        self._slots: dict[str, Any] = {"case": case, "asked": asked, "interview": start.to_slot()}
        self.messages: list[dict[str, Any]] = []

    @property
    def case(self) -> dict[str, Any]:
        found: dict[str, Any] = self._slots["case"]
        return found

    @property
    def asked(self) -> str | None:
        """The open question of the interview."""
        found: str | None = self._slots["asked"]
        return found

    @asked.setter
    def asked(self, fact: str) -> None:
        self._slots["asked"] = fact

    @property
    def interview(self) -> InterviewState:
        return InterviewState.read(self._slots["interview"])

    @property
    def text(self) -> str:
        """All that was said to the latest message."""
        return "\n".join(message["text"] for message in self.messages)

    def write(self, text: str, intent: str = "inform", clauses: list[dict[str, Any]] | None = None) -> str:
        parse = {"intent": {"name": intent}, "entities": [], "danger": {"level": "none"}, "clauses": clauses or []}
        return self._turn({**parse, "text": text, "metadata": self._metadata})

    def press(self, title: str) -> str:
        """Press a button of the latest message that has buttons, by its title."""
        buttons = next(message["buttons"] for message in reversed(self.messages) if message["buttons"])
        payload = next(button["payload"] for button in buttons if button["title"] == title)
        intent, _sep, rest = payload[1:].partition("{")
        entities = [{"entity": name, "value": value} for name, value in json.loads("{" + rest).items()] if rest else []
        parse = {"intent": {"name": intent}, "entities": entities, "danger": {"level": "none"}, "clauses": []}
        return self._turn({**parse, "text": payload, "metadata": {**self._metadata, "button": True}})

    def _turn(self, message: dict[str, Any]) -> str:
        self.messages = []
        self._run(forms.ValidateEstimateForm(), message)
        self._run(forms.AskAnswer(), message)
        return self.text

    def _run(self, action: Any, message: dict[str, Any]) -> None:
        dispatcher = Dispatcher()
        for event in action.run(dispatcher, Tracker(message, self._slots, {"name": "estimate_form"}), {}):
            self._slots[event["name"]] = event["value"]
        self.messages += dispatcher.messages
