"""Which money somebody means: its names in every language as people type them, names of several countries, and no money at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.readers.currencies import of_country
from actions.readers.lexicon import plain_form
from actions.readers.money import amounts, read_money
from actions.readers.shared_money import FAMILIES, generic_words
from actions.story.told import read_story
from calculator import yaml12
from calculator.translation import languages
from envelope import Understood
from tests.actions.turns import TODAY

_TABLE = yaml12.load((Path(__file__).parent / "money_names.yaml").read_text(encoding="utf-8"))
NAMES = [(language, text, code) for language, rows in _TABLE["names"].items() for text, code in rows]
NO_MONEY = [(language, text) for language, rows in _TABLE["no_money"].items() for text in rows]


@pytest.mark.parametrize(("language", "text", "code"), NAMES)
def test_a_name_of_money_is_read(language: str, text: str, code: str) -> None:
    found = read_money(text, language)
    assert found is not None and found.currency == code


def test_the_table_has_every_language_and_many_currencies() -> None:
    assert set(_TABLE["names"]) == set(languages()) and len(NO_MONEY) >= 40
    for language, rows in _TABLE["names"].items():
        assert len({code for _, code in rows}) >= 12, language


@pytest.mark.parametrize(("language", "text"), NO_MONEY)
def test_words_that_are_money_elsewhere_are_none_here(language: str, text: str) -> None:
    assert [found.currency for found in amounts(text, language, bare=True) if found.currency] == []


@pytest.mark.parametrize(
    ("language", "text", "low"),
    [
        ("fr", "5 millions de dongs", 5_000_000),
        ("fr", "2 millions de francs cfa", 2_000_000),
        ("de", "2,5 millionen lei", 2_500_000),
        ("de", "5 mio dong", 5_000_000),
        ("ar", "5 ملايين ليرة", 5_000_000),
        ("sq", "5 milionë lekë", 5_000_000),
        ("zh", "500万越南盾", 5_000_000),
        ("en", "500 k naira", 500_000),
    ],
)
def test_large_sums_are_read_whole(language: str, text: str, low: int) -> None:
    found = read_money(text, language)
    assert found is not None and found.low == low and found.currency is not None


@pytest.mark.parametrize(
    ("language", "text", "country", "nationalities", "code"),
    [
        ("en", "400 lei a week", "DE", (), "RON"),
        ("en", "400 lei a week", "DE", ("MD",), "MDL"),
        ("en", "400 lei a week", "RO", ("MD",), "RON"),
        ("ru", "400 леев в неделю", "RO", (), "RON"),
        ("en", "200 dollars", "DE", (), "USD"),
        ("en", "200 dollars", "DE", ("JM",), "USD"),
        ("en", "200 dollars", "CA", (), "CAD"),
        ("en", "8000 kr", "SE", (), "SEK"),
        ("en", "8000 kr", "DE", (), "XXX"),
        ("pl", "8000 koron", "DK", (), "DKK"),
        ("pl", "8000 koron", "DE", ("CZ",), "CZK"),
        ("fr", "50000 francs", "FR", (), "XXX"),
        ("fr", "50000 francs", "FR", ("SN",), "XOF"),
        ("fr", "50000 francs", "FR", ("CM",), "XAF"),
        ("fr", "900 francs", "CH", ("SN",), "CHF"),
        ("it", "900 franchi", "IT", (), "CHF"),
        ("en", "5000 rupees", "GB", ("IN",), "INR"),
        ("en", "5000 rupees", "GB", ("PK",), "PKR"),
        ("en", "5000 rupees", "GB", ("IN", "PK"), "XXX"),
        ("en", "5000 pesos", "ES", ("CO",), "COP"),
        ("en", "5000 dinars", "DE", ("RS",), "RSD"),
        ("en", "60 pounds", "GB", ("EG",), "GBP"),
        ("ar", "500 درهم", "DE", ("AE",), "AED"),
        ("zh", "3000块", "DE", ("CN",), "XXX"),
        ("en", "500 euros", "SE", ("RS",), "EUR"),
        ("en", "900 swiss francs", "FR", ("SN",), "CHF"),
        ("de", "900 serbische dinar", "DE", ("DZ",), "RSD"),
    ],
)
def test_a_shared_name_is_the_countrys_money_then_that_of_her_own_country(
    language: str, text: str, country: str, nationalities: tuple[str, ...], code: str
) -> None:
    found = read_money(text, language)
    assert found is not None and of_country(found, country, nationalities).currency == code


def test_codes_that_are_words_are_read_in_capitals_alone() -> None:
    said = {
        text: read_money(text, "en") for text in ("500 MAD", "500 mad", "i got 500 ALL a month", "I GOT 500 ALL TOGETHER", "500 RON", "200 usd")
    }
    assert {text: found.currency for text, found in said.items() if found} == {
        "500 MAD": "MAD",
        "500 mad": None,
        "i got 500 ALL a month": "ALL",
        "I GOT 500 ALL TOGETHER": None,
        "500 RON": "RON",
        "200 usd": "USD",
    }


def test_her_own_country_told_in_the_same_text_says_whose_pesos() -> None:
    facts = [
        {"text": "i am colombian", "facts": [{"group": "place", "value": "origin", "score": 1.0, "sure": True}]},
        {"text": "they gave me 300000 pesos a month", "facts": [{"group": "money", "value": "paid", "score": 1.0, "sure": True}]},
    ]
    text = "i am colombian, they gave me 300000 pesos a month"
    parse = Understood.read({"intent": {"name": "tell_story"}, "entities": [], "danger": {"level": "none"}, "clauses": facts})
    told = read_story(parse, text, "en", TODAY, "ES").told
    assert told["person.nationalities"].value == ["CO"] and told["work[0].paid"].value[0]["currency"] == "COP"


@pytest.mark.parametrize("language", languages())
def test_shared_names_are_names_of_one_family_only(language: str) -> None:
    words = generic_words(language, accents=False)
    assert set(words.values()) <= set(FAMILIES) and {"crown", "dinar", "rupee", "peso"} <= set(words.values())
    assert all(word == plain_form(word, False, language) and len(word) > 1 or not word.isascii() or word == "$" for word in words)
