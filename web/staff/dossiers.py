"""The dossier of a case: for which State, in which language or two, as which kind of file."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from calculator.packs.released import Pointer
from calculator.translation import _
from store.organisations.access import Member
from store.organisations.cases import Case
from store.organisations.roles import Action
from store.rules.releases import State
from store.settings import current_day
from web.calculating_work import Work
from web.dossier.content import office_language_of
from web.dossier.files import Format
from web.dossier.ordered import Ordered
from web.errors import Fault, RequestFault
from web.i18n import match_language
from web.security import require_same_origin
from web.services import services_of
from web.staff.doing import case_done, done, first_country, staff_page, told_by_worker, told_moment, worked_out
from web.staff.session import allowed
from workbench.form import ADULT
from workbench.record import Record
from workbench.sheet import as_json, read, usable

router = APIRouter(prefix="/staff/cases", include_in_schema=False, dependencies=[Depends(require_same_origin)])
Text = Annotated[str, Form(max_length=40)]
FORMATS = {
    Format.PDF: _("PDF, to print and to hand in"),
    Format.DOCX: _("A text document, to work on"),
    Format.ICS: _("A calendar of the days"),
    Format.JSON: _("The case and what was worked out, for other programs (JSON)"),
}


#: Rules that somebody may have been told by.
USED = (State.IN_FORCE, State.OVER)
SINCE = _("{release}, in force from {moment}")
NOT_SO = _("Choose a day that is not after today, and rules that were in force.")


@router.get("/{case}/dossier")
async def choose(request: Request, case: str, member: Annotated[Member, Depends(allowed(Action.EXPORT_CASE))]) -> Response:
    """What to choose before the file is made."""
    opened = await case_done(services_of(request).cases.open, member, case)
    return await _page(request, member, opened)


@router.post("/{case}/dossier")
async def make(
    request: Request,
    case: str,
    member: Annotated[Member, Depends(allowed(Action.EXPORT_CASE))],
    country: Text = "",
    language: Text = "",
    beside: Text = "",
    kind: Annotated[Format, Form()] = Format.PDF,
    release: Text = "",
    on: Text = "",
) -> Response:
    """The file, under a name that says nothing. That it was made is in the audit. `release`, `on`: by the rules of a release, and worked out
    for a day, as an earlier file was."""
    services = services_of(request)
    try:
        pointer = await _earlier(request, release)
        day = date.fromisoformat(on) if on else current_day()
    except ValueError:
        pointer, day = None, date.max
    if day > current_day():
        opened = await case_done(services.cases.open, member, case)
        return await _page(request, member, opened, services.words(services.language_of(request))(NOT_SO))
    opened = await case_done(services.cases.export, member, case)
    record = Record.from_json(opened.content)
    spoken = match_language(language, services.languages) or services.language_of(request)
    ordered = Ordered(
        sheet=as_json(record.sheet),
        country=country,
        on=day,
        language=spoken,
        beside=match_language(beside, services.languages),
        consent=record.consent is not None,
        adult=bool(record.sheet.texts.get(ADULT)),
        format=kind,
    )
    work = Work("dossier", ordered.model_dump_json().encode(), services.language_of(request), services.languages, pointer)
    found = await told_by_worker(request, member, work)
    if isinstance(found, str):
        return await _page(request, member, opened, found)
    return Response(found, media_type=kind.media_type, headers={"Content-Disposition": f'attachment; filename="{kind.file_name}"'})


async def _earlier(request: Request, release: str) -> Pointer | None:
    """A release that is or was in force, put where the worker finds it; None for those that are in force. Raises ValueError: none of them."""
    if not release:
        return None
    services = services_of(request)
    found = await done(services.releases.one, release)
    if found.state not in USED:
        raise ValueError(release)
    try:
        return await done(services.rules.kept, found.pointer)
    except OSError:
        raise RequestFault(Fault.BROKEN) from None


async def _used(request: Request) -> list[tuple[str, str]]:
    """Releases that are or were in force, the newest first, in words."""
    services = services_of(request)
    language = services.language_of(request)
    words = services.words(language)
    found = await done(services.releases.all)
    return [
        (one.id, words(SINCE, release=one.id, moment=told_moment(one.from_at, language))) for one in found if one.state in USED and one.from_at
    ]


async def _page(request: Request, member: Member, case: Case, trouble: str | None = None) -> Response:
    services = services_of(request)
    language = services.language_of(request)
    record = Record.from_json(case.content)
    found = await worked_out(request, member, "answer", record, [usable(read(record.sheet)).case])
    countries = [] if isinstance(found, str) else [(one["code"], one["name"]) for one in found["countries"]]
    words = services.words(language)
    return staff_page(
        request,
        "staff_dossier.html",
        200 if trouble is None else 422,
        case=case,
        record=record,
        countries=countries,
        spoken=record.consent.language if record.consent else language,
        beside=office_language_of(countries[0][0]) if countries else "",
        formats=[(kind.value, words(text)) for kind, text in FORMATS.items()],
        releases=await _used(request),
        trouble=trouble or (found if isinstance(found, str) else None),
        of_country=first_country(record.sheet),
    )
