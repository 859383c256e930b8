"""What was read, as the case file writes it: amounts, numbers, days; and an age in a text."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from actions.readers.currencies import MoneyRead
from actions.readers.lexicon import entries, keeps_accents, one_of
from actions.readers.numbers import digits_for_words
from calculator.dates import DateRange

ADULT_AGE = 18
YOUNGEST, OLDEST = 5, 95
Money = dict[str, Any]


def read_age(text: str, language: str) -> int | None:
    """An age in years: the only number of the text that can be one."""
    accents = keeps_accents(text, language)
    plain = digits_for_words(text, language, accents)
    around = one_of(entries("years_old", language, accents))
    beside = re.search(rf"(?<![\d.,:/])(\d{{1,2}})\s*{around}|{around}\s*(\d{{1,2}})(?![\d:.,/])", plain)
    if beside:
        found = [int(beside[1] or beside[2])]
    else:
        found = [int(n) for n in re.findall(r"(?<![\d.,:/])(\d{1,2})(?![\d:.,/])", plain)]
    ages = [n for n in found if YOUNGEST <= n <= OLDEST]
    return ages[0] if len(ages) == 1 else None


def money_value(found: MoneyRead) -> Money:
    """An amount as the case file writes it."""
    amount: Any = _decimal(found.low) if found.low == found.high else {"low": _decimal(found.low), "high": _decimal(found.high)}
    return {"amount": amount, **({"currency": found.currency} if found.currency else {}), **({"per": found.per} if found.per else {})}


def number_value(span: tuple[Decimal, Decimal]) -> Any:
    """A number or a range as the case file writes it."""
    low, high = span
    return _plain(low) if low == high else {"low": _decimal(low), "high": _decimal(high)}


def date_value(span: DateRange) -> Any:
    """A day, or the two days it lies between."""
    if span.exact:
        return span.earliest.isoformat()
    return {"earliest": span.earliest.isoformat(), "latest": span.latest.isoformat()}


def _decimal(value: Decimal) -> str:
    return f"{value.to_integral() if value == value.to_integral() else value.normalize():f}"


def _plain(value: Decimal) -> Any:
    return int(value) if value == value.to_integral_value() else _decimal(value)
