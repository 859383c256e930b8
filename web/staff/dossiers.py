"""The dossier of a case: for which State, in which language or two, as which kind of file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from calculator.translation import _
from store.organisations.access import Member
from store.organisations.cases import Case
from store.organisations.roles import Action
from store.settings import current_day
from web.calculating_work import Work
from web.dossier.content import office_language_of
from web.dossier.files import Format
from web.dossier.ordered import Ordered
from web.i18n import match_language
from web.security import require_same_origin
from web.services import services_of
from web.staff.doing import case_done, first_country, staff_page, told_by_worker, worked_out
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
) -> Response:
    """The file, under a name that says nothing. That it was made is in the audit."""
    services = services_of(request)
    opened = await case_done(services.cases.export, member, case)
    record = Record.from_json(opened.content)
    spoken = match_language(language, services.languages) or services.language_of(request)
    ordered = Ordered(
        sheet=as_json(record.sheet),
        country=country,
        on=current_day(),
        language=spoken,
        beside=match_language(beside, services.languages),
        consent=record.consent is not None,
        adult=bool(record.sheet.texts.get(ADULT)),
        format=kind,
    )
    found = await told_by_worker(
        request, member, Work("dossier", ordered.model_dump_json().encode(), services.language_of(request), services.languages)
    )
    if isinstance(found, str):
        return await _page(request, member, opened, found)
    return Response(found, media_type=kind.media_type, headers={"Content-Disposition": f'attachment; filename="{kind.file_name}"'})


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
        trouble=trouble or (found if isinstance(found, str) else None),
        of_country=first_country(record.sheet),
    )
