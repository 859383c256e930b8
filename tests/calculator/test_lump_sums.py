"""Pay told as one sum counts in the days it was for, as if it had been told by the week."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from minipack import ON as DAY
from minipack import head, job, parameter, result, route, rules, since, worked_out

from calculator.api import default_rules
from calculator.case.read import read_case
from calculator.engine.routes.estimate import estimate

RULES = default_rules()
ON = date(2026, 6, 30)

jobs = st.fixed_dictionaries(
    {
        "start": st.dates(date(2021, 1, 1), date(2024, 6, 1)),
        "weeks": st.integers(2, 60),
        "before": st.integers(0, 20),
        "after": st.integers(0, 20),
        "hours": st.integers(20, 60),
        "birth": st.dates(date(1985, 1, 1), date(2008, 1, 1)),
        # So little that no week gets more than was due.
        "paid": st.decimals(0, 40, places=2),
    }
)


def told(country: str, plan: dict[str, Any], payment: dict[str, Any]) -> dict[str, Any]:
    """A job that may have begun before, and gone on after, the weeks for which something was paid."""
    first = plan["start"] + timedelta(weeks=plan["before"])
    last = first + timedelta(weeks=plan["weeks"], days=-1)
    end = last + timedelta(weeks=plan["after"])
    work = {
        "country": country,
        "start": plan["start"].isoformat(),
        "end": end.isoformat(),
        "hours_per_week": plan["hours"],
        "paid": [{**payment, "from": first.isoformat(), "to": last.isoformat()}],
        "permit_to_work": True,
        "employer_kind": "company",
        "accommodation": {"provided": False},
    }
    return {"person": {"birth_date": plan["birth"].isoformat()}, "exploitation": [{"country": country, "forms": ["labour"]}], "work": [work]}


def arrears(country: str, case: dict[str, Any]) -> dict[str, list[tuple[Any, ...]]]:
    """Every line of every route."""
    found = estimate(read_case(case), RULES, ON, [country], trace=False)
    figure = lambda amount: None if amount is None else round(amount, 6)  # noqa: E731
    return {
        r.route.raw.id: [(line.head.raw.head, line.rank, figure(line.value.low), figure(line.value.high), line.barred) for line in r.lines]
        for r in found.jurisdictions[0].routes
    }


@pytest.mark.parametrize("country", sorted(RULES.packs))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=jobs)
def test_told_by_the_week_or_in_total_the_arrears_are_the_same(country: str, plan: dict[str, Any]) -> None:
    by_week = {"amount": str(plan["paid"]), "per": "week"}
    in_total = {"amount": str(plan["paid"] * plan["weeks"]), "per": "total"}
    assert arrears(country, told(country, plan, in_total)) == arrears(country, told(country, plan, by_week))


WAGE = parameter("wage", "EUR/hour", since(10, to="2026-02-15"), since(20, "2026-02-16"))
RISEN = parameter("wage", "EUR/hour", since(10, to="2026-05-31"), since(20, "2026-06-01"))
#: Work before 16 February is too old.
BARRED = {"rates": [{"param": "wage"}], "not_before": "2026-02-16"}
PLAIN = {"rates": [{"param": "wage"}]}
UPRATED = {"rates": [{"param": "wage"}], "uprate": {"param": "wage", "at": "on"}}


def unpaid(case: dict[str, Any], rule: dict[str, Any] = PLAIN, wage: dict[str, Any] = WAGE) -> tuple[Decimal, Decimal | None]:
    """What is unpaid of four weeks of 40 hours, of which the first two are due at 10, the last two at 20."""
    found = result(rules([route([head({"back_pay": "work"})], pay_rules={"work": rule})], [wage]), case, on=DAY)
    (line,) = [line for line in found.lines if not line.barred]
    high = line.value.high
    return round(line.value.low, 6), None if high is None else round(high, 6)


def of(*paid: dict[str, Any], **facts: Any) -> dict[str, Any]:
    return job(paid=list(paid), **facts)


def test_a_sum_is_taken_off_before_arrears_are_uprated() -> None:
    # 1600 less 400, at twice the rate of then; taken off afterwards it would be 2800.
    assert unpaid(of({"amount": 400, "per": "total"}), UPRATED, RISEN) == (2400, 2400)


def test_of_a_sum_only_the_part_for_days_that_can_be_claimed_is_taken_off() -> None:
    assert unpaid(of({"amount": 400}), BARRED) == (1400, 1400)
    early, late = {"from": "2026-02-02", "to": "2026-02-15"}, {"from": "2026-02-16", "to": "2026-03-01"}
    assert unpaid(of({"amount": 400, **early}), BARRED) == (1600, 1600)
    assert unpaid(of({"amount": 400, **late}), BARRED) == (1200, 1200)
    # With one day told, the other is that of the job.
    assert unpaid(of({"amount": 400, "from": "2026-02-16"}), BARRED) == (1200, 1200)
    assert unpaid(of({"amount": 400, "to": "2026-02-15"}), BARRED) == (1600, 1600)


def test_what_a_sum_leaves_over_pays_the_other_days_of_the_same_sum_once() -> None:
    # 800 is due for the first two weeks and 1600 for the last two. Of 2000, 200 is left over in the first.
    assert unpaid(of({"amount": 2000, "per": "total"})) == (400, 400)
    # By the week, what was too much in one week pays for no other.
    assert unpaid(of({"amount": 500, "per": "week"})) == (600, 600)
    # More than everything leaves nothing, and a second sum finds nothing to pay.
    assert unpaid(of({"amount": 2400}, {"amount": 100})) == (0, 0)
    # Told for the first two weeks alone, the rest pays nothing else.
    assert unpaid(of({"amount": 2000, "from": "2026-02-02", "to": "2026-02-15"})) == (1600, 1600)


def test_two_sums_for_the_same_days_pay_twice_as_much_and_no_more() -> None:
    assert unpaid(of({"amount": 500}, {"amount": 300, "per": "total"})) == (1600, 1600)
    # The first sum leaves nothing over, the second 400 in the first two weeks, which pays the last two: 1600 - 400 - 600 - 400.
    assert unpaid(of({"amount": 800}, {"amount": 1200})) == (400, 400)
    # What came by the week counts first.
    assert unpaid(of({"amount": 300, "per": "week"}, {"amount": 800})) == (400, 400)


def test_what_is_left_over_in_days_too_old_stays_there() -> None:
    # Of 2000, 1000 is for the last two weeks, as if 500 had come by the week.
    assert unpaid(of({"amount": 2000, "per": "total"}), BARRED) == (600, 600)


def test_days_away_get_no_part_of_a_sum() -> None:
    away = {"start": "2026-02-16", "end": "2026-02-22"}
    # Three weeks of work, 400 + 400 + 800; the last is one of three.
    assert unpaid(of({"amount": 300}, absences=[away]), BARRED) == (700, 700)
    # Absences that overlap are days away once, and hours away are no days.
    assert unpaid(of({"amount": 300}, absences=[away, {"start": "2026-02-20", "end": "2026-02-22"}]), BARRED) == (700, 700)
    assert unpaid(of({"amount": 400}, absences=[{**away, "hours": 10}]), BARRED) == (1200, 1200)
    # Hours fixed for the whole job are spread over all its days, and so is the sum.
    assert unpaid(of({"amount": 400}, absences=[away], hours_total=160), BARRED) == (1400, 1400)
    # Away on every day that a sum was for: it was for the others.
    assert unpaid(of({"amount": 300, "from": "2026-02-16", "to": "2026-02-22"}, absences=[away]), BARRED) == (700, 700)


def test_a_sum_for_days_without_work_is_one_for_the_job() -> None:
    assert unpaid(of({"amount": 400, "from": "2026-04-01", "to": "2026-04-30"}), BARRED) == (1400, 1400)


def test_an_amount_or_a_day_that_is_not_sure_leaves_both_ends_standing() -> None:
    assert unpaid(of({"amount": {"low": 200, "high": 400}}), BARRED) == (1400, 1500)
    late = {"from": "2026-02-16", "to": "2026-03-01"}
    # Nobody knows how much it was: nothing is sure of the days it was for, all of the others.
    assert unpaid(of({"amount": "unknown", **late})) == (800, 2400)
    # For the last four, three, two or one weeks.
    vague = {"from": {"earliest": "2026-02-02", "latest": "2026-02-23"}, "to": "2026-03-01"}
    assert unpaid(of({"amount": 400, **vague}), BARRED) == (1200, 1400)
    vague = {"from": "2026-02-02", "to": {"earliest": "2026-02-15", "latest": "2026-03-01"}}
    assert unpaid(of({"amount": 400, **vague}), BARRED) == (1400, 1600)


def test_where_more_may_be_due_than_is_known_no_sum_leaves_anything_over() -> None:
    """The upper end stays open; the lower one counts on nothing more."""
    open_end = parameter("wage", "EUR/hour", {"from": "2000-01-01", "low": 10, "to": "2026-02-15"}, since(20, "2026-02-16"))
    assert unpaid(of({"amount": 2000}), wage=open_end) == (400, None)


def test_interest_and_shares_are_those_of_what_a_sum_left_unpaid() -> None:
    heads = [
        head({"interest": "work", "rate": [10], "from": "2025-06-30", "until": "2026-06-30"}, name="interest"),
        head({"share_of_unpaid": "work", "share": 1}, name="liquidated_damages"),
    ]
    found = result(rules([route(heads, pay_rules={"work": PLAIN})], [WAGE]), of({"amount": 2000}))
    unpaid_by_share = found.lines[1].value.low
    assert unpaid_by_share == 400
    # The last day of each instalment decides; all of the 400 is left of the second half of February and 1 March.
    assert 0 < found.lines[0].value.low < 400 * Decimal("0.1")


def test_pay_that_the_law_presumes_counts_a_sum_too() -> None:
    presumed = {"presumed_pay": {"rule": "work", "months": 1, "hours_per_week": 40}}
    found = result(rules([route([head(presumed)], pay_rules={"work": PLAIN})], [WAGE]), of({"amount": 300}, end="2026-02-28"))
    whole = result(rules([route([head(presumed)], pay_rules={"work": PLAIN})], [WAGE]), of(end="2026-02-28"))
    assert round(whole.lines[0].value.low - found.lines[0].value.low, 6) == 300


@pytest.mark.parametrize(
    ("start", "end", "most", "least"),
    [
        ("2025-11-01", "2026-01-31", 0, 0),  # all for other months than the presumed one
        ("2026-03-01", "2026-03-31", 0, 0),
        ("2026-01-18", "2026-02-28", 200, 200),  # 28 of 42 days
        ("2026-02-01", "2026-02-28", 300, 300),
        ("2026-01", "2026-02-14", 280, Decimal("93.333333")),  # 14 of 15 to 45 days
    ],
)
def test_months_that_the_law_presumes_are_not_reduced_by_pay_for_others(start: str, end: str, most: Decimal, least: Decimal) -> None:
    presumed = {"presumed_pay": {"rule": "work", "months": 1, "hours_per_week": 40}}
    pack = rules([route([head(presumed)], pay_rules={"work": PLAIN})], [WAGE])
    whole, found = (result(pack, of(*paid, end="2026-02-28")) for paid in ([], [{"amount": 300, "from": start, "to": end}]))
    low, high = (round(getattr(whole.lines[0].value, side) - getattr(found.lines[0].value, side), 6) for side in ("low", "high"))
    assert (low, high) == (most, least)


def test_the_trace_says_what_a_sum_left_open_elsewhere() -> None:
    found = rules([route([head({"back_pay": "work"})], pay_rules={"work": PLAIN})], [WAGE])
    (line,) = worked_out(found, of({"amount": 2000}), trace=True).jurisdictions[0].routes[0].lines
    moved = [entry for entry in line.trace if "still_open" in entry.inputs]
    # 200 of the first two weeks pays for the last two, which left 600 open.
    assert [(entry.step, round(entry.inputs["still_open"], 6), round(entry.value.low, 6)) for entry in moved] == [
        ("2026-02-02..2026-02-15", Decimal("0.666667"), 0),
        ("2026-02-16..2026-03-01", Decimal("0.666667"), 400),
    ]


def test_hours_of_a_whole_job_are_no_week() -> None:
    found = result(
        rules([route([head({"weekly_pay_due": "work"})], pay_rules={"work": PLAIN})], [WAGE]), of(hours_per_week=None, hours_total=100)
    )
    assert (found.lines, found.gaps) == ([], ["weekly_hours"])
