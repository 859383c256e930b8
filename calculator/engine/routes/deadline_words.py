"""From a deadline's formula to the sentences that say it, so that no sentence can say another time than its rule.

A deadline that can be said so has no `rule` of its own: to whom it applies (`when`), what it is about (`heads`), for how long and from
when, what bounds it, and what becomes of who is late. The sentences stand in `calculator/vocabulary/deadlines.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from calculator import vocabulary
from calculator.engine.language.scope import Scope
from calculator.engine.routes.phrases import UNITS, Period, Phrase, own_words
from calculator.engine.routes.shapes import expanded, fits, parts
from calculator.packs.model import Deadline, Kind


def phrases(raw: Deadline, kind: Kind, scope: Scope, dates: dict[str, Any]) -> tuple[Phrase, ...]:
    """The sentences of a deadline in the order they are read in. `dates`: days that the route gives a name.

    Raises PackError where a sentence has a number that is no parameter's, or a formula cannot be said and the pack does not say it either.
    """
    if raw.rule is not None:
        if raw.within or raw.act or raw.begins or raw.about:
            raise scope.fault("A rule in words of its own says all; about, act, begins and within have no place beside it.", "Remove either.")
        return (own_words(raw.rule, scope.inside("rule")),)
    return tuple(_said(raw, kind, scope, expanded(raw.date, dates), expanded(raw.when, dates)))


def after_it(raw: Deadline, scope: Scope) -> tuple[Phrase, ...]:
    """What can stop or extend the time, and what stays open after it. Raises PackError."""
    known = vocabulary.deadlines()["extends"]
    for name in raw.extends:
        if name not in known:
            raise scope.inside("extends").unknown_name("word for what extends a time", name, known)
    own = (own_words(raw.relief, scope.inside("relief")),) if raw.relief else ()
    return (*(Phrase(known[name], {}) for name in raw.extends), *own)


def until(when: Any, dates: dict[str, Any]) -> date | None:
    """The last day of the time that a deadline is for, where its `when` ends before a day of the calendar."""
    raw = expanded(when, dates)
    for part in parts(raw):
        bound = fits({"date": part.get("date"), "before": "$day"}, part) if isinstance(part, dict) else None
        if bound is not None:
            return date.fromisoformat(bound["day"]) - timedelta(days=1)
    return None


def beside_a_day(said: Iterable[Phrase], sure: bool) -> list[Phrase]:
    """What is left to say where the day stands beside it. `sure`: the deadline is one for the person."""
    return [one for one in said if one.beside_a_day == "something" or not sure and one.beside_a_day == "whether it is hers"]


def _said(raw: Deadline, kind: Kind, scope: Scope, formula: Any, when: Any) -> Iterator[Phrase]:
    words = vocabulary.deadlines()
    if raw.about is not None:
        yield own_words(raw.about, scope.inside("about"))
    yield from _to_whom(when)
    if raw.heads:
        yield Phrase(words["about"], {"heads": tuple(raw.heads)})
    yield from _time(raw, kind, scope, formula)
    if raw.bars in ("claim", "remedy") and raw.late in words["late"]:
        # Hope is said at once; that it is too late only once it is.
        yield Phrase(words["late"][raw.late], {}, "something" if raw.late == "allowed" else "nothing")


def _to_whom(when: Any) -> Iterator[Phrase]:
    for part in parts(when):
        for line in vocabulary.deadlines()["holds"]:
            bound = fits(line["when"], part)
            if bound is not None:
                yield Phrase(line["says"], bound, "whether it is hers")
                break


def _time(raw: Deadline, kind: Kind, scope: Scope, formula: Any) -> Iterator[Phrase]:
    """How long, from when, and what bounds it."""
    words = vocabulary.deadlines()
    if formula is None and raw.within is None:
        if raw.begins is not None:
            raise scope.inside("begins").fault("A time without a length begins nowhere.", "Give a length under within, or remove begins.")
        act = raw.act or "not_known"
        if act not in words["moments"]:
            raise scope.inside("act").unknown_name("moment of a deadline without a length", act, words["moments"])
        yield Phrase(words["moments"][act], {})
        return
    if raw.within is not None:
        if formula is not None:
            raise scope.fault("A deadline with a formula takes its length from it.", "Remove within.")
        yield Phrase(words["acts"][_act(raw, kind, scope)], {"period": _period(raw.within, scope.inside("within"))})
        if raw.begins:
            yield Phrase(_named(raw.begins, scope)["says"], {})
        return
    for line in words["ends"]:
        bound = fits(line["from"], formula)
        if bound is not None:
            yield Phrase(line["says"], bound)
            return
    bounds: list[Phrase] = []
    formula = _unwrapped(formula, bounds)
    if not isinstance(formula, dict) or "plus" not in formula:
        raise scope.fault("The sentence of this formula cannot be made.", "Write a rule in words, its numbers as {{parameter}}.")
    plus = formula["plus"]
    yield Phrase(words["acts"][_act(raw, kind, scope)], {"period": _period(plus, scope.inside("date"))})
    shorter = [phrase for phrase in bounds if phrase.text == words["one_day_less"]]
    yield from shorter
    yield _begin(raw, scope, plus["date"])
    yield from (phrase for phrase in bounds if phrase not in shorter)


def _unwrapped(formula: Any, bounds: list[Phrase]) -> Any:
    """The period that is added to a day, out of what stands around it; what that says goes to `bounds`."""
    words = vocabulary.deadlines()
    while isinstance(formula, dict):
        if (bound := fits({"end_of_year": {"plus": {"date": "$rest", "years": "$years"}}}, formula)) is not None:
            # So many years from a day until the end of the year: from the end of that year so many.
            formula = {"plus": {"date": {"end_of_year": bound["rest"]}, "years": bound["years"]}}
        elif "extended_by_prevention" in formula:
            bounds.append(Phrase(words["held"], {}))
            formula = formula["extended_by_prevention"]
        elif "minus" in formula and formula["minus"].get("days") == 1 and len(formula["minus"]) == 2:
            bounds.append(Phrase(words["one_day_less"], {}))
            formula = formula["minus"]["date"]
        elif "later_of" in formula and (aged := _with_an_age(formula["later_of"])) is not None:
            age, formula = aged
            bounds.append(Phrase(words["not_before_age"], {"age": age}))
        else:
            break
    return formula


def _with_an_age(days: Any) -> tuple[int, Any] | None:
    """An age and the other of two days; None where they are no such two."""
    if not isinstance(days, list) or len(days) != 2:
        return None
    for age, other in (days, reversed(days)):
        if isinstance(age, dict) and isinstance(age.get("birthday"), int):
            return age["birthday"], other
    return None


def _act(raw: Deadline, kind: Kind, scope: Scope) -> str:
    words = vocabulary.deadlines()
    usual = words["usual"]
    act: str = raw.act or usual["by_bars"].get(raw.bars) or usual["by_kind"][kind]
    if act not in words["acts"]:
        raise scope.inside("act").unknown_name("act of a deadline", act, words["acts"])
    return act


def _begin(raw: Deadline, scope: Scope, base: Any) -> Phrase:
    """From when the time counts: the sentence that the pack names, else the first that can stand for the formula's day.

    Where the day depends on something, the pack names a sentence that can stand for one of the days it may be.
    """
    days = list(_may_be(base)) if raw.begins else [base]
    fitting = {}
    for name, line in vocabulary.deadlines()["begins"].items():
        bound = next((bound for day in line.get("from", ()) for one in days if (bound := fits(day, one)) is not None), None)
        if bound is not None:
            fitting[name] = Phrase(line["says"], bound, "something" if line.get("this_day") else "nothing")
    chosen = raw.begins or next((n for n in fitting if not vocabulary.deadlines()["begins"][n].get("by_name")), None)
    if chosen is None:
        raise scope.inside("date").fault("No sentence says this day.", "Name one under begins, or write a rule in words.")
    if chosen not in fitting:
        raise scope.inside("begins").unknown_name("beginning that can stand for this day", chosen, fitting)
    return fitting[chosen]


def _may_be(base: Any) -> Iterator[Any]:
    """A day of a formula, and the days it comes to in one case or another."""
    yield base
    if isinstance(base, dict):
        for day in (*base.get("first_known", ()), *(base[key] for key in ("then", "else") if key in base)):
            yield from _may_be(day)


def _named(name: str, scope: Scope) -> dict[str, Any]:
    begins: dict[str, dict[str, Any]] = vocabulary.deadlines()["begins"]
    if name not in begins:
        raise scope.inside("begins").unknown_name("beginning", name, begins)
    return begins[name]


def _period(raw: Any, scope: Scope) -> Period:
    """The one length of time among the keys of a formula."""
    found = [(unit, raw[key]) for key, unit in UNITS.items() if key in raw]
    if len(found) != 1:
        raise scope.fault("A sentence says one length of time.", "Write a rule in words, its numbers as {{parameter}}.")
    ((unit, amount),) = found
    if isinstance(amount, int):
        return Period(unit, number=amount)
    if isinstance(amount, dict) and "param" in amount and set(amount) <= {"param", "at"}:
        parameter = scope.parameters.get(amount["param"])
        if parameter is None:
            raise scope.unknown_name("parameter", amount["param"], scope.parameters)
        if parameter.unit != unit:
            raise scope.fault("The parameter {name} is measured in another unit.", "Its unit is {unit}.", name=amount["param"], unit=unit)
        return Period(unit, parameter=amount["param"], at=amount.get("at", raw.get("date")))
    raise scope.fault("A sentence says a number or a parameter.", "Write a rule in words, its numbers as {{parameter}}.")
