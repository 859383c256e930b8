"""Liveness and readiness, for the launcher and for whoever watches the servers."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from web.services import services_of

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """This process answers."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "a part does not answer"}})
async def ready(request: Request) -> JSONResponse:
    """Whether a message would be answered as it should: true or false for each part (docs/operations.md).

    Rasa understands a text and would take a turn from us, the action server has read its packs and words, the database is migrated, the
    disk has room, Redis answers where it is used; local numbers are known, and danger is heard without Rasa too.
    """
    parts = await services_of(request).readiness.parts()
    return JSONResponse({"ready": all(parts.values()), **parts}, status_code=200 if all(parts.values()) else 503)
