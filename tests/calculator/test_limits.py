"""How large a case may be: real large cases pass, and each limit is one step away from an error that names it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from calculator.api import default_rules
from calculator.case.limits import LONGEST_TEXT, MOST_ENTRIES, MOST_JURISDICTIONS, MOST_OF, MOST_VALUES, MOST_YEARS, MOST_YEARS_OF_WORK
from calculator.case.read import read_case, read_json, read_yaml
from calculator.engine.routes.estimate import estimate
from calculator.errors import CaseError

ON = date(2026, 6, 30)


def periods(count: int, days: int) -> list[dict[str, Any]]:
    first = date(2016, 6, 1)
    return [
        {
            "country": "GB",
            "hours_per_week": 50,
            "paid": [{"amount": "50", "per": "week"}],
            "accommodation": {"provided": False},
            "start": (first + timedelta(days=days * n)).isoformat(),
            "end": (first + timedelta(days=days * (n + 1) - 1)).isoformat(),
        }
        for n in range(count)
    ]


@pytest.mark.parametrize(("count", "days"), [(100, 36), (200, 18), (MOST_OF["work"], 7)])
def test_large_real_cases_are_worked_out(count: int, days: int) -> None:
    case = {"person": {"birth_date": "1990-01-01"}, "exploitation": [{"country": "GB", "forms": ["labour"]}], "work": periods(count, days)}
    found = estimate(read_case(case), default_rules(), ON, ["GB"], trace=False)
    assert found.jurisdictions[0].totals.sum.value.low > 0


def one_job(**facts: Any) -> dict[str, Any]:
    return {"work": [{"country": "DE", **facts}]}


@pytest.mark.parametrize(
    ("within", "beyond", "fact"),
    [
        ({"work": [{}] * MOST_OF["work"]}, {"work": [{}] * (MOST_OF["work"] + 1)}, "work"),
        ({"exploitation": [{}] * MOST_ENTRIES}, {"exploitation": [{}] * (MOST_ENTRIES + 1)}, "exploitation"),
        (one_job(paid=[{}] * MOST_OF["work[].paid"]), one_job(paid=[{}] * (MOST_OF["work[].paid"] + 1)), "work[0].paid"),
        (one_job(deductions=[{}] * MOST_ENTRIES), one_job(deductions=[{}] * (MOST_ENTRIES + 1)), "work[0].deductions"),
        (one_job(occupation="x" * LONGEST_TEXT), one_job(occupation="x" * (LONGEST_TEXT + 1)), "work[0].occupation"),
        (one_job(start="1940-01-01", end="2019-12-30"), one_job(start="1940-01-01", end=f"{1940 + MOST_YEARS}-01-02"), "work[0].end"),
        ({"exploitation": [{"start": "1940", "end": "2018"}]}, {"exploitation": [{"start": "1940", "end": "2020"}]}, "exploitation[0].end"),
        (
            {"work": [{"start": "1990", "end": "2009", "occupation": str(n)} for n in range(MOST_YEARS_OF_WORK // 20)]},
            {"work": [{"start": "1990", "end": "2009", "occupation": str(n)} for n in range(MOST_YEARS_OF_WORK // 20 + 1)]},
            "work",
        ),
        (one_job(accommodation={"nights_per_week": 7}), one_job(accommodation={"nights_per_week": 8}), "work[0].accommodation.nights_per_week"),
        (one_job(board={"meals_per_day": 10}), one_job(board={"meals_per_day": 11}), "work[0].board.meals_per_day"),
        (one_job(absences=[{"hours": 0}]), one_job(absences=[{"hours": -1}]), "work[0].absences[0].hours"),
        ({"harm": {"incapacity": [{"percent": 100}]}}, {"harm": {"incapacity": [{"percent": 101}]}}, "harm.incapacity[0].percent"),
        (
            {"harm": {"injuries": [{"duration_weeks": 5_300}]}},
            {"harm": {"injuries": [{"duration_weeks": -1}]}},
            "harm.injuries[0].duration_weeks",
        ),
        ({"harm": {"pain_days": {"light": 0}}}, {"harm": {"pain_days": {"light": -1}}}, "harm.pain_days.light"),
        ({"person": {"dependants": 100}}, {"person": {"dependants": 101}}, "person.dependants"),
    ],
)
def test_each_limit_lets_in_what_is_within_and_names_what_is_beyond(within: Any, beyond: Any, fact: str) -> None:
    read_case(within)
    with pytest.raises(CaseError) as raised:
        read_case(beyond)
    assert raised.value.fact == fact and raised.value.message and raised.value.fix


def test_a_case_of_too_many_values_is_refused_before_it_is_read() -> None:
    jobs = [{"paid": [{"amount": 1, "per": "week"}] * 400} for _ in range(MOST_VALUES // 1_000)]
    with pytest.raises(CaseError) as raised:
        read_case({"work": jobs})
    assert str(MOST_VALUES) in raised.value.message


@pytest.mark.parametrize("on", [date.min, date(1899, 12, 31), date(2201, 1, 1), date.max])
def test_a_day_of_the_estimate_that_no_time_limit_could_be_counted_from_is_refused(on: date) -> None:
    with pytest.raises(CaseError) as raised:
        estimate(read_case({"exploitation": [{"country": "DE"}]}), default_rules(), on)
    assert raised.value.fact == "evaluated_on"


@pytest.mark.parametrize("on", [date(1900, 1, 1), date(2200, 12, 31)])
@pytest.mark.parametrize("country", sorted(default_rules().packs))
def test_the_first_and_the_last_day_there_can_be_are_worked_out(country: str, on: date) -> None:
    for said in ("1900-01-01", str(on)):
        case = {
            "exploitation": [{"country": country, "start": said, "end": said}],
            "person": {"birth_date": "1900-01-01"},
            "work": [{"country": country, "start": said, "end": said, "hours_per_week": 40, "paid": []}],
        }
        try:
            found = estimate(read_case(case), default_rules(), on, [country])
        except CaseError as error:
            assert "after" in error.message
            continue
        assert found.jurisdictions[0].routes


def test_more_jurisdictions_than_there_can_be_are_refused() -> None:
    with pytest.raises(CaseError) as raised:
        estimate(read_case({}), default_rules(), ON, [f"DE-{n}" for n in range(MOST_JURISDICTIONS + 1)])
    assert raised.value.fact == "jurisdictions"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1, "a": 2}', "same name: a"),
        ("{", "not valid JSON"),
        ("[" * 100_000, "nested"),
        (b"\xff", "not valid JSON"),
        (" " * 2_000_001, "too large"),
        ('{"\\ud800": 1, "\\ud800": 2}', "same name: \ufffd"),
    ],
)
def test_json_that_cannot_be_read_says_why(text: str | bytes, words: str) -> None:
    with pytest.raises(CaseError) as raised:
        read_json(text)
    assert words in raised.value.message and raised.value.fix
    raised.value.message.encode()


def test_numbers_of_json_keep_their_digits() -> None:
    raw = read_json('{"work": [{"hours_per_week": 0.1, "agreed": {"amount": 100000000.000000000001, "per": "month"}}]}')
    work = read_case(raw).work
    assert isinstance(work, list)
    job = work[0]
    assert str(job.hours_per_week.low) == "0.1" and str(job.agreed.amount.low) == "100000000.000000000001"


@pytest.mark.parametrize(
    "text", ['work: [{occupation: "\\ud800"}]', '"\\udc00": 1', "1: 2", "? [a]\n: b", "null: 1", "work: [{!!binary YQ==: 1}]"]
)
def test_yaml_with_names_or_texts_that_no_field_takes_is_refused(text: str) -> None:
    with pytest.raises(CaseError) as raised:
        read_case(read_yaml(text))
    (raised.value.message + raised.value.fact).encode()
