"""The part of Telegram's Bot API that sends. Every call ends in a few seconds, and nothing of it is ever logged but a status."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import httpx

from store.settings import TelegramSettings
from web.messengers.conversation import Answer
from web.messengers.options import labelled
from web.messengers.shorten import pieces
from web.state import Button, Message

logger = logging.getLogger(__name__)

CALL_SECONDS = 5.0
#: No pause is longer: by then any answer is over.
LONGEST_PAUSE_SECONDS = 24 * 3600.0
# Telegram takes 4096 in one message.
MOST_LETTERS = 4000


class Taken(Enum):
    """Whether Telegram took a message."""

    CONFIRMED = auto()
    #: Blocked by the person, or a fault of ours: trying again changes nothing.
    REFUSED = auto()
    #: Nobody knows, or not now.
    LATER = auto()


@dataclass(frozen=True)
class Outcome:
    """What became of a call. `pause`: the seconds for which Telegram wants none."""

    taken: Taken
    pause: float = 0.0


class TelegramApi:
    """HTTP client of the Bot API."""

    def __init__(self, settings: TelegramSettings) -> None:
        # trust_env=False: an HTTP_PROXY of the machine must never see a conversation.
        self._http = httpx.AsyncClient(base_url=f"{settings.api}/bot{settings.token}/", trust_env=False, timeout=httpx.Timeout(CALL_SECONDS))

    async def send(self, body: dict[str, Any], seconds: float = CALL_SECONDS) -> Outcome:
        """Send one message, once, in so many seconds."""
        try:
            async with asyncio.timeout(min(seconds, CALL_SECONDS)):
                response = await self._http.post("sendMessage", json=body)
        except (httpx.HTTPError, TimeoutError) as error:
            # Only the type: the text of the error names the address, and that holds the token.
            return _problem(type(error).__name__, Outcome(Taken.LATER))
        if response.status_code == 200:
            return Outcome(Taken.CONFIRMED)
        outcome = Outcome(Taken.LATER if response.status_code >= 500 else Taken.REFUSED)
        if response.status_code == 429:
            outcome = Outcome(Taken.LATER, _retry_after(response))
        return _problem(f"status {response.status_code}", outcome)

    async def stop_waiting(self, press: str) -> None:
        """Tell Telegram that a press has arrived, so that the button no longer shows a clock. Tried once."""
        try:
            await self._http.post("answerCallbackQuery", json={"callback_query_id": press})
        except httpx.HTTPError:
            # The answer itself says enough.
            return

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()


def bodies(chat: int, answer: Answer) -> list[dict[str, Any]]:
    """The calls of sendMessage that make an answer: plain text, choices as buttons, no previews of links."""
    made = []
    for message, choices in zip(answer.messages, labelled(answer.messages, answer.language), strict=True):
        parts = [_body(chat, part) for part in pieces(_text(message, choices), MOST_LETTERS)]
        if parts and choices:
            rows = [[{"text": f"{label} {button.title}", "callback_data": button.button}] for label, button in choices]
            parts[-1]["reply_markup"] = {"inline_keyboard": rows}
        made += parts
    return made


def _text(message: Message, choices: list[tuple[str, Button]]) -> str:
    # A message needs words; where there are none the choices stand in for them.
    return message.text.strip() or "\n".join(f"{label} {button.title}" for label, button in choices)


def _body(chat: int, text: str) -> dict[str, Any]:
    # A preview would have Telegram, and perhaps the phone, call the page that is linked.
    return {"chat_id": chat, "text": text, "link_preview_options": {"is_disabled": True}}


def _problem(what: str, outcome: Outcome) -> Outcome:
    logger.warning("Telegram did not take a message: %s", what)
    return outcome


def _retry_after(response: httpx.Response) -> float:
    """The pause Telegram asks for, in seconds."""
    try:
        return min(LONGEST_PAUSE_SECONDS, max(0.0, float(response.json()["parameters"]["retry_after"])))
    except (ValueError, KeyError, TypeError):
        return 0.0
