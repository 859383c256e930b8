"""Pay rules of a route, compiled: which rates hold, how overtime counts, what is time-barred.

A route states its rule once, under `pay_rules`, and heads name it: {back_pay: work}, {pay_due: work},
{weekly_pay_due: work}, {interest: work, ...}, {presumed_pay: {rule: work, months: {param: id}}}.
Every setting is described in docs/rule-language.md, "Pay rules".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from calculator import vocabulary
from calculator.case.values import read_decimal
from calculator.dates import DateRange
from calculator.engine.figures import units
from calculator.engine.figures.parameters import DatedParameter
from calculator.engine.language.expressions import compile_condition, compile_day, compile_value
from calculator.engine.language.needs import Looks, Needs
from calculator.engine.language.run import Context, Day, Truth
from calculator.engine.language.scope import Scope
from calculator.engine.language.tried import recorded
from calculator.engine.operations.lookups import parameter_of
from calculator.engine.work.coverage import Coverage, compile_coverage
from calculator.quantity import Value

_KNOWN = {
    "pay_period",
    "weeks_per_month",
    "rates",
    "factor",
    "round_rate",
    "overtime",
    "overtime_for",
    "premiums",
    "agreed",
    "offset",
    "credits",
    "credits_at_most",
    "not_before",
    "uprate",
}
#: Lists of parts that are each for some jobs.
_FOR_SOME_JOBS = {"rates", "overtime", "overtime_for", "premiums", "credits"}


class Formula(NamedTuple):
    """A formula, and the dated figures it reads: work is cut where one of them changes."""

    evaluate: Callable[[Context], Value]
    dated: tuple[DatedParameter, ...]

    def __call__(self, ctx: Context) -> Value:
        return self.evaluate(ctx)


def _formula(raw: Any, scope: Scope) -> Formula:
    inner = scope.apart()
    evaluate = compile_value(raw, inner).evaluate
    scope.needs.add(inner.needs)
    return Formula(evaluate, tuple(inner.needs.figures))


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate for the jobs it fits. `hours` says how many hours an amount by the day, week, month or year pays for."""

    parameter: DatedParameter
    test: Coverage
    hours: Formula | None = None
    #: It takes the place of the other rates that fit (a lower rate of apprentices).
    instead: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Overtime:
    """Hours beyond `over` in a week (or in a day) count `factor` times."""

    over: Formula
    factor: Formula
    daily: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Premium:
    """An extra share of the rate for hours at night or on Sundays, or hours more for days that were very long."""

    kind: Literal["night", "sunday", "spread"]
    test: Coverage
    add: Formula | None
    between: tuple[int, int] | None
    over: Formula | None
    hours: Formula | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """Board or lodging that the employer may count as pay."""

    kind: Literal["lodging", "meals"]
    parameter: DatedParameter
    test: Coverage
    #: The employer may leave it: the lowest claim counts it, the highest does not.
    optional: bool = False
    text: str = ""


class Core(NamedTuple):
    """A rule without its time bar and the day of uprating: equal rules of several routes are worked out once.

    `reads`: paths (without numbers) of the facts it names; None where it may rest on more of the case, or on the route's claim.
    """

    text: str
    reads: frozenset[str] | None
    #: The settings that are for every job, as `text`.
    settings: str = ""


@dataclass(frozen=True, slots=True)
class PayRule:
    """A pack's back-pay rule, compiled."""

    core: Core
    monthly: bool
    weeks_per_month: Formula | None
    rates: tuple[Rate, ...]
    factor: DatedParameter | None
    factor_unless: Callable[[Context], Truth] | None
    factor_until: Callable[[Context], Day] | None
    round_rate: Decimal | None
    overtime: tuple[Overtime, ...]
    overtime_for: tuple[tuple[Coverage, tuple[Overtime, ...]], ...]
    premiums: tuple[Premium, ...]
    agreed: bool
    offset: DatedParameter | None
    credits: tuple[Credit, ...]
    credits_at_most: Formula | None
    not_before: Callable[[Context], Day] | None
    uprate: DatedParameter | None
    uprate_at: Callable[[Context], Day] | None

    def key(self, ctx: Context) -> tuple[Core, DateRange | None]:
        """Rules of one key come to the same for the same days, whichever route they belong to and whatever is time-barred."""
        return self.core, (self.uprate_at(ctx).day if self.uprate_at is not None else None)


