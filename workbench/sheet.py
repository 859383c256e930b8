"""What is kept of a case: the text of each field by its name, and which entries each list has. The case file is read from it.

Texts, not values, so that what cannot be read is lost neither on the screen nor in the store; names, not numbers, so that two people
can change one case at a time (decision 34).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from calculator.case.limits import MOST_ENTRIES, MOST_OF
from calculator.case.read import read_case
from calculator.case.values import Unsaid
from calculator.errors import CaseError
from workbench.form import EACH, ENTRY_ID, Entries, Field, Group, form, part_at, path_of
from workbench.values import NONE, UNSAID, Slip, SlipError, tidied, value_of, written


@dataclass(frozen=True, slots=True)
class Sheet:
    """`texts`: name of a field -> what stands in it, never empty. `entries`: name of a list -> the ids of its entries, in their order."""

    texts: Mapping[str, str]
    entries: Mapping[str, tuple[str, ...]]

    def of(self, name: str) -> tuple[str, ...]:
        """Ids of the entries of a list."""
        return self.entries.get(name, ())


EMPTY = Sheet({}, {})


@dataclass(frozen=True, slots=True)
class Reading:
    """The case of a sheet: what could be read; `slips`: name -> why not; `places`: path in the case file -> name."""

    case: dict[str, Any]
    slips: dict[str, Slip]
    places: dict[str, str]


class FullError(ValueError):
    """A list has as many entries as can be worked out."""


def read(sheet: Sheet) -> Reading:
    """The case file of a sheet, without what cannot be read."""
    found = Reading({"version": 1}, {}, {})
    found.case.update(_read_group(sheet, form(), "", "", found))
    return found


def names_of(paths: Iterable[str], sheet: Sheet) -> dict[str, str]:
    """Name of each field that has a text at one of these paths in the case file, or within it -> the path."""
    places = read(sheet).places
    at = {places[path]: path for path in paths if path in places}
    return {name: at[up] for name in sheet.texts for up in _ups(name) if up in at}


def _ups(name: str) -> Iterator[str]:
    """A name and what it is part of: `work.3fa91c20.end`, `work.3fa91c20`, `work`."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def without(sheet: Sheet, names: Collection[str]) -> Sheet:
    """The sheet without some of its fields, and without entries in which nothing is left."""
    texts = {name: text for name, text in sheet.texts.items() if name not in names}
    emptied = {up for name in names for up in _ups(name)}
    entries = {
        owner: kept
        for owner, ids in sheet.entries.items()
        if (kept := tuple(one for one in ids if f"{owner}.{one}" not in emptied or _holds(texts, f"{owner}.{one}")))
    }
    return Sheet(texts, entries)


def _holds(texts: Mapping[str, str], entry: str) -> bool:
    return any(name.startswith(f"{entry}.") for name in texts)


def _read_group(sheet: Sheet, group: Group, name: str, path: str, into: Reading) -> dict[str, Any]:
    values = {}
    for part in group.parts:
        key = part.name.rsplit(".", 1)[-1]
        own, place = (f"{name}.{key}", f"{path}.{key}") if name else (key, key)
        value = _read_part(sheet, part, own, place, into)
        if value is not None:
            values[key] = value
    return values


def _read_part(sheet: Sheet, part: Field | Group | Entries, name: str, path: str, into: Reading) -> Any:
    into.places[path] = name
    text = sheet.texts.get(name, "")
    if isinstance(part, Field):
        try:
            return value_of(part, text)
        except SlipError as error:
            into.slips[name] = error.slip
            return None
    if isinstance(part, Group):
        found = _read_group(sheet, part, name, path, into)
        if text and found:
            into.slips[name] = Slip.NOT_BOTH
        return found or (text if part.unsaid and text in UNSAID else None)
    ids = sheet.of(name)
    if text and ids:
        into.slips[name] = Slip.NOT_BOTH
    if ids:
        return [_read_group(sheet, part.entry, f"{name}.{one}", f"{path}[{n}]", into) for n, one in enumerate(ids)]
    if text == NONE:
        return []
    return text if part.unsaid and text in UNSAID else None


