"""What would change a case: the questions whose answers change it most, and scenarios side by side. Nothing of either is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from calculator.translation import _, translator
from store.organisations.access import Member
from store.organisations.roles import Action
from web.rendering import from_script, rendered
from web.security import require_same_origin
from web.services import services_of
from web.staff.case_form import FieldView, FormView, place_of_fact, typed_texts
from web.staff.doing import case_done, first_country, staff_page, worked_out
from web.staff.session import allowed
from workbench import labels
from workbench.form import Field, Group, Part, form, part_at
from workbench.record import Record
from workbench.said import currencies, in_words
from workbench.sheet import Sheet, merged, read, usable

router = APIRouter(prefix="/staff/cases", include_in_schema=False, dependencies=[Depends(require_same_origin)])
#: Besides the case as it is.
SCENARIOS = (1, 2)
AS_IT_IS = _("As it is")
IN_ENTRY = _("{entry}: {field}")


@router.get("/{case}/changes")
async def what_changes_most(request: Request, case: str, member: Annotated[Member, Depends(allowed(Action.OPEN_CASE))]) -> Response:
    """The questions whose answers would change it most; a part of the page, for the script, or a page of its own."""
    opened = await case_done(services_of(request).cases.open, member, case)
    record = Record.from_json(opened.content)
    reading = read(record.sheet)
    found = await worked_out(request, member, "changes", record, [usable(reading).case])
    questions = [] if isinstance(found, str) else [{**one, "place": place_of_fact(one["fact"], reading)} for one in found]
    told: dict[str, Any] = {"case": opened, "questions": questions, "trouble": found if isinstance(found, str) else None}
    if from_script(request):
        return HTMLResponse(rendered(request, "_staff_changes.html", services_of(request).language_of(request), **told))
    return staff_page(request, "staff_changes.html", record=record, of_country=first_country(record.sheet), **told)


@router.get("/{case}/compare")
async def choose(request: Request, case: str, member: Annotated[Member, Depends(allowed(Action.OPEN_CASE))]) -> Response:
    """Two or three scenarios side by side: what is otherwise in each."""
    return await _compared(request, case, member, FormData())


@router.post("/{case}/compare")
async def compare(request: Request, case: str, member: Annotated[Member, Depends(allowed(Action.OPEN_CASE))]) -> Response:
    """The scenarios, worked out."""
    return await _compared(request, case, member, await request.form(max_fields=500))


async def _compared(request: Request, case: str, member: Member, given: FormData) -> Response:
    services = services_of(request)
    language = services.language_of(request)
    opened = await case_done(services.cases.open, member, case)
    record = Record.from_json(opened.content)
    view = FormView(record.sheet, read(record.sheet), language)
    fields = comparable(record.sheet, language)
    scenarios = [one for n in SCENARIOS if (one := _Scenario.of(given, n, record.sheet, fields, view, language))]
    ready = [one for one in scenarios if one.sheet is not None]
    columns: list[tuple[str, str]] = []
    table: list[dict[str, Any]] = []
    trouble = None
    if ready:
        sheets = [record.sheet, *(one.sheet for one in ready if one.sheet is not None)]
        found = await worked_out(request, member, "compared", record, [usable(read(sheet)).case for sheet in sheets])
        if isinstance(found, str):
            trouble = found
        else:
            columns = [(services.words(language)(AS_IT_IS), ""), *(one.title for one in ready)]
            table = rows(found)
    return staff_page(
        request,
        "staff_compare.html",
        case=opened,
        record=record,
        fields=list(fields.items()),
        currencies=currencies(language),
        scenarios={one.number: one for one in scenarios},
        numbers=SCENARIOS,
        columns=columns,
        table=table,
        trouble=trouble,
        of_country=first_country(record.sheet),
    )


class _Scenario:
    """One fact that is otherwise: its field, and once it has a value, the sheet with it."""

    def __init__(self, number: int, name: str, control: FieldView, title: tuple[str, str], sheet: Sheet | None) -> None:
        self.number, self.name, self.control, self.title, self.sheet = number, name, control, title, sheet

    @classmethod
    def of(cls, given: FormData, number: int, sheet: Sheet, fields: dict[str, str], view: FormView, language: str) -> _Scenario | None:
        """What a form says of a scenario; None where it chose no field."""
        name, part = str(given.get(f"field{number}", "")), part_at(str(given.get(f"field{number}", "")))
        if name not in fields or not isinstance(part, Field):
            return None
        typed = typed_texts(part, [str(one) for one in given.getlist(f"value{number}")], language)
        if given.get(f"was{number}") != name or not any(typed):
            # The field was only chosen now: it is asked for its value.
            return cls(number, name, replace(view.field(part, name), name=f"value{number}"), ("", fields[name]), None)
        put = merged(sheet, dict(sheet.texts), {name: typed}).sheet
        changed = FormView(put, read(put), language)
        control = replace(changed.field(part, name), name=f"value{number}")
        said = in_words(name, put.texts.get(name, ""), language)
        return cls(number, name, control, (said, fields[name]), None if control.error else put)


def comparable(sheet: Sheet, language: str) -> dict[str, str]:
    """Every field that a scenario may have otherwise: name -> its words, with the title of the entry it is in."""
    law, web = translator(language, "law"), translator(language, "web")
    found: dict[str, str] = {}

    def within(part: Part, name: str, entry: str) -> None:
        if isinstance(part, Field):
            words = law(labels.label(part))
            found[name] = web(IN_ENTRY).format(entry=entry, field=words) if entry else words
        elif isinstance(part, Group):
            owner = entry or (law(labels.label(part)) if "." in name else "")
            for inner in part.parts:
                key = inner.name.rsplit(".", 1)[-1]
                within(inner, f"{name}.{key}" if name else key, owner)
        else:
            for number, one in enumerate(sheet.of(name), 1):
                title = law(labels.entry_title(part)).format(number=number)
                if name not in labels.TITLED:
                    title = web(IN_ENTRY).format(entry=law(labels.label(part)), field=title)
                within(part.entry, f"{name}.{one}", title)

    within(form(), "", "")
    return found


def rows(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Country after country: its total, then each way to money; `differs` where a scenario says something else than the case as it is."""
    table = []
    for code in dict.fromkeys(code for column in found for code in column):
        there = [column.get(code) for column in found]
        name = next(one["name"] for one in there if one)
        totals = [{"amount": one["total"]} if one else None for one in there]
        lines = [{"name": None, "cells": totals, "differs": _differs(totals)}]
        for route in dict.fromkeys(route for one in there if one for route in one["routes"]):
            cells = [one["routes"].get(route) if one else None for one in there]
            title = next(cell["name"] for cell in cells if cell)
            lines.append({"name": title, "cells": cells, "differs": _differs(cells)})
        table.append({"name": name, "lines": lines})
    return table


def _differs(cells: list[Any]) -> list[bool]:
    return [cell != cells[0] for cell in cells]
