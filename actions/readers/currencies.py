"""Money by its names: codes, signs and words as people have them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import get_currency_name, get_currency_symbol

from actions.readers.lexicon import is_unspaced, mapping, one_of, plain_form
from actions.readers.shared_money import OPEN, family_of, generic_words, likeliest, names_as_typed, own_of
from actions.readers.units import locale_of
from calculator.translation import base_language

#: Currencies of countries people come from or were exploited in, and those that the euro took the place of.
CURRENCIES = tuple(
    """
    EUR GBP USD CHF SEK NOK DKK PLN RON BGN CZK HUF UAH RUB MDL ALL RSD MKD BAM TRY MAD DZD TND LYD EGP SYP LBP JOD IQD IRR AED SAR QAR KWD BHD
    OMR YER AFN NGN GHS KES UGX TZS RWF BIF SOS SDG ETB ERN GMD SLE GNF LRD CDF AOA MZN ZMW ZWG MWK MGA ZAR XOF XAF INR PKR BDT LKR NPR PHP THB
    IDR MYR MMK KHR LAK VND CNY HKD TWD JPY KRW MNT GEL AMD AZN KZT UZS KGS TJS TMT BYN BRL ARS BOB CLP COP PEN PYG UYU VES MXN GTQ HNL NIO CRC
    DOP HTG CUP JMD TTD CAD AUD NZD SGD ISK ILS
    HRK SIT SKK EEK LVL LTL DEM ITL FRF ESP PTE GRD ATS FIM NLG IEP
    """.split()
)
#: Codes that are words, too: "all", "try", "mad", "dem" (the), "fim" (end). They are read where they are written in capitals.
WORDS_TOO = frozenset(
    "all amd ars bam bif bob cop cup dem dop esp fim gel ils jod kes lak mad pen ron rub sar sit sos tnd top try ves zar".split()
)
#: Codes in capitals keep their length and lose their last letter, so that the word stays a word.
_CAPITALS = re.compile(rf"(?<![^\W_])({'|'.join(sorted(code.upper() for code in WORDS_TOO))})(?![^\W_])")
_MARK = "¤"
#: Signs that mean one currency whoever writes them.
_SIGNS = {
    "€": "EUR", "£": "GBP", "₺": "TRY", "₴": "UAH", "₽": "RUB", "₦": "NGN", "₫": "VND", "₱": "PHP", "₹": "INR", "₸": "KZT", "₾": "GEL",
    "֏": "AMD", "₼": "AZN", "฿": "THB", "₵": "GHS", "৳": "BDT", "₩": "KRW", "₪": "ILS",
    "zl": "PLN", "r$": "BRL", "c$": "CAD", "ca$": "CAD", "us$": "USD",
}  # fmt: skip
#: "A piece" is money behind its number where nothing follows that comes in pieces (三块, 三块一天); 三块面包 is bread, 一块去 goes together.
_PIECES = "块塊"
PIECES_OF_MONEY = rf"[{_PIECES}](?=\s*(?:$|[,.;!?/，。；！？、]|[1一每]))"
#: Names that are also people's: "12 bolivianos" are men, and no pay is so small.
PEOPLE_TOO = {"BOB": 50}
#: Languages whose grammar adds endings to a name.
_ENDINGS = frozenset({"pl", "ru", "uk", "bg", "tr", "ro", "sq"})
LONGEST_ENDING = 3


@dataclass(frozen=True, slots=True)
class MoneyRead:
    """An amount, or what it lies between. `currency` and `per` are None where the text names none; a `per` of "piece" is for a client,
    a load, a piece. Pay for a year is given for a month."""

    low: Decimal
    high: Decimal
    currency: str | None
    per: str | None
    place: tuple[int, int] = (0, 0)
    #: The name that several countries have for their money (dollar, franc), where the text gives no more: the currency is the likeliest of them,
    #: or XXX, "some money", where none is.
    family: str | None = None


def capitals_marked(text: str) -> str:
    """The text with codes that are words, too, made no words where they stand in capitals among small letters, or alone with their number. It
    stays as long as it was."""
    if text.isupper() and len(re.findall(r"[^\W\d_]+", text)) > 1:
        return text
    return _CAPITALS.sub(lambda m: m[1][:-1] + _MARK, text)


@cache
def _currency_words(language: str, accents: bool) -> dict[str, str]:
    """Codes, symbols and names of currencies, as CLDR and as people have them; those of the language first."""
    words: dict[str, str] = dict(mapping("currencies", language, accents))
    for word, code in names_as_typed(language, accents).items():
        words.setdefault(word, code)
    own = dict(words)
    for code in CURRENCIES:
        bare = code.casefold()
        words.setdefault(bare[:-1] + _MARK if bare in WORDS_TOO else bare, code)
        for locale in filter(None, (locale_of(language), Locale("en"))):
            names = [get_currency_name(code, count, locale=locale) for count in (None, 1, 2, 5)]
            for word in [get_currency_symbol(code, locale=locale), *names]:
                if (plain := plain_form(word, accents)) != bare:
                    words.setdefault(plain, code)
    for sign, code in _SIGNS.items():
        words.setdefault(sign, code)
    for word, family in generic_words(language, accents).items():
        # Where the money of a family is worth very different sums, what the language's own list guesses does not count.
        words[word] = likeliest(family, language) if family in OPEN else own.get(word) or likeliest(family, language)
    if base_language(language) != "vi":
        words.pop("d", None)
    return words


@cache
def currency_pattern(language: str, accents: bool) -> re.Pattern[str]:
    """A pattern for the names, codes and signs of currencies."""
    words = _currency_words(language, accents)
    plain = one_of(
        [w for w in words if (len(w) > 1 or not w.isalnum() or is_unspaced(w)) and w not in _PIECES],
        LONGEST_ENDING if base_language(language) in _ENDINGS else 0,
    )
    letters = one_of([w for w in words if len(w) == 1 and w.isalnum() and not is_unspaced(w)])
    return re.compile(f"{plain}|(?<=\\d){letters}")


@cache
def _longest_first(language: str, accents: bool) -> list[str]:
    return sorted(_currency_words(language, accents), key=lambda name: -len(name))


def currency_of(word: str, language: str, accents: bool) -> str | None:
    """The code of a currency by a name of it; XXX for a name of several, none of which is the likeliest."""
    words = _currency_words(language, accents)
    word = " ".join(word.split())
    if word in words:
        return words[word]
    # Arabic writes articles and prepositions onto the word; grammar adds endings.
    for name in _longest_first(language, accents):
        if len(name) >= 3 and (name in word if len(name) >= 4 else word.startswith(name)):
            return words[name]
    return None


def shared_family(word: str, language: str, accents: bool) -> str | None:
    """The family of a name that says no country: "dollars" is the money of many, "US dollars" is not."""
    return family_of(" ".join(word.split()), language, accents, LONGEST_ENDING if base_language(language) in _ENDINGS else 0)


def of_country(found: MoneyRead, country: str | None, nationalities: Iterable[str] = ()) -> MoneyRead:
    """The amount with the currency that its name has in a country: dollars in Canada, crowns in Norway, francs in Switzerland; else in the
    country she is from, where that has such money."""
    own = own_of(found.family, country, nationalities) if found.family else None
    return found if own is None else replace(found, currency=own, family=None)
