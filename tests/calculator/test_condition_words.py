"""The sentence of a condition is its test: it cannot ask for something else (calculator/engine/routes/condition_words.py)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from calculator import vocabulary
from calculator.api import default_rules
from calculator.engine.result.phrase_text import phrase_text
from calculator.engine.routes.pack import CompiledCondition, Pack
from calculator.engine.routes.phrases import Amount, Period, loose_number
from calculator.errors import PackError
from calculator.translation import languages, translator
from tests.calculator.minipack import ON, estimate_json, head, parameter, route, rules, since, worked_out
from tests.calculator.test_deadline_words import longer_by_one

PACKS = default_rules().packs
LANGUAGES = languages()


def said(pack: Pack, condition: CompiledCondition, language: str = "en") -> str:
    translate = translator(language, "law")
    return "\n".join(phrase_text(part, pack, ON, translate, language) for part in (condition.words.said, condition.words.lacking))


def conditions_of(pack: Pack) -> list[tuple[str, CompiledCondition]]:
    return [(f"{name}.{c.raw.id}", c) for name, found in pack.routes.items() for c in found.conditions]


def test_no_sentence_of_the_vocabulary_holds_a_number() -> None:
    assert not [text for text in vocabulary.condition_texts() if loose_number(text)]


@pytest.mark.parametrize("code", sorted(PACKS))
def test_no_text_of_a_condition_holds_a_number_of_its_own(code: str) -> None:
    assert not [place for place, c in conditions_of(PACKS[code]) if c.raw.text and loose_number(c.raw.text)]


def test_every_phrase_is_used() -> None:
    used = {name for pack in PACKS.values() for _place, c in conditions_of(pack) for name in c.raw.said or [c.raw.id]}
    assert not set(vocabulary.conditions()) - used


@pytest.mark.parametrize("code", sorted(PACKS))
def test_what_refuses_somebody_says_what_it_would_take(code: str) -> None:
    """A condition that the case can fail is not told as if it held."""
    silent = [place for place, c in conditions_of(PACKS[code]) if c.raw.text is None and _can_fail(c.raw.test) and not c.words.lacking]
    assert not silent


def _can_fail(test: Any) -> bool:
    """Whether a case can be refused by it: what nobody can tell refuses nobody."""
    if test is None or "nobody_knows" in test:
        return False
    if "any" in test:
        return all(map(_can_fail, test["any"]))
    return any(map(_can_fail, test["all"])) if "all" in test else test.get("always") is not True


def test_another_figure_is_another_sentence_in_every_language() -> None:
    seen = 0
    for pack in PACKS.values():
        after = replace(pack, parameters={name: longer_by_one(found) for name, found in pack.parameters.items() if found.raw.by is None})
        for place, condition in conditions_of(pack):
            phrases = (*condition.words.said, *condition.words.lacking)
            if not any(isinstance(value, Period | Amount) for phrase in phrases for value in phrase.values.values()):
                continue
            for language in LANGUAGES:
                assert said(pack, condition, language) != said(after, condition, language), (pack.code, place, language)
                seen += 1
    assert seen >= 4 * len(LANGUAGES)


def of(**more: Any) -> dict[str, Any]:
    return {"id": "one", "source": "act", **more}


def told(condition: dict[str, Any], case: dict[str, Any] | None = None, *parameters: dict[str, Any]) -> dict[str, Any]:
    """One condition of a country that does not exist, as an estimate tells it."""
    found = rules([route([head(1)], conditions=[condition])], list(parameters))
    document = estimate_json(worked_out(found, case or {}), lambda text: text)["jurisdictions"][0]["routes"][0]
    return {**document["conditions"][0], "waits_for": document["waits_for"], "route": document["status"]}


def test_a_day_in_the_sentence_is_that_of_the_test() -> None:
    since_2009 = of(said=["happened_since"], test={"date": "act.end", "on_or_after": "2009-04-01"})
    case = {"exploitation": [{"country": "XX", "start": "2005-01-01", "end": "2006-01-01"}]}
    found = told(since_2009, case)
    assert found["status"] == "not_met" and "April 1, 2009" in found["text"] and "April 1, 2009" in found["reason"]
    later = of(said=["happened_since"], test={"date": "act.end", "on_or_after": "2010-04-01"})
    assert "April 1, 2010" in told(later)["text"]


def test_a_text_of_its_own_takes_its_figure_from_a_parameter() -> None:
    least = parameter("least", "EUR", since(500))
    found = told(of(text="Your damage is above {least}.", test={"value": {"losses": ["medical"]}, "over": {"param": "least"}}), None, least)
    assert found["text"] == "Your damage is above €500."


def test_what_is_not_met_is_said_as_what_it_would_take() -> None:
    known = of(id="offender_known", test={"fact": "procedure.offender_known", "is": True})
    found = told(known, {"procedure": {"offender_known": False}})
    assert found["status"] == "not_met" and found["reason"] == vocabulary.conditions()["offender_known"].lacking
    assert told(known, {"procedure": {"offender_known": True}})["reason"] is None


def test_a_way_that_waits_says_for_what() -> None:
    later = of(id="offender_known", otherwise="later", test={"fact": "procedure.offender_known", "is": True})
    found = told(later, {"procedure": {"offender_known": False}})
    assert (found["route"], found["waits_for"]) == ("later", vocabulary.conditions()["offender_known"].waits)


@pytest.mark.parametrize(
    ("condition", "field", "fix"),
    [
        (of(id="offender_knwon", test={"always": True}), "said", "offender_known"),
        (of(said=["offender_known"], test={"fact": "procedure.reported_to_police", "is": True}), "said", "procedure.reported_to_police"),
        (of(said=["happened_since"], test={"always": True}), "said", "{day}"),
        (of(text="Your damage is above 500 euros.", test={"always": True}), "text", "Write the parameter in its place"),
        (of(text="It is so.", said=["offender_known"], test={"always": True}), "", "Remove either"),
        (of(text="It is so.", otherwise="later", test={"always": True}), "", "waits_for"),
    ],
)
def test_what_does_not_agree_with_its_test_is_a_fault_of_the_pack(condition: dict[str, Any], field: str, fix: str) -> None:
    with pytest.raises(PackError) as error:
        told(condition)
    assert error.value.field.startswith(f"claim.conditions.{condition['id']}.{field}".rstrip("."))
    assert fix in str(error.value)


def test_a_figure_that_changed_is_not_said_as_one() -> None:
    size = of(id="firm_size", test={"fact": "job.employer_size", "at_least": {"param": "least"}})
    same = parameter("least", "number", {**since(15), "to": "2020-12-31"}, since(15, "2021-01-01"))
    assert told(size, None, same)["text"] == "The employer had this number of workers or more: 15."
    changed = parameter("least", "number", {**since(15), "to": "2020-12-31"}, since(20, "2021-01-01"))
    with pytest.raises(PackError, match="not always the same"):
        told(size, None, changed)


def test_what_makes_it_easier_is_said_to_who_does_not_meet_it_yet() -> None:
    police = {"fact": "procedure.reported_to_police", "is": True}
    found = told(of(said=["told_police", "no_conviction_needed"], test=police), {"procedure": {"reported_to_police": False}})
    phrases = vocabulary.conditions()
    assert found["reason"] == f"{phrases['told_police'].lacking} {phrases['no_conviction_needed'].text}"


def test_a_text_of_its_own_says_no_figure_that_changed_either() -> None:
    changed = parameter("least", "EUR", {**since(500), "to": "2020-12-31"}, since(600, "2021-01-01"))
    with pytest.raises(PackError, match="not always the same"):
        told(of(text="Your damage is above {least}.", test={"always": True}), None, changed)
