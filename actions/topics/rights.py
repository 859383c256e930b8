"""What somebody can ask for: a right told in a sentence, who helps with it, and what to do; by intent.

What holds everywhere is said first. Rights and services are the country's: it is asked once when it is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from actions.topics.country import ask_country, country_name, helplines
from actions.topics.rights_there import DETAILS, NOT_CONFIRMED, SOURCE, TEXT_OF, TEXT_UNDATED, lines_of, rights_there
from actions.topics.services import CONTACTS, card, matching
from actions.turn import Button, Message, Turn
from calculator.engine.result.phrase_text import named, phrase_text
from calculator.engine.result.sentences import LIST_SEPARATOR, UNSURE
from calculator.engine.result.terms import as_told, terms_of_topics
from calculator.engine.routes.phrases import Phrase
from calculator.packs.services import Contact, Right
from calculator.translation import _, isolated

SHELTER = _("There are safe homes for people in your situation. In most countries they are free and keep secret where you are.")
SHELTER_HOW = _("Call one of these services, or let someone you trust call. They look for a place for you.")
MEDICAL = _("You can ask for medical help, also without papers. In an emergency you can always call the ambulance.")
MEDICAL_PRIVATE = _(
    "Doctors normally keep what you say private. You can ask about that first. You can also ask for a woman or a man, and for an interpreter."
)
PSYCHOLOGICAL = _("What happened can hurt for a long time. Bad sleep, fear or anger are normal after that. It can get better.")
PSYCHOLOGICAL_HOW = _("Talking to someone who knows about this can help. You only tell what you want.")
LEGAL_HELP = _("You have a right to know your rights, in a language you understand.")
LEGAL_HELP_FREE = _("These services give free advice. They help you before you decide anything.")
HUMAN = _("You can talk to a person. I cannot call for you. You decide.")
RESIDENCE = _(
    "You may have a right to stay for some time, to recover and to decide. This is called a reflection period. You need no papers to get help."
)
RESIDENCE_FIRST = _("Ask an advice centre or a lawyer before you go to an office about your papers.")
POLICE = _("You decide if you talk to the police. You can get help without it.")
POLICE_HOW = _("You can bring someone you trust, and ask for an interpreter, and for a woman or a man. You can take breaks.")
POLICE_FORCED = _(
    "If you were forced to do something against the law, speak with a lawyer or an advice centre before you tell anyone else. "
    "Often you should not be punished for it."
)
CHILDREN = _("Children have special rights. A person is there only to protect them. It is never the child's fault.")
CHILD_SELF = _("If you are under 18: you did the right thing to write. It is not your fault.")
CHILD_AGE = _("In many countries you count as a child until it is clear how old you are.")
RETURN_HOME = _("Nobody should send you home without looking at the dangers. You can also go home if you want to, with help.")
RETURN_CLAIM = _("You can often still claim money after you have gone home.")
FAMILY = _("If they threaten your family, tell an advice centre or the police. They can think about safety with you, also in another country.")
FAMILY_NOW = _("If your family is in danger now, they can call the emergency number where they live.")
FAMILY_KEEP = _("Keep the threats if it is safe: messages, names, numbers, days.")
PRIVACY_ANONYMOUS = _("I do not ask your name. What you write is kept locked for 60 minutes after your last message. Then it is gone.")
PRIVACY_WHO = _("I am a program. Nobody reads this chat. I tell nobody: no police, no office, no employer.")
PRIVACY_DEVICE = _("But someone who uses this device may see this page. A device that others do not use is safer.")
PRIVACY_DELETE = _("You can delete everything at any time.")
PRIVACY_OUTSIDE = _("Outside this chat:")
DELETE = _("Delete everything")
EVIDENCE_KEEP = _("Keep what shows what happened: messages, photos, pay papers, tickets, addresses, names, number plates.")
EVIDENCE_WRITE = _("Write down days and hours of work while you remember. A list of dates is enough.")
EVIDENCE_SAFE = _("Only keep things if that is safe. Do not keep them where the person who controls you can look.")
EVIDENCE_COPY = _("An advice centre or a lawyer can keep copies for you.")
EVIDENCE_NONE = _("You can ask for help without any proof. To get money you often need some proof. What you say is proof too.")
EVIDENCE_BODY = _("If you are hurt, a doctor can write down what the doctor sees. You do not have to go to the police for that.")
DEADLINES = _("Most claims have a deadline. It depends on the country, and on when the work or the harm ended.")
DEADLINES_EXCEPTIONS = _("If a deadline has passed, there are often exceptions. Ask all the same.")
DEADLINE_LINE = _("{route}: {rule}")
DEADLINES_EXACT = _("I can work out the days for you if you tell me when it ended.")
START = _("Work it out")
LAW = _("The law: {law}")
LAW_NOT_SEEN = _("We did not see the law itself.")
RIGHTS_HERE = _("Here it is like this:")
NO_RULES_HERE = _("I do not know the rules of {country} yet. These numbers are from there:")
NO_SERVICE = _("I do not know a confirmed service for this here. This line can tell you who helps:")
MORE = _("Show more services")
WORDS_THERE = _("They call it there:")
#: Under which topic a country without a pack has what a pack has under these.
_TOPIC_THERE = {"residence": "residence", "police": "police", "legal_help": "legal_help"}
RIGHTS_SHOWN, SERVICES_SHOWN, WORDS_SHOWN = 2, 3, 3


@dataclass(frozen=True, slots=True)
class Topic:
    """`opening` holds everywhere; `rights` are topics of a pack's protection file; `reaches` says who helps, best first."""

    opening: tuple[str, ...]
    rights: tuple[str, ...] = ()
    reaches: tuple[str, ...] = ("trafficking", "victims")


