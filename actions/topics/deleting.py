"""Deleting: everything only after a question, since "he wiped my phone" sounds like a wish to delete; the last answer at once.

What is deleted here is the dialogue's own; the gateway does the same with its own when it has passed the answer on.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from pathlib import Path

from actions.interview import doubts
from actions.interview.ask import ADULT, COUNTRY, MORE_WORK, WORK_COUNTRY
from actions.interview.facts import ANSWERED, NO, in_words, said_yes_or_no
from actions.interview.state import InterviewState
from actions.readers.lexicon import is_unspaced, one_of, plain_form
from actions.story import echo
from actions.topics import signs
from actions.topics.talk import WHAT_HELPS, menu
from actions.turn import Button, Turn
from calculator import yaml12
from calculator.case.paths import get, remove
from calculator.engine.result.questions import definition_of
from calculator.translation import _, base_language
from envelope import Extras

ASK = _("Delete everything you wrote here? It cannot be brought back.")
YES_DELETE = _("Yes, delete")
ONLY_LAST = _("Only my last answer")
KEPT = _("Nothing is deleted.")
DELETED = _("Everything you wrote here is deleted now.")
DELETED_DEVICE = _("This does not delete the history of your browser or messages in another app.")
LAST_DELETED = _("I deleted your last answer.")
LAST_DELETED_WAS = _("I deleted your last answer: {answer}")
NO_LAST = _("There is no answer to delete.")

WORDS = Path(__file__).with_name("last_answer.yaml")
#: Letters that grammar may add to a word of the list.
ENDINGS = 6
#: Wishes behind which a wish to delete the last answer may be heard.
NEAR = frozenset({"delete_data", "correct_answer", "nlu_fallback", "inform", "stop", "skip", "out_of_scope", "ask_privacy", "deny"})
#: A longer message tells something.
LONGEST_WISH = 14
#: A yes to "delete everything?" has at most so many words.
LONGEST_YES = 4


class Outcome(Enum):
    """What became of a message about deleting."""

    ASKED = "asked"
    KEPT = "kept"
    LAST = "last"
    ALL = "all"


def is_open(turn: Turn) -> bool:
    """Whether "delete everything?" waits for an answer."""
    return turn.interview.deleting


def take(turn: Turn) -> Outcome | None:
    """A wish to delete, or the answer to whether everything is to go; None when the message is about something else."""
    if turn.entities.get("fact") == "delete" and turn.intent == "choose":
        return _pressed(turn, str(turn.entities.get("value") or ""))
    if turn.interview.deleting and not turn.pressed and not turn.after_emergency:
        # (Below an emergency message "yes" is about the danger.)
        answer = _said(turn)
        if answer and turn.intent == "affirm" and not _plain(turn):
            # "Yes, he used to beat me" wants nothing deleted.
            echo.hear(turn)
            _ask(turn)
            return Outcome.ASKED
        if answer is not None:
            return _all(turn) if answer else _kept(turn)
    turn.interview.deleting = False
    if not turn.pressed and wants_last(turn):
        return _last(turn)
    if turn.intent != "delete_data":
        return None
    # "He wiped my phone and kept my passport": what is told beside it is heard.
    if not turn.pressed:
        echo.hear(turn)
    _ask(turn)
    return Outcome.ASKED


def _pressed(turn: Turn, value: str) -> Outcome:
    if value == "all":
        return _all(turn)
    return _last(turn) if value == "last" else _kept(turn)


def _said(turn: Turn) -> bool | None:
    said = said_yes_or_no(turn)
    if said is None and not wants_last(turn):
        said = {"affirm": True, "delete_data": True, "deny": False, "stop": False, "dont_know": False, "skip": False}.get(turn.intent)
    return said


def _plain(turn: Turn) -> bool:
    """Whether a yes is no more than that."""
    return len(turn.text.split()) <= LONGEST_YES and not any(fact.sure for clause in turn.understood.clauses for fact in clause.facts)


def wants_last(turn: Turn) -> bool:
    """Whether a message wants the latest answer deleted, and no more."""
    if turn.intent not in NEAR or len(turn.text.split()) > LONGEST_WISH:
        return False
    plain = plain_form(turn.text, False, turn.language)
    return any(all(pattern.search(plain) for pattern in _patterns(code)) for code in {base_language(turn.language), "en"})


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    found = yaml12.load(WORDS.read_text(encoding="utf-8")).get(language) or {}
    return tuple(re.compile(_any_of([plain_form(word, False, language) for word in words])) for words in found.values())


def _any_of(words: list[str]) -> str:
    """Any of the words, with what grammar adds; in short words nothing may be added."""
    if all(is_unspaced(word) for word in words):
        return one_of(words)
    return one_of(words, ENDINGS)


def _ask(turn: Turn) -> None:
    turn.interview.deleting = True
    last = [_button(turn, ONLY_LAST, "last")] if _latest(turn) or turn.interview.echo else []
    turn.say(ASK, kind="confirm", buttons=[_button(turn, YES_DELETE, "all"), *last, _button(turn, NO, "no")])


def _button(turn: Turn, title: str, value: str) -> Button:
    return turn.button(title, f'/choose{{"fact": "delete", "value": "{value}"}}')


def _all(turn: Turn) -> Outcome:
    """Gone at once; the gateway wipes its own row when it has passed this answer on."""
    turn.case, turn.interview, turn.asked = {}, InterviewState(), None
    turn.say_lines([turn.translate(DELETED), turn.translate(DELETED_DEVICE)], extras=Extras(wipe=True))
    return Outcome.ALL


def _kept(turn: Turn) -> Outcome:
    turn.interview.deleting = False
    turn.say(KEPT)
    _go_on(turn)
    return Outcome.KEPT


def _last(turn: Turn) -> Outcome:
    """The latest message's answers go, and their question is open again."""
    turn.interview.deleting = False
    extras = Extras(forget_last=True)
    screening = turn.interview.screening
    if turn.interview.echo:
        echo.drop(turn, turn.interview.echo)
        turn.interview.echo = []
        turn.say(LAST_DELETED, extras=extras)
    elif screening is not None and screening.answers:
        *before, _latest_sign = screening.answers
        screening.answers = {sign: screening.answers[sign] for sign in before}
        turn.say(LAST_DELETED, extras=extras)
    elif latest := _latest(turn):
        lines = [_line(turn, fact) for fact in latest]
        for fact in latest:
            _forget(turn, fact, extras)
        turn.say_lines([turn.words(LAST_DELETED_WAS, answer=line) for line in lines if line] or [turn.translate(LAST_DELETED)], extras=extras)
        if turn.in_form:
            turn.interview.again = latest[0] if latest[0] not in (MORE_WORK, WORK_COUNTRY) else None
    else:
        turn.say(NO_LAST, extras=extras)
    _go_on(turn)
    return Outcome.LAST


