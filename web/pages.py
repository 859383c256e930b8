"""The page: language choice and a plain chat made of HTML forms. No script; one session cookie.

Everything works by POST, then redirect (303), then GET, so that a reload never sends a message twice.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web.cleaning import MAX_TEXT
from web.errors import STATUS, Fault, RequestFault, describe
from web.i18n import direction, match_language, own_name
from web.linkify import linkified
from web.memory import MemoryDownError
from web.security import require_same_origin
from web.services import Services, services_of
from web.state import ConversationState, Entry, Message
from web.turns import Reply

COOKIE = "s"
# Leaving must be quick even if the database is not: what is left to do goes on behind the redirect.
LEAVE_SECONDS = 0.5

router = APIRouter(include_in_schema=False)
_background: set[asyncio.Task[bool]] = set()
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@router.get("/")
async def first_page(request: Request, language: str | None = None) -> Response:
    """Who this is, the languages, and a field to write in."""
    services = services_of(request)
    state = await _state(request)
    chosen = match_language(language, services.languages)
    if chosen is None:
        chosen = state.language if state is not None else services.language_of(request)
    country = state.country if state is not None else None
    hint = Message(text=services.contacts.hint(chosen, country, None), kind="emergency_hint")
    return _page(
        request, "start.html", chosen, hint=hint, going_on=bool(state is not None and state.transcript)
    )


@router.get("/chat")
async def chat_page(request: Request) -> Response:
    """The last lines of this conversation, and a field to write in."""
    state = await _state(request)
    if state is None:
        return _redirect("/")
    return _chat(request, state)


@router.post("/language", dependencies=[Depends(require_same_origin)])
async def choose_language(request: Request, language: Annotated[str, Form()]) -> Response:
    """Set the language of the conversation, starting one if there is none."""
    services = services_of(request)
    chosen = match_language(language, services.languages) or services.language_of(request)
    conversation = request.cookies.get(COOKIE, "")
    state = await _state(request)
    response = _redirect("/chat#latest")
    if state is None:
        conversation = await services.conversations.create(chosen, keeps_transcript=True)
        _set_cookie(request, response, conversation)
    else:
        await services.conversations.set_language(conversation, chosen)
    if state is None or not state.transcript:
        await services.conversations.open(conversation, chosen)
    return response


@router.post("/chat", dependencies=[Depends(require_same_origin)])
async def send(
    request: Request,
    text: Annotated[str | None, Form()] = None,
    button: Annotated[str | None, Form(max_length=100)] = None,
    language: Annotated[str | None, Form()] = None,
) -> Response:
    """Say something or press a button."""
    services = services_of(request)
    chosen = services.language_of(request, language)
    conversation, is_new, state = await _conversation(request, chosen)
    try:
        if button is not None:
            reply = await services.conversations.press(conversation, button, chosen)
        else:
            reply = await services.conversations.say(conversation, text or "", chosen)
    except RequestFault as fault:
        response = _faulty_chat(request, fault, state, chosen, text)
    else:
        response = _redirect("/chat#latest") if reply.kept else _unkept_chat(request, reply, state, text)
    if is_new:
        _set_cookie(request, response, conversation)
    return response


@router.get("/leave")
async def leave(request: Request) -> Response:
    """Forget the conversation and go to a harmless page. A plain link, so that nothing can stop it."""
    services = services_of(request)
    if conversation := request.cookies.get(COOKIE):
        wipe = asyncio.create_task(_wipe(services, conversation))
        _background.add(wipe)
        wipe.add_done_callback(_background.discard)
        await asyncio.wait({wipe}, timeout=LEAVE_SECONDS)
    response = _redirect(services.settings.leave_url)
    response.delete_cookie(COOKIE)
    return response


@router.get("/delete")
async def ask_before_deleting(request: Request) -> Response:
    """Say what is deleted and what is not, and ask."""
    return _page(request, "delete.html", await _language(request))


@router.post("/delete", dependencies=[Depends(require_same_origin)])
async def delete_everything(request: Request) -> Response:
    """Delete, and say so."""
    services = services_of(request)
    language = await _language(request)
    wiped = True
    if conversation := request.cookies.get(COOKIE):
        try:
            wiped = await services.conversations.delete(conversation)
        except MemoryDownError:
            raise RequestFault(Fault.BROKEN, language) from None
    response = _page(request, "deleted.html", language, wiped=wiped)
    response.delete_cookie(COOKIE)
    return response


@router.get("/favicon.ico")
async def no_icon() -> Response:
    """Browsers ask for it unasked; a tab without a picture is the most neutral one."""
    return Response(status_code=204)


def problem_page(request: Request, fault: Fault, language: str, status: int) -> HTMLResponse:
    """A page that says what is wrong and what to do, with local numbers if we are the ones who are broken."""
    services = services_of(request)
    message, fix = describe(fault, services.words(language))
    sorry = None
    if fault is Fault.BROKEN:
        sorry = Message(text=services.contacts.unavailable(language, None), kind="unavailable")
    return _page(request, "problem.html", language, status, message=message, fix=fix, sorry=sorry)


async def _state(request: Request) -> ConversationState | None:
    conversation = request.cookies.get(COOKIE)
    if not conversation:
        return None
    try:
        return await services_of(request).conversations.state(conversation)
    except MemoryDownError:
        return None


async def _language(request: Request) -> str:
    state = await _state(request)
    return state.language if state is not None else services_of(request).language_of(request)


async def _conversation(request: Request, language: str) -> tuple[str, bool, ConversationState]:
    """The conversation of the cookie, or a new one: (id, is it new, state)."""
    conversation = request.cookies.get(COOKIE, "")
    state = await _state(request)
    if state is not None:
        return conversation, False, state
    empty = ConversationState(language=language, keeps_transcript=True)
    try:
        return await services_of(request).conversations.create(language, keeps_transcript=True), True, empty
    except RequestFault:
        # The database is down. Danger is answered all the same.
        return conversation, False, empty


async def _wipe(services: Services, conversation: str) -> bool:
    try:
        return await services.conversations.delete(conversation)
    except MemoryDownError:
        return False


def _faulty_chat(
    request: Request, fault: RequestFault, state: ConversationState, language: str, text: str | None
) -> Response:
    """The chat again with what is wrong above the field, and the person's words still in it."""
    if fault.fault in (Fault.UNKNOWN_CONVERSATION, Fault.BROKEN):
        return problem_page(request, fault.fault, language, STATUS[fault.fault])
    message, fix = describe(fault.fault, services_of(request).words(state.language))
    return _chat(request, state, status=STATUS[fault.fault], notice=f"{message}\n{fix}", draft=text or "")


