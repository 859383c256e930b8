"""The estimate as it is told: typed, the same as its JSON, and shared where no case changes it."""

from __future__ import annotations

import copy
import json
from dataclasses import FrozenInstanceError, fields, replace
from datetime import date
from typing import Any

import pytest

from calculator import api, yaml12
from calculator.api import default_rules
from calculator.engine.result import document, document_json
from calculator.engine.result.pack_texts import texts_of
from tools.golden import GOLDEN, _in, states

CASES: dict[str, Any] = yaml12.load((GOLDEN / "cases.yaml").read_text(encoding="utf-8"))
ON = date.fromisoformat(str(CASES["on"]))


def told(country: str, name: str = "") -> document.Estimate:
    case = CASES["cases"][name or next(iter(CASES["cases"]))]
    return api.estimate(_in(country, copy.deepcopy(case)), [country], ON, "fr")


@pytest.mark.parametrize("country", states())
def test_what_is_written_is_read_back_as_it_was(country: str) -> None:
    for name in CASES["cases"]:
        found = told(country, name)
        written = json.dumps(document_json.as_json(found))
        again = document_json.read(json.loads(written))
        assert again == found
        assert json.dumps(document_json.as_json(again)) == written


def test_keys_are_the_fields_in_their_order_under_the_names_of_the_contract() -> None:
    written = document_json.as_json(told("DE"))["jurisdictions"][0]["routes"][0]
    named = {"caps": "limits", "from_": "from"}
    for part, kind in ((written, document.Route), (written["amount"], document.Amount)):
        assert list(part) == [named.get(field.name, field.name) for field in fields(kind)]


def test_the_schema_names_every_key_and_nothing_else() -> None:
    defs = document_json.schema()["$defs"]
    route = document_json.as_json(told("DE"))["jurisdictions"][0]["routes"][0]
    assert set(defs["Route"]["properties"]) == set(defs["Route"]["required"]) == set(route)
    assert defs["Route"]["properties"]["status"]["enum"] == ["open", "likely", "uncertain", "later", "closed"]
    assert set(defs["Amount"]["properties"]) == set(route["amount"])


def test_nothing_of_it_can_be_changed_and_its_json_is_the_callers_own() -> None:
    found = told("DE").jurisdictions[0]
    with pytest.raises(FrozenInstanceError):
        found.routes[0].amount.low = "0.00"  # type: ignore[misc]
    document_json.as_json(found)["routes"][0]["steps"].clear()
    assert found.routes[0].steps and told("DE").jurisdictions[0] == found


def test_texts_that_no_case_changes_are_made_once_a_language() -> None:
    first, second = (told("DE", name).jurisdictions[0] for name in list(CASES["cases"])[:2])
    assert first != second
    assert first.routes[0].documents is second.routes[0].documents and first.routes[0].source is second.routes[0].source
    pack = default_rules().packs["DE"]
    assert texts_of(pack, str.upper, "en").route(pack.routes[first.routes[0].id]).name == pack.routes[first.routes[0].id].raw.name.upper()


@pytest.mark.parametrize(("left", "coming", "passed"), [(0, True, False), (3, True, False), (-1, False, True), (None, False, False)])
def test_a_deadline_is_coming_on_its_day_and_passed_after_it(left: int | None, coming: bool, passed: bool) -> None:
    deadline = replace(next(d for route in told("DE").jurisdictions[0].routes for d in route.deadlines), days_left=left)
    assert (deadline.coming, deadline.passed) == (coming, passed)
