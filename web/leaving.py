"""Leaving and deleting: what comes back with "Back" or "Forward" is an empty page, and the conversation is wiped.

Leaving sets the cookie first and wipes behind the answer: a browser that goes on before the wipe is done never finds a page of
ours that knows nothing of somebody who has left.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.background import BackgroundTask

from web.errors import Fault, RequestFault
from web.framing import COOKIE, set_cookie
from web.memory import MemoryDownError
from web.rendering import leave_to, page, redirect
from web.security import require_same_origin
from web.services import Services, services_of
from web.staff.session import COOKIE as STAFF_COOKIE
from web.state import ConversationState
from web.visitor import language_of, state_of

# Leaving must be quick even if the database is not.
LEAVE_SECONDS = 0.5
# The cookie's value after leaving. "Back" then finds a page that says nothing.
LEFT = "left"

router = APIRouter(include_in_schema=False)


@router.get("/leave")
async def leave(request: Request) -> Response:
    """Forget the conversation and go to a harmless page. A plain link, so that nothing can stop it.

    Also where "Forward" leads after our script has left: the entry ahead in the history carries this address.
    """
    state = await state_of(request, LEAVE_SECONDS)
    return _leaving(request, redirect(leave_to(request, state)))


@router.post("/leave", dependencies=[Depends(require_same_origin)])
async def leave_by_script(request: Request) -> Response:
    """The same, told by our script, which goes to the harmless page by itself and does not wait for us."""
    return _leaving(request, Response(status_code=204))


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


def _leaving(request: Request, response: Response) -> Response:
    """The answer, with the cookie that says that somebody has left; the conversation is wiped when it is sent."""
    services = services_of(request)
    conversation, token = request.cookies.get(COOKIE), request.cookies.get(STAFF_COOKIE)
    if conversation or token:
        response.background = BackgroundTask(_forget, services, conversation, token)
    if token:
        # Leaving locks the workbench, too.
        response.delete_cookie(STAFF_COOKIE)
    set_cookie(request, response, LEFT, services.settings)
    return response


async def _forget(services: Services, conversation: str | None, token: str | None) -> None:
    """Sign staff out, and wipe the conversation, unless its owner has asked for words to come back to it."""
    if token:
        with contextlib.suppress(SQLAlchemyError):
            await asyncio.to_thread(services.sessions.sign_out, token)
    if not conversation:
        return
    kept_until = None
    with contextlib.suppress(MemoryDownError):
        state = await services.conversations.state(conversation)
        kept_until = state.kept_until if state is not None else None
    if kept_until is None or kept_until <= datetime.now(UTC):
        with contextlib.suppress(MemoryDownError):
            await services.conversations.delete(conversation)
