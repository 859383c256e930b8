"""Case files nobody has: every field of the model, as people fill it in, at its ends, and broken.

A case is made from one seed, so that a failure is made again from its number. Three kinds: *likely* (what a support worker may
write), *extreme* (what is allowed, at its ends) and *broken* (a likely case in which a few places hold what does not belong there).
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from calculator import vocabulary
from calculator.case.model import CaseFile, Country, Entry, Region
from calculator.case.values import Amount, Day, Number, Text, Unsaid, YesNo
from calculator.engine.routes.pack import Pack

Make = Callable[["Maker"], Any]

#: Days between which most of what happened lies, and those on which most cases are judged.
FIRST, LAST = date(2012, 1, 1), date(2024, 3, 1)
JUDGED_FIRST, JUDGED_LAST = date(2024, 3, 2), date(2026, 11, 30)
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
#: Days at the ends of what a calendar, a year or the reader holds.
END_DAYS = (
    "1900-01-01",
    "1900",
    "1901-02",
    "1904-02-29",
    "2000-02-29",
    "2024-02-29",
    "2100-02-28",
    "2199-12-31",
    "2200-12-31",
    "2200",
    "2200-12",
    {"earliest": "1900", "latest": "2200"},
    {"earliest": "2024-02-29", "latest": "2025-02-28"},
)
#: Numbers at the ends of what is read.
END_NUMBERS = (
    0,
    1,
    -1,
    "0.000000000001",
    "0.0000000000001",
    "999999999.99",
    1_000_000_000,
    "1000000000.01",
    "1e-30",
    "1e12",
    168,
    24,
    7,
    366,
    {"low": 0, "high": 1_000_000_000},
    {"low": "0.000000000001", "high": "0.000000000002"},
    {"low": 0, "high": 0},
)
#: What no field takes, and what some do.
JUNK: tuple[Any, ...] = (
    "0001-01-01",
    "9999-12-31",
    "0001",
    "9999-12",
    "2025-02-30",
    "2025-13",
    "0000-00-00",
    {"earliest": "0001-01-01", "latest": "9999-12-31"},
    {"earliest": "2025", "latest": "2024"},
    {"earliest": "2025"},
    "\ud800",
    "a\udfff",
    "\ud83d",
    "\x00",
    "\u202e",
    "",
    " ",
    "x" * 201,
    "y" * 5_000,
    float("nan"),
    float("inf"),
    float("-inf"),
    "NaN",
    "sNaN",
    "-Infinity",
    "1e999999999",
    "1e-999999999",
    10**40,
    -(10**400),
    10**5_000,
    2**64,
    -(2**63),
    1e308,
    -0.0,
    0.1,
    True,
    False,
    "true",
    "unknown",
    "declined",
    "UNKNOWN",
    [],
    {},
    [[]],
    [{}],
    {"": ""},
    {"low": 1},
    {"low": 2, "high": 1},
    {"low": "unknown", "high": 3},
    {"low": None, "high": None},
    {"amount": -1},
    {"per": "year"},
    {"amount": "x", "currency": "eur"},
    ["unknown"],
    [None],
    [None, {}],
    [1, "a", None, True],
    {"\ud800": 1},
    {"a" * 500: 1},
    {"a.b[0]": {"c": 1}},
    {"__class__": 1},
    {"{found}": "{found}"},
    "{found}",
    "{0}",
    "{",
    "%s",
    "١٢٣",
    "２０２５-０１-０１",
    "１２",
    "½",
    "0x10",
    "1_000",
    "1,5",
    "+5",
    "--5",
    "2025-01-01T00:00:00Z",
    "25:00-26:00",
    {"mon": ["24:59-00:00"]},
    {"mon": ["08:00-08:00"]},
    {"mon": "08:00-12:00"},
    {"mon": [1]},
    {"sun": ["23:59-00:00"] * 3},
    "De",
    "DEU",
    "DE\n",
)
#: Keys that are written where they do not belong.
KEYS = (
    "",
    " ",
    "unknown",
    "from",
    "from_",
    "for_",
    "version",
    "amount",
    "low",
    "\ud800",
    "x" * 300,
    "model_config",
    "__init__",
    "[0]",
    "work[0]",
    "é",
)


@dataclass(frozen=True, slots=True)
class Made:
    """One generated case, and how it is asked about."""

    raw: Any
    on: date | None
    jurisdictions: list[str] | None
    kind: str


class Maker:
    """Makes cases of one State."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
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
        #: How likely a value is one at the ends of what is allowed.
        self.extreme = 0.0
        self.fields = _fields(CaseFile)

    def case(self, seed: str) -> Made:
        """The case of a seed; the same seed makes the same case."""
        rng = self.random
        rng.seed(seed)
        kind = rng.choices(("likely", "extreme", "broken"), (4, 3, 3))[0]
        self.extreme = rng.choice((0.02, 0.1, 0.5)) if kind == "extreme" else 0.0
        raw = self.entry(self.fields)
        self._settle(raw)
        on: date | None = JUDGED_FIRST + timedelta(days=rng.randrange((JUDGED_LAST - JUDGED_FIRST).days))
        jurisdictions: list[str] | None = [self.country] if rng.random() < 0.8 else rng.choice((None, [rng.choice(self.regions)]))
        if kind == "broken":
            raw = self._broken(raw)
            if rng.random() < 0.05:
                jurisdictions = rng.choice(([], ["XX"], ["\ud800"], ["", "DE"], ["DE-" * 50], [self.country] * 40))
        if kind == "extreme" and rng.random() < 0.2 or kind == "broken" and rng.random() < 0.1:
            on = rng.choice((date.min, date.max, date(1899, 12, 31), date(1900, 1, 1), date(2200, 12, 31), date(2201, 1, 1), None))
        return Made(raw, on, jurisdictions, kind)

    def _settle(self, raw: dict[str, Any]) -> None:
        """Most cases are of this State and have what brings them into its rules."""
        rng = self.random
        raw["version"] = 1
        for group in ("exploitation", "work"):
            if not isinstance(raw.get(group), list):
                if rng.random() < 0.15:
                    continue
                raw[group] = [self.entry(_fields_of(CaseFile, group)) for _ in range(rng.choice((1, 1, 2, 3)))]
            for entry in raw[group]:
                if rng.random() < 0.9:
                    entry["country"] = self.country
                if rng.random() < 0.6:
                    first, last = sorted((self.some_day(), self.some_day()))
                    entry["start"], entry["end"] = first.isoformat(), last.isoformat()
        for job in raw.get("work") or []:
            if isinstance(job, dict) and rng.random() < 0.7:
                job.setdefault("hours_per_week", rng.choice((20, 40, 60, 84, {"low": 30, "high": 50})))
                paid = {"amount": str(rng.randrange(400)), "per": rng.choice(("day", "week", "month"))}
                job.setdefault("paid", [] if rng.random() < 0.4 else [paid])

    def entry(self, fields: list[tuple[str, Make]]) -> dict[str, Any]:
        """Some of the fields of a group, each with a value of its own kind."""
        share = self.random.choice((0.1, 0.3, 0.6, 0.95))
        made = {name: make(self) for name, make in fields if self.random.random() < share}
        for first, second in IN_ORDER:
            days = made.get(first), made.get(second)
            if all(isinstance(day, str) and day[:1].isdigit() for day in days):
                made[first], made[second] = sorted(map(str, days))
        return made

    def some_day(self) -> date:
        if self.random.random() < self.extreme:
            return self.random.choice((date(1900, 1, 1), date(1970, 1, 1), date(2200, 12, 31), date(2024, 2, 29), date(2000, 2, 29)))
        return FIRST + timedelta(days=self.random.randrange((LAST - FIRST).days))

    def day(self, name: str) -> Any:
        rng = self.random
        if rng.random() < self.extreme:
            return rng.choice(END_DAYS)
        day, how = self.some_day(), rng.random()
        if name == "birth_date":
            day = date(day.year - 20 - rng.randrange(40), day.month, min(day.day, 28))
        if how < 0.7:
            return day.isoformat()
        if how < 0.85:
            return day.isoformat()[:7] if how < 0.78 else str(day.year)
        return {"earliest": day.isoformat(), "latest": (day + timedelta(days=rng.randrange(400))).isoformat()}

    def number(self, name: str) -> Any:
        rng = self.random
        lowest, highest = BETWEEN.get(name, (0, 60))
        if rng.random() < self.extreme:
            return rng.choice((lowest, highest, {"low": lowest, "high": highest}, str(highest), *END_NUMBERS))
        low = rng.randint(lowest, highest)
        return low if rng.random() < 0.8 else {"low": low, "high": rng.randint(low, highest)}

    def amount(self, name: str) -> Any:
        if self.random.random() < self.extreme:
            return self.random.choice(END_NUMBERS)
        return f"{self.random.randrange(5_000)}.{self.random.randrange(100):02}"

    def text(self, name: str) -> str:
        rng = self.random
        known = self.texts.get(name)
        if known and rng.random() < 0.85:
            return rng.choice(known)
        return rng.choice(("x", "nurse", "a" * 200, "Ночь", "🧱", "{found}", 'it\'s "so"', "line\nbreak"))

    def currency(self) -> str:
        return self.pack.jurisdiction.currency if self.random.random() < 0.8 else self.random.choice(("EUR", "USD", "RON", "ZZZ"))

    def pattern(self) -> Any:
        rng = self.random
        days = rng.sample(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), rng.randrange(8))
        return {day: [rng.choice(("08:00-12:00", "13:00-01:00", "00:00-24:00", "22:00-06:00", "09:30-09:31"))] for day in days}

    def several(self, make: Make) -> list[Any]:
        count = self.random.choice((0, 1, 1, 2, 3))
        if self.random.random() < self.extreme / 20:
            count = self.random.choice((10, 25))
        return [make(self) for _ in range(count)]

    def _broken(self, raw: dict[str, Any]) -> Any:
        """Junk in a few places of the case, any of them."""
        rng = self.random
        if rng.random() < 0.01:
            return rng.choice(JUNK)
        for _ in range(rng.choice((1, 1, 2, 3))):
            places = list(_places(raw))
            owner, key = rng.choice(places)
            how = rng.random()
            if how < 0.7:
                owner[key] = copy.deepcopy(rng.choice(JUNK))
            elif how < 0.8 and isinstance(owner, dict):
                owner[rng.choice(KEYS)] = copy.deepcopy(rng.choice(JUNK))
            elif how < 0.9:
                other, its = rng.choice(places)
                owner[key] = copy.deepcopy(other[its])
            elif how < 0.97 and isinstance(owner[key], list):
                owner[key] = owner[key] * rng.choice((2, 3, 50))
            else:
                deep: Any = rng.choice((1, {}, []))
                for _ in range(rng.choice((5, 13, 40, 300))):
                    deep = [deep] if rng.random() < 0.5 else {"a": deep}
                owner[key] = deep
        return raw


