"""Nothing is deleted unasked, and what is deleted is gone, through the three servers, in every language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from person import Person
from test_languages import every_language, utterances

from actions.interview.facts import NO
from actions.topics.deleting import YES_DELETE
from calculator.translation import translator

pytestmark = pytest.mark.stack
Begin = Callable[..., Person]

#: They speak of deleting, wiping, losing, clearing; none of them wishes that what was written here goes.
NO_WISH = ["he wiped my phone", "i lost all my data", "please clear my debt", "he deleted all my messages", "they erased my contract",
           "she took my phone and deleted the photos", "the police lost my statement", "can they delete my visa"]  # fmt: skip


def interviewed(person: Begin, language: str = "en") -> Person:
    """Somebody whose first questions are answered."""
    someone = person(language, "DE")
    words = utterances(language)
    someone.write(words["money"])
    while someone.asked is None:
        someone.press(someone.messages[-1]["buttons"][0]["title"])
    someone.press(someone.messages[-1]["buttons"][0]["title"])
    return someone


@pytest.mark.parametrize("language", every_language())
def test_deleting_is_asked_about_and_then_done(person: Begin, language: str) -> None:
    translate = translator(language, "chat")
    someone = interviewed(person, language)
    known, asked = someone.case(), someone.asked
    assert known["case"] != {"version": 1}
    someone.write(utterances(language)["delete"])
    assert someone.kinds[-1] == "confirm"
    someone.press(translate(NO))
    assert someone.case() == known and someone.asked == asked
    someone.write(utterances(language)["delete"])
    someone.press(translate(YES_DELETE))
    assert someone.case() == {"case": {"version": 1}, "confirmed": [], "read": []}
    someone.write(utterances(language)["shelter"])
    assert "unavailable" not in someone.kinds


@pytest.mark.parametrize("text", NO_WISH)
def test_what_only_sounds_like_it_deletes_nothing(person: Begin, text: str) -> None:
    someone = interviewed(person)
    known = someone.case()["confirmed"]
    someone.write(text)
    assert set(known) <= set(someone.case()["confirmed"])


def test_the_last_answer_is_deleted_and_asked_again(person: Begin) -> None:
    someone = interviewed(person)
    asked = someone.asked
    someone.press(someone.messages[-1]["buttons"][0]["title"])
    answered = set(someone.case()["confirmed"])
    assert asked in answered
    someone.write("delete the last answer")
    assert "deleted" in someone.text and someone.asked == asked
    assert set(someone.case()["confirmed"]) == answered - {asked}


def test_the_questions_may_begin_while_deleting_is_asked_about(person: Begin) -> None:
    someone = person("en", "DE")
    someone.write("delete everything i wrote")
    assert someone.kinds[-1] == "confirm"
    someone.write("how much money can i claim")
    assert someone.asked == "chat.adult"
