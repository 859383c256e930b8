"""Board and lodging: housing that counts as pay, and what an employer may count for meals and a room."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from calculator import quantity
from calculator.case.model import Accommodation, Pay
from calculator.case.values import NumberRange, Unsaid
from calculator.engine.facts.job_time import SEVEN
from calculator.engine.work.ends import HIGHEST, End
from calculator.engine.work.job import Job
from calculator.engine.work.pay_rule import Credit
from calculator.engine.work.rates import Rates
from calculator.engine.work.stretches import Stretch
from calculator.quantity import NOTHING, ZERO, Value, carry


def counted_as_pay(job: Job, rates: Rates, stretch: Stretch, due: Value, end: End) -> Value:
    """What housing and meals count for in the stretch, against what the law says is due."""
    housing = _housing(job, rates, stretch, end)
    return quantity.add([housing, _credits(job, rates, stretch, due, end)]) if job.rule.credits else housing


def _housing(job: Job, rates: Rates, stretch: Stretch, end: End) -> Value:
    """The housing amount that counts as pay: the whole offset when housing was free, what is left of it when a
    charge was below or above it (a charge above takes pay away)."""
    home = job.said.accommodation
    if job.rule.offset is None:
        return NOTHING
    if home is None:
        rates.ask("accommodation.nights_per_week")
        return NOTHING
    if isinstance(home, Unsaid) or home.provided is not True:
        return NOTHING
    offset = rates.one_end(rates.figure(job.rule.offset, stretch.since, "offset"), end.other)
    if not offset.known:
        return offset
    charge = _nightly(home.charged)
    counted = offset.low if charge is None or charge == 0 else (ZERO if charge < offset.low else offset.low - charge)
    amount = counted * (end.taken(_nights(home)) * stretch.days / SEVEN)
    return carry(quantity.exactly(amount), [offset])


def _nights(home: Accommodation) -> NumberRange:
    """Nights a week: as said; all when nobody asked, some or none when it is not known."""
    if isinstance(home.nights_per_week, NumberRange):
        return home.nights_per_week
    return NumberRange(SEVEN if home.nights_per_week is None else ZERO, SEVEN)


def _credits(job: Job, rates: Rates, stretch: Stretch, due: Value, end: End) -> Value:
    """Board and lodging that the employer may count as pay, up to a share of the pay due."""
    parts = [
        _lodging(job, rates, stretch, credit, end) if credit.kind == "lodging" else _meals(job, rates, stretch, credit, end)
        for credit, sure in job.fitting.credits
        if sure or end is not HIGHEST
    ]
    if not parts:
        return NOTHING
    total = quantity.add(parts)
    if job.rule.credits_at_most is None or not due.known:
        return total
    most = quantity.times([job.rule.credits_at_most(rates.ctx), due])
    if total.state == "unknown" and most.known:
        # Whatever the amount is, it counts up to the share.
        return carry(Value(low=ZERO, high=most.high), [total, most])
    return quantity.at_most(total, most)


def _lodging(job: Job, rates: Rates, stretch: Stretch, credit: Credit, end: End) -> Value:
    home = job.said.accommodation
    if home is None:
        rates.ask("accommodation.nights_per_week")
        return NOTHING
    if isinstance(home, Unsaid) or isinstance(home.provided, Unsaid):
        return NOTHING if end is HIGHEST else _counted(rates, stretch, credit, SEVEN, None, end)
    if home.provided is not True:
        return NOTHING
    return _counted(rates, stretch, credit, end.taken(_nights(home)), home.charged, end)


def _meals(job: Job, rates: Rates, stretch: Stretch, credit: Credit, end: End) -> Value:
    board = job.said.board
    if board is None:
        rates.ask("board.meals_per_day")
        return NOTHING
    if isinstance(board, Unsaid):
        return NOTHING if end is HIGHEST else _counted(rates, stretch, credit, SEVEN, None, end)
    meals = board.meals_per_day
    if meals is None or isinstance(meals, Unsaid):
        count = ZERO if meals is None or end is HIGHEST else Decimal(3)
    else:
        count = end.taken(meals)
    a_week = _days_with_meals(job, end) * min(count, Decimal(3)) / 3
    return _counted(rates, stretch, credit, a_week, board.charged, end)


def _days_with_meals(job: Job, end: End) -> Decimal:
    """Days a week: all for somebody who lived where the work was, else the days worked."""
    home, days = job.said.accommodation, job.said.days_per_week
    at_home = job.said.live_in is True or (isinstance(home, Accommodation) and home.provided is True)
    return end.taken(days) if isinstance(days, NumberRange) and not at_home else SEVEN


def _counted(rates: Rates, stretch: Stretch, credit: Credit, a_week: Decimal, charged: Any, end: End) -> Value:
    """The amount for so many nights or days a week; what the worker paid for it does not count again."""
    figure = rates.one_end(rates.figure(credit.parameter, stretch.since, "credit"), end.other)
    if not figure.known:
        return figure
    free = max(ZERO, figure.low - (_nightly(charged) or ZERO))
    amount = free * a_week * stretch.days / SEVEN
    return carry(quantity.exactly(amount), [figure])


def _nightly(charged: Any) -> Decimal | None:
    """A charge for housing per night; None = none said."""
    if not isinstance(charged, Pay) or not isinstance(charged.amount, NumberRange):
        return None
    divisor = {"week": SEVEN, "month": Decimal(365) / 12}.get(charged.per or "day", Decimal(1))
    return charged.amount.high / divisor
