"""The workbench: the cases of an organisation, the form of one, what follows from it, and what becomes of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.responses import JSONResponse
from starlette.datastructures import FormData

from calculator.case.read import of_a_saved_file, read_yaml
from calculator.dates import add_months
from calculator.errors import CaseError
from calculator.translation import _, translator
from calculator.wording import day
from store.organisations.access import Member, NoKeyError
from store.organisations.cases import Case, ChangedError
from store.organisations.roles import Action
from store.settings import current_day
from web.consent import CONSENT
from web.errors import Fault, RequestFault
from web.i18n import direction, match_language
from web.rendering import from_script, redirect, rendered
from web.security import require_same_origin
from web.services import services_of
from web.staff.case_form import FormView, typed_texts
from web.staff.doing import case_done, done, first_country, staff_page, worked_out
from web.staff.handed import handed_shown
from web.staff.session import allowed
from web.staff.timeline import Bar, timeline
from workbench import labels
from workbench.form import ADULT, NAME, NOTES, part_at
from workbench.record import Consent, Given, Record, begun, found
from workbench.said import countries, currencies, in_words
from workbench.sheet import Clash, FullError, Sheet, merged, read, sheet_of, unseen, usable, with_entry, without_entry

router = APIRouter(prefix="/staff/cases", include_in_schema=False, dependencies=[Depends(require_same_origin)])
Text = Annotated[str, Form(max_length=300)]
#: Months that a case is kept, to choose from; days before its end on which its members are warned.
KEPT_MONTHS, WARNED_DAYS = (6, 12, 24, 36), 30
#: Fields of a form at most: those of a long case, each once.
MOST_FIELDS = 20_000

SAVED = _("Saved at {time} UTC.")
NO_FILE = _("This file cannot be read. Choose one that the chat or this page has saved.")
NO_NAME = _("Give the case a name first: not the real name of the client.")
FULL = _("There are as many of these as can be worked out. Join those that belong together.")
MEANWHILE = _("A colleague changed this meanwhile, so it was not done. Look at it, then press again.")
OVER = _("This case is deleted by itself soon: on {day}. Choose a later day below if it is still needed.")


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
    return await asyncio.to_thread(_told_to_script if from_script(request) else case_page, request, shown, saved)


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
    given = [_given(one, language) for one in record.given]
    return staff_page(request, "staff_delete.html", case=case, record=record, given=given, of_country=first_country(record.sheet))


def kept_until(months: int) -> datetime:
    """So many months from today, of those that can be chosen."""
    return midnight(add_months(datetime.now(UTC).date(), months if months in KEPT_MONTHS else min(KEPT_MONTHS)))


def midnight(on: date) -> datetime:
    """The first moment of a day, in UTC."""
    return datetime(on.year, on.month, on.day, tzinfo=UTC)


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
                "ends": day(case.keep_until.date().isoformat(), language) if _ends_soon(case) else None,
                "consent": record.consent is not None,
            }
            for case, record in shown
        ],
    )


def _countries_of(sheet: Sheet, names: Mapping[str, str]) -> list[str]:
    found = [sheet.texts.get(f"{what}.{one}.country", "") for what in ("exploitation", "work") for one in sheet.of(what)]
    return [names[code] for code in dict.fromkeys(found) if code in names]


def _ends_soon(case: Case) -> bool:
    return case.keep_until - datetime.now(UTC) < timedelta(days=WARNED_DAYS)


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


class Saved:
    """What a save came to: the case, what clashed, which entries are there again, which one is new, whether a list is full, and whether
    something was not done because a colleague has changed what it would take away."""

    case: Case
    clashes: tuple[Clash, ...] = ()
    back: tuple[str, ...] = ()
    added = ""
    full = False
    meanwhile = False


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


async def changed_case(
    request: Request, member: Member, case: str, change: Callable[[dict[str, Any]], dict[str, Any]], keep_until: datetime | None = None
) -> Case:
    """Change a case. Raises RequestFault: no such case, or others keep saving."""
    try:
        return await case_done(services_of(request).cases.change, member, case, change, keep_until)
    except ChangedError:
        raise RequestFault(Fault.BUSY) from None


@dataclass(frozen=True)
class _Shown:
    """A case as it is shown: what is read of it, and what follows from it."""

    case: Case
    record: Record
    view: FormView
    beside: dict[str, Any]


async def shown_case(request: Request, member: Member, case: Case) -> _Shown:
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
    return _Shown(
        case,
        record,
        view,
        {"answer": None if trouble else found, "trouble": trouble, "left_out": len(view.errors), "whole": view.errors.get(""), "timeline": bars},
    )


def _told_to_script(request: Request, shown: _Shown, saved: Saved) -> Response:
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


def _given(one: Given, language: str) -> dict[str, str]:
    days = {"day": day(one.day.isoformat(), language), "until": day(one.until.isoformat(), language)}
    return {"organisation": one.organisation, "purpose": one.purpose, **days}


def _notice(saved: Saved | None) -> str | None:
    """What was not done, and why."""
    if saved is None or not (saved.full or saved.meanwhile):
        return None
    return FULL if saved.full else MEANWHILE


def case_page(request: Request, shown: _Shown, saved: Saved | None = None, spoken: str = "") -> Response:
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
        over=services.words(language)(OVER, day=ends) if _ends_soon(case) else None,
        kept_until=ends,
        came=_given(record.came, language) if record.came else None,
        given=[_given(one, language) for one in record.given],
        months=KEPT_MONTHS,
        consents=[(one, day(one.day.isoformat(), language), one.ended and day(one.ended.isoformat(), language)) for one in record.consents],
        consent_words=services.words(spoken)(CONSENT),
        spoken=spoken,
        spoken_direction=direction(spoken),
        of_country=first_country(record.sheet),
        **shown.beside,
    )
