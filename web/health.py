"""Liveness and readiness, for the launcher and for whoever watches the servers."""

from __future__ import annotations

import asyncio

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
    """Whether a message would be answered as it should: true or false for each part.

    Rasa understands a text, the action server has read its packs and words, the database has its tables; local numbers are known, and
    danger is heard without Rasa too.
    """
    services = services_of(request)
    rasa, actions, database = await asyncio.gather(
        services.rasa.rasa_ready(), services.rasa.actions_ready(), services.memory.ready()
    )
    parts = {
        "rasa": rasa, "actions": actions, "database": database, "numbers": services.contacts.ready(), "ears": services.ears.ready()
    }  # fmt: skip
    return JSONResponse(
        {"ready": all(parts.values()), **parts}, status_code=200 if all(parts.values()) else 503
    )
