"""Which facts are worth asking next: only those that can still change an outcome, best first.

A route closed for good asks nothing. Every fact a remaining route waits for counts once for each route, more
when it decides whether the route is open at all or brings money; easy questions win over hard ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from calculator import vocabulary
from calculator.engine.facts.readings import Facts
from calculator.engine.routes.estimate import Estimate
from calculator.engine.routes.outcome import RouteResult
from calculator.engine.routes.pack import Pack
from calculator.translation import _
from calculator.vocabulary import FactDefinition

#: The part of a country that has no rules of its own, as a region code: `US-0`.
ELSEWHERE = "0"
ANOTHER_PART = _("Another part of the country")


@dataclass(frozen=True, slots=True)
class Question:
    """One fact to ask. `fact` is the concrete path; `routes` are those whose outcome depends on it."""

    fact: str
    definition: FactDefinition
    routes: tuple[str, ...]
    choices: dict[str, str]

    @property
    def type(self) -> str:
        """What kind of answer is wanted: a text with a closed list of answers is a choice."""
        return "choice" if self.choices and self.definition.type == "text" else self.definition.type


#: Facts that open or close most things come first, whatever the routes say.
_FIRST = (
    "exploitation[].country",
    "exploitation[].forms",
    "exploitation[].start",
    "exploitation[].end",
    "work[].start",
    "work[].end",
    "work[].hours_per_week",
    "work[].paid",
)


def next_questions(found: Estimate, sensitive: bool = False, workbench: bool = False, more: bool = True) -> list[Question]:
    """Facts that can still change an outcome of `found`.

    `sensitive` lets in facts about intimate harm (after "make it more exact"); `workbench` also those that only a
    worker with papers at hand can answer. Without both, neither is ever returned. `more` False keeps to the facts the
    chat asks before somebody wants it more exact.
    """
    routes: dict[str, list[str]] = {}
    weight: dict[str, float] = {}
    for jurisdiction in found.jurisdictions:
        for result in jurisdiction.routes:
            if result.status == "closed":
                continue
            for fact in result.missing:
                routes.setdefault(fact, []).append(result.route.raw.id)
                weight[fact] = weight.get(fact, 0.0) + _weight(fact, result)
    packs = [j.pack for j in found.jurisdictions]
    questions = []
    for fact, affected in routes.items():
        definition = definition_of(fact)
        if definition is None or not _allowed(definition, sensitive, workbench, more):
            continue
        if fact.startswith("work") and not any(_work_matters(j.facts) for j in found.jurisdictions):
            continue
        questions.append(Question(fact, definition, tuple(affected), choices_of(definition, packs)))
    return sorted(questions, key=lambda q: (_rank(q), -weight[q.fact] / q.definition.ease, q.fact))


def choices_of(definition: FactDefinition, packs: Iterable[Pack]) -> dict[str, str]:
    """Answers to choose from: the fact's own, or the parts of the country that have rules of their own, and all others."""
    if definition.id != "act.region":
        return definition.choices
    found: dict[str, str] = {}
    for pack in packs:
        found |= {region.code: region.name for region in pack.jurisdiction.regions}
        if pack.jurisdiction.regions and not pack.jurisdiction.regions_complete:
            found[f"{pack.jurisdiction.country}-{ELSEWHERE}"] = ANOTHER_PART
    return found


def _rank(question: Question) -> int:
    general = general_path(question.fact)
    return _FIRST.index(general) if general in _FIRST else len(_FIRST)


def _weight(fact: str, result: RouteResult) -> float:
    """A fact that decides whether a route is open weighs more than one that only moves its amount."""
    decides = any(fact in c.truth.missing for c in result.conditions if c.applies and c.truth.value is None)
    pays = bool(result.lines or result.missing)
    return (2.0 if decides else 1.0) * (1.5 if pays else 1.0)


#: Forms of exploitation in which hours and pay are asked about without the person having spoken of work.
_WORK_FORMS = frozenset({"labour", "domestic_servitude", "begging", "criminal", "other"})


def _work_matters(facts: Facts) -> bool:
    """Nobody who was only made to do sexual acts is asked how many hours a week it was."""
    if facts.jobs:
        return True
    forms = facts.read("act.forms")
    return forms.presence != "said" or any(_WORK_FORMS.intersection(value) for value in forms.values)


def _allowed(definition: FactDefinition, sensitive: bool, workbench: bool, more: bool) -> bool:
    if definition.ask == "more" and not more:
        return False
    if definition.ask == "never" or definition.ask == "workbench" and not workbench:
        return False
    return definition.sensitivity == "plain" or sensitive or workbench


def general_path(fact: str) -> str:
    """`work[2].paid` -> `work[].paid`."""
    return re.sub(r"\[[^\]]*\]", "[]", fact)


def definition_of(fact: str) -> FactDefinition | None:
    """The vocabulary's entry for a concrete path."""
    return _by_path().get(general_path(fact))


@cache
def _by_path() -> dict[str, FactDefinition]:
    return {definition.path: definition for definition in vocabulary.facts().values()}
