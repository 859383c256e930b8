"""What a result tells on asking, and to whom: amounts, their working out and other people's sums only to an adult."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from turns import a_turn

from actions.interview import amounts, details, early, hurry, result
from actions.turn import Message, Turn
from calculator.api import default_rules
from calculator.engine.result import report
from calculator.engine.result.card import card_of, near_days
from calculator.engine.result.no_sum import AT_WORK
from calculator.engine.result.sentences import LATE
from calculator.engine.routes.pack import Per
from calculator.quantity import unknown
from calculator.translation import languages

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


@pytest.mark.parametrize(("show", "told"), [("amounts", "€"), ("sources", "12.82"), ("awards", "€38,709")])
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
    text = asked("ways", adult=True)
    steps = text.partition(result.NEXT)[2]
    said = steps.partition(result.WORDS_THERE)[2]
    assert "“Lohnklage” (German): A claim in court for pay that was not paid." in said
    assert "Offices there read and write this: German." in said and said.index("Lohnklage") < said.index("Offices there")


def test_what_others_got_is_apart_and_each_line_has_its_source() -> None:
    text = asked("awards", adult=True)
    assert text.startswith("What other people got\nThis was published")
    lines = text.split("\n")
    which = next(number for number, line in enumerate(lines) if line.startswith("LAG Berlin-Brandenburg") or "Berlin-Brandenburg" in line)
    decision = lines[which : which + 6]
    assert any("€38,709" in line for line in decision) and any(line.startswith("Like yours: the same kind of exploitation") for line in decision)
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
    until = asked("days", case, country, adult=True)
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
        (("10.00", "10.00", "month"), "Rent: €10 every month."),
        (("10.00", "20.00", "month"), "Rent: between €10 and €20 every month."),
        (("10.00", None, "month"), "Rent: at least €10 every month. More may come; a figure is not known."),
        (("10.00", None, "once"), "Rent: at least €10. More may come; a figure is not known."),
        ((None, None, "once"), "Rent: no amount can be worked out yet."),
    ],
)
def test_an_amount_is_said_as_it_is_known(amount: tuple[str | None, str | None, Per], expected: str) -> None:
    low, high, per = amount
    told = replace(report.amount(unknown()), low=low, high=high, per=per)
    assert amounts.one_amount(a_turn(intent="result"), "Rent", told, "EUR") == expected


# The card that stands first.

MOST_WORDS = 60
#: The work ended where a day of seven is left: in Spain the wages of a year (12 months) until 2026-12-06.
SOON = {
    "exploitation": [{"country": "ES", "forms": ["labour"], "start": "2025-01-01", "end": "2025-12-06"}],
    "work": [
        {
            "country": "ES",
            "start": "2025-01-01",
            "end": "2025-12-06",
            "hours_per_week": 60,
            "paid": [{"amount": "50", "currency": "EUR", "per": "week"}],
        }
    ],
}


def of_form(country: str, form: str) -> dict[str, Any]:
    case: dict[str, Any] = {"exploitation": [{"country": country, "forms": [form], "start": "2023-01-01", "end": "2023-12-31"}]}
    if form == "labour":
        paid = [{"amount": "100", "per": "week"}]
        case["work"] = [{"country": country, "start": "2023-01-01", "end": "2023-12-31", "hours_per_week": 70, "paid": paid}]
    return case


def a_result(case: dict[str, Any], country: str, today: date = date(2026, 12, 2), **state: Any) -> Turn:
    turn = a_turn(intent="stop", country=country, case=case, today=today, **{"adult": True, **state})
    turn.interview.country = country
    result.show(turn)
    hurry.above(turn)
    return turn


@pytest.mark.parametrize("form", ["labour", "sexual"])
@pytest.mark.parametrize("country", sorted(default_rules().packs))
def test_one_card_stands_first_and_is_short(country: str, form: str) -> None:
    turn = a_result(of_form(country, form), country)
    card, line = turn.messages
    words = len(f"{card.text} {line.text}".split())
    assert words <= MOST_WORDS, f"{words} words: {card.text}"
    assert "service" in line.extras.shown and line.extras.shown["service"]["number"]
    assert re.search(r"First|immigration", card.text)
    # Rough amounts have no cents.
    assert not re.search(r"\d\.\d\d\b", card.text), card.text


@pytest.mark.parametrize("form", ["labour", "sexual"])
@pytest.mark.parametrize("language", [code for code in languages() if code != "en"])
def test_the_card_is_short_in_every_language(language: str, form: str) -> None:
    for country in sorted(default_rules().packs):
        text = "\n".join(message.text for message in a_result(of_form(country, form), country, language=language).messages)
        if language == "zh":
            assert len(re.findall(r"[\u4e00-\u9fff]", text)) <= 110, text
        else:
            # A number with its thousands, or a word with its mark, is one.
            words = re.split(r"[ \n]+", re.sub(r"(?<=\d) (?=\d)", "", text))
            assert len(words) <= (90 if language == "vi" else 1.3 * MOST_WORDS), text


@pytest.mark.parametrize("country", sorted(default_rules().packs))
def test_wages_that_can_be_worked_out_stand_on_the_card_and_nothing_is_silent(country: str) -> None:
    found = result.work_out(a_turn(country=country, case=of_form(country, "labour"), today=date(2026, 12, 2), adult=True))
    assert found is not None
    text = a_result(of_form(country, "labour"), country).messages[0].text
    if found.total.low is not None:
        assert re.search(r"you may get \D*[\d,]+", text)
        assert "No figure yet for" in text or not found.total.without
    for route in found.routes:
        if route.status != "closed" and route.amount.low is None:
            assert route.instead and route.instead[0].startswith("Who decides on the sum: "), f"{route.id}: no amount alone"


def test_the_day_of_a_way_that_is_open_comes_before_one_that_is_not() -> None:
    for country in sorted(default_rules().packs):
        found = result.work_out(a_turn(country=country, case=of_form(country, "labour"), today=date(2026, 12, 2), adult=True))
        assert found is not None
        days = near_days(found)
        usable = [route for route in found.routes if route.status in ("open", "likely", "uncertain") and any(d.coming for d in route.deadlines)]
        if usable and days and (days[0][0].days_left or 0) > 7:
            assert days[0][1].status in ("open", "likely", "uncertain"), country


def test_a_day_within_a_week_is_loud_in_every_answer_and_the_day_after_it_is_not() -> None:
    turn = a_result(SOON, "ES")
    assert turn.messages[0].text.startswith("Spain") and "Only 4 days left! Last day: December 6, 2026" in turn.messages[0].text
    assert turn.interview.near
    for today, loud in (
        (date(2026, 12, 3), "Only 3 days left!"),
        (date(2026, 12, 5), "Only 1 day left!"),
        (date(2026, 12, 6), "Today is the last day!"),
    ):
        later = a_turn(country="ES", case=SOON, today=today, adult=True, shown=True, near=True)
        later.say("Something else.")
        hurry.above(later)
        assert later.messages[0].text.startswith(loud) and later.messages[0].extras.shown == {"urgent": True}
    over = a_turn(country="ES", case=SOON, today=date(2026, 12, 7), adult=True, shown=True, near=True)
    over.say("Something else.")
    hurry.above(over)
    assert [m.text for m in over.messages] == ["Something else."] and not over.interview.near


def test_a_corrected_answer_leaves_no_old_day_behind() -> None:
    later_end = {**SOON, "exploitation": [{**SOON["exploitation"][0], "end": "2026-06-30"}], "work": [{**SOON["work"][0], "end": "2026-06-30"}]}
    turn = a_turn(country="ES", case=later_end, today=date(2026, 12, 3), adult=True, shown=True, near=True)
    turn.say("I changed it.")
    hurry.above(turn)
    assert [m.text for m in turn.messages] == ["I changed it."] and not turn.interview.near


def test_where_no_day_is_known_the_card_says_so() -> None:
    case = {"exploitation": [{"country": "DE", "forms": ["sexual"]}]}
    found = result.work_out(a_turn(country="DE", case=case, today=date(2026, 12, 2), adult=True))
    assert found is not None
    if not near_days(found):
        assert result.NO_DAY in a_result(case, "DE").messages[0].text
    undated = replace(found, routes=[replace(route, deadlines=[]) for route in found.routes])
    assert card_of(undated, lambda text: text, "en", minor=False).doubt == result.NO_DAY


def test_nothing_is_said_above_an_emergency() -> None:
    turn = a_turn(country="ES", case=SOON, today=date(2026, 12, 3), near=True)
    turn.messages = [Message("Call 112.", "emergency"), Message("More.")]
    hurry.above(turn)
    assert turn.messages[0].kind == "emergency"


def test_under_18_and_while_it_goes_on_no_sum_stands_on_the_card() -> None:
    for state in ({"adult": False}, {"ongoing": True}, {"unsafe": True}):
        turn = a_result(of_form("DE", "labour"), "DE", **state)
        text = "\n".join(message.text for message in turn.messages)
        assert "€" not in text and turn.messages[0].kind == "emergency_hint" and result.WHEN_SAFE in text
        early_turn = a_turn(country="DE", case=of_form("DE", "labour"), today=date(2026, 12, 2), **{"adult": True, **state})
        early.offer(early_turn)
        assert not early_turn.messages
        early_turn.interview.asked_so_far = 20
        early.by_itself(early_turn)
        assert not early_turn.messages


def test_each_way_is_shown_for_itself_and_leads_to_the_next() -> None:
    turn = a_turn(intent="result", entities={"show": "ways"}, country="DE", case=of_form("DE", "labour"), today=date(2026, 12, 2), adult=True)
    details.respond(turn)
    assert turn.messages[0].text.startswith("Way 1 of 7:\nClaim for unpaid wages: likely open to you.")
    following = [b for b in turn.messages[-1].buttons if b.title == "Show the next way"]
    assert [b.payload for b in following] == ['/result{"show": "ways", "value": "1"}']
    last = a_turn(
        intent="result", entities={"show": "ways", "value": "6"}, country="DE", case=of_form("DE", "labour"), today=date(2026, 12, 2), adult=True
    )
    details.respond(last)
    assert last.messages[0].text.startswith("Way 7 of 7:") and not [b for b in last.messages[-1].buttons if b.title == "Show the next way"]


# A first figure before the questions end.


def test_the_first_figure_is_offered_once_above_the_next_question() -> None:
    turn = a_turn(country="DE", case=of_form("DE", "labour"), today=date(2026, 12, 2), adult=True, asked="chat.more_work")
    early.offer(turn)
    assert [b.title for b in turn.messages[0].buttons] == ["Show it", "Go on"] and not turn.asks
    early.offer(turn)
    assert len(turn.messages) == 1, "offered once"
    shown = a_turn(intent="result", entities={"show": "early"}, country="DE", case=of_form("DE", "labour"), today=date(2026, 12, 2), adult=True)
    details.respond(shown)
    assert "Germany: you may get €" in shown.messages[1].text and shown.interview.early == "done"


def test_hours_and_pay_are_asked_before_anything_is_offered_to_who_worked() -> None:
    case = of_form("DE", "labour")
    case["work"] = [{"country": "DE"}]
    for known, offered in ((case, 0), (of_form("DE", "sexual"), 1)):
        turn = a_turn(country="DE", case=known, today=date(2026, 12, 2), adult=True)
        early.offer(turn)
        assert len(turn.messages) == offered


def test_after_eight_questions_what_is_known_is_said_by_itself() -> None:
    case = of_form("DE", "labour")
    case["work"] = [{"country": "DE"}]
    turn = a_turn(country="DE", case=case, today=date(2026, 12, 2), adult=True, asked_so_far=early.MOST_QUESTIONS)
    early.by_itself(turn)
    assert turn.messages[0].text == early.SO_FAR and "Last day" in turn.messages[1].text
    early.by_itself(turn)
    assert len(turn.messages) == 2


# Sums a person can follow.


def test_unpaid_wages_are_said_hour_by_hour_and_the_lines_add_up() -> None:
    text = asked("sources", of_form("DE", "labour"), today=date(2026, 12, 2), adult=True)
    (row,) = re.findall(
        r"January 1, 2023 to December 31, 2023: ([\d,.]+) hours × €12 = €([\d,.]+)\. Paid: €([\d,.]+)\. Still owed: €([\d,.]+)\.", text
    )
    hours, due, paid, left = (Decimal(figure.replace(",", "")) for figure in row)
    assert hours * 12 == due and due - paid == left
    assert "weeks_in_quarter" not in text


def test_two_jobs_with_time_between_them_are_two_rows() -> None:
    case = of_form("DE", "labour")
    case["work"] = [{**case["work"][0], "start": f"{year}-01-01", "end": f"{year}-03-31"} for year in (2023, 2023)]
    case["work"][1] |= {"start": "2023-07-01", "end": "2023-09-30"}
    text = asked("sources", case, today=date(2026, 12, 2), adult=True)
    assert "January 1, 2023 to March 31, 2023: " in text and "July 1, 2023 to September 30, 2023: " in text


def test_insurance_for_accidents_at_work_is_explained_to_who_was_made_to_sell_sex() -> None:
    steps = {form: next(r.steps for r in result.work_out(at(form)).routes if r.id == "de-accident-insurance") for form in ("labour", "sexual")}
    assert "happened at work" in steps["labour"][0]
    assert steps["sexual"] == [AT_WORK] and "not your fault" in AT_WORK


def test_no_sum_that_many_got_together_and_none_of_other_money_stands_on_the_card() -> None:
    for country in sorted(default_rules().packs):
        lines = a_result(of_form(country, "sexual"), country).messages[0].text.splitlines()
        for number, line in enumerate(lines):
            if line.startswith("Somebody like you"):
                assert "for all of them" not in lines[number + 1] and "Several kinds" not in lines[number + 1]
                currency = default_rules().packs[country].jurisdiction.currency
                assert {"EUR": "€", "USD": "$", "GBP": "£"}.get(currency, currency[:2]) in lines[number + 1].replace("CHF", "CH"), lines
        assert not any("CHF0" in line or re.search(r"get \D?0\b", line) for line in lines), lines


def at(form: str) -> Turn:
    return a_turn(country="DE", case=of_form("DE", form), today=date(2026, 12, 2), adult=True)
