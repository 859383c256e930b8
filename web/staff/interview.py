"""Pasting an interview into a case: what is read from it is shown beside the words it was read in, and what is ticked is taken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.datastructures import FormData

from calculator.translation import _, isolated, translator
from store.organisations.access import Member
from store.organisations.roles import Action
from web.errors import Fault, RequestFault
from web.i18n import match_language
from web.rendering import redirect
from web.security import require_same_origin
from web.services import services_of
from web.staff.case_page import Saved, case_page, changed_case, shown_case
from web.staff.cases import MOST_FIELDS
from web.staff.doing import case_done, first_country, staff_page
from web.staff.interview_reading import LONGEST, Piece, heard
from web.staff.session import allowed
from workbench import labels
from workbench.form import ENTRY_ID, Entries, part_at
from workbench.record import Record
from workbench.said import asked, in_words
from workbench.sheet import FullError, Sheet, as_json, entries_in, from_json, merged, with_entry

router = APIRouter(prefix="/staff/cases", include_in_schema=False, dependencies=[Depends(require_same_origin)])
Interview = Annotated[str, Form(max_length=LONGEST)]
Text = Annotated[str, Form(max_length=40)]
#: So many new entries of a list can be told apart on the page.
NEW = ("new1", "new2", "new3", "new4")
NOT_NOW = _("Some of it could not be read just now. Try again in a minute with those parts.")
NOTHING = _("Nothing was read in it. Short sentences in the words of the client are read best.")
NEW_ENTRY = _("A new one ({number})")


@router.get("/{case}/interview")
async def paste(request: Request, case: str, member: Annotated[Member, Depends(allowed(Action.CHANGE_CASE))]) -> Response:
    """Where an interview is pasted."""
    opened = await case_done(services_of(request).cases.open, member, case)
    record = Record.from_json(opened.content)
    return _page(request, case, record, record.consent.language if record.consent else "")


@router.post("/{case}/interview")
async def propose(
    request: Request, case: str, member: Annotated[Member, Depends(allowed(Action.CHANGE_CASE))], text: Interview = "", language: Text = ""
) -> Response:
    """What was read, piece by piece, to be ticked."""
    services = services_of(request)
    record = Record.from_json((await case_done(services.cases.open, member, case)).content)
    spoken = match_language(language, services.languages) or services.language_of(request)
    found = await heard(text, spoken, services.conversations)
    read = [piece for piece in found if piece.sheet.texts]
    failed = any(not piece.answered for piece in found)
    notice = NOT_NOW if failed else NOTHING if found and not read else None
    return _page(request, case, record, spoken, text if not read else "", found, notice)


@router.post("/{case}/interview/take")
async def take(request: Request, case: str, member: Annotated[Member, Depends(allowed(Action.CHANGE_CASE))]) -> Response:
    """Put what was ticked onto the case; what stands there already stays, and both are shown."""
    typed = await request.form(max_fields=MOST_FIELDS)
    saved = Saved()

    def change(content: dict[str, Any]) -> dict[str, Any]:
        record = Record.from_json(content)
        try:
            sheet, texts = _onto(record.sheet, typed)
        except FullError:
            saved.full = True
            return content
        put = merged(sheet, {}, texts)
        saved.clashes = put.clashes
        return replace(record, sheet=put.sheet).as_json()

    saved.case = await changed_case(request, member, case, change)
    if not saved.clashes and not saved.full:
        return redirect(f"/staff/cases/{case}")
    return case_page(request, await shown_case(request, member, saved.case), saved)


def _onto(sheet: Sheet, typed: FormData) -> tuple[Sheet, dict[str, str | list[str]]]:
    """The case with the new entries that are wanted, and the texts that were ticked under the names they have there.

    Raises FullError, RequestFault where no page of ours sent that.
    """
    made: dict[tuple[str, str], str] = {}
    texts: dict[str, str | list[str]] = {}
    for ticked in map(str, typed.getlist("take")):
        number, _colon, name = ticked.partition(":")
        piece = _sheet(typed.get(f"piece{number}"))
        if name not in piece.texts:
            raise RequestFault(Fault.BAD_BODY)
        into = name
        owner, one = next(iter(entries_in(name)), ("", ""))
        if owner:
            target = str(typed.get(f"to{number}:{owner}.{one}", ""))
            if target in NEW:
                if (owner, target) not in made:
                    sheet, made[owner, target] = with_entry(sheet, owner)
                target = made[owner, target]
            elif target not in sheet.of(owner):
                raise RequestFault(Fault.BAD_BODY)
            into = name.replace(one, target, 1)
        texts[into] = piece.texts[name]
    return sheet, texts


def _sheet(raw: Any) -> Sheet:
    try:
        sheet = from_json(json.loads(str(raw)))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise RequestFault(Fault.BAD_BODY) from None
    if not all(isinstance(text, str) for text in sheet.texts.values()):
        raise RequestFault(Fault.BAD_BODY)
    return sheet


def _page(
    request: Request,
    case: str,
    record: Record,
    spoken: str,
    text: str = "",
    found: list[Piece] | None = None,
    notice: str | None = None,
) -> Response:
    services = services_of(request)
    language = services.language_of(request)
    taken: dict[str, int] = {}
    read = [_shown(number, piece, record.sheet, taken, language) for number, piece in enumerate(found or []) if piece.sheet.texts]
    return staff_page(
        request,
        "staff_interview.html",
        notice=notice,
        case=case,
        record=record,
        spoken=spoken or language,
        text=text,
        longest=LONGEST,
        read=read,
        unread=[piece.text for piece in found or [] if not piece.sheet.texts],
        of_country=first_country(record.sheet),
    )


def _shown(number: int, piece: Piece, sheet: Sheet, taken: dict[str, int], language: str) -> dict[str, Any]:
    """A piece as the page shows it; `taken`: how many new entries of each list the pieces before it had."""
    return {
        "number": number,
        "text": piece.text,
        "sheet": json.dumps(as_json(piece.sheet), ensure_ascii=False),
        "facts": [
            {"name": name, "question": asked(piece.sheet, name, language), "answer": isolated(in_words(name, text, language), language)}
            for name, text in piece.sheet.texts.items()
        ],
        "lists": list(_lists(piece.sheet, sheet, taken, language)),
    }


def _lists(piece: Sheet, sheet: Sheet, taken: dict[str, int], language: str) -> Iterator[dict[str, Any]]:
    """For each entry that was read: into which entry of the case it may go, the likeliest first chosen."""
    law = translator(language, "law")
    for owner, ids in piece.entries.items():
        if ENTRY_ID.search(owner):
            # Goes where the entry goes that it is part of.
            continue
        part = part_at(owner)
        assert isinstance(part, Entries)
        title = law(labels.entry_title(part))
        there = [(one, f"{law(labels.label(part))}: {title.format(number=n)}") for n, one in enumerate(sheet.of(owner), 1)]
        new = [(code, law(NEW_ENTRY).format(number=n)) for n, code in enumerate(NEW, 1)]
        for n, one in enumerate(ids, 1):
            yield {
                "name": f"{owner}.{one}",
                "title": f"{law(labels.label(part))}: {title.format(number=n)}",
                "options": [*there, *new],
                # Several in one piece are several; the one of a later piece is mostly the same.
                "chosen": there[n - 1][0] if n <= len(there) else NEW[min(n - len(there), len(NEW)) - 1],
            }
