"""Wrong input gets an error that names the fact, or is handled within bounds; nothing else ever comes out."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calculator import vocabulary, yaml12
from calculator.api import default_rules
from calculator.case.paths import get, put
from calculator.case.read import dump_case, read_case, read_yaml
from calculator.engine.result.report import estimate_json
from calculator.engine.routes.estimate import estimate
from calculator.errors import CaseError
from tools.golden import GOLDEN

RULES = default_rules()
ON = date(2026, 6, 30)
CASES = yaml12.load((GOLDEN / "cases.yaml").read_text(encoding="utf-8"))["cases"]


def error(raw: Any, on: date = ON) -> CaseError:
    with pytest.raises(CaseError) as raised:
        estimate(read_case(raw), RULES, on, ["DE"])
    assert raised.value.fix, "every error says how to mend it"
    return raised.value


def jobs(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"work": [{"country": "DE", **entry} for entry in entries]}


YEAR = {"start": "2025-01-01", "end": "2025-12-31"}


@pytest.mark.parametrize(
    ("raw", "fact", "words"),
    [
        (jobs({"hours_per_week": -1}), "work[0].hours_per_week", "between 0 and 168"),
        (jobs({"hours_per_week": 200}), "work[0].hours_per_week", "between 0 and 168"),
        (jobs({"hours_per_week": "NaN"}), "work[0].hours_per_week", "digits"),
        (jobs({"hours_per_week": "1e999999999"}), "work[0].hours_per_week", ""),
        (jobs({"hours_per_week": float("nan")}), "work[0].hours_per_week", "digits"),
        (jobs({"hours_per_week": True}), "work[0].hours_per_week", "digits"),
        (jobs({"paid": [{"amount": 10**40, "per": "week"}]}), "work[0].paid[0].amount", "digits"),
        (jobs({"start": "2025-05-01", "end": "2025-04-01"}), "work[0].end", "both dates"),
        (jobs({"paid": [{"amount": 1, "per": "week", "from": "2025-05-01", "to": "2025-04-01"}]}), "work[0].paid[0].to", "both dates"),
        (jobs({"absences": [{"start": "2025-05-01", "end": "2025-04-01"}]}), "work[0].absences[0].end", "both dates"),
        (jobs({"start": "2027-01-01"}), "work[0].start", ""),
        ({"exploitation": [{"country": "DE", "start": "2027-01-01"}]}, "exploitation[0].start", ""),
        ({"person": {"birth_date": "2027-01-01"}}, "person.birth_date", ""),
        (
            {"person": {"birth_date": "2024-01-01"}, "exploitation": [{"country": "DE", "start": "2023-01-01"}]},
            "person.birth_date",
            "both dates",
        ),
        ({"person": {"birth_year": 2024}, "exploitation": [{"country": "DE", "start": "2023-01-01"}]}, "person.birth_year", "both dates"),
        ({"procedure": {"prevented": [{"from": "2025-02-01", "to": "2025-01-01"}]}}, "procedure.prevented[0].to", "both dates"),
        ({"procedure": {"conciliation": {"from": "2025-02-01", "to": "2025-01-01"}}}, "procedure.conciliation.to", "both dates"),
        ({"procedure": {"report_date": "2027-01-01"}}, "procedure.report_date", ""),
        ({"procedure": {"awards": [{"date": "2027-01-01"}]}}, "procedure.awards[0].date", ""),
        (jobs({**YEAR, "hours_per_week": 40}, {**YEAR, "hours_per_week": 40}), "work[1]", "Remove one"),
        (jobs({**YEAR, "hours_per_week": 100}, {**YEAR, "hours_per_week": 90}), "work[1].hours_per_week", "168"),
        (jobs({"pattern": {"mon": ["08:00-12:00", "11:00-13:00"]}}), "work[0].pattern.mon", "Check the times"),
        (jobs({"pattern": {"sun": ["22:00-06:00"], "mon": ["05:00-09:00"]}}), "work[0].pattern.mon", "Check the times"),
        (jobs({"pattern": {"mon": ["25:00-26:00"]}}), "work[0].pattern.mon", "08:00-17:30"),
        (jobs({"pattern": {"monday": []}}), "work[0].pattern", ""),
        ({"exploitation": [{"country": "Germany"}]}, "exploitation[0].country", "two capital letters"),
        ({"work": [{}] * 10_000}, "work", ""),
        ({"exploitation": "unknown", "nonsense": 1}, "nonsense", ""),
        ({"person": []}, "person", ""),
        ([], "", "version: 1"),
        ({"evaluated_on": "soon"}, "evaluated_on", "2024-03-31"),
        ({"losses": [{"kind": "pain", "amount": 3}]}, "losses[0].kind", "medical"),
        ({"harm": {"incapacity": [{"from": "2025-01-02", "to": "2025-01-01", "percent": 100}]}}, "harm.incapacity[0].to", "both dates"),
        ({"harm": {"permanent_impairment_percent": 101}}, "harm.permanent_impairment_percent", "between 0 and 100"),
    ],
)
def test_the_error_names_the_fact_and_how_to_mend_it(raw: Any, fact: str, words: str) -> None:
    found = error(raw)
    assert found.fact.startswith(fact) and words in found.fix


def test_a_country_without_rules_says_which_have_some() -> None:
    with pytest.raises(CaseError) as raised:
        estimate(read_case({"exploitation": [{"country": "ZZ"}]}), RULES, ON)
    assert raised.value.fact == "exploitation[0].country" and "DE" in raised.value.fix


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "work: " + "[" * 20_000,
        "work: {" + "a: {" * 20_000,
        "x: " + "y" * 3_000_000,
        "person: {birth_date: !!python/object/apply:os.system ['true']}",
        "a: 1\na: 2",
        "\x00",
        "? [a]\n: b",
    ],
)
def test_hostile_yaml_is_refused(text: str) -> None:
    with pytest.raises(CaseError) as raised:
        read_case(read_yaml(text))
    assert raised.value.fix


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=-(10**30), max_value=10**30),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        ["unknown", "declined", "2025", "2025-02-30", "9999-12-31", "0001-01-01", "-0", "1e400", "NaN", "Infinity", "DE", "\u202e", "{}", "[]"]
    ),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.sampled_from(["low", "high", "earliest", "amount", "per"]), st.one_of(st.integers(), st.text(max_size=5)), max_size=3),
    st.builds(lambda low, high: {"low": low, "high": high}, st.integers(0, 200), st.integers(0, 200)),
    st.builds(lambda a, b: {"earliest": a.isoformat(), "latest": b.isoformat()}, st.dates(), st.dates()),
)
PATHS = sorted({d.path.replace("[]", "[0]") for d in vocabulary.facts().values() if d.path not in ("work", "exploitation")})


@pytest.mark.parametrize("country", sorted(RULES.packs))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(sorted(CASES)), changes=st.lists(st.tuples(st.sampled_from(PATHS), JUNK), min_size=1, max_size=4))
def test_whatever_is_written_into_a_fact_gives_an_estimate_or_an_error_that_names_it(
    country: str, name: str, changes: list[tuple[str, Any]]
) -> None:
    raw = copy.deepcopy(CASES[name])
    try:
        for path, value in changes:
            put(raw, path, value)
        for entry in [*raw.get("exploitation", []), *raw.get("work", [])]:
            if isinstance(entry, dict) and entry.get("country") == "XX":
                entry["country"] = country
        found = estimate(read_case(raw), RULES, ON, [country], trace=False)
    except CaseError as known:
        assert known.fix and known.message
        return
    except (TypeError, IndexError, KeyError, AttributeError):
        # `put` itself could not write there: a path below something that is no mapping.
        if any(get(raw, path) is None for path, _ in changes):
            return
        raise
    for amount in _amounts(estimate_json(found, lambda text: text)):
        assert amount is None or Decimal(amount).is_finite()


def _amounts(document: Any) -> list[str | None]:
    found: list[str | None] = []
    for route in document["jurisdictions"][0]["routes"]:
        for line in route["lines"]:
            found += [line["amount"]["low"], line["amount"]["high"]]
            low, high = line["amount"]["low"], line["amount"]["high"]
            assert low is None or high is None or Decimal(low) <= Decimal(high)
    return found


@pytest.mark.parametrize("name", sorted(CASES))
def test_export_and_import_of_the_fixed_cases_are_identities(name: str) -> None:
    case = read_case(CASES[name])
    assert read_case(dump_case(case)) == case
