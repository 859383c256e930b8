"""What mutation testing showed no quick test to hold: numbers, figures by day, dates and facts, each looked at on its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from calculator import quantity
from calculator.api import default_rules
from calculator.case.read import read_case
from calculator.dates import DateRange, on_day
from calculator.engine.facts.readings import Facts
from calculator.engine.figures.parameters import DatedParameter, next_in_rhythm
from calculator.engine.language.run import Context
from calculator.packs.model import Parameter
from calculator.quantity import Confidence, Value, absent, number, unknown

D = Decimal
ON = date(2026, 6, 30)


# -- numbers ---------------------------------------------------------------------------------------------------


def value(low: str, high: str | None = "same", **more: Any) -> Value:
    return number(low, low if high == "same" else high)._replace(**more)


def test_less_takes_the_other_end_of_a_range() -> None:
    left = quantity.minus(value("100", "120"), value("10", "30"), value("1", "2"))
    assert (left.low, left.high) == (D(68), D(109))


def test_less_something_without_an_upper_end_may_be_anything_below() -> None:
    left = quantity.minus(value("100"), value("10", None))
    assert left.low == D("-Infinity") and left.high == D(90)
    assert quantity.minus(value("100", None), value("10")).high is None


def test_a_mirror_image_turns_the_ends_round() -> None:
    mirrored = quantity.negate(value("10", "30", typical=D(20)))
    assert (mirrored.low, mirrored.high, mirrored.typical) == (D(-30), D(-10), D(-20))
    assert quantity.negate(value("10", None)).low == D("-Infinity")


def test_a_typical_amount_goes_along() -> None:
    left = quantity.minus(value("100", "200", typical=D(150)), value("10"))
    assert left.typical == D(140)
    assert quantity.times([value("2", "4", typical=D(3)), value("10")]).typical == D(30)


@pytest.mark.parametrize(
    "brought",
    [
        {"missing": frozenset(["fact"])},
        {"gaps": frozenset(["gap"])},
        {"partial": True},
        {"stale_since": date(2026, 1, 1)},
        {"rank": Confidence.unverified},
    ],
)
def test_an_operation_brings_along_what_its_inputs_bring(brought: dict[str, Any]) -> None:
    first = value("3", **brought)
    for result in (
        quantity.times([first, value("2")]),
        quantity.add([first, value("2")]),
        quantity.minus(first, value("2")),
        quantity.greatest([first, value("2")]),
        quantity.not_below_zero(first),
    ):
        for name, wanted in brought.items():
            assert getattr(result, name) == wanted


def test_the_worst_confidence_of_a_range_is_kept() -> None:
    assert quantity.times([value("1", "2", rank=Confidence.secondary), value("2")]).rank == Confidence.secondary


def test_nothing_and_a_half_is_not_below_zero() -> None:
    half = value("0.5")
    assert quantity.not_below_zero(half) is half
    assert quantity.not_below_zero(value("-1", "3")) == value("0", "3")


def test_of_claims_none_of_which_is_known_the_reason_is_told() -> None:
    assert quantity.better([absent("a"), absent("b")]).missing == {"a", "b"}
    assert quantity.better([unknown("gap")]).gaps == {"gap"}


# -- figures by day --------------------------------------------------------------------------------------------


def parameter(**more: object) -> DatedParameter:
    raw: dict[str, object] = {
        "id": "rate",
        "title": "Rate",
        "unit": "EUR/hour",
        "confidence": "official",
        "source": "law",
        "values": [{"from": "2024-01-01", "to": "2024-12-31", "value": "10"}, {"from": "2025-01-01", "value": "11"}],
        **more,
    }
    return DatedParameter(Parameter.model_validate(raw), date(2025, 3, 1))


def test_a_figure_changes_on_the_day_after_its_last() -> None:
    ended = parameter(values=[{"from": "2024-01-01", "to": "2024-06-30", "value": "10"}])
    assert ended.changes_between(date(2024, 1, 1), date(2024, 12, 31)) == [date(2024, 7, 1)]
    assert ended.look_up(date(2024, 7, 1), ON, Confidence.unverified).value.stale_since == date(2024, 7, 1)


def test_a_figure_is_to_be_looked_at_again_a_year_after_it_was_checked() -> None:
    figure = parameter()
    assert figure.values[-1].review_by == date(2025, 3, 1) + timedelta(days=365)
    assert figure.values[0].review_by is None
    assert figure.values[-1].source == "law"
    assert figure.look_up(date(2025, 6, 1), ON, Confidence.unverified).value.stale_since == date(2026, 3, 1)
    assert figure.look_up(date(2025, 6, 1), date(2026, 2, 1), Confidence.unverified).value.stale_since is None
    assert figure.look_up(date(2024, 6, 1), ON, Confidence.unverified).value.stale_since is None


def test_its_own_day_of_checking_comes_before_that_of_the_pack() -> None:
    assert parameter(checked_on="2025-09-01").values[-1].checked_on == date(2025, 9, 1)
    own = parameter(values=[{"from": "2025-01-01", "value": "11", "checked_on": "2025-10-01", "source": "other"}]).values[-1]
    assert (own.checked_on, own.source) == (date(2025, 10, 1), "other")


@pytest.mark.parametrize(
    ("rhythm", "start", "following"),
    [
        ("every 04-01", date(2025, 4, 1), date(2026, 4, 1)),
        ("every 04-01", date(2025, 3, 31), date(2025, 4, 1)),
        ("every 01-01 and 07-01", date(2025, 1, 1), date(2025, 7, 1)),
        ("every 01-01 and 07-01", date(2025, 8, 15), date(2026, 1, 1)),
        ("every 12-15", date(2025, 12, 14), date(2025, 12, 15)),
    ],
)
def test_the_next_change_that_a_rhythm_promises(rhythm: str, start: date, following: date) -> None:
    assert next_in_rhythm(rhythm, start) == following
    assert parameter(rhythm=rhythm, values=[{"from": start.isoformat(), "value": "1"}]).values[0].review_by == following


def test_a_table_says_which_row_it_took() -> None:
    table = parameter(
        by="key",
        values=[{"from": "2024-01-01", "rows": [{"key": "a", "value": "1"}, {"key": "b", "low": "2", "high": "4", "value": "3"}, {"key": "c"}]}],
    )
    found = table.look_up(ON, ON, Confidence.unverified, "b")
    assert found.row is not None and found.row.key == "b" and found.dated is table.values[0]
    assert found.value.low == found.value.high == D(3) and found.value.typical == D(3)
    assert table.look_up(ON, ON, Confidence.unverified, "c").value.gaps == {"blank:rate:c"}
    missing = table.look_up(ON, ON, Confidence.unverified, "z")
    assert missing.value.gaps == {"row:rate:z"} and missing.dated is table.values[0]
    assert parameter().look_up(ON, ON, Confidence.unverified).dated is not None
    assert parameter().look_up(ON, ON, Confidence.unverified).value.typical is None


def test_rows_of_which_one_is_blank_leave_the_others_standing() -> None:
    table = parameter(by="number", values=[{"from": "2024-01-01", "rows": [{"upto": "10", "value": "1"}, {"upto": "20"}, {"value": "5"}]}])
    all_rows = table.look_up(ON, ON, Confidence.unverified, None).value
    # The blank row may stand above the others.
    assert (all_rows.low, all_rows.high, all_rows.partial) == (D(1), None, True)
    assert table.look_up(ON, ON, Confidence.unverified, (D(15), D(15))).value.gaps == {"blank:rate:20"}


# -- facts -----------------------------------------------------------------------------------------------------


def facts(**case: object) -> Facts:
    return Facts(read_case({"version": 1, **case}), "DE", ON)


def test_a_year_of_birth_is_any_day_of_it() -> None:
    assert facts(person={"birth_year": 1990}).day("person.birth_year") == DateRange(date(1990, 1, 1), date(1990, 12, 31))
    assert facts(person={"birth_year": 2008}).age(date(2026, 6, 30)) == (17, 18)


def test_jobs_that_were_said_not_said_or_never_asked() -> None:
    for case, presence, values in (
        (facts(work=[{"country": "DE"}]), "said", (True,)),
        (facts(work=[]), "said", (False,)),
        (facts(work="unknown"), "unsaid", ()),
        (facts(), "absent", ()),
        (facts(work=[{"country": "FR"}]), "absent", ()),
    ):
        reading = case.read("job.exists")
        assert (reading.path, reading.presence, reading.values) == ("work", presence, values)


def test_the_first_entry_that_leaves_a_fact_open_is_the_one_to_ask() -> None:
    open_one = facts(work=[{"country": "DE", "hours_per_week": 40}, {"country": "DE"}]).read("job.hours_per_week")
    assert open_one.path == "work[1].hours_per_week"
    assert facts(work=[{"country": "FR"}, {"country": "DE", "hours_per_week": 40}]).read("job.hours_per_week").path == "work[1].hours_per_week"


def test_several_entries_are_put_together_as_the_fact_says() -> None:
    two = [{"country": "DE", "hours_per_week": {"low": 30, "high": 40}}, {"country": "DE", "hours_per_week": 50}]
    most = facts(work=two).number("job.hours_per_week")
    assert (most.low, most.high) == (D(50), D(50))


def test_an_answer_nobody_knows_lies_between_the_bounds_of_the_fact() -> None:
    open_number = facts(work=[{"country": "DE", "hours_per_week": "unknown"}]).number("job.hours_per_week")
    assert (open_number.low, open_number.high) == (D(1), D(112))


# -- one pass --------------------------------------------------------------------------------------------------


def context(limit: Confidence, full: Context | None = None) -> Context:
    return Context(pack=default_rules().packs["DE"], facts=facts(), on=ON, least_sure=limit, full=full)


def test_a_stricter_pass_takes_over_only_steps_that_rest_on_surer_figures() -> None:
    whole = context(Confidence.unverified)

    def figure(rank: Confidence) -> Callable[[Context], Value]:
        def evaluate(ctx: Context) -> Value:
            ctx.ranks_seen |= 1 << rank
            return value("5", rank=rank)

        return evaluate

    whole.formulas = {
        "sure": figure(Confidence.official),
        "unsure": figure(Confidence.unverified),
        "both": lambda ctx: quantity.add([ctx.step("sure"), ctx.step("unsure")]),
    }
    assert whole.step("both").low == D(10)
    assert whole.ranks_seen == 1 << Confidence.official | 1 << Confidence.unverified
    worked: list[str] = []

    def noted(name: str) -> Callable[[Context], Value]:
        def evaluate(ctx: Context) -> Value:
            worked.append(name)
            return value("1")

        return evaluate

    strict = context(Confidence.official, whole)
    strict.formulas = {name: noted(name) for name in whole.formulas}
    assert strict.step("sure").low == D(5)
    assert strict.step("unsure").low == D(1) and strict.step("both").low == D(1)
    assert worked == ["unsure", "both"]
    # A threshold is what it is in every pass.
    assert strict.at_face_value(lambda ctx: ctx.step("both")).low == D(10)
    assert strict.least_sure == Confidence.official and strict.step("both").low == D(1)


def test_a_head_that_was_not_worked_out_is_asked_for_once() -> None:
    strict = context(Confidence.official)
    asked: list[str] = []

    def earlier(name: str) -> None:
        asked.append(name)
        strict.heads[name] = value("7", rank=Confidence.secondary), 1 << Confidence.secondary

    strict.earlier = earlier
    assert strict.head("back_pay").low == D(7) and strict.head("back_pay").low == D(7)
    assert asked == ["back_pay"] and strict.ranks_seen == 1 << Confidence.secondary
    assert context(Confidence.official).head("none").low == 0


def test_a_day_is_the_same_at_both_ends() -> None:
    assert on_day(ON).map(lambda day: day + timedelta(days=1)) == on_day(date(2026, 7, 1))
