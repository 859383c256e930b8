"""Lengths of time as people say them: "8 months", "two and a half years", "a few weeks", "il y a un an et demi"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from actions.readers.lexicon import one_of, pattern, plain_form
from actions.readers.numbers import between
from actions.readers.units import unit_forms, unit_pattern
from calculator.dates import DateRange, add_months, shift
from calculator.translation import base_language

_UNIT_MONTHS = {"year": Decimal(12), "month": Decimal(1), "week": Decimal(7) / Decimal("30.44"), "day": 1 / Decimal("30.44")}
_FEW, _SEVERAL, _COUPLE = (2, 4), (3, 6), (2, 3)
LONGEST_YEARS = 80
#: Languages that put the number behind the unit where it is not exact.
_TURNED_ROUND = frozenset({"ru", "uk"})
#: "Almost two years" are so many months less, at most; some say it of a little more.
NEARLY_MONTHS = 2


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time in months. `ago`: it is so long ago that something was."""

    start: int
    stop: int
    low: Decimal
    high: Decimal
    ago: bool = False
    nearly: bool = False


def so_long_ago(length: Length, today: date) -> DateRange:
    """Somewhere around a length before today: exact to the day for days and weeks, to the month for months, to half a year for years."""

    def back(months: Decimal) -> date:
        whole = int(months)
        return add_months(today, -whole) - timedelta(days=int((months - whole) * Decimal("30.44")))

    first, last = back(length.high), back(length.low)
    if length.low == length.high and length.low == length.low.to_integral():
        months = int(length.low)
        if months % 12 == 0 and months:
            # "Three years ago" is as a rule somewhat more than three years; of long ago people are less exact.
            if length.nearly:
                return DateRange(shift(first, months=-1), min(today, shift(first, months=NEARLY_MONTHS)))
            rough = 1 if months <= 72 else 2
            return DateRange(shift(first, months=-3 * rough), min(today, shift(first, months=rough)))
        return DateRange(first.replace(day=1), first.replace(day=calendar.monthrange(first.year, first.month)[1]))
    return DateRange(min(first, last), max(first, last))


