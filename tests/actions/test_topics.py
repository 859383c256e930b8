"""Every intent has a real answer, for every State with a pack, for a State of which only numbers are known, and for none."""

from __future__ import annotations

from typing import Any

import pytest
from turns import a_turn

from actions import topics
from actions.topics import country, rights, settings, talk
from actions.topics.services import matching, seen_on
from actions.turn import Turn
from calculator.api import contacts_of, default_rules
from calculator.engine.result.terms import terms_of_topics
from calculator.packs.hotlines import hotlines

STATES = sorted(default_rules().packs)


def turn(intent: str, where: str | None = None, text: str = "", **more: Any) -> Turn:
    return a_turn(text, intent, where, **more)


@pytest.mark.parametrize("where", [*STATES, "PL", "UZ", "JP", None])
@pytest.mark.parametrize("intent", sorted(topics.ANSWERS))
def test_every_intent_is_answered_everywhere(intent: str, where: str | None) -> None:
    asked = turn(intent, where)
    topics.answer(asked)
    assert asked.messages and all(m.text.strip() for m in asked.messages)


@pytest.mark.parametrize("where", STATES)
@pytest.mark.parametrize("intent", sorted(rights.TOPICS))
def test_a_topic_tells_a_right_and_who_helps(intent: str, where: str) -> None:
    asked = turn(intent, where)
    topics.answer(asked)
    text = "\n".join(m.text for m in asked.messages)
    told = rights.rights_of(asked, rights.TOPICS[intent].rights[:1])
    assert not told or told[0].text in text
    assert any(m.kind == "services" for m in asked.messages)
    more = turn(intent, where, entities={"more": "rights"})
    topics.answer(more)
    assert not told or any("Source:" in m.text for m in more.messages)


@pytest.mark.parametrize("where", STATES)
def test_an_office_that_reports_never_comes_first(where: str) -> None:
    asked = turn("ask_shelter", where)
    for topic in rights.TOPICS.values():
        found = [c for c in matching(asked, topic.reaches) if not c.emergency and c.confidence != "unverified"]
        safe = [not c.may_report_status for c in found]
        assert safe == sorted(safe, reverse=True)


@pytest.mark.parametrize("where", STATES)
def test_the_word_for_the_office_stands_beside_a_right(where: str) -> None:
    wanted = terms_of_topics(default_rules().packs[where], ["legal_help", "interpreter"])
    asked = turn("ask_legal_help", where)
    topics.answer(asked)
    said = "\n".join(m.text for m in asked.messages)
    assert (rights.WORDS_THERE in said) is bool(wanted)
    for term in wanted[: rights.WORDS_SHOWN]:
        assert all(f"“{word}”" in said for word in term.words.values())


@pytest.mark.parametrize("where", STATES)
def test_a_right_says_its_law_and_how_far_that_was_seen(where: str) -> None:
    """A text that is old, has no date or was not seen is told so to her, not to her lawyer alone."""
    for intent, topic in rights.TOPICS.items():
        asked = turn(intent, where, entities={"more": "rights"})
        topics.answer(asked)
        wanted = rights.rights_of(asked, topic.rights)
        for right, message in zip(wanted, asked.messages[: len(wanted)], strict=True):
            lines = message.text.splitlines()
            assert not right.law or rights.LAW.format(law="; ".join(right.law)) in lines
            old = rights.TEXT_UNDATED if right.text_of == "undated" else rights.TEXT_OF.format(year=right.text_of)
            assert (old in lines) == (right.text_of is not None)
            assert (rights.LAW_NOT_SEEN in lines) == (not right.law_seen)
            assert not set(right.for_counsel) & set(lines)


def test_what_is_not_confirmed_says_so() -> None:
    for where in STATES:
        asked = turn("ask_children", where)
        for right in rights.rights_of(asked, ("children",)):
            if right.confidence == "unverified":
                assert "onfirmed" in "\n".join(rights._short(asked, right))


def test_a_country_of_which_only_numbers_are_known_gets_its_numbers() -> None:
    asked = turn("change_country", None, entities={"country": "PL"}, pending="ask_shelter")
    topics.answer(asked)
    assert any("La Strada" in m.text for m in asked.messages)
    assert asked.messages[0].extras.settings == {"country": "PL"}


def test_money_in_a_country_without_rules_is_not_promised() -> None:
    asked = turn("change_country", None, entities={"country": "PL"}, pending="ask_compensation")
    topics.answer(asked)
    assert "do not know the rules of Poland" in asked.messages[0].text
    assert not [b for m in asked.messages for b in m.buttons if b.payload == "/ask_compensation"]


def said(asked: Turn) -> str:
    return "\n".join(message.text for message in asked.messages)


