"""What an answer leaves as it was: the pay of jobs that does not rest on the fact, carried over from the case to a trial of an answer.

Pay under a rule rests on the jobs, when and where they were, the age, and the facts that the rule names. Its time bar and the day of
uprating are part of the key under which it is kept, so that an answer which moves them finds nothing.
"""

from __future__ import annotations

from calculator.case.model import CaseFile
from calculator.case.paths import steps
from calculator.engine.language.run import Shared
from calculator.engine.result.questions import general_path
from calculator.engine.work.pay_rule import Core

#: Fields of an exploitation that every job rests on: its place, and the times that stand in for those of the only job.
_OF_EVERY_JOB = frozenset(("country", "region", "start", "end"))


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

    def rests_on_it(rule: Core) -> bool:
        return rule.reads is None or general in rule.reads

    if group == "work":
        # The claims hold the job that is asked about; the other jobs are as they were.
        trial.jobs |= {key: found for key, found in known.jobs.items() if key[1] != index and not rests_on_it(key[0][0])}
        trial.pieces |= {key: dict(found) for key, found in known.pieces.items() if key[1] != index and not rests_on_it(key[0][0])}
    else:
        trial.claims |= {key: list(found) for key, found in known.claims.items() if not rests_on_it(key[0][0])}
