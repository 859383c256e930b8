"""Golden snapshots: nothing changes without showing. `make golden` writes them again; read the diff before you commit it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from calculator.api import default_rules
from tools.golden import GOLDEN, snapshot, states


@pytest.fixture(autouse=True)
def compiled_again() -> Iterator[None]:
    """Under mutation testing the packs are compiled again, so that a change in the compiler shows."""
    if "__mutmut_" in os.environ.get("MUTANT_UNDER_TEST", ""):
        default_rules.cache_clear()
    yield


@pytest.mark.parametrize("country", states())
def test_the_fixed_cases_come_to_what_they_came_to(country: str) -> None:
    path = GOLDEN / f"{country}.txt"
    assert path.is_file(), f"{path.name} is missing: run `make golden`"
    assert snapshot(country) == path.read_text(encoding="utf-8"), "read the difference, then run `make golden`"


def test_no_snapshot_is_left_of_a_state_without_a_pack() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.txt")) == sorted(states())
