"""Cases as records of the Human Trafficking Case Data Standard (HTCDS) 2.0, as JSON or as a table, and back.

By choice a record carries our whole case in a local field. Such a record comes back as it was; where another program has changed a field
of the standard since, that field holds, and is named.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from calculator.case.limits import shown
from workbench.exchange.cells import read_table, read_text, write_table
from workbench.exchange.faults import MOST_CASES, Fault, FileError, Trouble, Unreadable
from workbench.exchange.mapping import (
    BESIDE_OTHER,
    CASE,
    CRIMINAL,
    EVENT,
    EVENT_TYPE,
    LOCAL,
    MAPPED,
    MORE_EVENTS,
    SIGNS,
    facts,
    put,
)
from workbench.exchange.paths import build, flat
from workbench.exchange.standard import BY_NAME, FIELDS, NoValueError, country, value_in
from workbench.exchange.tables import Changed, Found, Taken, named
from workbench.record import Record

#: The parts of the standard that a record of ours has. The others are about the work of an organisation, which is not in a case.
_PARTS = ("prs_", "vic_", "con_", "hte_")
COLUMNS = (*(one.name for one in FIELDS if one.name.startswith(_PARTS) and not one.deprecated), *LOCAL, MORE_EVENTS, CASE)
#: What a record should have at least.
CORE = tuple(one.name for one in FIELDS if one.core and not one.deprecated)
#: Of our case in a record: an older program refuses what a newer one has written.
CASE_VERSION = 1


def record_of(record: Record, whole: bool) -> dict[str, Any]:
    """One case as a record; `whole`: with all of our case beside it. Nobody is named in it."""
    paths = flat(record.sheet)
    found = facts(paths, record.consent is not None)
    found[CASE] = {"version": CASE_VERSION, "fields": paths} if whole else None
    return {name: None if found.get(name) == [] else found.get(name) for name in COLUMNS}


def missing(record: Mapping[str, Any]) -> list[str]:
    """CORE fields in which nothing stands."""
    return [name for name in CORE if record.get(name) in (None, "", [])]


def export_json(records: Sequence[Record], whole: bool) -> bytes:
    """The file of some cases: a list, a line for each record."""
    lines = ",\n".join(json.dumps(record_of(one, whole), ensure_ascii=False) for one in records)
    return f"[\n{lines}\n]\n".encode("utf-8", "replace")


def export_csv(records: Sequence[Record], whole: bool) -> bytes:
    """The file of some cases as a table with the same columns."""
    return write_table(COLUMNS, ([_cell(value) for value in record_of(one, whole).values()] for one in records))


def _cell(value: Any) -> str:
    """A value in a cell; several values are apart by semicolons, as the programs of the standard write them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ";".join(value)
    return "" if value is None else json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def is_column(name: str) -> bool:
    """Whether a name in the first row is one of the standard, or of ours beside it."""
    return name in BY_NAME or name in COLUMNS


def import_csv(data: bytes) -> Found:
    """The cases of a table. Raises FileError."""
    header, rows = read_table(read_text(data), is_column)
    times = Counter(header)
    import_ = _Import()
    for row, cells in rows:
        if len(cells) != len(header):
            import_.faults.append(Fault(row, "", Trouble.CELLS))
            continue
        # Of a name that stands there twice nobody can tell which one holds.
        import_.not_taken.update(shown(name) for name, cell in zip(header, cells, strict=True) if times[name] > 1 and cell.strip())
        import_.take(row, {name: cell for name, cell in zip(header, cells, strict=True) if times[name] == 1})
    return import_.found()


def import_json(data: bytes) -> Found:
    """The cases of a list of records, of one record, or of a record on each line. Raises FileError."""
    raw = _parsed(read_text(data))
    if isinstance(raw, dict):
        raw = [raw]
    if not isinstance(raw, list):
        raise FileError(Unreadable.NO_JSON)
    if not raw:
        raise FileError(Unreadable.NONE)
    if len(raw) > MOST_CASES:
        raise FileError(Unreadable.MANY)
    if isinstance(raw[0], dict) and ("case" in raw[0] or "version" in raw[0]):
        raise FileError(Unreadable.ONE_CASE)
    if not any(is_column(name) for one in raw if isinstance(one, dict) for name in one):
        raise FileError(Unreadable.NO_FIELDS)
    import_ = _Import()
    for row, one in enumerate(raw, start=1):
        if isinstance(one, dict) and any(is_column(name) for name in one):
            import_.take(row, one)
        else:
            import_.faults.append(Fault(row, "", Trouble.NO_RECORD))
    return import_.found()


def _parsed(text: str) -> Any:
    try:
        try:
            return json.loads(text)
        except ValueError:
            lines = [line for line in text.split("\n") if line.strip()]
            if len(lines) < 2:
                raise
            if len(lines) > MOST_CASES:
                raise FileError(Unreadable.MANY) from None
            return [json.loads(line) for line in lines]
    except FileError:
        raise
    except (ValueError, RecursionError):
        raise FileError(Unreadable.NO_JSON) from None


