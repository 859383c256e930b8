"""The interview as Rasa's one form: one generic slot, the engine's questions, a partial result at any time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import topics
from actions.interview import answer, ask, corrections, details, doubts, early, hurry, result, rules, sums
from actions.interview.facts import CONTINUE, for_whom, said_yes_or_no
from actions.story import echo
from actions.topics import country, deleting, out, settings, signs, talk
from actions.turn import ASKED, CASE, INTERVIEW, Turn
from calculator.errors import CaseError
from calculator.translation import _
from store.settings import current_day

#: The day of the conversation (REDRESS_TODAY fixes it); the only place in actions/ that reads the clock.
today: Callable[[], date] = current_day

Events = list[dict[str, Any]]

INTRO = _("I can work out what you may claim. I ask one thing at a time. You can skip or stop any time.")
INTRO_TRUTH = _("You do not need exact answers. It is fine to say “about”.")
ENOUGH = _("I have no more questions that could change the result.")


def state(turn: Turn) -> Events:
    """The interview's slots as they are after this turn."""
    return [SlotSet(CASE, turn.case), SlotSet(ASKED, turn.asked), SlotSet(INTERVIEW, turn.interview.to_slot())]


class AnswerTopic(Action):
    """Answers any topic outside the interview, by intent; what the message told beside it is said back."""

    def name(self) -> str:
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = Turn.of(tracker, today())
        turn.interview.new_language = None
        about_deleting = deleting.take(turn) is not None
        if not (about_deleting or _not_safe(turn) or _screening(turn) or _echo(turn) or _doubt(turn)):
            _topic(turn)
        if not about_deleting and turn.intent != "change_language":
            settings.offer_language(turn)
        elif turn.interview.new_language or turn.metadata.language_changed:
            _ask_again(turn)
        out.first(turn)
        talk.lead_on(turn)
        # A no would answer the other question.
        turn.interview.safe_asked = turn.interview.safe_asked and not turn.asks
        if not about_deleting:
            rules.above(turn)
            hurry.above(turn)
        turn.send(dispatcher)
        return state(turn)


def _not_safe(turn: Turn) -> bool:
    """Whether she says that it is not safe to write: by the button, or with a no to that question."""
    asked, turn.interview.safe_asked = turn.interview.safe_asked, False
    said_no = asked and not turn.pressed and (turn.intent == "deny" or said_yes_or_no(turn) is False)
    if said_no or turn.entities.get("fact") == "safe":
        turn.interview.watched = True
        turn.interview.safety_said = [reason for reason in turn.interview.safety_said if reason != out.WATCHED]
        return True
    return False


def _topic(turn: Turn) -> None:
    if turn.intent == "choose":
        _late_choice(turn)
        return
    new = echo.hear(turn)
    if turn.intent == "correct_answer" and not new and corrections.correct(turn):
        return
    topics.answer(turn)
    topics.second_wish(turn)
    if (new or not turn.interview.echoed) and echo.offer(turn) and turn.intent in topics.LISTENS:
        # What was told comes last, so that its question is the open one; the menu above it waits.
        menus = {turn.translate(text) for text in (talk.WHAT_HELPS, talk.DID_YOU_MEAN, talk.NOT_UNDERSTOOD)}
        turn.messages = [message for message in turn.messages if message.text not in menus]
        for message in turn.messages[:-1]:
            message.buttons = []
    elif turn.interview.theirs and not turn.interview.helper and not turn.asks and turn.messages and turn.messages[-1].buttons:
        turn.messages[-1].buttons += for_whom(turn)


def _echo(turn: Turn) -> bool:
    """The answer to the list that was said back. Outside the interview the ways on follow; what is no answer is read as usual."""
    if not echo.is_open(turn):
        return False
    if not echo.take(turn):
        turn.interview.echo = []
        return False
    if not turn.in_form and not echo.is_open(turn):
        talk.after_story(turn)
    return True


def _doubt(turn: Turn) -> bool:
    return turn.interview.doubt is not None and doubts.take(turn)


def _screening(turn: Turn) -> bool:
    """An answer to the screening, or to its offer. Another topic is answered first, and the open question comes again."""
    begins = turn.intent == "choose" and str(turn.entities.get("fact") or "").startswith("screen")
    if not begins and not signs.is_open(turn):
        return False
    if turn.intent != "emergency" and signs.take(turn):
        return True
    if turn.intent in ("emergency", "choose", "am_i_victim", "ask_compensation", "result"):
        return False
    topics.answer(turn)
    if turn.intent != "change_language" and not turn.asks:
        signs.ask_again(turn)
    return True


def _ask_again(turn: Turn) -> None:
    """In a new language: the question that was open."""
    if not turn.asks and turn.interview.pending and turn.country is None:
        country.ask_country(turn, turn.interview.pending)


def _late_choice(turn: Turn) -> None:
    """A button of the interview pressed after it ended: it still answers its own question."""
    answer.take(turn)
    if turn.interview.again or not turn.messages:
        turn.say(result.GO_ON, buttons=[turn.button(CONTINUE, "/ask_compensation")])


