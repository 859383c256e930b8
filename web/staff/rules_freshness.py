"""What somebody should look at in the rules of all States: sources that say something else, figures that end, words not confirmed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response

from calculator.api import default_rules
from calculator.freshness import Concern, Item, read_there, to_look_at
from calculator.packs.current import kept_with_rules
from calculator.reviews import PARTS, missing
from calculator.translation import _, translator
from calculator.wording import day
from store.organisations.access import Member
from store.organisations.roles import Action
from store.rules.releases import Actor
from store.rules.sources import Answer, Page
from store.settings import current_day
from web.i18n import own_name
from web.rendering import redirect
from web.security import require_same_origin
from web.services import services_of
from web.staff.doing import done, staff_page, told_day
from web.staff.session import allowed

router = APIRouter(prefix="/staff/rules/freshness", include_in_schema=False, dependencies=[Depends(require_same_origin)])
#: Letters of an address at most.
MOST_LETTERS = 2000

CONCERNS = {
    Concern.OLD: _("The day to look at it again is past"),
    Concern.MISSED: _("It should have changed on this day, and no new value is there"),
    Concern.SOON: _("It ends soon, or is to be looked at soon"),
    Concern.UNVERIFIED: _("Not sure"),
    Concern.BLANK: _("Not known"),
    Concern.NO_EXAMPLE: _("No example tries this way to money"),
    Concern.NOT_TRANSLATED: _("Not in every language"),
    Concern.NO_ADDRESS: _("A source without an address"),
}
FOUND = {
    Answer.CHANGED: _("It says something else than last time. Is our figure, day or number still right?"),
    Answer.MOVED: _("It has moved for good. The rules need the new address."),
    Answer.DEAD: _("It is gone. Where does the law stand now?"),
    Answer.SILENT: _("It did not answer, more than once."),
}
CONFIRMED = {
    "danger": _("What is said in danger"),
    "deadlines": _("Deadlines"),
    "police": _("What is said about the police"),
    "residence": _("What is said about papers to stay"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of a source that somebody has to look at."""

    url: str
    found: str
    #: Where it has moved to.
    new_address: str
    since: str
    #: What is read there: (State, title).
    read_there: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to look at in a State. `figure`: of a figure whose new value has a form."""

    name: str
    day: str
    figure: str
    languages: str


@dataclass(frozen=True, slots=True)
class OfState:
    """Everything to look at in one State."""

    code: str
    name: str
    count: int
    concerns: list[tuple[str, list[Line]]]


@router.get("")
async def freshness(request: Request, member: Annotated[Member, Depends(allowed(Action.READ_RULES))]) -> Response:
    """What somebody should look at, the sources first."""
    seen = await done(services_of(request).sources.all)
    return await asyncio.to_thread(_board, request, member, seen)


@router.post("/settle")
async def settle(
    request: Request, member: Annotated[Member, Depends(allowed(Action.SETTLE_SOURCE))], url: Annotated[str, Form(max_length=MOST_LETTERS)]
) -> Response:
    """She has looked at a page. If somebody else was first, there is nothing left to do."""
    await done(services_of(request).sources.settle, Actor.of(member), url)
    return redirect("/staff/rules/freshness")


def _board(request: Request, member: Member, seen: list[Page]) -> Response:
    language = services_of(request).language_of(request)
    words = services_of(request).words(language)
    law = translator(language, "law")
    names = {code: law(pack.jurisdiction.name) for code, pack in default_rules().packs.items()}
    titles = pages_in_force()
    # Pages that no rule names any more are nobody's business.
    seen = [one for one in seen if one.url in titles]
    waiting = sorted(((one.open_since, one) for one in seen if one.open_since is not None), key=lambda pair: (pair[0], pair[1].url))
    states = [_state(code, names[code], language, words) for code in sorted(names, key=lambda code: names[code].casefold())]
    return staff_page(
        request,
        "staff_rules_freshness.html",
        waiting=[_waiting(page, told_day(since, language), titles[page.url], names, words) for since, page in waiting],
        looked=len(seen),
        pages=len(titles),
        last=told_day(max(one.checked_at for one in seen), language) if seen else "",
        barred=[one.url for one in seen if one.answer is Answer.BARRED],
        may_settle=member.may(Action.SETTLE_SOURCE),
        may_draft=member.may(Action.DRAFT_RULES),
        states=states,
        unconfirmed=_unconfirmed(services_of(request).languages, words),
    )


@kept_with_rules
def pages_in_force() -> dict[str, list[tuple[str, str]]]:
    """Every page that the rules in force name, with what is read there."""
    return read_there(default_rules().packs)


def _waiting(page: Page, since: str, titles: list[tuple[str, str]], names: dict[str, str], words: Any) -> Waiting:
    # Only what is an address is made a link.
    new = page.detail if page.answer is Answer.MOVED and page.detail.startswith(("http://", "https://")) else ""
    return Waiting(page.url, words(FOUND[page.answer]), new, since, [(names[code], title) for code, title in titles])


def _state(code: str, name: str, language: str, words: Any) -> OfState:
    pack = default_rules().packs[code]
    found = to_look_at(pack, current_day())
    changeable = {key for key, figure in pack.parameters.items() if figure.by is None}
    each = [
        (words(CONCERNS[concern]), [_line(item, language, changeable) for item in items])
        for concern, items in groupby(found, key=lambda item: item.concern)
    ]
    return OfState(code, name, len(found), each)


def _line(item: Item, language: str, changeable: set[str]) -> Line:
    return Line(
        item.name,
        day(item.day.isoformat(), language) if item.day else "",
        item.figure if item.figure is not None and item.figure in changeable else "",
        " · ".join(own_name(code) for code in item.missing),
    )


def _unconfirmed(languages: tuple[str, ...], words: Any) -> list[tuple[str, list[str]]]:
    """Languages with the parts that not enough people have read and signed as they stand."""
    found = [(own_name(code), [words(CONFIRMED[part]) for part in PARTS if missing(code, part)]) for code in languages if code != "en"]
    return [one for one in found if one[1]]
