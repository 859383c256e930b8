"""Reads what the gateway sends: free text, which is never a command, or the payload of a button of ours."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from envelope import EnvelopeError, Metadata

MOST_CHARACTERS = 20_000
_PAYLOAD = re.compile(r"/([a-z0-9_]+)\s*(\{.*\})?", re.DOTALL)
# Intents Rasa acts upon by itself. No button of ours carries them, so a payload with one is not ours.
_COMMANDS = ("restart", "back", "session_start")


class MalformedMessageError(ValueError):
    """The gateway's request does not follow the protocol; the text says what was expected."""


@dataclass(frozen=True)
class IncomingMessage:
    """A message ready for Rasa. `parse` is None when Rasa still has to parse the text."""

    conversation: str
    text: str
    parse: dict[str, Any] | None
    metadata: dict[str, Any]
    #: How many turns the gateway has had answered before this one; None when it does not count.
    step: int | None = None


def read_message(body: Any) -> IncomingMessage:
    """The message in the body of a request.

    Raises:
        MalformedMessageError: when a field is missing or of the wrong type, or the payload is not one of ours.
    """
    if not isinstance(body, dict):
        raise MalformedMessageError("expected a JSON object")
    conversation = body.get("conversation")
    if not isinstance(conversation, str) or not conversation.strip():
        raise MalformedMessageError("expected 'conversation', the id issued by the gateway")
    metadata = body.get("metadata") or {}
    try:
        Metadata.read(metadata)
    except EnvelopeError as error:
        raise MalformedMessageError(str(error)) from error
    text, payload, step = body.get("text"), body.get("payload"), body.get("step")
    if step is not None and (not isinstance(step, int) or isinstance(step, bool)):
        raise MalformedMessageError("expected 'step' to be a whole number")
    if (text is None) == (payload is None):
        raise MalformedMessageError("expected exactly one of 'text' and 'payload'")
    if payload is not None:
        title = body.get("title")
        parse = payload_parse(payload)
        spoken = without_command(title) if isinstance(title, str) else ""
        return IncomingMessage(conversation, spoken or payload, parse, {**metadata, "button": True}, step)
    if not isinstance(text, str) or len(text) > MOST_CHARACTERS:
        raise MalformedMessageError(f"expected 'text' to be a string of at most {MOST_CHARACTERS} characters")
    text = without_command(text)
    return IncomingMessage(conversation, text, _given_parse(body.get("parse"), text), dict(metadata), step)


def without_command(text: str) -> str:
    """The text without leading slashes, spaces and invisible characters, so that it can be no command.

    >>> without_command(" / /restart")
    'restart'
    """
    start = 0
    while start < len(text) and (text[start] == "/" or text[start].isspace() or _invisible(text[start])):
        start += 1
    return text[start:].rstrip()


def _invisible(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn")


def payload_parse(payload: Any) -> dict[str, Any]:
    """The parse data of a button payload `/intent{json}`: each key of the JSON is an entity.

    Raises:
        MalformedMessageError: when it is not such a payload, or an intent that Rasa takes as a command.
    """
    match = _PAYLOAD.fullmatch(payload.strip()) if isinstance(payload, str) else None
    if match is None or match[1] in _COMMANDS:
        raise MalformedMessageError("expected 'payload' as /intent{json}, one that the dialogue had sent")
    try:
        values = json.loads(match[2] or "{}")
    except ValueError as error:
        raise MalformedMessageError("expected JSON after the intent in 'payload'") from error
    intent = {"name": match[1], "confidence": 1.0}
    return {
        "intent": intent,
        "intent_ranking": [intent],
        "entities": [{"entity": key, "value": value} for key, value in values.items()],
        "danger": {"kind": None, "level": "none", "score": 0.0},
    }


def _given_parse(parse: Any, text: str) -> dict[str, Any] | None:
    """The gateway's parse when it can be used, else None: a bad one costs a second parse, not the turn."""
    if not isinstance(parse, dict) or not isinstance(parse.get("entities"), list):
        return None
    intent = parse.get("intent")
    if not isinstance(intent, dict) or intent.get("name") in (None, *_COMMANDS):
        return None
    return {**parse, "text": text}
