"""The whole result on one page: a card for each way to money, with its days, papers, steps and the law behind each figure."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response

from calculator.api import estimate
from calculator.engine.result.counting import COLUMNS
from calculator.engine.result.document import Jurisdiction
from calculator.engine.result.document_json import as_json
from calculator.engine.result.sentences import AWARDS, AWARDS_NOTE, HOLDS_FROM, INPUTS, OPERATION, SEE_BAND, STEP, VALUE
from calculator.errors import CaseError
from calculator.wording import day
from store.settings import current_day
from web.cards import Speaker
from web.rendering import page, redirect
from web.services import services_of
from web.state import ConversationState, Service
from web.visitor import state_of

router = APIRouter(include_in_schema=False)

#: A sentence of the chat's.
MINOR = "You are under 18. Amounts are worked out together with an adult who helps you, such as a guardian or an advice centre."
WHEN_SAFE = "These steps can wait until you are safe:"
# The name says nothing to whoever finds the file.
FILE_NAME = "notes.json"


@router.get("/result")
async def result_page(request: Request) -> Response:
    """The result as cards. Nothing to show yet: back to the chat."""
    state = await state_of(request)
    found = await _worked_out(state)
    if state is None or state.result is None or found is None:
        return redirect("/chat")
    _ = services_of(request).words(state.language)
    told = state.result
    speaker = Speaker(state.language, found.currency, told.country, _, minor=told.minor, unsafe=told.unsafe, for_another=told.for_another)
    return page(
        request,
        "result.html",
        state.language,
        state=state,
        country=found.name,
        awards={
            "title": speaker.heading(AWARDS),
            "note": speaker.heading(AWARDS_NOTE),
            "band": speaker.heading(SEE_BAND),
            "asked": found.asked_and_given,
        },
        headings=[speaker.heading(name) for name in (STEP, OPERATION, INPUTS, VALUE, HOLDS_FROM)],
        columns=[speaker.heading(name) for name in COLUMNS],
        first=speaker.first(found),
        # Whom to call stands above everything about money.
        when_safe=speaker.heading(WHEN_SAFE) if state.result.unsafe or state.result.minor else None,
        safety_first=state.result.minor or state.result.unsafe,
        cards=speaker.cards(found),
        services=_services(state),
        answers=state.result.answers if state.result.language == state.language else [],
        office_language=found.office_language,
        beside_total=[] if state.result.minor else found.beside_total,
        total=None if state.result.minor else speaker.total(found.total),
        minor=speaker.heading(MINOR) if state.result.minor else None,
        for_another=state.result.for_another,
        on=day(_today().isoformat(), state.language),
    )


@router.get("/result/file")
async def result_file(request: Request) -> Response:
    """The answers and the estimate as a file, for a lawyer or an advice centre. Amounts of minors stay out."""
    state = await state_of(request)
    found = await _worked_out(state)
    if state is None or state.result is None or found is None:
        return redirect("/chat")
    content: dict[str, Any] = {"case": {"version": 1, **state.result.case}}
    if not state.result.minor:
        content["estimate"] = as_json(found)
    return Response(
        json.dumps(content, ensure_ascii=False, indent=2),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{FILE_NAME}"'},
    )


def _services(state: ConversationState) -> list[Service]:
    """Whom to call; in another language than the page only the name and the number, which need none."""
    result = state.result
    if result is None or result.language == state.language:
        return result.services if result is not None else []
    return [service.model_copy(update={"lines": [], "more": []}) for service in result.services]


async def _worked_out(state: ConversationState | None) -> Jurisdiction | None:
    """The estimate of the country the dialogue worked out; None without a result."""
    if state is None or state.result is None:
        return None
    result, language = state.result, state.language

    def work() -> Jurisdiction:
        return estimate(result.case, [result.country], _today(), language).jurisdictions[0]

    try:
        # In a thread: a long case never holds up somebody else's message.
        return await asyncio.to_thread(work)
    except CaseError:
        return None


def _today() -> date:
    return current_day()
