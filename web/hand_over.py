"""Handing over to an advice centre, as the person in the chat sees it: what is handed, a code, who asks for it, yes or no."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Form, Request, Response

from calculator.errors import CaseError
from web.consent import CONSENT
from web.errors import Fault, RequestFault
from web.framing import COOKIE
from web.hand_over_steps import LASTS, Step, step_of, told_so_far
from web.memory import MemoryDownError
from web.rendering import page, redirect
from web.security import require_same_origin
from web.services import services_of
from web.squares import square
from web.state import ConversationState, HandOver
from web.visitor import state_of
from workbench.said import answers
from workbench.sheet import names_of, sheet_of


class Said(NamedTuple):
    """A question and its answer; `path`: in the case file, where it was only read in her words."""

    question: str
    given: str
    path: str | None


router = APIRouter(prefix="/hand-over", include_in_schema=False)
HERE = "/hand-over"
#: Where a worker's device reads the code from its own address, which browsers send to no server.
WORKERS_PAGE = "/staff/cases/from-chat"
#: Seconds after which the page looks again whether somebody has asked.
LOOK_AGAIN = 4


@router.get("")
async def look(request: Request) -> Response:
    """How far the hand-over has come, and what comes next."""
    return await _page(request, await state_of(request))


@router.post("", dependencies=[Depends(require_same_origin)])
async def begin(request: Request, right: Annotated[list[str] | None, Form()] = None) -> Response:
    """Make a code for what was answered until now; `right`: what was read in her words and is right, as she has just ticked."""
    state = await state_of(request)
    told = told_so_far(state) if state is not None else None
    if told is not None and await _said(told, "en"):
        unsure = [path for path in told.read if path not in (right or [])]
        await _done(services_of(request).hand_overs.begin(_conversation(request), told.case, unsure))
    return redirect(HERE)


@router.post("/answer", dependencies=[Depends(require_same_origin)])
async def answer(request: Request, agrees: Annotated[str, Form(max_length=10)] = "", mark: Annotated[str, Form(max_length=60)] = "") -> Response:
    """Yes to the one who asks; anything else ends it."""
    services = services_of(request)
    state = await state_of(request)
    if state is None:
        return redirect(HERE)
    if agrees == "yes":
        words = services.words(state.language)(CONSENT)
        today = datetime.now(UTC).date()
        await _done(services.hand_overs.agree(_conversation(request), mark, words, state.language, today))
    else:
        await _done(services.hand_overs.end(_conversation(request)))
    return redirect(HERE)


def _conversation(request: Request) -> str:
    return request.cookies.get(COOKIE, "")


async def _done(work: Any) -> None:
    try:
        await work
    except MemoryDownError:
        raise RequestFault(Fault.BROKEN) from None


async def _said(hand_over: HandOver, language: str) -> list[Said] | None:
    """What is handed over, in words to the person herself; None where it cannot be read."""

    def work() -> list[Said]:
        sheet = sheet_of(hand_over.case)
        unsure = names_of(hand_over.read, sheet)
        said = answers(sheet, language, of_another=False)
        return [Said(question, given, unsure.get(name)) for name, (question, given) in said.items()]

    try:
        return await asyncio.to_thread(work)
    except CaseError:
        return None


async def _page(request: Request, state: ConversationState | None) -> Response:
    services = services_of(request)
    language = state.language if state is not None else services.language_of(request)
    words = services.words(language)
    hand_over = state.hand_over if state is not None else None
    step = step_of(hand_over)
    told = hand_over if step in (Step.WAITING, Step.ASKED, Step.AGREED) else told_so_far(state) if state is not None else None
    found = await _said(told, language) if told is not None else []
    said = found or []
    over = step is Step.NONE and hand_over is not None
    code = hand_over.code if hand_over is not None and step is Step.WAITING else []
    return page(
        request,
        "hand_over.html",
        language,
        state=state,
        step=step.value,
        over=over,
        unreadable=found is None,
        said=[one for one in said if one.path is None],
        unsure=[one for one in said if one.path is not None],
        words=[words(word) for word in code],
        picture=square(f"{str(request.base_url).rstrip('/')}{WORKERS_PAGE}#{'-'.join(code)}") if code else None,
        minutes=int(LASTS.total_seconds()) // 60,
        organisation=hand_over.asked_by if hand_over is not None else None,
        mark=hand_over.mark if hand_over is not None else None,
        consent=words(CONSENT),
        again=LOOK_AGAIN if step in (Step.WAITING, Step.ASKED, Step.AGREED) else None,
    )
