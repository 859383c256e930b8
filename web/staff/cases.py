"""The workbench: the cases of an organisation, the form of one, what follows from it, and what becomes of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from starlette.datastructures import FormData

from calculator.case.read import of_a_saved_file, read_yaml
from calculator.errors import CaseError
from calculator.translation import _, translator
from calculator.wording import day
from store.organisations.access import Member, NoKeyError
from store.organisations.cases import Case
from store.organisations.roles import Action
from web.consent import CONSENT
from web.errors import Fault, RequestFault
from web.i18n import match_language
from web.rendering import from_script, redirect
from web.security import require_same_origin
from web.services import services_of
from web.staff.case_form import typed_texts
from web.staff.case_page import Saved, case_page, changed_case, given_shown, shown_case, told_to_script
from web.staff.doing import case_done, done, first_country, staff_page
from web.staff.handed import handed_shown
from web.staff.keeping import KEPT_MONTHS, ends_soon, kept_until, midnight
from web.staff.session import allowed
from workbench.form import NAME, part_at
from workbench.record import Consent, Record, begun, found
from workbench.said import countries
from workbench.sheet import FullError, Sheet, merged, sheet_of, unseen, with_entry, without_entry

router = APIRouter(prefix="/staff/cases", include_in_schema=False, dependencies=[Depends(require_same_origin)])
Text = Annotated[str, Form(max_length=300)]
#: Fields of a form at most: those of a long case, each once.
MOST_FIELDS = 20_000

NO_FILE = _("This file cannot be read. Choose one that the chat or this page has saved.")
NO_NAME = _("Give the case a name first: not the real name of the client.")


@router.get("")
async def all_cases(request: Request, member: Annotated[Member, Depends(allowed(Action.LIST_CASES))]) -> Response:
    """Every case of the organisation."""
    return await _list(request, member)


@router.post("/find")
async def find_cases(request: Request, member: Annotated[Member, Depends(allowed(Action.LIST_CASES))], find: Text = "") -> Response:
    """Cases that a search finds. Its words stand in no address: addresses are kept by browsers and servers."""
    return await _list(request, member, find)


@router.post("")
async def begin(
    request: Request, member: Annotated[Member, Depends(allowed(Action.CREATE_CASE))], name: Text = "", months: Annotated[int, Form()] = 12
) -> Response:
    """A new case under a pseudonym."""
    if not name.strip():
        return await _list(request, member, status=422, notice=NO_NAME)
    case = await case_done(services_of(request).cases.create, member, begun(name.strip()).as_json(), kept_until(months))
    return redirect(f"/staff/cases/{case.id}")


@router.post("/import")
async def begin_from_file(
    request: Request,
    member: Annotated[Member, Depends(allowed(Action.CREATE_CASE))],
    file: Annotated[UploadFile, File()],
    name: Text = "",
    months: Annotated[int, Form()] = 12,
) -> Response:
    """A new case from a file: one that the page of the chat, another workbench or the command has written."""
    if not name.strip():
        return await _list(request, member, status=422, notice=NO_NAME)
    law = translator(services_of(request).language_of(request), "law")
    try:
        told = of_a_saved_file(read_yaml((await file.read()).decode("utf-8")))
        sheet = await asyncio.to_thread(sheet_of, told if isinstance(told, dict) else {"": told})
    except UnicodeDecodeError:
        return await _list(request, member, status=422, notice=NO_FILE)
    except CaseError as error:
        return await _list(request, member, status=422, notice=" ".join([*error.place.values(), *error.said(law)]).strip())
    record = Record(Sheet({**sheet.texts, NAME: name.strip()}, sheet.entries))
    case = await case_done(services_of(request).cases.create, member, record.as_json(), kept_until(months))
    return redirect(f"/staff/cases/{case.id}")


@router.get("/{case}")
async def one_case(request: Request, case: str, member: Annotated[Member, Depends(allowed(Action.OPEN_CASE))], spoken: str = "") -> Response:
    """The form of one case, and beside it what follows from it."""
    opened = await case_done(services_of(request).cases.open, member, case)
    shown = await shown_case(request, member, opened)
    return await asyncio.to_thread(case_page, request, shown, None, spoken)


@router.post("/{case}")
async def save(request: Request, case: str, member: Annotated[Member, Depends(allowed(Action.CHANGE_CASE))]) -> Response:
    """Save what was typed, add or take away an entry; to a script what is to be shown, else the page."""
    typed = await request.form(max_fields=MOST_FIELDS)
    saved = await _saved(request, member, case, _Typed.of(typed, services_of(request).language_of(request)))
    # What clashed is told at once: a page that is loaded anew would not know of it.
    if saved.added and not from_script(request) and not saved.clashes and not saved.back:
        return redirect(f"/staff/cases/{case}#{saved.added}")
    shown = await shown_case(request, member, saved.case)
    return await asyncio.to_thread(told_to_script if from_script(request) else case_page, request, shown, saved)


@router.post("/{case}/consent")
async def agree(
    request: Request, case: str, member: Annotated[Member, Depends(allowed(Action.CHANGE_CASE))], language: Text = "en", sure: Text = ""
) -> Response:
    """The client agreed, after the words were read out in her language; or took it back."""
    spoken = match_language(language, services_of(request).languages) or "en"
    today = datetime.now(UTC).date()

    def change(content: dict[str, Any]) -> dict[str, Any]:
        record = Record.from_json(content)
        if sure == "end":
            return record.taken_back(today).as_json()
        return record.agreed(Consent(services_of(request).words(spoken)(CONSENT), spoken, today)).as_json()

    changed = await changed_case(request, member, case, change)
    # What was read out promises that everything is deleted then: the next page asks for it.
    return _ask_to_delete(request, changed) if sure == "end" else redirect(f"/staff/cases/{case}#consent")


@router.post("/{case}/keep")
async def keep(
    request: Request, case: str, member: Annotated[Member, Depends(allowed(Action.CHANGE_CASE))], months: Annotated[int, Form()] = 12
) -> Response:
    """Keep the case for so long from today; one that came from another organisation not longer than was agreed."""
    record = Record.from_json((await case_done(services_of(request).cases.open, member, case)).content)
    until = kept_until(months)
    await changed_case(request, member, case, lambda content: content, min(until, midnight(record.came.until)) if record.came else until)
    return redirect(f"/staff/cases/{case}#keep")


@router.post("/{case}/delete")
async def delete(request: Request, case: str, member: Annotated[Member, Depends(allowed(Action.DELETE_CASE))], sure: Text = "") -> Response:
    """Delete a case for good, after a question."""
    if sure != "yes":
        return _ask_to_delete(request, await case_done(services_of(request).cases.open, member, case))
    await case_done(services_of(request).cases.delete, member, case)
    return redirect("/staff/cases")


def _ask_to_delete(request: Request, case: Case) -> Response:
    record = Record.from_json(case.content)
    language = services_of(request).language_of(request)
    given = [given_shown(one, language) for one in record.given]
    return staff_page(request, "staff_delete.html", case=case, record=record, given=given, of_country=first_country(record.sheet))


async def _list(request: Request, member: Member, find: str = "", status: int = 200, notice: str | None = None) -> Response:
    try:
        cases = await done(services_of(request).cases.all, member)
        handed = await done(services_of(request).handing.waiting, member)
        own = await done(services_of(request).handing.own, member)
    except NoKeyError:
        # She is asked for the key where she signs in.
        return redirect("/staff")
    # Hundreds of cases: in a thread, so that nobody's message waits for them.
    shown = {"handed": [handed_shown(one, services_of(request).language_of(request)) for one in handed], "own": own}
    return await asyncio.to_thread(_list_page, request, member, cases, find, status, notice, shown)


def _list_page(
    request: Request, member: Member, cases: list[Case], find: str, status: int, notice: str | None, handed: Mapping[str, Any]
) -> Response:
    language = services_of(request).language_of(request)
    shown = [(case, record) for case in cases if found(record := Record.from_json(case.content), find)]
    names = dict(countries(language))
    return staff_page(
        request,
        "staff_cases.html",
        status,
        notice=notice,
        find=find,
        count=len(cases),
        months=KEPT_MONTHS,
        may_begin=member.may(Action.CREATE_CASE),
        **handed,
        cases=[
            {
                "id": case.id,
                "name": record.name,
                "countries": _countries_of(record.sheet, names),
                "changed": day(case.changed_at.date().isoformat(), language),
                "ends": day(case.keep_until.date().isoformat(), language) if ends_soon(case) else None,
                "consent": record.consent is not None,
            }
            for case, record in shown
        ],
    )


def _countries_of(sheet: Sheet, names: Mapping[str, str]) -> list[str]:
    found = [sheet.texts.get(f"{what}.{one}.country", "") for what in ("exploitation", "work") for one in sheet.of(what)]
    return [names[code] for code in dict.fromkeys(found) if code in names]


class _Typed:
    """What a form brought: the texts it showed (`was`), those that stand in it now, and what is to be done besides saving."""

    def __init__(self, was: dict[str, str], texts: dict[str, str | list[str]], do: list[str]) -> None:
        self.was, self.texts, self.do = was, texts, do

    @classmethod
    def of(cls, form: FormData, language: str) -> _Typed:
        """Raises RequestFault where `was` is no map of texts: no page of ours sends that."""
        try:
            was = json.loads(str(form.get("was", "{}")))
        except ValueError:
            raise RequestFault(Fault.BAD_BODY) from None
        if not isinstance(was, dict) or not all(isinstance(text, str) for text in was.values()):
            raise RequestFault(Fault.BAD_BODY)
        texts: dict[str, str | list[str]] = {}
        for name in form:
            part = part_at(name)
            if part is None:
                continue
            texts[name] = typed_texts(part, [str(one) for one in form.getlist(name)], language)
        return cls(was, texts, str(form.get("do", "")).split())


async def _saved(request: Request, member: Member, case: str, typed: _Typed) -> Saved:
    """Put what was typed onto the case as it is now."""
    saved = Saved()

    def change(content: dict[str, Any]) -> dict[str, Any]:
        record = Record.from_json(content)
        put = merged(record.sheet, typed.was, typed.texts)
        saved.clashes, saved.back, saved.added, saved.full = put.clashes, put.back, "", False
        saved.meanwhile = _takes_unseen_away(record.sheet, typed)
        return replace(record, sheet=_done_to_entries(put.sheet, [] if saved.meanwhile else typed.do, saved)).as_json()

    saved.case = await changed_case(request, member, case, change)
    return saved


def _takes_unseen_away(now: Sheet, typed: _Typed) -> bool:
    """Whether what is to be done would take away what a colleague typed and this page has not shown: all that stands in an entry, or that a
    list is known to be empty."""
    match typed.do:
        case ["add", name]:
            names = [name]
        case ["remove", name, one]:
            names = [inside for inside in now.texts if inside.startswith(f"{name}.{one}.")]
        case _:
            names = []
    return any(unseen(name, now, typed.was, typed.texts) for name in names)


def _done_to_entries(sheet: Sheet, do: list[str], saved: Saved) -> Sheet:
    """`add work`, `remove work 3fa91c20`; what a colleague has done meanwhile is done."""
    try:
        if len(do) == 2 and do[0] == "add":
            sheet, one = with_entry(sheet, do[1])
            saved.added = f"{do[1]}.{one}"
        elif len(do) == 3 and do[0] == "remove":
            sheet = without_entry(sheet, do[1], do[2])
    except FullError:
        saved.full = True
    except KeyError:
        pass
    return sheet
