"""Many cases in one file: taken out as a table or as records of the HTCDS, and taken in after a look at what is in the file."""

from __future__ import annotations

import asyncio
import base64
import binascii
import zlib
from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from calculator.translation import _, translator
from calculator.wording import day
from store.organisations.access import Member, NoKeyError
from store.organisations.cases import Case, Cases, NoCaseError
from store.organisations.roles import Action
from store.organisations.tombstones import TombstonesError
from web.errors import Fault, RequestFault
from web.rendering import redirect
from web.security import MAX_FILE_BYTES, require_same_origin
from web.services import services_of
from web.staff.case_form import SLIPS
from web.staff.cases import MOST_FIELDS
from web.staff.doing import case_done, done, staff_page
from web.staff.keeping import KEPT_MONTHS, kept_until
from web.staff.session import allowed
from workbench.exchange.faults import MOST_BYTES, UNREADABLE, FileError, Unreadable, said
from workbench.exchange.files import Format, export_file, import_file
from workbench.exchange.htcds import missing, record_of
from workbench.exchange.tables import Found
from workbench.form import NAME
from workbench.record import Record
from workbench.sheet import Sheet

router = APIRouter(prefix="/staff/exchange", include_in_schema=False, dependencies=[Depends(require_same_origin)])
FORMATS = {
    Format.CSV: _("A table for spreadsheets (CSV)"),
    Format.HTCDS_JSON: _("HTCDS 2.0, IOM's standard for data of cases (JSON)"),
    Format.HTCDS_CSV: _("HTCDS 2.0 as a table (CSV)"),
}
#: Faults, and fields that something is said about, that one page names; the rest are counted.
MOST_SHOWN = 200

NONE_CHOSEN = _("Choose at least one case.")
NO_FILE = _("Choose a file first.")
NO_NAME = _("Row {row}")


@router.get("")
async def exchange(request: Request, member: Annotated[Member, Depends(allowed(Action.LIST_CASES))], taken: int = 0) -> Response:
    """What can be taken out, and a place for a file; `taken`: so many cases were just taken in."""
    return await _page(request, member, taken=taken)


@router.post("/export")
async def take_out(request: Request, member: Annotated[Member, Depends(allowed(Action.EXPORT_CASE))]) -> Response:
    """The file, under a name that says nothing. Cases without a consent stay here."""
    typed = await request.form(max_fields=MOST_FIELDS)
    # Where none is ticked it is all.
    chosen = {str(one) for one in typed.getlist("case")} or None
    try:
        form = Format(str(typed.get("kind", "")))
    except ValueError:
        raise RequestFault(Fault.BAD_BODY) from None
    records = await case_done(_exported, services_of(request).cases, member, chosen)
    if not records:
        return await _page(request, member, 422, services_of(request).words(services_of(request).language_of(request))(NONE_CHOSEN))
    data = await asyncio.to_thread(export_file, records, form, typed.get("notes") == "yes", typed.get("whole") == "yes")
    headers = {"Content-Disposition": f'attachment; filename="{form.file_name}"'}
    return Response(data, media_type=form.media_type, headers=headers)


@router.post("/look")
async def look(request: Request, member: Annotated[Member, Depends(allowed(Action.CREATE_CASE))]) -> Response:
    """What is in a file, before anything of it is kept: it goes back to the browser with the page."""
    file = (await _form(request)).get("file")
    if not isinstance(file, UploadFile):
        raise RequestFault(Fault.BAD_BODY)
    data = await file.read()
    if not data:
        return await _page(request, member, 422, services_of(request).words(services_of(request).language_of(request))(NO_FILE))
    try:
        form, found = await asyncio.to_thread(import_file, data)
    except FileError as error:
        return await _page(request, member, 422, _why(request, error))
    there = await case_done(services_of(request).cases.all, member)
    return await asyncio.to_thread(_look_page, request, form, found, data, there)


@router.post("/take")
async def take_in(request: Request, member: Annotated[Member, Depends(allowed(Action.CREATE_CASE))]) -> Response:
    """Make a case of each that is in the file: it is read again as it was looked at."""
    typed = await _form(request)
    try:
        months = int(str(typed.get("months", "")))
        data = await asyncio.to_thread(_unpacked, str(typed.get("packed", "")))
        _kind, found = await asyncio.to_thread(import_file, data)
    except ValueError:
        raise RequestFault(Fault.BAD_BODY) from None
    services = services_of(request)
    words = services.words(services.language_of(request))
    contents = [_with_name(one.sheet, words(NO_NAME, row=one.row)).as_json() for one in found.cases]
    count = await case_done(_created, services.cases, member, contents, kept_until(months))
    if count < len(contents):
        return await _page(request, member, 503, taken=count, stopped=len(contents))
    return redirect(f"/staff/exchange?taken={count}")


