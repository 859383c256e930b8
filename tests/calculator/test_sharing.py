"""What is worked out once for many comes to what each would come to alone (test_packs.py compares it over all examples)."""

from __future__ import annotations

import gc
import weakref
from decimal import Decimal
from typing import Any

import pytest
from minipack import ON, amounts, head, job, parameter, result, route, rules, since, worked_out

from calculator.case.read import read_case
from calculator.engine.figures.parameters import DatedParameter
from calculator.engine.language.expressions import (
    CONDITIONS,
    DAYS,
    OPERATIONS,
    compile_condition,
    compile_day,
    compile_value,
    condition,
    day,
    operation,
)
from calculator.engine.language.needs import Looks
from calculator.engine.language.run import Day
from calculator.engine.language.scope import Scope
from calculator.engine.language.sharing import texts_said_again
from calculator.engine.routes.estimate import estimate
from calculator.engine.work import back_pay, ledger
from calculator.packs.load import Rules
from calculator.quantity import Confidence

FEE, TAX = parameter("fee", "EUR", since(100)), parameter("tax", "EUR", since(20))
BOTH = {"sum": [{"param": "fee"}, {"param": "tax"}]}


def test_what_is_written_twice_at_any_depth_is_known_as_such() -> None:
    assert texts_said_again([{"a": {"x": 1}, "b": [{"x": 1}, {"y": 2}]}, {"z": {"y": 3}}]) == {repr({"x": 1})}


def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    original = DatedParameter.look_up

    def noted(self: DatedParameter, *given: Any) -> Any:
        names.append(self.id)
        return original(self, *given)

    monkeypatch.setattr(DatedParameter, "look_up", noted)
    return names


def test_two_routes_that_write_the_same_look_it_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found = rules([route([head(BOTH)]), route([head(BOTH)], name="other")], [FEE, TAX])
    names = looked_up(monkeypatch)
    assert amounts(found, {}) == amounts(found, {}, name="other") == ("120.00", "120.00")
    names.clear()
    worked_out(found, {})
    assert sorted(names) == ["fee", "tax"]
    names.clear()
    worked_out(found, {}, trace=True)
    assert sorted(names) == ["fee", "fee", "tax", "tax"]


RENT, FARE = parameter("rent", "EUR", since(30, confidence="secondary")), parameter("fare", "EUR", since(5, confidence="derived"))


def lines_of(found: Rules, name: str) -> list[tuple[str, Any]]:
    return [(line.rank.name, line.value.low) for line in result(found, {}, name).lines]


def test_a_value_is_kept_apart_for_each_confidence() -> None:
    unsure = {"sum": [{"param": "fee"}, {"param": "rent"}]}
    found = rules([route([head(unsure)]), route([head(unsure)], name="other")], [FEE, RENT])
    for name in ("claim", "other"):
        assert lines_of(found, name) == [("official", 100), ("secondary", 30)]


def test_what_is_kept_adds_its_confidences_to_those_seen_before() -> None:
    mixed = {"sum": [{"param": "fare"}, BOTH, {"param": "rent"}]}
    found = rules([route([head(BOTH)]), route([head(mixed)], name="other")], [FEE, TAX, FARE, RENT])
    assert lines_of(found, "other") == [("official", 120), ("derived", 5), ("secondary", 30)]


def test_names_of_a_route_mean_what_that_route_says() -> None:
    part = {"times": [{"days": {"from": "first", "to": "on"}}, {"param": "fee"}]}
    found = rules([route([head(part)], dates={"first": "2026-06-30"}), route([head(part)], name="other", dates={"first": "2026-06-29"})], [FEE])
    assert (amounts(found, {})[0], amounts(found, {}, name="other")[0]) == ("100.00", "200.00")


def test_the_day_a_route_was_claimed_on_is_its_own() -> None:
    part = {"times": [{"days": {"from": "application", "to": "on"}}, {"param": "fee"}]}
    found = rules([route([head(part)]), route([head(part)], name="other")], [FEE])
    filed = {"procedure": {"claims": [{"route": "other", "filed": "2026-06-28"}]}}
    assert (amounts(found, filed)[0], amounts(found, filed, name="other")[0]) == ("100.00", "300.00")


def test_a_step_means_what_its_head_says() -> None:
    doubled = {"sum": ["base", "base"]}
    heads = [head(doubled, steps={"base": 5}), head(doubled, name="material_loss", steps={"base": 7})]
    assert amounts(rules([route(heads)]), {}) == ("24.00", "24.00")


