"""Names that several countries have for their money: dollar, crown, franc, dinar, peso. Which it is, the country says, or where she is from;
else it stays open, and is asked about: it never becomes the State's money without a word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel.numbers import get_currency_name, get_territory_currencies

from actions.readers.lexicon import ARABIC_PREFIX, is_unspaced, plain_form
from actions.readers.units import locale_of
from calculator import yaml12
from calculator.engine.figures.exchange import NO_CURRENCY
from calculator.translation import base_language

FOLDER = Path(__file__).parent / "lexicon" / "currencies"
FAMILIES: dict[str, tuple[str, ...]] = {
    "dollar": ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "JMD", "TTD", "LRD"),
    "pound": ("GBP", "EGP", "SYP", "LBP", "SDG", "IEP"),
    "franc": ("CHF", "XOF", "XAF", "RWF", "BIF", "GNF", "CDF", "FRF"),
    "crown": ("SEK", "NOK", "DKK", "ISK", "CZK"),
    "dinar": ("RSD", "DZD", "TND", "LYD", "IQD", "JOD", "KWD", "BHD", "MKD"),
    "peso": ("PHP", "MXN", "COP", "ARS", "CLP", "CUP", "DOP", "UYU"),
    "rupee": ("INR", "PKR", "NPR", "LKR"),
    "shilling": ("KES", "UGX", "TZS", "SOS", "ATS"),
    "dirham": ("MAD", "AED"),
    "rial": ("SAR", "IRR", "YER", "OMR", "QAR"),
    "lira": ("TRY", "SYP", "LBP", "ITL"),
    "leu": ("RON", "MDL"),
    "rouble": ("RUB", "BYN"),
    "som": ("UZS", "KGS"),
    "manat": ("AZN", "TMT"),
    "mark": ("DEM", "BAM", "FIM"),
    #: Chinese say it of whatever money they have in hand.
    "kuai": ("CNY",),
}
#: Families whose members are worth such different sums that a guess would be worse than a question.
OPEN = frozenset({"franc", "crown", "dinar", "peso", "rupee", "shilling", "mark", "kuai"})
#: Who says no more means this one: everywhere; with "franc" only where nobody near has francs but the Swiss.
_LIKELIEST = {"dollar": "USD", "pound": "GBP", "lira": "TRY", "leu": "RON", "rouble": "RUB"}
_SWISS_ALONE = frozenset({"de", "it", "pl", "ro", "bg", "sq", "ru", "uk", "tr", "vi", "zh"})
#: Families whose meaning does not follow from where somebody is from.
_NOT_BY_ORIGIN = frozenset({"dollar", "kuai"})
#: Money that was in use between these days counts as a country's own.
_IN_USE = (date(2022, 1, 1), date(2026, 1, 1))
#: Families whose names are too near to other words: marco, março.
_ONLY_TYPED = frozenset({"mark", "kuai"})
#: A name in one form is no name of its own below this length (se, el, de).
_SHORTEST = 3
_ARTICLE = re.compile(f"^{ARABIC_PREFIX}(?=[\u0600-\u06ff]{{3}})")
_COUNTS = (None, 1, 2, 5, 1.5)


def own_of(family: str, country: str | None, nationalities: Iterable[str] = ()) -> str | None:
    """The currency that a shared name has in a country, else in those she is from; None where that does not say which."""
    members = FAMILIES[family]
    own = _own(country, members)
    if not own and family not in _NOT_BY_ORIGIN:
        own = {code for nation in nationalities for code in _own(nation, members)}
    return next(iter(own)) if len(own) == 1 else None


def _own(country: str | None, members: tuple[str, ...]) -> set[str]:
    return set(members) & set(get_territory_currencies(country, *_IN_USE)) if country else set()


def likeliest(family: str, language: str) -> str:
    """The currency that is meant by a shared name alone; XXX where that may be any."""
    if family == "franc" and base_language(language) in _SWISS_ALONE:
        return "CHF"
    return _LIKELIEST.get(family, NO_CURRENCY)


@cache
def _typed(language: str) -> dict[str, list[str]]:
    path = FOLDER / f"{base_language(language)}.yaml"
    found: dict[str, Any] = yaml12.load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {name: [str(word) for word in words] for name, words in found.items()}


@cache
def names_as_typed(language: str, accents: bool) -> dict[str, str]:
    """Names that CLDR lacks -> the code."""
    return {
        plain_form(word, accents, language).strip(): code
        for source in (language, "every")
        for code, words in _typed(source).items()
        if code not in FAMILIES
        for word in words
    }


@cache
def generic_words(language: str, accents: bool) -> dict[str, str]:
    """Names without a country -> their family: what most names of a family have in common in CLDR, and as people type it."""
    found = {
        plain_form(word, accents, language).strip(): family
        for source in (language, "every")
        for family, words in _typed(source).items()
        if family in FAMILIES
        for word in words
    }
    locale = locale_of(language)
    if locale is None or base_language(language) in ("vi", "zh"):
        # Their names have no spaces, or spaces inside words: all of theirs are typed.
        return found
    for family, members in FAMILIES.items():
        if family in _ONLY_TYPED:
            continue
        seen: Counter[str] = Counter()
        for code in members:
            names = {plain_form(get_currency_name(code, count, locale=locale), accents, language) for count in _COUNTS}
            seen.update({word for name in names for word in name.replace("-", " ").split()})
        for word, times in seen.items():
            if times >= max(2, len(members) / 2) and len(word) >= _SHORTEST and word.isalpha():
                found.setdefault(word, family)
    return found


def family_of(word: str, language: str, accents: bool, endings: int) -> str | None:
    """The family of a word that is nothing but a shared name, `endings` letters more at most."""
    words = generic_words(language, accents)
    bare = _ARTICLE.sub("", word)
    if word in words or bare in words:
        return words.get(word) or words[bare]
    if endings and not is_unspaced(word):
        return next(
            (family for name, family in words.items() if len(name) >= 4 and word.startswith(name) and len(word) - len(name) <= endings), None
        )
    return None
