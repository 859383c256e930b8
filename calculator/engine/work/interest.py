"""Interest by law: on each unpaid instalment of a pay rule, or on one sum; simple or compounded every year.

    {interest: work, rate: [{param: base}, 5], from: due, grace_months: 1, until: date, compound: yearly, fixed: true}
    {interest_on: a, rate: [{param: legal}], from: date, until: date, compound: yearly}

Rates are per cent a year and are added; days count over 365. `from` is `due` (each instalment from its own due day: the end
of its month, `grace_months` later) or a date. `fixed` keeps the rate of the first day (AT: ASGG 49a). `compound: yearly` adds
a year's interest to the sum on each anniversary (NL: BW 6:119).
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from calculator import quantity
from calculator.case.values import read_decimal
from calculator.dates import add_years
from calculator.engine.figures import units
from calculator.engine.figures.parameters import DatedParameter
from calculator.engine.language.expressions import Compiled, compile_day, compile_value, operation
from calculator.engine.language.needs import Looks
from calculator.engine.language.run import Context
from calculator.engine.language.scope import Scope
from calculator.engine.operations.lookups import note_found, parameter_of
from calculator.engine.work.back_pay import back_pay
from calculator.engine.work.instalments import due_day, instalments, over_ways
from calculator.engine.work.ledger import Piece
from calculator.engine.work.pay_rule import named_pay_rule
from calculator.quantity import NOTHING, ZERO, Value, absent, carry, unknown

ONE = quantity.exactly(Decimal(1))


class Terms:
    """The rates of an interest rule and how they run, compiled."""

    def __init__(self, whole: dict[str, Any], scope: Scope) -> None:
        raw = whole.get("rate")
        if not isinstance(raw, list) or not raw:
            raise scope.fault("Interest needs a rate.", "Write rate: [{{param: id}}], in per cent a year; several are added.")
        self.rates: list[DatedParameter | Value] = [self._rate(r, scope.inside("rate").inside(i)) for i, r in enumerate(raw)]
        self.compound = whole.get("compound") == "yearly"
        if "compound" in whole and not self.compound:
            raise scope.inside("compound").unknown_name("way to compound", whole["compound"], ["yearly"])
        self.fixed = bool(whole.get("fixed", False))
        self.until = compile_day(whole["until"], scope.inside("until")) if "until" in whole else None

    @staticmethod
    def _rate(raw: Any, scope: Scope) -> DatedParameter | Value:
        if isinstance(raw, dict):
            raw = raw.get("param")
        if isinstance(raw, str) and not raw[:1].isdigit():
            return parameter_of(raw, scope)
        try:
            figure = read_decimal(raw)
        except ValueError as error:
            raise scope.fault("This is not a rate: {found}.", "Write {{param: id}} or per cent a year.", found=raw) from error
        return quantity.exactly(figure)

    def end(self, ctx: Context) -> date:
        day = self.until(ctx).day if self.until is not None else None
        return min(ctx.on, day.latest) if day is not None else ctx.on


@operation("interest", looks=Looks.CASE)
def _interest(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Interest on each unpaid instalment of a pay rule."""
    rule = named_pay_rule(raw, scope)
    terms = Terms(whole, scope)
    fixed = None if whole.get("from", "due") == "due" else compile_day(whole["from"], scope.inside("from"))
    grace = int(whole.get("grace_months", 0))

    def evaluate(ctx: Context) -> Value:
        claim = back_pay(ctx, rule)
        if not claim.unpaid.known:
            return carry(Value(state=claim.unpaid.state), [claim.unpaid])
        begin: date | None = None
        if fixed is not None:
            moment = fixed(ctx)
            if moment.day is None:
                return absent(*moment.missing) if moment.missing else unknown("interest_start")
            begin = moment.day.latest
        growth = Growth(ctx, terms)

        def on(pieces: list[Piece]) -> Value:
            parts: list[Value] = []
            for worked, unpaid in instalments(pieces):
                due = due_day(worked, grace)
                first = max(due + timedelta(days=1), begin or due)
                parts.append(quantity.times([unpaid, growth.since(first)]) if unpaid.state == "known" else unpaid)
            return quantity.add(parts) if parts else NOTHING

        return over_ways([on(pieces) for pieces in claim.pieces])

    return Compiled(evaluate, units.unit(scope.currency))


