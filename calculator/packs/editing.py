"""Changes to the text of pack files that leave everything else as it stands: comments, order, quotes."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from ruamel.yaml import YAML

from calculator import yaml12


class Refusal(StrEnum):
    """Why a value cannot be put in by itself: it is written into the file instead."""

    NO_SUCH_FIGURE = "no_such_figure"
    A_TABLE = "a_table"
    NOT_LATER = "not_later"
    NO_FIGURE = "no_figure"


class EditError(ValueError):
    """What was asked for is not put in; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class NewValue:
    """A value of a figure from a day on: one figure, or from `low` to `high`."""

    start: date
    value: str | None
    low: str | None = None
    high: str | None = None
    source: str | None = None
    confidence: str | None = None
    checked_on: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class NewSource:
    """Where something can be read, under a name that no other source has."""

    id: str
    title: str
    kind: str
    url: str | None = None
    as_of: str | None = None
    checked_on: date | None = None


def with_value(text: str, parameter: str, new: NewValue) -> str:
    """A file of figures with another value at the end of one of them; the one before ends the day before. Raises EditError."""
    if new.value is None and new.low is None and new.high is None:
        raise EditError(Refusal.NO_FIGURE)
    read = YAML(typ="rt", pure=True).load(io.StringIO(text))
    entry = next((one for one in read or () if one.get("id") == parameter), None)
    if entry is None:
        raise EditError(Refusal.NO_SUCH_FIGURE)
    values = entry["values"]
    plain: list[dict[str, Any]] = next(one for one in yaml12.load(text) if one["id"] == parameter)["values"]
    # The last in time, wherever it stands.
    number = max(range(len(plain)), key=lambda n: str(plain[n]["from"]))
    if any("rows" in one for one in plain):
        raise EditError(Refusal.A_TABLE)
    if new.start.isoformat() <= str(plain[number]["from"]):
        raise EditError(Refusal.NOT_LATER)
    ends = (new.start - timedelta(days=1)).isoformat()
    goes_on = str(plain[number].get("to") or ends) >= ends
    added = f"{{{', '.join(f'{name}: {value}' for name, value in _parts(new))}}}"
    line, column = values.lc.item(number)
    begin = _offset(text, line) + column
    in_braces = text[begin] == "{"
    end = _after_braces(text, begin) if in_braces else _after_lines(text, line, column)
    entry_text = text[begin:end]
    if goes_on:
        entry_text = _ending(entry_text, plain[number], ends, None if in_braces else column)
    if values.fa.flow_style():
        return f"{text[:begin]}{entry_text}, {added}{text[end:]}"
    rest = text[end:]
    if in_braces:
        # What stands behind the entry on its line, such as a comment, stays there.
        tail, _newline, rest = rest.partition("\n")
        entry_text += tail
    return f"{text[:begin]}{entry_text.rstrip()}\n{' ' * (column - 2)}- {added}\n{rest}"


def with_source(text: str, new: NewSource) -> str:
    """The file of sources with one more at its end. Raises EditError: the name is taken."""
    if new.id in (yaml12.load(text) or {}):
        raise EditError(Refusal.NO_SUCH_FIGURE)
    parts = [("title", _quoted(new.title)), ("kind", new.kind)]
    parts += [(name, _quoted(value)) for name, value in (("url", new.url), ("as_of", new.as_of)) if value]
    parts += [("checked_on", new.checked_on.isoformat())] if new.checked_on else []
    ended = text if text.endswith("\n") or not text else text + "\n"
    return f"{ended}{new.id}: {{{', '.join(f'{name}: {value}' for name, value in parts)}}}\n"


def source_id(title: str, taken: set[str]) -> str:
    """A name for a source, of the words of its title."""
    words = re.sub(r"[^a-z0-9]+", "_", title.casefold()).strip("_")[:40].strip("_")
    base = words if words[:1].isalpha() else f"source_{words}".strip("_")
    return next(name for n in range(1, len(taken) + 2) if (name := base if n == 1 else f"{base}_{n}") not in taken)


def _parts(new: NewValue) -> list[tuple[str, str]]:
    parts = [("from", new.start.isoformat())]
    parts += [(name, _quoted(value)) for name, value in (("value", new.value), ("low", new.low), ("high", new.high)) if value is not None]
    parts += [(name, value) for name, value in (("source", new.source), ("confidence", new.confidence)) if value]
    parts += [("checked_on", new.checked_on.isoformat())] if new.checked_on else []
    return parts + ([("note", _quoted(new.note))] if new.note else [])


def _quoted(text: str) -> str:
    """Text between quotes as YAML reads it, whatever is in it."""
    return json.dumps(text, ensure_ascii=False)


def _offset(text: str, line: int) -> int:
    """Where a line begins."""
    return sum(map(len, text.splitlines(keepends=True)[:line]))


def _after_braces(text: str, begin: int) -> int:
    """Where what begins with a brace ends."""
    depth, quote, at = 0, "", begin
    while True:
        letter = text[at]
        if quote:
            if letter == "\\" and quote == '"':
                at += 1
            elif letter == quote:
                quote = ""
        elif letter in "\"'" and text[at - 1] in " {[,:":
            quote = letter
        elif letter in "{[":
            depth += 1
        elif letter in "}]":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1


def _after_lines(text: str, line: int, column: int) -> int:
    """Where an entry of a list ends that is written line by line, its names beginning at a column."""
    lines = text.splitlines(keepends=True)
    last = line
    for number in range(line + 1, len(lines)):
        told = lines[number].strip()
        if told and not told.startswith("#"):
            if len(lines[number]) - len(lines[number].lstrip()) < column:
                break
            last = number
    return _offset(text, last + 1)


def _ending(entry: str, value: dict[str, Any], ends: str, column: int | None) -> str:
    """An entry that ends on a day: its `to` is changed, or put behind its `from`; `column`: where its names begin, None between braces."""
    name = "to" if value.get("to") is not None else "from"
    found = re.search(rf"""(?:^|[{{,\s])["']?{name}["']?:\s*(?P<day>["']?{re.escape(str(value[name]))}["']?)""", entry)
    assert found is not None
    start, end = found.span("day")
    if name == "to":
        return f"{entry[:start]}{ends}{entry[end:]}"
    put = f", to: {ends}" if column is None else f"\n{' ' * column}to: {ends}"
    return f"{entry[:end]}{put}{entry[end:]}"
