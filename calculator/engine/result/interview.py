"""The interview: which question next, so that as few as possible are asked until the outcome cannot change any more.

`next_questions` ranks the facts that rules still wait for. Here each of them is tried out: a question none of whose answers
would change a status, an amount, a deadline or what else is still to be asked is not worth asking. Facts with endless
answers (dates, money, lists) always count as worth asking.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from calculator.case.model import CaseFile
from calculator.engine.result.questions import Question, general_path, next_questions
from calculator.engine.result.trials import RouteOutcome, Trials, outcome_of
from calculator.engine.routes.estimate import Estimate, estimate
from calculator.packs.load import Rules

#: So many jobs that wait for the same fact are tried one by one; more of them together (`Trials.jobs_that_change`).
TRIED_ONE_BY_ONE = 5
_FACT_OF_A_JOB = re.compile(r"work\[(\d+)\]\.(.+)")


def outcome(found: Estimate) -> tuple[RouteOutcome, ...]:
    """Everything a person is told. Equal outcomes say the same."""
    return tuple(outcome_of(r) for j in found.jurisdictions for r in j.routes)


def possible_answers(question: Question) -> list[Any] | None:
    """Every answer of a question with few of them; None when there is no end."""
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
        self.found = estimate(case, rules, on, jurisdictions, trace=False)
        self._trials = Trials(case, self.found, rules, on, jurisdictions)

    def worth_asking(self, sensitive: bool = False, workbench: bool = False, more: bool = True) -> Iterator[Question]:
        """Questions that can still change something, best first; worked out one by one, as far as the caller reads."""
        questions = next_questions(self.found, sensitive, workbench, more)
        alike = _alike(questions)
        judged: dict[str, bool] = {}
        for question in questions:
            if question.fact not in judged:
                judged |= self._judge(alike.get(general_path(question.fact), [question]))
            if judged[question.fact]:
                yield question

    def can_change(self, question: Question) -> bool:
        """Whether one of its answers changes something."""
        answers = possible_answers(question)
        return answers is None or self._trials.changes(question.fact, answers, question.routes)

    def _judge(self, questions: list[Question]) -> dict[str, bool]:
        """Which of the same questions about several jobs are worth asking."""
        answers = possible_answers(questions[0])
        if answers is None or len(questions) == 1:
            return {question.fact: self.can_change(question) for question in questions}
        jobs = {int(_part(question.fact, 1)): question for question in questions}
        routes = tuple(dict.fromkeys(route for question in questions for route in question.routes))
        changing = self._trials.jobs_that_change(_part(questions[0].fact, 2), jobs, answers, routes)
        # A fact that no rule of pay looks at is looked at for all jobs together, so that one of the others speaks for them.
        others = [question for job, question in sorted(jobs.items()) if job not in changing]
        verdict = bool(others) and self.can_change(others[0])
        return {question.fact: job in changing or verdict for job, question in jobs.items()}


def _part(fact: str, group: int) -> str:
    match = _FACT_OF_A_JOB.fullmatch(fact)
    assert match is not None
    return match[group]


def _alike(questions: list[Question]) -> dict[str, list[Question]]:
    """The same question about many jobs, by its path without numbers."""
    found: dict[str, list[Question]] = {}
    for question in questions:
        if _FACT_OF_A_JOB.fullmatch(question.fact):
            found.setdefault(general_path(question.fact), []).append(question)
    return {path: group for path, group in found.items() if len(group) > TRIED_ONE_BY_ONE}
