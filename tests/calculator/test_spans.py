"""Payments and absences by the days they cover: the same entries as looking at each, in the same order."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from calculator.engine.facts.spans import Spans

days = st.integers(0, 30).map(lambda n: date(2026, 1, 1) + timedelta(days=n))


@given(entries=st.lists(st.tuples(days, days), max_size=12), a=days, b=days)
def test_the_entries_of_a_stretch_are_those_that_cover_one_of_its_days(entries: list[tuple[date, date]], a: date, b: date) -> None:
    a, b = sorted((a, b))
    found = Spans((first, last, n) for n, (first, last) in enumerate(entries)).over(a, b)
    assert [n for _, _, n in found] == [n for n, (first, last) in enumerate(entries) if first <= last and first <= b and last >= a]


def test_only_what_may_reach_the_stretch_is_looked_at() -> None:
    """Ten thousand days, one entry each: the look at one of them touches a handful."""
    looked: list[int] = []

    class Day(date):
        def __ge__(self, other: date) -> bool:
            looked.append(1)
            return super().__ge__(other)

    first = date(2000, 1, 1)
    spans = Spans((first + timedelta(days=n), Day.fromordinal((first + timedelta(days=n)).toordinal()), n) for n in range(10_000))
    looked.clear()
    day = first + timedelta(days=5_000)
    assert [n for _, _, n in spans.over(day, day)] == [5_000]
    assert len(looked) < 10
