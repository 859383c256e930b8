"""Packs: they load, every example comes out, every figure is honest, and a fault is said where it is."""

from __future__ import annotations

import copy
import random
from datetime import date
from typing import Any

import pytest

from calculator.api import default_rules
from calculator.case.read import read_case
from calculator.engine.result.report import estimate_json
from calculator.engine.routes.estimate import estimate
from calculator.engine.routes.pack import Pack
from calculator.errors import CaseError, PackError
from calculator.examples import differences
from calculator.packs.load import PACKS, Rules, build_pack, checksum, pack_folders, raw_pack
from calculator.quantity import Confidence

RULES = default_rules()
EXAMPLES = [(code, example) for code, pack in RULES.packs.items() for example in pack.examples]


@pytest.mark.parametrize(("code", "example"), EXAMPLES, ids=[f"{c}-{e.id}" for c, e in EXAMPLES])
def test_the_example_comes_out_to_the_cent(code: str, example: Any) -> None:
    assert differences(example, RULES, code) == []


def test_the_published_awards_of_the_research_are_among_the_examples() -> None:
    awards = {(code, e.id) for code, e in EXAMPLES if e.kind in ("published_award", "official_example", "secondary_example")}
    assert {code for code, _ in awards} >= {"DE", "GB"}


@pytest.mark.parametrize("code", sorted(RULES.packs))
def test_every_figure_has_source_dates_and_confidence(code: str) -> None:
    pack = RULES.packs[code]
    for parameter in pack.parameters.values():
        for value in parameter.values:
            where = f"{code} {parameter.id} {value.start}"
            assert value.checked_on is not None, where
            assert value.end is not None or value.review_by is not None, where
            known = (
                value.raw.value is not None
                or value.raw.low is not None
                or any(r.value is not None or r.low is not None for r in value.raw.rows or [])
            )
            if known and value.source is None:
                assert value.rank is Confidence.unverified and (value.raw.note or parameter.raw.note), where
            if value.source is not None:
                assert value.source in pack.sources, where


@pytest.mark.parametrize("code", sorted(RULES.packs))
def test_sources_are_official_titles_and_never_copies(code: str) -> None:
    for name, source in RULES.packs[code].sources.items():
        text = f"{source.title} {source.url or ''}".lower()
        assert source.title.strip(), name
        for copy_ in ("github.com/legalize", "npm ", "pypi", "snapshot", "stored copy", "mirror", "legalize-dev"):
            assert copy_ not in text, f"{code} {name}: {copy_}"


@pytest.mark.parametrize(("code", "example"), EXAMPLES, ids=[f"{c}-{e.id}" for c, e in EXAMPLES])
def test_no_unverified_or_blank_figure_reaches_a_total(code: str, example: Any) -> None:
    found = estimate(read_case(example.case), RULES, example.on, [code], trace=False).jurisdictions[0]
    assert found.totals.sum.value.rank < Confidence.unverified
    for route in found.routes:
        for line in route.confirmed:
            assert line.value.rank < Confidence.unverified


def _tariff(pack: Pack) -> list[tuple[str, Any]]:
    parameter = pack.parameters["gb_tariff"]
    return [(row.key or "", row) for row in parameter.values[-1].raw.rows or []]


def test_each_blank_or_low_row_of_the_british_tariff_stays_out_of_the_total() -> None:
    pack = RULES.packs["GB"]
    rows = _tariff(pack)
    assert len(rows) == 236
    assert sum(r.value is None for _, r in rows) == 163
    assert sum(r.value is not None and r.confidence == "unverified" for _, r in rows) == 28
    for key, row in rows:
        if row.value is not None and row.confidence != "unverified":
            continue
        case = read_case(
            {
                "exploitation": [{"country": "GB", "end": "2026-01-01", "forms": ["labour"], "violence": ["physical"]}],
                "harm": {"injuries": [{"code": key}]},
            }
        )
        found = estimate(case, RULES, date(2026, 6, 1), ["GB"], trace=False).jurisdictions[0]
        assert all(r.head != "physical_injury" for r in found.totals.rows), key
        assert not found.totals.sum.value.known or found.totals.sum.value.low == 0, key


def _broken(code: str, change: Any) -> PackError:
    files = copy.deepcopy(raw_pack(PACKS / code))
    change(files)
    with pytest.raises(PackError) as raised:
        build_pack(code, files)
    return raised.value


