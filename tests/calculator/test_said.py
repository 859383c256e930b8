"""How many sentences a State adds for a person to read: each has to be translated into every language."""

from __future__ import annotations

import pytest

from calculator.api import default_rules
from calculator.packs.said import of_its_own, sentences
from tools.source_strings import law_messages

#: What each State has today. Below 60 is the aim (docs/translating.md); a number here only ever goes down, unless a right is added.
AT_MOST = {
    "AT": 148,
    "BE": 162,
    "CA": 206,
    "CH": 200,
    "DE": 229,
    "DK": 132,
    "ES": 210,
    "FR": 241,
    "GB": 229,
    "IE": 213,
    "IT": 147,
    "NL": 188,
    "NO": 139,
    "SE": 138,
    "US": 299,
}


PACKS = default_rules().packs
OWN = of_its_own(PACKS.values())


@pytest.mark.parametrize("code", sorted(PACKS))
def test_a_state_adds_no_more_sentences_than_it_has(code: str) -> None:
    assert OWN[code] <= AT_MOST[code]


def test_a_sentence_that_another_state_has_is_not_its_own() -> None:
    assert OWN["SE"] < of_its_own([PACKS["SE"]])["SE"]


def test_every_sentence_of_a_pack_is_in_the_catalogues() -> None:
    known = {text for _place, text in law_messages()}
    for pack in PACKS.values():
        found = list(sentences(pack))
        assert {s.text for s in found if not s.made} <= known
        assert {phrase.text for s in found for phrase in s.made} <= known


def test_research_and_lists_for_lawyers_are_not_counted() -> None:
    pack = PACKS["DK"]
    counsel = {s.field for s in sentences(pack) if s.reader == "counsel"}
    assert {"gaps", "precedents"} <= counsel
    assert not {"steps", "papers"} & counsel
