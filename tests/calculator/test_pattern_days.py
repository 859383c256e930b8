"""Where it is known which days were worked, part of a week counts what was worked of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from minipack import amounts, head, job, parameter, result, route, rules, since

from calculator.engine.facts.job_time import WEEK, hours_between, hours_of_days

MON_TO_WED: dict[str, Any] = {"mon": ["08:00-16:00"], "tue": ["08:00-16:00"], "wed": ["08:00-16:00"]}
WAGE = parameter("wage", "EUR/hour", since(10))


def pay(case: dict[str, Any], *more: dict[str, Any], **plan: Any) -> str | None:
    plan.setdefault("rates", [{"param": "wage"}])
    low, high = amounts(rules([route([head({"back_pay": "work"})], pay_rules={"work": plan})], [WAGE, *more]), case)
    assert low == high
    return low


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-02-02", "2026-02-15", 48),  # two whole weeks
        ("2026-02-02", "2026-02-11", 48),  # a week, and the three days of the next
        ("2026-02-02", "2026-02-03", 16),  # Monday and Tuesday
        ("2026-02-05", "2026-02-08", 0),  # Thursday to Sunday
        ("2026-02-04", "2026-02-10", 24),  # Wednesday, and Monday and Tuesday
    ],
)
def test_the_days_of_a_pattern_count_that_were_worked(start: str, end: str, hours: int) -> None:
    assert pay(job(start=start, end=end, hours_per_week=None, pattern=MON_TO_WED)) == f"{hours * 10}.00"


def test_weekly_hours_beside_a_pattern_are_those_of_its_days() -> None:
    # 30 hours a week on three days: ten on Monday, ten on Tuesday.
    assert pay(job(start="2026-02-02", end="2026-02-03", hours_per_week=30, pattern=MON_TO_WED)) == "200.00"
    # Without a pattern nobody knows which days they were.
    assert pay(job(start="2026-02-02", end="2026-02-03", hours_per_week=35)) == "100.00"


def test_a_part_of_a_week_is_no_week_of_overtime() -> None:
    long_days = {day: ["08:00-22:00"] for day in ("mon", "tue", "wed")}
    overtime = [{"over": 40, "factor": "1.5"}]
    # A week of 42 hours counts 43; two days of three count two thirds of it.
    assert pay(job(start="2026-02-02", end="2026-02-08", hours_per_week=None, pattern=long_days), overtime=overtime) == "430.00"
    assert pay(job(start="2026-02-02", end="2026-02-03", hours_per_week=None, pattern=long_days), overtime=overtime) == "286.67"


def test_premiums_of_a_stretch_without_work_are_nothing() -> None:
    rises = parameter("rises", "EUR/hour", since(10, to="2026-02-04"), since(20, "2026-02-05"))
    night = [{"for": "night", "between": ["23:00", "06:00"], "add": "0.5"}]
    case = job(start="2026-02-02", end="2026-02-08", hours_per_week=None, pattern=MON_TO_WED)
    assert pay(case, rises, rates=[{"param": "rises"}], premiums=night) == "240.00"


def test_where_pay_goes_by_the_month_a_part_of_it_is_what_was_worked_of_it() -> None:
    monthly = {"pay_period": "month", "weeks_per_month": 4}
    # February 2026 has four weeks: 96 hours. Of March, with 14 days of work (five Mondays and Tuesdays, four Wednesdays), two were worked.
    assert pay(job(start="2026-02-01", end="2026-02-28", hours_per_week=None, pattern=MON_TO_WED), **monthly) == "960.00"
    assert pay(job(start="2026-03-01", end="2026-03-03", hours_per_week=None, pattern=MON_TO_WED), **monthly) == "137.14"
    # Parts that are as long and begin on the same day of the week, but not on the same day of the month, are not alike.
    whole = pay(job(start="2026-01-05", end="2026-04-05", hours_per_week=None, pattern=MON_TO_WED), **monthly)
    # January: 12 of 12 days of work; April: one of 13.
    assert whole == f"{Decimal(960) * (1 + 1 + 1) + Decimal(960) / 13:.2f}"


def test_months_of_one_length_that_begin_on_other_days_are_not_alike() -> None:
    case = job(start="2026-01-01", end="2026-03-31", hours_per_week=None, pattern=MON_TO_WED, paid=[{"amount": 0, "per": "month"}])
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(90)]
    assert pay(case) == f"{sum(day.weekday() < 3 for day in days) * 80}.00"


@given(start=st.dates(date(2020, 1, 1), date(2030, 1, 1)), count=st.integers(1, 400), longer=st.sets(st.integers(0, 6)))
def test_hours_between_two_days_are_those_of_each_day(start: date, count: int, longer: set[int]) -> None:
    of_days = tuple(Decimal(8 if n in longer else n) for n in range(7))
    days = [start + timedelta(days=n) for n in range(count)]
    assert hours_between(of_days, start, days[-1]) == sum(of_days[day.weekday()] for day in days)


def test_a_span_over_midnight_belongs_to_the_day_it_began() -> None:
    assert hours_of_days({"sun": ["20:00-04:00"]}) == (0, 0, 0, 0, 0, 0, 8)
    assert WEEK[date(2026, 2, 2).weekday()] == "mon"


def test_a_week_of_a_pattern_is_its_week() -> None:
    plan = {"work": {"rates": [{"param": "wage"}]}}
    found = result(rules([route([head({"weekly_pay_due": "work"})], pay_rules=plan)], [WAGE]), job(hours_per_week=None, pattern=MON_TO_WED))
    assert found.lines[0].value.low == 240
