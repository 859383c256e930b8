"""Case files that a support worker may write, of one State, made by chance: every field of the model with a value of its own kind.

What a value may be is read from the model and the vocabulary, so a new fact is filled in without a line here.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from calculator import vocabulary
from calculator.case.model import CaseFile, Country, Entry, Region
from calculator.case.values import Amount, Day, Number, Text, Unsaid, YesNo
from calculator.engine.routes.pack import Pack

Make = Callable[["Likely"], Any]

#: What a number lies between, by the name of its field.
BETWEEN: dict[str, tuple[int, int]] = {
    "birth_year": (1950, 2008),
    "dependants": (0, 6),
    "hours_per_week": (1, 112),
    "agreed_hours_per_week": (10, 48),
    "hours_per_day": (1, 18),
    "full_week_hours": (35, 48),
    "days_per_week": (1, 7),
    "night_hours_per_week": (0, 40),
    "sunday_hours_per_week": (0, 12),
    "standby_nights_per_week": (0, 7),
    "nights_per_week": (0, 7),
    "meals_per_day": (0, 4),
    "employer_size": (1, 600),
    "hours_total": (10, 5_000),
    "leave_days_taken": (0, 60),
    "sick_days": (0, 60),
    "percent": (0, 100),
    "permanent_impairment_percent": (0, 100),
    "suffering_scale_7": (0, 7),
    "aesthetic_scale_7": (0, 7),
    "degree_of_harm": (0, 100),
    "duration_weeks": (0, 200),
}
#: Days of which the second does not come before the first.
IN_ORDER = (("start", "end"), ("from", "to"), ("filed", "served"), ("served", "decided"), ("date", "final_on"))
#: How many of the fields of a group are answered, one of these for each group.
SHARES = (0.1, 0.3, 0.6, 0.95)


class Likely:
    """Makes cases of one State. `first` and `last`: days between which what happened lies."""

    shares: tuple[float, ...] = SHARES
    odd_texts: tuple[str, ...] = ("x",)
    #: How often a field is answered by one that says nothing.
    silence = 0.05

    def __init__(self, pack: Pack, first: date, last: date) -> None:
        self.pack, self.first, self.last = pack, first, last
        self.country = pack.jurisdiction.country
        self.regions = [region.code for region in pack.jurisdiction.regions] or [f"{self.country}-X"]
        choices = {d.path: list(d.choices) for d in vocabulary.facts().values() if d.choices}
        own_codes = sorted({name for row in pack.injuries for name in (row.row, *row.codes)})
        #: Texts that rules look for, by the name of the field.
        self.texts: dict[str, list[str]] = {
            "code": [*vocabulary.injuries(), *own_codes],
            "route": list(pack.routes),
            "for": [*vocabulary.purposes(), *vocabulary.heads()],
            "kind": ["debt", "fine", "rent", "food", "tools", "rape", "assault"],
            "occupation": ["bricklayer", "cook", "electrician", "nurse"],
            "due_rule": ["last_bank_day_next_month"],
            "result": ["granted", "refused"],
            "pregnancy": ["none", "yes", "lost"],
            **{path.rsplit(".", 1)[-1]: found for path, found in choices.items()},
        }
        self.random = random.Random()
        self.fields = fields_of(CaseFile)

    def entry(self, fields: list[tuple[str, Make]]) -> dict[str, Any]:
        """Some of the fields of a group, each with a value of its own kind."""
        share = self.random.choice(self.shares)
        made = {name: make(self) for name, make in fields if self.random.random() < share}
        for first, second in IN_ORDER:
            days = made.get(first), made.get(second)
            if all(isinstance(day, str) and day[:1].isdigit() for day in days):
                made[first], made[second] = sorted(map(str, days))
        return made

    def some_day(self) -> date:
        """A day on which something may have happened."""
        return self.first + timedelta(days=self.random.randrange((self.last - self.first).days))

    def day(self, name: str) -> Any:
        """A day, a month, a year, or a time between two days."""
        rng = self.random
        day, how = self.some_day(), rng.random()
        if name == "birth_date":
            day = date(day.year - 20 - rng.randrange(40), day.month, min(day.day, 28))
        if how < 0.7:
            return day.isoformat()
        if how < 0.85:
            return day.isoformat()[:7] if how < 0.78 else str(day.year)
        return {"earliest": day.isoformat(), "latest": (day + timedelta(days=rng.randrange(400))).isoformat()}

    def number(self, name: str) -> Any:
        """A number or a range, between what its field may hold."""
        lowest, highest = BETWEEN.get(name, (0, 60))
        low = self.random.randint(lowest, highest)
        return low if self.random.random() < 0.8 else {"low": low, "high": self.random.randint(low, highest)}

    def amount(self, _name: str) -> Any:
        """Money."""
        return f"{self.random.randrange(5_000)}.{self.random.randrange(100):02}"

    def text(self, name: str) -> str:
        """Mostly a word that rules look for."""
        known = self.texts.get(name)
        return self.random.choice(known if known and self.random.random() < 0.85 else self.odd_texts)

    def currency(self) -> str:
        """Mostly that of the State."""
        return self.pack.jurisdiction.currency if self.random.random() < 0.8 else self.random.choice(("EUR", "USD", "RON", "ZZZ"))

    def pattern(self) -> Any:
        """Hours by the days of the week."""
        rng = self.random
        days = rng.sample(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), rng.randrange(8))
        return {day: [rng.choice(("08:00-12:00", "13:00-01:00", "00:00-24:00", "22:00-06:00", "09:30-09:31"))] for day in days}

    def some_country(self) -> str:
        """Mostly the State."""
        return self.country if self.random.random() < 0.8 else self.random.choice(("RO", "XX", "DE", "US"))

    def several(self, make: Make) -> list[Any]:
        """None, one, or a few."""
        return [make(self) for _ in range(self.random.choice((0, 1, 1, 2, 3)))]

    def silent(self, answers: tuple[Any, ...]) -> Any:
        """Now and then an answer that says nothing; `NotImplemented` else."""
        return self.random.choice(answers) if self.random.random() < self.silence else NotImplemented


_made: dict[type[Entry], list[tuple[str, Make]]] = {}


def fields_of(entry: type[Entry]) -> list[tuple[str, Make]]:
    """How each field of a group is made, by the name it has in a file."""
    if entry not in _made:
        _made[entry] = []
        hints = get_type_hints(entry, include_extras=True)
        for name, field in entry.model_fields.items():
            alias = field.alias or name
            if (make := _of(hints[name], alias)) is not None:
                _made[entry].append((alias, make))
    return _made[entry]


def fields_within(entry: type[Entry], name: str) -> list[tuple[str, Make]]:
    """The fields of the groups in a list."""
    hints = get_args(get_type_hints(entry, include_extras=True)[name])
    return fields_of(get_args(next(h for h in hints if get_origin(h) is list))[0])


def _of(hint: Any, name: str) -> Make | None:
    """What makes a value that a field takes; now and then an answer that says nothing."""
    plain: Make | None = (lambda maker: maker.currency()) if name == "currency" else _plain(hint, name)
    if plain is None or name == "version":
        return None

    silent = ("unknown", "declined", None) if Unsaid in get_args(hint) or get_origin(hint) is Annotated else (None,)

    def make(maker: Likely) -> Any:
        said = maker.silent(silent)
        return plain(maker) if said is NotImplemented else said

    return make


_NAMED: tuple[tuple[Any, Callable[[Likely, str], Any]], ...] = (
    (Number, lambda maker, name: maker.number(name)),
    (Amount, lambda maker, name: maker.amount(name)),
    (Day, lambda maker, name: maker.day(name)),
    (Text, lambda maker, name: maker.text(name)),
)
_SIMPLE: tuple[tuple[Any, Make], ...] = (
    (YesNo, lambda maker: maker.random.random() < 0.5),
    (Country, lambda maker: maker.some_country()),
    (Region, lambda maker: maker.random.choice(maker.regions)),
)


def _plain(hint: Any, name: str) -> Make | None:
    for known, named in _NAMED:
        if hint == known:
            return lambda maker: named(maker, name)
    for known, make in _SIMPLE:
        if hint == known:
            return make
    if isinstance(hint, type) and issubclass(hint, Entry):
        fields = fields_of(hint)
        return lambda maker: maker.entry(fields)
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return lambda maker: maker.random.choice(parts)
    if origin is dict:
        return lambda maker: maker.pattern()
    if origin is list:
        item = _plain(parts[0], name)
        return None if item is None else (lambda maker: maker.several(item))
    if origin in (Union, UnionType):
        makes = [m for m in (_plain(part, name) for part in parts if part not in (type(None), Unsaid, bool)) if m is not None]
        return (lambda maker: maker.random.choice(makes)(maker)) if makes else None
    if origin is Annotated:
        codes = _codes(hint)
        return None if codes is None else (lambda maker: maker.random.choice(codes))
    return None


def _codes(hint: Any) -> list[str] | None:
    """The codes of a closed list; its reader names them when it refuses something else."""
    for part in get_args(hint)[1:]:
        try:
            part.func(object())
        except ValueError as refused:
            return str(refused).removeprefix("code:").split(", ")
        except AttributeError:
            continue
    return None
