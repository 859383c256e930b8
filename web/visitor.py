"""Whose request this is: the conversation of the cookie, and what is known of it."""

from __future__ import annotations

import asyncio

from fastapi import Request

from web.errors import RequestFault
from web.framing import COOKIE
from web.memory import MemoryDownError
from web.services import services_of
from web.state import ConversationState


async def state_of(request: Request, within: float | None = None) -> ConversationState | None:
    """What is known of the conversation of the cookie; None if there is none, or the database is down or too slow.

    `within`: seconds after which nobody waits any longer.
    """
    conversation = request.cookies.get(COOKIE)
    if not conversation:
        return None
    try:
        return await asyncio.wait_for(services_of(request).conversations.state(conversation), within)
    except (MemoryDownError, TimeoutError):
        return None


def language_of(request: Request, state: ConversationState | None) -> str:
    """The language of the conversation, else the one the browser asks for."""
    return state.language if state is not None else services_of(request).language_of(request)


async def conversation_of(request: Request, language: str) -> tuple[str, bool, ConversationState]:
    """The conversation of the cookie, or a new one: (id, is it new, state)."""
    conversation = request.cookies.get(COOKIE, "")
    state = await state_of(request)
    if state is not None:
        return conversation, False, state
    empty = ConversationState(language=language, keeps_transcript=True)
    try:
        return await services_of(request).conversations.create(language, keeps_transcript=True), True, empty
    except RequestFault:
        # The database is down. Danger is answered all the same.
        return conversation, False, empty
