"""The interview as Rasa's one form: one generic slot, the engine's questions, a partial result at any time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import topics
from actions.interview import answer, ask, corrections, result
from actions.topics import settings, signs
from actions.turn import ASKED, CASE, INTERVIEW, Turn, _
from calculator.errors import CaseError

#: The day of the conversation; the only place in actions/ that reads the clock.
today: Callable[[], date] = date.today

Events = list[dict[str, Any]]

INTRO = _("I can work out what you may claim. I ask one thing at a time. You can skip or stop any time.")
INTRO_TRUTH = _("Rough answers are fine. Nobody checks you here.")
ENOUGH = _("I have no more questions that could change the result.")


def state(turn: Turn) -> Events:
    """The interview's slots as they are after this turn."""
    return [SlotSet(CASE, turn.case), SlotSet(ASKED, turn.asked), SlotSet(INTERVIEW, turn.interview)]


class AnswerTopic(Action):
    """Answers any topic outside the interview, by intent."""

    def name(self) -> str:
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = Turn.of(tracker, today())
        if _screening(turn):
            pass
        elif turn.intent == "choose":
            _late_choice(turn)
        elif turn.intent == "correct_answer" and corrections.correct(turn):
            pass
        else:
            topics.answer(turn)
        if turn.intent not in ("change_language", "delete_data"):
            settings.offer_language(turn)
        turn.send(dispatcher)
        return state(turn)


def _screening(turn: Turn) -> bool:
    """An answer to the screening, or to its offer. Another topic is answered first, and the open question comes again."""
    begins = turn.intent == "choose" and str(turn.entities.get("fact") or "").startswith("screen")
    if not begins and not signs.is_open(turn):
        return False
    if turn.intent != "emergency" and signs.take(turn):
        return True
    if turn.intent in ("emergency", "delete_data", "choose", "am_i_victim", "ask_compensation", "result"):
        return False
    topics.answer(turn)
    if turn.intent not in topics.WAITS:
        signs.ask_again(turn)
    return True


def _late_choice(turn: Turn) -> None:
    """A button of the interview pressed after it ended: it still answers its own question."""
    answer.take(turn)
    if turn.interview.get("again") or not turn.messages:
        turn.say(result.GO_ON, buttons=[turn.button(result.CONTINUE, "/ask_compensation")])


class StartEstimate(Action):
    """Says what the questions are for; the form then asks them."""

    def name(self) -> str:
        return "action_start_estimate"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = Turn.of(tracker, today())
        if turn.interview.get("order"):
            turn.say(result.GO_ON)
        else:
            turn.say_lines([turn.translate(INTRO), turn.translate(INTRO_TRUTH)])
        turn.interview.pop("shown", None)
        # Only one set of questions at a time.
        turn.interview.pop("screening", None)
        turn.send(dispatcher)
        return state(turn)


class AskAnswer(Action):
    """Asks the next question."""

    def name(self) -> str:
        return "action_ask_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = Turn.of(tracker, today())
        again = turn.interview.pop("again", None)
        if turn.interview.get("per_for") or signs.is_open(turn):
            # A question of another kind is open; the interview's own waits.
            return state(turn)
        fact, left = (again, 0) if again else ask.next_fact(turn)
        if fact is None:
            turn.asked = None
            if not turn.interview.get("shown"):
                turn.say(ENOUGH)
                result.show(turn)
        else:
            ask.ask(turn, fact, left)
        turn.send(dispatcher)
        return state(turn)


class ValidateEstimateForm(Action):
    """Reads the answer into the case. Never rejects the form: Rasa would lose the answer."""

    def name(self) -> str:
        return "validate_estimate_form"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = Turn.of(tracker, today())
        done = False
        if _screening(turn):
            pass
        elif turn.asked and turn.intent != "ask_compensation":
            done = False if answer.waiting_for_per(turn) else answer.take(turn)
        elif turn.asked is None and turn.interview.get("shown"):
            topics.answer(turn)
            done = True
        turn.send(dispatcher)
        if not done:
            done = _nothing_left(turn)
        return [*state(turn), SlotSet("answer", None), SlotSet("requested_slot", None if done else "answer")]


def _nothing_left(turn: Turn) -> bool:
    if turn.interview.get("again") or turn.interview.get("per_for") or signs.is_open(turn):
        return False
    try:
        return ask.next_fact(turn)[0] is None
    except CaseError:
        return True


class ShowEstimate(Action):
    """The result after the interview, whole or partial."""

    def name(self) -> str:
        return "action_show_estimate"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = Turn.of(tracker, today())
        if turn.case and not turn.interview.get("shown") and turn.intent != "delete_data":
            result.show(turn)
            if ask.next_fact(turn)[0] is not None and turn.messages:
                turn.messages[-1].buttons.append(turn.button(result.CONTINUE, "/ask_compensation"))
        turn.asked = None
        turn.send(dispatcher)
        return state(turn)


class ShowResult(Action):
    """What is asked of a result: amounts, papers, sources, more exact, a correction."""

    def name(self) -> str:
        return "action_result"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = Turn.of(tracker, today())
        result.respond(turn)
        turn.send(dispatcher)
        return state(turn)

