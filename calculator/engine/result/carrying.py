"""What an answer leaves as it was: the pay of jobs that does not rest on the fact, carried over from the case to a trial of an answer.

Pay under a rule rests on the jobs, when and where they were, the age, and the facts that the rule names. Its time bar and the day of
uprating are part of the key under which it is kept, so that an answer which moves them finds nothing.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from calculator import vocabulary
from calculator.case.model import CaseFile
from calculator.case.paths import steps
from calculator.engine.language.expressions import OPERATIONS
from calculator.engine.language.run import Shared
from calculator.engine.result.questions import general_path

#: Operations that look at the case only through the facts they name.
_BY_NAME = frozenset(
    (
        "param",
        "divide",
        "times",
        "sum",
        "minus",
        "least_of",
        "greatest_of",
        "better_of",
        "first_known",
        "said_or",
        "if",
        "range",
        "round",
        "unknown",
        "percent",
        "days",
        "weeks",
        "months",
        "years",
        "age",
    )
)
#: Words of days that look at the case by themselves.
_DAYS_OF_THEIR_OWN = frozenset(("extended_by_prevention", "suspended", "consolidation"))
#: Fields of an exploitation that every job rests on: its place, and the times that stand in for those of the only job.
_OF_EVERY_JOB = frozenset(("country", "region", "start", "end"))


@cache
def facts_read(rule: str) -> frozenset[str] | None:
    """Paths (without numbers) of the facts that a pay rule names, by its key (`Plan.core`); None where it may rest on others."""
    if not rule.startswith("{"):
        # A route's own: it reads the claim on this route.
        return None
    words: set[str] = set()
    _words(json.loads(rule), words)
    if words & _DAYS_OF_THEIR_OWN or words & (OPERATIONS.keys() - _BY_NAME):
        return None
    definitions = [definition for name, definition in vocabulary.facts().items() if name in words]
    definitions += [vocabulary.facts()[definition.fallback] for definition in definitions if definition.fallback]
    return frozenset(definition.path for definition in definitions)


def _words(raw: Any, found: set[str]) -> None:
    if isinstance(raw, dict):
        found.update(raw)
        raw = list(raw.values())
    if isinstance(raw, list):
        for part in raw:
            _words(part, found)
    elif isinstance(raw, str):
        found.add(raw)


def carry_over(case: CaseFile, known: Shared, fact: str, trial: Shared) -> None:
    """Give a trial of an answer to `fact` what was worked out for the case itself and does not rest on it."""
    general = general_path(fact)
    if general.startswith("person.birth"):
        return
    group, index, field = (*steps(fact), None, None)[:3]
    if group in ("exploitation", "work"):
        items = getattr(case, group)
        if not (isinstance(items, list) and isinstance(index, int) and index < len(items)) or field in _OF_EVERY_JOB:
            return

    def rests_on_it(rule: str) -> bool:
        reads = facts_read(rule)
        return reads is None or general in reads

    if group == "work":
        # The claims hold the job that is asked about; the other jobs are as they were.
        trial.jobs |= {key: found for key, found in known.jobs.items() if key[1] != index and not rests_on_it(key[0][0])}
        trial.pieces |= {key: dict(found) for key, found in known.pieces.items() if key[1] != index and not rests_on_it(key[0][0])}
    else:
        trial.claims |= {key: list(found) for key, found in known.claims.items() if not rests_on_it(key[0][0])}
