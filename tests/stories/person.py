"""A person who talks to the three real servers over HTTP, and the command that they are compared with."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

REPOSITORY = Path(__file__).parents[2]


@dataclass
class Person:
    """Somebody who chats: keeps the last answer, writes, and presses buttons by their words or value."""

    url: str
    language: str
    country: str | None = None
    conversation: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    understood: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        body = {"language": self.language, **({"country": self.country} if self.country else {})}
        answer = requests.post(f"{self.url}/api/v1/conversations", json=body, timeout=10)
        assert answer.ok, answer.text
        self.conversation = answer.json()["conversation"]

    def _send(self, body: dict[str, str], said: str) -> list[dict[str, Any]]:
        answer = requests.post(f"{self.url}/api/v1/conversations/{self.conversation}/messages", json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        self.messages, self.understood = answer.json()["messages"], answer.json()["understood"]
        assert self.messages, "a turn was answered with silence"
        self.transcript.append(f"> {said}")
        for message in self.messages:
            self.transcript.append(message["text"])
            if message["buttons"]:
                self.transcript.append("  " + " ".join(f"[{b['title']}]" for b in message["buttons"]))
        return self.messages

    def write(self, text: str) -> list[dict[str, Any]]:
        return self._send({"text": text}, text)

    def press(self, title: str) -> list[dict[str, Any]]:
        for message in reversed(self.messages):
            for button in message["buttons"]:
                if button["title"] == title:
                    return self._send({"button": button["button"]}, f"[{title}]")
        raise AssertionError(f"no button {title!r} in {[[b['title'] for b in m['buttons']] for m in self.messages]}")

    def case(self) -> dict[str, Any]:
        """The case file as understood so far."""
        answer = requests.get(f"{self.url}/api/v1/conversations/{self.conversation}/case", timeout=10)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    @property
    def text(self) -> str:
        return "\n".join(m["text"] for m in self.messages)

    @property
    def kinds(self) -> list[str]:
        return [m["kind"] for m in self.messages]

    @property
    def asked(self) -> str | None:
        """The fact that is asked now."""
        return next((m["fact"] for m in reversed(self.messages) if m.get("fact")), None)

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [m for m in self.messages if m["kind"] == kind]


def command_estimate(case: dict[str, Any], country: str, on: str, language: str = "en") -> dict[str, Any]:
    """What `redress estimate` says of the same facts, as a user of the command would see it."""
    answer = subprocess.run(
        [
            str(REPOSITORY / ".venv" / "bin" / "python"),
            "-m",
            "cli.main",
            "estimate",
            "-",
            "-j",
            country,
            "--on",
            on,
            "--language",
            language,
            "--format",
            "json",
        ],
        input=json.dumps(case),
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        check=True,
    )
    found: dict[str, Any] = json.loads(answer.stdout)["jurisdictions"][0]
    return found
