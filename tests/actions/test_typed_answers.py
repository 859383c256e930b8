"""Answers as people type them, in every language, by another hand than the readers': most are read, hardly one is stored wrongly.

The frozen yardstick (tests/yardsticks) is measured by `make understanding-report`; these answers are those the readers were developed with.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from calculator import yaml12
from tools.yardstick.ask import Asker
from tools.yardstick.sets import LANGUAGES, TYPED, graded

#: Of all languages together, without any help from Rasa: at least so many right, at most so many stored wrongly. The sixth batch is harder
#: than those before it: corrections, other people's facts, two values in one answer.
FLOORS = {"begin": (0.93, 0.025), "end": (0.95, 0.015), "hours": (0.925, 0.01), "pay": (0.92, 0.01), "yes_no": (0.895, 0.006)}
#: Every second answer is asked: all of them take minutes, and a reader that goes wrong goes wrong in both halves.
STEP = 2
#: Answers of each kind in all files together, at least.
FEWEST = 1500 // STEP


class Deaf(Asker):
    """Rasa understands nothing: only the readers are at work."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:9")

    def parse(self, text: str) -> dict[str, Any]:
        return {"intent": {"name": "inform"}, "entities": [], "intent_ranking": [], "danger": {"level": "none", "kind": None}, "clauses": []}


@pytest.fixture(scope="module")
def pooled() -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for language in LANGUAGES:
        for path in TYPED.glob(f"{language}*.yaml"):
            sets = {kind: items[::STEP] for kind, items in yaml12.load(path.read_text(encoding="utf-8")).items() if kind in FLOORS}
            for measure, (hits, of) in graded(Deaf(), language, sets).items():
                found[measure][0] += hits
                found[measure][1] += of
    return found


@pytest.mark.parametrize("kind", sorted(FLOORS))
def test_most_answers_are_read_and_hardly_one_is_stored_wrongly(pooled: dict[str, list[int]], kind: str) -> None:
    right, wrong = (pooled[f"answers, {kind}: {name}"] for name in ("right", "stored wrongly"))
    least, most = FLOORS[kind]
    assert right[1] > FEWEST
    assert right[0] / right[1] >= least, f"{right[0]} of {right[1]} right"
    assert wrong[0] / wrong[1] <= most, f"{wrong[0]} of {wrong[1]} stored wrongly"
