"""The words of a language that say a number, as num2words writes them and as people type them."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from num2words import CONVERTER_CLASSES, num2words

from actions.readers.lexicon import mapping, plain_form
from actions.readers.units import unit_names
from calculator.translation import base_language

#: Number words are generated up to here, one by one; further only whole hundreds.
EVERY_WORD_TO, LARGEST_WORD = 199, 20_000
#: Years are written as one word in some languages: duemilaventitré.
YEARS = range(1950, 2051)
#: Short ways of a thousand and a million that no library writes.
_MULTIPLIERS = {
    "pl": {"tys": 1000, "tysiące": 1000, "tysi": 1000},
    "ru": {"тыс": 1000, "тыщ": 1000, "тысячи": 1000, "тысяч": 1000, "tys": 1000},
    "uk": {"тис": 1000, "тисячі": 1000, "тисяч": 1000},
    "bg": {"хил": 1000, "хиляди": 1000, "бона": 1000},
    "ro": {"mii": 1000, "mie": 1000},
    "vi": {"nghìn": 1000, "ngàn": 1000, "triệu": 1_000_000, "tr": 1_000_000, "củ": 1_000_000},
    "ar": {
        "الف": 1000,
        "الاف": 1000,
        "مليون": 1_000_000,
        "ملايين": 1_000_000,
        "عشرين": 20,
        "ثلاثين": 30,
        "تلاتين": 30,
        "اربعين": 40,
        "خمسين": 50,
        "ستين": 60,
        "سبعين": 70,
        "ثمانين": 80,
        "تمانين": 80,
        "تسعين": 90,
        "مية": 100,
        "ميتين": 200,
    },
    "en": {"grand": 1000, "thousand": 1000, "millions": 1_000_000},
    "de": {"tausend": 1000, "millionen": 1_000_000, "mio": 1_000_000},
    "fr": {"mille": 1000, "millions": 1_000_000},
    "it": {"mila": 1000},
    "es": {"mil": 1000},
    "pt": {"mil": 1000},
    "nl": {"duizend": 1000},
    "tr": {"bin": 1000},
    "sq": {"mijë": 1000, "mije": 1000, "milionë": 1_000_000},
}
_YEAR_OF = {"ru": ("две тысячи", "двух тысяч"), "uk": ("дві тисячі", "двох тисяч")}
#: A word below this says a number only beside a unit: in many languages it is also "a", "new", "you are".
SMALL = 10
#: Shorter number words are articles or pronouns in some language.
SHORTEST_WORD = 4


@cache
def number_words(language: str, accents: bool) -> dict[str, Decimal]:
    """Number words of a language in plain form: written by num2words and turned round, then as they are typed."""
    code = base_language(language)
    found: dict[str, Decimal] = {}
    if code in CONVERTER_CLASSES and code != "zh":
        for number in (*range(1, EVERY_WORD_TO + 1), *range(200, 2000, 50), *YEARS, *range(2000, LARGEST_WORD + 1, 500)):
            try:
                word = num2words(number, lang=code)
            except (NotImplementedError, OverflowError, IndexError, KeyError):
                continue
            found.setdefault(_spaced(plain_form(word, accents)), Decimal(number))
    for word, value in mapping("numbers", language, accents).items():
        found[_spaced(word)] = Decimal(str(value))
    for thousand in _YEAR_OF.get(code, ()):
        # A year by its ordinal: две тысячи двадцать второй.
        for word, value in mapping("numbers", language, accents).items():
            if SMALL <= value <= 31:
                found.setdefault(f"{plain_form(thousand, accents)} {_spaced(word)}", Decimal(2000 + value))
    for word, value in _MULTIPLIERS.get(code, {}).items():
        found[plain_form(word, accents)] = Decimal(value)
    # A word that also names a year, a month or a day is no number (Vietnamese: five and year).
    for unit in ("year", "month", "week", "day", "hour"):
        for word in found.keys() & unit_names(language, unit, accents):
            if not is_spoken_number(word, language):
                found.pop(word)
    if code == "vi":
        # "Mười năm" is ten years; fifteen is "mười lăm".
        found = {word: value for word, value in found.items() if not word.endswith((" năm", " nam"))}
    return found


def is_spoken_number(word: str, language: str) -> bool:
    """Whether a word that is also a unit is a number where another unit follows it: Vietnamese năm is five before "tháng"."""
    return base_language(language) == "vi" and word in ("năm", "nam")


def spoken_number(word: str, language: str, accents: bool = False) -> int | None:
    """The whole number that one word says, such as "eight" or "first"; None when it says none, or is also an everyday word."""
    value = number_words(language, accents).get(word) if len(word) >= SHORTEST_WORD else None
    return int(value) if value is not None and value == value.to_integral() else None


def _spaced(phrase: str) -> str:
    return " ".join(phrase.replace("-", " ").split())
