"""The interview: a question is worth asking when one of its answers changes something; the facts of a case by their path."""

from __future__ import annotations

from typing import Any

import pytest
from minipack import CONDITION, ON, head, parameter, route, rules, since, worked_out

from calculator.case.paths import Where, get, put, steps
from calculator.case.read import read_case
from calculator.engine.result.interview import Interview, outcome, possible_answers
from calculator.engine.result.questions import Question, definition_of, general_path
from calculator.engine.result.report import question_json
from calculator.vocabulary import facts

ASKS = {
    "id": "asks",
    "text": "It was reported.",
    "source": "act",
    "otherwise": "closed",
    "test": {"fact": "procedure.reported_to_police", "is": True},
}


def worth(found: Any, case: dict[str, Any], **more: bool) -> list[str]:
    return [q.fact for q in Interview(read_case(case), found, ON, ["XX"]).worth_asking(**more)]


def test_a_question_that_opens_a_route_is_asked() -> None:
    assert worth(rules([route([head(100)], conditions=[ASKS])]), {}) == ["procedure.reported_to_police"]


def test_a_question_whose_answers_all_say_the_same_is_not_asked() -> None:
    either = {"if": {"fact": "procedure.cooperates", "is": True}, "then": 100, "else": 100}
    assert worth(rules([route([head(either)])]), {}) == []


def test_a_route_that_is_closed_for_good_asks_nothing() -> None:
    more = {"if": {"fact": "procedure.cooperates", "is": True}, "then": 100, "else": 0}
    found = rules([route([head(more)], conditions=[ASKS])])
    assert set(worth(found, {})) == {"procedure.reported_to_police", "procedure.cooperates"}
    assert worth(found, {"procedure": {"reported_to_police": False}}) == []


def test_a_question_that_only_leads_to_another_is_asked() -> None:
    rule = {
        "if": {"all": [{"fact": "procedure.reported_to_police", "is": True}, {"fact": "procedure.cooperates", "is": True}]},
        "then": 100,
        "else": 0,
    }
    assert set(worth(rules([route([head(rule)])]), {})) == {"procedure.reported_to_police", "procedure.cooperates"}


def test_intimate_facts_wait_until_they_are_wanted() -> None:
    rule = {"if": {"fact": "act.sexual_violence", "is": "repeated"}, "then": 100, "else": 0}
    found = rules([route([head(rule)])])
    assert worth(found, {"exploitation": [{"country": "XX"}]}) == []
    assert worth(found, {"exploitation": [{"country": "XX"}]}, sensitive=True) == ["exploitation[0].sexual_violence"]


def test_numbers_and_dates_have_no_end_of_answers() -> None:
    def answers(fact: str) -> Any:
        definition = facts()[fact]
        return possible_answers(Question(definition.path, definition, (), definition.choices))

    assert answers("act.start") is None
    assert answers("procedure.cooperates") == [True, False, "unknown"]
    assert ["labour"] in answers("act.forms") and "threats" in str(answers("act.violence"))


def test_the_part_of_the_country_is_asked_where_it_changes_something() -> None:
    parts = [{"code": "XX-A", "name": "A land"}, {"code": "XX-B", "name": "B land"}]
    case = {"exploitation": [{"country": "XX"}]}
    changes = {"if": {"region": ["XX-A"]}, "then": 1, "else": 2}
    for more, expected in (({}, ["XX-A", "XX-B", "XX-0"]), ({"regions_complete": True}, ["XX-A", "XX-B"])):
        found = rules([route([head(changes)])], regions=parts, **more)
        (question,) = Interview(read_case(case), found, ON, ["XX"]).worth_asking(more=False)
        assert question.fact == "exploitation[0].region" and question.type == "choice" and list(question.choices) == expected
        shown = question_json(question, lambda text: text)
        assert shown["type"] == "choice" and shown["choices"][0] == {"value": "XX-A", "text": "A land"}
    same = rules([route([head({"if": {"region": ["XX-A"]}, "then": 2, "else": 2})])], regions=parts)
    assert worth(same, case) == []
    assert worth(rules([route([head(changes)])], regions=parts), {"exploitation": [{"country": "XX", "region": "XX-0"}]}) == []