def _text_of(raw: dict[str, Any], settings: Iterable[str] | None = None) -> str:
    """Settings of a rule or of a part of it, the same for the same ones; without those named all of them."""
    return json.dumps(raw if settings is None else {name: raw[name] for name in settings if name in raw}, sort_keys=True, default=str)


def _overtime(raw: list[Any], scope: Scope) -> tuple[Overtime, ...]:
    bands = []
    for i, band in enumerate(raw):
        inner = scope.inside(i)
        limit = next((name for name in ("over", "over_daily") if name in band), None)
        if limit is None or "factor" not in band:
            raise inner.fault("An overtime step has a limit and a factor.", 'Write {{over: 40, factor: "1.5"}}.')
        bands.append(
            Overtime(
                _formula(band[limit], inner.inside(limit)),
                _formula(band["factor"], inner.inside("factor")),
                limit == "over_daily",
                _text_of(band),
            )
        )
    return tuple(bands)


def _minutes(text: str, scope: Scope) -> int:
    hours, _, minutes = str(text).partition(":")
    if not (hours.isdigit() and minutes.isdigit() and int(hours) <= 24 and int(minutes) < 60):
        raise scope.fault("This is not a time of day: {found}.", 'Write for example "23:00".', found=text)
    return int(hours) * 60 + int(minutes)


def _premium(raw: dict[str, Any], scope: Scope) -> Premium:
    kind = raw.get("for")
    if kind not in ("night", "sunday", "spread"):
        raise scope.unknown_name("kind of premium", kind, ["night", "sunday", "spread"])
    if kind == "night" and "between" not in raw:
        raise scope.fault("Work at night needs the hours of the night.", 'Add between: ["23:00", "06:00"].')
    if kind == "spread" and not {"over", "hours"} <= set(raw):
        raise scope.fault("A premium for long days says how long, and how many hours it adds.", "Add for example over: 10, hours: 1.")
    if kind != "spread" and "add" not in raw:
        raise scope.fault("A premium adds a share of the rate.", 'Add for example add: "0.25".')
    between = raw.get("between")
    return Premium(
        kind=kind,
        test=compile_coverage(raw, scope),
        add=_formula(raw["add"], scope.inside("add")) if "add" in raw else None,
        between=(_minutes(between[0], scope), _minutes(between[1], scope)) if between else None,
        over=_formula(raw["over"], scope.inside("over")) if "over" in raw else None,
        hours=_formula(raw["hours"], scope.inside("hours")) if "hours" in raw else None,
        text=_text_of(raw, ("for", "add", "between", "over", "hours")),
    )


def _rate(raw: dict[str, Any], scope: Scope) -> Rate:
    parameter = parameter_of(raw.get("param"), scope)
    hours = _formula(raw["hours"], scope.inside("hours")) if "hours" in raw else None
    found = units.unit(parameter.unit)
    hourly = units.unit(f"{scope.currency}/hour")
    longer = [units.unit(f"{scope.currency}/{name}") for name in ("day", "week", "month", "year")]
    if hours is None and found != hourly:
        raise scope.fault(
            "The rate {id} is in {found}.",
            "A pay rate is in {expected}; an amount for a longer time says with hours how many hours it pays for.",
            id=parameter.id,
            found=parameter.unit,
            expected=f"{scope.currency}/hour",
        )
    if hours is not None and found not in longer:
        raise scope.fault(
            "The rate {id} is in {found}, so hours does not fit.",
            "Remove hours, or give the amount by the day, week, month or year.",
            id=parameter.id,
            found=parameter.unit,
        )
    return Rate(parameter, compile_coverage(raw, scope), hours, raw.get("instead", False) is True, _text_of(raw, ("param", "hours", "instead")))


def _credit(raw: dict[str, Any], scope: Scope) -> Credit:
    kind, parameter = raw.get("for"), parameter_of(raw.get("param"), scope)
    wanted = {"lodging": "night", "meals": "day"}
    if kind not in wanted:
        raise scope.unknown_name("kind of credit", kind, wanted)
    expected = f"{scope.currency}/{wanted[kind]}"
    if units.unit(parameter.unit) != units.unit(expected):
        raise scope.fault(
            "The amount {id} is in {found}.",
            "For {kind} it is in {expected}.",
            id=parameter.id,
            found=parameter.unit,
            kind=kind,
            expected=expected,
        )
    optional = raw.get("optional", False) is True
    return Credit(kind, parameter, compile_coverage(raw, scope), optional, _text_of(raw, ("for", "param")))