def test_a_figure_of_each_day_is_that_of_its_day() -> None:
    rent = parameter("rent", "EUR/month", since(10, to="2026-05-31"), since(30, "2026-06-01"))
    monthly = {"arrears": {"param": "rent", "at": "each_day"}, "from": "2026-05-01"}
    assert amounts(rules([route([head(monthly)]), route([head(monthly)], name="other")], [rent]), {}) == ("40.00", "40.00")


def test_a_claim_of_which_nothing_is_sure_enough_is_not_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    passes: list[Confidence] = []
    original = back_pay.ledger
    monkeypatch.setattr(back_pay, "ledger", lambda job, ctx, *given: (passes.append(ctx.least_sure), original(job, ctx, *given))[1])
    wage = parameter("wage", "EUR/hour", since(10, confidence="secondary"))
    plan = {"work": {"rates": [{"param": "wage"}]}}
    found = rules([route([head({"sum": [{"back_pay": "work"}, {"param": "fee"}]})], pay_rules=plan)], [wage, FEE])
    lines = [(line.rank, line.value.low) for line in result(found, job()).lines]
    # 160 hours x 10, and a fee that is sure without them.
    assert lines == [(Confidence.official, 100), (Confidence.secondary, 1600)]
    assert passes == [Confidence.unverified]


def test_of_two_rates_the_surer_stands_alone() -> None:
    wages = [parameter("wage", "EUR/hour", since(10, confidence="secondary")), parameter("least", "EUR/hour", since(8))]
    plan = {"work": {"rates": [{"param": "wage"}, {"param": "least"}]}}
    found = result(rules([route([head({"back_pay": "work"})], pay_rules=plan)], wages), job())
    assert [(line.rank, line.value.low) for line in found.lines] == [(Confidence.official, 1280), (Confidence.secondary, 320)]


def test_a_month_whose_rate_is_not_sure_enough_leaves_the_others() -> None:
    wage = parameter("wage", "EUR/hour", since(10, to="2026-02-15"), since(20, "2026-02-16", confidence="secondary"))
    plan = {"work": {"rates": [{"param": "wage"}]}}
    found = result(rules([route([head({"back_pay": "work"})], pay_rules=plan)], [wage]), job())
    # Two weeks of 40 hours at each rate.
    assert [(line.rank, line.value.low) for line in found.lines] == [(Confidence.official, 800), (Confidence.secondary, 1600)]


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_jobs_the_one_whose_rate_is_sure_stands_alone(turned: bool) -> None:
    wage = parameter("wage", "EUR/hour", since(10, to="2026-02-15"), since(20, "2026-02-16", confidence="secondary"))
    plan = {"work": {"rates": [{"param": "wage"}]}}
    jobs = [*job(end="2026-02-15")["work"], *job(start="2026-02-16")["work"]]
    case = {"work": jobs[::-1] if turned else jobs}
    found = result(rules([route([head({"back_pay": "work"})], pay_rules=plan)], [wage]), case)
    assert [(line.rank, line.value.low) for line in found.lines] == [(Confidence.official, 800), (Confidence.secondary, 1600)]


