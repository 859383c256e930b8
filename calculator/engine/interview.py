"""The interview: which question next, so that as few as possible are asked until the outcome cannot change any more.

`next_questions` ranks the facts that rules still wait for. Here each of them is tried out: a question none of whose answers
would change a status, an amount, a time limit or what else is still to be asked is not worth asking. Facts with endless
answers (dates, money, lists) always count as worth asking.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from calculator.case.model import CaseFile
from calculator.case.paths import put
from calculator.case.read import dump_case, read_case
from calculator.engine.estimate import Estimate, estimate
from calculator.engine.questions import Question, next_questions
from calculator.errors import CaseError
from calculator.packs.load import Rules

Outcome = tuple[Any, ...]


def outcome(found: Estimate) -> Outcome:
    """Everything a person is told: statuses, amounts, time limits, what is not known. Equal outcomes say the same."""
    return tuple(
        (r.route.raw.id, r.status, r.waits_for, tuple(sorted(r.gaps)), tuple(sorted(r.unknown_heads)),
         tuple((n.head.raw.head, n.rank, n.value.state, n.value.low, n.value.high, n.value.partial, n.counted, n.barred, n.term)
               for n in r.lines),
         tuple((d.raw.id, d.day) for d in r.deadlines))
        for j in found.jurisdictions for r in j.routes)


def _missing(found: Estimate, besides: str) -> frozenset[str]:
    """What else is still to be asked."""
    return frozenset(f for j in found.jurisdictions for r in j.routes for f in r.missing if f != besides)


def possible_answers(question: Question) -> list[Any] | None:
    """Every answer of a question with few of them, and its extremes where it asks for a number; None when there is no end."""
    if question.type == "yes_no":
        return [True, False, "unknown"]
    if question.type == "choice":
        return [*question.choices, "unknown"]
    if question.type == "choices":
        return [*([choice] for choice in question.choices), "unknown"]
    return None


class Interview:
    """One case in one set of rules: what is worth asking next."""

    def __init__(self, case: CaseFile, rules: Rules, on: date, jurisdictions: Sequence[str] | None = None) -> None:
        self.rules, self.on, self.jurisdictions = rules, on, jurisdictions
        self.raw = dump_case(case)
        self.found = estimate(case, rules, on, jurisdictions, trace=False)
        self._outcome = outcome(self.found)

    def worth_asking(self, sensitive: bool = False, workbench: bool = False, more: bool = True) -> Iterator[Question]:
        """Questions that can still change something, best first; worked out one by one, as far as the caller reads."""
        for question in next_questions(self.found, sensitive, workbench, more):
            if self.can_change(question):
                yield question

    def can_change(self, question: Question) -> bool:
        answers = possible_answers(question)
        if answers is None:
            return True
        others = _missing(self.found, question.fact)
        return any(self._changes(question.fact, answer, others) for answer in answers)

    def _changes(self, fact: str, answer: Any, others: frozenset[str]) -> bool:
        raw = copy.deepcopy(self.raw)
        put(raw, fact, answer)
        try:
            found = estimate(read_case(raw), self.rules, self.on, self.jurisdictions, trace=False)
        except CaseError:
            return False
        return outcome(found) != self._outcome or _missing(found, fact) != others
