"""Entries of a list by the days they cover: payments and absences of a job, found without looking at all of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


class Spans(Generic[T]):
    """Entries with their first and last day; one that ends before it begins covers nothing."""

    def __init__(self, entries: Iterable[tuple[date, date, T]]) -> None:
        self._entries = [entry for entry in entries if entry[0] <= entry[1]]
        order = sorted(range(len(self._entries)), key=lambda n: self._entries[n][0])
        self._order = order
        self._firsts = [self._entries[n][0] for n in order]
        #: The last day of this entry or of any that begins before it: further back nothing reaches beyond it.
        self._reach = list(accumulate((self._entries[n][1] for n in order), max))

    def over(self, a: date, b: date) -> list[tuple[date, date, T]]:
        """The entries that cover a day from `a` to `b`, in the order in which they were given."""
        found = []
        place = bisect_right(self._firsts, b)
        while place and self._reach[place - 1] >= a:
            place -= 1
            if self._entries[self._order[place]][1] >= a:
                found.append(self._order[place])
        return [self._entries[n] for n in sorted(found)]
