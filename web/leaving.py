"""Leaving and deleting: the conversation is wiped first, and what comes back with "Back" is an empty page."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from fastapi import APIRouter, Depends, Request, Response

from web.errors import Fault, RequestFault
from web.framing import COOKIE, set_cookie
from web.memory import MemoryDownError
from web.rendering import leave_to, page, redirect
from web.security import require_same_origin
from web.services import Services, services_of
from web.state import ConversationState
from web.visitor import language_of, state_of

# Leaving must be quick even if the database is not: what is left to do goes on behind the redirect.
LEAVE_SECONDS = 0.5
# The cookie's value after leaving. "Back" then finds a page that says nothing.
LEFT = "left"

router = APIRouter(include_in_schema=False)
_background: set[asyncio.Task[bool]] = set()


@router.get("/leave")
async def leave(request: Request) -> Response:
    """Forget the conversation and go to a harmless page. A plain link, so that nothing can stop it."""
    state = await state_of(request, LEAVE_SECONDS)
    await _forget(request, state)
    response = redirect(leave_to(request, state))
    set_cookie(request, response, LEFT, services_of(request).settings)
    return response


@router.post("/leave", dependencies=[Depends(require_same_origin)])
async def leave_by_script(request: Request) -> Response:
    """The same, told by our script, which goes to the harmless page by itself and does not wait for us."""
    await _forget(request, await state_of(request, LEAVE_SECONDS))
    response = Response(status_code=204)
    set_cookie(request, response, LEFT, services_of(request).settings)
    return response


@router.post("/open", dependencies=[Depends(require_same_origin)])
async def open_again(request: Request) -> Response:
    """Come back on purpose after leaving."""
    response = redirect("/")
    response.delete_cookie(COOKIE)
    return response


@router.get("/delete")
async def ask_before_deleting(request: Request) -> Response:
    """Say what is deleted and what is not, and ask."""
    state = await state_of(request, LEAVE_SECONDS)
    return page(request, "delete.html", language_of(request, state), state=state)


@router.post("/delete", dependencies=[Depends(require_same_origin)])
async def delete_everything(request: Request) -> Response:
    """Delete, and say so."""
    services = services_of(request)
    state = await state_of(request, LEAVE_SECONDS)
    language = language_of(request, state)
    wiped = True
    if conversation := request.cookies.get(COOKIE):
        try:
            wiped = await services.conversations.delete(conversation)
        except MemoryDownError:
            raise RequestFault(Fault.BROKEN, language) from None
    shown = ConversationState(language=language, view=state.view) if state is not None else None
    response = page(request, "deleted.html", language, state=shown, wiped=wiped)
    response.delete_cookie(COOKIE)
    return response


def left_page(request: Request) -> Response:
    """What is seen by whoever goes back after somebody has left: nothing of what this is."""
    return page(request, "left.html", services_of(request).language_of(request))


async def _forget(request: Request, state: ConversationState | None) -> None:
    """Wipe the conversation, unless its owner has asked for words to come back to it."""
    if state is not None and state.kept_until is not None and state.kept_until > datetime.now(UTC):
        return
    if conversation := request.cookies.get(COOKIE):
        wipe = asyncio.create_task(_wipe(services_of(request), conversation))
        _background.add(wipe)
        wipe.add_done_callback(_background.discard)
        await asyncio.wait({wipe}, timeout=LEAVE_SECONDS)


async def _wipe(services: Services, conversation: str) -> bool:
    try:
        return await services.conversations.delete(conversation)
    except MemoryDownError:
        return False
