"""The rules of one State as a lawyer reads them: figures with their history, numbers to call, sources, what is open; and one figure changed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import BaseModel, Field

from calculator import vocabulary
from calculator.api import default_rules
from calculator.engine.figures.parameters import Dated, DatedParameter
from calculator.engine.result.sentences import CONFIDENCE
from calculator.engine.routes.pack import Pack
from calculator.packs.change_words import value_text
from calculator.packs.editing import EditError, NewSource, NewValue, Refusal, source_id, with_source, with_value
from calculator.packs.model import SourceKind
from calculator.quantity import Confidence
from calculator.translation import _, isolated, translator
from calculator.wording import day
from calculator.yaml12 import load
from store.organisations.access import Member
from store.organisations.roles import Action
from store.rules.releases import ReleaseError, State
from web.errors import Fault, RequestFault
from web.security import require_same_origin
from web.services import services_of
from web.staff.doing import done, staff_page
from web.staff.rules import NO_WHY, drafted, said_why, told_release
from web.staff.rules_reading import award_lines, band_lines, ways
from web.staff.session import allowed

router = APIRouter(prefix="/staff/rules/state", include_in_schema=False, dependencies=[Depends(require_same_origin)])
Reader = Annotated[Member, Depends(allowed(Action.READ_RULES))]
Editor = Annotated[Member, Depends(allowed(Action.DRAFT_RULES))]

SAYS = {
    Refusal.NO_SUCH_FIGURE: _("This figure is not in the newest rules."),
    Refusal.A_TABLE: _("This is a table. Change it in the file."),
    Refusal.NOT_LATER: _("The newest rules have a value from that day or a later one. Change it in the file."),
    Refusal.NO_FIGURE: _("Write the figure, or from and to."),
}
NO_START = _("Write the first day on which it holds, like 2027-01-01.")
NO_SOURCE = _("Choose a source, or write the title of a new one and the day on which you saw it.")
NOT_A_FIGURE = _("Write the figure with a point and no spaces, like 14.60.")
KINDS = {
    "official": _("A law, a gazette, an office on its own matter"),
    "court": _("A decision of a court"),
    "academic": _("Research"),
    "organisation": _("An association, a union, an advice centre"),
    "press": _("Press"),
}


class Typed(BaseModel):
    """The form of a new value, as it was typed."""

    start: str = Field(default="", max_length=10)
    value: str = Field(default="", max_length=40)
    low: str = Field(default="", max_length=40)
    high: str = Field(default="", max_length=40)
    source: str = Field(default="", max_length=100)
    title: str = Field(default="", max_length=300)
    url: str = Field(default="", max_length=500)
    kind: str = Field(default="official", max_length=20)
    seen: str = Field(default="", max_length=10)
    confidence: str = Field(default="official", max_length=20)
    note: str = Field(default="", max_length=1000)
    why: str = Field(default="", max_length=2000)


class MistypedError(ValueError):
    """What was typed cannot be read; the text says what to do, a message id."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One value in words; `width`: of its bar, in hundredths of the largest."""

    since: str
    until: str
    figure: str
    sure: str
    source: str
    checked: str
    note: str
    width: float | None


@router.get("/{code}")
async def state_page(request: Request, code: str, member: Reader, find: str = "") -> Response:
    """A State as a document; `find`: only figures in whose title or source a word stands."""
    pack = _pack(code)
    names = await done(services_of(request).releases.names)
    touching = [] if find else await done(services_of(request).releases.of_folder, code)
    language = services_of(request).language_of(request)
    history = [told_release(one, names, language, services_of(request).words(language)) for one in touching]
    return await asyncio.to_thread(_document, request, pack, find.strip(), member.may(Action.DRAFT_RULES), history)


@router.get("/{code}/{parameter}")
async def value_page(request: Request, code: str, parameter: str, member: Editor) -> Response:
    """The form for a new value of one figure."""
    pack = _pack(code)
    return _form(request, pack, _parameter(pack, parameter), Typed())


@router.post("/{code}/{parameter}")
async def new_value(request: Request, code: str, parameter: str, member: Editor, typed: Annotated[Typed, Form()]) -> Response:
    """A draft of the newest rules with one value more."""
    pack = _pack(code)
    figure = _parameter(pack, parameter)
    services = services_of(request)
    words = services.words(services.language_of(request))
    try:
        if not typed.why.strip():
            raise MistypedError(NO_WHY)
        found = await done(services.releases.all)
        base = next(one.id for one in found if one.state in (State.SCHEDULED, State.IN_FORCE))
        files = await done(services.releases.files, base)
        changed = await asyncio.to_thread(_changed, files, code, parameter, typed)
        return await drafted(request, member, changed, base, typed.why, lambda wrong: _form(request, pack, figure, typed, wrong))
    except MistypedError as error:
        return _form(request, pack, figure, typed, [words(str(error))])
    except EditError as error:
        return _form(request, pack, figure, typed, [words(SAYS[error.refusal])])
    except ReleaseError as error:
        return _form(request, pack, figure, typed, [said_why(request, error)])


