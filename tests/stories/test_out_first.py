"""Out first, in every language: under 18, still in it, and not safe to write bring the way out before any question about money."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from person import Person
from test_languages import button, confirm, english_in, every_language, utterances

from actions.interview.facts import FOR_ANOTHER, FOR_MY_CHILD, FOR_MYSELF, HOW_OLD
from actions.interview.result import SHOW_WAYS, WHEN_SAFE, YOU_IS_THAT_PERSON
from actions.story.whom import ABOUT_OTHER
from actions.topics import out
from calculator.engine.result.questions import general_path
from calculator.vocabulary import for_another

OTHER = for_another()
pytestmark = pytest.mark.stack
Begin = Callable[..., Person]
POLICE = {"DE": "110", "GB": "999", "US": "911"}


def greeted(person: Begin, language: str, country: str = "DE") -> Person:
    """Somebody who has said hello."""
    someone = person(language, country)
    someone.write({"vi": "xin chào", "zh": "你好", "ar": "مرحبا"}.get(language, "hello"))
    return someone


def interview(person: Begin, language: str, country: str = "DE") -> Person:
    """Somebody who is asked for her age."""
    someone = greeted(person, language, country)
    someone.press(button(someone, "Money I can claim"))
    assert someone.asked == "chat.adult", someone.transcript
    return someone


def number_first(someone: Person, country: str = "DE") -> None:
    first = someone.messages[0]
    assert first["kind"] in ("emergency_hint", "emergency") and POLICE[country] in first["text"], someone.text


def someone_to_call(someone: Person) -> list[str]:
    """The cards of services, each with a number in its first line."""
    cards = [m["text"].splitlines()[0] for m in someone.messages if m.get("service")]
    assert cards and re.search(r"\d{3}", cards[0]), someone.text
    return cards


def safety_stands_above(someone: Person) -> None:
    """A result begins with the number, and has whom to call above the ways to money; its steps can wait."""
    number_first(someone)
    kinds = someone.kinds
    assert "services" in kinds[: kinds.index("estimate")], someone.text
    assert says(someone, WHEN_SAFE)


def titles(someone: Person) -> list[str]:
    return [b["title"] for m in someone.messages for b in m["buttons"]]


def says(someone: Person, text: str) -> bool:
    return button(someone, text) in someone.text


@pytest.mark.parametrize("language", every_language())
def test_a_child_in_it_gets_the_way_out_before_money(person: Begin, language: str) -> None:
    someone = interview(person, language)
    someone.press(button(someone, "No"))
    number_first(someone)
    someone_to_call(someone)
    assert says(someone, out.CHILD_RIGHT) and says(someone, out.CHILD_NOBODY) and says(someone, out.CHILD_ADULTS)
    assert someone.asked is None and someone.kinds.count("question") == 1
    someone.press(button(someone, out.GO_ON))
    assert someone.asked == "exploitation[0].forms"
    someone.press(button(someone, "Sex or sexual pictures"))
    assert someone.asked == "exploitation[0].end"
    someone.press(button(someone, "It has not ended"))
    number_first(someone)
    someone_to_call(someone)
    assert someone.asked is None
    someone.press(button(someone, out.GO_ON))
    safety_stands_above(someone)
    assert {"exploitation[0].forms", "exploitation[0].end"} <= set(someone.case()["confirmed"])
    if language != "en":
        assert not english_in(someone)


@pytest.mark.parametrize("language", every_language())
def test_it_has_not_ended_pauses_the_questions_and_loses_nothing(person: Begin, language: str) -> None:
    someone = interview(person, language)
    someone.press(button(someone, "Yes"))
    while someone.asked != "exploitation[0].end":
        confirm(someone)
        someone.press(button(someone, "Work" if someone.asked == "exploitation[0].forms" else "I don't know"))
    someone.press(button(someone, "It has not ended"))
    number_first(someone)
    someone_to_call(someone)
    assert says(someone, out.PLAN) and says(someone, out.PHONE) and someone.asked is None
    assert not says(someone, out.LATER), "there is no page here"
    someone.press(button(someone, out.GO_ON))
    assert someone.asked is not None, "the questions go on"
    someone.write(utterances(language)["stop"])
    safety_stands_above(someone)
    assert "exploitation[0].end" in someone.case()["confirmed"]
    if language != "en":
        assert not english_in(someone)


@pytest.mark.parametrize("language", every_language())
def test_one_home_with_the_offender_pauses_the_questions(person: Begin, language: str) -> None:
    someone = interview(person, language, "GB")
    someone.press(button(someone, "Yes"))
    someone.write(utterances(language)["stop"])
    for title in ("Make it more exact", "No, not that", "Go on with the questions"):
        someone.press(button(someone, title))
    for _question in range(30):
        if someone.asked == "procedure.lives_with_offender":
            break
        someone.press(button(someone, "Work" if someone.asked == "exploitation[0].forms" else "I don't know"))
    someone.press(button(someone, "Yes"))
    number_first(someone, "GB")
    someone_to_call(someone)
    assert someone.asked is None and says(someone, out.PLAN)
    someone.press(button(someone, out.GO_ON))
    assert "procedure.lives_with_offender" in someone.case()["confirmed"]
    if language != "en":
        assert not english_in(someone)


@pytest.mark.parametrize("language", every_language())
def test_not_safe_to_write_is_no_menu(person: Begin, language: str) -> None:
    someone = greeted(person, language)
    someone.press(button(someone, "It is not safe now"))
    number_first(someone)
    titles = [b["title"] for m in someone.messages for b in m["buttons"]]
    assert says(someone, out.STOP_HERE) and button(someone, "Delete everything") in titles
    assert button(someone, "Money I can claim") not in titles
    someone.press(button(someone, "I am safe now"))
    assert not says(someone, out.STOP_HERE)


@pytest.mark.parametrize("language", every_language())
def test_no_to_is_it_safe_is_heard(person: Begin, language: str) -> None:
    someone = greeted(person, language)
    someone.write(utterances(language)["no"])
    number_first(someone)
    assert says(someone, out.STOP_HERE), someone.text


def test_a_story_of_now_brings_the_way_out_above_the_list(person: Begin) -> None:
    someone = person("en", "GB")
    someone.write("i still clean houses for a family in london, 12 hours every day since march 2025, i sleep there, they pay me 100 a week")
    number_first(someone, "GB")
    someone_to_call(someone)
    assert someone.kinds[-1] == "understood" and someone.kinds.count("question") == 0
    someone.press("All right")
    assert [b["title"] for m in someone.messages for b in m["buttons"]][0] == "A safe place"


def test_where_it_is_over_nothing_pauses(person: Begin) -> None:
    someone = interview(person, "en")
    someone.press("Yes")
    while someone.asked != "exploitation[0].end":
        someone.press("Work" if someone.asked == "exploitation[0].forms" else "I don't know")
    someone.write("june 2026")
    assert someone.asked is not None and "emergency_hint" not in someone.kinds
    someone.write("stop")
    assert "Last day: " in someone.text and "ask a lawyer" in someone.text and not says(someone, WHEN_SAFE)


@pytest.mark.parametrize("language", every_language())
def test_who_asks_for_another_is_asked_of_that_person_throughout(person: Begin, language: str) -> None:
    someone = interview(person, language)
    someone.press(button(someone, FOR_ANOTHER))
    assert says(someone, ABOUT_OTHER) and says(someone, OTHER[HOW_OLD]) and not says(someone, HOW_OLD)
    assert someone.asked == "chat.adult" and button(someone, FOR_ANOTHER) not in titles(someone)
    someone.press(button(someone, "Yes"))
    asked = set()
    while someone.asked is not None and len(asked) < 14:
        confirm(someone)
        fact = someone.asked
        asked.add(general_path(fact))
        of_her = [you for you in OTHER if you.endswith("?") or "? " in you]
        assert not [you for you in of_her if says(someone, you) and not says(someone, OTHER[you])], (fact, someone.text)
        someone.press(button(someone, "Work" if general_path(fact) == "exploitation[].forms" else "I don't know"))
    assert {"exploitation[].forms", "exploitation[].end"} <= asked, asked
    if "estimate" not in someone.kinds:
        someone.write(utterances(language)["stop"])
    someone.press(button(someone, SHOW_WAYS))
    assert says(someone, YOU_IS_THAT_PERSON)
    if language != "en":
        assert not english_in(someone)


@pytest.mark.parametrize("language", every_language())
def test_who_asks_for_a_child_is_told_whom_to_call_and_what_not_to_do(person: Begin, language: str) -> None:
    someone = interview(person, language)
    someone.press(button(someone, FOR_MY_CHILD))
    number_first(someone)
    someone_to_call(someone)
    assert says(someone, out.HELPER) and not says(someone, out.CHILD_RIGHT), "words for the child are not said to who helps it"
    assert not says(someone, HOW_OLD) and not says(someone, OTHER[HOW_OLD])
    someone.press(button(someone, OTHER[out.GO_ON]))
    assert someone.asked == "exploitation[0].forms" and says(someone, OTHER["What were you made to do?"])
    if language != "en":
        assert not english_in(someone)


@pytest.mark.parametrize("language", every_language())
def test_nothing_that_was_told_before_is_shown_to_who_asks_for_another(person: Begin, language: str) -> None:
    someone = interview(person, language)
    someone.press(button(someone, "Yes"))
    someone.press(button(someone, "Begging"))
    told = someone.case()
    assert told["case"]["exploitation"][0]["forms"] == ["begging"]
    someone.write(utterances(language)["stop"])
    someone.press(button(someone, "Change an answer"))
    assert button(someone, "Begging") in someone.text + " ".join(titles(someone))
    greeting = {"vi": "xin chào", "zh": "你好", "ar": "مرحبا"}.get(language, "hello")
    someone.write(greeting)
    someone.press(button(someone, FOR_ANOTHER))
    assert someone.case() == {"case": {"version": 1}, "confirmed": [], "read": []}
    assert button(someone, "Begging") not in someone.text
    # Who asks for herself again has lost nothing.
    someone.write(greeting)
    someone.press(button(someone, FOR_MYSELF))
    assert someone.case()["case"]["exploitation"][0]["forms"] == ["begging"]


def test_what_a_helper_told_of_her_client_is_kept_for_when_she_says_so(person: Begin) -> None:
    someone = person("en", "IE")
    someone.write("i am a social worker. my client worked in a meat factory in cork from june 2023 to march 2024, they paid 300 euro a month")
    assert someone.case()["read"] == []
    someone.press(button(someone, FOR_ANOTHER))
    assert someone.kinds[-1] == "understood" and says(someone, ABOUT_OTHER)
    assert {"work[0].paid", "exploitation[0].start"} & set(someone.case()["read"])


def test_a_child_that_asks_for_money_at_once_gets_the_way_out_first(person: Begin) -> None:
    someone = person("en", "IE")
    someone.write("i am 16 and my uncle makes me work in his shop, how much money can i claim?")
    number_first_of = someone.messages[0]["text"]
    assert "112" in number_first_of and says(someone, out.CHILD_RIGHT)
    someone_to_call(someone)
    assert sum(kind in ("question", "understood") for kind in someone.kinds) == 1, someone.text


def test_not_safe_where_she_is_is_no_reason_to_stop_writing(person: Begin) -> None:
    someone = person("en", "GB")
    someone.write("i ran away from the farm last week but i am not safe, they are looking for me in the town")
    assert not says(someone, out.STOP_HERE), someone.text
