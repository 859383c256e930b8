"""The page: language choice and a plain chat made of HTML forms; one session cookie.

Everything works by POST, then redirect (303), then GET, so that a reload never sends a message twice. Where scripts run, ours
sends the same forms and puts the answer in place (web/static/notes.js).
"""

from __future__ import annotations

import contextlib
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from web.errors import STATUS, Fault, RequestFault, refusal
from web.framing import COOKIE, set_cookie
from web.i18n import match_language, own_name
from web.leaving import LEFT, left_page
from web.memory import MemoryDownError
from web.pictures import Pictures
from web.rendering import PLACES, chat_page, from_script, page, problem_page, redirect
from web.security import address_of, require_same_origin, still_there
from web.services import services_of
from web.state import ConversationState, Entry, Message, View
from web.topics import MORE, NEEDS, topic_of
from web.turns import Reply
from web.visitor import conversation_of, language_of, state_of

router = APIRouter(include_in_schema=False)
CHAT = "/chat#latest"


@router.get("/")
async def where_one_was(request: Request, language: str | None = None) -> Response:
    """The conversation, when there is one: after a reload, in another tab, after a night. Else the first page."""
    if request.cookies.get(COOKIE) == LEFT:
        return left_page(request)
    state = await state_of(request)
    if state is not None and state.transcript:
        return chat_page(request, state)
    return _first_page(request, state, language)


@router.get("/start")
async def first_page(request: Request) -> Response:
    """What one can ask, the languages, what to know before writing, and a field to write in."""
    if request.cookies.get(COOKIE) == LEFT:
        return left_page(request)
    return _first_page(request, await state_of(request), None)


def _first_page(request: Request, state: ConversationState | None, language: str | None) -> Response:
    services = services_of(request)
    chosen = match_language(language, services.languages)
    if chosen is None:
        chosen = state.language if state is not None else services.language_of(request)
    country = state.country if state is not None else None
    hint = Message(text=services.contacts.hint(chosen, country, None), kind="emergency_hint")
    going_on = bool(state is not None and state.transcript)
    return page(request, "start.html", chosen, state=state, hint=hint, going_on=going_on, needs=NEEDS, more=MORE)


@router.get("/chat")
async def chat(request: Request) -> Response:
    """The last lines of this conversation, and a field to write in."""
    if request.cookies.get(COOKIE) == LEFT:
        return left_page(request)
    state = await state_of(request)
    return redirect("/") if state is None else chat_page(request, state)


@router.post("/language", dependencies=[Depends(require_same_origin)])
async def choose_language(request: Request, language: Annotated[str, Form()], place: Annotated[str, Form(max_length=20)] = "/") -> Response:
    """Set the language and show the same page in it; an open question is asked again. A conversation begins if there is none."""
    services = services_of(request)
    chosen = match_language(language, services.languages) or services.language_of(request)
    conversation, is_new, state = await conversation_of(request, chosen)
    changed = state.language != chosen
    if not is_new:
        await services.conversations.set_language(conversation, chosen)
    if state.transcript and changed:
        with contextlib.suppress(RequestFault):
            await services.conversations.ask(conversation, f'change_language{{"language": "{chosen}"}}', own_name(chosen), chosen)
    response = redirect(place if place in PLACES.values() else "/")
    if is_new:
        set_cookie(request, response, conversation, services.settings)
    return response


@router.post("/chat", dependencies=[Depends(require_same_origin)])
async def send(
    request: Request,
    text: Annotated[str | None, Form()] = None,
    button: Annotated[str | None, Form(max_length=100)] = None,
    topic: Annotated[str | None, Form(max_length=100)] = None,
    language: Annotated[str | None, Form()] = None,
    form: Annotated[str | None, Form(max_length=40)] = None,
    pictures: Annotated[Pictures | None, Depends(Pictures.of)] = None,
) -> Response:
    """Say something, press a button, touch one of the first page's tiles, or answer by pictures. A form sent twice says its words once."""
    services = services_of(request)
    chosen = services.language_of(request, language)
    conversation, is_new, state = await conversation_of(request, chosen)
    if text is None and pictures is not None:
        text = pictures.in_words(services.words(state.language))
    asked = topic_of(topic) if topic is not None else None
    message = _message_id(form, button or topic or text)
    # Sent from a page that showed words which are gone since.
    forgotten = is_new and bool(form) and request.cookies.get(COOKIE, LEFT) != LEFT
    try:
        if button is not None:
            reply = await services.conversations.press(conversation, button, chosen, message)
        elif asked is not None:
            title = services.words(state.language)(asked.title)
            reply = await services.conversations.ask(conversation, asked.intent, title, chosen, message)
        else:
            reply = await services.conversations.say(conversation, text or "", chosen, address_of(request), still_there(request), message)
    except RequestFault as fault:
        response = _faulty_chat(request, fault, state, chosen, text)
    else:
        if reply.kept and forgotten:
            response = await _after_forgetting(request, conversation, state)
        elif reply.kept:
            response = await _chat_again(request, conversation, state)
        else:
            response = _unkept_chat(request, reply, state, text)
    if is_new:
        set_cookie(request, response, conversation, services.settings)
    return response