def sheet_of(case: Mapping[str, Any]) -> Sheet:
    """The sheet of a case file (version 1). Raises CaseError where it is none."""
    told = read_case(dict(case)).model_dump(mode="json", by_alias=True, exclude_unset=True)
    texts: dict[str, str] = {}
    entries: dict[str, tuple[str, ...]] = {}
    _write_group(told, form(), "", texts, entries)
    return Sheet(texts, entries)


def _write_group(values: Mapping[str, Any], group: Group, name: str, texts: dict[str, str], entries: dict[str, tuple[str, ...]]) -> None:
    for part in group.parts:
        key = part.name.rsplit(".", 1)[-1]
        _write_part(values.get(key), part, f"{name}.{key}" if name else key, texts, entries)


def _write_part(value: Any, part: Field | Group | Entries, name: str, texts: dict[str, str], entries: dict[str, tuple[str, ...]]) -> None:
    if value is None:
        return
    if isinstance(value, str) and value in UNSAID:
        texts[name] = value
    elif isinstance(part, Field):
        texts[name] = written(part, value)
    elif isinstance(part, Group):
        # A sum that came without its currency, where it may have one.
        _write_group(value if isinstance(value, dict) else {"amount": value}, part, name, texts, entries)
    elif not value:
        texts[name] = NONE
    else:
        entries[name] = _new_ids(len(value))
        for one, inner in zip(entries[name], value, strict=True):
            _write_group(inner, part.entry, f"{name}.{one}", texts, entries)