def _latest(turn: Turn) -> list[str]:
    """The facts of the latest answer that are still known."""
    asked_otherwise = (ADULT, MORE_WORK, WORK_COUNTRY)
    return [fact for fact in turn.interview.latest if fact in turn.interview.order or fact in asked_otherwise]


def _line(turn: Turn, fact: str) -> str:
    definition, value = definition_of(fact), get(turn.case, fact)
    if definition is None or value is None:
        return ""
    return turn.words(ANSWERED, question=turn.translate(definition.question), answer=in_words(turn, fact, value))


def _forget(turn: Turn, fact: str, extras: Extras) -> None:
    state = turn.interview
    state.order = [known for known in state.order if known != fact]
    state.latest = [known for known in state.latest if known != fact]
    if fact == ADULT:
        state.adult_asked, state.adult = False, None
    elif fact == MORE_WORK:
        state.where_work = state.more_work_asked = False
    elif fact == WORK_COUNTRY:
        _forget_job(turn)
    else:
        remove(turn.case, fact)
    if fact == COUNTRY:
        turn.country = turn.region = None
        extras.settings = {"country": ""}
    if fact == "exploitation[0].end":
        state.ongoing = False


def _forget_job(turn: Turn) -> None:
    """The job of which only the country was told."""
    jobs = turn.case.get("work") or []
    if len(jobs) > 1 and set(jobs[-1]) <= {"country"}:
        turn.case["work"] = jobs[:-1]
    turn.interview.where_work, turn.interview.more_work_asked = True, False


def _go_on(turn: Turn) -> None:
    """Back to what was open before; outside of questions, the ways on."""
    state = turn.interview
    if signs.is_open(turn):
        signs.ask_again(turn)
    elif state.doubt is not None:
        doubts.say(turn)
    elif echo.is_open(turn):
        # The list that waits is shown once more, and not counted as another one.
        state.echoed -= 1
        echo.offer(turn)
    elif not echo.offer(turn) and not turn.in_form:
        turn.say(WHAT_HELPS, buttons=menu(turn))
