"""The sentence of a deadline is its rule: it cannot say another time (calculator/engine/routes/deadline_words.py)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from calculator.api import default_rules
from calculator.engine.figures.parameters import DatedParameter
from calculator.engine.result.phrase_text import phrase_text
from calculator.engine.routes.pack import CompiledDeadline, Pack
from calculator.engine.routes.phrases import Period, loose_number
from calculator.errors import PackError
from calculator.translation import languages, translator
from tests.calculator.minipack import ON, estimate_json, head, parameter, route, rules, since, worked_out

PACKS = default_rules().packs
LANGUAGES = languages()
TIMES = frozenset({"year", "month", "week", "day"})


def said(pack: Pack, deadline: CompiledDeadline, language: str = "en", on: date = ON) -> str:
    translate = translator(language, "law")
    return "\n".join(phrase_text(phrases, pack, on, translate, language) for phrases in (deadline.said, deadline.relief))


def deadlines_of(pack: Pack) -> dict[tuple[str, str], CompiledDeadline]:
    return {(name, d.raw.id): d for name, found in pack.routes.items() for d in found.deadlines}


def figures_of(deadline: CompiledDeadline) -> set[str]:
    """The parameters that its sentences hold."""
    values = (value for phrase in (*deadline.said, *deadline.relief) for value in phrase.values.values())
    return {value.parameter for value in values if isinstance(value, Period) and value.parameter}


def longer_by_one(parameter: DatedParameter) -> DatedParameter:
    """The same length of time, each of its figures one longer."""
    values = [v if v.value is None else v.model_copy(update={"value": v.value + 1}) for v in parameter.raw.values]
    return DatedParameter(parameter.raw.model_copy(update={"values": values}), ON)


@pytest.mark.parametrize("code", sorted(PACKS))
def test_another_figure_is_another_sentence_in_every_language_and_on_every_day(code: str) -> None:
    pack = PACKS[code]
    longer = {name: longer_by_one(found) if found.unit in TIMES else found for name, found in pack.parameters.items()}
    after = replace(pack, parameters=longer)
    seen = 0
    for key, deadline in deadlines_of(pack).items():
        names = figures_of(deadline)
        days = {ON, *(dated.start for name in names for dated in pack.parameters[name].values if dated.raw.value is not None)}
        for language in LANGUAGES if names else []:
            for on in days:
                # A figure is only one where it is known on that day.
                if all((dated := pack.parameters[name].on(on)) and dated.raw.value is not None for name in names):
                    assert said(pack, deadline, language, on) != said(after, deadline, language, on), (key, language, on)
                    seen += 1
    assert seen >= len(LANGUAGES)


@pytest.mark.parametrize("code", sorted(PACKS))
def test_no_text_of_a_deadline_holds_a_number_of_its_own(code: str) -> None:
    for key, deadline in deadlines_of(PACKS[code]).items():
        texts = [deadline.raw.rule, deadline.raw.about, deadline.raw.relief]
        assert not [text for text in texts if text and loose_number(text)], key


@pytest.mark.parametrize("code", sorted(PACKS))
def test_every_formula_with_a_parameter_is_said_with_it(code: str) -> None:
    for key, deadline in deadlines_of(PACKS[code]).items():
        assert "{" not in said(PACKS[code], deadline), key
        if deadline.raw.rule is None and isinstance(deadline.raw.date, dict) and "plus" in deadline.raw.date:
            assert any(isinstance(phrase.values.get("period"), Period) for phrase in deadline.said), key


def of(**more: Any) -> dict[str, Any]:
    return {"id": "limit", "bars": "claim", "source": "act", **more}


def text_of(deadline: dict[str, Any], *parameters: dict[str, Any], kind: str = "civil_claim") -> str:
    """The sentence of one deadline of a country that does not exist."""
    found = rules([route([head(1)], deadlines=[deadline], kind=kind)], list(parameters), regions=[{"code": "XX-A", "name": "Northland"}])
    pack = found.packs["XX"]
    return said(pack, pack.routes["claim"].deadlines[0]).strip()


@pytest.mark.parametrize(
    ("deadline", "sentence"),
    [
        (
            of(date={"plus": {"date": "act.end", "years": 3}}),
            "The time to claim is 3 years. The time begins on the last day on which it happened.",
        ),
        (
            of(date={"plus": {"date": "claim.decided", "weeks": 6}}, bars="appeal"),
            "The time to appeal is 6 weeks. The time begins when the decision comes.",
        ),
        (of(date={"birthday": 25}), "The time ends at the age of 25."),
        (of(date={"minus": {"date": {"birthday": 28}, "days": 1}}), "The time ends on the day before the age of 28."),
        (of(date="2021-12-31"), "The time ended on December 31, 2021."),
        (
            of(date={"end_of_year": {"plus": {"date": "job.end", "years": 3}}}),
            "The time to claim is 3 years. The time begins at the end of the year in which the work ends.",
        ),
        (
            of(date={"later_of": [{"plus": {"date": "act.end", "years": 5}}, {"birthday": 25}]}),
            "The time to claim is 5 years. The time begins on the last day on which it happened. The time does not end before the age of 25.",
        ),
        (
            of(date={"later_of": [{"birthday": 21}, {"plus": {"date": "act.end", "years": 5}}]}),
            "The time to claim is 5 years. The time begins on the last day on which it happened. The time does not end before the age of 21.",
        ),
        (
            of(date={"minus": {"date": {"plus": {"date": "job.end", "months": 3}}, "days": 1}}),
            "The time to claim is 3 months. It is one day less than that. The time begins when the work ends.",
        ),
        (
            of(date={"plus": {"date": {"later_of": ["act.end", {"birthday": 18}]}, "years": 5}}, when={"age_at": "act.start", "under": 18}),
            "This holds when it began before the age of 18. The time to claim is 5 years. The time begins on the last day on which it happened, "
            "but not before the age of 18.",
        ),
        (
            of(
                date={"plus": {"date": "act.end", "months": 1}},
                when={"all": [{"region": ["XX-A"]}, {"date": "act.end", "before": "2020-01-01"}]},
            ),
            "This holds here: Northland. This holds for what ended before January 1, 2020. The time to claim is 1 month. The time begins on the "
            "last day on which it happened.",
        ),
        (
            of(within={"days": 90}, bars="appeal", begins="decision_on_objection"),
            "The time to appeal is 90 days. The time begins with the answer to the objection.",
        ),
        (of(), "We do not know the time for this. Ask a lawyer or an advice centre soon."),
        (of(act="no_limit"), "There is no time limit for this."),
        (of(rule="Ask before the trial ends."), "Ask before the trial ends."),
        (
            of(
                about="This is for harm done on purpose.",
                date={"plus": {"date": "act.end", "years": 6}},
                late="allowed",
                extends=["claim_stops"],
            ),
            "This is for harm done on purpose. The time to claim is 6 years. The time begins on the last day on which it happened. A later request "
            "can be let in for a good reason.\nA claim in court stops the time.",
        ),
    ],
)
def test_a_formula_says_itself(deadline: dict[str, Any], sentence: str) -> None:
    assert text_of(deadline) == sentence


def test_a_text_takes_its_length_from_a_parameter() -> None:
    years = parameter("grave_years", "year", since(20))
    assert text_of(of(rule="For torture the time is {grave_years}."), years) == "For torture the time is 20 years."


def test_the_figure_is_that_of_the_day_from_which_the_time_counts() -> None:
    years = parameter("fund_years", "year", {**since(2), "to": "2019-12-31"}, since(3, "2020-01-01"))
    limit = of(date={"plus": {"date": "act.end", "years": {"param": "fund_years"}}})
    found = rules([route([head(1)], deadlines=[limit])], [years])

    def shown(end: str) -> tuple[str, str]:
        case = {"exploitation": [{"country": "XX", "start": "2018-01-01", "end": end}]}
        document = estimate_json(worked_out(found, case), lambda text: text)["jurisdictions"][0]["routes"][0]["deadlines"][0]
        return document["date"], document["rule"]

    day, sentence = shown("2019-06-30")
    assert day == "2021-06-30" and sentence.startswith("The time to claim is 2 years.")
    day, sentence = shown("2020-06-30")
    assert day == "2023-06-30" and sentence.startswith("The time to claim is 3 years.")


@pytest.mark.parametrize(
    ("deadline", "field", "fix"),
    [
        (of(rule="Ask within two years."), "rule", "Write the parameter in its place"),
        (of(relief="There are 5 more days."), "relief", "Write the parameter in its place"),
        (of(rule="The time is {fund_yeers}."), "rule", "fund_years"),
        (of(act="aply", date={"plus": {"date": "act.end", "years": 3}}), "act", "apply"),
        (of(act="no_limits"), "act", "no_limit"),
        (of(begins="last_acts", date={"plus": {"date": "act.end", "years": 3}}), "begins", "last_act"),
        (of(begins="dismissal", date={"plus": {"date": "act.end", "years": 3}}), "begins", "last_act"),
        (of(extends=["claim_stop"]), "extends", "claim_stops"),
        (of(rule="Ask soon.", act="apply"), "", "Remove either"),
        (of(within={"days": 3}, date={"plus": {"date": "act.end", "years": 3}}), "", "Remove within"),
        (of(date={"plus": {"date": "act.end", "years": 3, "days": 1}}), "date", "{parameter}"),
        (of(date={"end_of_year": {"plus": {"date": "act.end", "months": 6}}}), "", "{parameter}"),
        (of(within={"years": {"param": "fund_yeers"}}), "within", "fund_years"),
        (of(within={"months": {"param": "fund_years"}}), "within", "Its unit is month"),
        (of(act="no_limit", begins="last_act"), "begins", "remove begins"),
        (of(date={"midpoint": ["act.start", "act.end"]}), "", "{parameter}"),
    ],
)
def test_what_cannot_be_said_is_a_fault_of_the_pack(deadline: dict[str, Any], field: str, fix: str) -> None:
    with pytest.raises(PackError) as error:
        text_of(deadline, parameter("fund_years", "year", since(3)), parameter("rate", "percent", since(5)))
    assert error.value.field.startswith(f"claim.deadlines.limit.{field}".rstrip("."))
    assert fix in str(error.value)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Ask within two years.", "two"),
        ("You have one more year.", "one more year"),
        ("It is 120 days.", "120"),
        ("One of the two funds pays.", "two"),
        ("Since 1 July 2021 this is possible.", None),
        ("By a law of 2018 it has no end.", None),
        ("Another claim has no limit (18 USC 2255).", None),
        ("The time is {years}.", None),
    ],
)
def test_a_number_in_a_text_is_found(text: str, number: str | None) -> None:
    assert loose_number(text) == number
