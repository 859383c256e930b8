"""The heart of the engine, piece by piece: what values carry along, what is time-barred, how a claim is split by confidence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from minipack import CONDITION, amounts, head, job, parameter, result, route, rules, since

from calculator import quantity
from calculator.quantity import EXCLUDED, NOTHING, Confidence, Value, absent, carry, number, unknown

D = Decimal
OLD, OLDER = date(2025, 1, 1), date(2024, 1, 1)


def value(low: int, high: int | None = None, **more: Any) -> Value:
    return Value(low=D(low), high=None if high is None else D(high), **more)


# -- what a value carries along ------------------------------------------------------------------------------


def test_a_result_takes_the_worst_of_its_inputs_and_nothing_else() -> None:
    secondary = number(1)._replace(rank=Confidence.secondary)
    assert carry(NOTHING, [secondary]).rank == Confidence.secondary
    assert carry(secondary, [number(1)]).rank == Confidence.secondary
    # A figure that is not known says nothing of how sure the sum is.
    assert carry(NOTHING, [unknown("x")._replace(rank=Confidence.unverified)]).rank == Confidence.official
    assert carry(NOTHING, [NOTHING]) is NOTHING
    both = carry(NOTHING, [absent("a"), unknown("g"), number(1)._replace(partial=True)])
    assert (both.missing, both.gaps, both.partial) == ({"a"}, {"g"}, True)
    assert carry(both, [absent("b"), unknown("h")]).missing == {"a", "b"}
    assert carry(both, [absent("b"), unknown("h")]).gaps == {"g", "h"}


def test_a_result_is_as_old_as_its_oldest_figure() -> None:
    old, older = number(1)._replace(stale_since=OLD), number(1)._replace(stale_since=OLDER)
    assert carry(NOTHING, [old, older]).stale_since == OLDER and carry(NOTHING, [older, old]).stale_since == OLDER
    assert carry(old, [number(1)]).stale_since == OLD
    kept = carry(old._replace(typical=D(1)), [absent("a")])
    assert (kept.stale_since, kept.typical) == (OLD, D(1))


def test_the_strongest_reason_for_no_result_is_told() -> None:
    assert quantity.blocked([number(1)]) is None
    assert quantity.add([absent("a"), unknown("g")]).state == "missing"
    assert quantity.times([unknown("g"), EXCLUDED]).state == "unknown"
    assert quantity.times([number(1), EXCLUDED]).state == "excluded"
    assert quantity.divide(absent("a"), number(1)).state == "missing"
    assert quantity.hull([number(1), unknown("g")]).gaps == {"g"}


def test_sums_with_open_ends_and_parts_left_out() -> None:
    assert quantity.add([value(1, 2), value(3, None)]) == value(4, None)
    left_out = quantity.add([value(1, 2), EXCLUDED])
    assert (left_out.low, left_out.high, left_out.partial) == (1, 2, True)
    open_end = quantity.add([value(1, 2), unknown("g")])
    assert (open_end.low, open_end.high, open_end.partial) == (1, None, True)
    assert quantity.add([NOTHING, NOTHING]) == NOTHING


def test_the_better_of_several() -> None:
    assert quantity.greatest([value(1, 9), value(2, 3)]) == value(2, 9)
    with_unknown = quantity.greatest([value(1, 2), unknown("g")])
    assert (with_unknown.low, with_unknown.high, with_unknown.partial) == (1, None, True)
    with_excluded = quantity.greatest([value(1, 2), EXCLUDED])
    assert (with_excluded.low, with_excluded.high, with_excluded.partial) == (1, 2, True)
    assert quantity.better([value(1, 2)]).partial is False
    asked = quantity.better([value(1, 2), absent("a")])
    assert (asked.low, asked.partial, asked.missing) == (1, True, {"a"})
    assert quantity.better([absent("a")]).state == "missing"


def test_the_smallest_of_several_closes_an_open_range() -> None:
    assert quantity.least([value(1, None), value(5, 7)]) == value(1, 7)
    assert quantity.least([value(1, None), value(5, None)]).high is None
    assert quantity.least([value(1, 2), unknown("g")]).state == "unknown"


def test_differences_and_quotients_keep_their_ends() -> None:
    assert quantity.minus(value(10, 20), value(1, 3)) == value(7, 19)
    assert quantity.minus(value(10, 20), value(1, None)).low == D("-Infinity")
    typical = quantity.minus(value(10, 20, typical=D(15)), value(1, 3, typical=D(2)))
    assert typical.typical == 13
    assert quantity.divide(value(10, 20), value(2, 5)) == value(2, 10)
    assert quantity.divide(value(10, None), value(1, 5)).high is None
    assert quantity.divide(value(10, 20), Value(low=D("0.5"), high=None)) == value(0, 40)
    assert quantity.number(3, None).high is None and quantity.number(3).high == 3


@pytest.mark.parametrize(
    ("income", "expected"),
    [
        (value(0, 0), value(100, 100)),
        (value(10, 10), value(100, 100)),
        (value(15, 15), value(50, 50)),
        (value(20, 20), value(0, 0)),
        (value(10, 15), value(50, 100)),
        (value(15, None), value(0, 50)),
    ],
)
def test_an_amount_that_falls_with_income(income: Value, expected: Value) -> None:
    assert quantity.taper(value(100, 100), income, number(10), number(20)) == expected
    open_amount = quantity.taper(value(100, None), income, number(10), number(20))
    assert (open_amount.low, open_amount.high) == (expected.low, None)


def test_limits_of_an_income_band_may_be_ranges() -> None:
    found = quantity.taper(value(100, 100), number(15), value(10, 12), value(18, 20))
    assert (found.low, found.high) == (D(300) / 8, D(500) / 8)
    assert quantity.taper(absent("a"), number(1), number(1), number(2)).state == "missing"


# -- time bars -----------------------------------------------------------------------------------------------

WAGE = parameter("wage", "EUR/hour", since(10))
BARRED = {"rates": [{"param": "wage"}], "not_before": "2026-02-16"}


def claim(case: dict[str, Any], **plan: Any) -> Any:
    return result(
        rules([route([head({"back_pay": "work"}), head({"pay_due": "work"}, "holiday_pay")], pay_rules={"work": {**BARRED, **plan}})], [WAGE]),
        case,
    )


def lines(found: Any) -> list[tuple[str, Decimal, Decimal | None, bool]]:
    return [(line.head.raw.head, line.value.low, line.value.high, line.barred) for line in found.lines]


def test_work_before_the_time_bar_is_shown_beside_and_not_counted() -> None:
    found = claim(job())
    assert lines(found) == [("back_pay", D(800), D(800), True), ("back_pay", D(800), D(800), False), ("holiday_pay", D(800), D(800), False)]
    assert found.gaps == ["barred:2026-02-02:2026-02-15"]
    assert not found.lines[0].counted and found.sum_of("back_pay", Confidence.official).low == 800


def test_a_sum_for_the_whole_job_is_taken_off_in_proportion() -> None:
    assert lines(claim(job(paid=[{"amount": 400, "per": "total"}, {"amount": 100}])))[1][1] == D(800) - D(250)


def test_a_time_bar_that_lies_between_two_days() -> None:
    found = claim(job(), not_before={"plus": {"date": "procedure.report_date", "days": 0}})
    assert lines(found)[0][3] is False
    case = {**job(), "procedure": {"report_date": {"earliest": "2026-02-09", "latest": "2026-02-16"}}}
    assert lines(claim(case, not_before="procedure.report_date"))[:2] == [
        ("back_pay", D(400), D(800), True),
        ("back_pay", D(800), D(1200), False),
    ]


def test_two_jobs_are_added_and_one_that_cannot_be_counted_stops_the_sum() -> None:
    two = {"work": [job()["work"][0], {**job()["work"][0], "start": "2026-03-02", "end": "2026-03-08"}]}
    assert [line[1] for line in lines(claim(two)) if not line[3]] == [D(1200), D(1200)]
    two["work"][1].pop("paid")
    found = claim(two)
    assert "work[1].paid" in found.missing and not [line for line in lines(found) if not line[3]]


def test_the_last_job_is_the_one_that_ended_last() -> None:
    first = {**job()["work"][0], "hours_per_week": 10}
    late = {**job()["work"][0], "start": "2026-03-02", "end": "2026-03-29", "hours_per_week": 20}
    for work in ([first, late], [late, first]):
        week = rules([route([head({"weekly_pay_due": "work"})], pay_rules={"work": {"rates": [{"param": "wage"}]}})], [WAGE])
        assert amounts(week, {"work": work}) == ("200.00", "200.00")


def test_pay_presumed_for_the_last_months_of_an_end_that_is_not_known_takes_each_end_it_may_be() -> None:
    wage = parameter("wage", "EUR/hour", {**since(10), "to": "2025-12-31"}, since(12, "2026-01-01"))
    presumed = head({"presumed_pay": {"rule": "work", "months": 1, "hours_per_week": 12}})
    found = rules([route([presumed], pay_rules={"work": {"rates": [{"param": "wage"}]}})], [wage])

    def of(end: Any) -> tuple[str | None, str | None]:
        return amounts(found, {"work": [{"country": "XX", "start": "2025-06-01", "end": end, "hours_per_week": 40, "paid": []}]})

    old, new = of("2025-12-31"), of("2026-02-28")
    assert old == ("531.43", "531.43") and new == ("576.00", "576.00")
    assert of({"earliest": "2025-12-31", "latest": "2026-02-28"}) == (old[0], "637.71")


def test_pay_presumed_for_months() -> None:
    found = rules(
        [
            route(
                [head({"presumed_pay": {"rule": "work", "months": 3, "hours_per_week": 7}})], pay_rules={"work": {"rates": [{"param": "wage"}]}}
            )
        ],
        [WAGE],
    )
    # Up to the end of the month in which the work ended: 1 February to 30 April, 89 days of an hour each.
    assert amounts(found, job(end="2026-04-10")) == ("890.00", "890.00")
    # Only the first day is known: three months from it.
    assert amounts(found, job(end="unknown")) == ("890.00", "890.00")
    assert amounts(found, {}) == (None, None)


# -- age -----------------------------------------------------------------------------------------------------

BY_AGE = parameter(
    "wage", "EUR/hour", {"from": "2000-01-01", "rows": [{"upto": 17, "value": 4}, {"upto": 20, "value": 6}, {"value": 10}]}, by="age"
)


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ({"birth_date": "2008-02-16"}, ("800.00", "800.00")),  # 18 after two weeks: 2 x 40 x 4 + 2 x 40 x 6
        ({"birth_date": "2008-02-02"}, ("960.00", "960.00")),
        ({"birth_date": "2008-03-02"}, ("640.00", "640.00")),
        ({"birth_date": {"earliest": "2008-02-09", "latest": "2008-02-23"}}, ("720.00", "880.00")),
        ({"birth_date": "2005-02-16"}, ("1280.00", "1280.00")),
        ({"birth_year": 2008}, ("640.00", "960.00")),
        ({"birth_year": "unknown"}, ("640.00", "1600.00")),
        ({}, ("960.00", "1600.00")),
    ],
)
def test_a_birthday_cuts_the_work(person: dict[str, Any], expected: tuple[str, str]) -> None:
    found = rules([route([head({"back_pay": "work"})], pay_rules={"work": {"rates": [{"param": "wage"}]}})], [BY_AGE])
    assert amounts(found, {"person": person, **job()}) == expected


# -- routes --------------------------------------------------------------------------------------------------


def test_new_law_holds_from_its_first_day_to_its_last() -> None:
    new = {
        **CONDITION,
        "id": "new",
        "test": {"always": False},
        "otherwise": "closed",
        "governed_by": "last_act",
        "valid_from": "2025-01-10",
        "valid_to": "2025-01-20",
    }

    def on(day: str) -> Any:
        return result(rules([route([head(1)], conditions=[CONDITION, new])]), {"exploitation": [{"country": "XX", "end": day}]})

    for day, applies in (("2025-01-09", False), ("2025-01-10", True), ("2025-01-20", True), ("2025-01-21", False)):
        found = on(day)
        assert (found.status == "closed") is applies and found.conditions[1].applies is applies
        assert found.conditions[1].condition.raw.id == "new"


def test_a_condition_of_old_law_asks_nothing() -> None:
    test = {"fact": "procedure.cooperates", "is": True}
    old = {**CONDITION, "id": "old", "test": test, "governed_by": "on", "valid_to": "2020-01-01"}
    assert result(rules([route([head(1)], conditions=[CONDITION, old])]), {}).missing == frozenset()


@pytest.mark.parametrize(("usually", "status"), [((True, True), "likely"), ((True, False), "uncertain")])
def test_open_conditions_that_are_usually_met(usually: tuple[bool, bool], status: str) -> None:
    conditions = [
        {**CONDITION, "id": f"c{n}", "test": {"fact": "procedure.cooperates", "is": True}, "usually_met": one} for n, one in enumerate(usually)
    ]
    assert result(rules([route([head(1)], conditions=conditions)]), {}).status == status


def test_a_route_that_waits_says_for_what_first() -> None:
    waits = [{**CONDITION, "id": f"w{n}", "test": {"always": False}, "otherwise": "later", "waits_for": f"Event {n}."} for n in (1, 2)]
    found = result(rules([route([head(1)], conditions=waits)]), {})
    assert (found.status, found.waits_for) == ("later", "Event 1.")


def test_deadlines_that_hold_only_sometimes() -> None:
    limit = {
        "id": "a",
        "rule": "In time.",
        "bars": "remedy",
        "source": "act",
        "date": "act.end",
        "when": {"fact": "procedure.cooperates", "is": True},
    }
    found = rules([route([head(1)], deadlines=[limit])])
    assert result(found, {"procedure": {"cooperates": False}}).deadlines == []
    shown = result(found, {})
    assert len(shown.deadlines) == 1 and "exploitation[0].end" in shown.missing


def test_the_age_of_a_route_is_that_of_its_oldest_figure() -> None:
    stale = [parameter(name, "EUR", since(5, review_by=day)) for name, day in (("a", "2026-01-01"), ("b", "2025-01-01"))]
    found = result(rules([route([head({"param": "a"}), head({"param": "b"}, "funeral"), head(1, "costs")])], stale), {})
    assert found.stale_since == date(2025, 1, 1)
    assert result(rules([route([head(1)])]), {}).stale_since is None


def test_another_route_reads_only_what_counts() -> None:
    month = parameter("month", "EUR/month", since(7))
    low = parameter("low", "EUR", since(40, confidence="unverified", note="Seen once."))
    first = route(
        [
            head(100),
            head(20, "funeral"),
            head({"param": "low"}, "costs"),
            head(9, "moral_harm", beside=True),
            head({"monthly": {"param": "month"}, "from": "on", "until": "open"}, "monthly_compensation"),
        ],
        "first",
    )
    for formula, expected in (({"route": "first"}, "120.00"), ({"route": "first", "head": "funeral"}, "20.00")):
        found = rules([first, route([head(formula, "recovery_advance")], "second")], [month, low])
        second = next(line for line in result(found, {}, "second").lines if line.rank == Confidence.official)
        assert f"{second.value.low:.2f}" == expected
    waiting = rules([route([head("harm.earnings_before")], "first"), route([head({"route": "first"})], "second")])
    assert "harm.earnings_before" in result(waiting, {}, "second").missing
    nothing = rules([route([head(None, "funeral", gap="Nobody knows the sum.")], "first"), route([head({"route": "first"})], "second")])
    assert result(nothing, {}, "second").gaps == ["route"]


def test_a_head_that_may_not_apply() -> None:
    when = {"fact": "procedure.cooperates", "is": True}
    found = rules([route([head(100, when=when)])])
    assert amounts(found, {"procedure": {"cooperates": True}}) == ("100.00", "100.00")
    assert amounts(found, {"procedure": {"cooperates": False}}) == (None, None)
    assert amounts(found, {"procedure": {"cooperates": "unknown"}}) == ("0.00", "100.00")
    never = result(found, {})
    assert never.missing == {"procedure.cooperates"} and never.lines == [] and never.unknown_heads == ["back_pay"]
    gap = rules([route([head(None, gap="No table was found.", when=when)])])
    assert result(gap, {"procedure": {"cooperates": False}}).unknown_heads == []
    assert result(gap, {"procedure": {"cooperates": "unknown"}}).unknown_heads == ["back_pay"]


def test_said_and_not_said() -> None:
    def of(wanted: bool, case: dict[str, Any]) -> tuple[str | None, str | None]:
        rule = {"if": {"fact": "award.exists", "said": wanted}, "then": 5, "else": 1}
        return amounts(rules([route([head(rule)])]), case)

    award = {"procedure": {"awards": [{"country": "XX", "damages": 3}]}}
    assert of(True, award) == ("5.00", "5.00") and of(False, award) == ("1.00", "1.00")
    assert of(True, {"procedure": {"awards": "unknown"}}) == ("1.00", "5.00")
    assert of(True, {}) == ("1.00", "5.00")


@pytest.mark.parametrize(
    ("test", "facts", "expected"),
    [
        ({"fact": "act.forms", "has": ["sexual"]}, {"forms": ["sexual", "labour"]}, "yes"),
        ({"fact": "act.forms", "has": ["sexual"]}, {"forms": ["labour"]}, "no"),
        ({"fact": "act.forms", "has": ["sexual"]}, {"forms": "unknown"}, "open"),
        ({"fact": "act.violence", "has": ["severe"]}, {"violence": ["none"]}, "no"),
        ({"date": "act.end", "before": "2026-01-10"}, {"end": "2026-01-09"}, "yes"),
        ({"date": "act.end", "before": "2026-01-10"}, {"end": "2026-01-10"}, "no"),
        ({"date": "act.end", "on_or_after": "2026-01-10"}, {"end": "2026-01-10"}, "yes"),
        ({"date": "act.end", "after": "2026-01-10"}, {"end": "2026-01-10"}, "no"),
        ({"date": "act.end", "after": "2026-01-10"}, {"end": "2026-01-11"}, "yes"),
        ({"date": "act.end", "by": "2026-01-10"}, {"end": "2026-01-10"}, "yes"),
        ({"date": "act.end", "by": "2026-01-10"}, {"end": "2026-01-11"}, "no"),
        ({"date": "act.end", "by": "2026-01-10"}, {"end": {"earliest": "2026-01-10", "latest": "2026-01-11"}}, "open"),
        ({"date": "act.end", "before": "2026-01-10"}, {"end": {"earliest": "2026-01-09", "latest": "2026-01-10"}}, "open"),
        ({"value": "act.offender_proceeds", "over": 5}, {"offender_proceeds": {"amount": 5}}, "no"),
        ({"value": "act.offender_proceeds", "at_most": 5}, {"offender_proceeds": {"amount": 5}}, "yes"),
        ({"value": "act.offender_proceeds", "under": 5}, {"offender_proceeds": {"amount": 5}}, "no"),
        ({"value": "act.offender_proceeds", "at_least": 5}, {"offender_proceeds": {"amount": 5}}, "yes"),
        ({"value": "act.offender_proceeds", "at_least": 5}, {"offender_proceeds": {"amount": {"low": 4, "high": 6}}}, "open"),
        ({"value": "act.offender_proceeds", "over": 5}, {"offender_proceeds": {"amount": {"low": 6, "high": 9}}}, "yes"),
        (
            {"any": [{"fact": "act.forms", "has": ["sexual"]}, {"fact": "act.debt_bondage", "is": True}]},
            {"forms": ["labour"], "debt_bondage": True},
            "yes",
        ),
        ({"any": [{"fact": "act.forms", "has": ["sexual"]}, {"fact": "act.debt_bondage", "is": True}]}, {"forms": ["labour"]}, "open"),
        ({"all": [{"fact": "act.forms", "has": ["sexual"]}, {"fact": "act.debt_bondage", "is": True}]}, {"forms": ["labour"]}, "no"),
        ({"not": {"fact": "act.debt_bondage", "is": True}}, {"debt_bondage": False}, "yes"),
        ({"not": {"fact": "act.debt_bondage", "is": True}}, {}, "open"),
    ],
)
def test_every_kind_of_condition(test: dict[str, Any], facts: dict[str, Any], expected: str) -> None:
    rule = {"if": test, "then": 5, "else": 1}
    found = amounts(rules([route([head(rule)])]), {"exploitation": [{"country": "XX", **facts}]})
    assert found == {"yes": ("5.00", "5.00"), "no": ("1.00", "1.00"), "open": ("1.00", "5.00")}[expected]


@pytest.mark.parametrize(
    ("birth", "expected"), [("2008-01-10", "adult"), ("2008-01-11", "child"), ("2008", "open"), ("1990", "adult"), ("2012", "child")]
)
def test_the_age_on_a_day(birth: str, expected: str) -> None:
    rule = {"if": {"age_at": "act.start", "under": 18}, "then": 5, "else": 1}
    case = {"person": {"birth_date": birth}, "exploitation": [{"country": "XX", "start": "2026-01-10"}]}
    found = amounts(rules([route([head(rule)])]), case)
    assert found == {"child": ("5.00", "5.00"), "adult": ("1.00", "1.00"), "open": ("1.00", "5.00")}[expected]
    other = {"if": {"age_at": "act.start", "at_least": 18}, "then": 1, "else": 5}
    assert amounts(rules([route([head(other)])]), case) == found
