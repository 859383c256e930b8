"""Amounts and days as a language writes them, for every screen: Latin digits, and their own order inside right-to-left text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_name
from babel.units import format_unit

from calculator.translation import base_language, isolated

#: Below this an amount is told to the cent.
_SMALL = Decimal(100)
#: Languages that write no space between sentences.
NO_SPACES = frozenset({"zh", "ja"})
#: A day or a month as the engine writes it.
_ISO = re.compile(r"(?<![\w-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?P<day>-[0-3]\d)?(?![\w-])")
#: Between the two days of a stretch in a step's name.
_SPAN = re.compile(r"(?<=\d)\.\.(?=\d)")
_MARKS = {"٫": ".", "٬": "", "،": ",", "。": "."}


def western_digits(text: str) -> str:
    """Arabic-Indic and other decimal digits as 0-9, with their decimal and thousands marks."""
    return "".join(_MARKS.get(c, str(unicodedata.digit(c)) if c.isdigit() and unicodedata.digit(c, None) is not None else c) for c in text)


def money(amount: str | None, currency: str, language: str) -> str:
    """A decimal string ("26112.50") as an amount of money, a whole one without decimals; None counts as nothing."""
    locale, value = Locale.parse(base_language(language)), Decimal(amount or "0")
    whole = _whole_pattern(locale) if value == value.to_integral_value() else None
    written = format_currency(value, currency, whole, locale=locale, currency_digits=whole is None, numbering_system="latn")
    return isolated(written, language)


@lru_cache
def _whole_pattern(locale: Locale) -> str:
    """How the language writes money, without decimals."""
    return re.sub(r"\.0+", "", str(locale.currency_formats["standard"].pattern))


def whole(low: str, high: str | None) -> tuple[str, str | None]:
    """An amount without cents: the least down, the most up, one sum to the nearest; small ones as they are.

    >>> whole("37126.40", "99057.10")
    ('37126', '99058')
    >>> whole("12345.67", "12345.67")
    ('12346', '12346')
    """
    least, most = Decimal(low), None if high is None else Decimal(high)
    if least < _SMALL:
        return low, high
    if most == least:
        one = f"{least.to_integral_value():f}"
        return one, one
    up = None if most is None else f"{most.to_integral_value(ROUND_CEILING):f}"
    return f"{least.to_integral_value(ROUND_FLOOR):f}", up


def rough(low: str, high: str | None) -> tuple[str, str | None]:
    """An amount as exactly as it is known: a range to a tenth of what lies between its ends, outwards; else whole units. What is "at least"
    so much never grows.

    >>> rough("37126.40", "99057.10")
    ('37000', '100000')
    >>> rough("12345.67", None)
    ('12345', None)
    >>> rough("9.60", "9.60")
    ('9.60', '9.60')
    """
    least = Decimal(low)
    if least < _SMALL:
        return low, high
    most = least if high is None else Decimal(high)
    step = max(Decimal(1), Decimal(10) ** ((most - least) / 10).adjusted()) if most > least else Decimal(1)
    down = (least / step).to_integral_value(ROUND_FLOOR) * step
    if most == least:
        return f"{down:f}", f"{down:f}" if high is not None else None
    up = (most / step).to_integral_value(ROUND_CEILING) * step
    # A lower end that is not nothing never becomes nothing.
    return f"{down or least.to_integral_value(ROUND_FLOOR):f}", f"{up:f}"


def currency_name(code: str, language: str) -> str:
    """The name of a currency ("Nigerian Naira"), as the language has it; its code where it has none."""
    return isolated(get_currency_name(code, locale=Locale.parse(base_language(language))), language)


def language_name(code: str, language: str) -> str:
    """The name of a language ("Dutch"), as the reader's language has it; its code where it has none."""
    return str(Locale.parse(base_language(language)).languages.get(code, code))


def country_name(code: str, language: str) -> str:
    """The name of a country, as the language has it; its code where it has none."""
    return isolated(str(Locale.parse(base_language(language)).territories.get(code, code)), language)


def figure(text: str, language: str) -> str:
    """A number of the law ("12.82", every digit of it) as the language writes it; anything else stays as it is."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return isolated(text, language)
    locale = Locale.parse(base_language(language))
    return isolated(format_decimal(amount, locale=locale, decimal_quantization=False, numbering_system="latn"), language)


def percent(number: Decimal | int, language: str) -> str:
    """So many of a hundred, as the language writes it."""
    locale = Locale.parse(base_language(language))
    share = Decimal(number) / 100
    return isolated(format_percent(share, locale=locale, decimal_quantization=False, numbering_system="latn"), language)


def unit(number: Decimal | int, name: str, language: str) -> str:
    """So many hours or days ("hour", "day"), not isolated; where a language has no long form in CLDR, its short one."""
    locale = Locale.parse(base_language(language))
    lengths: tuple[Literal["long", "short", "narrow"], ...] = ("long", "short", "narrow")
    said = [format_unit(number, f"duration-{name}", length, locale=locale, numbering_system="latn") for length in lengths]
    return next((one for one in said if "duration" not in one), said[0])


@lru_cache(maxsize=1024)
def length(number: Decimal | int, name: str, language: str) -> str:
    """So many years, months, weeks or days ("year" ...), as the language writes it."""
    return isolated(unit(number, name, language), language)


def sentences(texts: Iterable[str], language: str) -> str:
    """Whole sentences one after the other, as the language sets them apart."""
    return ("" if base_language(language) in NO_SPACES else " ").join(texts)


def day(iso: str, language: str) -> str:
    """An ISO date written out."""
    locale = Locale.parse(base_language(language))
    return isolated(_without_year_word(western_digits(format_date(date.fromisoformat(iso), format="long", locale=locale))), language)


def _without_year_word(told: str) -> str:
    """A day without the short word for "year" that some languages set behind it: its full stop would meet that of the sentence."""
    return re.sub(r"[\s\u00a0\u202f]+[гр]\.$", "", told)


def days_written(text: str, language: str) -> str:
    """A text of the engine's (a step's name, a value of the trace) with its ISO days and months as the language writes them."""

    def said(found: re.Match[str]) -> str:
        whole = date.fromisoformat(f"{found[0]}-01" if found["day"] is None else found[0])
        locale = Locale.parse(base_language(language))
        told = format_skeleton("yMMM", whole, locale=locale) if found["day"] is None else format_date(whole, "medium", locale)
        return isolated(_without_year_word(western_digits(told)), language)

    return _ISO.sub(said, _SPAN.sub(" – ", text))


def month(first: date, language: str) -> str:
    """The month of a day, with its year, as the language writes it: March 2024."""
    locale = Locale.parse(base_language(language))
    return isolated(_without_year_word(western_digits(format_skeleton("yMMMM", first, locale=locale))), language)