def _new_ids(count: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[secrets.token_hex(4)] = None
    return tuple(found)


def with_entry(sheet: Sheet, name: str) -> tuple[Sheet, str]:
    """One entry more in a list, with its id. Raises KeyError where there is no such list, FullError where it has enough."""
    part = part_at(name)
    if not isinstance(part, Entries) or not set(entries_in(name)) <= set(_known(sheet)):
        raise KeyError(name)
    if len(sheet.of(name)) >= MOST_OF.get(path_of(part.name), MOST_ENTRIES):
        raise FullError(name)
    one = next(one for one in iter(lambda: secrets.token_hex(4), "") if one not in sheet.of(name))
    texts = {key: text for key, text in sheet.texts.items() if key != name}
    return Sheet(texts, {**sheet.entries, name: (*sheet.of(name), one)}), one


def without_entry(sheet: Sheet, name: str, one: str) -> Sheet:
    """A list without one of its entries, and all that stood in it. Raises KeyError where there is none."""
    if one not in sheet.of(name):
        raise KeyError(name)
    gone = f"{name}.{one}."
    texts = {key: text for key, text in sheet.texts.items() if not key.startswith(gone)}
    entries = {key: ids for key, ids in sheet.entries.items() if not key.startswith(gone)}
    entries[name] = tuple(other for other in sheet.of(name) if other != one)
    return Sheet(texts, {key: ids for key, ids in entries.items() if ids})


def unseen(name: str, now: Sheet, was: Mapping[str, str], typed: Mapping[str, str | list[str]]) -> bool:
    """Whether a field says something that a page which showed `was` did not show, and that was not typed there, too."""
    part, own = part_at(name), typed.get(name, "")
    return now.texts.get(name, "") not in ("", was.get(name), tidied(part, own) if isinstance(part, Field) else own)


def _known(sheet: Sheet) -> Iterator[tuple[str, str]]:
    for name, ids in sheet.entries.items():
        yield from ((name, one) for one in ids)


def entries_in(name: str) -> Iterator[tuple[str, str]]:
    """Which entries of which lists a name goes through: `work.3fa91c20.end` -> (work, 3fa91c20)."""
    steps = name.split(".")
    for n, step in enumerate(steps):
        if ENTRY_ID.fullmatch(step):
            yield ".".join(steps[:n]), step


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people changed: what stands in it now, and what was typed here."""

    name: str
    now: str
    typed: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What a save comes to. `clashes` keep what stood there; `back`: entries that a colleague took away and that are there again, because
    something was changed in them here."""

    sheet: Sheet
    clashes: tuple[Clash, ...]
    back: tuple[str, ...]


def merged(now: Sheet, was: Mapping[str, str], typed: Mapping[str, str | list[str]]) -> Merged:
    """The sheet as it is `now`, with what was changed on a page that showed `was`. A field that changed on both sides keeps what stands
    in it, and clashes; nothing that was typed is dropped. Names that no field has are not taken up."""
    texts, entries = dict(now.texts), dict(now.entries)
    clashes, back = [], []
    for name, text in typed.items():
        part = part_at(name)
        if part is None or EACH in name or not (isinstance(part, Field) or part.unsaid and text in ("", *UNSAID, NONE)):
            continue
        new = tidied(part, text) if isinstance(part, Field) else str(text)
        before, stands = was.get(name, ""), texts.get(name, "")
        if new in (before, stands):
            continue
        gone = next((f"{owner}.{one}" for owner, one in entries_in(name) if one not in entries.get(owner, ())), None)
        if gone is not None:
            back.append(gone)
            inside = {key: old for key, old in was.items() if key.startswith(f"{gone}.")}
            texts.update(inside)
            for owner, one in (pair for key in (name, *inside) for pair in entries_in(key)):
                if one not in entries.get(owner, ()):
                    entries[owner] = (*entries.get(owner, ()), one)
            stands = before
        if stands != before:
            clashes.append(Clash(name, stands, new))
        elif new:
            texts[name] = new
        else:
            texts.pop(name, None)
    return Merged(Sheet(texts, entries), tuple(clashes), tuple(back))


@dataclass(frozen=True, slots=True)
class Usable:
    """A case that can be worked out, and the errors of what was left out for it, by name of the field ("" = the case as a whole)."""

    case: dict[str, Any]
    errors: dict[str, CaseError]


def usable(reading: Reading) -> Usable:
    """The case without the facts that cannot be: each is left out with its error."""
    case = reading.case
    errors: dict[str, CaseError] = {}
    for _ in range(len(reading.places) + 1):
        try:
            read_case(case)
        except CaseError as error:
            name = reading.places.get(error.fact, "")
            errors.setdefault(name, error)
            rest = _without(case, error.fact) if name else None
            if rest is None or rest == case:
                return Usable({"version": 1}, errors)
            case = rest
        else:
            return Usable(case, errors)
    return Usable({"version": 1}, errors)


def _without(value: Any, path: str) -> Any:
    """A copy of a case without the fact at a path. What a list has keeps its number: an entry that is refused as a whole is emptied."""
    head, _, rest = path.partition(".")
    key, number = (head[: head.index("[")], int(head[head.index("[") + 1 : -1])) if "[" in head else (head, None)
    if not isinstance(value, dict) or key not in value:
        return value
    if number is None:
        if not rest:
            return {name: inner for name, inner in value.items() if name != key}
        return {**value, key: _without(value[key], rest)}
    inner = list(value[key])
    inner[number] = _without(inner[number], rest) if rest else {}
    return {**value, key: inner}


def as_json(sheet: Sheet) -> dict[str, Any]:
    """The sheet as it is kept."""
    return {"texts": dict(sheet.texts), "entries": {name: list(ids) for name, ids in sheet.entries.items()}}


def from_json(raw: Mapping[str, Any]) -> Sheet:
    """The sheet as it was kept."""
    return Sheet(dict(raw["texts"]), {name: tuple(ids) for name, ids in raw["entries"].items()})


def is_unsaid(text: str) -> bool:
    """Whether a text says that something is not known, or not said."""
    return text in (Unsaid.unknown.value, Unsaid.declined.value)