@router.get("/view")
async def ask_view(request: Request) -> Response:
    """Size of the text and colours."""
    state = await state_of(request)
    language = language_of(request, state)
    return _view_page(request, state, language)


@router.post("/view", dependencies=[Depends(require_same_origin)])
async def choose_view(
    request: Request,
    size: Annotated[str | None, Form(max_length=20)] = None,
    contrast: Annotated[str | None, Form(max_length=20)] = None,
) -> Response:
    """Keep how the page is shown, in the conversation: nothing is stored on the device."""
    services = services_of(request)
    language = services.language_of(request)
    conversation, is_new, state = await conversation_of(request, language)
    wanted = {k: v for k, v in {"size": size, "contrast": contrast}.items() if v is not None}
    try:
        view = View.model_validate({**state.view.model_dump(), **wanted})
    except ValueError:
        raise RequestFault(Fault.BAD_BODY, state.language) from None
    try:
        await services.conversations.set_view(conversation, view)
    except MemoryDownError:
        raise RequestFault(Fault.BROKEN, state.language) from None
    shown = state.model_copy(update={"view": view})
    response = _view_page(request, shown, state.language) if from_script(request) else redirect("/view")
    if is_new:
        set_cookie(request, response, conversation, services.settings)
    return response


@router.get("/favicon.ico")
async def no_icon() -> Response:
    """Old browsers ask for it unasked."""
    return Response(status_code=204)


def _view_page(request: Request, state: ConversationState | None, language: str) -> Response:
    _ = services_of(request).words(language)
    sizes = [("normal", _("Normal")), ("large", _("Large")), ("largest", _("Very large"))]
    contrasts = [("normal", _("Normal colours")), ("high", _("Strong colours"))]
    return page(request, "view.html", language, state=state, sizes=sizes, contrasts=contrasts)


def _message_id(form: str | None, said: str | None) -> str | None:
    """The id of a message: the form it was sent with and what it says. "Back" shows an old form, in which something else may be chosen."""
    if not form:
        return None
    return sha256(f"{form} {said}".encode("utf-8", "replace")).hexdigest()


async def _after_forgetting(request: Request, conversation: str, state: ConversationState) -> Response:
    """The chat with a word above the answer: what stood here was deleted meanwhile. Said once, and not kept."""
    now = await _as_it_is(request, conversation, state)
    _ = services_of(request).words(now.language)
    said = _("Your earlier words here were deleted, because no message came for some time. Your new message is answered below.")
    gone = Entry(who="helper", message=Message(text=said), turn=now.turn)
    return chat_page(request, now.model_copy(update={"transcript": [gone, *now.transcript]}))


async def _chat_again(request: Request, conversation: str, state: ConversationState) -> Response:
    """After a turn: the chat itself for our script, a redirect to it for a form."""
    if not from_script(request):
        return redirect(CHAT)
    return chat_page(request, await _as_it_is(request, conversation, state))


async def _as_it_is(request: Request, conversation: str, before: ConversationState) -> ConversationState:
    """The conversation now; as it was `before` where the database is down."""
    try:
        return await services_of(request).conversations.state(conversation) or before
    except MemoryDownError:
        return before


def _faulty_chat(request: Request, fault: RequestFault, state: ConversationState, language: str, text: str | None) -> Response:
    """The chat again with what is wrong above the field, and the person's words still in it."""
    if fault.fault in (Fault.UNKNOWN_CONVERSATION, Fault.BROKEN):
        return problem_page(request, fault.fault, language, STATUS[fault.fault])
    services = services_of(request)
    hint = services.contacts.hint(state.language, state.country, None)
    notice = refusal(fault.fault, services.words(state.language), hint)
    return chat_page(request, state, status=STATUS[fault.fault], notice=notice, draft=text or "")


def _unkept_chat(request: Request, reply: Reply, state: ConversationState, text: str | None) -> Response:
    """The answer in the page itself: a reload could not show it."""
    said = [Entry(who="person", message=Message(text=text), turn=state.turn + 1)] if text else []
    answer = [Entry(who="helper", message=message, turn=state.turn + 1) for message in reply.messages]
    shown = state.model_copy(update={"language": reply.language, "transcript": [*state.transcript, *said, *answer]})
    return chat_page(request, shown)
