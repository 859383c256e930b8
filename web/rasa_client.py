"""The Rasa server, seen from the gateway: understand a text, take a turn.

Every call has a deadline of its own. Parsing has its own connections: turns that hang must never delay the
look for danger.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from envelope import Extras, Understood
from envelope.secret import SharedSecret

PARSE_SECONDS = 1.2
TURN_SECONDS = 7.0
READY_SECONDS = 2.0
# Below the 5 seconds after which the server closes an idle connection: reusing one it is just closing fails.
KEEP_ALIVE_SECONDS = 2.0
# The action of actions/ready.py. The domain only has to be there.
ASK_ACTIONS = {"next_action": "action_ready", "sender_id": "readiness", "domain": {"version": "3.1"}, "tracker": {"sender_id": "readiness"}}
OWN_KEYS = {"text", "buttons", "kind", "fact"}


class RasaUnavailableError(RuntimeError):
    """Rasa did not answer in time, or not with what was agreed. Carries no text of the conversation.

    `ended`: it surely does not work on what it was asked any more.
    """

    def __init__(self, what: str, ended: bool = True) -> None:
        super().__init__(what)
        self.ended = ended


class _BadAnswerError(ValueError):
    """Rasa answered with something else than what was agreed."""


@dataclass(frozen=True)
class Parse:
    """What Rasa understood. `raw` is its whole answer, handed back with the turn so that a text is read once."""

    raw: dict[str, Any]
    intent: str | None
    entities: list[dict[str, Any]]
    danger_kind: str | None
    danger_level: str
    danger_clear: bool = True

    def countries(self, text: str) -> list[tuple[str, str | None]]:
        """The countries a text names, each with what it is for (here, origin, now, other) where that is known."""
        return Understood.read(self.raw).countries(text)


@dataclass(frozen=True)
class RasaMessage:
    """One response of the dialogue; buttons as (title, payload); `extras`: what it carries for the gateway and for clients."""

    text: str
    buttons: list[tuple[str, str]]
    kind: str
    fact: str | None
    extras: Extras = field(default_factory=Extras)


class _WithSecret(httpx.Auth):
    """Sends the secret as it is now, with every request."""

    def __init__(self, secret: SharedSecret) -> None:
        self._secret = secret

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers.update(self._secret.headers())
        yield request


class RasaClient:
    """HTTP client of one Rasa server."""

    def __init__(self, url: str, actions_url: str, secret: SharedSecret) -> None:
        """`secret`: what Rasa and the action server know us by."""
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=20, keepalive_expiry=KEEP_ALIVE_SECONDS)
        # trust_env=False: an HTTP_PROXY of the machine must never see a conversation.
        auth = _WithSecret(secret)
        options: dict[str, Any] = {"limits": limits, "trust_env": False, "timeout": httpx.Timeout(10.0), "auth": auth}
        self._parsing = httpx.AsyncClient(base_url=url, **options)
        self._channel = httpx.AsyncClient(base_url=f"{url}/webhooks/gateway/", **options)
        self._health = httpx.AsyncClient(trust_env=False, auth=auth)
        self._status_url = f"{url}/status"
        self._actions_url = actions_url

    async def parse(self, text: str, seconds: float = PARSE_SECONDS) -> Parse:
        """Understand a text without a conversation and without its lock. Raises RasaUnavailableError."""
        try:
            async with asyncio.timeout(seconds):
                response = await self._parsing.post("/model/parse", json={"text": text})
            return _read_parse(response)
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            raise RasaUnavailableError(f"parse: {type(error).__name__}") from None

    async def turn(self, body: dict[str, Any], seconds: float = TURN_SECONDS) -> list[RasaMessage]:
        """Take one turn of a conversation; perhaps an empty list. Raises RasaUnavailableError."""
        try:
            async with asyncio.timeout(seconds):
                response = await self._channel.post("messages", json=body)
            return _read_messages(response)
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            late = isinstance(error, TimeoutError | httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout)
            raise RasaUnavailableError(f"turn: {type(error).__name__}", ended=not late) from None

    async def rasa_ready(self) -> bool:
        """True if Rasa has a model and understands a text with it."""
        if not await self._answers(self._status_url):
            return False
        try:
            await self.parse("hello", READY_SECONDS)
        except RasaUnavailableError:
            return False
        return True

    async def channel_ready(self) -> bool:
        """True if Rasa knows our secret and could take a turn: its own database, its locks and its way to the actions work."""
        try:
            async with asyncio.timeout(READY_SECONDS):
                parts = _json_object(await self._channel.get("ready"))
        except (httpx.HTTPError, TimeoutError, ValueError):
            return False
        return bool(parts) and all(works is True for works in parts.values())

    async def actions_ready(self) -> bool:
        """True if the action server answers an action at once: packs are read, and the words of every language compiled."""
        try:
            async with asyncio.timeout(READY_SECONDS):
                answer = _json_object(await self._health.post(self._actions_url, json=ASK_ACTIONS))
        except (httpx.HTTPError, TimeoutError, ValueError):
            return False
        return any((response.get("custom") or {}).get("ready") is True for response in answer.get("responses") or [])

    async def _answers(self, url: str) -> bool:
        try:
            async with asyncio.timeout(READY_SECONDS):
                return (await self._health.get(url)).status_code == 200
        except (httpx.HTTPError, TimeoutError):
            return False

    async def close(self) -> None:
        """Close all connections."""
        for client in (self._parsing, self._channel, self._health):
            await client.aclose()


def _json_object(response: httpx.Response) -> dict[str, Any]:
    if response.status_code != 200:
        raise _BadAnswerError(f"status {response.status_code}")
    value = response.json()
    if not isinstance(value, dict):
        raise _BadAnswerError("not a JSON object")
    return value


def _read_parse(response: httpx.Response) -> Parse:
    raw = _json_object(response)
    if not isinstance(raw.get("danger"), dict):
        raise _BadAnswerError("no danger level")
    return parse_of(raw)


def parse_of(raw: dict[str, Any]) -> Parse:
    """A parse as Rasa gave it. Raises EnvelopeError (a ValueError) when it is not what was agreed."""
    read = Understood.read(raw)
    return Parse(
        raw=raw,
        intent=read.intent or None,
        entities=list(read.entities),
        danger_kind=read.danger_kind,
        danger_level=read.danger_level,
        danger_clear=read.danger_clear,
    )


def doubted(parse: Parse) -> Parse:
    """The same parse with danger that is not clear as unsure, for a message to an open question: the dialogue sees first whether it is
    the answer, and a line of numbers stands above whatever else is said."""
    if parse.danger_level != "sure" or parse.danger_clear:
        return parse
    raw = {**parse.raw, "danger": {**parse.raw.get("danger", {}), "level": "unsure", "doubted": True}}
    return replace(parse, raw=raw, danger_level="unsure")


def _read_messages(response: httpx.Response) -> list[RasaMessage]:
    items = _json_object(response).get("messages")
    if not isinstance(items, list):
        raise _BadAnswerError("no list of messages")
    return [_read_message(item) for item in items if isinstance(item, dict)]


def _read_message(item: dict[str, Any]) -> RasaMessage:
    fact = item.get("fact")
    return RasaMessage(
        text=str(item.get("text") or ""),
        buttons=[
            (str(button["title"]), str(button["payload"]))
            for button in item.get("buttons") or []
            if isinstance(button, dict) and button.get("title") and button.get("payload")
        ],
        kind=str(item.get("kind") or "text"),
        fact=str(fact) if fact is not None else None,
        extras=Extras.read({key: value for key, value in item.items() if key not in OWN_KEYS}),
    )
