"""The calculator over JSON: the same answers as the `redress` command. Nothing is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel

from web.services import services_of

router = APIRouter(prefix="/api/v1", tags=["calculator"])
JsonObject = dict[str, Any]


class CaseRequest(BaseModel):
    """A case file (version 1). Without `jurisdictions` those of the case; `on` is the day to judge it on."""

    case: JsonObject
    jurisdictions: list[str] | None = None
    on: date | None = None
    language: str | None = None


# Plain functions: FastAPI runs them in threads, so that a long case never holds up a message.
@router.post("/estimates")
def estimate(request: Request, body: CaseRequest) -> JsonObject:
    """What can be claimed, how much, until when, with the law behind every figure."""
    from calculator.api import estimate_json

    language = _language(request, body)
    return estimate_json(body.case, body.jurisdictions, body.on, language)


@router.post("/questions")
def questions(request: Request, body: CaseRequest) -> JsonObject:
    """The facts that can still change the estimate, best first."""
    from calculator.api import questions_json

    language = _language(request, body)
    return questions_json(body.case, body.jurisdictions, body.on, language)


@router.get("/jurisdictions")
def jurisdictions() -> list[JsonObject]:
    """Every jurisdiction pack: status, routes, age of its figures, open questions."""
    from calculator.api import jurisdictions_json

    return jurisdictions_json()


@router.get("/jurisdictions/{code}")
def jurisdiction(code: str) -> JsonObject:
    """One jurisdiction pack, by its code (NL, US-NY)."""
    from calculator.api import jurisdiction_json

    return jurisdiction_json(code)


def _language(request: Request, body: CaseRequest) -> str:
    language = services_of(request).language_of(request, body.language)
    # For the words of an error, which is answered elsewhere.
    request.state.language = language
    return language
