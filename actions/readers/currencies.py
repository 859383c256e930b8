"""Money by its names: codes, signs and words as people have them, and which money a shared name is in a country."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import get_currency_name, get_currency_symbol

from actions.readers.lexicon import is_unspaced, mapping, one_of, plain_form
from actions.readers.units import locale_of
from calculator.translation import base_language

#: Currencies of countries people come from or were exploited in.
CURRENCIES = (
    "EUR",
    "GBP",
    "USD",
    "CHF",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "RON",
    "BGN",
    "CZK",
    "HUF",
    "UAH",
    "RUB",
    "MDL",
    "ALL",
    "RSD",
    "TRY",
    "MAD",
    "DZD",
    "TND",
    "EGP",
    "SYP",
    "IQD",
    "IRR",
    "AED",
    "SAR",
    "NGN",
    "GHS",
    "KES",
    "ETB",
    "ZAR",
    "INR",
    "PKR",
    "BDT",
    "PHP",
    "THB",
    "IDR",
    "VND",
    "CNY",
    "JPY",
    "GEL",
    "AMD",
    "AZN",
    "KZT",
    "UZS",
    "BRL",
    "COP",
    "PEN",
    "MXN",
    "VES",
    "CAD",
    "AUD",
    "ISK",
    "XOF",
    "XAF",
)
CODES = frozenset(code.casefold() for code in CURRENCIES)
#: Money that is called alike, by the country it is of.
_ALIKE = (
    {"US": "USD", "CA": "CAD"},
    {"SE": "SEK", "NO": "NOK", "DK": "DKK"},
    {"CH": "CHF"},
)
_FRANC = re.compile(r"fran[ckqg]|фран|فرن|فرنك|法郎|phrang|quan thụy sĩ|phat lang")
_CROWN = re.compile(r"kr\b|kron|kroon|couronn|coron|corone|corona|корон|крон|кроны|كرون|克朗|cua-ron|curon|coroan")


@dataclass(frozen=True, slots=True)
class MoneyRead:
    """An amount, or what it lies between. `currency` and `per` are None where the text names none; a `per` of "piece" is for a client,
    a load, a piece. Pay for a year is given for a month."""

    low: Decimal
    high: Decimal
    currency: str | None
    per: str | None
    place: tuple[int, int] = (0, 0)
    #: The name stands for the money of several countries (dollar, franc): the currency is the likeliest of them.
    shared: bool = False


@cache
def _currency_words(language: str, accents: bool) -> dict[str, str]:
    """Codes, symbols and names of currencies, as CLDR and as people have them; those of the language first."""
    words: dict[str, str] = dict(mapping("currencies", language, accents))
    for code in CURRENCIES:
        words.setdefault(code.casefold(), code)
        for locale in filter(None, (locale_of(language), Locale("en"))):
            names = [get_currency_name(code, count, locale=locale) for count in (None, 1, 2, 5)]
            for word in [get_currency_symbol(code, locale=locale), *names]:
                words.setdefault(plain_form(word, accents), code)
    for sign, code in (
        ("€", "EUR"),
        ("£", "GBP"),
        ("₺", "TRY"),
        ("₴", "UAH"),
        ("₽", "RUB"),
        ("₦", "NGN"),
        ("₫", "VND"),
        ("₱", "PHP"),
        ("₹", "INR"),
        ("zl", "PLN"),
    ):
        words.setdefault(sign, code)
    if base_language(language) != "vi":
        words.pop("d", None)
    return words


@cache
def currency_pattern(language: str, accents: bool) -> re.Pattern[str]:
    """A pattern for the names, codes and signs of currencies."""
    words = _currency_words(language, accents)
    plain = one_of(
        [w for w in words if len(w) > 1 or not w.isalnum() or is_unspaced(w)],
        3 if base_language(language) in ("pl", "ru", "uk", "bg", "tr", "ro", "sq") else 0,
    )
    letters = one_of([w for w in words if len(w) == 1 and w.isalnum() and not is_unspaced(w)])
    return re.compile(f"{plain}|(?<=\\d){letters}")


def currency_of(word: str, language: str, accents: bool) -> str | None:
    words = _currency_words(language, accents)
    word = " ".join(word.split())
    if word in words:
        return words[word]
    # Arabic writes articles and prepositions onto the word; grammar adds endings.
    for name in sorted(words, key=lambda n: -len(n)):
        if len(name) >= 3 and (name in word if len(name) >= 4 else word.startswith(name)):
            return words[name]
    return None


def of_country(found: MoneyRead, words: str, country: str | None) -> MoneyRead:
    """The amount with the currency that its name has in a country: dollars in Canada, crowns in Norway, francs in Switzerland. `words`: the
    text with the amount."""
    name = words.casefold()
    for family in _ALIKE:
        code = family.get(country or "")
        if code is None or found.currency == code:
            continue
        same_name = found.currency in family.values()
        unnamed = found.currency is None and (code in ("SEK", "NOK", "DKK") and _CROWN.search(name) or code == "CHF" and _FRANC.search(name))
        if same_name and found.shared or unnamed:
            return replace(found, currency=code)
    return found
