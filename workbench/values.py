"""What is typed into a field, and the value it is in the case file: strict where a value could be misread, and never silent about it.

A field is kept as text, as it is shown: what cannot be read stays as it was typed. What can be read is kept in one writing only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Any

from calculator.case.values import Kind, NumberRange, Unsaid, read_date_range, read_decimal
from calculator.dates import DateRange, end_of_month, first_of_month
from calculator.wording import western_digits
from workbench.form import Field

YES, NO = "yes", "no"
#: A list or a text that is known to be empty.
NONE = "none"
UNSAID = tuple(one.value for one in Unsaid)
#: Shorter ways to type them, shown on the page: a question mark, an exclamation mark.
SHORT = {"?": Unsaid.unknown.value, "!": Unsaid.declined.value}
#: Between the two ends of a range, and between several values of one field.
TO, AND = "–", ","
LONGEST = 200

#: What comes along when something is pasted and nobody sees; not the ends of lines.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ENDS = re.compile(r"\s*(?:–|—|\.\.)\s*|\s+-\s+")
_NUMBER = re.compile(r"\d{1,12}(?:[.,]\d{1,12})?")
_THOUSANDS = re.compile(r"\d{1,3}[.,]\d{3}")
#: A space or an apostrophe: nothing but a mark between thousands.
_BETWEEN_THOUSANDS = re.compile(r"(?<=\d)[\s\u00a0\u202f'’](?=\d{3}(?!\d))")
_NUMBERS_JOINED = re.compile(r"([\d.,]+)-([\d.,]+)")
_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_DAY_FIRST = re.compile(r"(?:(\d{1,2})\.\s?)?(\d{1,2})[./](\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_SPAN = re.compile(r"(\d{1,2})(?::(\d\d))?\s*[-–]\s*(\d{1,2})(?::(\d\d))?")


class Slip(StrEnum):
    """Why a text cannot be read."""

    NUMBER = "number"
    THOUSANDS = "thousands"
    DATE = "date"
    DAY_OR_MONTH = "day_or_month"
    ORDER = "order"
    CODE = "code"
    TIMES = "times"
    LONG = "long"
    NOT_BOTH = "not_both"


class SlipError(ValueError):
    """A text that is no value of its field."""

    def __init__(self, slip: Slip) -> None:
        super().__init__(slip)
        self.slip = slip


def tidied(field: Field, typed: str | Iterable[str]) -> str:
    """What was typed, in the one writing in which the field is kept; as it was where it cannot be read."""
    text = _UNSEEN.sub("", typed).strip() if isinstance(typed, str) else AND.join(one for one in typed if one)
    text = SHORT.get(text, text)
    try:
        return written(field, value_of(field, text))
    except SlipError:
        return text


def value_of(field: Field, text: str) -> Any:
    """The value in the case file, as JSON has it; None for nothing. Raises SlipError."""
    if not text:
        return None
    if field.unsaid and text in UNSAID:
        return text
    if len(text) > LONGEST:
        raise SlipError(Slip.LONG)
    match field.kind:
        case Kind.NUMBER | Kind.AMOUNT:
            return _number(text)
        case Kind.DATE:
            return _date(text)
        case Kind.YES_NO:
            return _code(text, (YES, NO)) == YES
        case Kind.CHOICE:
            return _code(text, field.codes)
        case Kind.CHOICES | Kind.COUNTRIES:
            return _several(field, text)
        case Kind.COUNTRY:
            return _shaped(text, r"[A-Z]{2}")
        case Kind.REGION:
            return _shaped(text, r"[A-Z]{2}-[A-Z0-9]{1,3}")
        case Kind.CURRENCY:
            return _shaped(text.upper(), r"[A-Z]{3}")
        case Kind.TIMES:
            return [_span(one) for one in text.split(AND) if one.strip()]
        case Kind.TEXT:
            return text


def written(field: Field, value: Any) -> str:
    """A value of the case file as the field is kept and shown."""
    if value is None:
        return ""
    if isinstance(value, str) and value in UNSAID:
        return value
    if isinstance(value, bool):
        return YES if value else NO
    match field.kind:
        case Kind.DATE:
            return _date_written(read_date_range(value))
        case Kind.CHOICES | Kind.COUNTRIES | Kind.TIMES:
            return (AND if field.kind is not Kind.TIMES else ", ").join(value) or NONE
        case Kind.NUMBER | Kind.AMOUNT:
            ends = (value["low"], value["high"]) if isinstance(value, dict) else (value,)
            plain = _plain if field.kind is Kind.NUMBER else _cents
            return TO.join(plain(read_decimal(end)) for end in ends)
        case _:
            return str(value)


def _plain(number: Decimal) -> str:
    whole = number.to_integral_value()
    return f"{whole:f}" if whole == number else f"{number:f}".rstrip("0")


def _cents(amount: Decimal) -> str:
    plain = _plain(amount)
    return f"{plain}0" if re.fullmatch(r"\d+\.\d", plain) else plain


def _number(text: str) -> Any:
    text = _BETWEEN_THOUSANDS.sub("", western_digits(text))
    joined = _NUMBERS_JOINED.fullmatch(text)
    ends = list(joined.groups()) if joined else _ENDS.split(text)
    values = [_one_number(end) for end in ends]
    if len(values) == 1:
        return _plain(values[0])
    if len(values) != 2:
        raise SlipError(Slip.NUMBER)
    if values[1] < values[0]:
        raise SlipError(Slip.ORDER)
    return _plain(values[0]) if values[0] == values[1] else {"low": _plain(values[0]), "high": _plain(values[1])}


def _one_number(text: str) -> Decimal:
    if _THOUSANDS.fullmatch(text):
        # One thousand and two hundred, or one and a fifth: nobody can tell.
        raise SlipError(Slip.THOUSANDS)
    if not _NUMBER.fullmatch(text):
        raise SlipError(Slip.NUMBER)
    return read_decimal(text.replace(",", "."))


def _date(text: str) -> Any:
    ends = [_one_date(end) for end in _ENDS.split(western_digits(text).strip())]
    if len(ends) == 1:
        return ends[0]
    if len(ends) != 2:
        raise SlipError(Slip.DATE)
    first, last = (read_date_range(end) for end in ends)
    if last.latest < first.earliest:
        raise SlipError(Slip.ORDER)
    return _date_value(DateRange(first.earliest, last.latest))


def _one_date(text: str) -> str:
    """A day, a month or a year as ISO writes it."""
    slashed = _SLASHED.fullmatch(text)
    if slashed:
        first, second, year = map(int, slashed.groups())
        if first <= 12 and second <= 12 and first != second:
            raise SlipError(Slip.DAY_OR_MONTH)
        day, month = (first, second) if second <= 12 else (second, first)
        found: tuple[int, ...] = (year, month, day)
    elif parts := _YEAR_FIRST.fullmatch(text):
        found = tuple(int(part) for part in parts.groups() if part)
    elif parts := _DAY_FIRST.fullmatch(text):
        found = tuple(int(part) for part in reversed(parts.groups()) if part)
    else:
        raise SlipError(Slip.DATE)
    iso = "-".join(f"{part:02}" for part in found)
    try:
        read_date_range(iso)
    except ValueError:
        raise SlipError(Slip.DATE) from None
    return iso


def _date_value(found: DateRange) -> Any:
    """As the case file has it: the shortest writing of the same days."""
    first, last = found
    if found.exact:
        return first.isoformat()
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return f"{first.year}"
    if (first.year, first.month) == (last.year, last.month) and first == first_of_month(first) and last == end_of_month(last):
        return f"{first.year}-{first.month:02}"
    return {"earliest": first.isoformat(), "latest": last.isoformat()}


def _date_written(found: DateRange) -> str:
    value = _date_value(found)
    return f"{value['earliest']} {TO} {value['latest']}" if isinstance(value, dict) else str(value)


def _code(text: str, codes: tuple[str, ...]) -> str:
    if codes and text not in codes:
        raise SlipError(Slip.CODE)
    return text


def _several(field: Field, text: str) -> list[str]:
    found = list(dict.fromkeys(one.strip() for one in text.split(AND) if one.strip()))
    if found == [NONE] and NONE not in field.codes:
        return []
    if any(one in UNSAID for one in found):
        raise SlipError(Slip.NOT_BOTH)
    return [_shaped(one, r"[A-Z]{2}") if field.kind is Kind.COUNTRIES else _code(one, field.codes) for one in found]


def _shaped(text: str, shape: str) -> str:
    if not re.fullmatch(shape, text):
        raise SlipError(Slip.CODE)
    return text


def _span(text: str) -> str:
    found = _SPAN.fullmatch(western_digits(text).strip())
    if found is None:
        raise SlipError(Slip.TIMES)
    hours = [(int(found[n]), int(found[n + 1] or 0)) for n in (1, 3)]
    if any(hour > 24 or minute > 59 or (hour == 24 and minute) for hour, minute in hours):
        raise SlipError(Slip.TIMES)
    return "-".join(f"{hour:02}:{minute:02}" for hour, minute in hours)


def told_range(value: Any) -> NumberRange | DateRange | None:
    """A number or a date as a range, to be read back; None for anything else."""
    try:
        if isinstance(value, dict) and "low" in value:
            return NumberRange(read_decimal(value["low"]), read_decimal(value["high"]))
        return read_date_range(value)
    except ValueError:
        return None