def _changed(files: dict[str, bytes], code: str, parameter: str, typed: Typed) -> dict[str, bytes]:
    """The files with the value, and its source where that is new. Raises MistypedError, EditError."""
    sources = f"{code}/sources.yaml"
    known: dict[str, Any] = load(files[sources].decode("utf-8"))
    seen = _day(typed.seen)
    changed = dict(files)
    source = typed.source
    if typed.title.strip():
        if seen is None or typed.kind not in get_args(SourceKind):
            raise MistypedError(NO_SOURCE)
        source = source_id(typed.title, set(known))
        new = NewSource(source, typed.title.strip(), typed.kind, typed.url.strip() or None, seen.isoformat(), seen)
        changed[sources] = with_source(files[sources].decode("utf-8"), new).encode("utf-8")
    elif source not in known:
        raise MistypedError(NO_SOURCE)
    start = _day(typed.start)
    if start is None:
        raise MistypedError(NO_START)
    if typed.confidence not in Confidence.__members__:
        raise MistypedError(NO_SOURCE)
    one, low, high = (_figure(text) for text in (typed.value, typed.low, typed.high))
    value = NewValue(start, one, low, high, source, typed.confidence, seen, typed.note.strip() or None)
    name = next((name for name in sorted(files) if name.startswith(f"{code}/parameters/") and _has(files[name], parameter)), None)
    if name is None:
        raise EditError(Refusal.NO_SUCH_FIGURE)
    changed[name] = with_value(files[name].decode("utf-8"), parameter, value).encode("utf-8")
    return changed


def _has(content: bytes, parameter: str) -> bool:
    return any(one.get("id") == parameter for one in load(content.decode("utf-8")) or ())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise MistypedError(NO_START) from None


def _figure(text: str) -> str | None:
    """A figure as a pack writes it: a comma could be read in two ways."""
    text = text.strip()
    if not text:
        return None
    sign, digits = text[:1] == "-", text.removeprefix("-")
    whole, point, rest = digits.partition(".")
    if not (whole.isascii() and whole.isdigit()) or (point and not (rest.isascii() and rest.isdigit())):
        raise MistypedError(NOT_A_FIGURE)
    return f"-{digits}" if sign else digits


def _pack(code: str) -> Pack:
    pack = default_rules().pack(code)
    if pack is None:
        raise RequestFault(Fault.NOT_FOUND)
    return pack


def _parameter(pack: Pack, parameter: str) -> DatedParameter:
    found = pack.parameters.get(parameter)
    if found is None:
        raise RequestFault(Fault.NOT_FOUND)
    return found


def _document(request: Request, pack: Pack, find: str, may_draft: bool, history: list[dict[str, Any]]) -> Response:
    services = services_of(request)
    language = services.language_of(request)
    law = translator(language, "law")
    services_named = vocabulary.services()
    figures: list[dict[str, Any]] = [
        {
            "id": one.id,
            "title": one.title,
            "unit": one.unit,
            "values": [_shown(value, one, pack, language) for value in reversed(one.values)],
            "is_table": one.by is not None,
        }
        for one in sorted(pack.parameters.values(), key=lambda one: one.title.casefold())
    ]
    wanted = find.casefold()
    if wanted:
        figures = [one for one in figures if wanted in f"{one['title']} {one['id']} {[value.source for value in one['values']]}".casefold()]
    return staff_page(
        request,
        "staff_rules_of_state.html",
        code=pack.code,
        name=law(pack.jurisdiction.name),
        find=find,
        figures=figures,
        may_draft=may_draft,
        ways=[] if find else ways(pack, language, services.words(language)),
        contacts=[
            (law(services_named[one.kind]), one.name or "", one.number or "", pack.sources[one.source].title, law(CONFIDENCE[one.confidence]))
            for one in pack.contacts
        ],
        terms=[(law(vocabulary.terms()[term.term]), ", ".join(term.words.values())) for term in pack.terms],
        awards=[] if find else award_lines(pack.awards, pack, language),
        bands=[] if find else band_lines(pack.bands, pack),
        history=history,
        sources=[(one.title, one.url, one.as_of or "") for one in pack.sources.values()],
        open_questions=list(pack.jurisdiction.open_questions),
    )


def _shown(value: Dated, parameter: DatedParameter, pack: Pack, language: str) -> Shown:
    law = translator(language, "law")
    source = pack.sources.get(value.source or "")
    return Shown(
        since=day(value.start.isoformat(), language),
        until=day(value.end.isoformat(), language) if value.end else "",
        figure=isolated(value_text(value), language),
        sure=law(CONFIDENCE[value.rank.name]),
        source=source.title if source is not None else "",
        checked=day(value.checked_on.isoformat(), language) if value.checked_on else "",
        note=value.raw.note or "",
        width=_width(value, parameter),
    )


#: Values from which on a row of bars tells more than the figures.
FEWEST_BARS = 3


def _width(value: Dated, parameter: DatedParameter) -> float | None:
    """The bar of a value in hundredths of the largest; None where there is nothing to compare."""
    figures = [abs(float(one.raw.value)) for one in parameter.values if one.raw.rows is None and one.raw.value is not None]
    most = max(figures, default=0.0)
    if value.raw.rows is not None or value.raw.value is None or not most or len(figures) < FEWEST_BARS:
        return None
    return round(100 * abs(float(value.raw.value)) / most, 1)


def _form(request: Request, pack: Pack, parameter: DatedParameter, typed: Typed, wrong: list[str] | None = None) -> Response:
    language = services_of(request).language_of(request)
    words = services_of(request).words(language)
    law = translator(language, "law")
    return staff_page(
        request,
        "staff_new_value.html",
        422 if wrong else 200,
        code=pack.code,
        name=law(pack.jurisdiction.name),
        title=parameter.title,
        unit=parameter.unit,
        parameter=parameter.id,
        is_table=parameter.by is not None,
        latest=_shown(parameter.values[-1], parameter, pack, language),
        typed=typed,
        wrong=wrong or [],
        sources=[(name, one.title) for name, one in sorted(pack.sources.items(), key=lambda item: item[1].title.casefold())],
        kinds=[(name, words(text)) for name, text in KINDS.items()],
        ranks=[(name, law(text)) for name, text in CONFIDENCE.items()],
    )
