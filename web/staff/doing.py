"""What every page of staff needs: work of the store in a thread, and a page in the reader's language."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from babel.dates import format_time
from fastapi import Request, Response
from sqlalchemy.exc import SQLAlchemyError

from calculator.translation import _, base_language, isolated
from calculator.wording import day
from store.organisations.access import Member, NoKeyError
from store.organisations.cases import NoCaseError
from store.organisations.tombstones import TombstonesError
from store.settings import current_day
from web.calculating_work import Outcome, Work
from web.calculator_api import FAULTS
from web.errors import Fault, RequestFault, describe
from web.rendering import page
from web.services import services_of
from web.staff.answering import Asked, What
from workbench.form import ADULT
from workbench.record import Record
from workbench.sheet import Sheet

Done = TypeVar("Done")
#: Rules of another version of the product.
NO_RELEASE = _("This version of the program cannot work with those rules any more.")


async def done(work: Callable[..., Done], *given: Any) -> Done:
    """Work of the store, in a thread: passphrases are slow on purpose. Raises RequestFault when the database does not answer."""
    try:
        return await asyncio.to_thread(work, *given)
    except (SQLAlchemyError, TombstonesError):
        raise RequestFault(Fault.BROKEN) from None


async def case_done(work: Callable[..., Done], *given: Any) -> Done:
    """Work on cases. Raises RequestFault: no such case in her organisation, or no key to it."""
    try:
        return await done(work, *given)
    except NoCaseError:
        raise RequestFault(Fault.NO_CASE) from None
    except NoKeyError:
        raise RequestFault(Fault.NOT_FOUND) from None


async def worked_out(request: Request, member: Member, what: What, record: Record, cases: list[dict[str, Any]]) -> Any:
    """The answer of a calculation worker; a sentence where there is none, for what was typed is saved all the same."""
    services = services_of(request)
    asked = Asked(what=what, on=current_day(), adult=bool(record.sheet.texts.get(ADULT)), cases=cases)
    work = Work("staff", asked.model_dump_json().encode(), services.language_of(request), services.languages)
    found = await told_by_worker(request, member, work)
    return found if isinstance(found, str) else json.loads(found)


async def told_by_worker(request: Request, member: Member, work: Work) -> bytes | str:
    """What a calculation worker answers; a sentence in the reader's language where it cannot."""
    services = services_of(request)
    try:
        # Who is signed in types as fast as she likes: only how many wait at once is bounded.
        reply = await services.calculators.run(work, member.id, limited=False)
        if reply.outcome in FAULTS:
            raise RequestFault(FAULTS[reply.outcome])
    except RequestFault as fault:
        return " ".join(describe(fault.fault, services.words(services.language_of(request))))
    if reply.outcome == Outcome.ANSWERED:
        return reply.body
    if reply.outcome == Outcome.NO_RELEASE:
        return services.words(services.language_of(request))(NO_RELEASE)
    error = json.loads(reply.body)["error"]
    return " ".join((error["message"], error["fix"]))


def first_country(sheet: Sheet) -> str | None:
    """Where the client lives, else where it happened: whose emergency number is shown."""
    lives = sheet.texts.get("person.residence_country")
    return lives or next((code for one in sheet.of("exploitation") if (code := sheet.texts.get(f"exploitation.{one}.country"))), None)


def staff_page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page in the reader's language; `notice` is translated here."""
    services = services_of(request)
    language = services.language_of(request)
    words = services.words(language)
    notice = values.pop("notice", None)
    if request.method == "GET":
        # Where a choice of another language leads back to.
        values.setdefault("here", request.url.path)
    return page(request, template, language, status, notice=words(notice) if notice else None, **values)


def told_day(at: datetime, language: str) -> str:
    """A day, in UTC as the server keeps it."""
    return day(at.astimezone(UTC).date().isoformat(), language)


def told_moment(at: datetime, language: str) -> str:
    """A day and a time of day, in UTC as the server keeps them."""
    utc = at.astimezone(UTC)
    return f"{told_day(at, language)}, {isolated(format_time(utc.time(), 'short', locale=base_language(language)), language)} UTC"
