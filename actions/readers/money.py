"""Pay and amounts: "50 euros a week", "1 800 € par mois", "rien", "٥٠ يورو في الأسبوع"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.numbers import get_currency_name, get_currency_symbol

from actions.readers.numbers import digits_for_words, read_number
from actions.readers.units import locale_of, unit_words

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
            for word in unit_words(name, per):
                words.setdefault(word, per)
    return sorted(words.items(), key=lambda item: -len(item[0]))


def _find(text: str, words: list[tuple[str, str]], prefix: str = "") -> str | None:
    lowered = text.casefold()
    for word, meaning in words:
        if len(word) == 1 and not word.isalnum():
            if word in lowered:
                return meaning
        elif re.search(rf"(?<![^\W\d_]){prefix}{re.escape(word)}(?![^\W\d_])", lowered):
            return meaning
    return None


def read_money(text: str, language: str) -> MoneyRead | None:
    """The first amount in a text. None when there is none."""
    plain = digits_for_words(text[:300], language)
    number = read_number(plain, language)
    if number is None:
        return None
    # Arabic writes the article onto the unit: al-usbu', al-shahr.
    per = _find(plain, _period_words(language)) or _find(plain, _period_words(language), prefix="(?:ال|بال|لل)")
    return MoneyRead(number.low, number.high, _find(plain, _currency_words(language)), per)
