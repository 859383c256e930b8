"""Am I a victim? A short screening, one question a message, that never labels and ends in rights and help either way."""

from __future__ import annotations

from typing import Any

from actions.interview.facts import DONT_KNOW, HOW_OLD, NO, NOT_SAID, WHY_BUTTON, YES, said_yes_or_no, try_put
from actions.interview.state import Screening
from actions.readers.choices import read_choice
from actions.story.words import answer_line
from actions.topics import out, rights
from actions.topics.country import ask_country
from actions.topics.services import CONTACTS
from actions.topics.talk import STOP_BUTTON, TITLES, WHAT_HELPS
from actions.turn import Button, Turn
from calculator import vocabulary
from calculator.case.paths import get
from calculator.screening import NEVER_SCORED, screening
from calculator.translation import _

OPENING = _("I cannot decide that, and you do not need a name for it to get help.")
OPENING_HOW = _("I can ask you about some signs. You can skip each one, or stop. Your answers are gone when this chat ends.")
LOOK = _("Ask me about the signs")
NOT_NOW = _("Not now")
NAMED = _("What you told me, and what it means:")
NAMED_LINE = _("{sign} {why}")
MANY_SIGNS = _("These are signs that people who know about trafficking take seriously. You can ask them to look at it with you.")
CHILD_SIGNS = _("You are under 18. Nobody may use you like this, even if you said yes. There are people only for young people.")
WORK_SIGNS = _("What you tell me about the work may be against the law. You may have a right to pay, also without papers.")
NOT_COUNTED = _("For this I do not count signs. What you told me is enough to ask for help. You do not have to tell more.")
NOT_CLEAR = _("What you told me matters. I cannot tell more from it. Someone who knows about this can look at it with you.")
FEW_SIGNS = _("You named few of these signs. That does not mean that nothing happened. If something feels wrong, you can ask.")
NOT_A_DECISION = _("This is not a decision. You have the same right to ask for help whatever you answered.")
SAYING_YES = _("If someone lied to you, forced you, or used the fact that you had no choice, it does not matter that you said yes.")
ENDINGS = {
    "trafficking": MANY_SIGNS,
    "deception_and_exploitation": MANY_SIGNS,
    "child": CHILD_SIGNS,
    "labour_rights": WORK_SIGNS,
    "not_scored": NOT_COUNTED,
    "not_classified": NOT_CLEAR,
    "no_indication": FEW_SIGNS,
}

#: Questions of the screening that are no indicator.
AGE, FORMS = "age", "forms"
_ANSWERS = {"affirm": True, "deny": False, "dont_know": None, "skip": None}


def offer(turn: Turn) -> None:
    """What the screening is, and consent to it."""
    turn.say_lines(
        [turn.translate(OPENING), turn.translate(OPENING_HOW)],
        kind="question",
        buttons=[
            turn.button(LOOK, '/choose{"fact": "screen", "value": "start"}'),
            turn.button(NOT_NOW, '/choose{"fact": "screen", "value": "no"}'),
        ],
    )


def is_open(turn: Turn) -> bool:
    """Whether a question of the screening waits for an answer."""
    return turn.interview.screening is not None and turn.interview.screening.open is not None


def take(turn: Turn) -> bool:
    """The answer to the open question, from a button or from words. False when the message is about something else."""
    state = turn.interview.screening or Screening()
    question = state.open or ""
    if turn.intent == "stop":
        _end(turn, state)
        return True
    if turn.intent == "choose":
        return _pressed(turn, state)
    value: Any = _said(turn)
    if question == FORMS and value not in (False, None):
        value = _form_of(turn)
    if value == "unread":
        return False
    _store(turn, state, question, value)
    return True


def _pressed(turn: Turn, state: Screening) -> bool:
    fact, value = str(turn.entities.get("fact") or ""), str(turn.entities.get("value") or "")
    if fact == "screen":
        if value == "start":
            turn.interview.screening = Screening()
            _ask(turn)
        else:
            turn.interview.screening = None
            _help(turn)
        return True
    if not fact.startswith("screen.") or turn.interview.screening is None:
        return False
    given: Any = {"true": True, "false": False, "unknown": None, "declined": None}.get(value, value)
    _store(turn, state, fact.removeprefix("screen."), given)
    return True


def _said(turn: Turn) -> Any:
    """True, False, None (not known, not said), or "unread"."""
    said = said_yes_or_no(turn)
    return said if said is not None else _ANSWERS.get(turn.intent, "unread")


