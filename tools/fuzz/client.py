"""A conversation over the HTTP API, as any client holds it: it knows what was answered, and nothing of what is behind."""

from __future__ import annotations

import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import requests

from tools.fuzz.steps import Opening, Step

#: The longest a turn may take and still be one: deadlines of the gateway are far below.
PATIENCE = 30.0
#: Between two looks for an answer that takes longer, and how often one that could not be kept is fetched.
LOOK_AGAIN_SECONDS, MOST_LOOKS = 0.2, 3
#: Answers whose buttons a person may go back to.
REMEMBERED = 12


@dataclass(frozen=True)
class Server:
    """What is tried, and which parts of the contract it has."""

    url: str
    #: A message may carry `id`: the same id again changes nothing.
    ids: bool = False
    #: Nothing is deleted before a message of kind `confirm` was answered with yes.
    confirms: bool = False
    #: Address of Rasa, which is asked only whether somebody has named a country by one of its cities.
    rasa: str | None = None

    def places(self, texts: tuple[str, ...]) -> set[str]:
        """The countries that Rasa finds in texts; none without its address."""
        found: set[str] = set()
        for text in texts if self.rasa is not None else ():
            answer = requests.post(f"{self.rasa}/model/parse", json={"text": text}, timeout=PATIENCE)
            if answer.status_code == requests.codes.ok:
                found |= {str(e["value"]) for e in answer.json().get("entities") or [] if e.get("entity") == "country"}
        return found


@dataclass(frozen=True)
class Seen:
    """One answer."""

    status: int
    messages: list[dict[str, Any]]
    understood: list[dict[str, Any]]
    seconds: float
    body: str

    @property
    def text(self) -> str:
        """All that is said."""
        return "\n".join(str(m.get("text")) for m in self.messages)

    @property
    def kinds(self) -> list[str]:
        """The kind of each message."""
        return [str(m.get("kind")) for m in self.messages]

    @property
    def comes_later(self) -> bool:
        """Whether the same id fetches the answer: it takes longer, or could not be kept, so that no button takes it up again."""
        return "wait" in self.kinds or self.status == requests.codes.ok and "unavailable" in self.kinds and not self.buttons

    @property
    def buttons(self) -> list[tuple[dict[str, Any], dict[str, str]]]:
        """Each button with its message."""
        return [(m, b) for m in self.messages for b in m.get("buttons") or []]

    @property
    def asked(self) -> str | None:
        """The fact that is asked."""
        return next((str(m["fact"]) for m in reversed(self.messages) if m.get("fact")), None)


@dataclass(frozen=True)
class Pressed:
    """A button that was pressed: its title, and kind and fact of its message."""

    title: str
    kind: str
    fact: str | None
    back: int


@dataclass(frozen=True)
class Moment:
    """One step with everything an invariant looks at. `case` is `{case, confirmed, read}`, None when the conversation is gone."""

    step: Step
    opening: Opening
    server: Server
    pressed: Pressed | None
    last: Seen | None
    before: dict[str, Any] | None
    seen: list[Seen]
    after: dict[str, Any] | None
    #: The conversation was deleted by the client before.
    gone: bool
    #: A part of the installation is broken now, or was since all was last well.
    broken: bool
    #: Everything the person wrote or pressed so far, this step among it.
    said: tuple[str, ...]
    #: Countries that stood in the case at any time.
    named: frozenset[str]
    #: The language of the answers so far; it changes only when that is asked for.
    language: str