def _places(owner: Any) -> Any:
    """(container, key) of every value of a case."""
    for key, value in list(owner.items()) if isinstance(owner, dict) else list(enumerate(owner)):
        yield owner, key
        if isinstance(value, dict | list):
            yield from _places(value)


_made: dict[type[Entry], list[tuple[str, Make]]] = {}


def _fields(entry: type[Entry]) -> list[tuple[str, Make]]:
    """How each field of a group is made, by the name it has in a file."""
    if entry not in _made:
        _made[entry] = []
        hints = get_type_hints(entry, include_extras=True)
        for name, field in entry.model_fields.items():
            alias = field.alias or name
            if (make := _of(hints[name], alias)) is not None:
                _made[entry].append((alias, make))
    return _made[entry]


def _fields_of(entry: type[Entry], name: str) -> list[tuple[str, Make]]:
    """The fields of the groups in a list."""
    hints = get_args(get_type_hints(entry, include_extras=True)[name])
    return _fields(get_args(next(h for h in hints if get_origin(h) is list))[0])


def _of(hint: Any, name: str) -> Make | None:
    """What makes a value that a field takes; now and then an answer that says nothing."""
    plain: Make | None = Maker.currency if name == "currency" else _plain(hint, name)
    if plain is None or name == "version":
        return None

    silent = ("unknown", "declined", None) if Unsaid in get_args(hint) or get_origin(hint) is Annotated else (None,)

    def make(maker: Maker) -> Any:
        return maker.random.choice(silent) if maker.random.random() < 0.05 else plain(maker)

    return make


_NAMED: tuple[tuple[Any, Callable[[Maker, str], Any]], ...] = (
    (Number, Maker.number),
    (Amount, Maker.amount),
    (Day, Maker.day),
    (Text, Maker.text),
)
_SIMPLE: tuple[tuple[Any, Make], ...] = (
    (YesNo, lambda maker: maker.random.random() < 0.5),
    (Country, lambda maker: maker.country if maker.random.random() < 0.8 else maker.random.choice(("RO", "XX", "DE", "US"))),
    (Region, lambda maker: maker.random.choice(maker.regions)),
)


def _plain(hint: Any, name: str) -> Make | None:
    for known, named in _NAMED:
        if hint == known:
            return partial(_call, named, name)
    for known, make in _SIMPLE:
        if hint == known:
            return make
    if isinstance(hint, type) and issubclass(hint, Entry):
        fields = _fields(hint)
        return lambda maker: maker.entry(fields)
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return lambda maker: maker.random.choice(parts)
    if origin is dict:
        return Maker.pattern
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


def _call(named: Callable[[Maker, str], Any], name: str, maker: Maker) -> Any:
    return named(maker, name)


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
