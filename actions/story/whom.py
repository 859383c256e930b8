"""For whom somebody asks: for herself, or for another person, whose case is one of its own.

Whoever says "I ask for somebody else" may be the one the person fled from, with her telephone in the hand: from then on nothing is shown
or said of what was told before. It is put away, and there again for who asks for herself.
"""

from __future__ import annotations

from actions.interview.result import GO_ON
from actions.interview.state import InterviewState, PutAway
from actions.story import echo
from actions.story.words import phrase
from actions.turn import Turn
from calculator.translation import _

ABOUT_OTHER = _("Then answer for that person, as far as you know.")


def take(turn: Turn, whom: str) -> None:
    """Ask for another person from now on (`other`, or `child`: somebody under 18), or for oneself again (`self`)."""
    if whom == "self":
        _for_oneself(turn)
    elif not turn.interview.helper:
        _for_another(turn)
    if whom == "child":
        turn.interview.adult_asked, turn.interview.adult = True, False


def _for_another(turn: Turn) -> None:
    """A case of its own. What this conversation told of somebody else is of that person, and said back."""
    own, theirs = turn.interview, turn.interview.theirs
    own.theirs = {}
    turn.interview = InterviewState(
        helper=True,
        own=PutAway(case=turn.case, interview=own.to_slot()),
        language_offered=own.language_offered,
        watched=own.watched,
        new_language=own.new_language,
        new_country=own.new_country,
    )
    turn.case, turn.asked, turn.hides = {}, None, True
    state = turn.interview
    turn.say(ABOUT_OTHER)
    for path, told in theirs.items():
        if path == echo.ADULT_FACT:
            state.adult = False
        elif not echo.keeps(turn, path, told.value):
            continue
        state.told[path] = told
        state.ongoing = state.ongoing or path == "exploitation[0].end" and told.value == turn.today.isoformat()
        if told.sure:
            turn.learn(path, told.value, phrase(turn, path, told.value))
    echo.offer(turn)


def _for_oneself(turn: Turn) -> None:
    own, watched = turn.interview.own or PutAway(), turn.interview.watched
    turn.case, turn.interview, turn.asked, turn.hides = own.case, InterviewState.read(own.interview), None, True
    # Not safe to write is not safe for whomever one asks.
    turn.interview.watched = watched
    turn.say(GO_ON)
