"""Corners of the engine: what was asked and not answered, what only part of the law says, what no example reaches."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from minipack import CONDITION, ON, amounts, head, job, of_formula, parameter, result, route, rules, since, value, worked_out

from calculator import vocabulary
from calculator.api import jurisdictions_json, questions_json
from calculator.case.read import read_case
from calculator.dates import age_on, birthday
from calculator.engine.figures import units
from calculator.engine.language.tried import Exercised, unexercised
from calculator.engine.result.questions import next_questions
from calculator.engine.result.report import estimate_json
from calculator.engine.routes.estimate import countries_of, estimate
from calculator.quantity import Value, add, lift

WAGE = parameter("wage", "EUR/hour", since(10))
PLAN: dict[str, Any] = {"rates": [{"param": "wage"}]}


def pay(case: dict[str, Any], *more: dict[str, Any], **plan: Any) -> tuple[str | None, str | None]:
    return amounts(rules([route([head({"back_pay": "work"})], pay_rules={"work": {**PLAN, **plan}})], [WAGE, *more]), case)


# -- dates and facts -----------------------------------------------------------------------------------------


def test_who_was_born_on_29_february_is_a_year_older_on_1_march() -> None:
    assert birthday(date(2004, 2, 29), 18) == date(2022, 3, 1)
    assert age_on(date(2004, 2, 29), date(2022, 2, 28)) == 17


def test_a_country_that_was_not_said_is_none() -> None:
    assert countries_of(read_case({"exploitation": [{"country": "unknown"}, {"country": "XX"}], "work": "unknown"})) == ["XX"]


def test_an_answer_not_given_holds_for_all_that_lies_below_it() -> None:
    # "I don't know" to all of the housing: what it would say is open, not absent.
    fact = next(one for one in vocabulary.facts().values() if one.path == "work[].accommodation.nights_per_week")
    rule = {"if": {"fact": fact.id, "at_least": 5}, "then": 5, "else": 1}
    assert value(rule, job(accommodation="unknown")) == ("1.00", "5.00")
    assert value(rule, job(accommodation={"nights_per_week": 7})) == ("5.00", "5.00")
    assert value(rule, job(accommodation={"nights_per_week": 2})) == ("1.00", "1.00")


def test_an_amount_that_is_not_said_has_no_upper_end() -> None:
    low, high = value("harm.earnings_before", {"harm": {"earnings_before": {"amount": "unknown", "per": "month"}}})
    # Nobody knows how much it was: no figure of ours stands at the top.
    assert low == "0.00" and high is None


def test_an_entry_of_a_list_has_all_the_wanted_values() -> None:
    test = {"fact": "person.convictions", "any_with": {"sentence": ["custody"], "spent": False}}
    rule = {"if": test, "then": 5, "else": 1}

    def of(*entries: dict[str, Any]) -> tuple[str | None, str | None]:
        return value(rule, {"person": {"convictions": list(entries)}})

    assert of({"sentence": "custody", "spent": False}) == ("5.00", "5.00")
    assert of({"sentence": "custody", "spent": True}) == ("1.00", "1.00")
    assert of({"sentence": "custody"}) == ("1.00", "5.00")
    assert of({"sentence": "fine", "spent": False}) == ("1.00", "1.00")
    assert value(rule, {"person": {"convictions": "declined"}}) == ("1.00", "5.00")


# -- pay -----------------------------------------------------------------------------------------------------


def test_hours_a_day_and_days_a_week() -> None:
    assert pay(job(hours_per_week=None, hours_per_day=10, days_per_week=5)) == ("2000.00", "2000.00")
    case = job(hours_per_week=None, hours_per_day=10)
    assert pay(case) == ("400.00", "2800.00")  # one day a week to seven
    found = result(rules([route([head({"back_pay": "work"})], pay_rules={"work": PLAN})], [WAGE]), case)
    assert "work[0].days_per_week" in found.missing


@pytest.mark.parametrize(
    ("absences", "expected"),
    [
        ([{"start": "2026-02-09", "end": "2026-02-15"}], "1200.00"),  # one of four weeks
        ([{"start": "2026-02-09", "end": "2026-02-15", "hours": 16}], "1440.00"),
        ([{"from": "2026-02-28"}], "1542.86"),  # one day: 1600 x 27 / 28
        ([{"start": "unknown"}], "1600.00"),
        ([{"start": "2025-01-01", "end": "2025-01-31"}], "1600.00"),
        ("unknown", "1600.00"),
    ],
)
def test_absences_are_not_paid(absences: Any, expected: str) -> None:
    assert pay(job(absences=absences)) == (expected, expected)


@pytest.mark.parametrize(
    ("agreed", "expected"),
    [
        ({"amount": 100, "per": "day"}, ("2000.00", "2000.00")),  # five days a week
        ({"amount": 500, "per": "week"}, ("2000.00", "2000.00")),
        ({"amount": 2800, "per": "month"}, ("2800.00", "2800.00")),  # 27 days of February, one of March
        ({"amount": 20, "per": "hour"}, ("3200.00", "3200.00")),
        ({"amount": 9000, "per": "total"}, ("1600.00", "1600.00")),  # a promise for the whole is no rate
        ({"amount": 5, "per": "week"}, ("1600.00", "1600.00")),
    ],
)
def test_a_promise_counts_where_it_is_better(agreed: dict[str, Any], expected: tuple[str, str]) -> None:
    low, high = pay(job(agreed=agreed, days_per_week=5), agreed=True)
    if agreed["per"] == "month":
        assert low == high == f"{2800 * Decimal(27) / 28 + 2800 * Decimal(1) / 31:.2f}"
    else:
        assert (low, high) == expected


def test_a_promise_by_the_day_asks_for_the_days() -> None:
    found = result(
        rules([route([head({"back_pay": "work"})], pay_rules={"work": {**PLAN, "agreed": True}})], [WAGE]),
        job(agreed={"amount": 100, "per": "day"}),
    )
    assert "work[0].days_per_week" in found.missing


def test_a_promise_stands_where_the_legal_rate_waits_for_a_fact() -> None:
    plan = {"rates": [{"param": "wage", "sector": ["cleaning"]}], "agreed": True}
    found = result(rules([route([head({"back_pay": "work"})], pay_rules={"work": plan})], [WAGE]), job(agreed={"amount": 500, "per": "week"}))
    assert [(line.value.low, line.value.partial) for line in found.lines] == [(Decimal(2000), True)]
    assert "work[0].sector" in found.missing


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        ([{"amount": "unknown", "per": "week"}], ("0.00", "1600.00")),
        ([{"amount": "unknown", "per": "total"}], ("0.00", "1600.00")),
        ([{"amount": {"low": 100, "high": 200}, "per": "total"}], ("1400.00", "1500.00")),
        ([{"amount": 100}], ("1500.00", "1500.00")),
        ([{"amount": 10, "per": "hour"}], ("0.00", "0.00")),
        ([{"amount": 100, "per": "day"}], ("0.00", "0.00")),  # seven days a week until somebody asks
        ([{"amount": 100, "per": "week", "from": "2026-02-16"}], ("1400.00", "1400.00")),
        ([{"amount": 100, "per": "week", "to": "2026-02-15"}], ("1400.00", "1400.00")),
        ("unknown", ("0.00", "1600.00")),
        ("declined", ("0.00", "1600.00")),
    ],
)
def test_what_was_paid_is_taken_off(paid: Any, expected: tuple[str, str]) -> None:
    assert pay(job(paid=paid)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"paid": [{"amount": 100, "per": "day"}], "days_per_week": "unknown"}, ("0.00", "1200.00")),
        ({"paid": [{"amount": 100, "per": "day"}], "days_per_week": {"low": 2, "high": 3}}, ("400.00", "800.00")),
        ({"agreed": {"amount": {"low": 500, "high": 700}, "per": "week"}}, ("2000.00", "2800.00")),
        ({"agreed": {"amount": 100, "per": "day"}, "days_per_week": "unknown"}, ("1600.00", "2800.00")),
        ({"agreed": "unknown"}, ("1600.00", "1600.00")),
        ({"usual_wage": {"amount": {"low": 500, "high": 700}, "per": "week"}}, ("2000.00", "2800.00")),
        ({"accommodation": {"provided": True, "nights_per_week": {"low": 3, "high": 7}}}, ("1660.00", "1740.00")),
        ({"absences": [{"start": "2026-02-09", "end": {"earliest": "2026-02-09", "latest": "2026-02-15"}}]}, ("1200.00", "1542.86")),
    ],
)
def test_every_range_in_a_job_is_a_range_of_the_claim(facts: dict[str, Any], expected: tuple[str, str]) -> None:
    bed = parameter("bed", "EUR/night", since(-5))
    assert pay(job(**facts), bed, agreed=True, offset={"param": "bed"}) == expected


def test_work_that_may_have_ended_before_it_began_may_be_nothing() -> None:
    low, high = pay(job(start={"earliest": "2026-02-02", "latest": "2026-02-20"}, end={"earliest": "2026-02-10", "latest": "2026-03-01"}))
    assert (low, high) == ("0.00", "1600.00")


def test_a_share_of_the_young_ends_on_its_day() -> None:
    share = parameter("share", "share", {"from": "2000-01-01", "rows": [{"upto": 17, "value": "0.5"}, {"value": 1}]}, by="age")
    young: dict[str, Any] = {"person": {"birth_date": "2009-06-30"}, **job()}
    until = {"plus": {"date": "job.start", "weeks": 2}}
    assert pay(young, share, factor={"param": "share"}) == ("800.00", "800.00")
    assert pay(young, share, factor={"param": "share", "until": until}) == ("1200.00", "1200.00")
    open_start = {"person": {"birth_date": "2009-06-30"}, **job(start={"earliest": "2026-02-02", "latest": "2026-02-09"})}
    assert pay(open_start, share, factor={"param": "share", "until": until}) == ("800.00", "1200.00")


def test_a_rate_may_take_the_place_of_the_others() -> None:
    low = parameter("low", "EUR/hour", since(4))
    plan = {"rates": [{"param": "wage"}, {"param": "low", "apprentice": True, "instead": True}]}
    assert pay(job(apprentice=True), low, **plan) == ("640.00", "640.00")
    assert pay(job(apprentice=False), low, **plan) == ("1600.00", "1600.00")
    assert pay(job(apprentice="unknown"), low, **plan) == ("640.00", "1600.00")
    assert pay(job(), low, **plan) == ("1600.00", "1600.00")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"occupation": " Electrician "}, ("800.00", "800.00")),
        ({"occupation": "bricklayer"}, ("1600.00", "1600.00")),
        ({}, ("1600.00", "1600.00")),  # an exception that nobody asked about is none yet
        ({"occupation": "unknown"}, ("800.00", "1600.00")),
    ],
)
def test_a_rate_that_is_not_for_some_jobs(facts: dict[str, Any], expected: tuple[str, str]) -> None:
    low = parameter("low", "EUR/hour", since(5))
    plan = {"rates": [{"param": "wage", "unless": {"occupation": ["electrician"]}}, {"param": "low"}]}
    assert pay(job(**facts), low, **plan) == expected
    found = rules([route([head({"back_pay": "work"})], pay_rules={"work": plan})], [WAGE, low])
    assert ("work[0].occupation" in result(found, job(**facts)).missing) is (not facts)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [({}, "800.00"), ({"hours_per_week": 45}, "1800.00"), ({"end": "2026-02-15"}, "400.00"), ({"end": "2026-05-31"}, "6800.00")],
)
def test_a_rate_for_long_hours_or_long_jobs(facts: dict[str, Any], expected: str) -> None:
    low = parameter("low", "EUR/hour", since(5))
    plan = {"rates": [{"param": "wage", "hours_per_week": {"at_least": 41}}, {"param": "wage", "days": {"at_least": 100}}, {"param": "low"}]}
    assert pay(job(**facts), low, **plan) == (expected, expected)


def test_the_length_of_a_job_may_not_be_known() -> None:
    low = parameter("low", "EUR/hour", since(5))
    plan = {"rates": [{"param": "wage", "days": {"at_most": 10}}, {"param": "low"}]}
    assert pay(job(end={"earliest": "2026-02-08", "latest": "2026-02-22"}), low, **plan) == ("200.00", "1200.00")
    case = {**job(), "exploitation": [{"country": "XX", "start": "2026-02-02", "end": "2026-02-08"}]}
    case["work"][0].update(start=None, end=None)
    # The days of the exploitation stand in for those of the only job: seven.
    assert pay(case, low, **plan) == ("400.00", "400.00")
    case["exploitation"][0].pop("end")
    rules_of = rules([route([head({"pay_due": "work"})], pay_rules={"work": {"rates": plan["rates"]}})], [WAGE, low])
    assert "exploitation[0].end" in result(rules_of, case).missing
    case["work"][0].update(start="unknown", end="unknown")
    assert result(rules_of, case).lines == []


def test_hours_of_a_test_are_those_that_count_for_pay() -> None:
    low = parameter("low", "EUR/hour", since(5))
    plan = {"rates": [{"param": "wage", "hours_per_week": {"at_least": 41}}, {"param": "low"}]}
    assert pay(job(hours_per_week=None, hours_per_day=9, days_per_week=5), low, **plan) == ("1800.00", "1800.00")
    assert pay(job(hours_per_week=None, pattern={"mon": ["08:00-18:00"]}), low, **plan) == ("200.00", "200.00")
    assert pay(job(hours_per_week="unknown"), low, **plan)[0] == "20.00"


def test_credits_that_an_employer_may_leave() -> None:
    bed = parameter("bed", "EUR/night", since(5))
    plan = {"credits": [{"for": "lodging", "param": "bed", "optional": True}]}
    housed = job(accommodation={"provided": True, "nights_per_week": 7})
    assert pay(housed, bed, **plan) == ("1460.00", "1600.00")


def test_without_the_weeks_of_a_month_only_a_promise_is_known() -> None:
    later = parameter("weeks", "number", since("4.33", "2030-01-01"))
    plan = {"pay_period": "month", "weeks_per_month": {"param": "weeks"}, "agreed": True}
    assert pay(job(), later, **plan) == (None, None)
    low, high = pay(job(start="2026-01-01", end="2026-01-31", agreed={"amount": 900, "per": "month"}), later, **plan)
    assert low == "900.00" and high is None


def test_housing_counts_only_when_it_was_given() -> None:
    offset = parameter("bed", "EUR/night", since(5))
    for home, expected in (({"provided": False}, "1600.00"), ("unknown", "1600.00"), ({"provided": "declined"}, "1600.00")):
        assert pay(job(accommodation=home), offset, offset={"param": "bed"})[1] == expected
    blank = parameter("bed", "EUR/night", {"from": "2000-01-01", "note": "Not found."}, confidence="unverified")
    assert pay(job(accommodation={"provided": True, "nights_per_week": 7}), blank, offset={"param": "bed"}) == (None, None)


def test_arrears_are_uprated_only_where_both_rates_are_known() -> None:
    rates = parameter(
        "wage",
        "EUR/hour",
        since(10, "2026-01-01"),
    )
    rates["values"] = [{**since(10, "2026-01-01"), "to": "2026-03-31"}, since(12, "2026-04-01")]

    def uprated(at: Any) -> tuple[str | None, str | None]:
        plan = {**PLAN, "uprate": {"param": "wage", "at": at}}
        return amounts(rules([route([head({"back_pay": "work"})], pay_rules={"work": plan})], [rates]), job())

    assert uprated("on") == ("1920.00", "1920.00")
    assert uprated("procedure.report_date") == ("1600.00", "1600.00")
    assert uprated("2025-01-01") == ("1600.00", "1600.00")


# -- tariffs and figures -------------------------------------------------------------------------------------

TARIFF = parameter("tariff", "EUR", {"from": "2000-01-01", "rows": [{"key": "A", "value": 100}, {"key": "B", "value": 60}]}, by="key")
WEIGHTS = parameter("weights", "share", {"from": "2000-01-01", "rows": [{"upto": 1, "value": 1}, {"value": "0.5"}]}, by="number")
RANKED = {"ranked": {"tariff": "tariff", "weights": "weights"}}


def hurt(*codes: str) -> dict[str, Any]:
    return {"harm": {"injuries": [{"code": code} for code in codes]}}


def test_injuries_by_rank() -> None:
    assert value(RANKED, hurt("B", "A"), [TARIFF, WEIGHTS]) == ("130.00", "130.00")
    assert value(RANKED, {"harm": {"injuries": []}}, [TARIFF, WEIGHTS]) == ("0.00", "0.00")
    low, high = value(RANKED, {"harm": {"injuries": "unknown"}}, [TARIFF, WEIGHTS])
    assert low == "0.00" and high is None
    blank = parameter(
        "weights", "share", {"from": "2000-01-01", "rows": [{"note": "Not found."}]}, by="number", confidence="unverified", note="x"
    )
    assert value(RANKED, hurt("A"), [TARIFF, blank]) == (None, None)


def test_a_table_without_a_fitting_row_says_so() -> None:
    short = parameter("short", "EUR", {"from": "2000-01-01", "rows": [{"upto": 2, "value": 5}]}, by="number")
    found = rules([route([head({"param": "short", "key": "harm.therapy_sessions"})])], [short])
    assert amounts(found, {"harm": {"therapy_sessions": 2}}) == ("5.00", "5.00")
    document = estimate_json(worked_out(found, {"harm": {"therapy_sessions": 9}}), lambda t: t)
    assert "The short: no row fits the facts." in document["jurisdictions"][0]["routes"][0]["gaps"]


def test_an_age_that_nobody_says_is_any_age() -> None:
    by_age = parameter("by_age", "EUR", {"from": "2000-01-01", "rows": [{"upto": 17, "value": 5}, {"value": 9}]}, by="age")
    assert value({"param": "by_age"}, {"person": {"birth_year": "declined"}}, [by_age]) == ("5.00", "9.00")
    assert value({"param": "by_age"}, {}, [by_age]) == ("9.00", "9.00")


def test_a_typical_figure_is_carried_along() -> None:
    usual = Value(low=Decimal(1), high=Decimal(9), typical=Decimal(4))
    assert add([usual, Value(low=Decimal(2), high=Decimal(2))]).typical == Decimal(6)
    assert lift(max, [usual, Value(low=Decimal(0), high=Decimal(2))]).typical is None
    assert lift(max, [usual, Value(low=Decimal(0), high=None)]).high is None


# -- operations ----------------------------------------------------------------------------------------------


def test_a_bound_that_is_not_known() -> None:
    cap = parameter("cap", "EUR", {"from": "2000-01-01", "low": 50, "note": "no upper end"})
    assert value({"sum": [80], "at_most": {"param": "cap"}}, {}, [cap]) == ("50.00", "80.00")


def test_the_fact_or_else_the_usual_figure() -> None:
    rule = {"said_or": ["job.agreed_hours_per_week", 42]}
    assert value(rule, job(agreed_hours_per_week=30)) == ("30.00", "30.00")
    assert value(rule, job(agreed_hours_per_week="unknown")) == ("42.00", "42.00")
    found = result(rules([route([head(rule)])]), job())
    assert found.missing == {"work[0].agreed_hours_per_week"} and found.lines[0].value.low == 42


def test_money_on_judgments_by_court() -> None:
    case = {
        "procedure": {
            "awards": [
                {"country": "XX", "court": "labour", "damages": 9, "paid": [{"amount": 3}]},
                {"country": "XX", "court": "criminal", "damages": 20, "paid": [{"amount": 5}, {"amount": 2}]},
            ]
        }
    }
    assert of_formula({"award_paid": {}}, case) == ("10.00", "10.00")
    assert of_formula({"award_paid": {"courts": ["criminal"]}}, case) == ("7.00", "7.00")
    assert of_formula({"awarded": {"courts": ["labour"]}}, case) == ("9.00", "9.00")


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ({"from": "employer", "for": "wages"}, ("70.00", "70.00")),
        ({"from": "employer", "for": "back_pay"}, ("70.00", "70.00")),  # two words for one thing
        ({"from": "fund", "for": "wages"}, ("70.00", "70.00")),  # whoever paid: the loss is made good
        ({"from": "employer", "for": "funeral"}, ("100.00", "100.00")),
        ({"from": "employer"}, ("70.00", "70.00")),
        ({"for": "wages"}, ("70.00", "70.00")),
        ({"from": "insurance"}, ("70.00", "100.00")),  # it may have been for this
        ({"from": "employer", "for": "this and that"}, ("70.00", "70.00")),
    ],
)
def test_money_received_is_taken_off_what_it_was_for(received: dict[str, Any], expected: tuple[str, str]) -> None:
    rule = {"minus": [100, {"received": {"from": ["employer"], "for": ["wages"]}}]}
    assert value(rule, {"procedure": {"received": [{"amount": 30, **received}]}}) == expected


@pytest.mark.parametrize(
    ("deduction", "expected"),
    [
        ({"amount": 10, "per": "day"}, "280.00"),
        ({"amount": 10, "per": "week"}, "40.00"),
        ({"amount": 28, "per": "month"}, "27.90"),
        ({"amount": 10, "per": "total"}, "10.00"),
    ],
)
def test_deductions_add_up_over_the_job(deduction: dict[str, Any], expected: str) -> None:
    case = job(deductions=[{"kind": "debt", **deduction}])
    assert value({"deductions": ["debt"]}, case) == (expected, expected)


def test_deductions_of_a_job_that_may_not_have_been() -> None:
    case = job(
        deductions=[{"kind": "debt", "amount": 10, "per": "day"}],
        start={"earliest": "2026-02-02", "latest": "2026-02-20"},
        end={"earliest": "2026-02-10", "latest": "2026-02-21"},
    )
    assert value({"deductions": ["debt"]}, case) == ("0.00", "200.00")


def test_an_open_limit_of_long_days_leaves_the_premium_open() -> None:
    long_day = parameter("long_day", "hour", {"from": "2000-01-01", "note": "Not found."}, confidence="unverified")
    premium = {"for": "spread", "over": {"param": "long_day"}, "hours": 1}
    assert pay(job(hours_per_week=66, days_per_week=6), long_day, premiums=[premium])[0] == "2640.00"


# -- routes and reports --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("governed_by", "case", "holds"),
    [
        ("on", {}, True),
        ("decision", {}, True),
        ("application", {}, True),
        ("application", {"procedure": {"claims": [{"route": "claim", "filed": "2024-01-01"}]}}, False),
        ("act", {"exploitation": [{"country": "XX", "start": "2024-01-01", "end": "2026-01-01"}]}, False),
        ("last_act", {"exploitation": [{"country": "XX", "start": "2024-01-01", "end": "2026-01-01"}]}, True),
        ("last_act", {}, True),
    ],
)
def test_a_condition_of_new_law_is_asked_for_its_own_days_only(governed_by: str, case: dict[str, Any], holds: bool) -> None:
    new = {**CONDITION, "id": "new", "test": {"always": False}, "otherwise": "closed", "valid_from": "2025-01-01", "governed_by": governed_by}
    status = result(rules([route([head(1)], conditions=[CONDITION, new])]), case).status
    assert status == ("closed" if holds else "open")


def test_a_head_without_formula_tells_its_gap_once() -> None:
    gap = {"gap": "Nobody published a table."}
    found = result(rules([route([head(None, "funeral", **gap), head(None, "pain_and_suffering", **gap)])]), {})
    assert found.gaps == ["Nobody published a table."] and found.unknown_heads == ["funeral", "pain_and_suffering"]


def test_a_head_that_is_only_partly_known_tells_its_gap() -> None:
    rule = {"sum": [5, {"unknown": "The other half."}]}
    found = result(rules([route([head(rule, gap="Half is not known.")])]), {})
    assert set(found.gaps) == {"text:The other half.", "Half is not known."}


def test_a_stricter_pass_works_out_earlier_heads_first() -> None:
    low = parameter("low", "EUR", since(40, confidence="secondary"))
    heads = [head(100), head({"sum": [{"head": "back_pay"}, {"param": "low"}]}, "funeral")]
    found = result(rules([route(heads)], [low]), {})
    assert [(line.head.raw.head, line.value.low, line.rank.name) for line in found.lines] == [
        ("back_pay", 100, "official"),
        ("funeral", 100, "official"),
        ("funeral", 40, "secondary"),
    ]


def test_a_limit_that_may_not_hold_binds_the_lower_end() -> None:
    def limited(case: dict[str, Any], **limit: Any) -> tuple[str | None, str | None]:
        when = {"fact": "procedure.cooperates", "is": True}
        return amounts(rules([route([head(100)], caps=[{**limit, "when": when}])]), case)

    yes, no, unknown = ({"procedure": {"cooperates": said}} for said in (True, False, "unknown"))
    assert limited(yes, at_most=30) == ("30.00", "30.00") and limited(no, at_most=30) == ("100.00", "100.00")
    assert limited(unknown, at_most=30) == ("30.00", "100.00")
    assert limited(unknown, deductible=30) == ("70.00", "100.00")
    assert limited(unknown, nothing_below=200) == ("0.00", "100.00")
    assert limited(yes, nothing_below=200) == ("0.00", "0.00")
    found = rules([route([head(100)], caps=[{"at_most": 30, "when": {"fact": "procedure.cooperates", "is": True}}])])
    assert "procedure.cooperates" in result(found, {}).missing


def test_a_limit_without_upper_end_leaves_the_upper_end() -> None:
    cap = parameter("cap", "EUR", {"from": "2000-01-01", "low": 30, "note": "or none"})
    assert amounts(rules([route([head(100)], caps=[{"at_most": {"param": "cap"}}])], [cap]), {}) == ("30.00", "100.00")


def test_places_note_which_way_they_went() -> None:
    found = rules(
        [
            route(
                [
                    head({"sum": [{"back_pay": "work"}], "at_least": 3, "at_most": 9999}),
                    head({"if": {"fact": "procedure.cooperates", "is": True}, "then": 1, "else": 2}, "funeral"),
                ],
                caps=[{"at_most": 3}],
                pay_rules={"work": {"rates": [{"param": "wage", "sector": ["care"]}]}},
            )
        ],
        [WAGE],
    )
    seen: Exercised = {}
    for said in (True, "unknown"):
        estimate(read_case({"procedure": {"cooperates": said}, **job(sector="care")}), found, ON, ["XX"], exercised=seen)
    places = found.packs["XX"].routes["claim"].places
    left = {place.split(": ")[1]: what for place, what in unexercised(places, seen)}
    assert left["claim.heads.funeral.result.if"] == "false"
    assert left["claim.heads.back_pay.result.at_most"] == "reached"
    assert left["claim.caps[0].at_most"] == "not reached"
    assert left["claim.pay_rules.work.rates[0]"] == "false"
    assert "claim.heads.back_pay.result" not in left
    open_test = {"if": {"any": [{"fact": "procedure.cooperates", "is": True}, {"nobody_knows": "x"}]}, "then": 1, "else": 2}
    other = rules([route([head(open_test)])])
    places = other.packs["XX"].routes["claim"].places
    assert dict(unexercised(places, {})) == {
        "XX/routes/claim.yaml: claim.heads.back_pay.result.if": "any outcome",
        "XX/routes/claim.yaml: claim.heads.back_pay.result": "worked out",
    }
    assert dict(unexercised(places, {p: {True} for p in places}))["XX/routes/claim.yaml: claim.heads.back_pay.result.if"] == ("a second outcome")


def test_the_chat_asks_less_than_a_worker() -> None:
    fact = next(one for one in vocabulary.facts().values() if one.ask == "more" and one.type == "yes_no" and "[]" not in one.path)
    rule = {"if": {"fact": fact.id, "is": True}, "then": 1, "else": 2}
    found = worked_out(rules([route([head(rule)])]), {"exploitation": [{"country": "XX"}]})
    assert [q.fact for q in next_questions(found)] == [fact.path]
    assert next_questions(found, more=False) == []


def test_questions_and_jurisdictions_as_json() -> None:
    asked = questions_json({"exploitation": [{"country": "DE"}]}, on=ON, language="fr")["questions"]
    assert asked[0]["fact"].startswith("exploitation[0].") and asked[0]["text"] and asked[0]["why"]
    assert {"type", "choices", "routes", "sensitivity"} <= set(asked[0])
    listed = {one["code"]: one for one in jurisdictions_json()}
    assert len(listed) >= 15 and listed["DE"]["routes"][0]["kind"]


def test_units_in_words() -> None:
    assert units.text(None) == "number" and units.text(units.PLAIN) == "a plain number"
    assert units.text(units.unit("EUR/hour")) == "EUR/hour" and units.text(units.unit("number/hour")) == "1/hour"
