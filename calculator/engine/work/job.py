"""One job under one pay rule: made whole, or not at all."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from calculator import quantity
from calculator.case.model import Pay, Work
from calculator.case.values import NumberRange
from calculator.dates import DateRange, on_day
from calculator.engine.facts.job_time import Times, times
from calculator.engine.facts.readings import Facts
from calculator.engine.facts.spans import Spans
from calculator.engine.figures.parameters import DatedParameter
from calculator.engine.language.run import Context
from calculator.engine.operations.lookups import age_key
from calculator.engine.work.ends import HIGHEST, End
from calculator.engine.work.fitting import Fitting, fitting
from calculator.engine.work.pay_rule import PayRule
from calculator.engine.work.stretches import Cut
from calculator.quantity import Ranks, Value, absent, unknown


class LookedUp(NamedTuple):
    """What was found for a day: how sure its figures are, and which facts would narrow it."""

    value: Value
    ranks: Ranks
    asks: frozenset[str]


class Sum(NamedTuple):
    """Pay told as one sum, and the first and last day it is taken to be for."""

    pay: Pay
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Job:
    """What the case says of one job, with the parts of the pay rule that are for it."""

    rule: PayRule
    #: Jobs of one key and index come to the same, whichever route the rule belongs to: the rule's key, and which of several ways in
    #: which payments may have been meant.
    key: tuple[Hashable, ...]
    index: int
    said: Work
    times: Times
    #: Its first and last day, as far as they are known; nothing after the day of the estimate counts.
    start: DateRange
    end: DateRange
    latest: date
    #: Hours a week; None where only the hours of the whole job are known.
    hours: NumberRange | None
    fitting: Fitting
    birth: DateRange | None
    #: Until when the rule's factor holds.
    factor_until: DateRange | None
    dated: tuple[DatedParameter, ...]
    #: Ages at which another figure holds.
    ages: frozenset[int]
    #: Facts that would tell which rates and other parts are for the job.
    asks_for_rates: frozenset[str]
    asks: frozenset[str]
    #: Whether what the case says, or the law presumes, leaves the lowest and the highest claim apart. Figures that are ranges, as
    #: those of an age that is not known, show only when they are looked up.
    in_ranges: bool
    #: Payments told as one sum.
    sums: tuple[Sum, ...]
    #: Work that the law presumes is not that of the case, and shared with nobody.
    presumed: bool
    #: What `Rates` has looked up for this job: each figure of each day and confidence once.
    looked_up: dict[Hashable, LookedUp] = field(default_factory=dict)
    #: How the job was cut, by its first and last day and the time bar.
    cuts: dict[tuple[date, date, date | None], tuple[Cut, ...]] = field(default_factory=dict)
    #: At each end of the claim the sums by the days of work they are for: place, number of these days, amount (`lump_sums`).
    spread: dict[End, Spans[tuple[int, int, Any]]] = field(default_factory=dict)

    def path(self, name: str) -> str:
        """The path of a field of this job."""
        return f"work[{self.index}].{name}"

    def first_day(self, end: End) -> date:
        return self.start.earliest if end is HIGHEST else self.start.latest

    def last_day(self, end: End) -> date:
        return min(self.end.latest if end is HIGHEST else self.end.earliest, self.latest)

    def leaves_open(self, bar: DateRange | None) -> bool:
        """Whether the case, or the day of the time bar, leaves the lowest and the highest claim apart."""
        return self.in_ranges or (bar is not None and not bar.exact)

    @property
    def without_rate(self) -> bool:
        """Whether the rule has rates, but none for this job, and no promise counts in their place."""
        rule, fit = self.rule, self.fitting
        return bool(rule.rates) and not fit.rates and not fit.maybe_rates and not rule.agreed

    def stop(self, bar: DateRange | None) -> Value | None:
        """Without any rate nothing can be worked out for the days that can still be claimed; `bar` is the first of them."""
        if not self.without_rate or (bar is not None and self.latest < bar.earliest):
            return None
        found = absent(*self.asks_for_rates) if self.asks_for_rates else unknown("no_rate")
        return quantity.awaiting(found, self.asks)


def job_under(ctx: Context, rule: PayRule, index: int, said: Work, presumed: bool = False) -> Job | Value:
    """The job with the rules that are for it; or what stops it: a fact of it that was never asked, or was not said."""
    facts = ctx.facts
    found = times(said, facts) if presumed else _times_of_case(facts, index, said)
    needed = _needed(facts, index, said, found)
    if needed:
        return absent(*needed)
    start, end, hours = found[:3]
    if start is None or end is None or (hours is None and not isinstance(said.hours_total, NumberRange)):
        return unknown("unsaid")
    fit = fitting(rule, said, facts)
    until = rule.factor_until(ctx).day if rule.factor_until is not None else None
    dated = fit.dated(rule)
    ages = frozenset[int]().union(*(parameter.ages for parameter in dated))
    asks_for_rates = _paths(facts, index, fit.unasked_for_rates)
    exact_times = start.exact and end.exact and (until is None or until.exact) and (hours is None or hours.low == hours.high)
    return Job(
        rule=rule,
        key=rule.key(ctx),
        index=index,
        said=said,
        times=found,
        start=start,
        end=end,
        latest=max(start.earliest, min(end.latest, ctx.on)),
        hours=hours,
        fitting=fit,
        birth=facts.day("person.birth_year"),
        factor_until=until,
        dated=dated,
        ages=ages,
        asks_for_rates=asks_for_rates,
        asks=asks_for_rates | _paths(facts, index, fit.unasked) | _asks(ctx, rule, index, said, bool(ages)),
        in_ranges=presumed or not (exact_times and fit.sure and facts.exact(index, said)),
        sums=tuple(Sum(one.pay, *one.days(late_start=False, late_end=True)) for one in found.sums),
        presumed=presumed,
    )


def _times_of_case(facts: Facts, index: int, said: Work) -> Times:
    """When a job of the case was, found once."""
    known: Times | None = facts.job_times.get(index)
    if known is None:
        known = facts.job_times[index] = times(said, facts)
    return known


def first_day_of_work(facts: Facts) -> date | None:
    """The first day on which any job of the case may have begun, found once; None where no beginning is known."""
    if facts.first_work is None:
        starts = [_times_of_case(facts, index, said).start for index, said in facts.jobs]
        facts.first_work = (min((start.earliest for start in starts if start is not None), default=None),)
    return facts.first_work[0]


def _needed(facts: Facts, index: int, said: Work, found: Times) -> list[str]:
    """Facts without which nothing of the job can be worked out, and which were never asked."""
    needed = []
    alone = len(facts.jobs) == 1
    for name, day, told in (("start", found.start, said.start), ("end", found.end, said.end)):
        if day is None and told is None and not (alone and facts.read(f"act.{name}").presence == "unsaid"):
            needed.append(facts.read(f"act.{name}").path if alone else f"work[{index}].{name}")
    if said.paid is None:
        needed.append(f"work[{index}].paid")
    if found.hours is None and said.hours_total is None:
        needed.append(f"work[{index}].hours_per_week")
    return needed


def _asks(ctx: Context, rule: PayRule, index: int, said: Work, by_age: bool) -> frozenset[str]:
    """Facts that were never asked and that make the pay more exact, whatever is worked out."""
    found: set[str] = set()
    by_day = isinstance(said.hours_per_day, NumberRange) and not isinstance(said.hours_per_week, NumberRange)
    if by_day and said.days_per_week is None and not isinstance(said.pattern, dict):
        found.add(f"work[{index}].days_per_week")
    if rule.agreed and said.agreed is None:
        found.add(f"work[{index}].agreed")
    return frozenset(found | age_key(ctx, on_day(ctx.on))[1] if by_age else found)


def _paths(facts: Facts, index: int, fields: Iterable[str]) -> frozenset[str]:
    """Concrete paths of the fields that tests wait for."""
    return frozenset(facts.read("act.region").path if name == "region" else f"work[{index}].{name}" for name in fields)
