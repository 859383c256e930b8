"""The State's own words beside what they mean (terms.yaml of each pack)."""

from __future__ import annotations

from typing import Any

import pytest
from babel import Locale

from calculator import vocabulary
from calculator.api import default_rules, jurisdiction_json
from calculator.engine.result.terms import office_language
from calculator.errors import PackError
from calculator.packs.load import Rules, build_pack
from calculator.translation import languages, translator
from tests.calculator.minipack import estimate_json, files, head, route, worked_out

PACKS = default_rules().packs
WORD = {"term": "civil_party", "words": {"nl": "benadeelde partij"}, "source": "act", "routes": ["claim"]}


def with_terms(*terms: dict[str, Any], **jurisdiction: Any) -> Rules:
    about = {"languages": ["nl"], **jurisdiction}
    return Rules({"XX": build_pack("XX", files([route([head(1)])], **about) | {"XX/terms.yaml": {"terms": list(terms)}})}, "test")


def told(found: Rules, language: str = "en", code: str = "XX") -> dict[str, Any]:
    return estimate_json(worked_out(found, {}, code=code), translator(language, "law"), language)["jurisdictions"][0]


def test_a_word_stands_beside_its_route_with_its_language_and_meaning() -> None:
    found = told(with_terms(WORD, {**WORD, "term": "fund_form", "routes": []}))
    (term,) = found["routes"][0]["terms"]
    assert term["words"] == {"nl": "benadeelde partij"}
    assert term["text"] == f"“benadeelde partij” (Dutch): {vocabulary.terms()['civil_party']}"


def test_what_offices_read_is_said_to_who_reads_another_language() -> None:
    found = with_terms({**WORD, "words": {"nl": "benadeelde partij", "fr": "partie civile"}}, languages=["nl", "fr", "de"])
    assert "Dutch; French" in told(found)["office_language"] and "German" not in told(found)["office_language"]
    assert told(found, "fr")["office_language"] is None


def test_a_word_of_one_region_is_not_told_in_another() -> None:
    regions = [{"code": "XX-A", "name": "Northland"}, {"code": "XX-B", "name": "Southland"}]
    found = with_terms({**WORD, "regions": ["XX-A"]}, regions=regions)
    assert [len(told(found, code=code)["routes"][0]["terms"]) for code in ("XX", "XX-A", "XX-B")] == [1, 1, 0]


@pytest.mark.parametrize(
    ("change", "field", "known"),
    [
        ({"term": "civil_partie"}, "term", "civil_party"),
        ({"routes": ["clam"]}, "routes", "claim"),
        ({"topics": ["police"]}, "topics", "Use one of these"),
        ({"regions": ["XX-C"]}, "regions", "Use one of these"),
        ({"words": {"sv": "målsägande"}}, "words", "nl"),
        ({"source": "acts"}, "source", "sources.yaml"),
    ],
)
def test_a_name_that_nothing_has_is_a_fault_of_the_pack(change: dict[str, Any], field: str, known: str) -> None:
    with pytest.raises(PackError) as error:
        with_terms({**WORD, **change})
    assert error.value.field == f"terms[0].{field}" and known in str(error.value)


@pytest.mark.parametrize("code", sorted(PACKS))
def test_every_route_of_a_state_has_a_word_to_say_there(code: str) -> None:
    pack = PACKS[code]
    assert not set(pack.routes) - {route for term in pack.terms for route in term.routes}


@pytest.mark.parametrize("code", sorted(PACKS))
def test_words_are_in_the_offices_language_and_meanings_in_the_readers(code: str) -> None:
    for language in languages():
        for term in jurisdiction_json(code, language)["terms"]:
            for office, word in term["words"].items():
                assert word in term["text"]
                assert office == language or Locale.parse(language).languages[office] in term["text"]
            assert term["means"] in term["text"]
            if language != "en":
                assert term["means"] != vocabulary.terms()[term["id"]]
    told_to_arabs = office_language(PACKS[code], translator("ar", "law"), "ar")
    assert told_to_arabs is not None and "{" not in told_to_arabs
