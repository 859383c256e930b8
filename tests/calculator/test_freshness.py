"""What of a State's rules is named to those who keep them: neither a figure too much nor one too few."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from calculator.freshness import LOOK_BACK, SOON, Concern, pages, to_look_at
from calculator.packs.load import build_pack, load_rules
from tests.calculator.minipack import CONDITION, files, head, parameter, route, since

ON = date(2026, 6, 30)


def pack(*parameters: dict[str, Any], routes: list[dict[str, Any]] | None = None, example: bool = True, **sources: Any):
    of = files(routes or [route([head(1)])], list(parameters))
    of["XX/sources.yaml"] |= {"act": {"title": "An act", "kind": "official", "url": "https://law.example/act#s3"}, **sources}
    of["XX/sources.yaml"]["other"]["url"] = "https://law.example/act#s9"
    if example:
        of["XX/examples/one.yaml"] = {
            "id": "one",
            "title": "One",
            "kind": "constructed",
            "on": "2026-06-30",
            "case": {},
            "expect": {"route": "claim"},
            "source": "act",
        }
    return build_pack("XX", of)


def concerns(*parameters: dict[str, Any], **more: Any) -> list[tuple[str, date | None, str | None]]:
    return [
        (one.concern.value, one.day, one.figure)
        for one in to_look_at(pack(*parameters, **more), ON)
        if one.concern is not Concern.NOT_TRANSLATED
    ]


def test_a_pack_that_is_well_kept_has_nothing_to_look_at():
    assert concerns(parameter("wage", "EUR", since(10, review_by="2027-01-31"))) == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (since(10, review_by="2026-06-29"), ("old", date(2026, 6, 29), "wage")),
        (since(10, review_by="2026-06-30"), ("soon", date(2026, 6, 30), "wage")),
        (since(10, review_by=str(ON + SOON)), ("soon", ON + SOON, "wage")),
        (since(10, to="2026-06-29"), ("old", date(2026, 6, 29), "wage")),
        (since(10, to="2026-06-30"), ("soon", date(2026, 6, 30), "wage")),
        (since(10, confidence="unverified"), ("unverified", None, "wage")),
        (since(None, confidence="unverified", note="Not found."), ("blank", None, "wage")),
    ],
)
def test_a_figure_is_named_by_what_is_wrong_with_it(value, found):
    assert found in concerns(parameter("wage", "EUR", value))


def test_the_day_after_the_last_day_to_look_is_too_early_to_be_told():
    assert concerns(parameter("wage", "EUR", since(10, review_by="2026-08-30"))) == []


def test_a_value_that_was_followed_by_another_is_not_old():
    assert concerns(parameter("wage", "EUR", since(10, to="2025-12-31", review_by="2025-12-01"), since(11, "2026-01-01"))) == []


def test_a_forgotten_step_is_told_and_one_that_was_looked_into_is_not():
    """By its rhythm the figure changes each January; the value of 2025 runs on into 2026."""
    of = parameter("wage", "EUR", since(10, "2025-01-01", to="2026-03-31"), since(11, "2026-04-01"), rhythm="every 01-01")
    assert ("missed", date(2026, 1, 1), "wage") in concerns(of)
    of["values"][0]["note"] = "It stayed the same in January."
    assert not [one for one in concerns(of) if one[0] == "missed"]


def test_of_a_value_that_stood_for_years_only_the_steps_of_late_are_told():
    of = parameter("wage", "EUR", since(9, "2015-01-01", to="2026-03-31"), since(10, "2026-04-01"), rhythm="every 01-01")
    (found,) = [day for concern, day, _ in concerns(of) if concern == "missed"]
    assert found == date(2025, 1, 1) >= ON - LOOK_BACK
    old = parameter("wage", "EUR", since(9, "2015-01-01", to="2024-05-31"), since(10, "2024-06-01"), rhythm="every 01-01")
    assert not [day for concern, day, _ in concerns(old) if concern == "missed" and day < ON - LOOK_BACK]


def test_a_way_to_money_without_an_example_and_a_source_without_an_address_are_told():
    found = [(one.concern, one.name) for one in to_look_at(pack(example=False, third={"title": "A third act", "kind": "official"}), ON)]
    assert (Concern.NO_EXAMPLE, "The claim") in found and (Concern.NO_ADDRESS, "A third act") in found


def test_a_condition_that_ends_soon_or_is_not_sure_is_told():
    ends = route([head(1)], conditions=[{**CONDITION, "valid_to": "2026-07-15"}, {**CONDITION, "id": "doubt", "confidence": "unverified"}])
    found = [(one.concern, one.day) for one in to_look_at(pack(routes=[ends]), ON)]
    assert (Concern.SOON, date(2026, 7, 15)) in found and (Concern.UNVERIFIED, None) in found


def test_places_on_one_page_are_one_page():
    assert pages(pack()) == {"https://law.example/act": ["An act", "Another act"]}


def test_the_most_harmful_comes_first_in_every_state():
    order = list(Concern)
    for code, one in load_rules().packs.items():
        found = [order.index(item.concern) for item in to_look_at(one, ON)]
        assert found == sorted(found), code
