"""Rules that change in the middle of an interview: said once, never above what protects, and only for the country that they are of."""

from dataclasses import replace

import pytest
from turns import a_turn

from actions.interview import rules
from actions.turn import Message
from calculator.api import default_rules
from calculator.packs.current import put_in_force


@pytest.fixture
def new_rules():
    """Puts other rules for some countries in force; the repository's afterwards."""
    before = default_rules()

    def change(*countries):
        now = default_rules()
        put_in_force(replace(now, sha256_of={**now.sha256_of, **{code: f"other {code}" for code in countries}}))

    yield change
    put_in_force(before)


def said(turn, kind="question"):
    """What an answer of a kind comes to; the state goes on."""
    turn.messages[:] = [Message("What comes next", kind)]
    rules.above(turn)
    return [message.text for message in turn.messages]


def test_it_is_said_once_above_the_next_answer(new_rules):
    turn = a_turn(country="DE", order=["work[].start"])
    assert said(turn) == ["What comes next"]
    new_rules("DE")
    assert said(turn) == [rules.CHANGED, "What comes next"]
    assert said(turn) == ["What comes next"]


def test_nothing_is_said_above_what_protects_but_after_it(new_rules):
    turn = a_turn(country="DE", order=["work[].start"])
    said(turn)
    new_rules("DE")
    for kind in ("emergency", "emergency_hint", "confirm"):
        assert said(turn, kind) == ["What comes next"]
    assert said(turn) == [rules.CHANGED, "What comes next"]


def test_who_has_answered_nothing_yet_or_asks_about_another_country_is_told_nothing(new_rules):
    turn = a_turn(country="DE")
    said(turn)
    new_rules("DE", "FR")
    assert said(turn) == ["What comes next"]
    asked = a_turn(country="DE", order=["work[].start"])
    said(asked)
    new_rules("IT")
    assert said(asked) == ["What comes next"]
    nowhere = a_turn(country="JP", order=["work[].start"])
    assert said(nowhere) == ["What comes next"] and nowhere.interview.rules == {}


def test_it_is_said_in_her_language():
    turn = a_turn(country="DE", order=["work[].start"], language="fr")
    turn.interview.rules = {"DE": "before"}
    assert said(turn)[0] != rules.CHANGED
