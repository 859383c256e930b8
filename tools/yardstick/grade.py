"""What counts as the same: dates, hours, money as they were told and as they were read."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Any

from calculator.case.values import read_date_range
from calculator.dates import DateRange

TODAY = date(2026, 11, 29)
#: Ends of a time that was told vaguely may lie so many days apart; of one that was not, so many (what a holiday's first day is).
VAGUE_DAYS, EXACT_DAYS = 75, 3
RIGHT, WRONG, AGAIN, PARTLY = "right", "wrong", "again", "partly"


def wilson(hits: int, of: int) -> str:
    """`0.953 (0.91-0.98, n=212)`: a share with its 95 % interval."""
    if not of:
        return "-"
    z, p = 1.96, hits / of
    centre = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return f"{p:.3f} ({max(0.0, centre - half):.2f}-{min(1.0, centre + half):.2f}, n={of})"


def span_of(value: Any) -> DateRange | None:
    """A date of a case file or of a yardstick."""
    try:
        return read_date_range(value)
    except ValueError:
        return None


def same_time(got: Any, wanted: Any, vague: bool) -> bool:
    one, other = span_of(got), span_of(wanted)
    if one is None or other is None:
        return False
    other = DateRange(other.earliest, min(other.latest, TODAY))
    days = VAGUE_DAYS if vague else EXACT_DAYS
    near_by = abs((one.earliest - other.earliest).days) <= days and abs((one.latest - other.latest).days) <= days
    return near_by or (vague and one.earliest >= other.earliest and one.latest <= other.latest)


def holds_time(got: Any, wanted: Any) -> bool:
    """Whether a time was read less exactly than it was told, and not falsely: "2021" for September 2021."""
    one, other = span_of(got), span_of(wanted)
    return one is not None and other is not None and one.earliest <= other.earliest and min(other.latest, TODAY) <= one.latest


def ends(value: Any) -> tuple[Decimal, Decimal]:
    """Both ends of a number or a range."""
    if isinstance(value, dict):
        return Decimal(str(value["low"])), Decimal(str(value["high"]))
    if isinstance(value, list):
        return Decimal(str(value[0])), Decimal(str(value[1]))
    return Decimal(str(value)), Decimal(str(value))


def near(got: Any, wanted: Any, slack: str = "2") -> bool:
    (a, b), (c, d) = ends(got), ends(wanted)
    return abs(a - c) <= Decimal(slack) and abs(b - d) <= Decimal(slack)


def same_pay(got: Any, wanted: dict[str, Any]) -> bool:
    """Amount, and currency and period where they were told."""
    pays = got if isinstance(got, list) else [got]
    if ends(wanted["amount"]) == (0, 0):
        return not pays or all(isinstance(p, dict) and ends(p["amount"]) == (0, 0) for p in pays)
    if len(pays) != 1 or not isinstance(pays[0], dict):
        return False
    pay = pays[0]
    if wanted.get("per") == "year" and pay.get("per") == "month":
        # What comes a year is kept as what comes a month.
        low, high = ends(wanted["amount"])
        wanted = {**wanted, "amount": [round(low / 12, 2), round(high / 12, 2)], "per": "month"}
    return (
        near(pay["amount"], wanted["amount"], "0.5")
        and (not wanted.get("currency") or pay.get("currency") == wanted["currency"])
        and (not wanted.get("per") or pay.get("per") == wanted["per"])
    )
