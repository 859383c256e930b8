"""Rasa input channel `gateway`: the only door for messages, open to whoever holds the channel secret.

`POST /webhooks/gateway/messages` answers a message. `GET /webhooks/gateway/ready` says whether a turn would be taken (bot/ready.py), and
by its 401 that the gateway has another secret. The gateway is the only caller; it issues the conversation ids, keeps the buttons, and deletes:
what the dialogue keeps is sealed with the conversation's own key, which is the gateway's to destroy.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import ready
from bot.actions_endpoint import start_turn, turn_failed
from bot.contacts import contacts, country_of
from bot.keys import read_keys
from bot.messages import IncomingMessage, MalformedMessageError, read_message
from bot.settings import read_settings
from bot.tracker_store import begin_turn
from envelope import calmed
from envelope.secret import SharedSecret

logger = logging.getLogger(__name__)

NAME = "gateway"


class CollectedResponses(OutputChannel):
    """Collects whole responses in order; Rasa's own collector splits text, buttons and custom apart."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name, as in responses with a `channel`."""
        return NAME

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one response: {"text", "buttons", "kind", "fact", other keys of `custom`}."""
        custom = dict(message.get("custom") or {})
        parts = custom.pop("messages", None) or [message.get("text") or ""]
        buttons = [b for b in message.get("buttons") or [] if isinstance(b, dict)]
        for number, part in enumerate(parts, start=1):
            last = number == len(parts)
            said = {"kind": "text", "fact": None, **custom, "text": part, "buttons": buttons if last else []}
            self.messages.append(said)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Keep a text that Rasa sends past `send_response`."""
        await self.send_response(recipient_id, {"text": text})


class GatewayChannel(InputChannel):
    """The channel; its secret is `channel.secret` in the data directory, or in REDRESS_CHANNEL_SECRET_FILE."""

    def __init__(self) -> None:
        self._secret = SharedSecret(read_settings().channel_secret_file, read_keys)

    @classmethod
    def name(cls) -> str:
        """The name, which is also the place under `/webhooks/`."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GatewayChannel:
        """Create the channel; credentials.yml only names it."""
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The two routes."""
        routes = Blueprint("gateway_channel")

        @routes.route("/messages", methods=["POST"])
        async def messages(request: Request) -> HTTPResponse:
            if not self._allowed(request):
                return response.json({"error": "the channel secret is wrong or missing"}, status=401)
            try:
                incoming = read_message(request.json)
            except (MalformedMessageError, InvalidUsage) as error:
                return response.json({"error": str(error)}, status=422)
            return response.json({"messages": await answer(incoming, request.app.ctx.agent, on_new_message)})

        @routes.route("/ready", methods=["GET"])
        async def is_ready(request: Request) -> HTTPResponse:
            if not self._allowed(request):
                return response.json({"error": "the channel secret is wrong or missing"}, status=401)
            return response.json(await ready.parts(request.app.ctx.agent))

        return routes

    def _allowed(self, request: Request) -> bool:
        return self._secret.accepts(request.headers.get("authorization"))


async def answer(incoming: IncomingMessage, agent: Any, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> list[dict[str, Any]]:
    """What the bot says to a message: never an error and never nothing."""
    start_turn()
    begin_turn(incoming.step)
    said = CollectedResponses()
    parse = incoming.parse
    try:
        if parse is None:
            parse = await agent.processor.parse_message(UserMessage(incoming.text))
            if incoming.metadata.get("held"):
                # The gateway could not have it read, and the person has said that it is no danger: we do not say the contrary.
                parse = calmed(parse)
        await on_new_message(
            UserMessage(
                incoming.text,
                said,
                incoming.conversation,
                parse_data=parse,
                input_channel=NAME,
                metadata=incoming.metadata,
            )
        )
    except Exception as error:  # whatever breaks, the person gets words and numbers
        # Only the kind of error: messages of errors can quote what somebody wrote.
        logger.error("A turn failed with %s and was answered from contacts.json.", type(error).__name__)
    if turn_failed():
        # A story kept and not read back, an answer without its question: a part is not shown as the whole. Without an answer the gateway
        # holds what was written, and the dialogue goes on from before it.
        said.messages.clear()
    return _complete(said.messages, (parse or {}).get("danger") or {}, incoming.metadata)


def _complete(said: list[dict[str, Any]], danger: dict[str, Any], metadata: dict[str, Any]) -> list[dict[str, Any]]:
    """The messages with the line of numbers where danger is unsure, and with words where there are none."""
    language, country, kind = str(metadata.get("language") or "en"), country_of(metadata), danger.get("kind")
    if not said:
        if danger.get("level") == "sure":
            return [_message("emergency", text) for text in contacts().emergency(language, country, kind)]
        said = [_message("unavailable", contacts().unavailable(language, country))]
    shown = metadata.get("danger_shown") or any(m["kind"] == "emergency" for m in said)
    if danger.get("level") == "unsure" and not shown:
        return [_message("emergency_hint", contacts().hint(language, country, kind)), *said]
    return said


def _message(kind: str, text: str) -> dict[str, Any]:
    return {"text": text, "buttons": [], "kind": kind, "fact": None}
