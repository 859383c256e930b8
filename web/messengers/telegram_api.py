"""The part of Telegram's Bot API that sends. Every call ends in a few seconds, and nothing of it is ever logged but a status."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import httpx

from store.settings import TelegramSettings
from web.messengers.conversation import Answer
from web.messengers.options import labelled
from web.messengers.shorten import pieces
from web.state import Button, Message

logger = logging.getLogger(__name__)

CALL_SECONDS = 5.0
# A message that comes much later than it was asked for is an unsolicited one.
DELIVERY_SECONDS = 12.0
PAUSE_SECONDS = 0.5
TRIES = 3
# Telegram takes 4096 in one message.
MOST_LETTERS = 4000


class TelegramApi:
    """HTTP client of the Bot API."""

    def __init__(self, settings: TelegramSettings) -> None:
        # trust_env=False: an HTTP_PROXY of the machine must never see a conversation.
        self._http = httpx.AsyncClient(
            base_url=f"{settings.api}/bot{settings.token}/", trust_env=False, timeout=httpx.Timeout(CALL_SECONDS)
        )

    async def send(self, chat: int, answer: Answer) -> bool:
        """Send an answer, message by message; False if it was given up, with the reason in the log."""
        try:
            async with asyncio.timeout(DELIVERY_SECONDS):
                for body in bodies(chat, answer):
                    if not await self._call("sendMessage", body):
                        return False
        except TimeoutError:
            logger.warning("Telegram did not take an answer in time")
            return False
        return True

    async def stop_waiting(self, press: str) -> None:
        """Tell Telegram that a press has arrived, so that the button no longer shows a clock. Tried once."""
        try:
            await self._http.post("answerCallbackQuery", json={"callback_query_id": press})
        except httpx.HTTPError:
            # The answer itself says enough.
            return

    async def _call(self, method: str, body: dict[str, Any]) -> bool:
        problem = ""
        for attempt in range(TRIES):
            pause = PAUSE_SECONDS * 2**attempt
            try:
                response = await self._http.post(method, json=body)
            except httpx.HTTPError as error:
                # Only the type: the text of the error names the address, and that holds the token.
                problem = type(error).__name__
            else:
                if response.status_code == 200:
                    return True
                problem = f"status {response.status_code}"
                if response.status_code == 429:
                    pause = _retry_after(response)
                elif response.status_code < 500:
                    # Blocked by the person, or a fault of ours: trying again changes nothing.
                    break
            if attempt + 1 < TRIES:
                await asyncio.sleep(pause)
        logger.warning("Telegram did not take a message: %s", problem)
        return False

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


def _retry_after(response: httpx.Response) -> float:
    """The pause Telegram asks for, in seconds; a long one runs into the deadline of the delivery."""
    try:
        return max(0.0, float(response.json()["parameters"]["retry_after"]))
    except (ValueError, KeyError, TypeError):
        return PAUSE_SECONDS