TOPICS: dict[str, Topic] = {
    "ask_shelter": Topic((SHELTER, SHELTER_HOW), ("shelter", "social_support"), ("shelter", "trafficking", "women", "victims")),
    "ask_medical": Topic((MEDICAL, MEDICAL_PRIVATE), ("medical",), ("medical", "ambulance", "trafficking", "victims")),
    "ask_psychological": Topic((PSYCHOLOGICAL, PSYCHOLOGICAL_HOW), ("psychological",), ("psychological", "crisis", "trafficking", "victims")),
    "ask_legal_help": Topic((LEGAL_HELP, LEGAL_HELP_FREE), ("legal_help", "interpreter"), ("legal_aid", "labour", "trafficking", "victims")),
    "talk_to_human": Topic((HUMAN,), (), ("trafficking", "women", "victims", "crisis")),
    "ask_residence": Topic((RESIDENCE, RESIDENCE_FIRST), ("residence", "identification"), ("residence", "trafficking", "victims")),
    "report_police": Topic((POLICE, POLICE_HOW, POLICE_FORCED), ("police", "non_punishment")),
    "ask_children": Topic((CHILDREN, CHILD_SELF, CHILD_AGE), ("children",), ("children", "trafficking", "victims")),
    "ask_return_home": Topic((RETURN_HOME, RETURN_CLAIM), ("return_home",)),
    "ask_family_safety": Topic((FAMILY, FAMILY_NOW, FAMILY_KEEP), ()),
}


def answer(turn: Turn) -> None:
    """The topic in a few sentences, the rights of the country, then who helps; further pages on request."""
    topic = TOPICS[turn.intent]
    page = str(turn.entities.get("more") or "")
    if page == "rights" and turn.pack is not None:
        _details(turn, topic)
        return
    if not page:
        turn.say_lines([turn.translate(text) for text in topic.opening])
        if turn.country is None or not turn.contacts:
            ask_country(turn, turn.intent)
            return
        _rights(turn, topic)
    _services(turn, topic, _next_page(turn) if page else 0)


def _next_page(turn: Turn) -> int:
    offset, turn.interview.more_services = turn.interview.more_services, 0
    return offset


def rights_of(turn: Turn, topics: tuple[str, ...]) -> list[Right]:
    found = turn.pack.protection.topics if turn.pack and turn.pack.protection else {}
    return [right for name in topics for right in found.get(name, [])]


def _rights(turn: Turn, topic: Topic) -> None:
    if turn.pack is None:
        about = {_TOPIC_THERE[name] for name in topic.rights if name in _TOPIC_THERE}
        turn.say_lines(lines_of(turn, [right for right in rights_there(turn) if right.topic in about], country_name(turn, turn.country or "")))
        return
    lines = [line for right in _first_of_each(turn, topic) for line in _short(turn, right)]
    words = terms_of_topics(turn.pack, topic.rights, turn.region)[:WORDS_SHOWN]
    if words:
        lines += [turn.translate(WORDS_THERE), *(as_told(word, turn.translate, turn.language).text for word in words)]
    if lines:
        turn.say_lines([turn.translate(RIGHTS_HERE), *lines], buttons=[Button(turn.translate(DETAILS), f'/{turn.intent}{{"more": "rights"}}')])


