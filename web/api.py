"""The conversation over JSON, for any client: /api/v1/conversations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, model_validator

from web.errors import Fault, RequestFault
from web.memory import MemoryDownError
from web.preferences import valid_country
from web.security import address_of, still_there
from web.services import services_of
from web.state import CaseSoFar, Message, UnderstoodFact

router = APIRouter(prefix="/api/v1/conversations", tags=["conversations"])


class NewConversation(BaseModel):
    """Both are optional: language as BCP 47 (default: Accept-Language), country as ISO 3166-1."""

    language: str | None = None
    country: str | None = None


class Created(BaseModel):
    """The opaque id: whoever has it can read on and write. It expires when idle."""

    conversation: str


class NewMessage(BaseModel):
    """Exactly one of `text` (what the person wrote) and `button` (the id of a choice shown before).

    `id`: the client's own id of the message. The same id again gets the same answer and changes nothing; with it an answer that takes long
    comes in two steps: first `kind: wait`, then, for the same id, the answer.
    """

    text: str | None = None
    button: str | None = Field(default=None, max_length=100)
    id: str | None = Field(default=None, min_length=1, max_length=64)

    @model_validator(mode="after")
    def _exactly_one(self) -> NewMessage:
        if (self.text is None) == (self.button is None):
            raise ValueError("send either text or button")
        return self


class Answer(BaseModel):
    """Messages for the person, in order; `understood`: what this message added to or changed in the case."""

    messages: list[Message]
    understood: list[UnderstoodFact] = Field(default_factory=list)


@router.post("")
async def create_conversation(request: Request, body: Annotated[NewConversation | None, Body()] = None) -> Created:
    """Start a conversation."""
    services = services_of(request)
    new = body or NewConversation()
    language = services.language_of(request, new.language)
    country = valid_country(new.country)
    if new.country and country is None:
        raise RequestFault(Fault.BAD_COUNTRY, language)
    return Created(conversation=await services.conversations.create(language, country))


@router.post("/{conversation}/messages", response_model_exclude_none=True)
async def send_message(request: Request, conversation: str, body: NewMessage) -> Answer:
    """Say something, or press a button, and get the answer."""
    services = services_of(request)
    language = services.language_of(request)
    if body.button is not None:
        reply = await services.conversations.press(conversation, body.button, language, body.id, waits=body.id is not None)
    else:
        reply = await services.conversations.say(
            conversation, body.text or "", language, address_of(request), still_there(request), body.id, waits=body.id is not None
        )
    return Answer(messages=reply.messages, understood=reply.understood)


@router.get("/{conversation}/case")
async def case_so_far(request: Request, conversation: str) -> CaseSoFar:
    """The case file as understood so far: what was confirmed, and what was only read from free text and enters no estimate."""
    services = services_of(request)
    language = services.language_of(request)
    try:
        state = await services.conversations.state(conversation)
    except MemoryDownError:
        raise RequestFault(Fault.BROKEN, language) from None
    if state is None:
        raise RequestFault(Fault.UNKNOWN_CONVERSATION, language)
    return state.case


@router.delete("/{conversation}", status_code=204, responses={202: {"description": "the database will be asked again"}})
async def delete_conversation(request: Request, conversation: str) -> Response:
    """Forget a conversation at once. 202 if a part could not be reached: it is tried again, and expires anyway."""
    services = services_of(request)
    language = services.language_of(request)
    try:
        if await services.conversations.delete(conversation):
            return Response(status_code=204)
    except MemoryDownError:
        raise RequestFault(Fault.BROKEN, language) from None
    minutes = services.settings.idle_minutes
    message = services.words(language).ngettext(
        "Your words are deleted here. A copy in another part may stay up to {n} minute.",
        "Your words are deleted here. A copy in another part may stay up to {n} minutes.",
        minutes,
    )
    return JSONResponse({"message": message}, status_code=202)
