"""Golden snapshots: nothing changes without showing. `make golden` writes them again; read the diff before you commit it."""

from __future__ import annotations

import pytest

from tools.golden import GOLDEN, snapshot, states


@pytest.mark.parametrize("country", states())
def test_the_fixed_cases_come_to_what_they_came_to(country: str) -> None:
    path = GOLDEN / f"{country}.txt"
    assert path.is_file(), f"{path.name} is missing: run `make golden`"
    assert snapshot(country) == path.read_text(encoding="utf-8"), "read the difference, then run `make golden`"


def test_no_snapshot_is_left_of_a_state_without_a_pack() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.txt")) == sorted(states())