@dataclass
class Talk:
    """One conversation."""

    server: Server
    opening: Opening
    http: requests.Session
    id: str = ""
    answers: list[Seen] = field(default_factory=list)
    case: dict[str, Any] | None = None
    gone: bool = False
    broken: bool = False
    said: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()
    language: str = ""
    _last_body: dict[str, str] = field(default_factory=dict)
    #: What was answered to it.
    _last_seen: Seen | None = None

    def __post_init__(self) -> None:
        self.language = self.opening.language
        self.id = self._begin()
        self.case = self._case()

    def do(self, step: Step) -> Moment | None:
        """Take a step; None when it cannot be taken (no such button any more)."""
        pressed: Pressed | None = None
        body: dict[str, str] = {}
        if step.do in ("write", "twice"):
            body = {"text": step.text}
        elif step.do == "press":
            found = self._button(step)
            if found is None:
                return None
            pressed, body = found
        elif step.do == "foreign":
            body = {"button": self._foreign()}
        elif step.do == "madeup":
            body = {"button": step.text}
        elif step.do == "again":
            if not self.answers or not self._last_body:
                return None
            body = self._last_body
        if step.do in ("write", "press", "twice"):
            self.said = (*self.said, step.text)
        last, before, gone = self.answers[-1] if self.answers else None, self.case, self.gone
        if step.do == "again":
            last = self._last_seen
        seen = self._seen(step, body)
        if body:
            self._last_seen = seen[-1]
        self.case = self._case()
        self.named |= _countries(self.case)
        moment = Moment(
            step, self.opening, self.server, pressed, last, before, seen, self.case, gone, self.broken, self.said, self.named, self.language
        )
        if step.do != "remove":
            self.answers = [*self.answers, seen[-1]][-REMEMBERED:]
        return moment

    def refresh(self) -> dict[str, Any] | None:
        """Read the case again, after something was broken."""
        self.case = self._case()
        return self.case

    def _seen(self, step: Step, body: dict[str, str]) -> list[Seen]:
        if step.do == "remove":
            self.gone = True
            return [self._send("DELETE", self.id)]
        if step.do == "raw":
            return [self._send("POST", f"{self.id}/messages", step.text.encode("ascii", "replace"))]
        if self.server.ids and step.do != "again":
            body = {**body, "id": uuid.uuid4().hex}
        content = json.dumps(body).encode()
        self._last_body = body
        if step.do == "twice":
            with ThreadPoolExecutor(2) as pool:
                both = list(pool.map(lambda _: self._send("POST", f"{self.id}/messages", content, own=True), range(2)))
            # Where one of the two was answered, that answer is the newer: it has taken up what the other left open.
            return sorted(both, key=lambda seen: "unavailable" not in seen.kinds)
        return [self._send("POST", f"{self.id}/messages", content)]

    def _send(self, method: str, path: str, content: bytes | None = None, own: bool = False) -> Seen:
        """The answer; one that takes longer, or was lost on its way, is fetched with the same id, as every client of the contract does."""
        begun = time.monotonic()
        seen = self._sent(method, path, content, own, begun)
        lost = 0
        while self.server.ids and seen.comes_later and lost < MOST_LOOKS and time.monotonic() - begun < PATIENCE:
            lost += "wait" not in seen.kinds
            time.sleep(LOOK_AGAIN_SECONDS)
            seen = self._sent(method, path, content, own, begun)
        return seen

    def _sent(self, method: str, path: str, content: bytes | None, own: bool, begun: float) -> Seen:
        ask = requests.Session() if own else self.http
        ask.trust_env = False
        try:
            answer = ask.request(
                method,
                f"{self.server.url}/api/v1/conversations/{path}",
                data=content,
                timeout=PATIENCE,
                headers={"Content-Type": "application/json", "Accept-Language": self.opening.language},
            )
        except requests.RequestException as error:
            return Seen(0, [], [], time.monotonic() - begun, type(error).__name__)
        seconds = time.monotonic() - begun
        try:
            read = answer.json()
        except ValueError:
            read = {}
        read = read if isinstance(read, dict) else {}
        return Seen(answer.status_code, read.get("messages") or [], read.get("understood") or [], seconds, answer.text[:2000])

    def _begin(self) -> str:
        body = {"language": self.opening.language, **({"country": self.opening.country} if self.opening.country else {})}
        self.http.trust_env = False
        answer = self.http.post(f"{self.server.url}/api/v1/conversations", json=body, timeout=PATIENCE)
        answer.raise_for_status()
        return str(answer.json()["conversation"])

    def _case(self) -> dict[str, Any] | None:
        try:
            answer = self.http.get(f"{self.server.url}/api/v1/conversations/{self.id}/case", timeout=PATIENCE)
        except requests.RequestException:
            return None
        found: dict[str, Any] | None = answer.json() if answer.status_code == requests.codes.ok else None
        return found

    def _button(self, step: Step) -> tuple[Pressed, dict[str, str]] | None:
        """The button with the step's title, first where it was, then in any other answer, the newest first."""
        shown = list(enumerate(reversed(self.answers)))
        for back, answer in sorted(shown, key=lambda one: (one[0] != step.back, one[0])):
            for message, button in reversed(answer.buttons):
                if button["title"] == step.text:
                    return Pressed(step.text, str(message.get("kind")), message.get("fact"), back), {"button": button["button"]}
        return None

    def _foreign(self) -> str:
        """A button of another conversation."""
        other = Talk(self.server, self.opening, self.http)
        seen = other.do(Step("write", "hello", "foreign"))
        buttons = seen.seen[0].buttons if seen is not None else []
        return buttons[-1][1]["button"] if buttons else "none"


def _countries(case: dict[str, Any] | None) -> set[str]:
    entries = [entry for name in ("exploitation", "work") for entry in (case or {}).get("case", {}).get(name) or []]
    return {str(entry["country"]) for entry in entries if isinstance(entry, dict) and entry.get("country")}


def probed(url: str, rasa: str | None = None) -> Server:
    """Which parts of the contract the server at `url` has. `rasa`: the address of its Rasa."""
    talk = Talk(Server(url), Opening("en", "DE"), requests.Session())
    bodies = [json.dumps({"text": "hello", "id": "probe"}).encode() for _ in range(2)]
    first, second = (talk._send("POST", f"{talk.id}/messages", body) for body in bodies)
    wish = talk.do(Step("write", "delete everything", "delete_data"))
    return Server(
        url,
        ids=bool(first.buttons) and first.messages == second.messages,
        confirms=wish is not None and "confirm" in wish.seen[0].kinds,
        rasa=rasa,
    )
