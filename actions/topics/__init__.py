"""Every topic of the conversation by its intent: the same answers inside and outside the interview."""

from __future__ import annotations

from collections.abc import Callable

from actions.topics import country, rights, settings, signs, talk
from actions.turn import Turn

Answer = Callable[[Turn], None]


def _country(turn: Turn) -> None:
    """Set the country, then answer what was waiting for it."""
    pending, turn.interview.pending = turn.interview.pending, None
    if not country.change(turn, for_help=pending in rights.TOPICS):
        if pending:
            turn.interview.pending = pending
    elif pending == "ask_compensation":
        if turn.pack is not None:
            turn.say(country.GO_ON, buttons=[turn.button(talk.MONEY, "/ask_compensation")])
    elif pending:
        turn.intent = pending
        ANSWERS.get(pending, talk.not_understood)(turn)
    elif turn.pack is not None and not turn.in_form and not signs.is_open(turn):
        turn.say(talk.WHAT_HELPS, buttons=talk.menu(turn))


ANSWERS: dict[str, Answer] = {
    **dict.fromkeys(rights.TOPICS, rights.answer),
    "ask_privacy": rights.privacy,
    "ask_evidence": rights.evidence,
    "ask_deadlines": rights.deadlines,
    "change_language": settings.language,
    "change_country": _country,
    "greet": talk.greet,
    "thank": talk.thank,
    "goodbye": talk.goodbye,
    "tell_story": talk.story,
    "past_harm": talk.past_harm,
    "am_i_victim": signs.offer,
    "ask_why": talk.why,
    "out_of_scope": talk.out_of_scope,
    "emergency": talk.unsure_danger,
    "stop": talk.stop,
    "nlu_fallback": talk.not_understood,
    **dict.fromkeys(("affirm", "deny", "dont_know", "skip", "correct_answer", "inform"), talk.plain_yes_or_no),
}


#: Topics that only listen: when facts were told with them, the list of what was understood takes the place of their menu.
LISTENS = frozenset(
    {"tell_story", "past_harm", "nlu_fallback", "inform", "affirm", "deny", "dont_know", "skip", "correct_answer", "out_of_scope"}
)
#: Words that are no topic of their own.
SMALL = LISTENS | {"greet", "thank", "stop", "ask_why", "ask_compensation", "emergency"}
#: How sure a clause must be of another wish than the message's first.
SECOND_WISH = 0.7


def second_wish(turn: Turn) -> None:
    """A message with two wishes gets both: one that a clause of its own says surely is answered below the first."""
    if turn.pressed or turn.intent not in rights.TOPICS or turn.asks:
        return
    for clause in turn.understood.clauses:
        if clause.intent in rights.TOPICS and clause.intent != turn.intent and clause.confidence >= SECOND_WISH:
            turn.intent, first = clause.intent, turn.intent
            answer(turn)
            turn.intent = first
            return


def answer(turn: Turn) -> None:
    """The answer to the latest message by its intent; an honest "did you mean" for any other."""
    ANSWERS.get(turn.intent, talk.not_understood)(turn)