async def _page(
    request: Request, member: Member, status: int = 200, trouble: str | None = None, taken: int = 0, stopped: int | None = None
) -> Response:
    try:
        cases = await done(services_of(request).cases.all, member)
    except NoKeyError:
        # She is asked for the key where she signs in.
        return redirect("/staff")
    # Hundreds of cases: in a thread, so that nobody's message waits for them.
    return await asyncio.to_thread(_exchange_page, request, member, cases, status, trouble, taken, stopped)


def _exchange_page(
    request: Request, member: Member, cases: list[Case], status: int, trouble: str | None, taken: int, stopped: int | None
) -> Response:
    services = services_of(request)
    language = services.language_of(request)
    words = services.words(language)
    records = [(case, Record.from_json(case.content)) for case in cases]
    agreed = [(case, record) for case, record in records if record.consent is not None]
    empty = Counter(name for _case, record in agreed for name in missing(record_of(record, whole=False)))
    return staff_page(
        request,
        "staff_exchange.html",
        status,
        trouble=trouble,
        taken=taken,
        stopped=stopped,
        may_begin=member.may(Action.CREATE_CASE),
        without_consent=len(records) - len(agreed),
        cases=[(case.id, record.name, day(case.changed_at.date().isoformat(), language)) for case, record in agreed],
        formats=[(kind.value, words(text)) for kind, text in FORMATS.items()],
        empty_in_all=[name for name, count in empty.items() if count == len(agreed)],
        empty_in_some=[(name, count) for name, count in empty.items() if count < len(agreed)],
    )


def _look_page(request: Request, form: Format, found: Found, data: bytes, there: list[Case]) -> Response:
    services = services_of(request)
    language = services.language_of(request)
    names = {Record.from_json(case.content).name for case in there}
    return staff_page(
        request,
        "staff_exchange_look.html",
        kind=services.words(language)(FORMATS[form]),
        count=len(found.cases),
        again=sum(one.sheet.texts.get(NAME) in names for one in found.cases),
        faults=[said(fault, language, SLIPS) for fault in found.faults[:MOST_SHOWN]],
        more_faults=max(0, len(found.faults) - MOST_SHOWN),
        not_taken=list(found.not_taken.items())[:MOST_SHOWN],
        more_not_taken=max(0, len(found.not_taken) - MOST_SHOWN),
        changed=[one for one in found.changed if one.taken][:MOST_SHOWN],
        not_changed=[one for one in found.changed if not one.taken][:MOST_SHOWN],
        more_changed=max(0, sum(one.taken for one in found.changed) - MOST_SHOWN),
        more_not_changed=max(0, sum(not one.taken for one in found.changed) - MOST_SHOWN),
        missing=list(found.missing.items()),
        months=KEPT_MONTHS,
        packed=_packed(data),
    )


def _exported(cases: Cases, member: Member, chosen: set[str] | None) -> list[Record]:
    """The chosen cases, or all, each in the audit; without those that have no consent or are gone."""
    agreed = [case.id for case in cases.all(member) if Record.from_json(case.content).consent is not None]
    found = []
    for one in agreed:
        if chosen is None or one in chosen:
            try:
                found.append(Record.from_json(cases.export(member, one).content))
            except NoCaseError:
                continue
    return found


def _created(cases: Cases, member: Member, contents: list[dict[str, Any]], until: Any) -> int:
    """Make the cases; return how many there are now, which are fewer when the database stops answering in between."""
    for count, content in enumerate(contents):
        try:
            cases.create(member, content, until)
        except (SQLAlchemyError, TombstonesError):
            if count == 0:
                raise
            return count
    return len(contents)


def _with_name(sheet: Sheet, name: str) -> Record:
    return Record(Sheet({NAME: name, **sheet.texts}, sheet.entries))


def _why(request: Request, error: FileError) -> str:
    return translator(services_of(request).language_of(request), "law")(UNREADABLE[error.why])


class _InMemory(MultiPartParser):
    """A form with a file that is never written to a disk, as larger ones else would be."""

    spool_max_size = MAX_FILE_BYTES + 1


async def _form(request: Request) -> FormData:
    """The form of a page here. Raises RequestFault."""
    try:
        parser = _InMemory(request.headers, request.stream(), max_files=1, max_fields=10, max_part_size=MAX_FILE_BYTES)
        return await parser.parse()
    except (KeyError, MultiPartException):
        raise RequestFault(Fault.BAD_BODY) from None


def _packed(data: bytes) -> str:
    """A file as a field of a page."""
    return base64.urlsafe_b64encode(zlib.compress(data)).decode()


def _unpacked(text: str) -> bytes:
    """The file in a field of a page. Raises ValueError."""
    unpacking = zlib.decompressobj()
    try:
        data = unpacking.decompress(base64.urlsafe_b64decode(text), MOST_BYTES + 1)
    except (binascii.Error, zlib.error) as error:
        raise ValueError("packed") from error
    if len(data) > MOST_BYTES or not unpacking.eof:
        raise FileError(Unreadable.LARGE)
    return data
