"""Where to find help: numbers and services of the country, best first, with their date and how sure they are."""

from __future__ import annotations

from actions.topics.country import ask_country
from actions.turn import Button, Message, Turn, _
from calculator.packs.model import Contact

SHELTER = _("You have a right to a safe place to sleep. These services can help you find one.")
SHELTER_ANYWHERE = _("In many countries there are safe homes for people like you. They are free, and nobody is told where you are.")
MEDICAL = _("You have a right to medical help. In an emergency you can always call the ambulance.")
PSYCHOLOGICAL = _("What happened can hurt for a long time. Talking to someone who knows about this can help.")
LEGAL_HELP = _("You have a right to know your rights. These services give free advice.")
HUMAN = _("You can talk to a person. I cannot call for you. You decide.")
NO_SERVICE = _("We know no confirmed service for this here. The helpline below can tell you who helps.")
NUMBER = _("{name}: {number}")
WEB = _("{name}: {address}")
HOURS = _("Open: {hours}")
HOURS_UNCONFIRMED = _("Open: {hours} (hours not confirmed)")
LANGUAGES = _("Languages: {languages}")
CHECKED = _("Seen on: {day}. We have not tested this number by calling.")
UNDATED = _("Seen on a page without a date. We have not tested this number by calling.")
UNCONFIRMED = _("This number is not confirmed.")
REPORTS = _("This office may have to tell the immigration office about people without papers.")
ANY_EMERGENCY = _("In danger, call {number}.")
MORE = _("Show more")

#: Topic -> (opening, opening when the country is not known, who may answer).
TOPICS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "ask_shelter": (SHELTER, SHELTER_ANYWHERE, ("shelter", "trafficking")),
    "ask_medical": (MEDICAL, MEDICAL, ("medical", "ambulance", "trafficking")),
    "ask_psychological": (PSYCHOLOGICAL, PSYCHOLOGICAL, ("psychological", "crisis", "trafficking")),
    "ask_legal_help": (LEGAL_HELP, LEGAL_HELP, ("legal_aid", "labour", "trafficking")),
    "talk_to_human": (HUMAN, HUMAN, ("trafficking", "women", "crisis")),
}
SHOWN = 3


def answer(turn: Turn) -> None:
    """The services of the topic, three at a time; asks for the country when it is not known."""
    opening, anywhere, reaches = TOPICS[turn.intent]
    if turn.pack is None:
        turn.say(anywhere, kind="services")
        ask_country(turn, turn.intent)
        return
    found = matching(turn, reaches)
    turn.say(opening, kind="services")
    if not found:
        turn.say(NO_SERVICE, kind="services")
        found = matching(turn, ("trafficking",)) or [c for c in turn.pack.contacts if c.emergency][:1]
    offset = int(turn.interview.pop("more_services", 0)) if turn.entities.get("more") else 0
    page = found[offset:offset + SHOWN]
    for contact in page:
        turn.messages.append(card(turn, contact))
    if len(found) > offset + SHOWN and turn.messages:
        turn.interview["more_services"] = offset + SHOWN
        turn.messages[-1].buttons.append(Button(turn.translate(MORE), f'/{turn.intent}{{"more": "yes"}}'))


def matching(turn: Turn, reaches: tuple[str, ...]) -> list[Contact]:
    """Contacts for the first of `reaches` that has any, then the others; a confirmed one before an unconfirmed."""
    assert turn.pack is not None
    found: list[Contact] = []
    for reach in reaches:
        for contact in turn.pack.contacts:
            if reach in contact.reaches and contact not in found and _near(contact, turn.region):
                found.append(contact)
    confirmed = [c for c in found if c.confidence != "unverified"]
    return [*confirmed, *(c for c in found if c.confidence == "unverified" and confirmed)]


def _near(contact: Contact, region: str | None) -> bool:
    return contact.region is None or region is None or contact.region == region


def card(turn: Turn, contact: Contact) -> Message:
    """One service: how to reach it first, then hours, languages, for whom, when it was last seen."""
    name = turn.translate(contact.name)
    lines = []
    if contact.number:
        lines.append(turn.words(NUMBER, name=name, number=turn.number(contact.number)))
        if contact.url:
            lines.append(turn.number(contact.url))
    else:
        lines.append(turn.words(WEB, name=name, address=turn.number(contact.url)) if contact.url else name)
    for text in (contact.gives, contact.for_whom):
        if text:
            lines.append(turn.translate(text))
    if contact.hours:
        sure = (contact.hours_confidence or contact.confidence) != "unverified"
        lines.append(turn.words(HOURS if sure else HOURS_UNCONFIRMED, hours=turn.translate(contact.hours)))
    if contact.languages:
        lines.append(turn.words(LANGUAGES, languages=turn.translate(contact.languages)))
    if contact.confidence == "unverified":
        lines.append(turn.translate(UNCONFIRMED))
    elif contact.number:
        seen = turn.words(CHECKED, day=turn.number(contact.as_of)) if contact.as_of and contact.as_of[:2] == "20" else None
        lines.append(seen or turn.translate(UNDATED))
    if contact.may_report_status:
        lines.append(turn.translate(REPORTS))
    if contact.note:
        lines.append(turn.translate(contact.note))
    return Message("\n".join(lines), "services")


