"""Numbers and services of a country as cards: how to reach them first, then for whom, when last seen, and how sure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from actions.turn import Message, Turn
from calculator import contact_words, wording
from calculator.opening import answers_at
from calculator.packs.services import Contact
from calculator.translation import _, isolated
from envelope import Extras
from store.settings import current_moment

#: Now, for who answers at this hour; the only clock here.
now: Callable[[], datetime] = current_moment

NUMBER = _("{name}: {number}")
WEB = _("{name}: {address}")
HOURS = _("Open: {hours}")
OPEN_NOW = _("Open now")
CLOSED_NOW = _("Closed at this hour")
HOURS_UNCONFIRMED = _("Open: {hours} (hours not confirmed)")
LANGUAGES = _("Languages: {languages}")
CHECKED = _("Seen on: {day}. We have not tested this number by calling.")
UNDATED = _("We have not tested this number. It was on a page without a date.")
UNCONFIRMED = _("This number is not confirmed.")
CONTACTS = _("These services know this well:")
REPORTS = _("This office may have to tell the immigration office about people without papers.")
#: A day or a month, else the year that anything else begins with.
_SEEN = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?$)?")


def matching(turn: Turn, reaches: tuple[str, ...]) -> list[Contact]:
    """Contacts for the first of `reaches` that has any, then the others. A confirmed one comes before an unconfirmed, and an
    authority that may pass on that somebody has no papers never comes first."""
    found: list[Contact] = []
    for reach in reaches:
        for contact in turn.contacts:
            if reach in contact.reaches and contact not in found and _near(contact, turn.region):
                found.append(contact)
    order = [
        [c for c in found if c.confidence != "unverified" and not c.may_report_status],
        [c for c in found if c.confidence != "unverified" and c.may_report_status],
        [c for c in found if c.confidence == "unverified"],
    ]
    return [contact for group in order for contact in group]


def is_open(turn: Turn, contact: Contact) -> bool | None:
    """Whether somebody answers now; None where nobody knows."""
    return answers_at(contact, turn.country or "", now())


def best_line(turn: Turn, reaches: tuple[str, ...]) -> Contact | None:
    """The number to call now, for the first of `reaches` that has one: never a website alone; one that may be wrong or passes things on after
    the others, then one that is closed at this hour, then one for a part of the country only; of two of a kind the one that is surely open."""
    lines = [c for c in matching(turn, reaches) if c.number and c.acute and not c.emergency]
    state = {contact.id: is_open(turn, contact) for contact in lines}

    def rank(contact: Contact) -> tuple[bool, bool, bool, bool, int, bool, int]:
        closed, unknown = state[contact.id] is False, state[contact.id] is None
        elsewhere = contact.region is not None and turn.region is None
        kind = next(i for i, reach in enumerate(reaches) if reach in contact.reaches)
        # Of two that are open, the one that is there for this before the one that also is.
        mainly = [str(reach) for reach in contact.reaches].index(reaches[kind])
        return contact.confidence == "unverified", contact.may_report_status, closed, elsewhere, kind, unknown, mainly

    return min(lines, key=rank, default=None)


def _near(contact: Contact, region: str | None) -> bool:
    return contact.region is None or region is None or contact.region == region


def card(turn: Turn, contact: Contact) -> Message:
    """One service: how to reach it first, then hours, languages, for whom, when it was last seen."""
    name = contact_words.title(contact, turn.translate, turn.language)
    lines = []
    if contact.number:
        lines.append(turn.words(NUMBER, name=name, number=turn.number(contact.number)))
        if contact.url:
            lines.append(turn.number(contact.url))
    else:
        lines.append(turn.words(WEB, name=name, address=turn.number(contact.url)) if contact.url else name)
    # Where a shelter is, and how it works, is for the person herself: who asks for her may be the one she fled from.
    quiet = turn.interview.helper and "shelter" in contact.reaches
    for text in (None if quiet else contact.gives, contact.for_whom):
        if text:
            lines.append(turn.translate(text))
    hours = contact_words.hours(contact, turn.translate, turn.language)
    if hours:
        sure = (contact.hours_confidence or contact.confidence) != "unverified"
        lines.append(turn.words(HOURS if sure else HOURS_UNCONFIRMED, hours=hours))
        if sure and contact.open and (open_now := is_open(turn, contact)) is not None:
            lines.append(turn.translate(OPEN_NOW if open_now else CLOSED_NOW))
    languages = contact_words.languages(contact, turn.language)
    if languages:
        lines.append(turn.words(LANGUAGES, languages=languages))
    if contact.languages_note:
        lines.append(turn.translate(contact.languages_note))
    if contact.confidence == "unverified":
        lines.append(turn.translate(UNCONFIRMED))
    elif contact.number:
        seen = turn.words(CHECKED, day=seen_on(contact.as_of, turn.language)) if contact.as_of and contact.as_of[:2] == "20" else None
        lines.append(seen or turn.translate(UNDATED))
    if contact.may_report_status:
        lines.append(turn.translate(REPORTS))
    if contact.note and not quiet:
        lines.append(turn.translate(contact.note))
    return Message("\n".join(lines), "services", extras=Extras(shown={"service": _parts(turn, contact, lines[1:])}))


def short_card(turn: Turn, contact: Contact) -> Message:
    """Whom to call in one line, and what has to be known before: whether it is open, that it is not confirmed, whom it may tell."""
    name, number = contact_words.title(contact, turn.translate, turn.language, short=True), turn.number(contact.number or "")
    open_now = is_open(turn, contact)
    lines = [turn.translate(OPEN_NOW if open_now else CLOSED_NOW)] if open_now is not None else []
    lines += [turn.translate(UNCONFIRMED)] if contact.confidence == "unverified" else []
    lines += [turn.translate(REPORTS)] if contact.may_report_status else []
    text = "\n".join([turn.words(NUMBER, name=name, number=number), *lines])
    parts = _parts(turn, contact, lines)
    more = [parts["name"], *(line for line in card(turn, contact).extras.shown["service"]["lines"] if line not in lines)]
    return Message(text, "services", extras=Extras(shown={"service": {**parts, "name": name, "more": more}}))


def seen_on(seen: str, language: str) -> str:
    """The day a page was seen, written out, or its month or year; of a time that is told in words ("2022 or later") the year it begins with."""
    known = _SEEN.match(seen)
    if known is None:
        return isolated(seen, language)
    year, month, day = known.groups()
    if day:
        return wording.day(f"{year}-{month}-{day}", language)
    if month:
        return wording.month(date(int(year), int(month), 1), language)
    return isolated(year if re.search("[A-Za-z]", seen) else seen, language)


def _parts(turn: Turn, contact: Contact, lines: list[str]) -> dict[str, Any]:
    """The same service in parts, for clients that draw a card: the name, how to reach it, and the lines below."""
    reach = turn.number(contact.url) if contact.url else ""
    return {
        "name": contact_words.title(contact, turn.translate, turn.language),
        "number": contact.number,
        "channel": contact.channel,
        "address": contact.url,
        "lines": [line for line in lines if line != reach],
    }
