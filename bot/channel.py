"""Rasa input channel ``gateway``: the only door for messages, open to whoever holds the channel secret.

``POST /webhooks/gateway/messages`` answers a message, ``DELETE /webhooks/gateway/conversations/<id>`` wipes a conversation, and
``PUT /webhooks/gateway/conversations/<id>/until/<seconds since 1970>`` lets one last longer than its idle time.
The gateway is the only caller; it issues the conversation ids and keeps the buttons.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.actions_endpoint import start_turn
from bot.contacts import contacts, country_of
from bot.keys import read_keys
from bot.messages import IncomingMessage, MalformedMessageError, read_message
from bot.settings import read_settings
from envelope.secret import SharedSecret

logger = logging.getLogger(__name__)

NAME = "gateway"


class CollectedResponses(OutputChannel):
    """Collects whole responses in order; Rasa's own collector splits text, buttons and custom apart."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, as in responses with a ``channel``."""
        return NAME

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one response: {"text", "buttons", "kind", "fact", other keys of ``custom``}."""
        custom = dict(message.get("custom") or {})
        parts = custom.pop("messages", None) or [message.get("text") or ""]
        buttons = [b for b in message.get("buttons") or [] if isinstance(b, dict)]
        for number, part in enumerate(parts, start=1):
            last = number == len(parts)
            said = {"kind": "text", "fact": None, **custom, "text": part, "buttons": buttons if last else []}
            self.messages.append(said)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Keep a text that Rasa sends past ``send_response``."""
        await self.send_response(recipient_id, {"text": text})


class GatewayChannel(InputChannel):
    """The channel; its secret is ``channel.secret`` in the data directory, or in REDRESS_CHANNEL_SECRET_FILE."""

    def __init__(self) -> None:
        self._secret = SharedSecret(read_settings().channel_secret_file, read_keys)

    @classmethod
    def name(cls) -> str:
        """Return the name, which is also the place under ``/webhooks/``."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GatewayChannel:
        """Create the channel; credentials.yml only names it."""
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the three routes."""
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

        @routes.route("/conversations/<conversation:str>", methods=["DELETE"])
        async def wipe(request: Request, conversation: str) -> HTTPResponse:
            if not self._allowed(request):
                return response.json({"error": "the channel secret is wrong or missing"}, status=401)
            await wipe_conversation(request.app.ctx.agent, unquote(conversation))
            return response.empty(status=204)

        @routes.route("/conversations/<conversation:str>/until/<moment:int>", methods=["PUT"])
        async def keep(request: Request, conversation: str, moment: int) -> HTTPResponse:
            if not self._allowed(request):
                return response.json({"error": "the channel secret is wrong or missing"}, status=401)
            await request.app.ctx.agent.tracker_store.keep(unquote(conversation), moment)
            return response.empty(status=204)

        return routes

    def _allowed(self, request: Request) -> bool:
        return self._secret.accepts(request.headers.get("authorization"))


async def answer(incoming: IncomingMessage, agent: Any, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> list[dict[str, Any]]:
    """Return what the bot says to a message: never an error and never nothing."""
    start_turn()
    said = CollectedResponses()
    parse = incoming.parse
    try:
        if parse is None:
            parse = await agent.processor.parse_message(UserMessage(incoming.text))
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
    return _complete(said.messages, (parse or {}).get("danger") or {}, incoming.metadata)


def _complete(said: list[dict[str, Any]], danger: dict[str, Any], metadata: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the messages with the line of numbers where danger is unsure, and with words where there are none."""
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


async def wipe_conversation(agent: Any, conversation: str) -> None:
    """Wipe a conversation at once, and once more after a turn that is still being answered.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: when the database does not answer; the gateway tries again later.
    """
    store = agent.tracker_store
    await store.delete(conversation)
    async with agent.lock_store.lock(conversation):
        await store.delete(conversation)
