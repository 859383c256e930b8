"""What holds for every pack: choices tried both ways, figures with their papers, and a reason wherever nothing is computed."""

from __future__ import annotations

import re
from datetime import date

import pytest

from calculator.api import default_rules
from calculator.case.read import read_case
from calculator.engine.routes.estimate import estimate
from calculator.packs.load import PACKS
from calculator.quantity import Confidence
from cli.check import check, unexercised
from cli.schema import FOLDER, KINDS, file_schema, schema

RULES = default_rules()
CODES = sorted(RULES.packs)
ON = date(2026, 12, 1)


def test_the_fifteen_states_are_here() -> None:
    assert {"AT", "BE", "CA", "CH", "DE", "DK", "ES", "FR", "GB", "IE", "IT", "NL", "NO", "SE", "US"} <= set(CODES)


def test_redress_check_is_clean() -> None:
    assert [str(fault) for fault in check([])] == []


@pytest.mark.parametrize("code", CODES)
def test_every_condition_and_formula_is_tried_both_ways_by_some_example(code: str) -> None:
    assert unexercised(PACKS / code) == []


@pytest.mark.parametrize("code", CODES)
def test_every_figure_has_its_papers(code: str) -> None:
    pack = RULES.packs[code]
    for parameter in pack.parameters.values():
        for value in parameter.values:
            where = f"{code} {parameter.id} {value.start}"
            noted = value.raw.note or parameter.raw.note or any(row.note for row in value.raw.rows or [])
            blank = value.raw.value is None and value.raw.low is None and value.raw.rows is None
            assert value.source or ((blank or value.rank == Confidence.unverified) and noted), f"{where}: no source"
            if value.rank == Confidence.unverified:
                assert noted or value.source, f"{where}: not confirmed, and no note says so"
            else:
                assert value.checked_on and value.checked_on <= ON, f"{where}: when was it looked at?"
            assert value.review_by or value.end or parameter.values[-1] is not value or value.checked_on is None, f"{where}: no review_by"


#: A sentence that tells her to turn to the one who exploited her.
TO_THE_OFFENDER = re.compile(
    r"(^|[.:] )(Write to|Send|Ask|Tell|Call|Meet|Speak (to|with)|Talk to) (the|your) (employer|boss|offender|trafficker)"
)


@pytest.mark.parametrize("code", CODES)
def test_nothing_sends_her_to_the_offender_herself(code: str) -> None:
    for route in RULES.packs[code].routes.values():
        told = [
            *route.raw.steps,
            *(text for deadline in route.deadlines for text in (deadline.raw.rule, deadline.raw.relief) if text),
            *(document.text for document in route.raw.documents),
        ]
        assert [text for text in told if TO_THE_OFFENDER.search(text)] == []


@pytest.mark.parametrize("code", CODES)
def test_whatever_is_not_computed_names_the_missing_datum(code: str) -> None:
    """Every head without an amount has a gap in words; a route without any amount has at least one."""
    pack = RULES.packs[code]
    for route in pack.routes.values():
        for head in route.heads:
            assert head.result is not None or (head.raw.gap and len(head.raw.gap.split()) >= 4), f"{route.raw.id} {head.raw.head}"
        if not any(head.result for head in route.heads):
            assert route.raw.gaps or any(head.raw.gap for head in route.heads), f"{route.raw.id}: why is nothing worked out?"


@pytest.mark.parametrize("code", CODES)
def test_an_unknown_amount_in_an_example_comes_with_a_reason(code: str) -> None:
    for example in RULES.packs[code].examples:
        found = estimate(read_case(example.case), RULES, example.on, [code], trace=False)
        for route in found.jurisdictions[0].routes:
            if route.status != "closed" and route.unknown_heads:
                assert route.missing or route.gaps or route.route.raw.gaps, f"{example.id}: {route.route.raw.id}"


@pytest.mark.parametrize("code", CODES)
def test_routes_tell_conditions_time_papers_and_steps(code: str) -> None:
    for route in RULES.packs[code].routes.values():
        raw = route.raw
        assert raw.conditions and raw.heads and raw.documents and raw.steps and raw.legal_basis, raw.id
        assert raw.deadlines or raw.gaps, f"{raw.id}: until when, or what is not known about it?"
        assert raw.source in RULES.packs[code].sources, raw.id


@pytest.mark.parametrize("kind", sorted(path.stem for path in FOLDER.glob("*.json")))
def test_the_schemas_of_editors_are_those_of_the_code(kind: str) -> None:
    import json

    written = json.loads((FOLDER / f"{kind}.json").read_text(encoding="utf-8"))
    assert written == (file_schema(kind) if kind in KINDS else schema(kind)), "run `make schemas`"
