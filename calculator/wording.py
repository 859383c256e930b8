"""Amounts and days as a language writes them, for every screen: Latin digits, and their own order inside right-to-left text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_name
from babel.units import format_unit

from calculator.translation import base_language, isolated

#: Languages that write no space between sentences.
NO_SPACES = frozenset({"zh", "ja"})
_MARKS = {"٫": ".", "٬": "", "،": ",", "。": "."}


def western_digits(text: str) -> str:
    """Arabic-Indic and other decimal digits as 0-9, with their decimal and thousands marks."""
    return "".join(_MARKS.get(c, str(unicodedata.digit(c)) if c.isdigit() and unicodedata.digit(c, None) is not None else c) for c in text)


def money(amount: str | None, currency: str, language: str) -> str:
    """A decimal string ("26112.50") as an amount of money; None counts as nothing."""
    locale = Locale.parse(base_language(language))
    return isolated(format_currency(Decimal(amount or "0"), currency, locale=locale, numbering_system="latn"), language)


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
    return isolated(western_digits(format_date(date.fromisoformat(iso), format="long", locale=locale)), language)


def month(first: date, language: str) -> str:
    """The month of a day, with its year, as the language writes it: March 2024."""
    locale = Locale.parse(base_language(language))
    return isolated(western_digits(format_skeleton("yMMMM", first, locale=locale)), language)
