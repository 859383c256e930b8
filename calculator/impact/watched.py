"""Which cases a changed figure can reach: those for which it was looked up and something else was found.

Working a case out by the rules before and after costs twice. Where only figures changed, the rules before are asked while they work:
each look-up of a changed figure is done in the new one, too. A case in which all of them agreed comes out the same by both.
"""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from calculator.dates import DateRange
from calculator.engine.figures.parameters import Dated, DatedParameter, Found
from calculator.engine.routes.pack import Pack
from calculator.quantity import Confidence


class Watch:
    """Tells whether a look-up has differed since the last `begin`."""

    def __init__(self) -> None:
        self.differed = False

    def begin(self) -> None:
        """Forget what was seen."""
        self.differed = False


class _Watched(DatedParameter):
    """A figure that answers as it did and compares each answer with the changed figure's."""

    mine: DatedParameter
    theirs: DatedParameter
    watch: Watch

    def _same(self, asked: str, *given: Any) -> Any:
        found = getattr(self.mine, asked)(*given)
        if found != getattr(self.theirs, asked)(*given):
            self.watch.differed = True
        return found

    def on(self, day: date) -> Dated | None:
        found: Dated | None = self._same("on", day)
        return found

    def covers(self, day: date) -> bool:
        return bool(self._same("covers", day))

    def changes_between(self, start: date, end: date) -> list[date]:
        return list(self._same("changes_between", start, end))

    def look_up(self, day: date, on: date, least_sure: Confidence, key: object = None) -> Found:
        found = self.mine.look_up(day, on, least_sure, key)
        if found.value != self.theirs.look_up(day, on, least_sure, key).value:
            self.watch.differed = True
        return found

    def over(self, days: DateRange, on: date, least_sure: Confidence, key: object = None) -> Found:
        found = self.mine.over(days, on, least_sure, key)
        if found.value != self.theirs.over(days, on, least_sure, key).value:
            self.watch.differed = True
        return found


def watching(before: Pack, after: Pack) -> Watch | None:
    """Watch the changed figures of `before`, a pack that nobody else uses. None: figures came or went, or are of another kind, so all
    cases have to be worked out twice."""
    if before.parameters.keys() != after.parameters.keys():
        return None
    watch = Watch()
    for name, mine in before.parameters.items():
        theirs = after.parameters[name]
        if mine.raw == theirs.raw:
            continue
        if (mine.unit, mine.by, list(mine.ages)) != (theirs.unit, theirs.by, list(theirs.ages)):
            return None
        mine.mine, mine.theirs, mine.watch = copy.copy(mine), theirs, watch  # type: ignore[attr-defined]
        # Formulas hold the object itself.
        mine.__class__ = _Watched
    return watch
