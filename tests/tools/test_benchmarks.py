"""The cases that are timed can be worked out; how long they take is for `make benchmarks`."""

from functools import partial

import pytest

from benchmarks import same_rule
from benchmarks.calculator_speed import ON, by_hand, one_job
from benchmarks.measure import paired
from calculator.api import default_rules
from calculator.case.read import read_case
from calculator.engine.routes.estimate import estimate


@pytest.mark.parametrize("country", sorted(default_rules().packs))
def test_the_case_that_is_timed_opens_a_way_in_every_state(country):
    (found,) = estimate(read_case(one_job(country)), default_rules(), ON, [country], trace=False).jurisdictions
    assert any(route.status != "closed" and (route.lines or route.unknown_heads) for route in found.routes)


def test_the_rule_that_is_timed_beside_openfisca_can_be_built():
    pack = same_rule.ours().packs["XX"]
    assert list(pack.routes) == ["wages"]
    assert len(same_rule.rates()) > 5


def test_a_ratio_is_taken_beside_its_baseline():
    calls = []
    _seconds, ratio = paired(partial(calls.append, "run"), partial(calls.append, "baseline"), 2)
    assert calls == ["run", "baseline", "baseline", "run", "baseline", "run"]
    assert ratio > 0
    assert by_hand() > 1000
