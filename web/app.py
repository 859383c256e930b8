"""The FastAPI application."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from calculator.errors import CaseError
from store.settings import Settings, load_settings
from web import api, brand, calculator_api, hand_over, health, leaving, pages, result, resume
from web.compression import Compression
from web.errors import RETRY_AFTER, STATUS, Fault, RequestFault, error_body, refusal
from web.messengers import telegram, twilio
from web.metrics import Measured, offer
from web.rendering import from_script, problem_page
from web.security import Guard
from web.services import build_services, services_of
from web.staff import (
    cases,
    dossiers,
    exchange,
    from_chat,
    handing,
    interview,
    oidc,
    passkeys,
    rules,
    rules_freshness,
    rules_impact,
    rules_of_state,
    scenarios,
    statistics,
)
from web.staff import pages as staff_pages

STATIC = Path(__file__).with_name("static")
#: Every page of staff; the order counts where one address could be read as another.
STAFF = (
    staff_pages.router,
    passkeys.router,
    oidc.router,
    from_chat.router,
    cases.router,
    scenarios.router,
    dossiers.router,
    handing.router,
    interview.router,
    statistics.router,
    exchange.router,
    rules_of_state.router,
    rules_impact.router,
    rules_freshness.router,
    rules.router,
)
FAULT_OF_STATUS = {404: Fault.NOT_FOUND, 405: Fault.WRONG_METHOD, 413: Fault.TOO_LARGE}


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application; settings come from the environment unless given."""
    settings = settings or load_settings()
    services = build_services(settings)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        workers = [
            asyncio.create_task(services.maintain()),
            asyncio.create_task(services.deliver()),
            asyncio.create_task(services.rules.follow()),
            asyncio.create_task(services.rules_trials.follow()),
            asyncio.create_task(offer(services.metrics, settings.metrics_port, services.readiness.parts)),
        ]
        services.calculators.warm()
        yield
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await services.close()

    # The interactive documentation would load scripts from elsewhere; the description itself is enough.
    app = FastAPI(title="Redress", openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.services = services
    for module in (api, brand, calculator_api, hand_over, health, leaving, pages, result, resume):
        app.include_router(module.router)
    for router in STAFF:
        app.include_router(router)
    app.include_router(telegram.router)
    app.include_router(twilio.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Compression)
    app.add_middleware(Measured, metrics=services.metrics)
    app.add_middleware(Guard, broken=_broken, settings=settings)
    app.add_exception_handler(RequestFault, _request_fault)
    app.add_exception_handler(RequestValidationError, _bad_body)
    app.add_exception_handler(HTTPException, _http_fault)
    app.add_exception_handler(CaseError, _case_error)
    return app


def _faulty(request: Request, fault: Fault, language: str | None = None, status: int | None = None, country: str | None = None) -> Response:
    services = services_of(request)
    language = language or services.language_of(request)
    status = status or STATUS[fault]
    if request.url.path.startswith("/staff/") and from_script(request):
        return JSONResponse({"fault": fault.value}, status_code=status)
    if not request.url.path.startswith("/api/"):
        return problem_page(request, fault, language, status)
    headers = {"Retry-After": str(RETRY_AFTER[fault])} if fault in RETRY_AFTER else None
    words = services.words(language)
    body: dict[str, Any] = error_body(fault, words)
    if request.url.path.startswith(api.router.prefix):
        # Nobody who wrote is sent away without a number.
        refused = refusal(fault, words, services.contacts.hint(language, country, None))
        body["messages"] = [refused.model_dump(exclude_none=True)]
    return JSONResponse(body, status_code=status, headers=headers)


def _broken(request: Request) -> Response:
    services_of(request).metrics.refused(Fault.BROKEN)
    return _faulty(request, Fault.BROKEN, status=500)


async def _request_fault(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestFault)
    services_of(request).metrics.refused(error.fault, error)
    return _faulty(request, error.fault, error.language, country=error.country)


async def _bad_body(request: Request, error: Exception) -> Response:
    services_of(request).metrics.refused(Fault.BAD_BODY)
    # What pydantic says would quote the request, and would be English.
    return _faulty(request, Fault.BAD_BODY)


async def _http_fault(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    fault = FAULT_OF_STATUS.get(error.status_code, Fault.BAD_BODY)
    services_of(request).metrics.refused(fault)
    # FastAPI's 400: a body that no reader of JSON gets through (nested too deep, not UTF-8). It is refused as any that cannot be read.
    return _faulty(request, fault, status=STATUS[fault] if error.status_code == 400 else error.status_code)


async def _case_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, CaseError)
    return calculator_api.case_error(request, error)
