"""Out first: whoever is still in it, not safe, under 18, or watched while she writes gets the way out before any question about money.

The questions wait, and what was told is kept. Each reason is said once; `stands` tells the result to keep safety above its steps.
"""

from __future__ import annotations

from actions.topics.services import CONTACTS, best_line, card, is_open
from actions.topics.talk import CHILDREN, DELETE, NOT_IN_DANGER, PERSON, SHELTER, STILL_IN_IT
from actions.turn import ASKING, Button, Message, Turn
from calculator.emergency import OTHER_SAFE, Words, numbers_of
from calculator.translation import _

FIRST = _("First your safety. What you told me is kept.")
PLAN = _("You decide if and when you go. Going can be dangerous. These people plan it with you:")
PHONE = _("If you can, call from a phone that nobody else looks at.")
LATER = _("If you cannot call now, you can come back later. “Come back later” on this page gives you words for that.")
STOP_HERE = _("Then stop here, if you can. Write again when you are alone.")
GO_ON = _("Go on to what you may claim")
CHILD_RIGHT = _("You did the right thing to write to me. What is done to you is not your fault.")
CHILD_NOBODY = _("Nobody may make you work, beg, steal or do sexual things. Not even if you said yes, and not even if it is your family.")
CHILD_LINE = _("These people help children. They listen to you and they believe you:")
HELPER = _("If you help somebody who is in danger: plan with these people first.")
CHILD_ADULTS = _("You can also tell a teacher or a doctor.")

WATCHED, CHILD, ONGOING = "watched", "child", "ongoing"
#: Who helps, the best first: somebody who is still in it; anybody, while the line for children is closed.
ADULTS = ("trafficking", "women", "victims", "crisis")
ALL = ("trafficking", "victims", "crisis", "women")


def reasons(turn: Turn) -> list[str]:
    """Why safety comes first, the most urgent first; none when it is over and she is an adult."""
    state = turn.interview
    found = {WATCHED: state.watched, CHILD: state.adult is False, ONGOING: state.ongoing or state.unsafe or _within_reach(turn)}
    return [reason for reason, holds in found.items() if holds]


def _within_reach(turn: Turn) -> bool:
    """Whether it has not ended, or the one who did it lives in the same home."""
    if (turn.case.get("procedure") or {}).get("lives_with_offender") is True:
        return True
    entries = [*(turn.case.get("exploitation") or []), *(turn.case.get("work") or [])]
    return any(isinstance(entry, dict) and entry.get("end") == turn.today.isoformat() for entry in entries)


def first(turn: Turn) -> None:
    """Put the way out before everything this answer asks, when there is a new reason for it: the number above all. Where nothing is asked,
    the way on is one button, and the interview's own question waits."""
    new = [reason for reason in reasons(turn) if reason not in turn.interview.safety_said]
    if not new:
        return
    reason = new[0]
    turn.interview.safety_said = [*turn.interview.safety_said, *new]
    at = next((i for i, message in enumerate(turn.messages) if message.kind in ASKING and message.buttons), len(turn.messages))
    said = _said(turn, reason)
    if not turn.asks:
        said[-1].kind, said[-1].buttons = "question", _ways_on(turn, reason)
    turn.messages[at:at] = said
    if not turn.metadata.danger_shown or turn.calm:
        turn.messages.insert(0, _number(turn))


def _number(turn: Turn) -> Message:
    return Message(Words(numbers_of(turn.contacts), turn.language).hint("any"), "emergency_hint")


def _said(turn: Turn, reason: str) -> list[Message]:
    later = (LATER,) if turn.metadata.page else ()
    if turn.interview.helper and reason != WATCHED:
        careful = Words(numbers_of(turn.contacts), turn.language).say(OTHER_SAFE)
        reaches = ("children", *ALL) if reason == CHILD else ADULTS
        return [*line(turn, reaches, HELPER), Message(careful)]
    if reason == WATCHED:
        return [_lines(turn, STOP_HERE, *later)]
    if reason == CHILD:
        return [_lines(turn, CHILD_RIGHT, CHILD_NOBODY), *children(turn), _lines(turn, CHILD_ADULTS)]
    if turn.interview.adult is False:
        # The words for a child were said already; that it goes on brings the lines once more.
        return [*children(turn), _lines(turn, CHILD_ADULTS)]
    return [_lines(turn, FIRST, STILL_IN_IT), *line(turn, ADULTS, PLAN), _lines(turn, PHONE, *later)]


def _lines(turn: Turn, *texts: str) -> Message:
    return Message("\n".join(turn.translate(text) for text in texts))


def line(turn: Turn, reaches: tuple[str, ...], heading: str) -> list[Message]:
    """The heading and the card of who helps now; nothing where no number is known."""
    contact = best_line(turn, reaches)
    return [Message(turn.translate(heading), "services"), card(turn, contact)] if contact else []


def children(turn: Turn) -> list[Message]:
    """The line for children; another one before it while that is closed, or its number is not confirmed."""
    contact = best_line(turn, ("children",))
    own = line(turn, ("children",), HELPER if turn.interview.helper else CHILD_LINE)
    good = contact is not None and contact.confidence != "unverified" and is_open(turn, contact) is not False
    return own if good else [*line(turn, ALL, CONTACTS), *own]


def _ways_on(turn: Turn, reason: str) -> list[Button]:
    child = reason == CHILD or turn.interview.adult is False
    # Who protects children in this State, and how sure that is, stands there.
    person = turn.button(CHILDREN, "/ask_children") if child else turn.button(PERSON, "/talk_to_human")
    on = [turn.button(GO_ON, "/ask_compensation")]
    if reason == WATCHED:
        safe = turn.button(NOT_IN_DANGER, '/choose{"fact": "danger", "value": "safe"}')
        return [safe, turn.button(DELETE, "/delete_data"), turn.button(SHELTER, "/ask_shelter"), *(on if turn.in_form else [])]
    return [turn.button(SHELTER, "/ask_shelter"), person, *on]


def stands(turn: Turn, minor: bool) -> list[Message]:
    """The way to safety above a result: while it goes on, and for somebody under 18 (also by the birth date)."""
    if minor:
        return [_number(turn), *children(turn)]
    return [_number(turn), *line(turn, ADULTS, HELPER if turn.interview.helper else PLAN)] if ONGOING in reasons(turn) else []