def test_the_outcome_is_all_that_a_person_is_told() -> None:
    found = rules([route([head("act.offender_proceeds")])])
    case: dict[str, Any] = {"exploitation": [{"country": "XX", "offender_proceeds": {"amount": 5}}]}
    one = outcome(worked_out(found, case))
    assert one == outcome(worked_out(found, case))
    case["exploitation"][0]["offender_proceeds"] = {"amount": 6}
    assert one != outcome(worked_out(found, case))


def test_a_question_about_a_claim_is_about_the_claim_on_its_route() -> None:
    limit = {
        "id": "answer",
        "rule": "Answer in time.",
        "bars": "remedy",
        "source": "act",
        "date": {"plus": {"date": "claim.decided", "days": 30}},
    }
    found = rules([route([head(1)], "a", deadlines=[limit]), route([head(1)], "b", deadlines=[limit], conditions=[CONDITION])])
    case: dict[str, Any] = {"procedure": {"claims": []}}
    assert set(worth(found, case, workbench=True)) == {"procedure.claims[route=a].decided", "procedure.claims[route=b].decided"}
    put(case, "procedure.claims[route=b].decided", "2026-05-01")
    assert case["procedure"]["claims"] == [{"route": "b", "decided": "2026-05-01"}]
    put(case, "procedure.claims[route=b].filed", "2026-01-01")
    put(case, "procedure.claims[route=a].decided", "unknown")
    assert [c["route"] for c in case["procedure"]["claims"]] == ["b", "a"]
    assert get(case, "procedure.claims[route=b].filed") == "2026-01-01" and get(case, "procedure.claims[route=c].filed") is None
    assert worth(found, case, workbench=True) == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("person.birth_year", ["person", "birth_year"]),
        ("work[2].paid", ["work", 2, "paid"]),
        ("procedure.claims[route=x-1].filed", ["procedure", "claims", Where("route", "x-1"), "filed"]),
    ],
)
def test_paths_are_read_in_steps(path: str, expected: list[Any]) -> None:
    assert steps(path) == expected


def test_a_path_is_written_even_where_an_answer_stood_in_its_way() -> None:
    case: dict[str, Any] = {"work": "unknown", "person": "declined"}
    put(case, "work[1].paid", [])
    put(case, "person.birth_year", 1990)
    assert case == {"work": [{}, {"paid": []}], "person": {"birth_year": 1990}}
    put(case, "work[0]", "unknown")
    put(case, "work[0].start", "2025")
    assert get(case, "work[0].start") == "2025" and get(case, "work[0].start.day") is None and get(case, "work[7].paid") is None


def test_a_path_with_numbers_or_a_route_has_one_definition() -> None:
    assert general_path("work[12].paid[0].amount") == "work[].paid[].amount"
    assert general_path("procedure.claims[route=a-b].filed") == "procedure.claims[].filed"
    definition = definition_of("procedure.claims[route=a-b].filed")
    assert definition is not None and definition.id == "claim.filed" and definition_of("nothing") is None


def test_an_answer_that_cannot_be_is_not_a_reason_to_ask() -> None:
    wage = parameter("wage", "EUR/hour", since(10))
    rule = {"rates": [{"param": "wage"}, {"param": "wage", "live_in": True}]}
    one = {"country": "XX", "start": "2026-02-02", "end": "2026-03-01", "hours_per_week": 40, "paid": []}
    case = {"work": [{**one, "live_in": True}, dict(one)]}
    # Yes would make the two jobs one and the same, which is refused; no changes nothing.
    assert worth(rules([route([head({"back_pay": "work"})], pay_rules={"work": rule})], [wage]), case, workbench=True) == []


def test_the_easiest_question_with_most_at_stake_comes_first() -> None:
    wage = parameter("wage", "EUR/hour", since(10))
    pay = route([head({"back_pay": "work"})], "pay", pay_rules={"work": {"rates": [{"param": "wage"}], "agreed": True}})
    other = route([head({"losses": ["medical"]}, "medical_costs")], "loss")
    order = worth(rules([other, pay], [wage]), {"exploitation": [{"country": "XX", "forms": ["labour"]}]})
    assert order.index("work[0].hours_per_week") < order.index("losses")
