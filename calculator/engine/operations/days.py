"""Days the law counts from: facts, periods added, ends of months and years, the later or earlier of two.

act.end                                             a date fact
on | application | decision                         the day of the estimate, of this route's claim, of its decision
{plus: {date: act.end, years: 3, months: 0, working_days: 0}}        {minus: {...}}; each a number or a value
{first_of_month: ...} {end_of_month: ...} {end_of_year: ...}
{later_of: [a, b]} {earlier_of: [a, b]}             {first_known: [a, b]}
{birthday: 21}                                      {extended_by_prevention: ...}
{midpoint: [a, b]}                                  {suspended: {date: a, from: b, to: c}}
{if: condition, then: a, else: b}                   a name under the route's `dates`
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from calculator.case.values import Unsaid
from calculator.dates import (
    DateRange,
    add_months,
    add_working_days,
    birthday,
    end_of_month,
    end_of_year,
    first_of_month,
    on_day,
    shift,
)
from calculator.engine.language.expressions import compile_condition, compile_day, compile_value, day
from calculator.engine.language.named_days import Find, day_of_fact, mapped
from calculator.engine.language.needs import Looks
from calculator.engine.language.run import NO_FACTS, Context, Day
from calculator.engine.language.scope import Scope
from calculator.engine.language.tried import recorded
from calculator.quantity import Value

_MAPS: dict[str, Callable[[date], date]] = {
    "first_of_month": first_of_month,
    "end_of_month": end_of_month,
    "end_of_year": end_of_year,
}


def _plus(raw: Any, scope: Scope, sign: int) -> Find:
    if not isinstance(raw, dict) or "date" not in raw:
        raise scope.fault("A period is added to a date.", "Write for example {{plus: {{date: act.end, years: 3}}}}.")
    inner = compile_day(raw["date"], scope.inside("date"))
    fixed = Period()
    worked_out: list[tuple[str, Callable[[Context], Value]]] = []
    for key in ("years", "months", "weeks", "days", "working_days"):
        if key in raw:
            if isinstance(raw[key], int):
                fixed = fixed.longer(key, sign * raw[key])
            else:
                worked_out.append((key, _at_face_value(compile_value(_on_its_day(raw[key]), scope.inside(key)).evaluate)))
    if not worked_out:
        return lambda ctx: mapped(inner(ctx), fixed.after)

    def find(ctx: Context) -> Day:
        moment = inner(ctx)
        if moment.day is None:
            return moment
        shortest = longest = fixed
        missing = moment.missing
        for key, at_face_value in worked_out:
            figure = ctx.on_day(moment.day.earliest, at_face_value)
            if figure.state != "known" or figure.high is None:
                return Day(None, moment.missing | figure.missing)
            missing |= figure.missing
            low, high = sorted((sign * int(figure.low), sign * int(figure.high)))
            same = low == high and shortest is longest
            shortest = shortest.longer(key, low)
            longest = shortest if same else longest.longer(key, high)
        first = shortest.after(moment.day.earliest)
        exact = shortest is longest and moment.day.exact
        return Day(DateRange(first, first if exact else longest.after(moment.day.latest)), missing)

    return find


def _at_face_value(evaluate: Callable[[Context], Value]) -> Callable[[Context], Value]:
    return lambda ctx: ctx.at_face_value(evaluate)


class Period(NamedTuple):
    """A length of time by the calendar; below zero it goes back. `working_days` None = none are counted."""

    months: int = 0
    days: int = 0
    working_days: int | None = None

    def longer(self, unit: str, count: int) -> Period:
        """So many years, months, weeks, days or working days more."""
        months, days, working_days = self
        if unit == "working_days":
            return Period(months, days, count)
        if unit in ("years", "months"):
            return Period(months + count * (12 if unit == "years" else 1), days, working_days)
        return Period(months, days + count * (7 if unit == "weeks" else 1), working_days)

    def after(self, day: date) -> date:
        """The day at the end of the period that begins on `day`."""
        moved = add_months(day, self.months) if self.months else day
        if self.days:
            moved += timedelta(days=self.days)
        return moved if self.working_days is None else add_working_days(moved, self.working_days)


def _on_its_day(raw: Any) -> Any:
    """A period given as a figure is the one that held on the day it counts from, unless the pack says another."""
    return {"at": "each_day", **raw} if isinstance(raw, dict) and "param" in raw else raw


def _later(parts: list[Find]) -> Find:
    def find(ctx: Context) -> Day:
        found = [part(ctx) for part in parts]
        missing = NO_FACTS.union(*(m.missing for m in found))
        days = [m.day for m in found if m.day is not None]
        if len(days) < len(found):
            return Day(None, missing)
        return Day(DateRange(max(d.earliest for d in days), max(d.latest for d in days)), missing)

    return find


def _earlier(parts: list[Find]) -> Find:
    """The earlier of those known: a day that may come earlier still is the safe thing to say of a deadline."""

    def find(ctx: Context) -> Day:
        found = [part(ctx) for part in parts]
        missing = NO_FACTS.union(*(m.missing for m in found))
        days = [m.day for m in found if m.day is not None]
        if not days:
            return Day(None, missing)
        return Day(DateRange(min(d.earliest for d in days), min(d.latest for d in days)), missing)

    return find


def _first_known(parts: list[Find]) -> Find:
    def find(ctx: Context) -> Day:
        missing = NO_FACTS
        for part in parts:
            moment = part(ctx)
            if moment.day is not None:
                return moment
            missing |= moment.missing
        return Day(None, missing)

    return find


def _midpoint(parts: list[Find]) -> Find:
    """The day half way between the first and the last of two dates."""

    def find(ctx: Context) -> Day:
        found = [part(ctx) for part in parts]
        days = [m.day for m in found if m.day is not None]
        if len(days) < len(found):
            return Day(None, NO_FACTS.union(*(m.missing for m in found)))
        first, last = days[0], days[-1]
        return Day(DateRange(first.earliest + (last.earliest - first.earliest) / 2, first.latest + (last.latest - first.latest) / 2))

    return find


_SEVERAL: dict[str, Callable[[list[Find]], Find]] = {
    "later_of": _later,
    "earlier_of": _earlier,
    "first_known": _first_known,
    "midpoint": _midpoint,
}


def _suspended(raw: Any, scope: Scope) -> Find:
    """A deadline that stands still between two days. Without the first nothing stood still; while the second is not
    known it still stands still, so the days up to the estimate are added."""
    if not isinstance(raw, dict) or not {"date", "from"} <= set(raw):
        raise scope.fault("A time limit stands still between two days.", "Write {{suspended: {{date: limit, from: a, to: b}}}}.")
    inner = compile_day(raw["date"], scope.inside("date"))
    start = compile_day(raw["from"], scope.inside("from"))
    end = compile_day(raw["to"], scope.inside("to")) if "to" in raw else None

    def find(ctx: Context) -> Day:
        deadline, begun = inner(ctx), start(ctx).day
        if deadline.day is None or begun is None:
            return deadline
        ended = end(ctx).day if end is not None else None
        last = (ended or on_day(ctx.on)).earliest
        # A deadline that had passed before it could stand still is not brought back.
        return mapped(deadline, lambda day: day if day < begun.latest else shift(day, days=max(0, (last - begun.latest).days)))

    return find


def _birthday(raw: dict[str, Any], scope: Scope) -> Find:
    age = int(raw["birthday"])
    scope.needs.read(["person.birth_year"])

    def find(ctx: Context) -> Day:
        moment = day_of_fact(ctx, "person.birth_year")
        return mapped(moment, lambda day: birthday(day, age))

    return find


def _extended(inner: Find) -> Find:
    """A deadline later by every day on which the person could not act (`procedure.prevented`)."""

    def find(ctx: Context) -> Day:
        moment = inner(ctx)
        prevented = ctx.facts.case.procedure.prevented
        if moment.day is None or not isinstance(prevented, list):
            return moment
        days = 0
        for period in prevented:
            start, end = period.from_, period.to
            if isinstance(start, DateRange) and isinstance(end, DateRange) and not isinstance(start, Unsaid):
                days += (end.latest - start.earliest).days + 1
        return mapped(moment, lambda day: shift(day, days=days))

    return find


def _choice(raw: dict[str, Any], scope: Scope) -> Find:
    test = recorded(compile_condition(raw["if"], scope.inside("if")), scope.inside("if"), raw["if"])
    yes = compile_day(raw.get("then"), scope.inside("then"))
    no = compile_day(raw.get("else"), scope.inside("else"))

    def find(ctx: Context) -> Day:
        truth = test(ctx)
        if truth.value is not None:
            return yes(ctx) if truth.value else no(ctx)
        a, b = yes(ctx), no(ctx)
        if a.day is None or b.day is None:
            return Day(None, truth.missing | a.missing | b.missing)
        return Day(DateRange(min(a.day.earliest, b.day.earliest), max(a.day.latest, b.day.latest)), truth.missing)

    return find


def _of_one(function: Callable[[date], date], word: str) -> Callable[[dict[str, Any], Scope], Find]:
    def compiler(raw: dict[str, Any], scope: Scope) -> Find:
        inner = compile_day(raw[word], scope.inside(word))
        return lambda ctx: mapped(inner(ctx), function)

    return compiler


def _of_several(combine: Callable[[list[Find]], Find], word: str) -> Callable[[dict[str, Any], Scope], Find]:
    def compiler(raw: dict[str, Any], scope: Scope) -> Find:
        return combine([compile_day(part, scope.inside(word).inside(i)) for i, part in enumerate(raw[word])])

    return compiler


day("if", looks=Looks.OPERANDS)(_choice)
day("plus", looks=Looks.OPERANDS)(lambda raw, scope: _plus(raw["plus"], scope.inside("plus"), 1))
day("minus", looks=Looks.OPERANDS)(lambda raw, scope: _plus(raw["minus"], scope.inside("minus"), -1))
for _word, _function in _MAPS.items():
    day(_word, looks=Looks.OPERANDS)(_of_one(_function, _word))
for _word, _combine in _SEVERAL.items():
    day(_word, looks=Looks.OPERANDS)(_of_several(_combine, _word))
day("suspended", looks=Looks.OPERANDS)(lambda raw, scope: _suspended(raw["suspended"], scope.inside("suspended")))
day("birthday", looks=Looks.OPERANDS)(_birthday)
day("extended_by_prevention", looks=Looks.CASE)(
    lambda raw, scope: _extended(compile_day(raw["extended_by_prevention"], scope.inside("extended_by_prevention")))
)
