"""Days that have a name: facts, the day of the estimate, of this route's claim and decision, dates written out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from calculator import vocabulary
from calculator.dates import on_day, parse_date
from calculator.engine.language.needs import Looks
from calculator.engine.language.run import NO_FACTS, Context, Day
from calculator.engine.language.scope import Scope

Find = Callable[[Context], Day]
NAMED = ("on", "application", "decision", "last_act", "act", "consolidation", "each_day")
_ALIASES = {"last_act": "act.end", "act": "act.start", "consolidation": "harm.consolidation_date"}


def named_day(name: str, scope: Scope) -> Find:
    """A day of the case by its name, or a date written out. Raises PackError."""
    if name in scope.dates:
        scope.needs.look(Looks.ROUTE)
        found: Find = scope.dates[name]
        return found
    if name == "on":
        return _shared(name, lambda ctx: Day(on_day(ctx.on)))
    if name == "each_day":
        scope.needs.look(Looks.HEAD)
        return lambda ctx: Day(on_day(ctx.at_day or ctx.on))
    if name in ("application", "decision"):
        # A claim that was served had been filed before; without either, it is as if filed on the day of the estimate.
        scope.needs.look(Looks.CLAIM)
        facts = ("claim.filed", "claim.served") if name == "application" else ("claim.decided",)
        return _shared(name, lambda ctx: _claimed(ctx, facts))
    fact = _ALIASES.get(name, name)
    definition = vocabulary.facts().get(fact)
    if definition is not None and definition.type == "date":
        scope.needs.read([fact])
        return _shared(fact, lambda ctx: day_of_fact(ctx, fact))
    if definition is not None:
        raise scope.fault("The fact {fact} is not a date.", "Use a date fact here.", fact=fact)
    try:
        span = parse_date(name)
    except ValueError as error:
        dates = [f.id for f in vocabulary.facts().values() if f.type == "date"]
        raise scope.unknown_name("date", name, [*dates, *NAMED]) from error
    fixed = Day(span)
    return lambda ctx: fixed


def _claimed(ctx: Context, facts: tuple[str, ...]) -> Day:
    """The first of these days that the route's claim has; without any the day of the estimate."""
    days = (ctx.facts.day(fact, ctx.route) for fact in facts) if ctx.facts.claims(ctx.route) else ()
    return Day(next((day for day in days if day), on_day(ctx.on)))


def _shared(name: str, find: Find) -> Find:
    """A day that only the facts and the route decide is found once for all who ask."""

    def shared(ctx: Context) -> Day:
        key = (name, ctx.route)
        found = ctx.shared.days.get(key)
        if found is None:
            found = ctx.shared.days[key] = find(ctx)
        return found

    return shared


def day_of_fact(ctx: Context, fact: str) -> Day:
    """The day a fact says; not known, with the fact where nobody asked."""
    day = ctx.facts.day(fact, ctx.route)
    if day is not None:
        return Day(day)
    reading = ctx.facts.read(fact, ctx.route)
    return Day(None, frozenset([reading.path]) if reading.presence == "absent" else NO_FACTS)


def mapped(moment: Day, function: Callable[[date], date]) -> Day:
    """Both ends of a day moved by a function of dates."""
    return moment if moment.day is None else Day(moment.day.map(function), moment.missing)
