"""Money without a rate: said back as told, then about how much it was in the State's money is asked, once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from actions.interview import sums
from calculator.case.paths import get
from calculator.engine.figures import exchange
from calculator.engine.figures.exchange import on_day
from tests.actions.interviewed import Interviewed
from tests.actions.turns import a_turn

PAID = "work[0].paid"


def job(country: str = "DE", **more: Any) -> dict[str, Any]:
    when = {"start": "2024-01-01", "end": "2024-06-30"}
    return {
        "exploitation": [{"country": country, "forms": ["labour"], **when}],
        "work": [{"country": country, **when, "hours_per_week": 60, **more}],
    }


@pytest.fixture
def someone(monkeypatch: pytest.MonkeyPatch) -> Any:
    def begin(**more: Any) -> Interviewed:
        return Interviewed(monkeypatch, more.pop("case", job()), more.pop("asked", PAID), **more)

    return begin


def test_naira_is_said_back_and_asked_about_in_euros(someone: Any) -> None:
    her = someone()
    said = her.write("500000 naira a month")
    assert get(her.case, PAID) == [{"amount": "500000", "currency": "NGN", "per": "month"}], "kept as told, never as euros"
    assert said.replace("\xa0", "").splitlines() == [
        "I understood: you got NGN500,000 a month.",
        "I have no exchange rate for this: NGN500,000 a month.",
        "About how much was that in euros then?",
    ]
    said = her.write("about 300 euros")
    assert get(her.case, PAID) == [{"amount": "300", "currency": "EUR", "per": "month"}]
    told = said.replace("\xa0", "").splitlines()[0]
    assert told == "I understood: NGN500,000 a month, about €300 a month then.", "what was told stands beside it"
    assert "About how much" not in said and her.interview.doubt is None


@pytest.mark.parametrize("answer", ["i don't know", "no idea", "I'd rather not say"])
def test_what_she_does_not_know_stays_as_told_and_is_not_asked_again(someone: Any, answer: str) -> None:
    her = someone()
    her.write("500000 naira a month")
    said = her.write(answer, "dont_know") if "rather" not in answer else her.press(answer)
    assert get(her.case, PAID)[0]["currency"] == "NGN" and her.interview.doubt is None
    assert "About how much" not in said and "About how much" not in her.write("3", "inform")


def test_a_bare_number_and_another_period_are_read(someone: Any) -> None:
    her = someone()
    her.write("50000 lek a month")
    her.write("100 a week")
    assert get(her.case, PAID) == [{"amount": "100", "currency": "EUR", "per": "week"}]


def test_the_same_amount_said_again_is_kept(someone: Any) -> None:
    her = someone()
    her.write("50000 lek a month")
    assert "About how much" not in her.write("50000 lek")
    assert get(her.case, PAID)[0]["currency"] == "ALL"


def test_another_currency_with_a_rate_is_as_good(someone: Any) -> None:
    her = someone()
    her.write("500000 naira a month")
    her.write("it was 350 dollars")
    assert get(her.case, PAID) == [{"amount": "350", "currency": "USD", "per": "month"}]


def test_another_amount_is_asked_about_anew(someone: Any) -> None:
    her = someone()
    her.write("500000 naira a month")
    her.write("i don't know", "dont_know")
    her.asked = PAID
    assert "About how much" in her.write("600000 naira a month")


@pytest.mark.parametrize("text", ["400 lei a week", "1500 zloty a month", "200 dollars a month", "300 euros a month", "800 leva a month"])
def test_money_with_a_rate_is_not_asked_about(someone: Any, text: str) -> None:
    her = someone()
    assert "About how much" not in her.write(text) and her.interview.sums == []
    assert get(her.case, PAID)[0]["currency"] in ("RON", "PLN", "USD", "EUR", "BGN")


def test_dinars_alone_are_nobodys_and_are_asked_about(someone: Any) -> None:
    her = someone()
    said = her.write("30000 dinars a month")
    assert get(her.case, PAID)[0]["currency"] == "XXX" and "I do not know which country's money this is: 30,000 a month." in said
    her.write("250")
    assert get(her.case, PAID) == [{"amount": "250", "currency": "EUR", "per": "month"}]


def test_the_question_is_asked_in_the_states_own_money(someone: Any) -> None:
    her = someone(case=job("GB"), country="GB")
    assert "About how much was that in British pounds then?" in her.write("500000 naira a month")
    her.write("250 pounds")
    assert get(her.case, PAID)[0] == {"amount": "250", "currency": "GBP", "per": "month"}


def test_something_else_leaves_the_question_open(someone: Any) -> None:
    her = someone()
    her.write("500000 naira a month")
    said = her.write("i worked 12 hours every day of the week in that house")
    assert get(her.case, PAID)[0]["currency"] == "NGN" and "About how much was that in euros then?" in said


def test_her_own_country_says_whose_pesos(someone: Any) -> None:
    her = someone(case={**job(), "person": {"nationalities": ["CO"]}})
    assert "COP" in her.write("900000 pesos a month") and get(her.case, PAID)[0]["currency"] == "COP"


def test_a_fee_told_in_a_story_is_asked_about_once_it_is_confirmed(someone: Any) -> None:
    case = {**job(paid=[]), "losses": [{"kind": "recruitment_fee", "amount": "2000000", "currency": "NGN"}]}
    her = someone(case=case, asked="procedure.reported_to_police")
    assert "About how much was that in euros then?" in her.write("yes", "affirm")
    assert "work[0]" not in her.interview.doubt.fact and her.interview.doubt.fact == "losses[0]"
    her.write("1200 euros")
    assert her.case["losses"] == [{"kind": "recruitment_fee", "amount": "1200", "currency": "EUR"}]


def test_two_amounts_are_asked_about_after_one_another(someone: Any) -> None:
    case = {**job(agreed={"amount": "900000", "currency": "NGN", "per": "month"})}
    her = someone(case=case)
    assert "500,000" in her.write("500000 naira a month")
    assert "900,000" in her.write("300 euros")
    her.write("550")
    assert her.case["work"][0]["agreed"]["currency"] == "EUR" and her.interview.doubt is None


def roubles(when: tuple[str, str] | None, today: date = date(2026, 11, 29), **more: Any) -> str | None:
    days = {"start": when[0], "end": when[1]} if when else {}
    money = {"amount": "40000", "currency": "RUB", "per": "month"}
    case = {"exploitation": [{"country": "DE", **days}], "work": [{"country": "DE", **days, "paid": [money]}]}
    return sums.waiting(a_turn(case=case, today=today, **more))


def test_roubles_are_asked_about_where_their_days_have_no_rate() -> None:
    assert roubles(("2021-01-01", "2021-12-31")) is None
    assert roubles(("2021-06", "2022-06")) == "work[0].paid[0]"
    assert roubles(None) is None, "when it was is not known yet"
    assert roubles(("2024-01-01", "2024-02-01"), adult=False) is None, "no amounts are worked out for somebody under 18"


def test_days_that_the_table_does_not_reach_are_asked_about() -> None:
    money = {"amount": "4000", "currency": "PLN", "per": "month"}
    end = exchange.source().as_of
    assert end is not None and on_day("PLN", "EUR", end) is not None
    case = {"work": [{"country": "DE", "start": "2026-01-01", "end": "2027-06-30", "paid": [money]}]}
    assert sums.waiting(a_turn(case=case, today=date(2027, 7, 1))) == "work[0].paid[0]"
    case = {"work": [{"country": "DE", "start": "2026-01-01", "end": end.isoformat(), "paid": [money]}]}
    assert sums.waiting(a_turn(case=case, today=date(2027, 7, 1))) is None


def test_a_state_without_rules_and_a_case_without_money_ask_nothing() -> None:
    money = {"amount": "4000", "currency": "NGN", "per": "month"}
    assert sums.waiting(a_turn(country="NG", case={"work": [{"country": "NG", "paid": [money]}]})) is None
    assert sums.waiting(a_turn(case={"work": [{"country": "DE", "paid": [], "agreed": "unknown"}]})) is None
    assert sums.waiting(a_turn(case={"losses": [{"amount": "unknown", "currency": "NGN"}, {"amount": "0", "currency": "NGN"}]})) is None
