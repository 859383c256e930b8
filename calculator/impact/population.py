"""The reference population of a State: cases made from a seed, on which a change of its rules is tried before anybody approves it.

They are nobody's cases and say nothing about how often something happens; they make sure that a change is seen wherever it acts. Each case
takes one value of every axis in `AXES` by chance, and the rest of its facts from `calculator.impact.likely`:

* what was done (each form of exploitation of the vocabulary),
* where (the whole country, or each of its regions),
* how old the person was then,
* how long it lasted, and how long ago it ended,
* on which day she asks: today, or a day until `until`, so that what holds only later is met too.

Every fourth case is one of the pack's own examples, moved in time: they are what its team thinks its routes are for. The same State, seed,
number and days give the same case; one that contradicts itself is made anew.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple, get_args

from calculator.case.model import CaseFile
from calculator.case.read import check_against, read_case
from calculator.dates import parse_date
from calculator.engine.routes.pack import Pack
from calculator.errors import CaseError
from calculator.impact.likely import Likely, fields_within
from calculator.packs.awards import Form

#: Ages at the beginning; days that it lasted; days since it ended.
AGES = (13, 16, 17, 18, 19, 20, 22, 24, 27, 33, 41, 52, 63)
LASTED = (14, 30, 45, 75, 100, 150, 200, 270, 330, 500, 800, 1_500, 3_000)
AGO = (10, 40, 100, 170, 250, 340, 500, 800, 1_050, 1_500, 2_500, 4_000)
#: One in so many is an example of the pack.
EXAMPLE_EVERY = 4
#: An example is moved by so many days at most, to both sides.
MOVED_DAYS = 500
AXES: dict[str, tuple[Any, ...]] = {"form": get_args(Form), "age": AGES, "lasted": LASTED, "ago": AGO}
#: How many of the other facts are known: in most cases few.
_SHARES = (0.05, 0.1, 0.2, 0.4)
_EARLIEST = date(1990, 1, 1)
#: So often a number is tried until its case does not contradict itself; three of four do not.
ATTEMPTS = 50


class Member(NamedTuple):
    """One case of the population: its number, the file, the case as it was read, the day on which it asks, the State or part of it."""

    number: int
    raw: dict[str, Any]
    case: CaseFile
    on: date
    jurisdiction: str


def population(pack: Pack, seed: int, numbers: range, today: date, until: date) -> Iterator[Member]:
    """The cases of these numbers."""
    made = _Cases(pack, today, until)
    for number in numbers:
        tries = (made.member(f"{seed}:{pack.code}:{number}:{attempt}", number) for attempt in range(ATTEMPTS))
        found = next((one for one in tries if one is not None), None)
        if found is not None:
            yield found


class _Cases(Likely):
    """Makes them."""

    shares = _SHARES

    def __init__(self, pack: Pack, today: date, until: date) -> None:
        super().__init__(pack, _EARLIEST, today)
        self.today, self.until = today, max(until, today)
        self.places = [pack.code, *(region.code for region in pack.jurisdiction.regions)]
        self.texts["locality"] = [place.code for place in pack.jurisdiction.localities]

    def member(self, seed: str, number: int) -> Member | None:
        """The case of a seed; None where it contradicts itself."""
        rng = self.random
        rng.seed(seed)
        on = self.today if rng.random() < 0.5 else self.today + timedelta(days=rng.randint(0, (self.until - self.today).days))
        examples = self.pack.examples
        if examples and number % EXAMPLE_EVERY == 0:
            example = examples[number // EXAMPLE_EVERY % len(examples)]
            moved = timedelta(days=rng.randint(-MOVED_DAYS, MOVED_DAYS)) if number >= EXAMPLE_EVERY * len(examples) else timedelta()
            raw, on = _moved(example.case, moved), example.on + moved
            place = example.jurisdiction or self.pack.code
        else:
            raw, place = self._made(on), rng.choice(self.places)
        try:
            case = read_case(raw)
            check_against(case, on)
        except CaseError:
            return None
        return Member(number, raw, case, on, place)

    def _made(self, on: date) -> dict[str, Any]:
        rng = self.random
        chosen = {name: rng.choice(values) for name, values in AXES.items()}
        end = on - timedelta(days=chosen["ago"] + rng.randrange(20))
        start = end - timedelta(days=chosen["lasted"] + rng.randrange(10))
        self.first, self.last = start, on
        raw: dict[str, Any] = {name: make(self) for name, make in self.fields if rng.random() < rng.choice(_SHARES)}
        raw["version"] = 1
        born = start.year - chosen["age"]
        raw["person"] = {**(raw.get("person") or {}), "birth_year": born}
        raw["person"].pop("birth_date", None)
        stay = self.entry(fields_within(CaseFile, "exploitation"))
        raw["exploitation"] = [{**stay, **self._here(start, end), "forms": [chosen["form"]]}]
        if "work" in raw or chosen["form"] in ("labour", "domestic_servitude") or rng.random() < 0.5:
            job = self.entry(fields_within(CaseFile, "work"))
            hours = rng.choice((20, 40, 48, 60, 84, {"low": 30, "high": 50}))
            paid = {"amount": str(rng.randrange(400)), "per": rng.choice(("day", "week", "month"))}
            raw["work"] = [{**job, **self._here(start, end), "hours_per_week": hours, "paid": [] if rng.random() < 0.3 else [paid]}]
        return raw

    def _here(self, start: date, end: date) -> dict[str, Any]:
        region = self.random.choice(self.regions) if self.pack.jurisdiction.regions and self.random.random() < 0.7 else None
        return {"country": self.country, "start": start.isoformat(), "end": end.isoformat(), "region": region}

    def some_country(self) -> str:
        return self.country

    def currency(self) -> str:
        return self.pack.jurisdiction.currency


def _moved(value: Any, by: timedelta) -> Any:
    """The same with every whole day moved."""
    if isinstance(value, dict):
        return {name: _moved(part, by) for name, part in value.items()}
    if isinstance(value, list):
        return [_moved(part, by) for part in value]
    if isinstance(value, date):
        return (value + by).isoformat()
    if isinstance(value, str) and len(value) == len("2024-01-31") and value[4] == value[7] == "-":
        return (parse_date(value).earliest + by).isoformat()
    return copy.copy(value)