class StartEstimate(Action):
    """Says what the questions are for; the form then asks them. What was told already is said back first."""

    def name(self) -> str:
        return "action_start_estimate"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = Turn.of(tracker, today())
        if turn.interview.order and not turn.interview.echo:
            turn.say(result.GO_ON)
        else:
            turn.say_lines([turn.translate(INTRO), turn.translate(INTRO_TRUTH)])
        turn.interview.shown = False
        # Only one set of questions at a time.
        turn.interview.screening = None
        turn.interview.doubt = None
        turn.interview.deleting = False
        turn.interview.starting = True
        echo.hear(turn)
        if not echo.offer(turn):
            echo.say_places(turn)
        out.first(turn)
        turn.interview.waits = turn.asks
        turn.send(dispatcher)
        return state(turn)


class AskAnswer(Action):
    """Asks the next question."""

    def name(self) -> str:
        return "action_ask_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = Turn.of(tracker, today())
        turn.interview.starting = False
        turn.language, turn.interview.new_language = turn.interview.new_language or turn.language, None
        waits, turn.interview.waits = turn.interview.waits, False
        if waits or turn.interview.doubt is not None or signs.is_open(turn) or echo.is_open(turn) or deleting.is_open(turn):
            # A question of another kind is open; the interview's own waits.
            return state(turn)
        if sums.ask_next(turn):
            turn.send(dispatcher)
            return state(turn)
        asked = turn.asked
        again, turn.interview.again = turn.interview.again, None
        fact, left = (again, 0) if again else ask.next_fact(turn)
        if fact is None:
            turn.asked = None
            if not turn.interview.shown:
                turn.say(ENOUGH)
                result.show(turn)
        else:
            if not again:
                early.offer(turn)
            early.by_itself(turn)
            turn.interview.asked_so_far += fact != asked
            ask.ask(turn, fact, left)
        rules.above(turn)
        hurry.above(turn)
        turn.send(dispatcher)
        return state(turn)


class ValidateEstimateForm(Action):
    """Reads the answer into the case. Never rejects the form: Rasa would lose the answer."""

    def name(self) -> str:
        return "validate_estimate_form"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = Turn.of(tracker, today())
        turn.interview.new_language = None
        if turn.interview.starting:
            # What began the interview was read, and what it told said back, as it began (StartEstimate).
            turn.interview.starting = False
            done = not turn.interview.waits and _nothing_left(turn)
        elif not (done := self._read(turn)):
            _ask_what_waits(turn)
            out.first(turn)
            turn.interview.waits = turn.asks
            done = not turn.asks and _nothing_left(turn)
        if done and turn.interview.said_back:
            turn.say_lines([turn.words(ask.SAID_BACK, answer=line) for line in turn.interview.said_back])
            turn.interview.said_back = []
        turn.send(dispatcher)
        return [*state(turn), SlotSet("answer", None), SlotSet("requested_slot", None if done else "answer")]

    def _read(self, turn: Turn) -> bool:
        """Work the message in. True when the interview is to end now."""
        if _not_safe(turn):
            out.first(turn)
            return False
        outcome = deleting.take(turn)
        if outcome is not None:
            return outcome is deleting.Outcome.ALL
        if _screening(turn):
            return False
        if turn.intent == "choose":
            return answer.take(turn)
        if turn.intent == "ask_compensation" and turn.pressed:
            return False
        if _echo(turn) or _doubt(turn):
            return False
        if turn.asked:
            return answer.take(turn)
        if turn.interview.shown:
            topics.answer(turn)
            return True
        return self._unasked(turn)

    def _unasked(self, turn: Turn) -> bool:
        """No question is open: something was said back, or is doubted, and the message is about something else."""
        if turn.intent == "stop":
            return True
        new = echo.hear(turn)
        if turn.intent in topics.ANSWERS and turn.intent not in topics.SMALL and not new:
            topics.answer(turn)
        if turn.asks:
            return False
        if turn.interview.doubt is not None:
            doubts.say(turn)
        else:
            echo.offer(turn)
        return False


def _ask_what_waits(turn: Turn) -> None:
    """A question of another kind that is still open is asked once more below what was said: an old button or another topic leaves it open,
    and the interview's own question waits for it."""
    if turn.asks:
        return
    if turn.interview.doubt is not None:
        doubts.say(turn)
    elif signs.is_open(turn):
        signs.ask_again(turn)
    elif echo.is_open(turn):
        echo.offer(turn)


def _nothing_left(turn: Turn) -> bool:
    if turn.interview.again or turn.interview.doubt or signs.is_open(turn) or echo.is_open(turn) or deleting.is_open(turn):
        return False
    try:
        return sums.waiting(turn) is None and ask.next_fact(turn)[0] is None
    except CaseError:
        return True


class ShowEstimate(Action):
    """The result after the interview, whole or partial."""

    def name(self) -> str:
        return "action_show_estimate"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = Turn.of(tracker, today())
        turn.interview.doubt = None
        if (turn.case or turn.interview.country_unsaid) and not turn.interview.shown:
            result.show(turn)
            if ask.next_fact(turn)[0] is not None and turn.messages and turn.messages[-1].kind != "question":
                turn.messages[-1].buttons.append(turn.button(CONTINUE, "/ask_compensation"))
        if not turn.messages and not turn.case and turn.intent == "stop":
            topics.answer(turn)
        turn.asked = None
        rules.above(turn)
        hurry.above(turn)
        turn.send(dispatcher)
        return state(turn)


class ShowResult(Action):
    """What is asked of a result: amounts, papers, sources, more exact, a correction."""

    def name(self) -> str:
        return "action_result"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = Turn.of(tracker, today())
        details.respond(turn)
        rules.above(turn)
        hurry.above(turn)
        turn.send(dispatcher)
        return state(turn)
