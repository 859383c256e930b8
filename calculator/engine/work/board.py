"""Board and lodging: housing that counts as pay, and what an employer may count for meals and a room."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from calculator import quantity
from calculator.case.model import Accommodation, Pay
from calculator.case.values import NumberRange, Unsaid
from calculator.engine.facts.job_time import SEVEN
from calculator.engine.work.pay_rule import Credit
from calculator.engine.work.rates import JobFigures
from calculator.quantity import NOTHING, ZERO, Value, carry


class JobBoard(JobFigures):
    """What housing and meals are worth for a stretch of days."""

    def _housing(self, a: date, days: int, high: bool) -> Value:
        """The housing amount that counts as pay: the whole offset when housing was free, what is left of it when a
        charge was below or above it (a charge above takes pay away)."""
        home = self.job.accommodation
        if self.rule.offset is None:
            return NOTHING
        if home is None:
            self.refining.add(f"{self.prefix}.accommodation.nights_per_week")
            return NOTHING
        if isinstance(home, Unsaid) or home.provided is not True:
            return NOTHING
        offset = self._end(self._figure(self.rule.offset, a, "offset"), not high)
        nights = (
            home.nights_per_week
            if isinstance(home.nights_per_week, NumberRange)
            else NumberRange(SEVEN if home.nights_per_week is None else ZERO, SEVEN)
        )
        count = (nights.low if high else nights.high) * days / SEVEN
        if not offset.known:
            return offset
        charge = _nightly(home.charged)
        counted = offset.low if charge is None or charge == 0 else (ZERO if charge < offset.low else offset.low - charge)
        amount = counted * count
        return carry(quantity.exactly(amount), [offset])

    def _credits(self, a: date, days: int, due: Value, high: bool) -> Value:
        """Board and lodging that the employer may count as pay, up to a share of the pay due."""
        parts = [
            self._lodging(credit, a, days, high) if credit.kind == "lodging" else self._meals(credit, a, days, high)
            for credit, sure in self.credits
            if sure or not high
        ]
        if not parts:
            return NOTHING
        total = quantity.add(parts)
        if self.rule.credits_at_most is None or not due.known:
            return total
        most = quantity.times([self.rule.credits_at_most(self.ctx), due])
        if total.state == "unknown" and most.known:
            # Whatever the amount is, it counts up to the share.
            return carry(Value(low=ZERO, high=most.high), [total, most])
        return quantity.least([total, most])

    def _lodging(self, credit: Credit, a: date, days: int, high: bool) -> Value:
        home = self.job.accommodation
        if home is None:
            self.refining.add(f"{self.prefix}.accommodation.nights_per_week")
            return NOTHING
        if isinstance(home, Unsaid) or isinstance(home.provided, Unsaid):
            return NOTHING if high else self._counted(credit, a, SEVEN, days, None, high)
        if home.provided is not True:
            return NOTHING
        nights = (
            home.nights_per_week
            if isinstance(home.nights_per_week, NumberRange)
            else NumberRange(SEVEN if home.nights_per_week is None else ZERO, SEVEN)
        )
        return self._counted(credit, a, nights.low if high else nights.high, days, home.charged, high)

    def _meals(self, credit: Credit, a: date, days: int, high: bool) -> Value:
        board = self.job.board
        if board is None:
            self.refining.add(f"{self.prefix}.board.meals_per_day")
            return NOTHING
        if isinstance(board, Unsaid):
            return NOTHING if high else self._counted(credit, a, SEVEN, days, None, high)
        meals = board.meals_per_day
        if meals is None or isinstance(meals, Unsaid):
            count = ZERO if meals is None or high else Decimal(3)
        else:
            count = meals.low if high else meals.high
        at_home = self.job.live_in is True or (isinstance(self.job.accommodation, Accommodation) and self.job.accommodation.provided is True)
        worked = self.job.days_per_week
        a_week = SEVEN if at_home or not isinstance(worked, NumberRange) else (worked.low if high else worked.high)
        return self._counted(credit, a, a_week * min(count, Decimal(3)) / 3, days, board.charged, high)

    def _counted(self, credit: Credit, a: date, a_week: Decimal, days: int, charged: Any, high: bool) -> Value:
        """The amount for so many nights or days a week; what the worker paid for it does not count again."""
        figure = self._end(self._figure(credit.parameter, a, "credit"), not high)
        if not figure.known:
            return figure
        free = max(ZERO, figure.low - (_nightly(charged) or ZERO))
        amount = free * a_week * days / SEVEN
        return carry(quantity.exactly(amount), [figure])


def _nightly(charged: Any) -> Decimal | None:
    """A charge for housing per night; None = none said."""
    if not isinstance(charged, Pay) or not isinstance(charged.amount, NumberRange):
        return None
    divisor = {"week": SEVEN, "month": Decimal(365) / 12}.get(charged.per or "day", Decimal(1))
    return charged.amount.high / divisor
