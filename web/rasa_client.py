"""The Rasa server, seen from the gateway: understand a text, take a turn, wipe a conversation.

Every call has a deadline of its own. Parsing has its own connections: turns that hang must never delay the
look for danger.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

PARSE_SECONDS = 1.2
TURN_SECONDS = 6.0
WIPE_SECONDS = 2.0
READY_SECONDS = 2.0
# Below the 5 seconds after which the server closes an idle connection: reusing one it is just closing fails.
KEEP_ALIVE_SECONDS = 2.0
OWN_KEYS = {"text", "buttons", "kind", "fact"}


class RasaUnavailableError(RuntimeError):
    """Rasa did not answer in time, or not with what was agreed. Carries no text of the conversation."""


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


@dataclass(frozen=True)
class RasaMessage:
    """One response of the dialogue; buttons as (title, payload); `extra` holds further keys of its custom part."""

    text: str
    buttons: list[tuple[str, str]]
    kind: str
    fact: str | None
    extra: dict[str, Any] = field(default_factory=dict)


class RasaClient:
    """HTTP client of one Rasa server."""

    def __init__(self, url: str, actions_url: str, secret: str) -> None:
        """`secret`: content of the channel.secret file."""
        limits = httpx.Limits(
            max_connections=200, max_keepalive_connections=20, keepalive_expiry=KEEP_ALIVE_SECONDS
        )
        # trust_env=False: an HTTP_PROXY of the machine must never see a conversation.
        options: dict[str, Any] = {"limits": limits, "trust_env": False, "timeout": httpx.Timeout(10.0)}
        self._parsing = httpx.AsyncClient(base_url=url, **options)
        self._channel = httpx.AsyncClient(
            base_url=f"{url}/webhooks/gateway/", headers={"Authorization": f"Bearer {secret}"}, **options
        )
        self._health = httpx.AsyncClient(trust_env=False)
        self._status_url = f"{url}/status"
        self._actions_url = actions_url.removesuffix("/webhook") + "/health"

    async def parse(self, text: str) -> Parse:
        """Understand a text without a conversation and without its lock. Raises RasaUnavailableError."""
        try:
            async with asyncio.timeout(PARSE_SECONDS):
                response = await self._parsing.post("/model/parse", json={"text": text})
            return _read_parse(response)
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            raise RasaUnavailableError(f"parse: {type(error).__name__}") from None

    async def turn(self, body: dict[str, Any]) -> list[RasaMessage]:
        """Take one turn of a conversation; perhaps an empty list. Raises RasaUnavailableError."""
        try:
            async with asyncio.timeout(TURN_SECONDS):
                response = await self._channel.post("messages", json=body)
            return _read_messages(response)
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            raise RasaUnavailableError(f"turn: {type(error).__name__}") from None

    async def wipe(self, conversation: str) -> bool:
        """Forget a conversation in Rasa; False if Rasa could not be asked."""
        try:
            async with asyncio.timeout(WIPE_SECONDS):
                response = await self._channel.delete(f"conversations/{quote(conversation, safe='')}")
        except (httpx.HTTPError, TimeoutError):
            return False
        return response.status_code == 204

    async def keep(self, conversation: str, until: int) -> bool:
        """Let Rasa remember a conversation until a moment (seconds since 1970); False if it could not be asked."""
        try:
            async with asyncio.timeout(WIPE_SECONDS):
                response = await self._channel.put(f"conversations/{quote(conversation, safe='')}/until/{until}")
        except (httpx.HTTPError, TimeoutError):
            return False
        return response.status_code == 204

    async def rasa_ready(self) -> bool:
        """True if Rasa answers and has a model loaded."""
        return await self._answers(self._status_url)

    async def actions_ready(self) -> bool:
        """True if the action server answers."""
        return await self._answers(self._actions_url)

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
    danger = raw.get("danger")
    if not isinstance(danger, dict) or danger.get("level") not in ("sure", "unsure", "none"):
        raise _BadAnswerError("no danger level")
    intent = raw.get("intent")
    entities = raw.get("entities")
    return Parse(
        raw=raw,
        intent=intent.get("name") if isinstance(intent, dict) else None,
        entities=[e for e in entities if isinstance(e, dict)] if isinstance(entities, list) else [],
        danger_kind=danger.get("kind"),
        danger_level=danger["level"],
    )


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
        extra={key: value for key, value in item.items() if key not in OWN_KEYS},
    )