def _unkept_chat(request: Request, reply: Reply, state: ConversationState, text: str | None) -> Response:
    """The answer in the page itself: a reload could not show it."""
    said = [Entry(who="person", message=Message(text=text), turn=state.turn + 1)] if text else []
    answer = [Entry(who="helper", message=message, turn=state.turn + 1) for message in reply.messages]
    shown = state.model_copy(
        update={"language": reply.language, "transcript": [*state.transcript, *said, *answer]}
    )
    return _chat(request, shown)


def _chat(
    request: Request, state: ConversationState, status: int = 200, notice: str | None = None, draft: str = ""
) -> HTMLResponse:
    turns_with_buttons = [entry.turn for entry in state.transcript if entry.message.buttons]
    open_buttons = {button.id for button in state.buttons}
    return _page(
        request,
        "chat.html",
        state.language,
        status,
        entries=state.transcript,
        latest_turn=max((entry.turn for entry in state.transcript), default=0),
        # Only the newest choices are shown: an old one pressed by mistake would answer another question.
        buttons_turn=max(turns_with_buttons, default=None),
        open_buttons=open_buttons,
        notice=notice,
        draft=draft[:MAX_TEXT],
    )


def _page(
    request: Request, template: str, language: str, status: int = 200, **values: object
) -> HTMLResponse:
    services = services_of(request)
    _ = services.words(language)
    names = [(code, own_name(code), direction(code)) for code in services.languages]
    html = _templates.get_template(template).render(
        _=_,
        ngettext=_.ngettext,
        language=language,
        direction=direction(language),
        languages=sorted(names, key=lambda name: name[1].casefold()),
        idle_minutes=services.settings.idle_minutes,
        max_text=MAX_TEXT,
        linkified=lambda message: linkified(message, services.contacts),
        **values,
    )
    return HTMLResponse(html, status_code=status, headers={"Content-Language": language})


def _redirect(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303)


def _set_cookie(request: Request, response: Response, conversation: str) -> None:
    # No lifetime: the browser drops it when it closes.
    response.set_cookie(
        COOKIE, conversation, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/"
    )
