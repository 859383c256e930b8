"""How a case file writes its values, and what the engine reads: ranges, dates, money, and honest gaps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer

from calculator.dates import DateRange, on_day, parse_date

#: Nothing a person was paid or lost reaches this, and no arithmetic suffers from it.
LARGEST = Decimal("1000000000")
#: Digits before and after the point; what is smaller than the last of them is nothing.
MOST_DIGITS = 12
SMALLEST = Decimal(1).scaleb(-MOST_DIGITS)


class Kind(StrEnum):
    """What a field of the case file holds, for whoever makes a form of it."""

    NUMBER = "number"
    AMOUNT = "amount"
    DATE = "date"
    YES_NO = "yes_no"
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    COUNTRY = "country"
    COUNTRIES = "countries"
    REGION = "region"
    CURRENCY = "currency"
    TIMES = "times"


class Unsaid(StrEnum):
    """Answers that are always allowed."""

    unknown = "unknown"
    declined = "declined"


@dataclass(frozen=True, slots=True)
class NumberRange:
    """A number, or what it lies between; both ends included."""

    low: Decimal
    high: Decimal


def read_decimal(raw: Any) -> Decimal:
    """A finite decimal from a YAML or JSON scalar. Raises ValueError; never passes through binary fractions."""
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str, Decimal)):
        raise ValueError("number")
    try:
        value = Decimal(str(raw).strip())
    except (InvalidOperation, ValueError) as error:
        # An integer of thousands of digits does not even become text.
        raise ValueError("too_large" if isinstance(raw, int) else "number") from error
    if not value.is_finite():
        raise ValueError("number")
    # The exponent first: comparing 1e999999 overflows.
    if value and (value.adjusted() > MOST_DIGITS or abs(value) > LARGEST):
        raise ValueError("too_large")
    return value.quantize(SMALLEST) if value.adjusted() < -MOST_DIGITS else value


def read_number(raw: Any) -> NumberRange:
    if isinstance(raw, NumberRange):
        return raw
    if isinstance(raw, dict):
        if set(raw) != {"low", "high"}:
            raise ValueError("range")
        low, high = read_decimal(raw["low"]), read_decimal(raw["high"])
        if high < low:
            raise ValueError("range_order")
        return NumberRange(low, high)
    value = read_decimal(raw)
    return NumberRange(value, value)


def read_date_range(raw: Any) -> DateRange:
    if isinstance(raw, DateRange):
        return raw
    if isinstance(raw, datetime):
        return on_day(raw.date())
    if isinstance(raw, date):
        return on_day(raw)
    if isinstance(raw, bool):
        raise ValueError("date")
    if isinstance(raw, int):
        raw = str(raw)
    if isinstance(raw, str):
        try:
            return parse_date(raw)
        except ValueError as error:
            raise ValueError("date") from error
    if isinstance(raw, dict) and set(raw) == {"earliest", "latest"}:
        first, last = read_date_range(raw["earliest"]), read_date_range(raw["latest"])
        if last.latest < first.earliest:
            raise ValueError("date_order")
        return DateRange(first.earliest, last.latest)
    raise ValueError("date")


def _write_number(value: Any) -> Any:
    if not isinstance(value, NumberRange):
        return value
    if value.low == value.high:
        return int(value.low) if value.low == value.low.to_integral_value() else str(value.low)
    return {"low": str(value.low), "high": str(value.high)}


def _write_amount(value: Any) -> Any:
    if not isinstance(value, NumberRange):
        return value
    return str(value.low) if value.low == value.high else {"low": str(value.low), "high": str(value.high)}


def _write_date(value: Any) -> Any:
    if not isinstance(value, DateRange):
        return value
    if value.exact:
        return value.earliest.isoformat()
    return {"earliest": value.earliest.isoformat(), "latest": value.latest.isoformat()}


def _or_unsaid(read: Any) -> Any:
    def validate(raw: Any) -> Any:
        if isinstance(raw, str) and raw in ("unknown", "declined"):
            return Unsaid(raw)
        if isinstance(raw, Unsaid):
            return raw
        return read(raw)

    return validate


def _bool(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    raise ValueError("bool")


def _text(raw: Any) -> str:
    if isinstance(raw, str) and len(raw) <= 200:
        return raw
    raise ValueError("text")


Number = Annotated[Any, Kind.NUMBER, BeforeValidator(_or_unsaid(read_number)), PlainSerializer(_write_number)]
Amount = Annotated[Any, Kind.AMOUNT, BeforeValidator(_or_unsaid(read_number)), PlainSerializer(_write_amount)]
Day = Annotated[Any, Kind.DATE, BeforeValidator(_or_unsaid(read_date_range)), PlainSerializer(_write_date)]
YesNo = Annotated[Any, Kind.YES_NO, BeforeValidator(_or_unsaid(_bool))]
Text = Annotated[Any, Kind.TEXT, BeforeValidator(_or_unsaid(_text))]
Per = Literal["hour", "day", "week", "month", "total"]


@dataclass(frozen=True, slots=True)
class OneOf(BeforeValidator):
    """Checks a code of a closed list, `codes`."""

    codes: tuple[str, ...] = ()


def one_of(*allowed: str) -> OneOf:
    """A code of a closed list. The error carries the list, so that it can be shown."""

    def read(raw: Any) -> str:
        if isinstance(raw, str) and raw in allowed:
            return raw
        raise ValueError("code:" + ", ".join(allowed))

    return OneOf(_or_unsaid(read), codes=allowed)
