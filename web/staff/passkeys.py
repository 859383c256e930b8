"""Passkeys: adding one, taking one away, and signing in with one in place of a code."""

from __future__ import annotations

from math import ceil
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request, Response

from calculator.translation import _
from store.organisations.access import Member
from store.organisations.roles import Action
from store.organisations.second_factors import PasskeyError, Question, Site
from store.organisations.sessions import SignInError
from web.errors import Fault, RequestFault
from web.rendering import redirect
from web.security import address_of, require_same_origin
from web.services import services_of
from web.staff.doing import done, staff_page
from web.staff.pages import HERE, SLOW, Text, home_page, sign_in_page
from web.staff.session import BROWSER, STEP, allowed, drop_step, set_browser, set_session, set_step

router = APIRouter(prefix="/staff", include_in_schema=False, dependencies=[Depends(require_same_origin)])
#: What a device answers: some hundred letters, with an attestation that was not asked for some thousand.
Answer = Annotated[str, Form(max_length=20_000)]

TYPE_FIRST = _("Type your name and your passphrase, then press the button for the passkey.")
NOT_RIGHT = _("The name, the passphrase or the passkey is not right.")
NOT_ADDED = _("The passkey was not added. Try again.")


@router.post("/sign-in/passkey")
async def ask_for_passkey(request: Request, name: Text = "", passphrase: Text = "") -> Response:
    """Ask for a passkey; the same is asked of everybody, whoever she is."""
    if not name.strip() or not passphrase:
        return await sign_in_page(request, 422, name=name, notice=TYPE_FIRST)
    sessions = services_of(request).sessions
    try:
        async with SLOW:
            question = await done(
                sessions.ask_for_passkey, name, passphrase, address_of(request), site_of(request), request.cookies.get(BROWSER)
            )
    except SignInError as error:
        return await sign_in_page(request, 401, wait=ceil(error.wait.total_seconds()), name=name, notice=NOT_RIGHT)
    return _asking(request, question, "/staff/sign-in/passkey/answer", adds=False)


@router.post("/sign-in/passkey/answer")
async def sign_in_by_passkey(request: Request, credential: Answer = "") -> Response:
    """Begin a session."""
    sessions = services_of(request).sessions
    try:
        signed = await done(sessions.sign_in_by_passkey, request.cookies.get(STEP, ""), credential, address_of(request))
    except SignInError as error:
        response = await sign_in_page(request, 401, wait=ceil(error.wait.total_seconds()), notice=NOT_RIGHT)
        drop_step(response)
        return response
    response = redirect(HERE)
    set_session(request, response, signed.token)
    set_browser(request, response, signed.browser)
    drop_step(response)
    return response


@router.post("/passkeys/ask")
async def ask_for_new(request: Request, member: Annotated[Member, Depends(allowed(Action.ADD_PASSKEY))]) -> Response:
    """Ask the device of who is signed in for a new passkey."""
    question = await done(services_of(request).passkeys.ask, member, site_of(request))
    return _asking(request, question, "/staff/passkeys", adds=True)


@router.post("/passkeys")
async def add(request: Request, member: Annotated[Member, Depends(allowed(Action.ADD_PASSKEY))], credential: Answer = "") -> Response:
    """Keep the passkey that the device made."""
    try:
        await done(services_of(request).passkeys.add, member, request.cookies.get(STEP, ""), credential)
    except PasskeyError:
        return await home_page(request, member, 422, notice=NOT_ADDED)
    response = redirect(HERE)
    drop_step(response)
    return response


@router.post("/passkeys/remove/{passkey}")
async def remove(request: Request, passkey: str, member: Annotated[Member, Depends(allowed(Action.REMOVE_PASSKEY))]) -> Response:
    """Take one of one's own passkeys away."""
    if not await done(services_of(request).passkeys.remove, member, passkey):
        raise RequestFault(Fault.NOT_FOUND)
    return redirect(HERE)


def site_of(request: Request) -> Site:
    """The installation as this browser reaches it: as the operator says, else as the request does."""
    parts = urlsplit(services_of(request).settings.public_url or str(request.base_url))
    return Site(f"{parts.scheme}://{parts.netloc}".lower(), (parts.hostname or "").lower())


def _asking(request: Request, question: Question, answer: str, adds: bool) -> Response:
    response = staff_page(request, "staff_passkey.html", options=question.options, answer=answer, adds=adds)
    set_step(request, response, question.token)
    return response
