"""A first figure before the questions end: offered as soon as there is one, said by itself after a few questions.

Only to an adult who is out of it and safe. Under 18, or while it goes on, nothing is offered and nothing said by itself.
"""

from __future__ import annotations

from actions.interview import result
from actions.interview.ask import SAID_BACK, country_of, entry_of
from actions.topics import out
from actions.turn import Turn
from calculator.case.paths import get
from calculator.engine.result.card import Card, card_of
from calculator.translation import _

I_CAN_SAY = _("I can already say something. More answers make it better.")
SHOW_IT = _("Show it")
GO_ON = _("Go on")
SO_FAR = _("This is what I can say so far:")
#: After so many questions what is known is said without being asked for.
MOST_QUESTIONS = 8


def offer(turn: Turn) -> None:
    """Offer the first figure above the next question, once: who does not want it answers that question."""
    if not _may(turn):
        return
    card = _card(turn)
    # Each answer can bring a near day, or take it away.
    turn.interview.near = card is not None and card.day is not None and card.day.urgent
    if turn.interview.early or turn.interview.asked_so_far >= MOST_QUESTIONS or not _useful(turn, card):
        return
    turn.interview.early = "offered"
    # What was understood is said before anything else.
    said_back = [turn.words(SAID_BACK, answer=line) for line in turn.interview.said_back]
    turn.interview.said_back = []
    turn.say_lines(
        [*said_back, turn.translate(I_CAN_SAY)],
        buttons=[turn.button(SHOW_IT, '/result{"show": "early"}'), turn.button(GO_ON, "/ask_compensation")],
    )


def by_itself(turn: Turn) -> None:
    """After so many questions, what can be said so far stands above the next one, once."""
    if turn.interview.early != "done" and turn.interview.asked_so_far >= MOST_QUESTIONS and _may(turn):
        show(turn)


def show(turn: Turn) -> None:
    """The card with what is known so far."""
    turn.interview.early = "done"
    found = result.so_far(turn)
    if found is None:
        return
    turn.say(SO_FAR, kind="estimate")
    result.first_card(turn, found, result.is_minor(turn, found), unasked=_may(turn))


def _may(turn: Turn) -> bool:
    """An adult, out of it and safe, whose result was not shown yet."""
    return turn.interview.adult is True and not turn.interview.shown and country_of(turn) is not None and not out.reasons(turn)


def _card(turn: Turn) -> Card | None:
    found = result.so_far(turn)
    return card_of(found, turn.translate, turn.language, minor=False) if found is not None and found.minor is not True else None


def _useful(turn: Turn, card: Card | None) -> bool:
    """A sum of her own; where nobody counts hours, what somebody alike got, once it is known when it ended; a day that is near."""
    if card is None:
        return False
    entry = f"exploitation[{entry_of(turn, country_of(turn))}]"
    forms, end = get(turn.case, f"{entry}.forms"), get(turn.case, f"{entry}.end")
    told = isinstance(forms, list) and end not in (None, "unknown", "declined")
    works = bool(turn.case.get("work"))
    return told and (card.says == "own" or card.says == "alike" and not works) or card.day is not None and card.day.urgent
