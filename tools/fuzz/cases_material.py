"""Case files nobody has: every field of the model, as people fill it in, at its ends, and broken.

A case is made from one seed, so that a failure is made again from its number. Three kinds: *likely* (what a support worker may
write), *extreme* (what is allowed, at its ends) and *broken* (a likely case in which a few places hold what does not belong there).
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from calculator.case.model import CaseFile
from calculator.engine.routes.pack import Pack
from calculator.impact.likely import BETWEEN, Likely, Make, fields_within

#: Days between which most of what happened lies, and those on which most cases are judged.
FIRST, LAST = date(2012, 1, 1), date(2024, 3, 1)
JUDGED_FIRST, JUDGED_LAST = date(2024, 3, 2), date(2026, 11, 30)
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


class Maker(Likely):
    """Makes cases of one State."""

    odd_texts = ("x", "nurse", "a" * 200, "Ночь", "🧱", "{found}", 'it\'s "so"', "line\nbreak")

    def __init__(self, pack: Pack) -> None:
        super().__init__(pack, FIRST, LAST)
        #: How likely a value is one at the ends of what is allowed.
        self.extreme = 0.0

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
                raw[group] = [self.entry(fields_within(CaseFile, group)) for _ in range(rng.choice((1, 1, 2, 3)))]
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

    def some_day(self) -> date:
        """A day; at the ends of what is allowed, a far one."""
        if self.random.random() < self.extreme:
            return self.random.choice((date(1900, 1, 1), date(1970, 1, 1), date(2200, 12, 31), date(2024, 2, 29), date(2000, 2, 29)))
        return super().some_day()

    def day(self, name: str) -> Any:
        """The same."""
        return self.random.choice(END_DAYS) if self.random.random() < self.extreme else super().day(name)

    def number(self, name: str) -> Any:
        """The same."""
        if self.random.random() < self.extreme:
            lowest, highest = BETWEEN.get(name, (0, 60))
            return self.random.choice((lowest, highest, {"low": lowest, "high": highest}, str(highest), *END_NUMBERS))
        return super().number(name)

    def amount(self, name: str) -> Any:
        """The same."""
        return self.random.choice(END_NUMBERS) if self.random.random() < self.extreme else super().amount(name)

    def several(self, make: Make) -> list[Any]:
        """A few; at the ends of what is allowed, many."""
        if self.random.random() < self.extreme / 20:
            return [make(self) for _ in range(self.random.choice((10, 25)))]
        return super().several(make)

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
