"""People who write while something is broken, and what they see."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

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

    def __init__(self, url: str, country: str, language: str = "en") -> None:
        self._url = url
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
            answer = self._http.post(f"{self._url}/api/v1/conversations/{self.conversation}/messages", json={"text": text}, timeout=30)
            messages = answer.json().get("messages") or []
        except (requests.RequestException, ValueError):
            return Seen("nothing", time.monotonic() - begun)
        seconds = time.monotonic() - begun
        if not messages:
            return Seen("refused", seconds)
        number = _NUMBER.search(messages[0]["text"])
        return Seen(messages[0]["kind"], seconds, number.group() if number else None)
