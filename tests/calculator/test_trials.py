"""Trying answers out: the quick way says what working out every answer anew would say, and costs no more for each job when there are many."""

from __future__ import annotations

import copy
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from minipack import ON as MINI_ON
from minipack import head, job, parameter, route, rules, since

from calculator import vocabulary, yaml12
from calculator.api import default_rules
from calculator.case.model import CaseFile
from calculator.case.paths import put
from calculator.case.read import dump_case, read_case
from calculator.engine.language.run import Day, Shared
from calculator.engine.language.scope import Scope
from calculator.engine.result.carrying import carry_over
from calculator.engine.result.interview import TRIED_ONE_BY_ONE, Interview, outcome, possible_answers
from calculator.engine.result.questions import general_path, next_questions
from calculator.engine.result.trials import Trials
from calculator.engine.routes import estimate as estimates
from calculator.engine.routes.estimate import Estimate, estimate
from calculator.engine.work.pay_rule import Core, compile_pay_rule
from calculator.errors import CaseError
from calculator.packs.load import Rules
from tools.golden import GOLDEN

RULES = default_rules()
ON = date(2026, 6, 30)
CASES = yaml12.load((GOLDEN / "cases.yaml").read_text(encoding="utf-8"))["cases"]


def missing(found: Estimate, besides: str) -> frozenset[str]:
    return frozenset(fact for j in found.jurisdictions for r in j.routes for fact in r.missing if fact != besides)


def one_by_one(case: CaseFile, found: Rules, on: date, jurisdictions: list[str] | None) -> list[str]:
    """What is worth asking, by working out the whole case anew for every answer."""
    now = estimate(case, found, on, jurisdictions, trace=False)
    worth = []
    for question in next_questions(now, True, True):
        answers = possible_answers(question)
        for answer in answers or []:
            raw = dump_case(case)
            put(raw, question.fact, answer)
            try:
                then = estimate(read_case(raw), found, on, jurisdictions, trace=False)
            except CaseError:
                continue
            if outcome(then) != outcome(now) or missing(then, question.fact) != missing(now, question.fact):
                worth.append(question.fact)
                break
        else:
            worth += [question.fact] if answers is None else []
    return worth


def several_jobs(country: str, count: int, **facts: Any) -> dict[str, Any]:
    """Jobs one after the other over ten years of rates."""
    first, days = date(2016, 6, 1), 3_650 // count
    work = [
        {
            "country": country,
            "start": (first + timedelta(days=days * n)).isoformat(),
            "hours_per_week": 50,
            "end": (first + timedelta(days=days * (n + 1) - 1)).isoformat(),
            "paid": [{"amount": "50", "per": "week"}],
            **facts,
        }
        for n in range(count)
    ]
    return {"person": {"birth_date": "1990-01-01"}, "exploitation": [{"country": country, "forms": ["labour"]}], "work": work}


@pytest.mark.parametrize("country", sorted(RULES.packs))
def test_few_jobs_are_asked_about_as_if_every_answer_were_worked_out(country: str) -> None:
    for name in ("builder", "live_in_help"):
        raw = copy.deepcopy(CASES[name])
        for entry in [*raw["exploitation"], *raw["work"]]:
            entry["country"] = country
        for gone in ("sector", "live_in", "permit_to_work"):
            raw["work"][0].pop(gone, None)
        case = read_case(raw)
        assert [q.fact for q in Interview(case, RULES, ON, [country]).worth_asking(True, True)] == one_by_one(case, RULES, ON, [country])


@pytest.mark.parametrize("country", sorted(RULES.packs))
def test_of_many_jobs_no_question_is_lost_and_hardly_one_is_too_many(country: str) -> None:
    case = read_case(several_jobs(country, TRIED_ONE_BY_ONE + 1))
    asked = [q.fact for q in Interview(case, RULES, ON, [country]).worth_asking(True, True)]
    needed = one_by_one(case, RULES, ON, [country])
    assert [fact for fact in asked if fact in needed] == needed
    # Only of a job, and only where a highest sum or another route makes its answer idle.
    assert all(fact.startswith("work[") for fact in asked if fact not in needed)
    # The most is where a trade decides on pay that counts under a collective agreement alone, which is asked besides (DK: 38 for 32).
    assert len(asked) <= 1.2 * len(needed)


