"""What one job should have been paid and was paid, for a stretch of days in which nothing changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from calculator import quantity
from calculator.case.model import Pay
from calculator.case.values import NumberRange
from calculator.dates import days_in_month, on_day
from calculator.engine.facts.job_time import SEVEN, span_hours, span_minutes
from calculator.engine.operations.lookups import age_key, note_found
from calculator.engine.work.board import JobBoard
from calculator.engine.work.pay_rule import Overtime, Premium, Rate
from calculator.quantity import NOTHING, ZERO, Confidence, Value, absent, carry, unknown


class JobPay(JobBoard):
    """Due by law, due by promise, received, and arrears at a later rate."""

    def _paid_hours(self, a: date, hours: Decimal, weeks: Decimal, high: bool) -> Value:
        """Hours with overtime counted at its factor, in proportion to the weeks worked."""
        if weeks <= 0 or isinstance(self.job.hours_total, NumberRange):
            return quantity.exactly(hours)
        if not any(self.overtimes):
            return quantity.exactly(hours)
        if self.hours is not None and hours == (said := self.hours.high if high else self.hours.low) * weeks:
            # No week differs from another.
            week = self._once((("week", high), a), lambda: self._with_any_overtime(a, said, Decimal(1), high))
            return quantity.times([week, quantity.exactly(weeks)])
        return self._with_any_overtime(a, hours, weeks, high)

    def _with_any_overtime(self, a: date, hours: Decimal, weeks: Decimal, high: bool) -> Value:
        """By the overtime rule of the job; where several may be it, by the better or the worse one."""
        options = [self._with_overtime(a, hours, weeks, bands, high) if bands else quantity.exactly(hours) for bands in self.overtimes]
        return options[0] if len(options) == 1 else (quantity.greatest(options) if high else quantity.least(options))

    def _with_overtime(self, a: date, hours: Decimal, weeks: Decimal, bands: tuple[Overtime, ...], high: bool) -> Value:
        """Hours beyond a daily limit count first; the weekly limit then looks at the others, so none counts twice."""
        limits = [(self._on(a, band.over), self._on(a, band.factor), band.daily) for band in bands]
        per_week = hours / weeks
        weekly = [(over, factor) for over, factor, daily in limits if not daily]
        daily = [(over, factor) for over, factor, daily in limits if daily]
        parts: list[Value] = []
        left = per_week
        if daily:
            for day in self._day_hours(per_week, high):
                beyond = _banded(day, daily)
                parts.extend(_weighed(beyond[1:], weeks))
                left -= sum((width for width, _ in beyond[1:]), ZERO)
        parts.extend(_weighed(_banded(left, weekly), weeks))
        return quantity.add(parts) if parts else NOTHING

    def _day_hours(self, per_week: Decimal, high: bool) -> list[Decimal]:
        """Hours of each day of a week: as the pattern says, else spread evenly over the days worked."""
        if isinstance(self.job.pattern, dict):
            days = [sum((span_hours(s) for s in spans), ZERO) for spans in self.job.pattern.values()]
            total = sum(days, ZERO)
            return [d * per_week / total for d in days] if total else []
        count = self._days_a_week(per_week, not high)
        whole = int(count)
        rest = count - whole
        each = per_week / count
        return [each] * whole + ([each * rest] if rest else [])

    def _days_a_week(self, per_week: Decimal, most: bool) -> Decimal:
        """Days worked in a week; when nobody asked, seven, so that no long day is promised."""
        known = self.job.days_per_week
        if isinstance(known, NumberRange):
            return max(known.high if most else known.low, per_week / 24) or SEVEN
        if known is None:
            self.refining.add(f"{self.prefix}.days_per_week")
            return SEVEN
        return SEVEN if most else max(Decimal(1), per_week / 24)

    def _premium_hours(self, a: date, hours: Decimal, weeks: Decimal, high: bool) -> Value:
        """What premiums add, as hours at the plain rate."""
        parts = [NOTHING]
        per_week = hours / weeks
        for premium, sure in self.premiums:
            if not sure and not high:
                continue
            if premium.kind == "spread":
                assert premium.over is not None and premium.hours is not None
                over = self._on(a, premium.over)
                if not over.known:
                    parts.append(over)
                    continue
                long_days = sum(1 for length in self._spreads(per_week, high) if length > over.low) * weeks
                parts.append(quantity.times([quantity.exactly(long_days), self._on(a, premium.hours)]))
                continue
            assert premium.add is not None
            count = min(self._hours_of_kind(premium, per_week, high), per_week) * weeks
            parts.append(quantity.times([self._on(a, premium.add), quantity.exactly(count)]))
        return quantity.add(parts)

    def _spreads(self, per_week: Decimal, high: bool) -> list[Decimal]:
        """Hours from the first to the last of each day; without a pattern at least the hours worked."""
        if isinstance(self.job.pattern, dict):
            days = [[span_minutes(s) for s in spans] for spans in self.job.pattern.values() if spans]
            return [Decimal(max(e for _, e in spans) - min(s for s, _ in spans)) / 60 for spans in days]
        return self._day_hours(per_week, high)

    def _hours_of_kind(self, premium: Premium, per_week: Decimal, high: bool) -> Decimal:
        """Hours a week at night or on Sundays."""
        field = "night_hours_per_week" if premium.kind == "night" else "sunday_hours_per_week"
        said = getattr(self.job, field)
        if isinstance(said, NumberRange):
            return said.high if high else said.low
        if isinstance(self.job.pattern, dict):
            spans = [(at * 1440 + s, at * 1440 + e) for at, day in enumerate(_WEEK) for s, e in map(span_minutes, self.job.pattern.get(day, []))]
            return Decimal(sum(_overlap(s, e, premium) for s, e in spans)) / 60
        if said is None:
            self.refining.add(f"{self.prefix}.{field}")
            return ZERO
        return (per_week if premium.kind == "night" else Decimal(24)) if high else ZERO

    def _rate(self, day: date, high: bool) -> Value:
        return self._once(("high" if high else "low", day), lambda: self._rate_on(day, high))

    def _rate_on(self, day: date, high: bool) -> Value:
        """The best of the rates that hold on a day, by age where the law goes by age."""
        # A rate whose figures begin later or ended for good gives way to one that holds on the day.
        rates, maybe_rates = self.rates, self.maybe_rates
        if len(rates) + len(maybe_rates) > 1:
            holding = [[r for r in some if r.parameter.covers(day)] for some in (rates, maybe_rates)]
            rates, maybe_rates = holding if any(holding) else (rates, maybe_rates)
        sure = [self._one_rate(rate, day) for rate in rates]
        maybe = [self._one_rate(rate, day) for rate in maybe_rates]
        if not self.rule.rates:
            # Without a rate by law only a promise counts.
            return NOTHING
        if not sure and not maybe:
            return absent(*self.unasked_for_rates) if self.unasked_for_rates else unknown("no_rate")
        if maybe and (high or not sure):
            values = [*sure, *maybe]
            best = quantity.greatest(values) if high else quantity.least(values)
        else:
            best = quantity.greatest(sure) if len(sure) > 1 else sure[0]
        lower = [self._one_rate(rate, day) for rate in maybe_rates if rate.instead]
        if lower and not high:
            best = quantity.least([best, *lower])
        if self.rule.factor is not None and self._factor_holds(day, high):
            truth = self.rule.factor_unless(self.ctx) if self.rule.factor_unless else None
            if truth is None or not truth.value:
                best = quantity.times([best, self._figure(self.rule.factor, day, "factor")])
        if self.rule.round_rate is not None and best.known:
            best = quantity.rounded(best, self.rule.round_rate, "half_up")
        return best

    def needed(self, day: date, rate: Value) -> Confidence:
        """How sure a pass has to let figures be to know the legal rate of a day; of several rates the surer may stand alone."""
        rates = (*self.rates, *self.maybe_rates)
        if not rate.rank or len(rates) > 1 and sum(r.parameter.covers(day) for r in rates) != 1:
            return Confidence.official
        return rate.rank

    def rate(self, day: date, high: bool) -> Value:
        """The legal rate of a day, as one number."""
        return self._end(self._rate(day, high), high)

    def _factor_holds(self, day: date, high: bool) -> bool:
        """Whether the factor still holds; with its last day uncertain the highest claim goes without it sooner."""
        until = self.factor_until
        return until is None or day < (until.earliest if high else until.latest)

    def _one_rate(self, rate: Rate, day: date) -> Value:
        figure = self._figure(rate.parameter, day, "rate")
        return figure if rate.hours is None else quantity.divide(figure, self._on(day, rate.hours))

    def counted_hours(self, day: date, hours: Decimal, weeks: Decimal, high: bool) -> Value:
        """Hours with overtime counted at its factor, by the limits of `day`. Without the weeks of a month, hours by the month
        are not known either; a promise by the month still is."""
        if self.weeks is not None and not self.weeks.known:
            return self.weeks
        counted = self._end(self._paid_hours(day, hours, weeks, high), high)
        return counted if self.weeks is None else carry(counted, [self.weeks])

    def legal_due(self, rate: Value, day: date, hours: Decimal, weeks: Decimal, counted: Value, high: bool) -> Value:
        """Pay due by the legal `rate` of `day` for the counted hours, and for premiums."""
        if rate.state != "known":
            return rate
        if self.premiums:
            counted = quantity.add([counted, self._end(self._premium_hours(day, hours, weeks, high), high)])
        return quantity.times([rate, counted])

    def promised_due(self, a: date, hours: Decimal, counted: Value, days: int, high: bool) -> list[Value]:
        """Pay due by what was promised or is usual for such work, where the pack counts it."""
        if not self.rule.agreed:
            return []
        found = [self._promised(pay, a, hours, counted, days, high) for pay in (self.job.agreed, self.job.usual_wage)]
        return [value for value in found if value is not None]

    def due(self, a: date, hours: Decimal, weeks: Decimal, days: int, high: bool) -> Value:
        """Pay due for a stretch: the best of the legal rate, the promised and the usual pay. A legal rate that waits for a
        fact leaves the promise standing."""
        counted = self._end(self._paid_hours(a, hours, weeks, high), high)
        return quantity.better(
            [self.legal_due(self.rate(a, high), a, hours, weeks, counted, high), *self.promised_due(a, hours, counted, days, high)]
        )

    def _promised(self, pay: Any, a: date, hours: Decimal, paid_hours: Value, days: int, high: bool) -> Value | None:
        if not isinstance(pay, Pay) or not isinstance(pay.amount, NumberRange):
            return None
        amount = pay.amount.high if high else pay.amount.low
        if pay.per == "hour":
            return quantity.times([quantity.exactly(amount), paid_hours])
        money = self._periodic(amount, pay.per, a, hours, days, high)
        return None if money is None else quantity.exactly(money)

    def _periodic(self, amount: Decimal, per: str | None, a: date, hours: Decimal, days: int, most: bool) -> Decimal | None:
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
        for _, _, pay in self.times.paid.over(a, b):
            if not isinstance(pay.amount, NumberRange):
                if not high:
                    return None
                continue
            amount = pay.amount.low if high else pay.amount.high
            total += self._periodic(amount, pay.per, a, hours, days, not high) or ZERO
        return total

    def _uprated(self, unpaid: Value, day: date, high: bool) -> Value:
        """Arrears at the rate of the day of the decision where it is higher (arrears / then x now)."""
        if self.rule.uprate is None or self.rule.uprate_at is None or not unpaid.known or unpaid.low == 0 == unpaid.high:
            return unpaid
        moment = self.rule.uprate_at(self.ctx)
        if moment.day is None:
            return unpaid
        key = age_key(self.ctx, on_day(day))[0]
        then = self._figure(self.rule.uprate, day, "rate")
        now = self.rule.uprate.over(moment.day, self.ctx.on, self.ctx.least_sure, key)
        note_found(self.ctx, self.rule.uprate, now, "uprate")
        if not (then.known and now.value.known) or then.low <= 0:
            return unpaid
        # Both rates are those of one age: with the age open, the same end of each range.
        later = quantity.times([unpaid, quantity.divide(self._end(now.value, high), self._end(then, high))])
        return quantity.greatest([unpaid, later])


_Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEK: tuple[_Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _banded(hours: Decimal, limits: list[tuple[Value, Value]]) -> list[tuple[Decimal, Value]]:
    """(hours, factor) up to the first limit at 1, then between limits at their factors."""
    parts: list[tuple[Decimal, Value]] = []
    floor, factor = ZERO, quantity.exactly(Decimal(1))
    for over, following in limits:
        ceiling = min(hours, over.low) if over.known else hours
        parts.append((max(ZERO, ceiling - floor), factor))
        floor, factor = max(floor, ceiling), following
    parts.append((max(ZERO, hours - floor), factor))
    return parts


def _weighed(parts: list[tuple[Decimal, Value]], weeks: Decimal) -> list[Value]:
    return [quantity.times([Value(low=width * weeks, high=width * weeks), factor]) for width, factor in parts if width > 0]


def _overlap(start: int, end: int, premium: Premium) -> int:
    """Minutes of a span (from Monday 0:00) that lie at night or on a Sunday; a span of Sunday may pass into Monday."""
    if premium.kind == "sunday":
        return max(0, min(end, 7 * 1440) - max(start, 6 * 1440))
    assert premium.between is not None
    first, last = premium.between
    last = last if last > first else last + 1440
    return sum(max(0, min(end, day * 1440 + last) - max(start, day * 1440 + first)) for day in range(-1, 9))
