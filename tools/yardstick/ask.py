"""The dialogue's own code, given one message at one point of the interview, with Rasa's real reading of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import requests

from actions import forms
from actions.interview.state import InterviewState
from actions.turn import so_far
from tools.yardstick.grade import TODAY

forms.today = lambda: TODAY


@dataclass
class Tracker:
    """What rasa-sdk gives an action: the latest message, slots, the active loop."""

    latest_message: dict[str, Any]
    slots: dict[str, Any]
    active_loop: dict[str, Any]

    def get_slot(self, name: str) -> Any:
        return self.slots.get(name)


@dataclass
class Dispatcher:
    """Collects what an action says."""

    messages: list[dict[str, Any]] = field(default_factory=list)

    def utter_message(self, text: str, buttons: list[Any], json_message: dict[str, Any]) -> None:
        self.messages.append({"text": text, "buttons": buttons, **json_message})


@dataclass
class Heard:
    """What became of one message: the slots after it, what was said, Rasa's reading."""

    case: dict[str, Any]
    interview: InterviewState
    messages: list[dict[str, Any]]
    parse: dict[str, Any]

    @property
    def told(self) -> dict[str, Any]:
        """The case with what was read (contract: GET .../case)."""
        return so_far(self.case, self.interview)

    @property
    def level(self) -> str:
        return str(self.parse["danger"]["level"])


class Asker:
    """Reads texts with a Rasa server and gives them to the interview."""

    def __init__(self, rasa_url: str, gateway_url: str = "") -> None:
        #: Where whole conversations are held.
        self.gateway_url = gateway_url
        self._session = requests.Session()
        self._url = f"{rasa_url}/model/parse"

    def parse(self, text: str) -> dict[str, Any]:
        answer: dict[str, Any] = self._session.post(self._url, json={"text": text}, timeout=60).json()
        return answer

    def at(self, fact: str | None, text: str, language: str, country: str | None = "DE", case: dict[str, Any] | None = None) -> Heard:
        """A text typed when `fact` is asked; None: outside the interview."""
        parse = self.parse(text)
        if fact and not parse["danger"].get("clear", True) and parse["danger"]["level"] == "sure":
            # As the gateway does: an open question outweighs danger that is not clear.
            parse = {**parse, "danger": {**parse["danger"], "level": "unsure"}}
        message = {**parse, "text": text, "metadata": {"language": language, **({"country": country} if country else {})}}
        start = InterviewState(adult_asked=fact != "chat.adult", more_work_asked=False)
        slots = {
            "case": case if case is not None else {"exploitation": [{"country": country}], "work": [{"country": country}]} if fact else {},
            "asked": fact,
            "interview": start.to_slot() if fact else None,
        }
        tracker = Tracker(message, slots, {"name": "estimate_form"} if fact else {})
        dispatcher = Dispatcher()
        action = forms.ValidateEstimateForm() if fact else forms.AnswerTopic()
        events = action.run(dispatcher, tracker, {})  # type: ignore[arg-type]
        after = {e["name"]: e["value"] for e in events if e.get("event") == "slot"}
        return Heard(after.get("case") or {}, InterviewState.read(after.get("interview")), dispatcher.messages, parse)
