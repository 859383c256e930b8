"""One job cut into pieces wherever something changes, worked out at the lowest and at the highest."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from calculator import quantity
from calculator.case.model import Pay
from calculator.case.values import NumberRange
from calculator.dates import DateRange, age_on, birthday, end_of_month
from calculator.engine.job_pay import JobPay
from calculator.engine.parameters import DatedParameter
from calculator.quantity import NOTHING, ZERO, Value, carry, unknown

DAY = timedelta(days=1)


@dataclass(slots=True)
class Piece:
    """One stretch of days with one rate: what interest and leave pay build on."""

    start: date
    end: date
    unpaid: Value
    due: Value


@dataclass(slots=True)
class Ledger:
    """All pieces of one scenario, and their sums."""

    pieces: list[Piece] = field(default_factory=list)
    due: list[Value] = field(default_factory=list)
    barred: list[Value] = field(default_factory=list)
    barred_days: int = 0
    days: int = 0


class JobWork(JobPay):
    """One job, cut into pieces."""

    def scenario(self, high: bool) -> tuple[Value, Value, Ledger]:
        """(unpaid, due, ledger) with the facts that favour the claim (`high`) or the ones that do not."""
        assert self.start is not None and self.end is not None and self.span is not None
        first = self.start.earliest if high else self.start.latest
        last = min(self.end.latest if high else self.end.earliest, self.span.latest)
        ledger = Ledger()
        if last < first:
            return NOTHING, NOTHING, ledger
        ledger.days = (last - first).days + 1
        cut = None if self.cut is None else (self.cut.earliest if high else self.cut.latest)
        for a, b in self._pieces(first, last, cut):
            if cut is not None and b < cut:
                ledger.barred_days += (b - a).days + 1
            self._work_piece(a, b, ledger, high, barred=cut is not None and b < cut)
        if ledger.barred_days and cut is not None and (high or not self.fuzzy):
            self.gaps.add(f"barred:{first.isoformat()}:{(cut - DAY).isoformat()}")
        unpaid = quantity.add([p.unpaid for p in ledger.pieces]) if ledger.pieces else NOTHING
        return self._less_totals(unpaid, ledger, high), quantity.add(ledger.due) if ledger.due else NOTHING, ledger

    def _pieces(self, first: date, last: date, cut: date | None) -> list[tuple[date, date]]:
        """Stretches of days in which nothing changes."""
        edges: set[date] = set()
        plan = self.plan
        for parameter in self._dated():
            edges.update(parameter.changes_between(first, last))
        if self._age_used and self.birth is not None:
            for day in (self.birth.earliest, self.birth.latest):
                young, old = age_on(day, first), age_on(day, last)
                edges.update(birthday(day, age) for age in range(young + 1, min(old, young + 40) + 1))
        pays = self.job.paid if isinstance(self.job.paid, list) else []
        periodic = [*pays, self.job.agreed, self.job.usual_wage]
        if plan.monthly or any(isinstance(p, Pay) and p.per == "month" for p in periodic):
            day = end_of_month(first) + DAY
            while day <= last:
                edges.add(day)
                day = end_of_month(day) + DAY
        for pay in pays:
            edges.update(_edge(pay.from_, pay.to))
        for gap in self.job.absences if isinstance(self.job.absences, list) else []:
            edges.update(_edge(gap.start or gap.from_, gap.end or gap.to))
        if cut is not None:
            edges.add(cut)
        starts = [first, *sorted(e for e in edges if first < e <= last)]
        return [(s, (starts[i + 1] - DAY) if i + 1 < len(starts) else last) for i, s in enumerate(starts)]

    def _dated(self) -> list[DatedParameter]:
        """Parameters whose changes cut the work: those of rates that fit this job, not every State's."""
        found = [r.parameter for r in (*self.rates, *self.maybe_rates)]
        found += [p for p in (self.plan.factor, self.plan.offset) if p is not None]
        return found + [c.parameter for c in self.plan.credits]

    def _work_piece(self, a: date, b: date, ledger: Ledger, high: bool, barred: bool) -> None:
        """What is unpaid for a stretch. Housing counts as pay, and arrears are uprated, only against the legal rate."""
        days = (b - a).days + 1
        hours, weeks = self._piece_hours(a, b, high)
        legal = self.legal_due(a, hours, weeks, high)
        promised = self.promised_due(a, hours, weeks, days, high)
        paid = self._paid(a, b, hours, days, high)
        housing = self._housing(a, days, high)
        if self.plan.credits:
            housing = quantity.add([housing, self._credits(a, days, legal, high)])
        by_law = _unpaid(legal, paid, housing)
        unpaid = quantity.greatest([by_law if barred else self._uprated(by_law, a, high),
                                    *(_unpaid(p, paid, NOTHING) for p in promised)])
        due = quantity.greatest([legal, *promised])
        self.ctx.note(f"{a.isoformat()}..{b.isoformat()}", "back_pay",
                      {"days": days, "hours": hours, "due": due, "paid": paid, "housing": housing}, unpaid)
        if barred:
            ledger.barred.append(unpaid)
            return
        ledger.due.append(due)
        ledger.pieces.append(Piece(a, b, unpaid, due))

    def _less_totals(self, unpaid: Value, ledger: Ledger, high: bool) -> Value:
        """Payments known only as one sum for the whole job, in proportion to the days still claimable."""
        sums = [p for p in self.job.paid if p.per in (None, "total")] if isinstance(self.job.paid, list) else []
        if not sums or not unpaid.known or not ledger.days:
            return unpaid
        share = Decimal(ledger.days - ledger.barred_days) / ledger.days
        total = ZERO
        for pay in sums:
            if not isinstance(pay.amount, NumberRange):
                if not high:
                    return carry(NOTHING, [unpaid])
                continue
            total += (pay.amount.low if high else pay.amount.high) * share
        self.ctx.note("paid_in_total", "minus", {"paid": total}, unpaid)
        return quantity.greatest([quantity.minus(unpaid, Value(low=total, high=total)), NOTHING])

    def week_due(self, day: date, high: bool) -> Value:
        """Pay due for one week of seven days with the rate of `day`."""
        assert self.hours is not None or isinstance(self.job.hours_total, NumberRange)
        if self.hours is None:
            return unknown("weekly_hours")
        hours = self.hours.high if high else self.hours.low
        return self.due(day, hours, Decimal(1), 7, high)


def _unpaid(due: Value, paid: Decimal | None, housing: Value) -> Value:
    """Due less received, never below nothing; when anything may have been paid, nothing is sure to be owed."""
    if paid is None:
        return carry(NOTHING, [due]) if due.known else due
    left = quantity.minus(due, Value(low=paid, high=paid), housing)
    return quantity.greatest([left, NOTHING]) if left.known else left


def _edge(start: Any, end: Any) -> set[date]:
    edges = set()
    if isinstance(start, DateRange):
        edges.add(start.earliest)
    if isinstance(end, DateRange):
        edges.add(end.latest + DAY)
    elif isinstance(start, DateRange):
        edges.add(start.latest + DAY)
    return edges
