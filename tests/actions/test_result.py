"""What a result tells on asking, and to whom: amounts, their working out and other people's sums only to an adult."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from turns import a_turn

from actions.interview import details, result
from calculator.api import default_rules
from calculator.engine.result import report
from calculator.engine.result.sentences import LATE
from calculator.engine.routes.pack import Per
from calculator.quantity import unknown

CASE = {
    "exploitation": [{"country": "DE", "forms": ["labour"], "start": "2025-01-01", "end": "2025-06-30"}],
    "work": [{"country": "DE", "hours_per_week": 60, "paid": [{"amount": "50", "per": "week"}]}],
}


def asked(show: str, case: dict[str, Any] = CASE, country: str = "DE", today: date = date(2026, 11, 26), **interview: Any) -> str:
    turn = a_turn(intent="result", entities={"show": show}, country=country, case=case, today=today, **interview)
    turn.interview.country = country
    details.respond(turn)
    assert turn.messages
    return "\n".join(m.text for m in turn.messages)


@pytest.mark.parametrize(("show", "told"), [("amounts", "€"), ("sources", "12.82"), ("awards", "€38,709.00")])
def test_sums_are_told_to_an_adult_and_not_under_18_even_from_a_button_that_is_still_there(show: str, told: str) -> None:
    assert told in asked(show, adult=True)
    young = asked(show, adult=False)
    assert told not in young and "€" not in young and "euros" not in young and "guardian" in young


def test_what_is_not_known_of_the_case_stands_by_the_sums_and_what_the_law_leaves_open_is_for_a_lawyer() -> None:
    case = {**CASE, "losses": [{"kind": "property", "amount": "70000", "currency": "NGN"}]}
    sums, sources = asked("amounts", case, adult=True), asked("sources", case, adult=True)
    assert "Nigerian Naira" in sums
    of_the_law = [gap for route in default_rules().packs["DE"].routes.values() for gap in route.raw.gaps]
    assert not any(gap in sums for gap in of_the_law)
    assert any(gap in sources.partition("For your lawyer")[2] for gap in of_the_law)


def test_the_next_steps_come_with_the_words_to_say_at_the_office() -> None:
    turn = a_turn(intent="result", country="DE", case=CASE, today=date(2026, 11, 26), adult=True)
    turn.interview.country = "DE"
    result.show(turn)
    steps = next(m.text for m in turn.messages if result.NEXT in m.text)
    said = steps.partition(result.WORDS_THERE)[2]
    assert "“Lohnklage” (German): A claim in court for pay that was not paid." in said
    assert "Offices there read and write this: German." in said and said.index("Lohnklage") < said.index("Offices there")


def test_what_others_got_is_apart_and_each_line_has_its_source() -> None:
    text = asked("awards", adult=True)
    assert text.startswith("What other people got\nThis was published")
    lines = text.split("\n")
    which = next(number for number, line in enumerate(lines) if line.startswith("LAG Berlin-Brandenburg") or "Berlin-Brandenburg" in line)
    decision = lines[which : which + 6]
    assert any("€38,709.00" in line for line in decision) and any(
        line.startswith("Like yours: the same kind of exploitation") for line in decision
    )
    assert any(line.startswith("Source: ") and line.endswith("(from an official text).") for line in decision)
    assert text.count(lines[which]) == 1, "a decision of two routes is told once"
    assert "Forced sex work" not in text and "exploited for sex" not in text, "who was exploited at work reads of work"


def test_a_figure_that_is_in_no_sum_says_so_where_it_is_explained() -> None:
    case = {"exploitation": [{"country": "SE", "forms": ["labour"], "start": "2025-01-01", "end": "2025-06-30", "violence": ["physical"]}]}
    lines = asked("sources", case, "SE", adult=True).split("\n")
    band = next(number for number, line in enumerate(lines) if line.startswith("Harm to dignity and integrity") and "50,000" in line)
    assert lines[band + 1] == "It is not a promise. It is not in the sum."


def test_only_the_nearest_decisions_are_told_and_how_many_more_there_are() -> None:
    forced = {"exploitation": [{"country": "GB", "forms": ["labour"], "start": "2022-01", "end": "2023-12", "violence": ["threats"]}]}
    text = asked("awards", forced, "GB", adult=True)
    # The nearest are like the case, if of other States.
    assert text.count("Like yours: ") == details.SHOWN_AWARDS
    assert re.search(r"More decisions that we know of: \d+\.", text)
    assert text.count("Published decisions are few and not typical.") == 1


def test_how_much_of_what_was_asked_for_was_given_is_said_where_a_study_says_it() -> None:
    case = {"exploitation": [{"country": "NL", "forms": ["labour"], "start": "2025-01-01", "end": "2025-06-30"}]}
    assert "got about half of what they asked for" in asked("awards", case, "NL", adult=True)
    assert "got about half" not in asked("awards", adult=True)


@pytest.mark.parametrize(
    ("country", "becomes"),
    [
        # An act says that a good reason lets it in; of the others no text was found.
        ("GB", [LATE["allowed"]]),
        ("ES", [LATE["unknown"]]),
    ],
)
def test_a_day_that_is_past_says_what_becomes_of_who_asks_now(country: str, becomes: list[str]) -> None:
    case = {
        "person": {"birth_date": "1990-01-01"},
        "exploitation": [{"country": country, "forms": ["labour"], "start": "2024-01-01", "end": "2024-06-30"}],
        "work": [{"country": country, "hours_per_week": 60, "paid": [{"amount": "50", "per": "week"}], "end": "2024-06-30"}],
    }
    turn = a_turn(intent="result", country=country, case=case, today=date(2026, 11, 26), adult=True)
    turn.interview.country = country
    result.show(turn)
    until = next(message.text for message in turn.messages if message.text.startswith("Until when:"))
    assert "that day was" in until
    for past in until.split("that day was")[1:]:
        assert any(sentence in past for sentence in becomes), past
    assert "can still allow it" not in until


QUEBEC = {
    "exploitation": [{"country": "CA", "region": "CA-QC", "forms": ["sexual"], "start": "2025-01-01", "end": "2025-06-30"}],
    "harm": {"permanent_impairment_percent": 10, "psychological": "permanent"},
}
FARM = {
    "exploitation": [{"country": "AT", "forms": ["labour"], "start": "2022-05-01", "end": "2022-07-31"}],
    "work": [
        {
            "country": "AT",
            "sector": "agriculture",
            "start": "2022-05-01",
            "end": "2022-07-31",
            "hours_per_week": 40,
            "permit_to_work": True,
            "paid": [],
            "agreed": {"amount": "100", "per": "hour"},
        }
    ],
}


def test_an_amount_without_a_known_upper_end_is_told_from_below() -> None:
    text = asked("amounts", QUEBEC, "CA", adult=True)
    assert re.search(r"Not confirmed, and not in the sum: [^\n]+, at least CA\$[\d,.]+\.\n", text)
    assert "None" not in asked("sources", QUEBEC, "CA", adult=True)


def test_one_sum_is_not_told_as_a_range_of_two_equal_ones() -> None:
    for text in (asked("amounts", FARM, "AT", date(2025, 7, 15), adult=True), asked("amounts", QUEBEC, "CA", adult=True)):
        assert not [pair for pair in re.findall(r"between (\S+\d) and (\S+\d)", text) if pair[0] == pair[1]], text


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (("10.00", "10.00", "month"), "Rent: €10.00 every month."),
        (("10.00", "20.00", "month"), "Rent: between €10.00 and €20.00 every month."),
        (("10.00", None, "month"), "Rent: at least €10.00 every month. More may come; a figure is not known."),
        (("10.00", None, "once"), "Rent: at least €10.00. More may come; a figure is not known."),
        ((None, None, "once"), "Rent: no amount can be worked out yet."),
    ],
)
def test_an_amount_is_said_as_it_is_known(amount: tuple[str | None, str | None, Per], expected: str) -> None:
    low, high, per = amount
    told = replace(report.amount(unknown()), low=low, high=high, per=per)
    assert details._amount(a_turn(intent="result"), "Rent", told, "EUR") == expected