@dataclass(slots=True)
class _Import:
    """What is found while record after record is taken."""

    cases: list[Taken] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    not_taken: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    changed: list[Changed] = field(default_factory=list)

    def found(self) -> Found:
        """All of it."""
        return Found(tuple(self.cases), tuple(self.faults), dict(self.not_taken), dict(self.missing), tuple(self.changed))

    def take(self, row: int, raw: Mapping[str, Any]) -> None:
        """One record: our case where it has one, and what the fields of the standard say otherwise."""
        given = dict(self._values(row, raw))
        ours = self._ours(row, raw.get(CASE))
        paths = dict(ours or {})
        now = facts(paths)
        for name in MAPPED:
            value = given.get(name)
            if name not in given or _same(name, value, now[name]):
                continue
            if value is None:
                # A blank takes nothing away: programs leave out what they have no place for. An unreadable value is a fault already.
                if ours is not None and raw.get(name) in (None, "", []):
                    self.changed.append(Changed(row, name, taken=False))
                continue
            before = dict(paths)
            put(paths, name, value, given)
            now = facts(paths)
            taken = _same(name, value, now[name])
            if not taken and name not in SIGNS:
                paths, now = before, facts(before)
            if ours is not None:
                self.changed.append(Changed(row, name, taken))
            elif not taken:
                self.not_taken.update([f"{name}: {one}" for one in value if one not in (now[name] or [])] if name in SIGNS else [name])
        self.not_taken.update(name for name, value in given.items() if name not in MAPPED and value is not None and value is not False)
        self.missing.update(missing(raw))
        built = build(paths, row)
        self.not_taken.update(f"{CASE}: {shown(path)}" for path in built.unknown)
        self.cases.append(Taken(row, built.sheet))
        self.faults += [*named(built.sheet, row), *built.faults]

    def _values(self, row: int, raw: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Each field with its value, where it can have it; of fields that nobody here knows that something stands there."""
        for name, value in self._respelt(raw).items():
            known = BY_NAME.get(name) or LOCAL.get(name)
            if name == MORE_EVENTS:
                yield name, self._events(row, value)
            elif known is not None:
                yield name, self._value(row, name, value)
            elif name != CASE and value not in (None, "", [], {}) and (not isinstance(value, str) or value.strip()):
                yield shown(name), True

    def _value(self, row: int, name: str, value: Any) -> Any:
        try:
            found = value_in(BY_NAME.get(name) or LOCAL[name], value)
            # A text in the standard; ours is a code.
            return country(found) or found if name == "hte_Country" and found else found
        except NoValueError as error:
            self.faults.append(Fault(row, name, error.trouble))
            return error.rest

    @staticmethod
    def _respelt(raw: Mapping[str, Any]) -> dict[str, Any]:
        """A method of control that the standard defines and does not list is our own field."""
        name, value = "vic_MethodsOfControl", raw.get("vic_MethodsOfControl")
        methods = value.replace(",", ";").split(";") if isinstance(value, str) else value
        if not isinstance(methods, list) or "RestrictsMovement" not in methods:
            return dict(raw)
        rest = [one for one in methods if one != "RestrictsMovement"]
        return {**raw, name: [*rest, "Other"], BESIDE_OTHER[name]: True}

    def _events(self, row: int, value: Any) -> list[dict[str, Any]] | None:
        value = _from_text(value)
        if value in (None, []):
            return None
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value) or len(value) > MOST_CASES:
            self.faults.append(Fault(row, MORE_EVENTS, Trouble.NOT_LISTED))
            return None
        return [{name: self._value(row, name, one.get(name)) for name in (EVENT_TYPE, *EVENT)} for one in value]

    def _ours(self, row: int, value: Any) -> dict[str, str] | None:
        """Our case in a record; None where it has none, or none that can be read."""
        value = _from_text(value)
        if value is None:
            return None
        fields = value.get("fields") if isinstance(value, dict) and value.get("version") == CASE_VERSION else None
        if not isinstance(fields, dict) or not all(isinstance(text, str) for text in fields.values()):
            self.faults.append(Fault(row, CASE, Trouble.OURS))
            return None
        return fields


def _from_text(value: Any) -> Any:
    """What a cell of a table holds as JSON; a text that is none stays as it is."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value.strip() else None
    except (ValueError, RecursionError):
        return value


def _same(name: str, one: Any, other: Any) -> bool:
    """Whether two values of a field say the same: a list says it in any order, and what is not ticked is not said."""
    if name in SIGNS or isinstance(one, list) and isinstance(other, list) and name != MORE_EVENTS:
        return set(one or []) == set(other or [])
    return bool(one) == bool(other) if name == CRIMINAL else bool(one == other)
