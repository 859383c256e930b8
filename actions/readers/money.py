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


#: Characters by which a unit before an amount counts as farther than one behind it.
BEFORE_IS_FARTHER = 12


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
                # "一天" is read as "1天".
                words.setdefault(digits_for_words(word, name), per)
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


def _nearest(text: str, words: list[tuple[str, str]], at: int, prefix: str = "") -> str | None:
    """What the word nearest to a place means; of two equally near the longer."""
    lowered, best = text.casefold(), None
    for word, meaning in words:
        source = re.escape(word) if is_unspaced(word) else rf"(?<![^\W\d_]){prefix}{re.escape(word)}(?![^\W\d_])"
        for match in re.finditer(source, lowered):
            # What belongs to an amount mostly follows it.
            far = match.start() - at if match.start() >= at else at - match.end() + BEFORE_IS_FARTHER
            if best is None or far < best[0]:
                best = (far, meaning)
    return best[1] if best else None


def read_money(text: str, language: str) -> MoneyRead | None:
    """The amount in a text: of several numbers the one that stands beside a currency. None when there is none."""
    plain = digits_for_words(text[:300], language)
    currencies, periods = _currency_words(language), _period_words(language)
    currency = _find(plain, currencies)
    at = _where(plain, currency, language)
    number = read_number(plain[at:], language)
    if number is None:
        return None
    # Arabic writes the article onto the unit: al-usbu', al-shahr.
    per = _nearest(plain, periods, at) or _nearest(plain, periods, at, prefix="(?:ال|بال|لل)")
    named = next((meaning for word, meaning in currencies if currency and currency.group() == word), None)
    return MoneyRead(number.low, number.high, named, per)


def _where(text: str, currency: re.Match[str] | None, language: str) -> int:
    """Where the amount begins: "one month 200 euros" is 200, and in "10 hours a day, 300 a month" hours are no money."""
    numbers = list(DIGITS.finditer(text))
    if len(numbers) < 2:
        return numbers[0].start() if numbers else 0
    hours = re.compile("|".join([r"\s*h(?![^\W\d_])", *(rf"\s*{re.escape(word)}" for word in unit_words(language, "hour"))]), re.IGNORECASE)
    money = [n for n in numbers if n.group() != "1" and not hours.match(text, n.end())] or numbers
    if currency is None:
        chosen = money[0]
    else:
        chosen = min(money, key=lambda n: max(currency.start() - n.end(), n.start() - currency.end(), 0))
    both_ends = next((r for r in between(language).finditer(text) if r.start() <= chosen.start() < r.end()), None)
    return (both_ends or chosen).start()
