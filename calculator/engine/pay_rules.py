"""Pay rules of a route, compiled: which rates hold, how overtime counts, what is time-barred.

A route states its rule once, under `pay_rules`, and heads name it: {back_pay: work}, {pay_due: work},
{weekly_pay_due: work}, {interest: work, ...}, {presumed_pay: {rule: work, months: {param: id}}}.

    pay_rules:
      work:
        pay_period: week                  # or month, with weeks_per_month
        rates: [{param: mindestlohn}, {param: grid, employer_kind: [private_household]}]   the best counts
        factor: {param: smic_age, unless: condition}
        overtime: [{over: {param: a}, factor: {param: b}}]          weekly, in rising order
        overtime_for: [{employer_kind: [private_household], overtime: [...]}]
        agreed: true                      # promised or usual pay counts where it is better
        offset: {param: nmw_offset}       # a daily amount for housing that counts as pay
        not_before: <date>                # work before it is time-barred on this route
        uprate: {param: nmw, at: decision}  # arrears grow to the later rate
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from calculator.case.model import Work
from calculator.engine import moments, units
from calculator.engine.context import Context, Truth
from calculator.engine.lookups import parameter_of
from calculator.engine.operations import compile_value
from calculator.engine.parameters import DatedParameter
from calculator.engine.scope import Scope
from calculator.quantity import Value

_KNOWN = {"pay_period", "weeks_per_month", "rates", "factor", "overtime", "overtime_for", "agreed", "offset",
          "not_before", "uprate"}


@dataclass(frozen=True, slots=True)
class JobTest:
    """Which jobs something is for; a fact never asked does not match, and is said to be missing."""

    employer_kind: frozenset[str] = frozenset()
    sector: frozenset[str] = frozenset()

    def fits(self, job: Work) -> bool:
        return (not self.employer_kind or job.employer_kind in self.employer_kind) and (
            not self.sector or job.sector in self.sector)


@dataclass(frozen=True, slots=True)
class Rate:
    parameter: DatedParameter
    test: JobTest


@dataclass(frozen=True, slots=True)
class Overtime:
    """Weekly hours beyond `over` count `factor` times."""

    over: Callable[[Context], Value]
    factor: Callable[[Context], Value]


@dataclass(frozen=True, slots=True)
class Plan:
    """A pack's back-pay rule, compiled."""

    monthly: bool
    weeks_per_month: Callable[[Context], Value] | None
    rates: tuple[Rate, ...]
    factor: DatedParameter | None
    factor_unless: Callable[[Context], Truth] | None
    overtime: tuple[Overtime, ...]
    overtime_for: tuple[tuple[JobTest, tuple[Overtime, ...]], ...]
    agreed: bool
    offset: DatedParameter | None
    not_before: Callable[[Context], Any] | None
    uprate: DatedParameter | None
    uprate_at: Callable[[Context], Any] | None


def _job_test(raw: dict[str, Any]) -> JobTest:
    return JobTest(frozenset(raw.get("employer_kind", [])), frozenset(raw.get("sector", [])))


def _overtime(raw: list[Any], scope: Scope) -> tuple[Overtime, ...]:
    return tuple(
        Overtime(compile_value(band["over"], scope.inside(i).inside("over")).evaluate,
                 compile_value(band["factor"], scope.inside(i).inside("factor")).evaluate)
        for i, band in enumerate(raw))


def compile_plan(raw: dict[str, Any], scope: Scope) -> Plan:
    """Raises PackError."""
    from calculator.engine.conditions import compile_condition  # conditions and values contain each other

    for key in raw:
        if key not in _KNOWN:
            raise scope.unknown_name("back pay setting", key, _KNOWN)
    monthly = raw.get("pay_period", "week") == "month"
    if monthly and "weeks_per_month" not in raw:
        raise scope.fault("Monthly pay periods need weeks_per_month.", "Name the parameter of the usual conversion.")
    rates = tuple(Rate(parameter_of(r.get("param"), scope.inside("rates").inside(i)), _job_test(r))
                  for i, r in enumerate(raw.get("rates", [])))
    for rate in rates:
        if units.unit(rate.parameter.unit) != units.unit(f"{scope.currency}/hour"):
            raise scope.inside("rates").fault("The rate {id} is in {found}.", "A pay rate is in {expected}.",
                                              id=rate.parameter.id, found=rate.parameter.unit,
                                              expected=f"{scope.currency}/hour")
    factor, uprate = raw.get("factor"), raw.get("uprate")
    return Plan(
        monthly=monthly,
        weeks_per_month=compile_value(raw["weeks_per_month"], scope.inside("weeks_per_month")).evaluate if monthly else None,
        rates=rates,
        factor=parameter_of(factor["param"], scope.inside("factor")) if factor else None,
        factor_unless=compile_condition(factor["unless"], scope.inside("factor").inside("unless"))
        if factor and "unless" in factor else None,
        overtime=_overtime(raw.get("overtime", []), scope.inside("overtime")),
        overtime_for=tuple((_job_test(r), _overtime(r["overtime"], scope.inside("overtime_for").inside(i)))
                           for i, r in enumerate(raw.get("overtime_for", []))),
        agreed=bool(raw.get("agreed", False)),
        offset=parameter_of(raw["offset"]["param"], scope.inside("offset")) if "offset" in raw else None,
        not_before=moments.compile_moment(raw["not_before"], scope.inside("not_before")) if "not_before" in raw else None,
        uprate=parameter_of(uprate["param"], scope.inside("uprate")) if uprate else None,
        uprate_at=moments.compile_moment(uprate["at"], scope.inside("uprate").inside("at")) if uprate else None,
    )


def named_plan(raw: Any, scope: Scope) -> Plan:
    plan = scope.pay_rules.get(raw) if isinstance(raw, str) else None
    if plan is None:
        raise scope.unknown_name("pay rule of this route", raw, scope.pay_rules)
    found: Plan = plan
    return found