def _first_of_each(turn: Turn, topic: Topic) -> list[Right]:
    """The first rights of the main topic and the first of each other, since the packs list the most useful first."""
    main, *others = topic.rights or ("",)
    return [*rights_of(turn, (main,))[:RIGHTS_SHOWN], *(right for name in others for right in rights_of(turn, (name,))[:1])]


def _short(turn: Turn, right: Right) -> list[str]:
    lines = [turn.translate(right.text)]
    if right.confidence == "unverified" and not right.text.startswith("Not confirmed"):
        lines.append(turn.translate(NOT_CONFIRMED))
    return lines


def _details(turn: Turn, topic: Topic) -> None:
    """Every right of the topic with its particulars and the law behind it, a message each."""
    assert turn.pack is not None
    for right in rights_of(turn, topic.rights):
        lines = [*_short(turn, right), *map(turn.translate, right.details), *_law(turn, right)]
        lines.append(turn.words(SOURCE, title=turn.pack.sources[right.source].title))
        turn.messages.append(Message("\n".join(lines)))


def _law(turn: Turn, right: Right) -> list[str]:
    """The provisions, and how far their text was seen."""
    lines = []
    if right.law:
        lines.append(turn.words(LAW, law=isolated(turn.translate(LIST_SEPARATOR).join(right.law), turn.language)))
    if right.text_of:
        lines.append(turn.translate(TEXT_UNDATED) if right.text_of == "undated" else turn.words(TEXT_OF, year=right.text_of))
    if not right.law_seen:
        lines.append(turn.translate(LAW_NOT_SEEN))
    return lines


def _services(turn: Turn, topic: Topic, offset: int) -> None:
    found = matching(turn, topic.reaches)
    intro = CONTACTS if found else NO_SERVICE
    found = found or matching(turn, ("trafficking", "women", "victims")) or [c for c in turn.contacts if c.emergency][:1]
    if turn.pack is None and not offset:
        turn.say(NO_RULES_HERE, kind="services", country=country_name(turn, turn.country or ""))
    elif not offset:
        turn.say(intro, kind="services")
    _cards(turn, found, offset)


def _cards(turn: Turn, found: list[Contact], offset: int) -> None:
    for contact in found[offset : offset + SERVICES_SHOWN]:
        turn.messages.append(card(turn, contact))
    if len(found) > offset + SERVICES_SHOWN:
        turn.interview.more_services = offset + SERVICES_SHOWN
        turn.messages[-1].buttons.append(Button(turn.translate(MORE), f'/{turn.intent}{{"more": "services"}}'))


def privacy(turn: Turn) -> None:
    turn.say_lines([turn.translate(PRIVACY_ANONYMOUS), turn.translate(PRIVACY_WHO)])
    outside = [line for right in rights_of(turn, ("privacy",))[:RIGHTS_SHOWN] for line in _short(turn, right)]
    turn.say_lines([turn.translate(PRIVACY_OUTSIDE), *outside] if outside else [])
    turn.say_lines([turn.translate(PRIVACY_DEVICE), turn.translate(PRIVACY_DELETE)], buttons=[turn.button(DELETE, "/delete_data")])


def evidence(turn: Turn) -> None:
    turn.say_lines([turn.translate(text) for text in (EVIDENCE_NONE, EVIDENCE_KEEP, EVIDENCE_WRITE, EVIDENCE_BODY)])
    turn.say_lines([turn.translate(EVIDENCE_SAFE), turn.translate(EVIDENCE_COPY)])


def deadlines(turn: Turn) -> None:
    """The rule of each route in words; the days themselves come with the estimate."""
    turn.say_lines([turn.translate(DEADLINES), turn.translate(DEADLINES_EXCEPTIONS)])
    pack = turn.pack
    if pack is None and turn.contacts:
        helplines(turn, turn.country or "")
        return
    if pack is None:
        ask_country(turn, turn.intent)
        return

    def said(phrases: tuple[Phrase, ...], on: date) -> str:
        return phrase_text(phrases, pack, on, turn.translate, turn.language)

    for route in pack.routes.values():
        if route.deadlines:
            first = route.deadlines[0]
            name = named(turn.translate(route.raw.name), route.raw.called, turn.translate, turn.language)
            lines = [turn.words(DEADLINE_LINE, route=name, rule=said(first.said, first.figures_on(None, turn.today)))]
            if first.raw.confidence == "unverified":
                lines.append(turn.translate(UNSURE))
            if first.relief:
                lines.append(said(first.relief, turn.today))
            turn.messages.append(Message("\n".join(lines)))
    turn.say(DEADLINES_EXACT, buttons=[turn.button(START, "/ask_compensation")])
