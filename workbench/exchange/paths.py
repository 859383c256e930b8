"""A sheet without its ids: the text of each field by a path that is the same in every file, `work.1.paid.2.amount`.

Entries are numbered from 1 in their order. What is blank is not there, so gaps between numbers close; an entry with nothing in it is
marked, so that it is not lost.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from calculator.case.limits import MOST_ENTRIES, MOST_OF
from calculator.case.read import read_case
from calculator.errors import CaseError
from workbench.exchange.faults import Fault, Trouble
from workbench.form import ADULT, EACH, NAME, NOTES, Entries, Field, Group, Part, form, parts, path_of
from workbench.sheet import Sheet, read
from workbench.values import NONE, SHORT, UNSAID, Slip, tidied

#: What stands at the path of an entry that has nothing in it.
EMPTY_ENTRY = "empty"
#: What is kept beside the facts, before them.
BESIDE = (NAME, NOTES, ADULT)
#: Characters of what is kept beside the facts at most, as on the form.
LONGEST_BESIDE = {NAME: 300, NOTES: 20_000, ADULT: 300}

#: Characters of a path at most.
LONGEST_PATH = 100
_NUMBER = re.compile(r"[1-9]\d{0,3}")


def flat(sheet: Sheet) -> dict[str, str]:
    """The text of each field by its path, in the order of the form."""
    found = {name: sheet.texts[name] for name in BESIDE if name in sheet.texts}
    found.update(_of_group(sheet, form(), "", ""))
    return found


def _of_group(sheet: Sheet, group: Group, name: str, path: str) -> Iterator[tuple[str, str]]:
    for part in group.parts:
        key = part.name.rsplit(".", 1)[-1]
        own, place = (f"{name}.{key}", f"{path}.{key}") if name else (key, key)
        if own in sheet.texts:
            yield place, sheet.texts[own]
        if isinstance(part, Group):
            yield from _of_group(sheet, part, own, place)
        elif isinstance(part, Entries):
            for number, one in enumerate(sheet.of(own), start=1):
                inside = list(_of_group(sheet, part.entry, f"{own}.{one}", f"{place}.{number}"))
                yield from inside or [(f"{place}.{number}", EMPTY_ENTRY)]


def part_of_path(path: str) -> Part | None:
    """What a path stands for; None where nothing can stand at it, or where its list has no entry of so high a number."""
    return _part_of_path(path) if len(path) <= LONGEST_PATH else None


@lru_cache(maxsize=20_000)
def _part_of_path(path: str) -> Part | None:
    steps = path.split(".")
    for n, step in enumerate(steps):
        if _NUMBER.fullmatch(step):
            owner = ".".join(steps[:n])
            steps[n] = EACH
            if int(step) > MOST_OF.get(path_of(owner), MOST_ENTRIES):
                return None
        elif step == EACH:
            return None
    part = parts().get(".".join(steps))
    if isinstance(part, Field | Entries):
        return part
    return part if isinstance(part, Group) and (part.unsaid or steps[-1] == EACH) else None


@dataclass(frozen=True, slots=True)
class Built:
    """A sheet made of paths, and what is wrong with it. `unknown`: paths that no field has, which were not taken."""

    sheet: Sheet
    faults: tuple[Fault, ...]
    unknown: tuple[str, ...]


def build(told: Mapping[str, str], row: int) -> Built:
    """The sheet of some paths. What cannot be read stays as it was typed, as on the form, with a fault that names the row."""
    texts, faults, unknown = {}, [], []
    for path, typed in told.items():
        part = part_of_path(path)
        if part is None:
            unknown.append(path)
        elif isinstance(part, Field):
            text = tidied(part, typed)
            if text:
                texts[path] = text
        elif text := typed.strip():
            text = SHORT.get(text, text)
            if text in _whole(part):
                texts[path] = text
            else:
                faults.append(Fault(row, path, Trouble.WHOLE_ENTRY if part.name.endswith(EACH) else Trouble.WHOLE))
    names, entries = _with_ids(texts)
    places = {name: path for path, name in names.items()}
    marks = [path for path in texts if isinstance(part := part_of_path(path), Group) and part.name.endswith(EACH)]
    sheet = Sheet({name: texts[path] for path, name in names.items() if path not in marks}, entries)
    faults += [Fault(row, name, Slip.LONG) for name, most in LONGEST_BESIDE.items() if len(texts.get(name, "")) > most]
    reading = read(sheet)
    faults += [Fault(row, places[name], slip) for name, slip in reading.slips.items()]
    try:
        read_case(reading.case)
    except CaseError as error:
        # The first of what cannot be; the form tells the rest.
        faults.append(Fault(row, places.get(reading.places.get(error.fact, ""), ""), error))
    return Built(sheet, tuple(faults), tuple(unknown))


def _whole(part: Part) -> tuple[str, ...]:
    """What may stand at the path of a part that is no field."""
    if isinstance(part, Entries):
        return (*UNSAID, NONE) if part.unsaid else ()
    return (EMPTY_ENTRY,) if part.name.endswith(EACH) else UNSAID


def _with_ids(texts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Path -> name of the field, and the entries of each list, with ids in the place of numbers."""
    numbers: dict[str, dict[int, str]] = {}
    for path in texts:
        for owner, number in numbered(path):
            numbers.setdefault(owner, {})[number] = ""
    for owner, found in numbers.items():
        numbers[owner] = dict(zip(sorted(found), new_ids(len(found)), strict=True))
    names = {path: _named(path, numbers) for path in texts}
    entries = {_named(owner, numbers): tuple(found.values()) for owner, found in numbers.items()}
    return names, entries


def numbered(path: str) -> Iterator[tuple[str, int]]:
    """`work.1.paid.2.amount` -> (work, 1), (work.1.paid, 2)."""
    steps = path.split(".")
    for n, step in enumerate(steps):
        if _NUMBER.fullmatch(step):
            yield ".".join(steps[:n]), int(step)


def _named(path: str, numbers: Mapping[str, Mapping[int, str]]) -> str:
    steps = path.split(".")
    ids = {owner: numbers[owner][number] for owner, number in numbered(path)}
    return ".".join(ids.get(".".join(steps[:n]), step) for n, step in enumerate(steps))


def new_ids(count: int) -> tuple[str, ...]:
    """So many ids of entries, each once."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[secrets.token_hex(4)] = None
    return tuple(found)
