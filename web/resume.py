"""Coming back later: a few easy words instead of an account. Off until somebody asks for it, good once, for a day at most."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from web.errors import STATUS, Fault, RequestFault, describe
from web.framing import COOKIE, set_cookie
from web.memory import MemoryDownError
from web.pages import CHAT
from web.rendering import chat_page, from_script, page, redirect
from web.resume_words import codes_in
from web.security import address_of, require_same_origin
from web.services import services_of
from web.visitor import language_of, state_of

router = APIRouter(include_in_schema=False)

LONGEST_INPUT = 300


@router.get("/keep")
async def ask(request: Request) -> Response:
    """What coming back later means, what is risky about it, and the field for the words."""
    return await _keep_page(request)


@router.post("/keep", dependencies=[Depends(require_same_origin)])
async def keep(request: Request) -> Response:
    """Make a code for this conversation and show it once."""
    services = services_of(request)
    state = await state_of(request)
    if state is None or not state.transcript:
        return redirect("/keep")
    try:
        made = await services.resume.make(request.cookies.get(COOKIE, ""))
    except MemoryDownError:
        raise RequestFault(Fault.BROKEN, state.language) from None
    if made is None:
        raise RequestFault(Fault.UNKNOWN_CONVERSATION, state.language)
    _ = services.words(state.language)
    return await _keep_page(request, words=[_(word) for word in made[0]])


@router.post("/resume", dependencies=[Depends(require_same_origin)])
async def resume(request: Request, words: Annotated[str, Form()] = "") -> Response:
    """Go on with the conversation the words lead to."""
    services = services_of(request)
    state = await state_of(request)
    language = language_of(request, state)
    # The words in the language of the page are tried first; somebody may come back with a page in another one.
    order = [language, *(code for code in services.languages if code != language)]
    candidates = list(codes_in(words[:LONGEST_INPUT], [services.words(code) for code in order]))
    if not services.resume.guesses.may_guess(services.hashed(address_of(request)), candidates):
        return await _keep_page(request, fault=Fault.TOO_MANY)
    try:
        code_for = await services.resume.find(candidates)
        # Whoever has the words has it from now on; the device it was begun on has not.
        conversation = await services.resume.move(code_for) if code_for else None
        found = await services.conversations.state(conversation) if conversation else None
    except MemoryDownError:
        raise RequestFault(Fault.BROKEN, language) from None
    if conversation is None or found is None:
        return await _keep_page(request, fault=Fault.WRONG_WORDS)
    response = chat_page(request, found) if from_script(request) else redirect(CHAT)
    set_cookie(request, response, conversation, services.settings)
    return response


async def _keep_page(request: Request, words: list[str] | None = None, fault: Fault | None = None) -> Response:
    services = services_of(request)
    state = await state_of(request)
    language = language_of(request, state)
    notice = "\n".join(describe(fault, services.words(language))) if fault is not None else None
    return page(
        request,
        "keep.html",
        language,
        200 if fault is None else STATUS[fault],
        state,
        words=words,
        hours=services.settings.resume_hours,
        can_keep=state is not None and bool(state.transcript),
        notice=notice,
    )
