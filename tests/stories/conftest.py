"""The three real servers, started once for all stories, and a person who talks to them over HTTP."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from calculator.api import contacts_by_country
from calculator.emergency import contacts_document
from calculator.translation import languages
from cli.stack import Ports, Stack

REPOSITORY = Path(__file__).parents[2]
MODEL = REPOSITORY / "models" / "redress.tar.gz"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Rasa, the action server and the gateway on ports and a data folder of their own; ended by process group."""
    with running(tmp_path_factory.mktemp("redress")) as started:
        yield started


@pytest.fixture
def own_stack(tmp_path: Path) -> Iterator[Stack]:
    """Three servers for one test that breaks one of them."""
    with running(tmp_path) as started:
        yield started


@contextmanager
def running(data: Path) -> Iterator[Stack]:
    if not MODEL.exists():
        if os.environ.get("CI"):
            pytest.fail("The model is not trained; `make build` trains it.")
        pytest.skip("The model is not trained; `make build` trains it.")
    document = contacts_document(contacts_by_country(), languages())
    (data / "contacts.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    with Stack(data, Ports(free_port(), free_port(), free_port()), say=lambda line: None) as started:
        yield started


@dataclass
class Person:
    """Somebody who chats: keeps the last answer, writes, and presses buttons by their words or value."""

    url: str
    language: str
    country: str | None = None
    conversation: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        body = {"language": self.language, **({"country": self.country} if self.country else {})}
        answer = requests.post(f"{self.url}/api/v1/conversations", json=body, timeout=10)
        assert answer.ok, answer.text
        self.conversation = answer.json()["conversation"]

    def _send(self, body: dict[str, str], said: str) -> list[dict[str, Any]]:
        answer = requests.post(f"{self.url}/api/v1/conversations/{self.conversation}/messages", json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        self.messages = answer.json()["messages"]
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


@pytest.fixture
def person(stack: Stack) -> Any:
    def begin(language: str = "en", country: str | None = None) -> Person:
        return Person(stack.url, language, country)

    return begin


def command_estimate(case: dict[str, Any], country: str, on: str, language: str = "en") -> dict[str, Any]:
    """What `redress estimate` says of the same facts, as a user of the command would see it."""
    answer = subprocess.run(
        [str(REPOSITORY / ".venv" / "bin" / "python"), "-m", "cli.main", "estimate", "-", "-j", country, "--on", on,
         "--language", language, "--format", "json"],
        input=json.dumps(case), capture_output=True, text=True, cwd=REPOSITORY, check=True)
    found: dict[str, Any] = json.loads(answer.stdout)["jurisdictions"][0]
    return found
