"""The calculator over JSON: the same answers as the `redress` command. Nothing is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from calculator.api import jurisdiction_json, jurisdictions_json
from calculator.engine.result.document import Estimate
from calculator.errors import CaseError
from web.calculating_work import CaseRequest, Outcome, Reply, Work
from web.errors import Fault, RequestFault
from web.i18n import Words
from web.security import address_of
from web.services import services_of

router = APIRouter(prefix="/api/v1", tags=["calculator"])
JsonObject = dict[str, Any]
#: Ends of a calculation that are no answer and not an error of the case's facts.
FAULTS = {Outcome.BAD_BODY: Fault.BAD_BODY, Outcome.TOO_LARGE: Fault.TOO_MUCH_WORK, Outcome.BROKEN: Fault.BROKEN}


#: The body is read by a worker; here it is only described.
_BODY: dict[str, Any] = {"requestBody": {"required": True, "content": {"application/json": {"schema": CaseRequest.model_json_schema()}}}}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    422: {"description": "the case cannot be used: which fact, and how to mend it"},
    429: {"description": "too many cases of one address"},
    503: {"description": "no calculator is free, or the case takes too long"},
}


@router.post("/estimates", response_model=Estimate, openapi_extra=_BODY, responses=_REFUSALS)
async def estimate(request: Request) -> Response:
    """What can be claimed, how much, until when, with the law behind every figure."""
    return await _worked_out(request, "estimates")


@router.post("/questions", response_model=JsonObject, openapi_extra=_BODY, responses=_REFUSALS)
async def questions(request: Request) -> Response:
    """The facts that can still change the estimate, best first."""
    return await _worked_out(request, "questions")


async def _worked_out(request: Request, what: Literal["estimates", "questions"]) -> Response:
    """The answer of a worker process, as long as the client waits for it."""
    services = services_of(request)
    work = Work(what, await request.body(), services.language_of(request), services.languages)
    reply = await while_there(request, services.calculators.run(work, address_of(request)))
    if reply is None:
        # Nobody reads it.
        return Response(status_code=503)
    if reply.outcome in FAULTS:
        raise RequestFault(FAULTS[reply.outcome])
    return Response(reply.body, 200 if reply.outcome == Outcome.ANSWERED else 422, media_type="application/json")


async def while_there(request: Request, work: Coroutine[Any, Any, Reply]) -> Reply | None:
    """What `work` comes to; None if the client goes first, and then `work` is cancelled. The body must have been read."""

    async def until_gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    working, waiting = asyncio.create_task(work), asyncio.create_task(until_gone())
    try:
        await asyncio.wait((working, waiting), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        working.cancel()
        waiting.cancel()
        await asyncio.gather(working, waiting, return_exceptions=True)


@router.get("/jurisdictions")
def jurisdictions() -> list[JsonObject]:
    """Every jurisdiction pack: status, routes, age of its figures, open questions."""
    return jurisdictions_json()


@router.get("/jurisdictions/{code}", response_model=None, responses={404: {"description": "no such pack"}})
def jurisdiction(request: Request, code: str, language: str | None = None) -> JsonObject | JSONResponse:
    """One jurisdiction pack, by its code (NL, US-NY), with contacts and rights."""
    language = _language(request, language)
    try:
        return jurisdiction_json(code, language)
    except CaseError as error:
        return case_error(request, error, status=404)


def case_error(request: Request, error: CaseError, status: int = 422) -> JSONResponse:
    """The answer to a case that cannot be used: fact, message, fix, in the language asked for."""
    services = services_of(request)
    language = getattr(request.state, "language", None) or services.language_of(request)
    law = Words(services.settings.locales_dir, language, domain="law")
    return JSONResponse(error.as_json(law), status_code=status)


def _language(request: Request, wanted: str | None) -> str:
    language = services_of(request).language_of(request, wanted)
    # For the words of an error, which is answered elsewhere.
    request.state.language = language
    return language