def test_a_stricter_pass_works_out_only_what_less_sure_figures_came_into(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three months the rate of one is not sure; of another the factor of overtime is not."""
    wage = parameter(
        "wage", "EUR/hour", since(10, to="2026-01-31"), since(20, "2026-02-01", to="2026-02-28", confidence="secondary"), since(30, "2026-03-01")
    )
    more = parameter("more", "number", since("1.5", to="2026-02-28"), since(2, "2026-03-01", confidence="derived"))
    plan = {"work": {"rates": [{"param": "wage"}], "overtime": [{"over": 40, "factor": {"param": "more", "at": "each_day"}}]}}
    found = rules([route([head({"back_pay": "work"})], pay_rules=plan)], [wage, more])
    worked: list[tuple[str, Confidence]] = []
    original = ledger.amounts
    monkeypatch.setattr(
        ledger, "amounts", lambda job, ctx, cut, end: (worked.append((cut.first.isoformat(), ctx.least_sure)), original(job, ctx, cut, end))[1]
    )
    lines = [(line.rank, line.value.low) for line in result(found, job(start="2026-01-05", end="2026-03-29", hours_per_week=42)).lines]
    # January: 27 days of 43 counted hours a week at 10. March: 29 days at 30, of which the two hours of overtime wait for their factor.
    # February: four weeks of 43 counted hours at 20.
    assert [rank for rank, _ in lines] == [Confidence.official, Confidence.derived, Confidence.secondary]
    assert [round(low, 10) for _, low in lines] == [
        round(Decimal(43 * 27 * 10 + 40 * 29 * 30) / 7, 10),
        round(Decimal(4 * 29 * 30) / 7, 10),
        43 * 4 * 20,
    ]
    months = ["2026-01-05", "2026-02-01", "2026-03-01"]
    # March again without its factor; nothing else.
    assert worked == [*((month, Confidence.unverified) for month in months), ("2026-03-01", Confidence.official)]


def test_two_pay_rules_of_one_route_are_two_claims() -> None:
    plans = {name: {"rates": [{"param": name}]} for name in ("wage", "least")}
    wages = [parameter("wage", "EUR/hour", since(10)), parameter("least", "EUR/hour", since(8))]
    heads = [head({"back_pay": "wage"}), head({"back_pay": "least"}, name="overtime")]
    found = result(rules([route(heads, pay_rules=plans)], wages), job())
    assert [line.value.low for line in found.lines] == [1600, 1280]


def test_a_figure_that_only_sets_a_day_asks_for_no_pass_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    years = parameter("years", "year", since(1, confidence="secondary"))
    wage = parameter("wage", "EUR/hour", since(10))
    plan = {"work": {"rates": [{"param": "wage"}], "not_before": {"minus": {"date": "on", "years": {"param": "years"}}}}}
    found = result(rules([route([head({"back_pay": "work"})], pay_rules=plan)], [wage, years]), job())
    assert [(line.rank, line.value.low) for line in found.lines] == [(Confidence.official, 1600)]


def test_an_estimate_that_is_let_go_leaves_nothing_behind() -> None:
    """Else thousands of small values an estimate wait for the collector."""
    gc.collect()
    gc.disable()
    try:
        found = estimate(read_case(job()), rules([route([head(BOTH)])], [FEE, TAX]), ON, ["XX"], trace=False)
        facts = weakref.ref(found.jurisdictions[0].facts)
        del found
        assert facts() is None
    finally:
        gc.enable()


def test_a_word_that_does_not_say_what_it_looks_at_cannot_be_registered() -> None:
    for register in (operation, condition, day):
        with pytest.raises(TypeError, match="looks"):
            register("forgotten")


def test_every_word_of_the_language_says_what_it_looks_at() -> None:
    assert len(OPERATIONS) > 35 and len(CONDITIONS) == 11 and len(DAYS) == 13
    for words in (OPERATIONS, CONDITIONS, DAYS):
        assert all(isinstance(word.looks, Looks) for word in words.values())


def looks(raw: Any, kind: Any = compile_value) -> Looks:
    pack = next(iter(rules([route([head(1)])], [FEE, TAX]).packs.values()))
    scope = Scope(file="x", field="x", currency="EUR", parameters=dict(pack.parameters), route="x", steps={"step": None}, heads={"wages": None})
    scope.dates["own_day"] = lambda ctx: Day(None)
    kind(raw, scope)
    return scope.needs.looks


def test_what_an_expression_needs_is_what_its_parts_need_at_any_depth() -> None:
    deep = lambda inner: {"sum": [1, {"if": {"value": {"minus": [3, inner]}, "over": 2}, "then": 1, "else": 2}]}  # noqa: E731
    assert looks(deep({"param": "fee"})) == Looks.OPERANDS
    assert looks(deep("step")) == Looks.HEAD
    assert looks(deep({"head": "wages"})) == Looks.HEAD
    assert looks(deep({"param": "fee", "at": "each_day"})) == Looks.HEAD
    assert looks(deep({"param": "fee", "at": "application"})) == Looks.CLAIM
    assert looks(deep({"param": "fee", "at": "own_day"})) == Looks.ROUTE
    assert looks(deep({"received": {"same_route": True}})) == Looks.ROUTE | Looks.CASE
    assert looks(deep({"received": {}})) == Looks.CASE
    assert looks({"date": "claim.decided", "by": "on"}, compile_condition) == Looks.ROUTE
    assert looks({"extended_by_prevention": "act.end"}, compile_day) == Looks.CASE


def test_a_word_inside_a_name_or_a_text_makes_nothing_the_heads_own() -> None:
    """What was decided by looking for words in a text: a tariff that is called "head", a reason that says "monthly"."""
    assert looks({"unknown": "back_pay"}) == Looks.OPERANDS
    assert looks({"sum": [1, {"unknown": "monthly"}]}) == Looks.OPERANDS
