"""What the law gives: residence, police, children, going home, family, privacy, evidence, deadlines."""

from __future__ import annotations

from actions.topics.country import ask_country
from actions.topics.services import card, matching
from actions.turn import Button, Message, Turn, _
from calculator.packs.model import Right

RESIDENCE = _("You may have a right to stay for some time. You need no papers to get help.")
POLICE = _("You decide if you talk to the police. You can get help without it.")
CHILDREN = _("Children have special rights. A person is there only to protect them. It is never the child's fault.")
CHILD_SELF = _("If you are under 18: you did the right thing to write. It is not your fault.")
RETURN_HOME = _("Nobody should send you home without looking at the dangers. You can also go home if you want to, with help.")
FAMILY = _("If they threaten your family, tell an advice centre or the police. They can think about safety with you, also in another country.")
FAMILY_NOW = _("If your family is in danger now, they can call the emergency number where they live.")
PRIVACY_ANONYMOUS = _("I do not ask your name. What you write is kept locked for 60 minutes after your last message. Then it is gone.")
PRIVACY_WHO = _("I am a program. Nobody reads this chat. I tell nobody: no police, no office, no employer.")
PRIVACY_DEVICE = _("But someone who uses this device may see this page. A device that others do not use is safer.")
PRIVACY_DELETE = _("You can delete everything at any time.")
DELETE = _("Delete everything")
EVIDENCE_KEEP = _("Keep what shows what happened: messages, photos, pay papers, tickets, addresses, names, number plates.")
EVIDENCE_WRITE = _("Write down days and hours of work while you remember. A list of dates is enough.")
EVIDENCE_SAFE = _("Only keep things if that is safe. Do not keep them where the person who controls you can look.")
EVIDENCE_COPY = _("An advice centre or a lawyer can keep copies for you.")
EVIDENCE_NONE = _("You can ask for help and for money without any proof. Your own words count.")
DEADLINES = _("Most claims have a last day. It depends on the country and on when it ended.")
DEADLINE_LINE = _("{route}: {rule}")
DEADLINES_EXACT = _("I can work out the days for you if you tell me when it ended.")
START = _("Work it out")
DETAILS = _("Tell me more")
SOURCE = _("Source: {title}")
CONTACTS = _("These services know this well:")

#: Intent -> (topic of the pack's protection file, opening that holds everywhere, who can help).
TOPICS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "ask_residence": ("residence", RESIDENCE, ("residence", "trafficking")),
    "report_police": ("police", POLICE, ("trafficking",)),
    "ask_children": ("children", CHILDREN, ("children", "trafficking")),
    "ask_return_home": ("return_home", RETURN_HOME, ("trafficking",)),
}
SHOWN = 3


def answer(turn: Turn) -> None:
    """The rights of a topic in the country, then one service; what holds everywhere when the country is not known."""
    topic, opening, reaches = TOPICS[turn.intent]
    turn.say(opening)
    if turn.intent == "ask_children":
        turn.say(CHILD_SELF)
    if turn.pack is None:
        ask_country(turn, turn.intent)
        return
    rights = (turn.pack.protection.topics if turn.pack.protection else {}).get(topic, [])
    wanted = bool(turn.entities.get("more"))
    for right in rights if wanted else rights[:SHOWN]:
        turn.messages.append(right_message(turn, right, wanted))
    if rights and not wanted:
        turn.messages[-1].buttons.append(Button(turn.translate(DETAILS), f'/{turn.intent}{{"more": "yes"}}'))
    helpers = [c for c in matching(turn, reaches) if not c.emergency][:1]
    if helpers:
        turn.say(CONTACTS, kind="services")
        turn.messages.append(card(turn, helpers[0]))


def right_message(turn: Turn, right: Right, details: bool) -> Message:
    lines = [turn.translate(right.text)]
    if details:
        assert turn.pack is not None
        lines += [turn.translate(line) for line in right.details]
        lines.append(turn.words(SOURCE, title=turn.pack.sources[right.source].title))
    return Message("\n".join(lines))


def privacy(turn: Turn) -> None:
    turn.say(PRIVACY_ANONYMOUS)
    turn.say(PRIVACY_WHO)
    turn.say_lines([turn.translate(PRIVACY_DEVICE), turn.translate(PRIVACY_DELETE)],
                   buttons=[turn.button(DELETE, "/delete_data")])


def evidence(turn: Turn) -> None:
    turn.say_lines([turn.translate(EVIDENCE_NONE), turn.translate(EVIDENCE_KEEP), turn.translate(EVIDENCE_WRITE)])
    turn.say_lines([turn.translate(EVIDENCE_SAFE), turn.translate(EVIDENCE_COPY)])


def family(turn: Turn) -> None:
    turn.say(FAMILY)
    turn.say(FAMILY_NOW)
    if turn.pack is None:
        ask_country(turn, None)
        return
    for contact in matching(turn, ("trafficking",))[:1]:
        turn.messages.append(card(turn, contact))


def deadlines(turn: Turn) -> None:
    """The rule of each route in words; the days themselves come with the estimate."""
    turn.say(DEADLINES)
    if turn.pack is None:
        ask_country(turn, turn.intent)
        return
    for route in turn.pack.routes.values():
        if route.deadlines:
            first = route.deadlines[0].raw
            lines = [turn.words(DEADLINE_LINE, route=turn.translate(route.raw.name), rule=turn.translate(first.rule))]
            if first.relief:
                lines.append(turn.translate(first.relief))
            turn.messages.append(Message("\n".join(lines)))
    turn.say(DEADLINES_EXACT, buttons=[turn.button(START, "/ask_compensation")])
