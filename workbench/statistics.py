"""Counts of many cases that say nothing of one: none is small, and no two reports differ by a few.

A count below eleven is not told. Counts are rounded down to fives, so that none follows from the others. A count that was told
stays as it was until at least eleven cases more, or eleven fewer, stand behind it: whoever compares two reports never sees a few people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from calculator.translation import _, translator
from workbench import labels
from workbench.form import Field, part_at
from workbench.said import countries, routes
from workbench.values import UNSAID

#: No count is told of fewer cases; what was told is a multiple of this.
SMALLEST, STEP = 11, 5

#: group -> cell -> count. A cell of routes is `route status`.
Counts = Mapping[str, Mapping[str, int]]
ALL, COUNTRY, FORM, OUTCOME, ROUTE = "all", "country", "form", "outcome", "route"
GROUPS = {
    ALL: _("Cases"),
    COUNTRY: _("Where it happened"),
    FORM: _("What it was"),
    OUTCOME: _("What came of it"),
    ROUTE: _("Ways to money"),
}
_ALL = {"": _("All cases that are counted")}
_OUTCOMES = {
    "reported": _("The police were told"),
    "claimed": _("A claim was sent"),
    "awarded": _("A court gave money"),
    "received": _("Money came in"),
}
#: Of many people, so not as it is said to one.
_STATUS = {
    "open": _("open"),
    "likely": _("probably open"),
    "uncertain": _("not clear yet"),
    "later": _("not yet"),
    "closed": _("not open"),
}
_ROUTE = _("{route}: {status}")
_CASE_STATUS, _FORMS = "procedure.criminal_case.status", "exploitation.*.forms"


def cells_of(case: Mapping[str, Any], statuses: Mapping[str, str]) -> set[tuple[str, str]]:
    """The cells that a case counts in, each once. `statuses`: route -> status, as it was worked out."""
    found = {(ALL, "")}
    for one in _entries(case, "exploitation"):
        found |= {(COUNTRY, one["country"])} if isinstance(one.get("country"), str) else set()
        found |= {(FORM, form) for form in one.get("forms") or () if isinstance(one.get("forms"), list)}
    found |= {(COUNTRY, one["country"]) for one in _entries(case, "work") if isinstance(one.get("country"), str)}
    procedure = case.get("procedure") or {}
    criminal = procedure.get("criminal_case")
    if procedure.get("reported_to_police") is True:
        found.add((OUTCOME, "reported"))
    if isinstance(criminal, dict) and criminal.get("status") in _choices(_CASE_STATUS):
        found.add((OUTCOME, f"criminal {criminal['status']}"))
    if any(one.get("filed") for one in _entries(procedure, "claims")):
        found.add((OUTCOME, "claimed"))
    awards = _entries(procedure, "awards")
    if awards:
        found.add((OUTCOME, "awarded"))
    if _entries(procedure, "received") or any(_entries(one, "paid") for one in awards):
        found.add((OUTCOME, "received"))
    said = {(group, cell) for group, cell in found if cell not in UNSAID}
    return said | {(ROUTE, f"{route} {status}") for route, status in statuses.items()}


def _entries(of: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = of.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def counted(cases: Iterable[set[tuple[str, str]]]) -> dict[str, dict[str, int]]:
    """How many cases count in each cell."""
    found: dict[str, Counter[str]] = {group: Counter() for group in GROUPS}
    for cells in cases:
        for group, cell in cells:
            found[group][cell] += 1
    return {group: dict(counter) for group, counter in found.items()}


def told(counts: Counts, before: Counts) -> dict[str, dict[str, int]]:
    """What may be told of the counts, after a report that told `before`."""
    return {group: _told(counts.get(group, {}), before.get(group, {})) for group in GROUPS}


def _told(counts: Mapping[str, int], before: Mapping[str, int]) -> dict[str, int]:
    found = {}
    for cell in {*counts, *before}:
        count, last = counts.get(cell, 0), before.get(cell)
        # What was told was rounded down: up to four cases more may have stood behind it.
        if last is not None and last - SMALLEST < count < last + STEP - 1 + SMALLEST:
            found[cell] = last
        elif count >= SMALLEST:
            found[cell] = count - count % STEP
    return found


def in_words(group: str, cell: str, language: str) -> str:
    """What a cell counts, as somebody reads it."""
    law = translator(language, "law")
    if group == ALL:
        return law(_ALL[""])
    if group == COUNTRY:
        return dict(countries(language)).get(cell, cell)
    if group == FORM:
        return law(_choices(_FORMS).get(cell, cell))
    if group == ROUTE:
        route, _space, status = cell.partition(" ")
        return law(_ROUTE).format(route=dict(routes(language)).get(route, route), status=law(_STATUS.get(status, status)))
    if cell.startswith("criminal "):
        return law(_choices(_CASE_STATUS).get(cell.removeprefix("criminal "), cell))
    return law(_OUTCOMES.get(cell, cell))


def _choices(name: str) -> dict[str, str]:
    part = part_at(name)
    return labels.words(part) if isinstance(part, Field) else {}
