"""Numbers in words or digits: "about sixty", "deux cent cinquante", "٦٠", "40-50"."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from num2words import CONVERTER_CLASSES, num2words
from text_to_num import alpha2digit

from actions.readers.words import BETWEEN, HUNDREDS, NUMBER_AND, ONES, TEENS, TENS, words, words_or_english
from calculator.translation import base_language
from calculator.wording import western_digits

#: Languages whose number words text2num reads; for the others the words are generated and looked up.
_TEXT2NUM = frozenset({"en", "fr", "es", "pt", "de", "it", "nl"})
LARGEST_WORD = 300
LARGEST_THOUSAND = 20_000
DIGITS = re.compile(r"\d{1,3}(?:[\s.,'\u00a0\u202f\u2019]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class NumberRead:
    """A number, or what it lies between. `text` is what was read, with words turned into digits."""

    low: Decimal
    high: Decimal
    text: str


def unaccented(text: str) -> str:
    """Small letters without accents, as many type them."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


@lru_cache(maxsize=32)
def _words(language: str) -> dict[str, int]:
    """Number words of a language, written by num2words and turned round; longest first."""
    code = base_language(language)
    if code not in CONVERTER_CLASSES:
        return {}
    found: dict[str, int] = {}
    # No word for nothing: in some languages it also means "no".
    for number in (*range(1, LARGEST_WORD + 1), *range(1000, LARGEST_THOUSAND + 1, 1000)):
        try:
            word = num2words(number, lang=code)
        except (NotImplementedError, OverflowError, IndexError, KeyError):
            continue
        for way in (word.casefold(), unaccented(word)):
            found.setdefault(way, number)
    # A word that also names a year, a month or a day is no number (Vietnamese: five and year).
    from actions.readers.units import unit_words  # units are read with digits

    for unit in ("year", "month", "week", "day", "hour"):
        for word in unit_words(language, unit):
            found.pop(word, None)
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def digits_for_words(text: str, language: str) -> str:
    """The text with number words written as digits."""
    plain = western_digits(text)
    code = base_language(language)
    if code in _TEXT2NUM:
        try:
            return str(alpha2digit(plain, code))
        except (ValueError, IndexError):
            return plain
    lowered = plain.casefold()
    if code == "zh":
        whole = _DIGITS_AND_HAN.sub(lambda m: str(int(m[1]) * int(unicodedata.numeric(m[2]))), lowered)
        return _HAN.sub(_han_number, whole)
    if code not in CONVERTER_CLASSES:
        return _added_up(lowered, language, small_alone=True)
    written = re.search(r"\d", lowered)
    lowered = _added_up(lowered, language, small_alone=False)
    for word, number in _words(code).items():
        lowered = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", str(number), lowered)
    # Tens and ones written apart (altmış beş).
    return lowered if written else re.sub(r"(?<!\d)([2-9]0) ([1-9])(?!\d)", lambda m: str(int(m[1]) + int(m[2])), lowered)


@lru_cache(maxsize=32)
def _spelled(language: str) -> dict[str, int]:
    """Number words of the catalogue, for languages that no library writes out."""
    found: dict[str, int] = {}
    for text, values in ((ONES, range(1, 10)), (TEENS, range(10, 20)), (TENS, range(20, 100, 10)), (HUNDREDS, range(100, 1000, 100))):
        listed = words(text, language)
        if len(listed) == len(values):
            found |= dict(zip(map(unaccented, listed), values, strict=True))
            found |= dict(zip(listed, values, strict=True))
    return found


def _added_up(text: str, language: str, small_alone: bool) -> str:
    """Number words in a row, added: "gjashtëdhjetë e pesë" -> 65. A word below ten on its own is a number only with
    `small_alone`: in many languages it also means "a"."""
    known = _spelled(language)
    joints = {way for joint in words(NUMBER_AND, language) for way in (joint, unaccented(joint))}
    kept: list[str] = []
    run: list[str] = []
    values: list[int] = []

    def end() -> None:
        if values and (small_alone or len(values) > 1 or values[0] >= 10):
            kept.append(str(sum(values)))
        else:
            kept.extend(run)
        run.clear()
        values.clear()

    for word in re.findall(r"\S+", text.casefold()):
        plain = word.strip(".,;:!?")
        # Arabic writes "and" onto the word that follows.
        bare = next((plain[len(j):] for j in joints if values and plain.startswith(j) and plain[len(j):] in known), plain)
        if bare in known:
            run.append(word)
            values.append(known[bare])
        elif values and plain in joints:
            run.append(word)
        else:
            end()
            kept.append(word)
    end()
    return " ".join(kept)


_HAN = re.compile("[〇零一二两兩三四五六七八九十百千万萬]+")


_DIGITS_AND_HAN = re.compile("(\\d+)([十百千万萬])")


def _han_number(match: re.Match[str]) -> str:
    """六十五 -> 65: each sign has its number in Unicode; a ten, hundred or thousand multiplies what stands before it."""
    total, digit = 0, 0
    for sign in match.group():
        value = int(unicodedata.numeric(sign, 2))
        if value < 10:
            digit = value
        else:
            total += max(digit, 1) * value
            digit = 0
    return str(total + digit)


def plain_number(text: str) -> Decimal | None:
    """`1.800,50` and `1,800.50` alike: the last mark followed by one or two digits is the decimal mark."""
    compact = re.sub(r"[\s'\u00a0\u202f\u2019]", "", text)
    match = re.fullmatch(r"(\d[\d.,]*?)(?:[.,](\d{1,2}))?", compact)
    if match is None:
        return None
    whole = re.sub(r"[.,]", "", match.group(1))
    return Decimal(f"{whole}.{match.group(2) or '0'}") if whole else None


@lru_cache(maxsize=32)
def between(language: str) -> re.Pattern[str]:
    """Two numbers with what stands between them in the language."""
    joints = "|".join(map(re.escape, words_or_english(BETWEEN, language)))
    return re.compile(rf"(\d+(?:\.\d+)?)\s*(?:-|–|/|~|{joints})\s*(\d+(?:\.\d+)?)(?![\d.])", re.IGNORECASE)


def read_number(text: str, language: str) -> NumberRead | None:
    """The first number of a text, or the two ends of "40 to 50". None when there is none."""
    plain = digits_for_words(text[:500], language)
    both_ends = between(language).search(plain)
    if both_ends:
        low, high = sorted(Decimal(part) for part in both_ends.groups())
        return NumberRead(low, high, plain)
    found = [match.group() for match in DIGITS.finditer(plain)]
    if not found:
        return None
    # "one month 1500", "a week 60 hours": the one is no number that was asked for.
    value = plain_number(next((number for number in found if number != "1"), found[0]))
    return None if value is None else NumberRead(value, value, plain)
