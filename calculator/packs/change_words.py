"""A change of the rules of a State in words: figures with what stood before, and the sentences that people are told otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from calculator.engine.figures.parameters import Dated, DatedParameter
from calculator.engine.routes.pack import Pack
from calculator.packs.model import Source, TableRow
from calculator.packs.services import Contact
from calculator.saying import Row, rows


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure from a day on. None: it was not there, or is not any more. `dated`: the value now, or the one that is gone."""

    title: str
    unit: str
    start: date
    before: str | None
    after: str | None
    dated: Dated
    source: Source | None

    @property
    def seen(self) -> date | None:
        """The day on which somebody looked at the source."""
        return self.dated.checked_on


@dataclass(frozen=True, slots=True)
class SaidChange:
    """What people are told at one place of the rules: the sentences before, and now."""

    part: str
    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContactChange:
    """Whom to call: what is known of it before and now, as texts by the name of the field; None: it was not there, or is not any more."""

    name: str
    kind: str
    before: dict[str, str] | None
    after: dict[str, str] | None


def figure_text(value: Any, low: Any, high: Any) -> str:
    """A figure as a lawyer writes it; "?" for one that is not known."""
    if value is not None:
        return str(value)
    return " – ".join(str(end) for end in (low, high) if end is not None) or "?"


def value_text(dated: Dated) -> str:
    """A dated value; the rows of a table one after the other."""
    raw = dated.raw
    if raw.rows is None:
        return figure_text(raw.value, raw.low, raw.high)
    return "; ".join(f"{row_name(row)}: {figure_text(row.value, row.low, row.high)}" for row in raw.rows)


def row_name(row: TableRow) -> str:
    """How a row of a table is called."""
    return str(row.label or row.key or row.upto or "")


def figures(before: Pack, after: Pack) -> list[FigureChange]:
    """Every figure that differs, in the order of their titles and days."""
    found: list[FigureChange] = []
    for name in before.parameters.keys() | after.parameters.keys():
        found += _of_figure(before, after, before.parameters.get(name), after.parameters.get(name))
    return sorted(found, key=lambda one: (one.title.casefold(), one.start))


def _of_figure(before: Pack, after: Pack, old: DatedParameter | None, new: DatedParameter | None) -> Iterator[FigureChange]:
    parameter = new or old
    assert parameter is not None
    olds, news = ({value.start: value for value in one.values} if one else {} for one in (old, new))
    for start in sorted(olds.keys() | news.keys()):
        was, now = olds.get(start), news.get(start)
        # A new value says what stood before it on that day; one that is gone, what stands there now.
        stood = was or (old.on(start) if old else None)
        stands = now or (new.on(start) if new else None)
        dated = now or was
        assert dated is not None
        if was is None or now is None or _tells(was) != _tells(now):
            sources = after.sources if now is not None else before.sources
            yield FigureChange(
                parameter.title,
                parameter.unit,
                start,
                value_text(stood) if stood else None,
                value_text(stands) if stands else None,
                dated,
                sources.get(dated.source or ""),
            )


def _tells(dated: Dated) -> tuple[Any, ...]:
    """What a lawyer reads of a value. Its last day is told by the value behind it."""
    return value_text(dated), dated.rank, dated.source, dated.checked_on, dated.raw.note


def sentences(before: Pack, after: Pack, language: str, on: date) -> list[SaidChange]:
    """Every place at which something else is told, in the order in which people meet it."""
    old, new = _by_place(before, language, on), _by_place(after, language, on)
    found = []
    for place in [*new, *(place for place in old if place not in new)]:
        gone, come = _without(old.get(place, []), new.get(place, [])), _without(new.get(place, []), old.get(place, []))
        if gone or come:
            found.append(SaidChange(*place, tuple(gone), tuple(come)))
    return found


def _by_place(pack: Pack, language: str, on: date) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows(pack, language, on):
        if row.part != "contacts":
            found.setdefault(_place(row), []).append(row.text)
    return found


def _place(row: Row) -> tuple[str, str]:
    return row.part, row.field


def _without(texts: list[str], others: list[str]) -> list[str]:
    left = Counter(others)
    found = []
    for text in texts:
        if left[text]:
            left[text] -= 1
        else:
            found.append(text)
    return found


def contacts(before: Pack, after: Pack) -> list[ContactChange]:
    """Numbers and services that differ."""
    olds, news = ({one.id: one for one in pack.contacts} for pack in (before, after))
    found = []
    for name in [*news, *(name for name in olds if name not in news)]:
        old, new = olds.get(name), news.get(name)
        if old == new:
            continue
        was, now = _told(old), _told(new)
        same = {key for key in (was or {}) if now is not None and now.get(key) == (was or {})[key]}
        there = new or old
        assert there is not None
        found.append(ContactChange(there.name or "", there.kind, _only(was, same), _only(now, same)))
    return found


def _told(contact: Contact | None) -> dict[str, str] | None:
    if contact is None:
        return None
    return {name: str(value) for name, value in contact.model_dump(mode="json", exclude_defaults=True).items() if name != "id"}


def _only(told: dict[str, str] | None, same: set[str]) -> dict[str, str] | None:
    return None if told is None else {name: value for name, value in told.items() if name not in same}
