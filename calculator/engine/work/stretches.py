"""One job cut into pieces wherever something changes, worked out at the lowest and at the highest."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from calculator import quantity
from calculator.case.values import NumberRange
from calculator.dates import age_on, birthday, days_in_month, end_of_month
from calculator.engine.facts.job_time import DAY
from calculator.engine.work.pay import JobPay
from calculator.quantity import EXCLUDED, NOTHING, ZERO, Confidence, Ranks, Value, carry, unknown, worst_of


@dataclass(slots=True)
class Piece:
    """One stretch of days with one rate: what interest and leave pay build on."""

    start: date
    end: date
    unpaid: Value
    due: Value


class Amounts(NamedTuple):
    """What a stretch of days comes to."""

    unpaid: Value
    due: Value
    hours: Decimal
    paid: Decimal | None
    housing: Value
    ranks: Ranks
    refining: set[str]
    inexact: bool
    #: A pass that lets in only surer figures than this cannot know what is unpaid or due.
    needed: Confidence


@dataclass(slots=True)
class Ledger:
    """All pieces of one scenario, and their sums."""

    pieces: list[Piece] = field(default_factory=list)
    due: list[Value] = field(default_factory=list)
    barred: list[Value] = field(default_factory=list)
    barred_days: int = 0
    days: int = 0
    #: A pass that lets in only surer figures than this leaves out every piece.
    needed: Confidence | None = None


#: A stretch whose rate is less sure than the pass.
LEFT_OUT = Amounts(EXCLUDED, EXCLUDED, ZERO, None, NOTHING, 0, set(), False, Confidence.unverified)


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
        known = self._known(high, self.ctx.least_sure)
        strict = self.ctx.least_sure < Confidence.unverified
        sure = self._known(high, Confidence.unverified) if strict else known
        if cut is not None and last < cut and self._rateless:
            ledger.barred_days = ledger.days
        for stretch, a, b in [] if ledger.barred_days else self._pieces(first, last, cut):
            barred = cut is not None and b < cut
            if barred:
                ledger.barred_days += (b - a).days + 1
                if strict and self.ctx.trace is None:
                    # What is too old is shown from the pass with all figures.
                    continue
            # Within a stretch nothing changes but the length of the months, so months of one length come to the same.
            key = (stretch, (b - a).days, days_in_month(a), barred)
            found = known.get(key)
            if found is None and strict and (whole := sure.get(key)) is not None:
                if whole.needed > self.ctx.least_sure:
                    found = known[key] = LEFT_OUT
                elif worst_of(whole.ranks) <= self.ctx.least_sure:
                    # Every figure of the stretch is sure enough for this pass too.
                    found = known[key] = whole
            if found is None:
                found = known[key] = self._amounts(stretch, a, b, high, barred)
            self._add_piece(a, b, found, ledger, barred)
        if ledger.barred_days and cut is not None and (high or not self.fuzzy):
            self.gaps.add(f"barred:{first.isoformat()}:{(cut - DAY).isoformat()}")
        unpaid = quantity.add([p.unpaid for p in ledger.pieces]) if ledger.pieces else NOTHING
        return self._less_totals(unpaid, ledger, high), quantity.add(ledger.due) if ledger.due else NOTHING, ledger

    def _known(self, high: bool, least_sure: Confidence) -> dict[tuple[date, int, int, bool], Amounts]:
        """What stretches came to before, with figures up to `least_sure`: in this scenario, or in a route with the same rule and
        another time bar. With a trace each route works them out, so that its trace is whole."""
        ctx = self.ctx
        if ctx.trace is not None or self.presumed:
            return {}
        found: dict[tuple[date, int, int, bool], Amounts] = ctx.shared.pieces.setdefault((self.rule.key(ctx), self.index, high, least_sure), {})
        return found

    def _pieces(self, first: date, last: date, cut: date | None) -> list[tuple[date, date, date]]:
        """(the first day from which nothing changes, first day, last day); months and the time bar cut a stretch once more."""
        edges = set(self.times.edges)
        months: set[date] = set()
        for parameter in self.dated:
            edges.update(parameter.changes_between(first, last))
        if self._ages and self.birth is not None:
            for day in (self.birth.earliest, self.birth.latest):
                young, old = age_on(day, first), age_on(day, last)
                edges.update(birthday(day, age) for age in self._ages if young < age <= old)
        if self.rule.monthly or self.times.by_month:
            day = end_of_month(first) + DAY
            while day <= last:
                months.add(day)
                day = end_of_month(day) + DAY
        if self.factor_until is not None:
            edges.update(self.factor_until)
        if cut is not None:
            months.add(cut)
        starts = [first, *sorted(e for e in edges | months if first < e <= last)]
        found, stretch = [], first
        for i, start in enumerate(starts):
            stretch = start if start in edges else stretch
            found.append((stretch, start, (starts[i + 1] - DAY) if i + 1 < len(starts) else last))
        return found

    def _amounts(self, since: date, a: date, b: date, high: bool, barred: bool) -> Amounts:
        """What is unpaid from `a` to `b`, by the figures that hold since `since`, and all that was seen on the way."""
        before, self.inexact = self.inexact, False
        try:
            (unpaid, due, hours, paid, housing, needed), ranks, refining = self._apart(lambda: self._work_out(since, a, b, high, barred))
            return Amounts(unpaid, due, hours, paid, housing, ranks, refining, self.inexact, needed)
        finally:
            self.inexact = before

    def _work_out(
        self, since: date, a: date, b: date, high: bool, barred: bool
    ) -> tuple[Value, Value, Decimal, Decimal | None, Value, Confidence]:
        """(unpaid, due, hours, paid, housing, needed). Housing counts as pay, and arrears are uprated, only against the legal rate."""
        days = (b - a).days + 1
        hours, weeks = self._piece_hours(a, b, high)
        counted = self.counted_hours(since, hours, weeks, high)
        rate = self.rate(since, high)
        legal = self.legal_due(rate, since, hours, weeks, counted, high)
        promised = self.promised_due(a, hours, counted, days, high)
        paid = self._paid(a, b, hours, days, high)
        housing = self._housing(since, days, high)
        if self.rule.credits:
            housing = quantity.add([housing, self._credits(since, days, legal, high)])
        by_law = _unpaid(legal, paid, housing)
        unpaid = quantity.better([by_law if barred else self._uprated(by_law, since, high), *(_unpaid(p, paid, NOTHING) for p in promised)])
        due = quantity.better([legal, *promised])
        needed = self.needed(since, rate) if unpaid.state == due.state == "known" and not promised else Confidence.official
        return unpaid, due, hours, paid, housing, needed

    def _add_piece(self, a: date, b: date, found: Amounts, ledger: Ledger, barred: bool) -> None:
        self.ctx.ranks_seen |= found.ranks
        self.refining |= found.refining
        self.inexact |= found.inexact
        if self.ctx.trace is not None:
            self.ctx.note(
                f"{a.isoformat()}..{b.isoformat()}",
                "back_pay",
                {"days": (b - a).days + 1, "hours": found.hours, "due": found.due, "paid": found.paid, "housing": found.housing},
                found.unpaid,
            )
        if barred:
            ledger.barred.append(found.unpaid)
            return
        ledger.needed = found.needed if ledger.needed is None else min(ledger.needed, found.needed)
        ledger.due.append(found.due)
        ledger.pieces.append(Piece(a, b, found.unpaid, found.due))

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
        return quantity.not_below_zero(quantity.minus(unpaid, quantity.exactly(total)))

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
    taken = [quantity.exactly(paid)] if housing is NOTHING else [quantity.exactly(paid), housing]
    left = quantity.minus(due, *taken)
    return quantity.not_below_zero(left) if left.state == "known" else left
