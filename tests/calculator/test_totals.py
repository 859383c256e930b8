"""Totals: each loss once, by the route that serves it best, with what stands beside it and why."""

from __future__ import annotations

from typing import Any

from minipack import CONDITION, head, parameter, route, rules, since, worked_out

from calculator.engine.result.report import estimate_json
from calculator.engine.routes.estimate import JurisdictionEstimate

WAITS = [
    {
        "id": "judged",
        "text": "There is a judgment.",
        "source": "act",
        "otherwise": "later",
        "waits_for": "A judgment.",
        "test": {"always": False},
    }
]
OPEN = [CONDITION]


def found(*routes: dict[str, Any], parameters: Any = None) -> JurisdictionEstimate:
    return worked_out(rules(list(routes), parameters), {}).jurisdictions[0]


def rows(*routes: dict[str, Any], parameters: Any = None) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """head -> (route, amount, routes beside it)"""
    return {row.head: (row.route, str(row.value.low), row.excludes) for row in found(*routes, parameters=parameters).totals.rows}


def test_a_loss_that_two_routes_pay_counts_for_the_better_one() -> None:
    assert rows(route([head(100)], "a"), route([head(300)], "b")) == {"back_pay": ("b", "300", ("a",))}


def test_a_route_that_is_open_comes_before_one_that_waits_for_something() -> None:
    assert rows(route([head(100)], "a"), route([head(300)], "b", conditions=WAITS)) == {"back_pay": ("a", "100", ("b",))}


def test_an_amount_without_upper_end_is_the_higher_one() -> None:
    loss = {"losses": ["medical"]}
    case = {"losses": [{"kind": "medical", "amount": "unknown"}]}
    both = worked_out(rules([route([head({"sum": [loss, 0]}, "medical_costs")], "a"), route([head(0, "medical_costs")], "b")]), case)
    assert [(r.route, r.value.high) for r in both.jurisdictions[0].totals.rows] == [("a", None)]


def test_different_losses_add_up() -> None:
    one = found(route([head(100), head(50, "pain_and_suffering")], "a"), route([head(20, "funeral")], "b"))
    assert str(one.totals.sum.value.low) == "170" and len(one.totals.rows) == 3


def test_nothing_is_no_offer() -> None:
    assert rows(route([head(0)], "a"), route([head(7)], "b")) == {"back_pay": ("b", "7", ())}


def test_of_two_routes_that_exclude_each_other_each_family_counts_once() -> None:
    fund = route([head(80, "physical_injury"), head(9, "funeral")], "fund", relations=[{"to": ["court"], "kind": "subsidiary"}])
    court = route([head(60, "pain_and_suffering"), head(30)], "court")
    assert rows(fund, court) == {"physical_injury": ("fund", "80", ("court",)), "funeral": ("fund", "9", ()), "back_pay": ("court", "30", ())}


def test_where_both_use_the_same_words_each_head_counts_by_its_better_route() -> None:
    wages = route([head(50), head(9, "holiday_pay")], "wages", relations=[{"to": ["court"], "kind": "deducts"}])
    court = route([head(70)], "court")  # the same pay, of more years
    assert rows(wages, court) == {"back_pay": ("court", "70", ("wages",)), "holiday_pay": ("wages", "9", ())}
    # Where a person has to choose, one side goes.
    either = route([head(50), head(9, "holiday_pay")], "wages", relations=[{"to": ["court"], "kind": "alternative"}])
    assert rows(either, court) == {"back_pay": ("court", "70", ("wages",))}


def test_cumulative_routes_both_count() -> None:
    fund = route([head(80, "physical_injury")], "fund", relations=[{"to": ["court"], "kind": "cumulative"}])
    assert rows(fund, route([head(60, "pain_and_suffering")], "court")) == {
        "physical_injury": ("fund", "80", ()),
        "pain_and_suffering": ("court", "60", ()),
    }


