"""Statistics of an organisation: counts of its cases that say nothing of one, worked out while somebody is signed in."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from datetime import UTC
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from calculator.translation import _, translator
from calculator.wording import day
from store.organisations.access import Member, NoKeyError
from store.organisations.reports import Report
from store.organisations.roles import Action
from store.settings import current_day
from web.calculating_work import Work
from web.errors import Fault, RequestFault
from web.rendering import redirect
from web.security import require_same_origin
from web.services import services_of
from web.staff.answering import Asked
from web.staff.doing import case_done, done, staff_page, told_by_worker
from web.staff.session import allowed
from workbench.record import Record
from workbench.sheet import read, usable
from workbench.statistics import GROUPS, SMALLEST, STEP, cells_of, counted, in_words, told

router = APIRouter(prefix="/staff/statistics", include_in_schema=False, dependencies=[Depends(require_same_origin)])
#: Cases that one calculation works out: well within the time that one may take.
AT_ONCE = 10
#: What a report is written in, for the day when it is otherwise.
VERSION = 1
FILE_NAME = "notes.csv"
COLUMNS = (_("What is counted"), _("Cases at least"))
BUSY = _("Some cases could not be worked out just now. Nothing was counted. Try again in a minute.")


@router.get("")
async def statistics(request: Request, member: Annotated[Member, Depends(allowed(Action.MAKE_REPORT))]) -> Response:
    """The newest report, and those before it."""
    return await _page(request, member)


@router.post("")
async def count(request: Request, member: Annotated[Member, Depends(allowed(Action.MAKE_REPORT))]) -> Response:
    """Count now. Only what is not small is kept."""
    services = services_of(request)
    try:
        cases = await done(services.cases.all, member)
    except NoKeyError:
        return redirect("/staff")
    # Who has not agreed is not counted.
    records = [record for case in cases if (record := Record.from_json(case.content)).consent is not None]
    facts = await asyncio.to_thread(lambda: [usable(read(record.sheet)).case for record in records])
    statuses: list[dict[str, str]] = []
    for at in range(0, len(facts), AT_ONCE):
        asked = Asked(what="statuses", on=current_day(), adult=False, cases=facts[at : at + AT_ONCE])
        found = await told_by_worker(request, member, Work("staff", asked.model_dump_json().encode(), "en", services.languages))
        if isinstance(found, str):
            return await _page(request, member, 503, notice=BUSY)
        statuses += json.loads(found)
    counts = counted(cells_of(case, status) for case, status in zip(facts, statuses, strict=True))

    def content_after(before: dict[str, Any] | None) -> dict[str, Any]:
        return {"version": VERSION, "counts": told(counts, before["counts"] if before else {})}

    await case_done(services.reports.add, member, content_after)
    return redirect("/staff/statistics")


@router.get("/{report}")
async def one_report(request: Request, report: str, member: Annotated[Member, Depends(allowed(Action.MAKE_REPORT))]) -> Response:
    """A report of before."""
    return await _page(request, member, chosen=report)


@router.get("/{report}/file")
async def file(request: Request, report: str, member: Annotated[Member, Depends(allowed(Action.MAKE_REPORT))]) -> Response:
    """A report as a table for spreadsheets."""
    services = services_of(request)
    language = services.language_of(request)
    words = services.words(language)
    found = next((one for one in await case_done(services.reports.all, member) if one.id == report), None)
    if found is None:
        raise RequestFault(Fault.NOT_FOUND)
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["", *map(words, COLUMNS)])
    for title, bars in _groups(found, language):
        table.writerows([title, what, number] for what, number, _width in bars)
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    # With the mark by which spreadsheets know UTF-8.
    return Response(text.getvalue().encode("utf-8-sig"), media_type="text/csv", headers=headers)


def _groups(report: Report, language: str) -> list[tuple[str, list[tuple[str, int, int]]]]:
    """Each group with its cells, the greatest first: what is counted, how many at least, and the width of its bar in per cent."""
    law, counts = translator(language, "law"), report.content["counts"]
    greatest = max((number for cells in counts.values() for number in cells.values()), default=1)
    found = []
    for group, title in GROUPS.items():
        cells = sorted(counts.get(group, {}).items(), key=lambda cell: (-cell[1], cell[0]))
        found.append((law(title), [(in_words(group, cell, language), number, round(100 * number / greatest)) for cell, number in cells]))
    return found


async def _page(request: Request, member: Member, status: int = 200, notice: str | None = None, chosen: str | None = None) -> Response:
    services = services_of(request)
    language = services.language_of(request)
    try:
        reports = await done(services.reports.all, member)
    except NoKeyError:
        return redirect("/staff")
    shown = next((one for one in reports if chosen in (None, one.id)), None)
    if chosen is not None and shown is None:
        raise RequestFault(Fault.NOT_FOUND)
    days = [(one.id, day(one.made_at.astimezone(UTC).date().isoformat(), language)) for one in reports]
    return staff_page(
        request,
        "staff_statistics.html",
        status,
        notice=notice,
        report=shown,
        made=next((on for id_, on in days if shown is not None and id_ == shown.id), None),
        groups=_groups(shown, language) if shown is not None else [],
        others=[(id_, on) for id_, on in days if shown is None or id_ != shown.id],
        smallest=SMALLEST,
        step=STEP,
    )
