"""Who is signed in, and what she may do: the one place that every address behind /staff passes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from store.organisations.access import Member
from store.organisations.roles import Action
from store.organisations.vault import SealError
from web.errors import Fault, RequestFault
from web.services import LANGUAGE_COOKIE, services_of

#: Its cookie, the mark of a browser in which somebody has signed in before, and what was asked of the browser and is not answered yet.
COOKIE, BROWSER, STEP = "w", "b", "p"
BROWSER_SECONDS, STEP_SECONDS = 365 * 24 * 3600, 300


async def member_of(request: Request) -> Member | None:
    """Who is signed in; None for nobody. Raises RequestFault when the database does not answer."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    try:
        return await asyncio.to_thread(services_of(request).sessions.member, token)
    except SealError:
        return None
    except SQLAlchemyError:
        raise RequestFault(Fault.BROKEN) from None


def allowed(action: Action) -> Callable[[Request], Awaitable[Member]]:
    """A dependency: the signed-in member, whose roles allow it. To anybody else there is nothing at this address."""

    async def check(request: Request) -> Member:
        member = await member_of(request)
        if member is None or not member.may(action):
            raise RequestFault(Fault.NOT_FOUND)
        return member

    check.action = action  # type: ignore[attr-defined]  # read by the test that walks every address as every role
    return check


def set_session(request: Request, response: Response, token: str) -> None:
    """The browser forgets it when it closes; the server before, when nobody comes."""
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/")


def set_browser(request: Request, response: Response, mark: str) -> None:
    """A mark that opens nothing: who fails under her name elsewhere does not keep her waiting here."""
    response.set_cookie(
        BROWSER, mark, max_age=BROWSER_SECONDS, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/staff"
    )


def set_step(request: Request, response: Response, token: str) -> None:
    """What was asked on the way in, or is to be added: the browser forgets it as the server does."""
    secure = request.url.scheme == "https"
    response.set_cookie(STEP, token, max_age=STEP_SECONDS, httponly=True, samesite="strict", secure=secure, path="/staff")


def drop_step(response: Response) -> None:
    """It was answered."""
    response.delete_cookie(STEP, path="/staff")


def set_language(request: Request, response: Response, language: str) -> None:
    """The language of these pages in this browser: a worker reads another one than the clients who use the same computer."""
    secure = request.url.scheme == "https"
    response.set_cookie(LANGUAGE_COOKIE, language, max_age=BROWSER_SECONDS, httponly=True, samesite="strict", secure=secure, path="/staff")
