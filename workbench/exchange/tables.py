"""Many cases as one table (CSV): a row for each case, a column for each field that stands in any of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from calculator.case.limits import shown
from workbench.exchange.cells import read_table, read_text, write_table
from workbench.exchange.faults import Fault, Trouble
from workbench.exchange.paths import BESIDE, build, flat, part_of_path
from workbench.form import ADULT, EACH, NAME, NOTES, parts
from workbench.record import Record
from workbench.sheet import Sheet

#: The day of the consent: written, and never read. Whoever takes a case in asks the client herself.
CONSENT_DAY = "consent.day"
_STEP = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Taken:
    """One case of a file, and in which row it stands."""

    row: int
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Changed:
    """A field of the standard that no longer says what the case inside the record says; `taken`: it stands in the case now."""

    row: int
    field: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a file comes to. `not_taken`: names of fields (of the standard also `field: value`) -> in how many rows they say something;
    `missing`: CORE fields of the standard -> in how many rows they say nothing."""

    cases: tuple[Taken, ...] = ()
    faults: tuple[Fault, ...] = ()
    not_taken: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)
    changed: tuple[Changed, ...] = ()


def without_notes(record: Record) -> Record:
    """A case without what was noted beside the facts: notes may say who somebody is."""
    texts = {name: text for name, text in record.sheet.texts.items() if name != NOTES}
    return replace(record, sheet=Sheet(texts, record.sheet.entries))


def export_table(records: Sequence[Record]) -> bytes:
    """The file of some cases."""
    rows = [flat(record.sheet) for record in records]
    beside = [NAME, *([NOTES] if any(NOTES in row for row in rows) else []), ADULT]
    paths = sorted({path for row in rows for path in row} - {*BESIDE}, key=place_of)
    for record, row in zip(records, rows, strict=True):
        row[CONSENT_DAY] = record.consent.day.isoformat() if record.consent is not None else ""
    header = [*beside, CONSENT_DAY, *paths]
    return write_table(header, ([row.get(path, "") for path in header] for row in rows))


def place_of(path: str) -> tuple[tuple[int, int], ...]:
    """Where a path stands among others: in the order of the form, entry by entry."""
    steps, found = path.split("."), []
    for n, step in enumerate(steps):
        if _STEP.fullmatch(step):
            found.append((-1, int(step)))
        else:
            general = ".".join(EACH if _STEP.fullmatch(one) else one for one in steps[: n + 1])
            found.append((_order()[general], 0))
    return tuple(found)


@cache
def _order() -> dict[str, int]:
    return {name: n for n, name in enumerate(parts())}


def is_column(name: str) -> bool:
    """Whether a name in the first row is one of ours."""
    return name == CONSENT_DAY or part_of_path(name) is not None


def import_table(data: bytes) -> Found:
    """The cases of a file. Raises FileError."""
    header, rows = read_table(read_text(data), is_column)
    # Of a name that stands there twice nobody can tell which one holds.
    times = Counter(header)
    columns = {name: n for n, name in enumerate(header) if is_column(name) and times[name] == 1}
    not_taken: Counter[str] = Counter()
    for n, name in enumerate(header):
        if name not in columns:
            not_taken[shown(name)] += sum(bool(cells[n].strip()) for _row, cells in rows if len(cells) == len(header))
    columns.pop(CONSENT_DAY, None)
    cases, faults = [], []
    for row, cells in rows:
        if len(cells) != len(header):
            faults.append(Fault(row, "", Trouble.CELLS))
            continue
        built = build({path: cells[n] for path, n in columns.items() if cells[n]}, row)
        cases.append(Taken(row, built.sheet))
        faults += [*named(built.sheet, row), *built.faults]
    return Found(tuple(cases), tuple(faults), +not_taken)


def named(sheet: Sheet, row: int) -> Iterable[Fault]:
    """The fault of a case that has no name."""
    return [] if NAME in sheet.texts else [Fault(row, NAME, Trouble.NO_NAME)]
