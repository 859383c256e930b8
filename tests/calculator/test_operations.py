"""Operations, dates, interest, instalments and limits of the rule language; each figure is worked out by hand beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from minipack import ON, amounts, head, job, of_formula, parameter, result, route, rules, since, value, worked_out

from calculator.errors import PackError

BORN = {"person": {"birth_date": "1990-06-30"}}
PROCEEDS = "act.offender_proceeds"


def act(**facts: Any) -> dict[str, Any]:
    return {"exploitation": [{"country": "XX", **facts}]}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (3, ("3.00", "3.00")),
        ({"sum": [1, "2.50"]}, ("3.50", "3.50")),
        ({"minus": [1, 3]}, ("-2.00", "-2.00")),
        ({"minus": [1, 3], "not_below_zero": True}, ("0.00", "0.00")),
        ({"times": [2, 3, 4]}, ("24.00", "24.00")),
        ({"divide": [9, 2]}, ("4.50", "4.50")),
        ({"divide": [9, 0]}, (None, None)),
        ({"percent": [25, 80]}, ("20.00", "20.00")),
        ({"least_of": [5, 3]}, ("3.00", "3.00")),
        ({"greatest_of": [5, 3]}, ("5.00", "5.00")),
        ({"better_of": [5, 3]}, ("5.00", "5.00")),
        ({"round": "2.345", "to": "0.01"}, ("2.35", "2.35")),
        ({"round": "2.349", "to": "0.05", "mode": "down"}, ("2.30", "2.30")),
        ({"round": "2.301", "to": "0.05", "mode": "up"}, ("2.35", "2.35")),
        ({"range": {"low": 1, "high": 4}}, ("1.00", "4.00")),
        ({"unknown": "Nobody published it."}, (None, None)),
        ({"first_known": [{"unknown": "x"}, 7]}, ("7.00", "7.00")),
        ({"first_known": [{"unknown": "x"}, {"unknown": "y"}]}, (None, None)),
        ({"sum": [5], "at_most": 3}, ("3.00", "3.00")),
        ({"sum": [5], "at_least": 8}, ("8.00", "8.00")),
        ({"same_again": 5}, ("5.00", "5.00")),
        ({"same_again": 5, "unless": {"always": True}}, ("0.00", "0.00")),
        ({"same_again": 5, "unless": {"nobody_knows": "why"}}, ("0.00", "5.00")),
        ({"if": {"always": False}, "then": 1, "else": 2}, ("2.00", "2.00")),
        ({"if": {"nobody_knows": "why"}, "then": 1, "else": 2}, ("1.00", "2.00")),
        ({"days": {"from": "2026-01-01", "to": "2026-01-31"}}, ("31.00", "31.00")),
        ({"weeks": {"from": "2026-01-01", "to": "2026-01-14"}}, ("2.00", "2.00")),
        ({"months": {"from": "2026-01-15", "to": "2026-03-14"}}, ("1.00", "1.00")),
        ({"years": {"from": "2020-07-01", "to": "2026-06-30"}}, ("5.00", "5.00")),
        ({"times": [7, {"unknown": "x"}]}, (None, None)),
    ],
)
def test_arithmetic(formula: Any, expected: tuple[str | None, str | None]) -> None:
    assert value(formula) == expected


def test_the_better_claim_counts_and_one_never_asked_stays_missing() -> None:
    formula = {"better_of": [PROCEEDS, 100]}
    assert value(formula, act(offender_proceeds={"amount": 300})) == ("300.00", "300.00")
    found = result(rules([route([head(formula)])]), act())
    assert (found.lines[0].value.low, found.lines[0].value.high) == (100, 100) and found.lines[0].value.partial
    assert "exploitation[0].offender_proceeds" in found.missing
    assert value({"better_of": [PROCEEDS]}, act()) == (None, None)
    assert value({"better_of": [{"unknown": "x"}, 100]}) == ("100.00", None)


def test_the_greatest_of_all_waits_for_every_fact() -> None:
    assert value({"greatest_of": [PROCEEDS, 100]}, act()) == (None, None)


@pytest.mark.parametrize(
    ("income", "expected"),
    [
        (1000, ("900.00", "900.00")),
        (2000, ("900.00", "900.00")),
        (5000, ("450.00", "450.00")),
        (8000, ("0.00", "0.00")),
        (9000, ("0.00", "0.00")),
        ({"low": 2000, "high": 5000}, ("450.00", "900.00")),
    ],
)
def test_an_amount_falls_with_the_income(income: Any, expected: tuple[str, str]) -> None:
    formula = {"taper": 900, "income": "person.monthly_income", "full_until": 2000, "nothing_from": 8000}
    assert value(formula, {"person": {"monthly_income": {"amount": income}}}) == expected


def test_an_income_that_is_not_said_gives_anything_and_one_not_asked_is_missing() -> None:
    formula = {"taper": 900, "income": "person.monthly_income", "full_until": 2000, "nothing_from": 8000}
    assert value(formula, {"person": {"monthly_income": "declined"}}) == ("0.00", "900.00")
    assert value(formula, {}) == (None, None)


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ({"birth_date": "1990-06-30"}, ("36.00", "36.00")),
        ({"birth_date": "1990-07-01"}, ("35.00", "35.00")),
        ({"birth_year": 1990}, ("35.00", "36.00")),
        ({"birth_year": "unknown"}, ("0.00", "110.00")),
        ({}, (None, None)),
    ],
)
def test_age_on_a_day(person: dict[str, Any], expected: tuple[str | None, str | None]) -> None:
    assert value({"age": "on"}, {"person": person}) == expected


def test_age_waits_for_its_day() -> None:
    assert value({"age": "act.end"}, BORN) == (None, None)


def test_money_received_losses_and_payments_on_judgments() -> None:
    case = {
        "procedure": {
            "received": [{"from": "offender", "for": "wages", "amount": 50}, {"from": "fund", "amount": 7, "route": "claim"}],
            "awards": [{"damages": 900, "paid": [{"amount": 20, "date": "2026-01-01"}, {"amount": 5}, {"amount": 1, "date": "2026-06-01"}]}],
        },
        "losses": [
            {"kind": "medical", "amount": 100, "reimbursed": 30},
            {"kind": "travel", "amount": 4},
            {"kind": "therapy", "amount": "unknown"},
        ],
    }
    assert of_formula({"received": {"from": ["offender"], "for": ["wages"]}}, case) == ("50.00", "50.00")
    assert of_formula({"received": {"same_route": True}}, case) == ("57.00", "57.00")
    assert of_formula({"received": {}}, {}) == ("0.00", "0.00")
    assert of_formula({"losses": ["medical", "travel"]}, case) == ("74.00", "74.00")
    assert of_formula({"losses": "any"}, case) == ("74.00", None)
    assert of_formula({"losses": "any"}, {"losses": "declined"}) == ("0.00", None)
    assert of_formula({"losses": "any"}, {}) == (None, None)
    assert of_formula({"award_paid": {"by": "2026-03-01"}}, case) == ("25.00", "25.00")
    assert of_formula({"award_paid": None}, case) == ("26.00", "26.00")
    assert of_formula({"award_paid": {}}, {"procedure": {"awards": [{"damages": 3, "paid": "unknown"}]}}) == ("0.00", "0.00")


def test_days_of_incapacity() -> None:
    case = {
        "harm": {
            "incapacity": [{"from": "2026-01-01", "to": "2026-01-10", "percent": 100}, {"from": "2026-02-01", "to": "2026-02-20", "percent": 50}]
        }
    }
    assert value({"incapacity_days": {}}, case) == ("20.00", "20.00")  # 10 + 20 x 50 %
    assert value({"incapacity_days": {"from_percent": 100}}, case) == ("10.00", "10.00")
    assert value({"incapacity_days": {"after_days": 3}}, case) == ("17.00", "17.00")
    whole = {"harm": {"incapacity": [{"from": "2026-01", "to": "2026-02-10"}, {"from": "unknown", "to": "2026-02-10"}]}}
    assert value({"incapacity_days": {}}, whole) == ("11.00", None)
    unsure = {"harm": {"incapacity": [{"from": "2026-01-01", "to": "2026-01-10", "percent": "unknown"}]}}
    assert value({"incapacity_days": {}}, unsure) == ("0.00", "10.00")
    assert value({"incapacity_days": {}}, {"harm": {"incapacity": "unknown"}}) == ("0.00", None)
    assert value({"incapacity_days": {}}, {}) == (None, None)


def test_money_kept_back_by_the_employer() -> None:
    kept = [
        {"kind": "debt", "amount": 100, "per": "total"},
        {"kind": "housing", "amount": 7, "per": "week"},
        {"kind": "debt", "amount": 1, "per": "day"},
    ]
    assert value({"deductions": ["debt"]}, job(deductions=kept)) == ("128.00", "128.00")  # 100 + 28 x 1
    assert value({"deductions": "any"}, job(deductions=kept)) == ("156.00", "156.00")  # + 4 x 7
    assert value({"deductions": "any"}, job(deductions=[])) == ("0.00", "0.00")
    assert value({"deductions": "any"}, job(deductions="unknown")) == ("0.00", None)
    assert value({"deductions": "any"}, job()) == (None, None)
    assert value({"deductions": "any"}, {}) == (None, None)
    assert value({"deductions": "any"}, job(deductions=[{"kind": "x", "amount": 1, "per": "hour"}])) == ("0.00", None)
    monthly = [{"kind": "x", "amount": 10, "per": "day"}]
    assert value({"deductions": "any"}, job(start="unknown", deductions=monthly)) == ("0.00", None)
    assert value({"deductions": "any"}, {"work": [{"country": "XX", "deductions": monthly}]}) == (None, None)


def test_days_worked() -> None:
    assert value({"work_days": "all"}, job(days_per_week=6)) == ("24.00", "24.00")
    assert value({"work_days": "all"}, job(days_per_week="unknown")) == ("4.00", "28.00")
    assert value({"work_days": "all"}, job(days_per_week=6, start="unknown")) == ("0.00", None)
    assert value({"work_days": "all"}, job()) == (None, None)
    assert value({"work_days": "all"}, {}) == (None, None)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ({"plus": {"date": "2026-01-31", "months": 1}}, "2026-02-28"),
        ({"plus": {"date": "2026-01-30", "working_days": 2}}, "2026-02-03"),  # Friday + 2 -> Tuesday
        ({"minus": {"date": "2026-02-03", "working_days": 2}}, "2026-01-30"),
        ({"plus": {"date": "2026-01-30", "weeks": 1, "days": 1, "years": 1}}, "2027-02-07"),
        ({"minus": {"date": "2026-03-31", "months": 1}}, "2026-02-28"),
        ({"first_of_month": "2026-03-31"}, "2026-03-01"),
        ({"end_of_month": "2026-02-01"}, "2026-02-28"),
        ({"end_of_year": "2026-02-01"}, "2026-12-31"),
        ({"later_of": ["2026-01-01", "2026-02-01"]}, "2026-02-01"),
        ({"earlier_of": ["2026-01-01", "2026-02-01"]}, "2026-01-01"),
        ({"earlier_of": ["act.end", "2026-02-01"]}, "2026-02-01"),
        ({"later_of": ["act.end", "2026-02-01"]}, None),
        ({"first_known": ["act.end", "2026-02-01"]}, "2026-02-01"),
        ({"first_known": ["act.end"]}, None),
        ({"earlier_of": ["act.end"]}, None),
        ({"midpoint": ["2026-01-01", "2026-01-31"]}, "2026-01-16"),
        ({"midpoint": ["2026-01-01", "act.end"]}, None),
        ({"birthday": 18}, "2008-06-30"),
        ({"suspended": {"date": "2026-05-01", "from": "2026-01-01", "to": "2026-01-11"}}, "2026-05-11"),
        ({"suspended": {"date": "2026-05-01", "from": "2026-01-01", "to": "act.end"}}, "2026-10-28"),  # still running: + 180 days
        ({"suspended": {"date": "2026-05-01", "from": "2026-01-01"}}, "2026-10-28"),
        ({"suspended": {"date": "2026-05-01", "from": "act.end", "to": "2026-01-11"}}, "2026-05-01"),
        ({"suspended": {"date": "2025-05-01", "from": "2026-01-01", "to": "2026-01-11"}}, "2025-05-01"),  # had run out before
        ({"suspended": {"date": "act.end", "from": "2026-01-01", "to": "2026-01-11"}}, None),
        ({"if": {"always": True}, "then": "2026-01-01", "else": "2026-02-01"}, "2026-01-01"),
        ({"if": {"nobody_knows": "x"}, "then": "2026-03-01", "else": "2026-02-01"}, "2026-02-01"),
        ({"if": {"nobody_knows": "x"}, "then": "act.end", "else": "2026-02-01"}, None),
        ({"plus": {"date": "act.end", "years": 1}}, None),
        ({"plus": {"date": "2026-01-01", "years": {"param": "years"}}}, "2029-01-01"),
        ({"plus": {"date": "2026-01-01", "years": {"param": "span"}}}, "2027-01-01"),
        ("each_day", "2026-06-30"),
        ("application", "2026-06-30"),
        ("2026-01", "2026-01-01"),
    ],
)
def test_days_the_law_counts_from(moment: Any, expected: str | None) -> None:
    limit = {"id": "limit", "rule": "In time.", "bars": "remedy", "source": "act", "date": moment}
    parameters = [parameter("years", "year", since(3)), parameter("span", "year", {"from": "2000-01-01", "low": 1, "high": 2})]
    found = result(rules([route([head(1)], deadlines=[limit])], parameters), BORN).deadlines[0]
    assert (found.day.earliest.isoformat() if found.day else None) == expected


def test_a_time_limit_grows_by_days_on_which_nobody_could_act() -> None:
    limit = {"id": "limit", "rule": "In time.", "bars": "remedy", "source": "act", "date": {"extended_by_prevention": "2026-01-01"}}
    found = rules([route([head(1)], deadlines=[limit])])
    case = {"procedure": {"prevented": [{"from": "2025-01-01", "to": "2025-01-10"}, {"from": "unknown", "to": "2025-03-01"}]}}
    day = result(found, case).deadlines[0].day
    assert day is not None and day.earliest == date(2026, 1, 11)


RATE = parameter("rate", "percent", {"from": "2020-01-01", "to": "2025-12-31", "value": 4}, since(6, "2026-01-01"))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        # 365 days of 2025 at 4 %, 180 days of 2026 at 6 %: 1000 x (0.04 + 0.06 x 180 / 365)
        ({}, "69.59"),
        ({"until": "2025-12-31"}, "39.89"),  # 364 days
        ({"fixed": True}, "59.73"),  # 545 days at 4 %
        # Compounded on 1 January 2026: 1.04 x (1 + 0.06 x 180 / 365) - 1
        ({"compound": "yearly"}, "70.77"),
        ({"rate": [{"param": "rate"}, 2]}, "99.45"),  # 1000 x (0.06 + 0.08 x 180 / 365)
        ({"rate": ["rate"]}, "69.59"),
    ],
)
def test_interest_on_a_sum(more: dict[str, Any], expected: str) -> None:
    formula = {"interest_on": 1000, "rate": [{"param": "rate"}], "from": "2025-01-01", **more}
    assert value(formula, parameters=[RATE]) == (expected, expected)


def test_interest_waits_for_its_first_day_and_its_rate() -> None:
    formula = {"interest_on": 1000, "rate": [{"param": "rate"}], "from": "act.end"}
    assert value(formula, act(), [RATE]) == (None, None)
    assert value(formula, act(end="unknown"), [RATE]) == (None, None)
    assert value({**formula, "from": "2026-06-30"}, act(), [RATE]) == ("0.00", "0.00")
    low, high = value({**formula, "from": "act.end"}, act(end={"earliest": "2025-12-31", "latest": "2026-01-31"}), [RATE])
    assert (low, high) == ("24.66", "29.70")  # 150 and 1 + 180 days
    late = parameter("rate", "percent", since(6, "2026-01-01"))
    assert value({**formula, "from": "2025-01-01", "compound": "yearly"}, parameters=[late]) == (None, None)
    assert value({**formula, "from": "2025-01-01"}, parameters=[late])[1] is None


WAGE = parameter("wage", "EUR/hour", since(10))
PLAN = {"work": {"rates": [{"param": "wage"}]}}


def on_pay(formula: Any, case: dict[str, Any], *parameters: dict[str, Any], on: date = ON) -> tuple[str | None, str | None]:
    return value(formula, case, [WAGE, *parameters], on, pay_rules=PLAN)


def test_interest_runs_for_each_month_from_its_own_end() -> None:
    case = {"work": [{"country": "XX", "start": "2026-01-01", "end": "2026-02-28", "hours_per_week": 7, "paid": []}]}
    # 310 for January from 1 February (149 days to 30 June), 280 for February from 1 March (121 days), at 6 %.
    assert on_pay({"interest": "work", "rate": [6]}, case) == ("13.16", "13.16")
    assert on_pay({"interest": "work", "rate": [6], "grace_months": 1}, case) == ("10.31", "10.31")  # 121 and 90 days
    assert on_pay({"interest": "work", "rate": [6], "from": "2026-04-01"}, case) == ("8.73", "8.73")  # 90 days on 590
    assert on_pay({"interest": "work", "rate": [6], "from": "claim.served"}, case) == (None, None)
    fuzzy = {"work": [{**case["work"][0], "hours_per_week": {"low": 7, "high": 14}}]}
    assert on_pay({"interest": "work", "rate": [6]}, fuzzy) == ("13.16", "26.32")
    assert on_pay({"interest": "work", "rate": [6]}, {}) == (None, None)


SHARES = parameter("share", "share", {"from": "2000-01-01", "to": "2026-02-15", "value": "0.25"}, since(1, "2026-02-16"))


def test_a_share_of_unpaid_pay_by_the_day_of_the_work() -> None:
    # 800 before 16 February at 25 %, 800 after it at 100 %.
    assert on_pay({"share_of_unpaid": "work", "share": {"param": "share"}}, job(), SHARES) == ("1000.00", "1000.00")
    assert on_pay({"share_of_unpaid": "work", "share": "0.5"}, job()) == ("800.00", "800.00")
    assert on_pay({"share_of_unpaid": "work", "share": {"param": "share", "at": "act.start"}}, {**job(), **act(start="2026-03-01")}, SHARES) == (
        "1600.00",
        "1600.00",
    )
    unless = {"fact": "job.wilful", "is": False}
    formula = {"share_of_unpaid": "work", "share": 1, "unless": unless}
    assert on_pay(formula, job(wilful=False)) == ("0.00", "0.00")
    assert on_pay(formula, job(wilful=True)) == ("1600.00", "1600.00")
    assert on_pay(formula, job(wilful="unknown")) == ("0.00", "1600.00")
    assert on_pay(formula, job(hours_per_week={"low": 20, "high": 40}, wilful=True)) == ("800.00", "1600.00")


def test_each_year_of_work_up_to_a_cap_for_so_many_years() -> None:
    long = {
        "work": [
            {
                "country": "XX",
                "start": "2023-01-01",
                "end": "2025-06-30",
                "hours_per_week": 7,
                "paid": [{"amount": 20, "per": "day"}],
                "days_per_week": 7,
            }
        ]
    }
    # 10 a day due: 3,650 and 3,660 in the two whole years, 1,810 in the half one; nothing unpaid.
    assert on_pay({"capped_per_year": "work", "cap": 3000}, long) == ("7810.00", "7810.00")
    assert on_pay({"capped_per_year": "work", "cap": 3000, "years": 2}, long) == ("6000.00", "6000.00")
    assert on_pay({"capped_per_year": "work", "cap": 3000, "of": "unpaid"}, long) == ("0.00", "0.00")
    assert on_pay({"capped_per_year": "work", "cap": 9000, "years": 0}, long) == ("0.00", "0.00")
    assert on_pay({"capped_per_year": "work", "cap": 1, "years": {"range": {"low": 1, "high": 2}}}, long) == ("1.00", "2.00")
    assert on_pay({"capped_per_year": "work", "cap": 3000}, {"work": []}) == ("0.00", "0.00")


LATE = parameter(
    "late",
    "percent",
    {"from": "2000-01-01", "rows": [{"upto": 3, "value": 0}, {"upto": 4, "value": 5}, {"upto": 5, "value": 10}, {"value": 50}]},
    by="number",
)


def test_a_surcharge_by_working_days_of_delay() -> None:
    case = {"work": [{"country": "XX", "start": "2026-05-01", "end": "2026-05-31", "hours_per_week": 7, "paid": []}]}
    formula = {"late_increase": "work", "percent": "late"}
    # 310 due on Sunday 31 May; Thursday 4 June is the fourth working day after it.
    assert on_pay(formula, case, LATE, on=date(2026, 6, 3)) == ("0.00", "0.00")
    assert on_pay(formula, case, LATE, on=date(2026, 6, 4)) == ("15.50", "15.50")
    assert on_pay({**formula, "count": "days"}, case, LATE, on=date(2026, 6, 5)) == ("31.00", "31.00")
    assert on_pay({**formula, "grace_months": 1}, case, LATE, on=date(2026, 6, 30)) == ("0.00", "0.00")
    assert on_pay(formula, case, LATE, on=date(2026, 6, 30)) == ("155.00", "155.00")


CAP = {"at_most": 100}


@pytest.mark.parametrize(
    ("limits", "results", "expected"),
    [
        ([CAP], [60, 70], ("100.00", "100.00")),
        ([CAP], [60, 30], ("90.00", "90.00")),
        ([{"at_most": 50, "heads": ["medical_costs"]}], [60, 70], ("110.00", "110.00")),
        ([{"deductible": 80}], [60, 70], ("50.00", "50.00")),
        ([{"deductible": 200}], [60, 70], ("0.00", "0.00")),
        ([{"nothing_below": 150}], [60, 70], ("0.00", "0.00")),
        ([{"nothing_below": 130}], [60, 70], ("130.00", "130.00")),
        ([{"nothing_below": 100}], [60, {"range": {"low": 10, "high": 70}}], ("0.00", "130.00")),
        ([CAP], [60, {"range": {"low": 10, "high": 70}}], ("70.00", "100.00")),
        ([CAP], [60, {"losses": "any"}], ("60.00", "100.00")),
        ([{"deductible": 80}], [60, {"losses": "any"}], ("0.00", None)),
        ([{"nothing_below": 100}], [60, {"losses": "any"}], ("0.00", None)),
        ([{"deductible": 10}, CAP], [60, 70], ("100.00", "100.00")),
        ([{"at_most": {"unknown": "The cap was not published."}}], [60, 70], ("130.00", "130.00")),
    ],
)
def test_limits_over_several_heads(limits: list[dict[str, Any]], results: list[Any], expected: tuple[str | None, str | None]) -> None:
    heads = [head(results[0], "loss_of_earnings"), head(results[1], "medical_costs")]
    assert amounts(rules([route(heads, caps=limits)]), {"losses": "unknown"}) == expected


#: Anything from nothing up.
OPEN = {"losses": "any"}


@pytest.mark.parametrize(
    ("limit", "results", "expected"),
    [
        # What one head may reach takes nothing from what another has for sure.
        (CAP, [{"range": {"low": 0, "high": 500}}, 70], [("0", "30"), ("70", "70")]),
        (CAP, [OPEN, 70], [("0", "30"), ("70", "70")]),
        (CAP, [70, OPEN], [("70", "70"), ("0", "30")]),
        (CAP, [{"range": {"low": 10, "high": 60}}, {"range": {"low": 20, "high": 90}}], [("10", "60"), ("20", "40")]),
        (CAP, [60, 70], [("60", "60"), ("40", "40")]),
        # A head without an upper end bears the whole deductible.
        ({"deductible": 30}, [OPEN, 50], [("0", None), ("20", "50")]),
        ({"deductible": 30}, [50, OPEN], [("20", "20"), ("0", None)]),
    ],
)
def test_under_a_shared_limit_each_head_keeps_its_ends_in_order(
    limit: dict[str, Any], results: list[Any], expected: list[tuple[str, str | None]]
) -> None:
    heads = [head(results[0], "loss_of_earnings"), head(results[1], "medical_costs")]
    lines = result(rules([route(heads, caps=[limit])]), {"losses": "unknown"}).lines
    assert [(line.value.low, line.value.high) for line in lines] == [
        (Decimal(low), None if high is None else Decimal(high)) for low, high in expected
    ]


def test_a_limit_shows_in_the_trace_and_a_gap_of_its_figure_is_said() -> None:
    found = worked_out(rules([route([head(120)], caps=[CAP])]), {}, trace=True).jurisdictions[0].routes[0]
    assert found.lines[0].trace[-1].step == "limit"
    blank = parameter("cap", "EUR", {"from": "2000-01-01"})
    assert result(rules([route([head(120)], caps=[{"at_most": {"param": "cap"}}])], [blank]), {}).gaps == ["blank:cap"]
    unsure = parameter("cap", "EUR", since(50), confidence="unverified", note="Never seen.")
    line = result(rules([route([head(120)], caps=[{"at_most": {"param": "cap"}}])], [unsure]), {}).lines[0]
    assert line.value.low == 50 and line.rank.name == "unverified"


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ({"percent": [1]}, "2 or more"),
        ({"minus": [1]}, "2 or more"),
        ({"sum": 3}, "1 or more"),
        (None, "neither a result"),
        ([1], "not a value"),
        (True, "not a value"),
        ("1.2.3", "not a number"),
        ({"sums": [1]}, "operation"),
        ("harm.injuries", "not a number"),
        ("no_such", "step or fact"),
        ({"round": 1, "mode": "sideways"}, "rounding"),
        ({"param": "none"}, "parameter"),
        ({"head": "none"}, "earlier head"),
        ({"route": "none"}, "route"),
        ({"taper": 1, "income": 1}, "full_until"),
        ({"interest_on": 1, "rate": [1]}, "first day"),
        ({"interest_on": 1, "from": "on"}, "rate"),
        ({"interest_on": 1, "rate": ["9x"], "from": "on"}, "not a rate"),
        ({"interest_on": 1, "rate": [1], "from": "on", "compound": "daily"}, "compound"),
        ({"age": 5}, "not a date"),
        ({"age": "no_such"}, "date"),
        ({"age": "harm.injuries"}, "not a date"),
        ({"age": {"minuss": 1}}, "date operation"),
        ({"age": {"plus": 3}}, "period is added"),
        ({"age": {"suspended": {"date": "on"}}}, "stands still"),
        ({"age": {"plus": {"date": "on", "years": {"param": "none"}}}}, "parameter"),
        ({"back_pay": "none"}, "pay rule"),
        ({"if": {}, "then": 1, "else": 2}, "mapping"),
        ({"if": {"fact": "no_such", "is": 1}, "then": 1, "else": 2}, "fact"),
        ({"if": {"wat": 1}, "then": 1, "else": 2}, "kind of condition"),
        ({"if": {"fact": "act.end"}, "then": 1, "else": 2}, "compares the fact with nothing"),
        ({"if": {"date": "on"}, "then": 1, "else": 2}, "compared with nothing"),
        ({"if": {"value": 1}, "then": 1, "else": 2}, "compares the value with nothing"),
        ({"if": {"age_at": "on"}, "then": 1, "else": 2}, "under or at_least"),
        ({"if": {"fact": "job.sector", "is": "x"}, "then": 1, "else": 2}, "choice"),
        ({"if": {"region": ["XX-Z"]}, "then": 1, "else": 2}, "region"),
        ({"if": {"locality": ["XX-Z-Z"]}, "then": 1, "else": 2}, "locality"),
        ({"sum": [1], "at_most": {"param": "hourly"}, "at_least": 1}, None),
        ({"sum": [{"param": "money"}, {"param": "hourly"}]}, "different units"),
        ({"times": [{"param": "money"}], "at_most": 1}, "2 or more"),
        ({"sum": [{"param": "money"}], "at_most": {"param": "hourly"}}, "limit in"),
        ({"param": "hourly"}, "ends in"),
        ({"param": "money", "key": 1}, "takes no key"),
        ({"param": "table"}, "is a table"),
        ({"share_of_unpaid": "work"}, "share is missing"),
        ({"capped_per_year": "work"}, "cap is missing"),
        ({"capped_per_year": "work", "of": "x", "cap": 1}, "kind of pay"),
        ({"late_increase": "work", "percent": "money"}, "by number of days"),
        ({"late_increase": "work", "percent": "table", "count": "moons"}, "way to count"),
    ],
)
def test_a_slip_in_a_formula_is_said_where_it_is(formula: Any, words: str | None) -> None:
    parameters = [
        parameter("money", "EUR", since(1)),
        parameter("hourly", "EUR/hour", since(1)),
        parameter("table", "EUR", {"from": "2000-01-01", "rows": [{"value": 1}]}, by="number"),
    ]
    build = lambda: rules([route([head(formula)], pay_rules={"work": {"rates": [{"param": "hourly"}]}})], parameters)  # noqa: E731
    if words is None:
        build()
        return
    with pytest.raises(PackError) as raised:
        build()
    text = f"{raised.value.message} {raised.value.fix}"
    assert words in text and raised.value.file == "XX/routes/claim.yaml" and "back_pay" in raised.value.field
