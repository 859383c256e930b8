"""Are told facts asked again? Each story over HTTP: it is confirmed, then up to twelve questions are answered with "I don't know"."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import requests

from calculator.translation import translator
from tools.yardstick.ask import Asker
from tools.yardstick.sets import load

QUESTIONS = 12
#: Facts of a story -> the question that would ask them again.
ASKED = {
    "country": "exploitation[0].country",
    "begin": "exploitation[0].start",
    "end": "exploitation[0].end",
    "hours_week": "work[0].hours_per_week",
    "paid": "work[0].paid",
    "form": "exploitation[0].forms",
    "adult": "chat.adult",
    "age": "chat.adult",
    "police": "procedure.reported_to_police",
    "violence": "exploitation[0].violence",
    "papers": "exploitation[0].documents_taken",
    "locked": "exploitation[0].freedom_restricted",
    "live_in": "work[0].live_in",
    "sector": "work[0].sector",
}


class Person:
    """Somebody who answers over HTTP; only buttons after the story."""

    def __init__(self, url: str, language: str) -> None:
        self._url, self._say = url, translator(language, "chat", "law", "danger", "web")
        answer = requests.post(f"{url}/api/v1/conversations", json={"language": language}, timeout=30).json()
        self._conversation = answer["conversation"]
        self.messages: list[dict[str, Any]] = []

    def send(self, body: dict[str, str]) -> None:
        """One message."""
        answer = requests.post(f"{self._url}/api/v1/conversations/{self._conversation}/messages", json=body, timeout=60)
        self.messages = answer.json()["messages"]

    def press(self, words: str) -> bool:
        """Press a button by its English words; False when it is not there."""
        title = self._say(words)
        found = next((b["button"] for m in self.messages for b in m["buttons"] if b["title"] == title), None)
        if found is not None:
            self.send({"button": found})
        return found is not None

    @property
    def asked(self) -> str | None:
        """The fact of the open question."""
        return next((m.get("fact") for m in reversed(self.messages) if m.get("fact")), None)


def again(asker: Asker, language: str) -> dict[str, list[int]]:
    """{measure: [hits, of]} of the stories of a language."""
    url = asker.gateway_url
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for item in load(language, "stories"):
        told = {ASKED[key] for key in item["facts"] if key in ASKED}
        if {"hours_day", "days_week"} <= set(item["facts"]):
            told.add(ASKED["hours_week"])
        person = Person(url, language)
        person.send({"text": item["text"]})
        person.press("I am safe: go on with what I wrote")
        while person.press("All right"):
            pass
        if not person.press("Money I can claim"):
            continue
        asked = []
        while (fact := person.asked) is not None and len(asked) < QUESTIONS:
            asked.append(fact)
            if not person.press("I don't know"):
                break
        found["told facts asked again, of those told"][0] += len(told & set(asked))
        found["told facts asked again, of those told"][1] += len(told)
        found["of the first twelve questions those that were told"][0] += sum(fact in told for fact in asked)
        found["of the first twelve questions those that were told"][1] += len(asked)
    return found