def test_a_misspelt_fact_names_file_field_and_the_nearest_name() -> None:
    def change(files: dict[str, Any]) -> None:
        files["DE/routes/wages.yaml"]["conditions"][1]["test"] = {"fact": "job.employr_kind", "is": "company"}

    error = _broken("DE", change)
    assert error.file == "DE/routes/wages.yaml" and "immunity" in error.field
    assert "job.employer_kind" in error.fix


def test_a_wrong_unit_is_found() -> None:
    def change(files: dict[str, Any]) -> None:
        files["DE/routes/asset-recovery.yaml"]["heads"][0]["result"] = {"sum": ["act.offender_proceeds", {"param": "mindestlohn"}]}

    error = _broken("DE", change)
    assert "EUR/hour" in error.message


def test_two_values_on_one_day_are_found() -> None:
    def change(files: dict[str, Any]) -> None:
        files["DE/parameters/wages.yaml"][0]["values"][1]["from"] = "2016-06-01"

    assert "2016-06-01" in _broken("DE", change).message


def test_another_currency_is_found() -> None:
    def change(files: dict[str, Any]) -> None:
        files["DE/parameters/wages.yaml"][0]["unit"] = "GBP/hour"

    assert "EUR" in _broken("DE", change).message


def test_a_figure_without_source_is_found() -> None:
    def change(files: dict[str, Any]) -> None:
        del files["DE/parameters/wages.yaml"][0]["values"][0]["source"]

    assert "no source" in _broken("DE", change).message


def test_routes_that_read_each_other_in_a_circle_are_found() -> None:
    def change(files: dict[str, Any]) -> None:
        files["DE/routes/adhaesion.yaml"]["heads"][2]["result"] = {"route": "de-civil-tort"}
        files["DE/routes/civil-tort.yaml"]["heads"][2]["result"] = {"route": "de-adhaesion"}

    assert "de-adhaesion" in _broken("DE", change).message


def test_an_unknown_operation_offers_the_nearest() -> None:
    def change(files: dict[str, Any]) -> None:
        files["DE/routes/adhaesion.yaml"]["heads"][2]["result"] = {"looses": ["medical"]}

    assert "losses" in _broken("DE", change).fix


def test_a_text_cut_by_a_comma_is_explained() -> None:
    def change(files: dict[str, Any]) -> None:
        files["DE/routes/adhaesion.yaml"]["documents"][0] = {"id": "x", "text": "A", "or B": None}

    assert "quotes" in _broken("DE", change).fix


def test_a_pack_cannot_execute_anything() -> None:
    def change(files: dict[str, Any]) -> None:
        files["DE/routes/adhaesion.yaml"]["heads"][2]["result"] = "__import__('os').system('true')"

    assert "no step or fact" in _broken("DE", change).message


def test_the_checksum_changes_with_any_text() -> None:
    assert checksum(PACKS) == RULES.sha256
    assert len(pack_folders(PACKS)) == len(RULES.packs)
    assert Rules({}, "x").pack("DE") is None


def without_traces(case: dict[str, Any], country: str, on: Any, trace: bool) -> dict[str, Any]:
    found: dict[str, Any] = estimate_json(estimate(read_case(case), RULES, on, [country], trace=trace), lambda text: text)
    for each in found["jurisdictions"][0]["routes"]:
        for line in each["lines"]:
            # Wages are counted out from the trace.
            line["trace"], line["counted_out"] = [], None
    return found


def half_told(case: Any, chance: random.Random) -> Any:
    """The case with some of its facts left out, as people tell it."""
    if isinstance(case, dict):
        return {key: half_told(value, chance) for key, value in case.items() if key == "country" or chance.random() > 0.1}
    return [half_told(entry, chance) for entry in case] if isinstance(case, list) else case


@pytest.mark.parametrize("country", sorted(RULES.packs))
def test_with_a_trace_everything_is_worked_out_where_it_stands_and_comes_to_the_same(country: str) -> None:
    compared = 0
    for example in RULES.packs[country].examples:
        for case in (example.case, half_told(example.case, random.Random(example.id))):
            try:
                alone = without_traces(case, country, example.on, trace=True)
            except CaseError:
                # A fact that says nothing without another, such as an amount without its period.
                continue
            assert without_traces(case, country, example.on, trace=False) == alone, (example.id, case)
            compared += 1
    assert compared > len(RULES.packs[country].examples)
