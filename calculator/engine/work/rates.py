"""Dated figures of a pay rule as one job meets them: each looked up once for a stretch in which nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from calculator import quantity
from calculator.dates import DateRange, on_day
from calculator.engine.figures.parameters import DatedParameter
from calculator.engine.language.run import Context
from calculator.engine.operations.lookups import Key, age_key, note_found
from calculator.engine.work.job import JobFacts
from calculator.engine.work.pay_rule import Formula
from calculator.quantity import Confidence, Ranks, Value, carry

T = TypeVar("T")


class JobFigures(JobFacts):
    """Formulas, figures and their ends on a day."""

    #: A rate that is itself a range was met: the highest claim differs from the lowest.
    inexact = False

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._found: dict[tuple[object, date, Confidence], tuple[Value, Ranks, set[str]]] = {}

    def use(self, ctx: Context, cut: DateRange | None) -> None:
        super().use(ctx, cut)
        self.inexact = False

    def _on(self, day: date, formula: Formula) -> Value:
        """A formula of the pay rule as it holds on a day."""
        return self._once((id(formula), day), lambda: self.ctx.on_day(day, formula.evaluate))

    def _once(self, key: tuple[object, date], work_out: Callable[[], Value]) -> Value:
        """What holds from a day on, worked out once; `day` is the first of a stretch in which nothing changes."""
        known = (*key, self.ctx.least_sure)
        found = self._found.get(known)
        if found is None:
            found = self._found[known] = self._apart(work_out)
        self.ctx.ranks_seen |= found[1]
        self.refining |= found[2]
        return found[0]

    def _apart(self, work_out: Callable[[], T]) -> tuple[T, Ranks, set[str]]:
        """What comes out, how sure its figures are, and what may refine it; what was seen before stays as it was."""
        before, self.refining = self.refining, set()
        try:
            found, ranks = self.ctx.apart(lambda ctx: work_out())
            return found, ranks, self.refining
        finally:
            self.refining = before

    def _figure(self, parameter: DatedParameter, day: date, op: str) -> Value:
        key: Key = age_key(self.ctx, on_day(day))[0] if parameter.by == "age" else None
        found = parameter.look_up(day, self.ctx.on, self.ctx.least_sure, key)
        note_found(self.ctx, parameter, found, op)
        return found.value

    def _end(self, value: Value, high: bool) -> Value:
        """One end of a rate range, so that a scenario works with one number."""
        if value.state != "known" or value.low == value.high:
            return value
        self.inexact = True
        if high and value.high is None:
            return value
        end = value.high if high and value.high is not None else value.low
        return carry(quantity.exactly(end), [value])
