"""Answers tried out on one case: would an outcome change?

A trial stops at the first route that says something else, and begins with the routes that wait for the fact. Where many jobs wait for
the same fact, its answers are tried on all of them at once and each job is judged by its own hours and pay, since trying them one by one
would work out every job as often as there are jobs.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from calculator.case.model import CaseFile
from calculator.case.paths import put, steps
from calculator.case.read import check_against, check_facts, dump_case, read_case
from calculator.engine.language.run import Shared
from calculator.engine.result.carrying import carry_over
from calculator.engine.routes.estimate import Estimate, Routes, countries_of, estimate
from calculator.engine.routes.outcome import RouteResult
from calculator.engine.work.amounts import Amounts
from calculator.engine.work.ends import LOWEST
from calculator.engine.work.job import Job
from calculator.errors import CaseError
from calculator.packs.load import Rules
from calculator.quantity import Confidence, Value

RouteOutcome = tuple[Any, ...]
#: With fewer jobs it is quicker to work them out again.
WORTH_CARRYING = 5


def outcome_of(result: RouteResult) -> RouteOutcome:
    """Everything a person is told of a route: status, amounts, time limits, what is not known. Equal outcomes say the same."""
    return (
        result.route.raw.id,
        result.status,
        result.waits_for,
        tuple(sorted(result.gaps)),
        tuple(sorted(result.unknown_heads)),
        tuple(
            (n.head.raw.head, n.rank, n.value.state, n.value.low, n.value.high, n.value.partial, n.counted, n.barred, n.term)
            for n in result.lines
        ),
        tuple((d.raw.id, d.day) for d in result.deadlines),
    )


class Trials:
    """Tries answers on one case, whose estimate is known."""

    def __init__(self, case: CaseFile, found: Estimate, rules: Rules, on: date, jurisdictions: Sequence[str] | None) -> None:
        self._case, self._found, self._rules, self._on, self._jurisdictions = case, found, rules, on, jurisdictions
        self._raw = dump_case(case)
        self._outcomes = [{r.route.raw.id: outcome_of(r) for r in j.routes} for j in found.jurisdictions]
        self._missing = frozenset(fact for j in found.jurisdictions for r in j.routes for fact in r.missing)
        self._shared: list[Shared] = []

    def changes(self, fact: str, answers: Iterable[Any], first: Sequence[str] = ()) -> bool:
        """Whether one of the answers changes an outcome, or what else is still to be asked. The routes of `first` are tried with every
        answer before any other route is."""
        trials = []
        for answer in answers:
            try:
                case = self._with({fact: answer})
                check_against(case, self._on)
            except CaseError:
                continue
            if not self._jurisdictions and countries_of(case) != countries_of(self._case):
                if self._changes_elsewhere(case, fact):
                    return True
                continue
            trials.append(_Trial(list(self._routes(case, fact)), self._outcomes, self._missing, fact))
        try:
            return any(trial.differs(first) for trial in trials) or any(trial.differs() or trial.asks_less() for trial in trials)
        finally:
            for trial in trials:
                trial.close()

    def _changes_elsewhere(self, case: CaseFile, fact: str) -> bool:
        """The same where the answer names another country, so that other rules are asked."""
        try:
            found = estimate(case, self._rules, self._on, self._jurisdictions, trace=False)
        except CaseError:
            return False
        missing = {name for j in found.jurisdictions for r in j.routes for name in r.missing}
        return [{r.route.raw.id: outcome_of(r) for r in j.routes} for j in found.jurisdictions] != self._outcomes or missing - {
            fact
        } != self._missing - {fact}

    def jobs_that_change(self, field: str, jobs: Iterable[int], answers: Iterable[Any], first: Sequence[str]) -> set[int]:
        """Of `jobs`, which wait for the same field of theirs, those whose own hours, pay or open facts one of the answers changes, in one
        of the routes `first`. That such a job changes an outcome is likely, not sure: a highest sum may be reached without it."""
        left, changed = set(jobs), set()
        for answer in answers:
            if not left:
                break
            try:
                case = self._with({f"work[{job}].{field}": answer for job in left})
                check_against(case, self._on)
            except CaseError:
                continue
            for routes, known in zip(self._routes(case), self._known(), strict=True):
                for name in (name for name in routes.names if name in first):
                    routes.result(name)
                    # The sooner all jobs are known to change, the fewer routes are worked out.
                    changed |= _paid_differently(routes.shared, known, left)
                    if left <= changed:
                        break
                changed |= _asking_differently(routes.shared, known, left - changed, field)
                routes.close()
            left -= changed
        return changed

    def _routes(self, case: CaseFile, fact: str | None = None) -> Iterator[Routes]:
        """The routes of each jurisdiction of the estimate, under another case; with another answer to `fact` alone, what does not rest
        on it is known."""
        for number, found in enumerate(self._found.jurisdictions):
            region = found.code if found.code != found.pack.code else None
            routes = Routes(case, found.pack, self._on, region=region)
            if fact is not None and len(found.facts.jobs) >= WORTH_CARRYING:
                carry_over(self._case, self._known()[number], fact, routes.shared)
            yield routes

    def _known(self) -> list[Shared]:
        """What the jobs of the case itself come to, in every route."""
        if not self._shared:
            for routes in self._routes(self._case):
                for name in routes.names:
                    routes.result(name)
                self._shared.append(routes.shared)
        return self._shared

    def _with(self, answers: dict[str, Any]) -> CaseFile:
        """The case with other answers, of one group of facts; only what changes is read again. Raises CaseError."""
        parts = [steps(fact) for fact in answers]
        group = str(parts[0][0])
        items = getattr(self._case, group)
        if isinstance(items, list) and all(len(p) > 2 and isinstance(p[1], int) and p[1] < len(items) for p in parts):
            read = list(items)
            for fact, part in zip(answers, parts, strict=True):
                index = part[1]
                assert isinstance(index, int)
                read[index] = _read_again({group: [self._raw[group][index]]}, fact.replace(f"[{index}]", "[0]", 1), answers[fact], group)[0]
        else:
            (fact,) = answers
            read = _read_again({group: self._raw[group]} if group in self._raw else {}, fact, answers[fact], group)
        case = self._case.model_copy(update={group: read})
        check_facts(case)
        return case


class _Trial:
    """One answer, worked out route by route."""

    def __init__(self, routes: list[Routes], outcomes: list[dict[str, RouteOutcome]], missing: frozenset[str], fact: str) -> None:
        self._routes, self._outcomes, self._before, self._fact = routes, outcomes, missing - {fact}, fact
        self._missing: set[str] = set()

    def differs(self, names: Sequence[str] | None = None) -> bool:
        """Whether one of the named routes (of all of them) says something else, or asks for something new."""
        for routes, outcomes in zip(self._routes, self._outcomes, strict=True):
            for name in routes.names if names is None else [name for name in names if name in outcomes]:
                result = routes.result(name)
                self._missing |= result.missing
                if outcome_of(result) != outcomes[name] or not result.missing - {self._fact} <= self._before:
                    return True
        return False

    def asks_less(self) -> bool:
        """Whether all routes together, which must have been worked out, no longer ask for something."""
        return self._missing - {self._fact} != self._before

    def close(self) -> None:
        for routes in self._routes:
            routes.close()


def _read_again(raw: dict[str, Any], fact: str, answer: Any, group: str) -> Any:
    """A group of facts with another answer in it. Raises CaseError."""
    raw = copy.deepcopy(raw)
    put(raw, fact, answer)
    return getattr(read_case(raw), group)


def _paid_differently(trial: Shared, known: Shared, jobs: set[int]) -> set[int]:
    """Jobs of which a stretch of work comes to something else in a trial."""
    found: set[int] = set()
    for (rule, job, end, least_sure), stretches in trial.pieces.items():
        if job not in jobs or job in found:
            continue
        # Where the case left no range, or no figure was unsure, its one pass stood for the others.
        passes = ((rule, job, end, least_sure), (rule, job, LOWEST, least_sure), (rule, job, LOWEST, Confidence.unverified))
        before: dict[Any, Amounts] = next((known.pieces[key] for key in passes if key in known.pieces), {})
        if any(stretch not in before or _figures(amounts) != _figures(before[stretch]) for stretch, amounts in stretches.items()):
            found.add(job)
    return found


def _figures(amounts: Amounts) -> tuple[Any, ...]:
    """What a stretch comes to, whatever is still to be asked about it."""
    values = ((v.state, v.low, v.high, v.rank, v.partial) for v in (amounts.unpaid, amounts.due, amounts.housing))
    return (*values, amounts.hours, amounts.paid)


def _asking_differently(trial: Shared, known: Shared, jobs: set[int], field: str) -> set[int]:
    """Jobs which, under the rules that were looked at in a trial, leave other facts open than before, or can be worked out where they
    could not be."""
    after, before = _open_facts(trial, trial), _open_facts(known, trial)
    return {job for job in jobs if _besides(after.get(job), f"work[{job}].{field}") != _besides(before.get(job), f"work[{job}].{field}")}


def _open_facts(shared: Shared, looked_at: Shared) -> dict[int, set[Any]]:
    """For each job the facts that are open, and the rules under which nothing can be worked out."""
    found: dict[int, set[Any]] = {}
    for key in looked_at.jobs:
        if key not in shared.jobs:
            continue
        job: Job | Value = shared.jobs[key][0]
        stop = job if isinstance(job, Value) else job.stop(None)
        facts = found.setdefault(key[1], set())
        if stop is not None:
            facts |= {key, *stop.missing}
        if isinstance(job, Job):
            facts |= job.asks
    for (rule, index, _, _), stretches in shared.pieces.items():
        # The rule's key alone, without the way in which payments may have been meant.
        if (rule[:2], index) in looked_at.jobs:
            found.setdefault(index, set()).update(*(amounts.asks for amounts in stretches.values()))
    return found


def _besides(facts: set[Any] | None, fact: str) -> set[Any]:
    return (facts or set()) - {fact}
