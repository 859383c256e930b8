"""Parts of the population of a State worked out by two states of its rules; `python -m calculator.impact.trial` is one process that does it.

The process reads one `Order` a line, as JSON, until its input ends. It writes a line of JSON for every `TELL_EVERY` cases (`done`), and at
the end of each order its `tally`, or the `fault` for which there is none.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from calculator.engine.routes.estimate import estimate
from calculator.errors import PackError, RedressError
from calculator.impact.outcome import Outcome, outcome_of
from calculator.impact.population import Member, population
from calculator.impact.tally import Tally
from calculator.impact.watched import Watch, watching
from calculator.packs.current import in_force
from calculator.packs.load import Rules, load_rules
from calculator.packs.released import Pointer, load_release
from calculator.saying import rows

#: The seed of the reference population: another one makes other cases.
SEED = 2026
#: How far the days reach on which a case asks, beyond the first day of the last figure.
BEYOND = timedelta(days=400)
TELL_EVERY = 100
#: Of the cases that no changed figure reached one in so many is worked out twice all the same, to see that it was right.
CHECK_EVERY = 20
#: Somebody who writes to the assistant comes first.
NICENESS = 10


class SkippedError(RuntimeError):
    """A case that no changed figure reached came out otherwise: a fault of ours, and no count may rest on it."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What is compared, for which State, from which day on. Without a folder of releases `before` and `after` name folders of packs."""

    code: str
    before: tuple[str, str]
    after: tuple[str, str]
    folder: str | None
    today: str


@dataclass(frozen=True, slots=True)
class Order:
    """The numbers of the cases to try, from the first to before the last."""

    sides: Sides
    first: int
    last: int

    @classmethod
    def read(cls, line: str) -> Order:
        """What `json.dumps(asdict(order))` has written."""
        raw = json.loads(line)
        sides = raw["sides"]
        return cls(Sides(**{**sides, "before": tuple(sides["before"]), "after": tuple(sides["after"])}), raw["first"], raw["last"])


class Trial:
    """Two states of the rules of a State, loaded. Raises PackError."""

    def __init__(self, sides: Sides) -> None:
        self.before, self.after = (self._rules(sides, which) for which in (sides.before, sides.after))
        self._code, self._today = sides.code, date.fromisoformat(sides.today)
        self._there = self._code in self.before.packs and self._code in self.after.packs
        if self._there:
            self._until = last_day(self.before, self.after, self._code, self._today)
            self._words = changed_words(self.before, self.after, self._code, (self._today, self._until))
            self._watch = _watch(self.before, self.after, self._code)

    @staticmethod
    def _rules(sides: Sides, which: tuple[str, str]) -> Rules:
        if sides.folder is None:
            return load_rules(Path(which[0]), only=[sides.code])
        return load_release(Path(sides.folder), Pointer(*which), only=[sides.code])

    def tried(self, numbers: range, told: Callable[[int], None] = lambda _: None) -> Tally:
        """Work out the cases of these numbers; none where the State is new or gone. `told` is called with how many are done. Raises
        SkippedError."""
        tally = Tally()
        if not self._there:
            return tally
        # The rules stay to the end; what cases leave behind is looked through once a hundred cases.
        gc.freeze()
        gc.disable()
        try:
            members = population(self.before.packs[self._code], SEED, numbers, self._today, self._until)
            while some := list(islice(members, TELL_EVERY)):
                self._count(tally, some)
                told(tally.cases)
                gc.collect()
        finally:
            gc.enable()
            gc.unfreeze()
        return tally

    def _count(self, tally: Tally, members: list[Member]) -> None:
        """First all by the rules before, then those that need it by the rules after: rates of exchange are those of a process."""
        first: list[tuple[Outcome | None, bool]] = []
        watch = self._watch
        with in_force(self.before):
            for member in members:
                if watch is not None:
                    watch.begin()
                first.append((_outcome(member, self.before), watch is None or watch.differed))
        with in_force(self.after):
            for number, (member, (outcome, reached)) in enumerate(zip(members, first, strict=True)):
                checked = number % CHECK_EVERY == 0
                now = _outcome(member, self.after) if reached or checked else outcome
                if not reached and now != outcome:
                    raise SkippedError(f"case {member.number} of {self.before.sha256} and {self.after.sha256}")
                tally.add(member, outcome, now, self._words)


def _outcome(member: Member, rules: Rules) -> Outcome | None:
    try:
        return outcome_of(estimate(member.case, rules, member.on, [member.jurisdiction], trace=False))
    except RedressError:
        return None


def _watch(before: Rules, after: Rules, code: str) -> Watch | None:
    """Which cases a change can reach, where only figures changed."""
    if before.rates != after.rates:
        return None
    old, new = before.packs[code], after.packs[code]
    same = all(one.raw == new.routes[name].raw for name, one in old.routes.items() if name in new.routes)
    if not same or list(old.routes) != list(new.routes) or old.jurisdiction != new.jurisdiction or old.injuries != new.injuries:
        return None
    return watching(old, new)


def last_day(before: Rules, after: Rules, code: str, today: date) -> date:
    """Until when cases ask: beyond the first day of the last figure of either."""
    packs = [pack for pack in (before.pack(code), after.pack(code)) if pack is not None]
    starts = [value.start for pack in packs for parameter in pack.parameters.values() for value in parameter.values]
    return max([today, *starts]) + BEYOND


def changed_words(before: Rules, after: Rules, code: str, days: tuple[date, ...]) -> frozenset[tuple[str, str]]:
    """(route, field) of sentences that a person is told and that differ; the field is "" where all who see the route are told it."""

    def said(rules: Rules, on: date) -> set[tuple[str, str, str]]:
        with in_force(rules):
            pack = rules.packs[code]
            return {(row.part, row.field, row.text) for row in rows(pack, "en", on) if row.part in pack.routes and row.reader == "person"}

    found = [said(before, day) ^ said(after, day) for day in days]
    return frozenset((part, field if field.startswith(("condition ", "deadline ")) else "") for each in found for part, field, _ in each)


def main(lines: Iterable[str]) -> None:
    """One order after the other, each told as it goes."""
    os.nice(NICENESS)
    write = partial(print, flush=True)
    trial: Trial | None = None
    sides: Sides | None = None
    for line in lines:
        order = Order.read(line)
        try:
            if trial is None or order.sides != sides:
                trial, sides = Trial(order.sides), order.sides
            tally = trial.tried(range(order.first, order.last), lambda done: write(json.dumps({"done": done})))
        except PackError as error:
            write(json.dumps({"fault": str(error)}))
        else:
            write(json.dumps({"tally": tally.as_json()}))


if __name__ == "__main__":
    main(sys.stdin)
