"""People who write while something is broken, and what they see."""

from __future__ import annotations

import re
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import requests

DANGER = "help he is at the door with a knife he is going to kill me"
_NUMBER = re.compile(r"\b1\d\d\b|\b911\b|\b999\b")


@dataclass(frozen=True)
class Seen:
    """The first kind of message, after how many seconds, and the first number to call in it."""

    kind: str
    seconds: float
    number: str | None = None

    @property
    def answered(self) -> bool:
        """Whether the dialogue itself answered."""
        return self.kind not in ("unavailable", "emergency_hint", "nothing", "refused")


class Witness:
    """Somebody with a conversation, begun while all was well."""

    def __init__(self, url: str, country: str, language: str = "en", patience: float = 30) -> None:
        """`patience`: seconds after which no answer is none."""
        self._url, self._patience = url, patience
        self._http = requests.Session()
        self._http.trust_env = False
        body = {"language": language, "country": country}
        self.conversation = self._http.post(f"{url}/api/v1/conversations", json=body, timeout=30).json()["conversation"]

    def in_danger(self) -> Seen:
        """Write that there is danger now."""
        return self.writes(DANGER)

    def case(self) -> object:
        """What is kept of what she told; None when it cannot be had."""
        try:
            answer = self._http.get(f"{self._url}/api/v1/conversations/{self.conversation}/case", timeout=30)
            return answer.json() if answer.status_code == 200 else None
        except (requests.RequestException, ValueError):
            return None

    def writes(self, text: str) -> Seen:
        """Write, and say what came back."""
        begun = time.monotonic()
        try:
            path = f"/api/v1/conversations/{self.conversation}/messages"
            answer = self._http.post(f"{self._url}{path}", json={"text": text}, timeout=self._patience)
            messages = answer.json().get("messages") or []
        except (requests.RequestException, ValueError):
            return Seen("nothing", time.monotonic() - begun)
        seconds = time.monotonic() - begun
        if not messages:
            return Seen("refused", seconds)
        number = _NUMBER.search(messages[0]["text"])
        return Seen(messages[0]["kind"], seconds, number.group() if number else None)


class Answerer:
    """Somebody who answers one question after the other through the first gateway that answers, and begins anew when none is left."""

    THINKS_SECONDS = 1.0

    def __init__(self, urls: Sequence[str]) -> None:
        self._urls = list(urls)
        self._http = requests.Session()
        self._http.trust_env = False
        #: What was answered and acknowledged: the conversation and the fact.
        self.acknowledged: list[tuple[str, str]] = []
        #: How often an answer had to be sent again.
        self.again = 0

    def answer_until(self, over: threading.Event) -> None:
        """Answer until it is over."""
        while not over.is_set():
            conversation = self._call("POST", "/api/v1/conversations", {"language": "en", "country": "DE"}, over).get("conversation")
            question = self._sends(conversation, {"text": "how much money can i claim"}, over) if conversation else None
            while question is not None and not over.wait(self.THINKS_SECONDS):
                question = self._answers(str(conversation), question, over)

    def lost(self) -> int:
        """How many acknowledged answers are not kept."""
        kept: dict[str, set[str]] = {}
        for conversation, _ in self.acknowledged:
            if conversation not in kept:
                kept[conversation] = set(self._call("GET", f"/api/v1/conversations/{conversation}/case").get("confirmed") or ())
        return sum(fact not in kept[conversation] for conversation, fact in self.acknowledged)

    def _answers(self, conversation: str, question: dict[str, Any], over: threading.Event) -> dict[str, Any] | None:
        answer = self._sends(conversation, {"button": question["buttons"][0]["button"]}, over)
        # What is only asked in a conversation is in no case.
        if answer is not None and not over.is_set() and not question["fact"].startswith("chat."):
            self.acknowledged.append((conversation, question["fact"]))
        return answer

    def _sends(self, conversation: str, body: dict[str, str], over: threading.Event) -> dict[str, Any] | None:
        """The next question; None when there is none, or nothing was acknowledged before it was over."""
        path = f"/api/v1/conversations/{conversation}/messages"
        body = {**body, "id": uuid.uuid4().hex}
        while not over.is_set():
            messages = self._call("POST", path, body, over).get("messages") or [{}]
            last = messages[-1]
            if last.get("kind") in (None, "wait"):
                over.wait(0.3)
            elif last["kind"] == "unavailable":
                self.again += 1
                over.wait(0.3)
                body = {"button": last["buttons"][0]["button"], "id": uuid.uuid4().hex} if last.get("buttons") else body
            else:
                return last if last["kind"] == "question" and last.get("buttons") and last.get("fact") else None
        return None

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None, over: threading.Event | None = None) -> dict[str, Any]:
        """What the first gateway that answers says; nothing when none does before it is over."""
        while over is None or not over.is_set():
            try:
                answer = self._http.request(method, f"{self._urls[0]}{path}", json=body, timeout=10)
                if answer.status_code < 500:
                    found: dict[str, Any] = answer.json()
                    return found
            except (requests.RequestException, ValueError):
                pass
            self.again += 1
            self._urls.append(self._urls.pop(0))
            time.sleep(0.3)
        return {}
