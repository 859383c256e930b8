"""A gentle screening by the ILO and European Commission indicators: which signs somebody named, and how they read together.

The rule is data (`vocabulary/screening.yaml`, with its source). The reading chooses words and helps staff; it is never told as
a verdict, and a case of sexual exploitation is never scored, because those weights are not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from calculator import vocabulary
from calculator.packs.model import Source

Weight = Literal["S", "M", "W", "-"]
Reading = Literal["trafficking", "child", "deception_and_exploitation", "labour_rights", "no_indication", "not_classified", "not_scored"]
#: Forms of exploitation whose weights are not known.
NEVER_SCORED = frozenset({"sexual"})


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask: `sign` says a yes back, `why` what it means, `indicators` what it names in which dimension."""

    id: str
    question: str
    sign: str
    why: str
    indicators: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Screening:
    """The indicators with their weights, the rule, and the questions."""

    source: Source
    weights: dict[str, dict[str, tuple[Weight, Weight]]]
    positive_with: list[dict[str, int]]
    means: tuple[str, ...]
    readings: dict[str, list[dict[str, Any]]]
    questions: tuple[Question, ...]

    def positive(self, dimension: str, named: Iterable[str], child: bool) -> bool:
        """Whether the named indicators make a dimension positive. Naming one more never makes it negative."""
        weights = [self.weights[dimension][name][child] for name in set(named)]
        strong, medium, weak = (weights.count(weight) for weight in ("S", "M", "W"))
        held = {"S": strong, "M": medium, "W": weak, "M_or_W": medium + weak}
        return any(all(held[kind] >= count for kind, count in combination.items()) for combination in self.positive_with)

    def dimensions(self, answers: Mapping[str, bool | None], child: bool) -> dict[str, bool]:
        """Dimension -> positive, from the questions answered with yes."""
        named: dict[str, list[str]] = {dimension: [] for dimension in self.weights}
        for question in self.questions:
            if answers.get(question.id):
                for dimension, indicators in question.indicators.items():
                    named[dimension] += indicators
        return {dimension: self.positive(dimension, indicators, child) for dimension, indicators in named.items()}

    def read(self, answers: Mapping[str, bool | None], child: bool, forms: Iterable[str] = ()) -> Reading:
        """How the answers read together."""
        if NEVER_SCORED.intersection(forms):
            return "not_scored"
        found = self.dimensions(answers, child)
        means = [name for name in self.means if found[name]]
        facts = {"exploitation": found["exploitation"], "coercion": found["coercion_at_destination"]}
        for line in self.readings["child" if child else "adult"]:
            wanted = line.get("means")
            fits = wanted is None or (not means if wanted == "none" else bool(means) if wanted == "any" else wanted in means)
            if fits and all(facts[name] == line[name] for name in facts if name in line):
                reading: Reading = line["reading"]
                return reading
        return "not_classified"

    def next(self, answers: Mapping[str, bool | None], child: bool) -> Question | None:
        """The next question: not yet asked, and for a dimension that is not positive yet."""
        found = self.dimensions(answers, child)
        return next((q for q in self.questions if q.id not in answers and not all(found[d] for d in q.indicators)), None)

    def left(self, answers: Mapping[str, bool | None], child: bool) -> int:
        """How many questions may still come."""
        found = self.dimensions(answers, child)
        return sum(q.id not in answers and not all(found[d] for d in q.indicators) for q in self.questions)


@cache
def screening() -> Screening:
    """The screening of this installation."""
    raw = vocabulary.screening()
    weights = {dimension: {name: (adult, child) for name, adult, child in indicators} for dimension, indicators in raw["dimensions"].items()}
    source = {key: value for key, value in raw["source"].items() if key != "confidence"}
    return Screening(
        Source.model_validate(source),
        weights,
        raw["positive_with"],
        tuple(raw["means"]),
        raw["readings"],
        tuple(Question(**question) for question in raw["questions"]),
    )
