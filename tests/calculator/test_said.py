"""How many sentences a State adds for a person to read: each has to be translated into every language."""

from __future__ import annotations

import pytest

from calculator.api import default_rules
from calculator.packs.said import of_its_own, sentences
from calculator.translation import COUNSEL, for_counsel
from tools.source_strings import source_strings

#: What each State has today. Below 60 is the aim (docs/translating.md); a number here only ever goes down, unless a right is added.
AT_MOST = {
    "AT": 117,
    "BE": 142,
    "CA": 181,
    "CH": 157,
    "DE": 177,
    "DK": 110,
    "ES": 173,
    "FR": 196,
    "GB": 189,
    "IE": 177,
    "IT": 120,
    "NL": 149,
    "NO": 113,
    "SE": 113,
    "US": 259,
}


PACKS = default_rules().packs
OWN = of_its_own(PACKS.values())


@pytest.mark.parametrize("code", sorted(PACKS))
def test_a_state_adds_no_more_sentences_than_it_has(code: str) -> None:
    assert OWN[code] <= AT_MOST[code]


def test_a_sentence_that_another_state_has_is_not_its_own() -> None:
    assert OWN["SE"] < of_its_own([PACKS["SE"]])["SE"]


def test_every_sentence_of_a_pack_is_in_the_catalogues() -> None:
    known = {text for domain in ("law", COUNSEL) for _place, text in source_strings(domain, None)}
    for pack in PACKS.values():
        found = list(sentences(pack))
        assert {s.text for s in found if not s.made} <= known
        assert {phrase.text for s in found for phrase in s.made} <= known


def test_research_and_lists_for_lawyers_are_not_counted() -> None:
    pack = PACKS["DK"]
    fields = {reader: {s.field for s in sentences(pack) if s.reader == reader} for reader in ("person", "figures", "counsel")}
    assert {"gaps", "relations"} <= fields["counsel"]
    assert {"steps", "papers"} <= fields["person"]


def test_what_only_lawyers_read_is_in_no_catalogue_of_hers() -> None:
    hers = {text for _place, text in source_strings("law", None)}
    for language in ("de", "fr", "en"):
        lawyers = {text for _place, text in source_strings(COUNSEL, language)}
        assert len(lawyers) > 60 and not lawyers & hers
    german = {text for _place, text in source_strings(COUNSEL, "de")}
    assert {s.text for s in sentences(PACKS["DE"]) if s.reader == "counsel"} <= german | hers
    read_in_german = {s.text for code in ("AT", "BE", "CH", "DE") for s in sentences(PACKS[code])}
    assert german <= read_in_german


def test_a_note_for_lawyers_stays_english_in_quotation_marks_elsewhere() -> None:
    note = next(s.text for s in sentences(PACKS["DE"]) if s.reader == "counsel")
    assert for_counsel("en")(note) == note
    assert for_counsel("de")(note) not in (note, f"“{note}”")
    assert for_counsel("tr")(note) == f"“{note}”"
    assert for_counsel("ar")(note) == f"\u2068“{note}”\u2069"
