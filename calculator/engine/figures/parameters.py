"""Dated figures: which one holds on a day, how sure it is, and what is said when none does."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from calculator.dates import DateRange
from calculator.packs.model import DatedValue, Parameter, TableRow
from calculator.quantity import EXCLUDED, Confidence, Value, carry, hull, unknown

YEAR = timedelta(days=365)
#: Answers a parameter remembers: the same few days are asked for again and again.
MOST_KEPT = 256


@dataclass(frozen=True, slots=True)
class Dated:
    """One dated value of a parameter, with the defaults of its parameter filled in."""

    start: date
    end: date | None
    raw: DatedValue
    rank: Confidence
    source: str | None
    checked_on: date | None
    review_by: date | None


class Found(NamedTuple):
    """A figure and where it came from, for the trace."""

    value: Value
    dated: Dated | None = None
    row: TableRow | None = None


class DatedParameter:
    """A parameter ready for look-up. Values are in order of their first day, without overlap (checked at load)."""

    def __init__(self, raw: Parameter, checked_on: date | None) -> None:
        self.id = raw.id
        self.title = raw.title
        self.unit = raw.unit
        self.by = raw.by
        self.raw = raw
        self.values = [self._dated(v, checked_on) for v in sorted(raw.values, key=lambda v: v.from_)]
        self._starts = [v.start for v in self.values]
        self._changes = sorted({v.start for v in self.values} | {v.end + timedelta(days=1) for v in self.values if v.end})
        #: Ages at which another row of a table by age begins.
        self.ages = sorted({int(row.upto) + 1 for v in raw.values for row in v.rows or () if row.upto is not None} if raw.by == "age" else ())
        self._over: dict[tuple[DateRange, date, Confidence, object], Found] = {}
        self._looked_up: dict[tuple[date, date | None, Confidence, object], Found] = {}

    def _dated(self, raw: DatedValue, checked_on: date | None) -> Dated:
        rank = Confidence[raw.confidence or self.raw.confidence or "unverified"]
        checked = raw.checked_on or self.raw.checked_on or checked_on
        review = raw.review_by
        if review is None and raw.to is None:
            review = next_in_rhythm(self.raw.rhythm, raw.from_) or (checked + YEAR if checked else None)
        return Dated(raw.from_, raw.to, raw, rank, raw.source or self.raw.source, checked, review)

    def on(self, day: date) -> Dated | None:
        """The value that holds on `day`; the last one lives on past its end, marked stale; None before the first.
        Between two values there is no gap: one that is not known is written out as a blank (checked at load)."""
        index = bisect_right(self._starts, day) - 1
        return None if index < 0 else self.values[index]

    def covers(self, day: date) -> bool:
        """Whether the figure is for this day: not before its first value, and not after the written end of its last."""
        last = self.values[-1]
        return self._starts[0] <= day and (last.end is None or day <= last.end)

    def changes_between(self, start: date, end: date) -> list[date]:
        """Days after `start` and up to `end` on which another value begins, or a gap does."""
        return self._changes[bisect_right(self._changes, start) : bisect_right(self._changes, end)]

    def look_up(self, day: date, on: date, least_sure: Confidence, key: object = None) -> Found:
        """The figure on `day`. `key` picks the row of a table: a code, or a (low, high) pair of numbers.

        `on` is the day of the estimate: a figure whose review is past says since when it may be out of date.
        """
        dated = self.on(day)
        if dated is None:
            return Found(unknown(f"gap:{self.id}:{day.isoformat()}"))
        asked = (dated.start, self._stale(dated, day, on), least_sure, key)
        known = self._looked_up.get(asked)
        if known is None:
            if len(self._looked_up) >= MOST_KEPT:
                self._looked_up.clear()
            known = self._looked_up[asked] = self._found(dated, *asked[1:])
        return known

    def _found(self, dated: Dated, stale: date | None, least_sure: Confidence, key: object) -> Found:
        if dated.raw.rows is None:
            return Found(self._value(dated.raw, dated.rank, least_sure, stale, f"blank:{self.id}"), dated)
        rows = rows_for(dated.raw.rows, key)
        if not rows:
            return Found(unknown(f"row:{self.id}:{key}"), dated)
        values = []
        for row in rows:
            rank = Confidence[row.confidence] if row.confidence else dated.rank
            values.append(self._value(row, rank, least_sure, stale, f"blank:{self.id}:{row.key or row.upto or ''}"))
        return Found(_of_rows(values), dated, rows[0])

    def _stale(self, dated: Dated, day: date, on: date) -> date | None:
        if dated.end is not None and day > dated.end:
            return dated.end + timedelta(days=1)
        if dated is self.values[-1] and dated.review_by and on > dated.review_by:
            return dated.review_by
        return None

    def _value(self, raw: DatedValue | TableRow, rank: Confidence, least_sure: Confidence, stale: date | None, gap: str) -> Value:
        low = raw.value if raw.value is not None else raw.low
        if low is None:
            return unknown(gap)
        if rank > least_sure:
            return EXCLUDED
        high: Decimal | None = raw.value if raw.value is not None else raw.high
        typical = raw.value if raw.value is not None and raw.low is not None else None
        return Value(low=low, high=high, typical=typical, rank=rank, stale_since=stale)

    def over(self, days: DateRange, on: date, least_sure: Confidence, key: object = None) -> Found:
        """The figure on a day that is only known to lie between two: all that may hold, as a range."""
        asked = (days, on, least_sure, key)
        known = self._over.get(asked)
        if known is None:
            if len(self._over) >= MOST_KEPT:
                self._over.clear()
            known = self._over[asked] = self._all_over(days, on, least_sure, key)
        return known

    def _all_over(self, days: DateRange, on: date, least_sure: Confidence, key: object) -> Found:
        first = self.look_up(days.earliest, on, least_sure, key)
        if days.exact:
            return first
        found = [first, *(self.look_up(d, on, least_sure, key) for d in self.changes_between(days.earliest, days.latest))]
        return Found(hull([f.value for f in found]), first.dated, first.row)


def _of_rows(values: list[Value]) -> Value:
    """One row, or all rows that may be meant; a row whose figure is not known leaves the others standing, marked."""
    if len(values) == 1:
        return values[0]
    known = [v for v in values if v.known]
    if not known or len(known) == len(values):
        return hull(values)
    # A row that is blank may stand higher than those that are known.
    open_end = any(v.state == "unknown" for v in values)
    best = hull(known)
    return carry(best._replace(partial=True, high=None if open_end else best.high), [v for v in values if not v.known])


def rows_for(rows: list[TableRow], key: object) -> list[TableRow]:
    """The rows a key may fall in: one for a code or an exact number, several for a range, all for None."""
    if key is None:
        return list(rows)
    if isinstance(key, str):
        return [row for row in rows if row.key == key]
    assert isinstance(key, tuple)
    low, high = key
    result = []
    floor: Decimal | None = None
    for row in rows:
        above = floor is None or high is None or high > floor
        below = row.upto is None or low <= row.upto
        if above and below:
            result.append(row)
        floor = row.upto
    return result


def next_in_rhythm(rhythm: str | None, start: date) -> date | None:
    """The first change that "every 04-01" or "every 01-01 and 07-01" promises after `start`."""
    if not rhythm:
        return None
    days = [d.strip() for d in rhythm.removeprefix("every ").split(" and ")]
    options = [date(start.year + plus, int(d[:2]), int(d[3:])) for d in days for plus in (0, 1)]
    return min(d for d in options if d > start)
