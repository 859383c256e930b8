"""Which rates, overtime rules, premiums and credits of a pay rule are for one job.

What was never asked does not fit, and is missing; after an "I don't know" both ways are worked out (`maybe_rates`, several
`overtimes`, premiums and credits that are not sure).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from calculator.case.model import Work
from calculator.engine.facts.readings import Facts
from calculator.engine.figures.parameters import DatedParameter
from calculator.engine.work.coverage import Coverage
from calculator.engine.work.pay_rule import Credit, Overtime, PayRule, Premium, Rate


class Tested(Protocol):
    """A part of a pay rule that is for some jobs only."""

    @property
    def test(self) -> Coverage: ...


T = TypeVar("T", bound=Tested)


@dataclass(frozen=True, slots=True)
class Fitting:
    """The parts of a pay rule that are for a job; what is only perhaps for it is marked False."""

    rates: tuple[Rate, ...]
    maybe_rates: tuple[Rate, ...]
    overtimes: tuple[tuple[Overtime, ...], ...]
    premiums: tuple[tuple[Premium, bool], ...]
    credits: tuple[tuple[Credit, bool], ...]
    #: Fields of the job that nobody was asked about, and that decide which rate, or which other part, is for it.
    unasked_for_rates: frozenset[str]
    unasked: frozenset[str]

    @property
    def sure(self) -> bool:
        """Whether each part is surely for the job, or surely not."""
        return not self.maybe_rates and len(self.overtimes) == 1 and all(sure for _, sure in (*self.premiums, *self.credits))

    def alike(self) -> tuple[Hashable, ...]:
        """The same for parts that are the same, whichever rule they belong to."""
        rates, maybe = ([rate.text for rate in some] for some in (self.rates, self.maybe_rates))
        overtimes = [tuple(band.text for band in bands) for bands in self.overtimes]
        premiums = [(premium.text, sure) for premium, sure in self.premiums]
        credits = [(credit.text, sure) for credit, sure in self.credits]
        return tuple(rates), tuple(maybe), tuple(overtimes), tuple(premiums), tuple(credits)

    def dated(self, rule: PayRule) -> tuple[DatedParameter, ...]:
        """Parameters whose changes cut the work: those of rates that fit this job, not every State's."""
        rates = (*self.rates, *self.maybe_rates)
        found = [r.parameter for r in rates]
        found += [p for p in (rule.factor, rule.offset, rule.uprate) if p is not None]
        found += [c.parameter for c, _ in self.credits]
        formulas = [rule.credits_at_most, *(r.hours for r in rates), *(f for p, _ in self.premiums for f in (p.add, p.over, p.hours))]
        formulas += [f for bands in self.overtimes for band in bands for f in (band.over, band.factor)]
        return tuple(dict.fromkeys([*found, *(p for f in formulas if f is not None for p in f.dated)]))


def fitting(rule: PayRule, said: Work, facts: Facts) -> Fitting:
    """The parts of `rule` that are for the job that `said` tells of."""
    for_rates: set[str] = set()
    for_others: set[str] = set()
    rates = _tested(rule.rates, said, facts, for_rates)
    sure = tuple(rate for rate, fits in rates if fits)
    return Fitting(
        rates=tuple(rate for rate in sure if rate.instead) or sure,
        maybe_rates=tuple(rate for rate, fits in rates if not fits),
        overtimes=_overtimes(rule, said, facts, for_others),
        premiums=_tested(rule.premiums, said, facts, for_others),
        credits=tuple((credit, fits and not credit.optional) for credit, fits in _tested(rule.credits, said, facts, for_others)),
        unasked_for_rates=frozenset(for_rates),
        unasked=frozenset(for_others),
    )


def _tested(parts: Iterable[T], said: Work, facts: Facts, unasked: set[str]) -> tuple[tuple[T, bool], ...]:
    """The parts that are for the job, and those that perhaps are; `unasked` gets the fields that would tell."""
    found = []
    for part in parts:
        fit = part.test.fit(said, facts)
        unasked.update(fit.unasked, fit.hints)
        if fit.sure or (fit.sure is None and not fit.unasked):
            found.append((part, bool(fit.sure)))
    return tuple(found)


def _overtimes(rule: PayRule, said: Work, facts: Facts, unasked: set[str]) -> tuple[tuple[Overtime, ...], ...]:
    """The first overtime rule that is for the job, those before it that perhaps are, and, where none is, the rule for all."""
    found = []
    for test, bands in rule.overtime_for:
        fit = test.fit(said, facts)
        unasked.update(fit.unasked, fit.hints)
        if fit.sure or (fit.sure is None and not fit.unasked):
            found.append(bands)
        if fit.sure:
            return tuple(found)
    return (*found, rule.overtime)