def test_an_advance_on_a_judgment_stands_for_all_that_the_judgment_pays() -> None:
    advance = route([head(100, "recovery_advance")], "advance", relations=[{"to": ["court"], "kind": "deducts"}])
    court = route([head(60, "pain_and_suffering"), head(30)], "court")
    assert rows(advance, court) == {"recovery_advance": ("advance", "100", ("court",))}
    smaller = route([head(50, "recovery_advance")], "advance", relations=[{"to": ["court"], "kind": "deducts"}])
    assert rows(smaller, court) == {"pain_and_suffering": ("court", "60", ("advance",)), "back_pay": ("court", "30", ())}
    # Said by the other route, it means the same.
    said_there = route([head(60, "pain_and_suffering"), head(30)], "court", relations=[{"to": ["advance"], "kind": "deducts"}])
    assert rows(route([head(100, "recovery_advance")], "advance"), said_there) == {"recovery_advance": ("advance", "100", ("court",))}


def test_monthly_money_unconfirmed_money_and_closed_routes_stay_outside() -> None:
    shut = [{**CONDITION, "test": {"always": False}, "otherwise": "closed"}]
    pension = parameter("pension", "EUR/month", since(100))
    low = parameter("low", "EUR", since(40, confidence="unverified", note="Seen once."))
    one = found(
        route([head({"monthly": {"param": "pension"}, "from": "on", "until": "open"}, "monthly_compensation")], "a"),
        route([head({"param": "low"})], "b"),
        route([head(500, "funeral")], "c", conditions=shut),
        parameters=[pension, low],
    )
    assert (
        one.totals.rows == []
        and not estimate_json(worked_out(rules([route([head({"param": "low"})], "b")], [low]), {}), lambda t: t)["jurisdictions"][0]["total"][
            "low"
        ]
    )


def test_the_table_says_in_words_what_was_not_added_and_why() -> None:
    fund = route([head(80, "physical_injury")], "fund", relations=[{"to": ["court"], "kind": "alternative"}])
    court = route([head(60, "pain_and_suffering")], "court")
    third = route([head(30)], "third")
    document = estimate_json(worked_out(rules([fund, court, third]), {}), lambda text: text)["jurisdictions"][0]
    injury, pay = document["totals"]
    assert injury["excludes"] == ["court"]
    assert injury["beside"][0]["why"] == "alternative" and injury["beside"][0]["amount"]["low"] == "60.00"
    assert "The fund; The court" in injury["beside"][0]["text"]
    assert "paid only once" in injury["sentence"] and "Not added: The court" in injury["sentence"]
    assert "Not added" not in pay["sentence"] and document["total"]["low"] == "110.00"


JUDGED = {"procedure": {"awards": [{"country": "XX", "court": "criminal", "damages": 900, "costs": 50, "date": "2026-01-15"}]}}


def test_a_judgment_is_in_the_sum_though_the_time_to_ask_is_over() -> None:
    over = {"id": "over", "rule": "Ask in time.", "bars": "claim", "late": "final", "source": "act", "date": "2020-01-01"}
    asked = route([head(100, payer="offender")], "trial", kind="criminal_proceedings", deadlines=[over])
    late = worked_out(rules([asked]), {}).jurisdictions[0]
    assert late.routes[0].status == "closed" and not late.totals.rows
    judged = worked_out(rules([asked]), JUDGED).jurisdictions[0]
    assert judged.routes[0].status == "later" and str(judged.totals.sum.value.low) == "950"


def test_a_judgment_is_in_the_sum_though_a_condition_of_the_way_fails() -> None:
    shut = [{**CONDITION, "test": {"always": False}, "otherwise": "closed"}]
    judged = worked_out(rules([route([head(100, payer="offender")], "trial", kind="criminal_proceedings", conditions=shut)]), JUDGED)
    assert str(judged.jurisdictions[0].totals.sum.value.low) == "950"
