"""One rule for gateway and Rasa: what is said in danger, and what is left when the table is gone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from calculator.translation import languages, translator
from danger.table import SORRY, WITHOUT_TABLE, Table, read_table

CONTENT = {
    "emergency": {
        "en": {
            "": {"any": {"sure": ["Call 112."], "hint": "112?"}},
            "DE": {"any": {"sure": ["Call 110."], "hint": "110?"}, "medical": {"sure": ["112!"]}},
        },
        "fr": {"DE": {"any": {"sure": ["Appelez le 110."], "hint": "110 ?"}}},
    },
    "unavailable": {"en": {"": "Sorry. 112.", "DE": "Sorry. 110."}},
}


def as_it_is(_language: str, sentence: str) -> str:
    return sentence


TABLE = Table(as_it_is, CONTENT)


@pytest.mark.parametrize(
    ("language", "country", "kind", "words"),
    [
        ("en", "DE", "attack", "Call 110."),
        ("en", "DE", "medical", "112!"),
        ("en-GB", "DE", None, "Call 110."),
        ("fr", "DE", "medical", "Appelez le 110."),
        # French knows no other country: English numbers of the right country are better than French ones of another.
        ("fr", "PL", None, "Call 112."),
        ("xx", "DE", "never heard of", "Call 110."),
        ("en", None, None, "Call 112."),
    ],
)  # fmt: skip
def test_language_then_country_then_kind(language: str, country: str | None, kind: str | None, words: str) -> None:
    assert TABLE.emergency(language, country, kind) == [words]


def test_an_installation_of_one_country_tells_its_numbers_while_nothing_is_known() -> None:
    of_germany = Table(as_it_is, CONTENT, default_country="DE")
    assert of_germany.emergency("en", None, None) == ["Call 110."] and of_germany.hint("en", None, None) == "110?"
    assert of_germany.unavailable("en", None) == "Sorry. 110."


@pytest.mark.parametrize("content", ["", "[1", "[]", "7", '{"emergency": []}', '{"emergency": {"en": {"DE": "x"}}}', '{"unavailable": 3}'])
def test_a_broken_table_still_names_numbers(tmp_path: Path, content: str) -> None:
    (tmp_path / "contacts.json").write_text(content)
    table = Table(as_it_is, read_table(tmp_path / "contacts.json") or {})
    assert table.emergency("en", "DE", "attack") == [WITHOUT_TABLE] and table.hint("en", "DE", None) == WITHOUT_TABLE
    assert table.unavailable("en", "DE") == f"{SORRY}\n{WITHOUT_TABLE}"


@pytest.mark.parametrize("language", languages())
def test_without_the_table_the_words_are_hers_and_name_more_than_one_number(language: str) -> None:
    translate = translator(language, "danger")
    said = Table(lambda _language, sentence: translate(sentence)).emergency(language, "US", None)[0]
    assert "112" in said and "911" in said
    assert language == "en" or said != WITHOUT_TABLE


def test_what_is_built_holds_every_language_and_country(tmp_path: Path) -> None:
    from calculator.api import contacts_by_country
    from calculator.emergency import contacts_document

    document = contacts_document(contacts_by_country(), languages())
    table = Table(as_it_is, json.loads(json.dumps(document)))
    for language in languages():
        for country, number in (("", "112"), ("US", "911"), ("DE", "110"), ("FR", "17"), ("GB", "999"), ("UA", "102")):
            first, hint = table.emergency(language, country, None)[0], table.hint(language, country, None)
            assert number in first and number in hint and number in table.unavailable(language, country)
            assert WITHOUT_TABLE not in (first, hint)
