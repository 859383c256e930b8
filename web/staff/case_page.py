"""One case on its page: changed with what others did meanwhile, worked out, and shown, whole or to its script."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from calculator.translation import _, translator
from calculator.wording import day
from store.organisations.access import Member
from store.organisations.cases import Case, ChangedError
from store.settings import current_day
from web.consent import CONSENT
from web.errors import Fault, RequestFault
from web.i18n import direction, match_language
from web.rendering import rendered
from web.services import services_of
from web.staff.case_form import FormView
from web.staff.doing import case_done, first_country, staff_page, worked_out
from web.staff.keeping import KEPT_MONTHS, ends_soon
from web.staff.timeline import Bar, timeline
from workbench import labels
from workbench.form import ADULT, NAME, NOTES, part_at
from workbench.record import Given, Record
from workbench.said import currencies, in_words
from workbench.sheet import Clash, read, usable

SAVED = _("Saved at {time} UTC.")
FULL = _("There are as many of these as can be worked out. Join those that belong together.")
MEANWHILE = _("A colleague changed this meanwhile, so it was not done. Look at it, then press again.")
OVER = _("This case is deleted by itself soon: on {day}. Choose a later day below if it is still needed.")


class Saved:
    """What a save came to: the case, what clashed, which entries are there again, which one is new, whether a list is full, and whether
    something was not done because a colleague has changed what it would take away."""

    case: Case
    clashes: tuple[Clash, ...] = ()
    back: tuple[str, ...] = ()
    added = ""
    full = False
    meanwhile = False


async def changed_case(
    request: Request, member: Member, case: str, change: Callable[[dict[str, Any]], dict[str, Any]], keep_until: datetime | None = None
) -> Case:
    """Change a case. Raises RequestFault: no such case, or others keep saving."""
    try:
        return await case_done(services_of(request).cases.change, member, case, change, keep_until)
    except ChangedError:
        raise RequestFault(Fault.BUSY) from None


@dataclass(frozen=True)
class Shown:
    """A case as it is shown: what is read of it, and what follows from it."""

    case: Case
    record: Record
    view: FormView
    beside: dict[str, Any]


async def shown_case(request: Request, member: Member, case: Case) -> Shown:
    """Read and work out a case: long ones in a thread and in a calculation worker, so that nobody's message waits for them."""
    language = services_of(request).language_of(request)
    record = Record.from_json(case.content)

    def look() -> tuple[FormView, dict[str, Any], list[Bar]]:
        reading = read(record.sheet)
        facts = usable(reading).case
        return FormView(record.sheet, reading, language), facts, timeline(record.sheet, facts, current_day(), language)

    view, facts, bars = await asyncio.to_thread(look)
    found = await worked_out(request, member, "answer", record, [facts])
    trouble = found if isinstance(found, str) else None
    return Shown(
        case,
        record,
        view,
        {"answer": None if trouble else found, "trouble": trouble, "left_out": len(view.errors), "whole": view.errors.get(""), "timeline": bars},
    )


def told_to_script(request: Request, shown: Shown, saved: Saved) -> Response:
    """What the script of the form puts in its place."""
    services = services_of(request)
    language = services.language_of(request)
    sheet = shown.record.sheet
    clashes = [_clash(clash, language) for clash in saved.clashes]
    return JSONResponse(
        {
            "was": dict(sheet.texts),
            "shown": shown.view.shown(),
            "told": shown.view.told(),
            "errors": shown.view.errors,
            "entries": {name: list(ids) for name, ids in sheet.entries.items()},
            "clashes": rendered(request, "_staff_clashes.html", language, case=shown.case, clashes=clashes),
            "saved": services.words(language)(SAVED, time=datetime.now(UTC).strftime("%H:%M:%S")),
            "answer": rendered(request, "_staff_answer.html", language, case=shown.case, record=shown.record, **shown.beside),
        }
    )


def _clash(clash: Clash, language: str) -> dict[str, str]:
    """A clash as the page shows it, with what puts back what was typed."""
    part = part_at(clash.name)
    return {
        "name": clash.name,
        "label": translator(language, "law")(labels.label(part)) if part is not None else "",
        "now": in_words(clash.name, clash.now, language),
        "typed": in_words(clash.name, clash.typed, language),
        "was": json.dumps({clash.name: clash.now}, ensure_ascii=False),
        "mine": clash.typed,
    }


def given_shown(one: Given, language: str) -> dict[str, str]:
    """A hand-over, in words."""
    days = {"day": day(one.day.isoformat(), language), "until": day(one.until.isoformat(), language)}
    return {"organisation": one.organisation, "purpose": one.purpose, **days}


def _notice(saved: Saved | None) -> str | None:
    """What was not done, and why."""
    if saved is None or not (saved.full or saved.meanwhile):
        return None
    return FULL if saved.full else MEANWHILE


def case_page(request: Request, shown: Shown, saved: Saved | None = None, spoken: str = "") -> Response:
    """The form of a case with all that stands beside it; `spoken`: the language in which the words of the consent are shown."""
    services = services_of(request)
    language = services.language_of(request)
    case, record = shown.case, shown.record
    spoken = match_language(spoken, services.languages) or language
    ends = day(case.keep_until.date().isoformat(), language)
    return staff_page(
        request,
        "staff_case.html",
        notice=_notice(saved),
        case=case,
        record=record,
        name=(NAME, record.name),
        notes=(NOTES, record.sheet.texts.get(NOTES, "")),
        adult=(ADULT, record.sheet.texts.get(ADULT, "")),
        sections=shown.view.sections(),
        currencies=currencies(language),
        errors=shown.view.errors,
        was=json.dumps(dict(record.sheet.texts), ensure_ascii=False),
        clashes=[_clash(clash, language) for clash in saved.clashes] if saved is not None else [],
        back=saved is not None and bool(saved.back),
        over=services.words(language)(OVER, day=ends) if ends_soon(case) else None,
        kept_until=ends,
        came=given_shown(record.came, language) if record.came else None,
        given=[given_shown(one, language) for one in record.given],
        months=KEPT_MONTHS,
        consents=[(one, day(one.day.isoformat(), language), one.ended and day(one.ended.isoformat(), language)) for one in record.consents],
        consent_words=services.words(spoken)(CONSENT),
        spoken=spoken,
        spoken_direction=direction(spoken),
        of_country=first_country(record.sheet),
        **shown.beside,
    )
