"""Pay and amounts: "50 euros a week", "1 800 € par mois", "rien", "٥٠ يورو في الأسبوع"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.numbers import get_currency_name, get_currency_symbol

from actions.readers.numbers import DIGITS, between, digits_for_words, read_number
from actions.readers.units import locale_of, unit_words
from actions.readers.words import PER, is_unspaced, words_or_english
from actions.readers.words import words as ways

#: Currencies of countries people come from or were exploited in; CLDR has the names.
_COMMON = ("EUR", "GBP", "USD", "CHF", "SEK", "NOK", "DKK", "PLN", "RON", "BGN", "UAH", "RUB", "TRY", "MAD", "ALL", "CZK",
           "HUF", "CAD", "MDL", "VND", "CNY", "NGN", "PHP", "INR")


@dataclass(frozen=True, slots=True)
class MoneyRead:
    """An amount, or what it lies between. `currency` and `per` are None where the text names none."""

    low: Decimal
    high: Decimal
    currency: str | None
    per: str | None


@lru_cache(maxsize=64)
def _currency_words(language: str) -> list[tuple[str, str]]:
    """Codes, symbols and names of currencies in the language and in English."""
    words: dict[str, str] = {}
    for code in _COMMON:
        words[code.casefold()] = code
        for locale in filter(None, (locale_of(language), locale_of("en"))):
            names = [get_currency_name(code, count, locale=locale) for count in (None, 1, 2, 5)]
            for word in [get_currency_symbol(code, locale=locale), *names]:
                words.setdefault(word.casefold(), code)
                if not word.isascii():
                    words.setdefault(word.casefold().split()[0], code)
    # People write the short name; CLDR has only the full one ("British pound").
    words.setdefault("pounds", "GBP")
    words.setdefault("pound", "GBP")
    return sorted(words.items(), key=lambda item: -len(item[0]))


@lru_cache(maxsize=64)
def _period_words(language: str) -> list[tuple[str, str]]:
    """Names of hour, day, week and month in the language and in English."""
    words: dict[str, str] = {}
    for name in (language, "en"):
        for per in ("hour", "day", "week", "month"):
            for word in (*unit_words(name, per), *ways(PER[per], name)):
                words.setdefault(word, per)
    for word in words_or_english(PER["total"], language):
        words.setdefault(word, "total")
    return sorted(words.items(), key=lambda item: -len(item[0]))


def _find(text: str, words: list[tuple[str, str]], prefix: str = "") -> re.Match[str] | None:
    """The first of `words` that the text holds, whole; in scripts without spaces wherever it stands."""
    lowered = text.casefold()
    for word, _meaning in words:
        bare = len(word) == 1 and not word.isalnum() or is_unspaced(word)
        source = re.escape(word) if bare else rf"(?<![^\W\d_]){prefix}{re.escape(word)}(?![^\W\d_])"
        if found := re.search(source, lowered):
            return found
    return None


def _meaning(text: str, words: list[tuple[str, str]], prefix: str = "") -> str | None:
    found = _find(text, words, prefix)
    return next((meaning for word, meaning in words if found and found.group().endswith(word)), None)


def read_money(text: str, language: str) -> MoneyRead | None:
    """The amount in a text: of several numbers the one that stands beside a currency. None when there is none."""
    plain = digits_for_words(text[:300], language)
    currency = _find(plain, _currency_words(language))
    number = read_number(_beside(plain, currency, language), language)
    if number is None:
        return None
    # Arabic writes the article onto the unit: al-usbu', al-shahr.
    per = _meaning(plain, _period_words(language)) or _meaning(plain, _period_words(language), prefix="(?:ال|بال|لل)")
    return MoneyRead(number.low, number.high, _meaning(plain, _currency_words(language)), per)


def _beside(text: str, currency: re.Match[str] | None, language: str) -> str:
    """The part of a text with the number that a currency belongs to: "one month 200 euros" is 200."""
    numbers = list(DIGITS.finditer(text))
    if currency is None or len(numbers) < 2:
        return text
    nearest = min(numbers, key=lambda n: max(currency.start() - n.end(), n.start() - currency.end(), 0))
    both_ends = next((r for r in between(language).finditer(text) if r.start() <= nearest.start() < r.end()), None)
    return text[(both_ends or nearest).start():]
