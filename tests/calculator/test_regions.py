"""Parts of a country inherit its rules and say what they change."""

from __future__ import annotations

from typing import Any

import pytest
from minipack import amounts, head, job, parameter, result, route, rules, since, worked_out

from calculator.engine.result.report import estimate_json
from calculator.errors import CaseError

PARTS: dict[str, Any] = {
    "regions": [{"code": "XX-A", "name": "The A", "changes": ["Wages are higher."]}, {"code": "XX-B", "name": "The B"}],
    "localities": [{"code": "XX-A-C", "region": "XX-A", "name": "C town"}],
}
RULES = rules(
    [
        route([head({"if": {"locality": ["XX-A-C"]}, "then": 3, "else": {"if": {"region": "XX-A"}, "then": 2, "else": 1}})], "all"),
        route([head(50, "funeral")], "only-a", regions=["XX-A"]),
    ],
    [parameter("wage", "EUR/hour", since(10))],
    **PARTS,
)


def act(**facts: Any) -> dict[str, Any]:
    return {"exploitation": [{"country": "XX", **facts}]}


def routes(case: dict[str, Any], code: str = "XX") -> dict[str, str]:
    return {r.route.raw.id: r.status for r in worked_out(RULES, case, code=code).jurisdictions[0].routes}


def test_a_route_of_one_part_holds_only_there() -> None:
    assert routes(act(region="XX-A")) == {"all": "open", "only-a": "open"}
    assert routes(act(region="XX-B"))["only-a"] == "closed"
    assert routes(act())["only-a"] == "uncertain"
    assert routes(act(region="unknown"))["only-a"] == "uncertain"


def test_a_part_may_be_asked_for_by_its_code() -> None:
    assert routes(act(), "XX-A") == {"all": "open", "only-a": "open"}
    assert routes(act(), "XX-B") == {"all": "open"}
    document = estimate_json(worked_out(RULES, act(), code="XX-A"), lambda text: text)["jurisdictions"][0]
    assert document["code"] == "XX-A" and "The A" in document["name"] and document["changes"] == ["Wages are higher."]
    assert amounts(RULES, act(), "all", code="XX-A") == ("2.00", "3.00")


def test_entries_of_another_part_are_left_out_when_one_is_asked_for() -> None:
    wages = rules(
        [route([head({"back_pay": "work"})], pay_rules={"work": {"rates": [{"param": "wage"}]}})],
        [parameter("wage", "EUR/hour", since(10))],
        **PARTS,
    )
    here, there = job(region="XX-A")["work"], job(region="XX-B")["work"]
    assert amounts(wages, {"work": [*here, *there]}, code="XX-A") == ("1600.00", "1600.00")
    assert amounts(wages, {"work": [*here, *there]}) == ("3200.00", "3200.00")
    assert amounts(wages, job(), code="XX-A") == ("1600.00", "1600.00")


def test_conditions_ask_for_the_part_and_the_place() -> None:
    assert amounts(RULES, act(region="XX-B"), "all") == ("1.00", "1.00")
    assert amounts(RULES, {**act(region="XX-A"), **job(locality="XX-A-C")}, "all") == ("3.00", "3.00")
    # In A it may have been in C town; in B it was not.
    assert amounts(RULES, act(region="XX-A"), "all") == ("2.00", "3.00")
    found = result(RULES, act(), "all")
    assert "exploitation[0].region" in found.missing
    # The part of a job says the same as that of the act.
    assert amounts(RULES, job(region="XX-A", locality="declined"), "all") == ("2.00", "3.00")


def test_a_route_of_a_part_that_may_be_another_stays_out_of_the_total() -> None:
    rows = worked_out(RULES, act()).jurisdictions[0].totals.rows
    assert [row.head for row in rows] == ["back_pay"]


def test_a_country_without_rules_is_named() -> None:
    with pytest.raises(CaseError, match="ZZ"):
        worked_out(RULES, act(), code="ZZ")
    with pytest.raises(CaseError, match="names no country"):
        from minipack import ON

        from calculator.case.read import read_case
        from calculator.engine.routes.estimate import estimate

        estimate(read_case({}), RULES, ON)