def _form_of(turn: Turn) -> Any:
    choices = vocabulary.facts()["act.forms"].choices
    return read_choice(turn.text, [(value, turn.translate(title)) for value, title in choices.items()]) or "unread"


def _store(turn: Turn, state: Screening, question: str, value: Any) -> None:
    if question == AGE:
        turn.interview.adult_asked, turn.interview.adult = True, value if isinstance(value, bool) else None
    elif question == FORMS:
        state.forms = [value] if isinstance(value, str) else []
        if isinstance(value, str) and not get(turn.case, "exploitation[0].forms"):
            # What was said here is not asked again for the estimate.
            if try_put(turn, "exploitation[0].forms", [value]) is None:
                turn.learn("exploitation[0].forms", [value], answer_line(turn, "exploitation[0].forms", [value]))
    elif question in {asked.id for asked in screening().questions}:
        state.answers = {**state.answers, question: value if isinstance(value, bool) else None}
    turn.interview.screening = state
    _ask(turn)


def _ask(turn: Turn) -> None:
    """The next question, or the end."""
    state = turn.interview.screening
    assert state is not None
    if not turn.interview.adult_asked:
        _question(turn, AGE, turn.translate(HOW_OLD), 0)
    elif state.forms is None and not get(turn.case, "exploitation[0].forms"):
        definition = vocabulary.facts()["act.forms"]
        _question(turn, FORMS, turn.translate(definition.question), 0, definition.choices)
    elif NEVER_SCORED.intersection(_forms(turn, state)):
        # Those weights are not known: asking on would only hurt.
        _end(turn, state)
    else:
        child = turn.interview.adult is False
        asked = screening().next(state.answers, child)
        if asked is None:
            _end(turn, state)
        else:
            _question(turn, asked.id, turn.translate(asked.question), screening().left(state.answers, child))


def ask_again(turn: Turn) -> None:
    """The open question once more, after an answer about something else."""
    if is_open(turn):
        _ask(turn)


def _question(turn: Turn, name: str, text: str, left: int, choices: dict[str, str] | None = None) -> None:
    assert turn.interview.screening is not None
    turn.interview.screening.open = name
    fact = f"screen.{name}"
    answers = choices or {"true": YES, "false": NO}
    titles = [*answers.items(), ("unknown", DONT_KNOW), ("declined", NOT_SAID)]
    buttons = [turn.button(title, f'/choose{{"fact": "{fact}", "value": "{value}"}}') for value, title in titles]
    lines = [text]
    if left:
        lines.append(turn.left(left))
    turn.say_lines(lines, kind="question", fact=fact, buttons=[*buttons, turn.button(WHY_BUTTON, "/ask_why"), turn.button(STOP_BUTTON, "/stop")])


def _forms(turn: Turn, state: Screening) -> list[str]:
    known = get(turn.case, "exploitation[0].forms")
    return [*(state.forms or []), *(known if isinstance(known, list) else [])]


def _end(turn: Turn, state: Screening) -> None:
    """The signs that were named and what they mean, what follows, and help: never a verdict."""
    child = turn.interview.adult is False
    answers = state.answers
    named = [question for question in screening().questions if answers.get(question.id)]
    reading = screening().read(answers, child, _forms(turn, state))
    turn.interview.screening = None
    if named:
        turn.say_lines(
            [
                turn.translate(NAMED),
                *(turn.words(NAMED_LINE, sign=turn.translate(question.sign), why=turn.translate(question.why)) for question in named),
            ]
        )
    lines = [ENDINGS[reading], SAYING_YES, NOT_A_DECISION] if named or reading == "not_scored" else [ENDINGS[reading], NOT_A_DECISION]
    if child and reading != "child":
        lines.insert(0, rights.CHILD_SELF)
    turn.say_lines([turn.translate(line) for line in lines])
    _help(turn)


def _help(turn: Turn) -> None:
    """One service where the country is known, and the ways on."""
    child = turn.interview.adult is False
    wanted = (
        ["ask_children", "ask_shelter", "ask_legal_help", "talk_to_human"]
        if child
        else ["talk_to_human", "ask_compensation", "ask_shelter", "ask_legal_help", "ask_medical", "ask_residence"]
    )
    if turn.contacts:
        turn.messages += out.children(turn) if child else out.line(turn, ("trafficking", "victims", "women"), CONTACTS)
    elif turn.country is None and not turn.in_form:
        ask_country(turn, "talk_to_human")
        return
    if not turn.in_form:
        turn.say(WHAT_HELPS, buttons=[Button(turn.translate(TITLES[intent]), f"/{intent}") for intent in wanted])
