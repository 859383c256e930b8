"""Whoever asks for somebody else is told and asked of that person: no sentence about "you" is left out, and none is stale."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from turns import a_turn

from actions.interview import ask, details, facts, result
from actions.story import words
from actions.topics import country, rights, signs, talk
from calculator import vocabulary
from calculator.translation import languages, translator
from tools.source_strings import chat_messages, law_messages

OTHER = vocabulary.for_another()
YOU = re.compile(r"\b(you|your|yours|yourself)\b", re.IGNORECASE)
ME = re.compile(r"\b(I|my|me)\b")
#: Said to whoever writes, also when she asks for somebody else.
TO_THE_WRITER = {
    "Some funds pay only when there were threats or violence. You do not need to tell what happened.",
    "The law may give more money for this harm. You can skip it.",
    facts.WHY_BUTTON,
    talk.DID_YOU_MEAN,
    "This was published: sums that other people got, amounts that courts go by, and examples. Your case can bring more or less. "
    "Some lines tell of violence.",
    result.YOU_IS_THAT_PERSON,
    talk.HELLO,
    details.FOR_LAWYERS,
}


def asked_in_the_chat() -> Iterator[str]:
    """Every question, reason and choice about a fact that the chat asks, and every one of the screening."""
    for definition in vocabulary.facts().values():
        if definition.ask in ("chat", "more"):
            yield from (definition.question, definition.why, *definition.choices.values())
    for asked in vocabulary.screening()["questions"]:
        yield from (asked[key] for key in ("question", "sign", "why"))


def said_back() -> Iterator[str]:
    yield from words.PHRASES.values()
    for name in ("GOT", "GOT_NOTHING", "FEE", "FROM", "NOW_IN", "ADULT", "MINOR", "NO_CHILDREN", "YOU"):
        yield getattr(words, name)


def test_every_question_and_every_phrase_about_you_is_said_of_that_person_too() -> None:
    missing = {text for text in (*asked_in_the_chat(), *said_back()) if (YOU.search(text) or ME.search(text)) and text not in OTHER}
    assert missing - TO_THE_WRITER == set()


def test_every_other_sentence_about_you_is_said_of_that_person_or_meant_for_who_writes() -> None:
    """The ones that are not said of that person were looked at: they speak to whoever writes, in whatever case."""
    of_modules = {
        value
        for module in (ask, details, result, country, rights, signs, talk)
        for value in vars(module).values()
        if isinstance(value, str) and YOU.search(value)
    }
    meant_for_the_writer = re.compile(
        r"tell me|you want to|You can (skip|say|stop|leave|delete|write|talk|also stop)|choose|wrote|write|know|help|you answered|you decide|"
        r"Do you want|you told me|I ask one|may I|your answers|You named|you need|You also named|welcome|"
        r"Take care|trust|sorry|can ask them|cannot",
        re.IGNORECASE,
    )
    assert {text for text in of_modules - set(OTHER) - TO_THE_WRITER if not meant_for_the_writer.search(text)} == set()


def test_no_sentence_is_stale_and_none_speaks_of_you() -> None:
    sources = {text for _place, text in (*chat_messages(), *law_messages()) if isinstance(text, str)}
    assert set(OTHER) - sources == set()
    #: "You" that is the helper: what she tells, decides and calls.
    helper = re.compile(r"you (decide|tell|answered|trust|told)|You (can skip|do not have to|can bring)|let you call|thank|I ask", re.IGNORECASE)
    assert [other for other in OTHER.values() if YOU.search(other) and not helper.search(other)] == []


@pytest.mark.parametrize("language", [code for code in languages() if code != "en"])
def test_each_is_translated_with_its_placeholders(language: str) -> None:
    translate = translator(language, "chat", "law", "danger")
    for other in OTHER.values():
        said = translate(other)
        assert said != other, other
        assert sorted(re.findall(r"\{\w+\}", said)) == sorted(re.findall(r"\{\w+\}", other)), other


def test_the_turn_speaks_of_that_person_only_for_a_helper() -> None:
    assert a_turn().translate(facts.HOW_OLD) == "Are you 18 or older?"
    turn = a_turn(helper=True)
    assert turn.translate(facts.HOW_OLD) == "Is that person 18 or older?"
    assert words.phrase(turn, "person.birth_year", {"low": "2001", "high": "2002"}) == "how old that person is: 24"
    assert words.phrase(turn, "person.dependants", 2) == "how many people live from that person's money: 2"
    assert "that person" in words.phrase(turn, "exploitation[0].violence", "threats")