def compile_pay_rule(raw: dict[str, Any], scope: Scope) -> PayRule:
    """Raises PackError."""
    for key in raw:
        if key not in _KNOWN:
            raise scope.unknown_name("back pay setting", key, _KNOWN)
    monthly = raw.get("pay_period", "week") == "month"
    if monthly and "weeks_per_month" not in raw:
        raise scope.fault("Monthly pay periods need weeks_per_month.", "Name the parameter of the usual conversion.")
    factor, uprate = raw.get("factor"), raw.get("uprate")
    # These two are part of the key under which work is shared, not of the rule itself.
    beside = scope.apart()
    not_before = compile_day(raw["not_before"], beside.inside("not_before")) if "not_before" in raw else None
    uprate_at = compile_day(uprate["at"], beside.inside("uprate").inside("at")) if uprate else None
    scope = scope.apart()
    rule = PayRule(
        core=Core("", None),
        monthly=monthly,
        weeks_per_month=_formula(raw["weeks_per_month"], scope.inside("weeks_per_month")) if monthly else None,
        rates=tuple(_rate(r, scope.inside("rates").inside(i)) for i, r in enumerate(raw.get("rates", []))),
        factor=parameter_of(factor["param"], scope.inside("factor")) if factor else None,
        factor_unless=recorded(
            compile_condition(factor["unless"], scope.inside("factor").inside("unless")),
            scope.inside("factor").inside("unless"),
            factor["unless"],
        )
        if factor and "unless" in factor
        else None,
        factor_until=compile_day(factor["until"], scope.inside("factor").inside("until")) if factor and "until" in factor else None,
        round_rate=read_decimal(raw["round_rate"]) if "round_rate" in raw else None,
        overtime=_overtime(raw.get("overtime", []), scope.inside("overtime")),
        overtime_for=tuple(
            (compile_coverage(r, scope.inside("overtime_for").inside(i)), _overtime(r["overtime"], scope.inside("overtime_for").inside(i)))
            for i, r in enumerate(raw.get("overtime_for", []))
        ),
        premiums=tuple(_premium(r, scope.inside("premiums").inside(i)) for i, r in enumerate(raw.get("premiums", []))),
        agreed=bool(raw.get("agreed", False)),
        offset=parameter_of(raw["offset"]["param"], scope.inside("offset")) if "offset" in raw else None,
        credits=tuple(_credit(r, scope.inside("credits").inside(i)) for i, r in enumerate(raw.get("credits", []))),
        credits_at_most=_formula(raw["credits_at_most"], scope.inside("credits_at_most")) if "credits_at_most" in raw else None,
        not_before=not_before,
        uprate=parameter_of(uprate["param"], scope.inside("uprate")) if uprate else None,
        uprate_at=uprate_at,
    )
    return replace(rule, core=_core(raw, scope, scope.needs))


def _core(raw: dict[str, Any], scope: Scope, needs: Needs) -> Core:
    rule = {k: v for k, v in raw.items() if k != "not_before"}
    if isinstance(rule.get("uprate"), dict):
        rule["uprate"] = {k: v for k, v in rule["uprate"].items() if k != "at"}
    text, settings = _text_of(rule), _text_of(rule, _KNOWN - _FOR_SOME_JOBS)
    if needs.own:
        return Core(f"{scope.route}: {text}", None, f"{scope.route}: {settings}")
    known = vocabulary.facts()
    named = [known[fact] for fact in needs.facts]
    named += [known[definition.fallback] for definition in named if definition.fallback]
    return Core(text, None if Looks.CASE in needs.looks else frozenset(definition.path for definition in named), settings)


def named_pay_rule(raw: Any, scope: Scope) -> PayRule:
    rule: PayRule | None = scope.pay_rules.get(raw) if isinstance(raw, str) else None
    if rule is None:
        raise scope.unknown_name("pay rule of this route", raw, scope.pay_rules)
    # A rule is the route's own, whatever it is made of.
    scope.needs.look(Looks.ROUTE)
    return rule