@operation("interest_on", looks=Looks.OPERANDS)
def _interest_on(raw: Any, whole: dict[str, Any], scope: Scope) -> Compiled:
    """Interest on one sum from a day."""
    amount = compile_value(raw, scope)
    terms = Terms(whole, scope)
    if "from" not in whole:
        raise scope.fault("Interest on a sum needs its first day.", "Add from: a date.")
    start = compile_day(whole["from"], scope.inside("from"))

    def evaluate(ctx: Context) -> Value:
        moment = start(ctx)
        if moment.day is None:
            return absent(*moment.missing) if moment.missing else unknown("interest_start")
        growth = Growth(ctx, terms)
        late = growth.since(moment.day.latest)
        factor = late if moment.day.exact else quantity.hull([late, growth.since(moment.day.earliest)])
        return quantity.times([amount.evaluate(ctx), factor])

    return Compiled(evaluate, amount.unit)


class Growth:
    """Interest on one unit of money from a day to the last day; each stretch of one rate is looked up once."""

    def __init__(self, ctx: Context, terms: Terms) -> None:
        self.ctx, self.terms = ctx, terms
        self.end = terms.end(ctx)
        self._found: dict[date, Value] = {}
        #: By the number of changes before.
        self._percents: dict[int, Value] = {}
        parameters = [r for r in terms.rates if isinstance(r, DatedParameter)]
        self._changes = sorted({d for p in parameters for d in p.changes_between(date.min, ctx.on)})
        self._edges = [] if terms.fixed else self._changes

    def since(self, first: date) -> Value:
        """Interest on 1 from `first` to the end."""
        if first >= self.end:
            return NOTHING
        if first not in self._found:
            self._found[first] = self._compounded(first) if self.terms.compound else self._to_the_end(first)
        return self._found[first]

    def _to_the_end(self, first: date) -> Value:
        """Simple interest: up to the next change, and what every day before it gains from there on."""
        place = bisect_right(self._edges, first)
        change = self._edges[place] if place < len(self._edges) else self.end
        if change >= self.end:
            return self._gained(first, self.end, first)
        return quantity.add([self._gained(first, change, first), self.since(change)])

    def _compounded(self, first: date) -> Value:
        factors, year = [], 0
        while (begin := add_years(first, year)) < self.end:
            gained = self._simple(begin, min(add_years(first, year + 1), self.end), first)
            if not gained.known:
                return gained
            factors.append(quantity.add([ONE, gained]))
            year += 1
        return quantity.minus(quantity.times(factors), ONE)

    def _simple(self, start: date, end: date, first: date) -> Value:
        days = [start, *(d for d in self._edges if start < d < end), end]
        return quantity.add([self._gained(a, b, first) for a, b in zip(days, days[1:], strict=False)])

    def _gained(self, start: date, end: date, first: date) -> Value:
        """Interest at one rate: that of the start, or, where it is fixed, of the first day."""
        percent = self._percent(first if self.terms.fixed else start)
        return quantity.times([percent, quantity.exactly(Decimal((end - start).days) / 36500)]) if percent.known else percent

    def _percent(self, day: date) -> Value:
        stretch = bisect_right(self._changes, day)
        if stretch not in self._percents:
            figures = []
            for rate in self.terms.rates:
                if isinstance(rate, Value):
                    figures.append(rate)
                    continue
                found = rate.look_up(day, self.ctx.on, self.ctx.least_sure)
                note_found(self.ctx, rate, found, "interest")
                figures.append(found.value)
            self._percents[stretch] = quantity.lift(lambda xs: sum(xs, ZERO), figures)
        return self._percents[stretch]


__all__ = ["Growth", "Terms"]
