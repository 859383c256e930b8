"""Telegram: POST /messengers/telegram takes the updates of one bot's webhook."""

from __future__ import annotations

import asyncio
import hmac
import time
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException

from web.messengers.conversation import Incoming
from web.messengers.delivery import TOO_OLD_SECONDS
from web.messengers.words import Channel
from web.services import services_of

router = APIRouter(include_in_schema=False)

SECRET_HEADER = "x-telegram-bot-api-secret-token"
MEDIA = (
    "animation", "audio", "contact", "document", "location", "photo", "poll", "sticker", "story", "venue",
    "video", "video_note", "voice",
)  # fmt: skip


class Chat(BaseModel):
    """Where a message stands."""

    id: int
    type: str


class User(BaseModel):
    """Who wrote or pressed."""

    is_bot: bool = False
    language_code: str | None = None


class TelegramMessage(BaseModel):
    """A message; everything that is no text stays unread in the extra fields."""

    model_config = ConfigDict(extra="allow")

    chat: Chat
    sender: User | None = Field(default=None, alias="from")
    date: int = 0
    text: str | None = None
    caption: str | None = None

    @property
    def has_media(self) -> bool:
        """Whether a picture, a voice or the like came with it."""
        return any(name in (self.model_extra or {}) for name in MEDIA)


class Press(BaseModel):
    """A pressed button of one of our messages."""

    id: str
    sender: User = Field(alias="from")
    message: TelegramMessage | None = None
    data: str | None = None


class Update(BaseModel):
    """What Telegram tells a bot; kinds that are not here (edited messages, groups, channels) are left alone."""

    update_id: int
    message: TelegramMessage | None = None
    callback_query: Press | None = None


@router.post("/messengers/telegram")
async def take_update(request: Request) -> Response:
    """Answer one update. 200 also for what is ignored, or Telegram would send it again; 503 only if it shall do so."""
    services = services_of(request)
    settings, delivery = services.settings.telegram, services.telegram
    if settings is None or delivery is None:
        raise HTTPException(404)
    sent = request.headers.get(SECRET_HEADER, "")
    if not hmac.compare_digest(sent.encode(), settings.secret.encode()):
        return Response(status_code=403)
    update = await _update(request)
    press = update.callback_query if update is not None else None
    incoming = _incoming(update) if update is not None else None
    if incoming is None:
        return Response(status_code=200)
    waiting = [delivery.api.stop_waiting(press.id)] if press is not None else []
    is_safe, *_done = await asyncio.gather(delivery.take(incoming), *waiting)
    return Response(status_code=200 if is_safe else 503)


async def _update(request: Request) -> Update | None:
    try:
        body: Any = await request.json()
        return Update.model_validate(body)
    except (ValueError, ValidationError):
        return None


def _incoming(update: Update) -> Incoming | None:
    """What a person wrote or pressed in a private chat; None for everything else. In a group others read the answer."""
    if press := update.callback_query:
        message = press.message
        if message is None or message.chat.type != "private" or not press.data:
            return None
        return Incoming(
            channel=Channel.TELEGRAM,
            sender=str(message.chat.id),
            id=str(update.update_id),
            button=press.data,
            language=press.sender.language_code,
        )
    message = update.message
    if message is None or message.chat.type != "private" or message.sender is None or message.sender.is_bot:
        return None
    text = message.text or message.caption or ""
    words = text.split()
    # After an outage Telegram hands over what was written meanwhile.
    if message.date < time.time() - TOO_OLD_SECONDS or not (text or message.has_media):
        return None
    return Incoming(
        channel=Channel.TELEGRAM,
        sender=str(message.chat.id),
        id=str(update.update_id),
        text=text,
        # A link to the bot may add one word of its own.
        opens=words[:1] == ["/start"] and len(words) <= 2,
        has_media=message.has_media,
        language=message.sender.language_code,
        written=message.date,
    )