def read_lengths(plain: str, language: str, accents: bool, taken: Sequence[tuple[int, int]]) -> list[Length]:
    """Lengths of time in a text in plain form, in order: 8 months, two and a half years, half a year, a few weeks, one or two years.
    `taken`: places that are something else."""
    half, few, several, couple = (pattern(key, language, accents).pattern for key in ("half", "few", "several", "couple"))
    found: list[Length] = []

    def add(start: int, stop: int, low: Decimal, high: Decimal, unit: str) -> None:
        if any(a < stop and start < b for a, b in taken) or any(f.start < stop and start < f.stop for f in found):
            return
        factor = _UNIT_MONTHS[unit]
        if high * factor > LONGEST_YEARS * 12:
            return
        found.append(Length(start, stop, low * factor, high * factor))

    def said_ago(start: int, stop: int) -> bool:
        return _ago(Length(start, stop, Decimal(1), Decimal(1)), plain, language, accents, close=True).ago

    some = re.compile(rf"(?:{half}|{few}|{several}|{couple})\s*$")
    for unit in ("year", "month", "week", "day"):
        name = unit_pattern(language, unit, accents).pattern
        each = re.compile(rf"\s*(?:{pattern(f'per_{unit}', language, accents).pattern})")
        number = rf"(\d{{1,3}}(?:[.,]\d)?)(?:\s*(?:{between(language, accents)})\s*(\d{{1,3}}))?"
        for match in re.finditer(
            rf"(?<![\d.,:/]){number}\s*(?:\S{{1,4}}\s+)??(?P<and>\S{{1,4}}\s+(?:\S{{1,3}}\s+)?{half}\s*)?(?:{name})(?P<behind>\s*(?:\S{{1,4}}\s+)?{half})?",
            plain,
        ):
            if base_language(language) == "vi" and re.search(r"(?:thứ|thu)\s*$", plain[: match.start()]):
                # Thứ sáu is Friday.
                continue
            if each.match(plain[match.end(2) if match[2] else match.end(1) :]) and not said_ago(*match.span()):
                # "20 a week back for rent" is how much each week, not how long ago.
                continue
            low = Decimal(match[1].replace(",", "."))
            high = Decimal(match[2]) if match[2] else low
            if low == high == 1 and re.match(rf"1\s+{half}\s*(?:{name})", match.group()):
                # "Une demi année" is no year.
                add(*match.span(), Decimal("0.5"), Decimal("0.5"), unit)
                continue
            if match["and"] or match["behind"]:
                low, high = low + Decimal("0.5"), high + Decimal("0.5")
            add(match.start(), match.end(), min(low, high), max(low, high), unit)
        for match in re.finditer(rf"{half}\s*(?:\S{{1,4}}\s+)?(?:{name})", plain):
            add(*match.span(), Decimal("0.5"), Decimal("0.5"), unit)
        for match in re.finditer(rf"(?<!\d\s)(?<!\d)(?:{name})\s+(?:\S{{1,4}}\s+){{1,2}}{half}", plain):
            # A year and a half, without the one: um ano e meio, ano e meio.
            add(*match.span(), Decimal("1.5"), Decimal("1.5"), unit)
        turned = rf"(?<![\w.,:/])(?:{name})\s+(\d{{1,2}}(?:[.,]\d)?)(?:\s|$)"
        for match in re.finditer(turned, plain) if base_language(language) in _TURNED_ROUND else ():
            # "Года 2 назад": the number behind is one that is not exact.
            add(match.start(), match.end(1), Decimal(match[1]), Decimal(match[1]), unit)
        if unit == "year":
            for match in pattern("half_year", language, accents).finditer(plain):
                add(*match.span(), Decimal("0.5"), Decimal("0.5"), unit)
        if unit == "day":
            nights = pattern("night", language, accents).pattern
            for match in re.finditer(rf"(?<![\d.,:/])(\d{{1,2}})\s*(?:{nights})", plain):
                if _ago(Length(*match.span(), Decimal(1), Decimal(1)), plain, language, accents).ago:
                    add(*match.span(), Decimal(match[1]), Decimal(match[1]), unit)
        if unit != "day":
            for words, (low_count, high_count) in ((couple, _COUPLE), (few, _FEW), (several, _SEVERAL)):
                for match in re.finditer(rf"{words}\s*(?:\S{{1,3}}\s+)?(?:{name})", plain):
                    add(*match.span(), Decimal(low_count), Decimal(high_count), unit)
        for form, count in unit_forms(language, unit):
            # Some plural forms carry the number themselves (Arabic: two months).
            if count is not None:
                for match in re.finditer(rf"{one_of([plain_form(form, accents)])}(?P<half>\s+(?:\S{{1,3}}\s+)?\S?{half})?", plain):
                    said = Decimal(count) + (Decimal("0.5") if match["half"] else 0)
                    if count > 1 or match["half"] or _ago(Length(*match.span(), said, said), plain, language, accents).ago:
                        # "Every day" is no length; "a year ago" is one.
                        add(*match.span(), said, said, unit)
        # "A month ago", and in languages without an article "month ago": when no other number was found there.
        one = pattern("one_word", language, accents).pattern
        for match in re.finditer(rf"(?<!\d\s)(?<!\d)(?:{one}\s*)?(?<![^\W\d_])(?:{name})", plain):
            if said_ago(*match.span()) and not some.search(plain[: match.start()]):
                add(*match.span(), Decimal(1), Decimal(1), unit)
    return [_ago(_nearly(length, plain, language, accents), plain, language, accents) for length in sorted(found, key=lambda f: f.start)]


def _nearly(length: Length, plain: str, language: str, accents: bool) -> Length:
    """Almost two years: a little less than was said."""
    words = pattern("nearly", language, accents).pattern
    before = re.search(rf"(?:{words})\s*(?:\S{{1,5}}\s+)?$", plain[: length.start])
    return replace(length, nearly=True) if before else length


def _ago(length: Length, plain: str, language: str, accents: bool, close: bool = False) -> Length:
    """Whether a length is said as a point: so long ago, since so long. `close`: only a word for ago that stands right beside it counts."""
    ago, since = pattern("ago", language, accents).pattern, pattern("since", language, accents).pattern
    behind = re.match(rf"\s*(?:\S{{1,4}}\s+)?(?:{ago})", plain[length.stop :])
    before = re.search(rf"(?:{ago})\s*(?:\S{{1,6}}\s+)?$", plain[: length.start])
    if close:
        behind = re.match(rf"\s*(?:{ago})", plain[length.stop :])
        before = re.search(rf"(?<![^\W\d_])(?:{ago})\s*(?:[^\W\d_]{{1,2}}\s+)?$", plain[: length.start])
        return replace(length, ago=True) if behind or before else length
    since_then = re.search(rf"(?:{since})\s*(?:\S{{1,6}}\s+)?$", plain[: length.start])
    return replace(length, ago=True) if behind or before or since_then else length
