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
    """Rasa has a model, the action server answers, the database has its tables: true or false for each."""
    services = services_of(request)
    rasa, actions, database = await asyncio.gather(
        services.rasa.rasa_ready(), services.rasa.actions_ready(), services.memory.ready()
    )
    parts = {"rasa": rasa, "actions": actions, "database": database}
    return JSONResponse(
        {"ready": all(parts.values()), **parts}, status_code=200 if all(parts.values()) else 503
    )
