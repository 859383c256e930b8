"""The yardstick of published decisions: it is read whole, it stays outside the packs, and every sum is answered."""

from __future__ import annotations

import re

from calculator.api import default_rules
from calculator.engine.result.comparing import MOST
from tools.published import TARGET, decisions, outcomes, page


def test_the_decisions_are_in_no_pack() -> None:
    coded = {one.award.id for one in default_rules().published}
    addresses = {one.source.url for one in default_rules().published if one.source.url}
    examples = {example.id for pack in default_rules().packs.values() for example in pack.examples}
    for one in decisions():
        assert one["id"] not in coded | examples and one["url"] not in addresses, one["id"]


def test_ten_decisions_of_six_states_or_more() -> None:
    found = decisions()
    assert len(found) >= 10 and len({one["country"] for one in found}) >= 6


def test_where_a_court_sets_the_sum_something_stands_in_its_place_or_it_is_said_that_nothing_does() -> None:
    found = list(outcomes())
    assert {one.decision for one in found} == {one["id"] for one in decisions()}
    for one in found:
        if one.end == "no amount" and one.head not in ("back_pay", "value_of_labour"):
            assert one.beside != "-", one
        shown = re.match(r"\d+", one.beside)
        # Three for each head, and three for several losses at once.
        assert shown is None or int(shown[0]) <= MOST * 6


def test_the_page_is_that_of_today() -> None:
    assert TARGET.read_text(encoding="utf-8") == "\n".join(page(list(outcomes()))) + "\n", "run `make published`"
