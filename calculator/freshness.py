"""What of a State's rules somebody should look at: what is old, about to expire, not verified, blank, without an example, not translated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urldefrag

from calculator.engine.figures.parameters import Dated, DatedParameter, next_in_rhythm
from calculator.engine.routes.pack import Pack
from calculator.packs.said import sentences
from calculator.quantity import Confidence
from calculator.translation import knows, languages


class Concern(StrEnum):
    """Why somebody should look. In the order in which they do harm."""

    #: The day on which a figure was to be looked at again is past.
    OLD = "old"
    #: By its rhythm a figure changed, and no value begins on that day.
    MISSED = "missed"
    #: It ends, or is to be looked at, within `SOON`.
    SOON = "soon"
    UNVERIFIED = "unverified"
    #: A figure is not known.
    BLANK = "blank"
    #: No example of the pack has this way to money.
    NO_EXAMPLE = "no_example"
    #: A sentence that people read is not in every language.
    NOT_TRANSLATED = "not_translated"
    #: A source without an address: nobody can see whether it still says so.
    NO_ADDRESS = "no_address"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at. `name`: a title of the pack, in its language; `figure`: the id of the figure that can be changed."""

    concern: Concern
    name: str
    day: date | None = None
    figure: str | None = None
    #: Codes of the languages in which a sentence is missing.
    missing: tuple[str, ...] = ()


#: Enough time for a lawyer to find the new figure, and for a second one to look at it.
SOON = timedelta(days=60)
#: How far back a team looks for a forgotten step: what is older has been read since, and many figures changed at other times once.
LOOK_BACK = timedelta(days=730)


def to_look_at(pack: Pack, on: date) -> list[Item]:
    """Everything of one State, the most harmful first."""
    order = list(Concern)
    return sorted(_all(pack, on), key=lambda one: (order.index(one.concern), one.day or date.max, one.name.casefold()))


def pages(pack: Pack) -> dict[str, list[str]]:
    """Addresses on which something of the pack can be read, without the place on the page, with the titles of what is read there."""
    found: dict[str, list[str]] = {}
    named = [(one.url, one.title) for one in pack.sources.values()] + [(one.url, one.name or one.id) for one in pack.contacts]
    for url, title in named:
        if url and url.startswith(("http://", "https://")):
            titles = found.setdefault(urldefrag(url).url, [])
            if title not in titles:
                titles.append(title)
    return found


def read_there(packs: Mapping[str, Pack]) -> dict[str, list[tuple[str, str]]]:
    """Every page that these States name, with what is read there: (code of the State, title)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code, pack in packs.items():
        for url, titles in pages(pack).items():
            found.setdefault(url, []).extend((code, title) for title in titles)
    return found


def past_review(pack: Pack, on: date) -> Iterator[tuple[DatedParameter, date]]:
    """Figures still in use that were to be looked at again before `on`, and by when."""
    for parameter in pack.parameters.values():
        last = parameter.values[-1]
        if last.end is None and last.review_by is not None and last.review_by < on:
            yield parameter, last.review_by


def forgotten_steps(pack: Pack, on: date) -> Iterator[tuple[DatedParameter, Dated, date]]:
    """Days on which a figure should have changed by its own rhythm and the same value runs on. Where it did stay the same, a note on the
    value says so."""
    for parameter in pack.parameters.values():
        for value in parameter.values:
            day = next_in_rhythm(parameter.raw.rhythm, value.start) if not value.raw.note else None
            while day is not None and day < on - LOOK_BACK:
                day = next_in_rhythm(parameter.raw.rhythm, day)
            if day is not None and value.end is not None and day <= value.end:
                yield parameter, value, day


def _all(pack: Pack, on: date) -> Iterator[Item]:
    for parameter, day in past_review(pack, on):
        yield Item(Concern.OLD, parameter.title, day, parameter.id)
    for parameter, _value, day in forgotten_steps(pack, on):
        yield Item(Concern.MISSED, parameter.title, day, parameter.id)
    for parameter in pack.parameters.values():
        yield from _of_figure(parameter, on)
    for contact in pack.contacts:
        if contact.confidence == "unverified":
            yield Item(Concern.UNVERIFIED, f"{contact.name or contact.id} {contact.number or ''}".strip())
    yield from _of_routes(pack, on)
    for one in pack.sources.values():
        if not one.url:
            yield Item(Concern.NO_ADDRESS, one.title)
    yield from _not_translated(pack)


def _of_figure(parameter: DatedParameter, on: date) -> Iterator[Item]:
    last = parameter.values[-1]
    # The last value that ends is stale from the day after; an earlier one is followed by another.
    ends = last.end if last.end is not None else last.review_by
    if ends is not None and ends < on and last.end is not None:
        yield Item(Concern.OLD, parameter.title, ends, parameter.id)
    elif ends is not None and on <= ends <= on + SOON:
        yield Item(Concern.SOON, parameter.title, ends, parameter.id)
    now = parameter.on(on) or last
    ranks = {Confidence[row.confidence] if row.confidence else now.rank for row in now.raw.rows or ()} or {now.rank}
    if Confidence.unverified in ranks:
        yield Item(Concern.UNVERIFIED, parameter.title, figure=parameter.id)
    if any(one.value is None and one.low is None for one in now.raw.rows or (now.raw,)):
        yield Item(Concern.BLANK, parameter.title, figure=parameter.id)


def _of_routes(pack: Pack, on: date) -> Iterator[Item]:
    tried = {example.expect.get("route") for example in pack.examples}
    for route in pack.routes.values():
        if route.raw.id not in tried and any(head.result is not None for head in route.heads):
            yield Item(Concern.NO_EXAMPLE, route.raw.name)
        for condition in route.raw.conditions:
            if condition.valid_to is not None and on <= condition.valid_to <= on + SOON:
                yield Item(Concern.SOON, condition.text or condition.id, condition.valid_to)
            if condition.confidence == "unverified":
                yield Item(Concern.UNVERIFIED, f"{route.raw.name}: {condition.text or condition.id}")


def _not_translated(pack: Pack) -> Iterator[Item]:
    """Sentences that a person reads and that a language lacks: she would read them in English."""
    catalogues = {code: knows(code, "law") for code in languages()}
    for text in dict.fromkeys(one.text for one in sentences(pack) if one.reader == "person" and not one.made):
        missing = tuple(code for code, has in catalogues.items() if not has(text))
        if missing:
            yield Item(Concern.NOT_TRANSLATED, text, missing=missing)
