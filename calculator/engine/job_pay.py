"""What one job should have been paid and was paid, for a stretch of days in which nothing changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from calculator import quantity
from calculator.case.model import Pay
from calculator.case.values import NumberRange, Unsaid
from calculator.dates import DateRange, days_in_month, on_day
from calculator.engine.job_facts import SEVEN, JobFacts
from calculator.engine.lookups import Key, age_key, note_found
from calculator.engine.parameters import DatedParameter
from calculator.quantity import NOTHING, ZERO, Value, carry, unknown


class JobPay(JobFacts):
    """Due by law, due by promise, received, housing, and arrears at a later rate."""

    _bands: list[tuple[Value, Value]] | None = None

    def _paid_hours(self, hours: Decimal, weeks: Decimal) -> Value:
        """Hours with overtime counted at its factor: weekly bands, in proportion to the weeks worked."""
        if not self.overtime or weeks <= 0 or isinstance(self.job.hours_total, NumberRange):
            return Value(low=hours, high=hours)
        per_week = hours / weeks
        parts = []
        if self._bands is None:
            self._bands = [(band.over(self.ctx), band.factor(self.ctx)) for band in self.overtime]
        limits = self._bands
        floor, factor = ZERO, Value(low=Decimal(1), high=Decimal(1))
        for over, next_factor in [*limits, (None, None)]:
            ceiling = per_week if over is None or not over.known else min(per_week, over.low)
            if ceiling > floor:
                width = (ceiling - floor) * weeks
                parts.append(quantity.times([Value(low=width, high=width), factor]))
                floor = ceiling
            if over is None or next_factor is None:
                break
            factor = next_factor
        return quantity.add(parts) if parts else NOTHING

    def _rate(self, day: date) -> Value:
        """The best of the rates that hold on a day, by age where the law goes by age."""
        values = []
        for rate in self.plan.rates:
            if not rate.test.fits(self.job):
                if rate.test.employer_kind and self.job.employer_kind is None:
                    self.refining.add(f"{self.prefix}.employer_kind")
                continue
            values.append(self._figure(rate.parameter, day, "rate"))
        if not values:
            return unknown("no_rate")
        best = quantity.greatest(values) if len(values) > 1 else values[0]
        if self.plan.factor is None:
            return best
        if self.plan.factor_unless is not None:
            truth = self.plan.factor_unless(self.ctx)
            if truth.value:
                return best
        return quantity.times([best, self._figure(self.plan.factor, day, "factor")])

    def _figure(self, parameter: DatedParameter, day: date, op: str) -> Value:
        key: Key = age_key(self.ctx, on_day(day))[0] if parameter.by == "age" else None
        found = parameter.look_up(day, self.ctx.on, self.ctx.limit, key)
        note_found(self.ctx, parameter, found, op)
        return found.value

    def _end(self, value: Value, high: bool) -> Value:
        """One end of a rate range, so that a scenario works with one number."""
        if not value.known or value.exact:
            return value
        end = value.high if high and value.high is not None else value.low
        return carry(Value(low=end, high=end), [value])

    def legal_due(self, a: date, hours: Decimal, weeks: Decimal, high: bool) -> Value:
        """Pay due by the legal rates for a stretch."""
        rate = self._end(self._rate(a), high)
        return quantity.times([rate, self._paid_hours(hours, weeks)]) if rate.known else rate

    def promised_due(self, a: date, hours: Decimal, weeks: Decimal, days: int, high: bool) -> list[Value]:
        """Pay due by what was promised or is usual for such work, where the pack counts it."""
        if not self.plan.agreed:
            return []
        paid_hours = self._paid_hours(hours, weeks)
        found = [self._promised(pay, a, hours, paid_hours, days, high) for pay in (self.job.agreed, self.job.usual_wage)]
        return [value for value in found if value is not None]

    def due(self, a: date, hours: Decimal, weeks: Decimal, days: int, high: bool) -> Value:
        """Pay due for a stretch: the best of the legal rate, the promised and the usual pay."""
        return quantity.greatest([self.legal_due(a, hours, weeks, high), *self.promised_due(a, hours, weeks, days, high)])

    def _promised(self, pay: Any, a: date, hours: Decimal, paid_hours: Value, days: int, high: bool) -> Value | None:
        if not isinstance(pay, Pay) or not isinstance(pay.amount, NumberRange):
            return None
        amount = pay.amount.high if high else pay.amount.low
        if pay.per == "hour":
            return quantity.times([Value(low=amount, high=amount), paid_hours])
        money = self._periodic(amount, pay.per, a, hours, days, high)
        return None if money is None else Value(low=money, high=money)

    def _periodic(self, amount: Decimal, per: str | None, a: date, hours: Decimal, days: int,
                  most: bool) -> Decimal | None:
        if per == "hour":
            return amount * hours
        if per == "day":
            known = self.job.days_per_week
            week = (known.high if most else known.low) if isinstance(known, NumberRange) else (SEVEN if most else Decimal(1))
            if known is None:
                self.refining.add(f"{self.prefix}.days_per_week")
            return amount * week * days / SEVEN
        if per == "week":
            return amount * days / SEVEN
        if per == "month":
            return amount * days / Decimal(days_in_month(a))
        return None

    def _paid(self, a: date, b: date, hours: Decimal, days: int, high: bool) -> Decimal | None:
        """Periodic pay received in the stretch; None = it may have been anything."""
        if not isinstance(self.job.paid, list):
            return ZERO if high else None
        total = ZERO
        for pay in self.job.paid:
            if pay.per in (None, "total") or not _holds(pay, a, b):
                continue
            if not isinstance(pay.amount, NumberRange):
                if not high:
                    return None
                continue
            amount = pay.amount.low if high else pay.amount.high
            total += self._periodic(amount, pay.per, a, hours, days, not high) or ZERO
        return total

    def _housing(self, a: date, days: int, high: bool) -> Value:
        """The housing amount that counts as pay: the whole offset when housing was free, what is left of it when a
        charge was below or above it (a charge above takes pay away)."""
        home = self.job.accommodation
        if self.plan.offset is None:
            return NOTHING
        if home is None:
            self.refining.add(f"{self.prefix}.accommodation.nights_per_week")
            return NOTHING
        if isinstance(home, Unsaid) or home.provided is not True:
            return NOTHING
        offset = self._figure(self.plan.offset, a, "offset")
        nights = home.nights_per_week if isinstance(home.nights_per_week, NumberRange) else NumberRange(
            SEVEN if home.nights_per_week is None else ZERO, SEVEN)
        count = (nights.low if high else nights.high) * days / SEVEN
        if not offset.known:
            return offset
        charge = _nightly(home.charged)
        counted = offset.low if charge is None or charge == 0 else (ZERO if charge < offset.low else offset.low - charge)
        amount = counted * count
        return carry(Value(low=amount, high=amount), [offset])

    def _uprated(self, unpaid: Value, day: date, high: bool) -> Value:
        """Arrears at the rate of the day of the decision where it is higher (arrears / then x now)."""
        if self.plan.uprate is None or self.plan.uprate_at is None or not unpaid.known or unpaid.low == 0 == unpaid.high:
            return unpaid
        moment = self.plan.uprate_at(self.ctx)
        if moment.day is None:
            return unpaid
        key = age_key(self.ctx, on_day(day))[0]
        then = self._figure(self.plan.uprate, day, "rate")
        now = self.plan.uprate.over(moment.day, self.ctx.on, self.ctx.limit, key)
        note_found(self.ctx, self.plan.uprate, now, "uprate")
        if not (then.known and now.value.known) or then.low <= 0:
            return unpaid
        # Both rates are those of one age: with the age open, the same end of each range.
        later = quantity.times([unpaid, quantity.divide(self._end(now.value, high), self._end(then, high))])
        return quantity.greatest([unpaid, later])


def _holds(pay: Pay, a: date, b: date) -> bool:
    after = not isinstance(pay.from_, DateRange) or b >= pay.from_.earliest
    before = not isinstance(pay.to, DateRange) or a <= pay.to.latest
    return after and before


def _nightly(charged: Any) -> Decimal | None:
    """A charge for housing per night; None = none said."""
    if not isinstance(charged, Pay) or not isinstance(charged.amount, NumberRange):
        return None
    divisor = {"week": SEVEN, "month": Decimal(365) / 12}.get(charged.per or "day", Decimal(1))
    return charged.amount.high / divisor
