"""The calculator over JSON: the same answers as the `redress` command. Nothing is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from calculator.api import estimate_json, jurisdiction_json, jurisdictions_json, questions_json
from calculator.errors import CaseError
from store.settings import current_day
from web.i18n import Words
from web.services import services_of

router = APIRouter(prefix="/api/v1", tags=["calculator"])
JsonObject = dict[str, Any]


class CaseRequest(BaseModel):
    """A case file (version 1). Without `jurisdictions` those of the case.

    `on` is the day to judge it on: without it the case's `evaluated_on`, and without that today (UTC).
    """

    case: JsonObject
    jurisdictions: list[str] | None = None
    on: date | None = None
    language: str | None = None

    def day(self) -> date | None:
        """The day for the calculator, which has no clock; None leaves it to the case."""
        return self.on or (None if self.case.get("evaluated_on") else current_day())


# Plain functions: FastAPI runs them in threads, so that a long case never holds up a message.
@router.post("/estimates")
def estimate(request: Request, body: CaseRequest) -> JsonObject:
    """What can be claimed, how much, until when, with the law behind every figure."""
    return estimate_json(body.case, body.jurisdictions, body.day(), _language(request, body.language))


@router.post("/questions")
def questions(request: Request, body: CaseRequest) -> JsonObject:
    """The facts that can still change the estimate, best first."""
    return questions_json(body.case, body.jurisdictions, body.day(), _language(request, body.language))


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
