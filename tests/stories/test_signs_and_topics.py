"""The screening, help in a country, several countries in one interview, and other topics in between."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from person import Person

pytestmark = pytest.mark.stack
Begin = Callable[..., Person]


def screened(person: Begin, country: str | None = "DE", adult: str = "Yes", form: str = "Work") -> Person:
    someone: Person = person("en", country)
    someone.write("am i a victim of trafficking?")
    assert "you do not need a name for it" in someone.text
    someone.press("Ask me about the signs")
    someone.press(adult)
    someone.press(form)
    return someone


def answer_all(someone: Person, yes: tuple[str, ...]) -> None:
    for _ in range(16):
        fact = (someone.asked or "").removeprefix("screen.")
        if not (someone.asked or "").startswith("screen."):
            return
        someone.press("Yes" if fact in yes else "No")
    raise AssertionError("the screening does not end")


def test_signs_that_were_named_are_said_back_with_what_they_mean(person: Begin) -> None:
    someone = screened(person)
    answer_all(someone, ("other_job", "other_pay", "hours", "pay", "papers", "debt"))
    assert "Someone keeps or kept your papers." in someone.text
    assert "take seriously" in someone.text and "not a decision" in someone.text
    assert "116 016" in someone.text
    for label in ("you are a victim", "you are not a victim", "no victim"):
        assert label not in someone.text.lower()


def test_without_signs_help_is_offered_all_the_same(person: Begin) -> None:
    someone = screened(person)
    answer_all(someone, ())
    assert "does not mean that nothing happened" in someone.text and "116 016" in someone.text


def test_only_bad_work_is_told_as_a_right_to_pay(person: Begin) -> None:
    someone = screened(person)
    answer_all(someone, ("hours", "pay"))
    assert "right to pay" in someone.text


def test_sexual_exploitation_is_never_counted(person: Begin) -> None:
    someone = screened(person, form="Sex or sexual pictures")
    assert someone.asked is None
    assert "I do not count signs" in someone.text and "116 016" in someone.text


def test_a_child_gets_lines_for_children_and_no_amounts(person: Begin) -> None:
    someone = screened(person, adult="No")
    answer_all(someone, ("hours", "pay"))
    assert "under 18" in someone.text and "116 111" in someone.text
    titles = [b["title"] for m in someone.messages for b in m["buttons"]]
    assert "Money I can claim" not in titles


def test_another_topic_is_answered_and_the_sign_asked_again(person: Begin) -> None:
    someone = screened(person)
    open_one = someone.asked
    someone.write("i need a doctor")
    assert "medical help" in someone.text and someone.asked == open_one
    someone.write("he is breaking the door now, he will kill me")
    assert "emergency" in someone.kinds
    someone.write("stop")
    assert someone.asked is None and "not a decision" in someone.text


def test_the_screening_inside_the_interview_gives_the_question_back(person: Begin) -> None:
    someone = person("en", "DE")
    someone.write("how much money can i claim")
    someone.press("Yes")
    someone.press("Work")
    assert someone.asked == "exploitation[0].start"
    someone.write("is this trafficking what happened to me?")
    someone.press("Ask me about the signs")
    assert someone.asked == "screen.other_job"
    answer_all(someone, ("pay",))
    assert someone.asked == "exploitation[0].start"
    someone.write("january 2025")
    assert someone.asked == "exploitation[0].end"


def test_what_was_said_in_the_screening_is_not_asked_again(person: Begin) -> None:
    someone = screened(person)
    answer_all(someone, ())
    someone.write("how much money can i claim")
    assert someone.asked == "exploitation[0].start"


def test_a_country_of_which_only_the_numbers_are_known(person: Begin) -> None:
    someone = person("en")
    someone.write("where can i sleep tonight")
    someone.write("poland")
    assert "La Strada" in someone.text and "Poland" in someone.text
    someone.write("he is at the door with a knife")
    assert "112" in someone.of_kind("emergency")[0]["text"]


def test_local_numbers_in_a_country_without_rules(person: Begin) -> None:
    someone = person("en", "UA")
    someone.write("he is at the door with a knife")
    assert "102" in someone.of_kind("emergency")[0]["text"]


def test_two_countries_are_worked_out_one_after_the_other(person: Begin) -> None:
    someone = person("en", "DE")
    someone.write("how much money can i claim")
    someone.press("Yes")
    someone.press("Work")
    someone.write("january 2025")
    someone.write("june 2025")
    someone.press("60 to 80")
    someone.press("Nothing")
    assert someone.asked == "chat.more_work"
    someone.press("Yes")
    someone.press("France")
    assert "France" in someone.text
    someone.write("stop")
    assert "You also named France" in someone.text
    assert all("prudhommes" not in r["id"] for m in someone.messages for r in m.get("routes") or [])
    someone.press("Work out France")
    someone.press("Go on with the questions")
    assert someone.asked == "exploitation[1].start"
    someone.write("2023")
    someone.write("2024")
    someone.write("stop")
    routes = [r["id"] for m in someone.messages for r in m.get("routes") or []]
    assert any("prudhommes" in r for r in routes), routes


def test_seasons_and_ranges(person: Begin) -> None:
    someone = person("en", "DE")
    someone.write("how much money can i claim")
    someone.press("Yes")
    someone.press("Work")
    someone.write("since last winter")
    assert someone.asked == "exploitation[0].end"
    someone.press("It has not ended")
    someone.press("Go on to what you may claim")
    assert someone.asked == "work[0].hours_per_week"
    someone.press("40 to 60")
    assert someone.asked == "work[0].paid"


def test_more_of_a_topic(person: Begin) -> None:
    someone = person("en", "DE")
    someone.write("can i stay in the country")
    someone.press("Tell me more")
    assert "Source:" in someone.text and "AufenthG" in someone.text


def test_an_unknown_language_is_said_by_name(person: Begin) -> None:
    someone = person("en", "DE")
    someone.write("can we speak hindi please")
    assert "Hindi" in someone.text


def test_another_writing_gets_an_offer_of_languages(person: Begin) -> None:
    someone = person("en", "DE")
    someone.write("मुझे डॉक्टर चाहिए")
    assert "answers in one of these languages" in someone.text