def test_the_work_grows_with_the_jobs_and_not_with_their_square(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: routes that are worked out for all questions, one by one and together."""
    counts: Counter[int] = Counter()
    real = estimates.evaluate_route

    def counting(*given: Any) -> Any:
        counts[jobs] += 1
        return real(*given)

    monkeypatch.setattr(estimates, "evaluate_route", counting)
    for jobs in (10, 20, 40):
        list(Interview(read_case(several_jobs("US", jobs)), RULES, ON, ["US"]).worth_asking())
    assert counts[40] <= 1.2 * counts[10], counts


WAGE = parameter("wage", "EUR/hour", since(10))
HIGH = parameter("high", "EUR/hour", since(20))
PAY = {"rates": [{"param": "wage"}, {"param": "high", "sector": ["care"], "instead": True}]}


def of_many(found: Rules, **facts: Any) -> list[str]:
    case = read_case({"work": [job(occupation=str(n), **facts)["work"][0] for n in range(TRIED_ONE_BY_ONE + 1)]})
    asked = [q.fact for q in Interview(case, found, MINI_ON, ["XX"]).worth_asking(True, True)]
    assert asked == one_by_one(case, found, MINI_ON, ["XX"])
    return asked


def test_what_changes_the_pay_of_each_of_many_jobs_is_asked_of_each() -> None:
    asked = of_many(rules([route([head({"back_pay": "work"})], pay_rules={"work": PAY})], [WAGE, HIGH]), hours_per_week=10)
    assert Counter(map(general_path, asked))["work[].sector"] == TRIED_ONE_BY_ONE + 1


def test_what_changes_the_pay_of_none_of_many_jobs_is_not_asked() -> None:
    same = {"rates": [{"param": "wage"}, {"param": "wage", "sector": ["care"], "instead": True}]}
    assert of_many(rules([route([head({"back_pay": "work"})], pay_rules={"work": same})], [WAGE]), hours_per_week=10) == []


def test_payments_for_days_nobody_knows_hide_no_question() -> None:
    """Such a job is worked out in several ways, each of which is compared; the first job, which got more than it asks, speaks for none."""
    found = rules([route([head({"back_pay": "work"})], pay_rules={"work": PAY})], [WAGE, HIGH])
    vague = [{"amount": 10, "per": "total", "from": "2026-02", "to": "2026-02"}]
    jobs = [job(occupation=str(n), hours_per_week=10, paid=vague)["work"][0] for n in range(TRIED_ONE_BY_ONE + 1)]
    jobs[0]["hours_per_week"] = 0
    asked = [q.fact for q in Interview(read_case({"work": jobs}), found, MINI_ON, ["XX"]).worth_asking(True, True)]
    assert [fact for fact in asked if fact.endswith("sector")] == [f"work[{n}].sector" for n in range(1, TRIED_ONE_BY_ONE + 1)]


def reads(rule: dict[str, Any]) -> frozenset[str] | None:
    """What a pay rule rests on, as the compiler finds it."""
    pack = next(iter(rules([route([])], [WAGE]).packs.values()))
    scope = Scope(file="claim.yaml", field="pay_rules.work", currency="EUR", parameters=dict(pack.parameters), route="claim")
    scope.dates["own_day"] = lambda ctx: Day(None)
    return compile_pay_rule({"rates": [{"param": "wage"}], **rule}, scope).core.reads


def test_a_rule_of_pay_names_what_it_rests_on() -> None:
    factor = {"param": "wage"}
    assert reads({"rates": [{"param": "wage", "sector": ["care"]}]}) == frozenset()
    assert reads({"factor": {**factor, "unless": {"fact": "procedure.cooperates", "is": True}}}) == {"procedure.cooperates"}
    assert reads({"factor": {**factor, "until": {"extended_by_prevention": "act.end"}}}) is None
    assert reads({"factor": {**factor, "until": {"plus": {"date": "act.end", "years": 1}}}}) == {"exploitation[].end", "work[].end"}
    # At any depth.
    deep = {"sum": [1, {"if": {"not": {"fact": "act.violence", "has": ["severe"]}}, "then": 1, "else": 2}]}
    assert reads({"overtime": [{"over": deep, "factor": 2}]}) == {"exploitation[].violence"}
    assert reads({"overtime": [{"over": {"sum": [1, {"losses": ["medical"]}]}, "factor": 2}]}) is None


@pytest.mark.parametrize(
    "until", ["application", "decision", "claim.filed", "own_day", {"later_of": ["act.end", {"plus": {"date": "claim.served", "days": 1}}]}]
)
def test_what_reads_the_claim_or_a_day_of_the_route_is_the_routes_own(until: Any) -> None:
    assert reads({"factor": {"param": "wage", "until": until}}) is None
    # A time bar is part of the key, not of the rule.
    assert reads({"not_before": until}) == frozenset()


def test_a_fact_with_a_fallback_rests_on_that_too() -> None:
    for name, definition in vocabulary.facts().items():
        if definition.fallback and definition.type == "date":
            other = vocabulary.facts()[definition.fallback].path
            assert reads({"factor": {"param": "wage", "until": name}}) == {definition.path, other}


@pytest.mark.parametrize(
    ("fact", "claims", "jobs"),
    [
        ("procedure.reported_to_police", ["free", "bound"], []),
        ("procedure.cooperates", ["free"], []),
        ("claimant", ["free", "bound"], []),
        ("exploitation[0].violence", ["free", "bound"], []),
        ("exploitation[0].region", [], []),
        ("exploitation[7].violence", [], []),
        ("person.birth_year", [], []),
        ("person.immigration_status", ["free", "bound"], []),
        ("work[0].live_in", [], [("free", 1), ("bound", 1)]),
        ("work[0].region", [], []),
        ("work[9].live_in", [], []),
    ],
)
def test_what_rests_on_an_answer_is_worked_out_again(fact: str, claims: list[str], jobs: list[tuple[str, int]]) -> None:
    case = read_case({"exploitation": [{"country": "XX"}], "work": [{"country": "XX"}, {"country": "XX"}]})
    free, bound = Core("free", frozenset()), Core("bound", frozenset({"procedure.cooperates"}))
    names = {free: "free", bound: "bound"}
    known = Shared(
        claims={((rule, None), None): [1] for rule in names},
        jobs={((rule, None), n): 1 for rule in names for n in (0, 1)},
        pieces={((rule, None), n, False, 3): {} for rule in names for n in (0, 1)},
    )
    trial = Shared()
    carry_over(case, known, fact, trial)
    assert [names[key[0][0]] for key in trial.claims] == claims
    assert [(names[key[0][0]], key[1]) for key in trial.jobs] == jobs == [(names[key[0][0]], key[1]) for key in trial.pieces]


def trials(found: Rules, raw: dict[str, Any], jurisdictions: list[str] | None) -> Trials:
    case = read_case(raw)
    return Trials(case, estimate(case, found, MINI_ON, jurisdictions, trace=False), found, MINI_ON, jurisdictions)


def test_an_answer_that_cannot_be_changes_nothing() -> None:
    found = rules([route([head({"back_pay": "work"})], pay_rules={"work": PAY})], [WAGE, HIGH])
    tried = trials(found, job(hours_per_week=10), ["XX"])
    assert not tried.changes("work[0].hours_per_week", [500]) and not tried.changes("work[0].start", ["2027-01-01"])
    assert tried.changes("work[0].hours_per_week", [500, 11])
    assert tried.jobs_that_change("hours_per_week", [0], [500, 10], ["claim"]) == set()
    assert tried.jobs_that_change("hours_per_week", [0], [500, 11, 12], ["claim"]) == {0}
    assert tried.jobs_that_change("hours_per_week", [0], [11], ["another"]) == set()


def test_an_answer_that_names_another_country_asks_its_rules() -> None:
    raw = {"exploitation": [{"country": "DE", "forms": ["labour"]}]}
    case = read_case(raw)
    tried = Trials(case, estimate(case, RULES, ON), RULES, ON, None)
    assert tried.changes("exploitation[0].country", ["FR"])
    assert not tried.changes("exploitation[0].country", ["DE"]) and not tried.changes("exploitation[0].country", ["unknown", "XX"])
    together = read_case({"exploitation": [{"country": "DE"}, {"country": "DE"}]})
    tried = Trials(together, estimate(together, RULES, ON), RULES, ON, None)
    assert tried.changes("exploitation[1].country", ["FR"])


def test_jobs_that_leave_other_facts_open_change() -> None:
    """Care has its own rate where one lives there; for other work nobody need be asked whether they did."""
    care = {"rates": [{"param": "wage"}, {"param": "wage", "sector": ["care"], "live_in": True, "instead": True}]}
    found = rules([route([head({"back_pay": "work"})], pay_rules={"work": care})], [WAGE])
    tried = trials(found, job(hours_per_week=10), ["XX"])
    assert tried.jobs_that_change("sector", [0], ["other"], ["claim"]) == {0}