def test_a_country_without_rules_tells_what_protects_there_and_what_nobody_confirmed_as_that() -> None:
    asked = turn("change_country", None, entities={"country": "PL"}, pending="ask_compensation")
    topics.answer(asked)
    sure, _marked, unsure = said(asked).rpartition("This is not confirmed for Poland. Ask somebody who helps there if it is so:")
    assert "At most: 3 months. For a child: 4 months." in sure and "Kompensata państwowa" in sure
    assert "You can ask a civil court for your money." in unsure and "You can ask a civil court" not in sure
    assert "I cannot work out how much" in unsure
    assert '/change_country{"country": "PL", "more": "rights"}' in [b.payload for b in asked.messages[-1].buttons]


def test_each_right_there_unfolds_to_its_source() -> None:
    asked = turn("change_country", "PL", entities={"country": "PL", "more": "rights"})
    topics.answer(asked)
    assert all("Source: " in message.text for message in asked.messages) and len(asked.messages) > 4
    assert any("This is not confirmed." in message.text for message in asked.messages)
    assert any("We saw the text of" in message.text for message in asked.messages)
    assert asked.messages[-1].buttons


def test_a_topic_and_the_deadlines_of_a_country_without_rules_say_what_is_known_of_them() -> None:
    papers = turn("ask_residence", "SK")
    topics.answer(papers)
    assert "How long: 90 days." in said(papers) and "fund for victims" not in said(papers)
    deadlines = turn("ask_deadlines", "SK")
    topics.answer(deadlines)
    assert "In which country" not in said(deadlines) and "There may be little time" in said(deadlines)


def test_every_state_of_the_osce_has_a_confirmed_emergency_number() -> None:
    unsure = [code for code in {*STATES, *hotlines()} if not any(c.emergency and c.confidence != "unverified" for c in contacts_of(code))]
    assert len({*STATES, *hotlines()}) == 57
    assert unsure == ["VA"]


@pytest.mark.parametrize(("text", "code"), [("do you speak hindi", "hi"), ("i want to talk in serbian please", "sr"), ("hello", None)])
def test_a_language_we_cannot_answer_in_is_said_by_name(text: str, code: str | None) -> None:
    assert settings.named_language(text, "en") == code


def test_somebody_who_writes_in_another_writing_is_offered_a_language_once() -> None:
    asked = turn("ask_shelter", "DE", "помогите мне негде спать")
    settings.offer_language(asked)
    settings.offer_language(asked)
    assert len(asked.messages) == 1
    same = turn("ask_shelter", "DE", "i need 3 beds")
    settings.offer_language(same)
    assert not same.messages


@pytest.mark.parametrize("text", ["no", "it", "me", "we are at home", ""])
def test_small_words_are_no_country(text: str) -> None:
    assert country.read_country(text, "en") is None


@pytest.mark.parametrize("intent", ["thank", "ask_why", "ask_evidence", "ask_shelter", "talk_to_human", "dont_know"])
def test_no_answer_is_a_dead_end(intent: str) -> None:
    asked = turn(intent, "DE")
    topics.answer(asked)
    talk.lead_on(asked)
    assert any(message.buttons or message.kind == "question" for message in asked.messages)


def test_the_question_for_the_country_can_be_left() -> None:
    asked = turn("ask_shelter")
    topics.answer(asked)
    *_countries, dont_know, not_said, why, stop = asked.messages[-1].buttons
    assert [b.title for b in (dont_know, not_said, why, stop)] == ["I don't know", "I'd rather not say", "Why do you ask?", "Stop"]
    left = turn("change_country", None, entities={"other": "unsaid"}, pending="ask_shelter", button=True)
    topics.answer(left)
    assert left.interview.country_unsaid and left.country is None
    assert "In every country you have a right" in left.messages[0].text and left.messages[0].buttons


def test_danger_that_is_said_by_a_button_can_be_left_by_one() -> None:
    asked = turn("choose", "DE", entities={"fact": "danger", "value": "now"}, button=True)
    talk.danger_choice(asked, "now")
    assert [m.kind for m in asked.messages] == ["emergency", "emergency"]
    assert [b.title for b in asked.messages[-1].buttons] == ["I am safe now"]


def test_did_you_mean_offers_each_way_once() -> None:
    turn = a_turn("hmm", "nlu_fallback")
    turn.ranking = ["talk_to_human", "ask_compensation", "ask_shelter"]
    talk.not_understood(turn)
    titles = [button.title for button in turn.messages[-1].buttons]
    assert titles == ["Talk to a person", "Money I can claim"]


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ("2025-06-06", "6. Juni 2025"),
        ("2011-09", "September 2011"),
        ("2024", "2024"),
        ("2022-2025", "2022-2025"),
        ("2022 or later", "2022"),
        ("2018 and 2023", "2018"),
        ("2025 corpus copy", "2025"),
    ],
)
def test_when_a_number_was_seen_is_said_without_english(seen: str, said: str) -> None:
    assert seen_on(seen, "de") == said
