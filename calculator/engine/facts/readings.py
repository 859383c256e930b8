"""Facts as the rules see them: the entries of one jurisdiction, combined, with honest gaps.

A reading is *absent* (never asked), *unsaid* (asked; unknown or declined) or *said*. Entries of another
country are not seen; an entry without a country counts when the case names none at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, NamedTuple

from calculator import vocabulary
from calculator.case.model import CaseFile, Entry, Exploitation, Money, Pay, Work
from calculator.case.values import NumberRange, Unsaid
from calculator.dates import DateRange, age_on
from calculator.engine.facts.converting import NoRate, in_money_of, of_rate
from calculator.quantity import ZERO, Value, absent, carry, unknown
from calculator.vocabulary import FactDefinition

Presence = Literal["absent", "unsaid", "said"]


class Reading(NamedTuple):
    """What the case says about one fact. `path` is the concrete path to ask or correct it."""

    definition: FactDefinition
    path: str
    presence: Presence
    values: tuple[Any, ...] = ()

    @property
    def value(self) -> Any:
        return self.values[0] if self.values else None


def _walk(owner: Any, names: Iterable[str]) -> Any:
    for name in names:
        owner = getattr(owner, name, None)
        if owner is None or isinstance(owner, Unsaid):
            return owner
    return owner


def _entries(items: Any, country: str) -> list[tuple[int, Any]]:
    if not isinstance(items, list):
        return []
    named = [(i, e) for i, e in enumerate(items) if e.country == country]
    if named:
        return named
    if all(not isinstance(e.country, str) for e in items):
        return list(enumerate(items))
    return []


def _of_region(entries: list[tuple[int, Any]], region: str | None) -> list[tuple[int, Any]]:
    """Entries of the part that was asked for, and those that name no part."""
    if region is None:
        return entries
    return [(i, e) for i, e in entries if e.region is None or isinstance(e.region, Unsaid) or e.region == region]


class Facts:
    """Reads facts of `case` for the jurisdiction of `country`, and of `route` where a fact is a route's own."""

    def __init__(self, case: CaseFile, country: str, on: date, region: str | None = None, currency: str | None = None) -> None:
        """`region` is the part of the country that was asked for: entries of other parts are left out. `currency`: the State's, in which
        all amounts are read."""
        told = case
        self.case = case = in_money_of(told, currency, on) if currency else told
        #: Whether amounts of the case were told in other money.
        self.converted = case is not told
        self.country = country
        self.region = region
        self.on = on
        self.acts: list[tuple[int, Exploitation]] = _of_region(_entries(case.exploitation, country), region)
        self.jobs: list[tuple[int, Work]] = _of_region(_entries(case.work, country), region)
        #: Where outcomes of choices are noted (`calculator.engine.language.tried`); None = nowhere.
        self.exercised: dict[str, set[bool | None]] | None = None
        self._cache: dict[tuple[str, str], Reading] = {}
        self._exact_jobs: dict[int, bool] = {}
        #: How tests of jobs came out (`calculator.engine.work.coverage`), by their text and the job, which is kept so that no other
        #: takes its place.
        self.fits: dict[tuple[str, int], tuple[Any, Work]] = {}
        #: When each job of the case was (`calculator.engine.facts.job_time`).
        self.job_times: dict[int, Any] = {}
        #: The first day of any work, once it was looked for (`calculator.engine.work.job`).
        self.first_work: tuple[date | None] | None = None
        self._days: dict[tuple[str, str], DateRange | None] = {}

    def read(self, fact: str, route: str = "") -> Reading:
        """The reading of a fact id of the vocabulary; `route` selects whose claims count."""
        key = (fact, route if fact.startswith("claim.") else "")
        reading = self._cache.get(key)
        if reading is None:
            reading = self._read(vocabulary.facts()[fact], route)
            tried = {fact}
            stand_in = reading.definition.fallback if reading.presence == "absent" else None
            # Two facts may stand in for each other; each is looked at once.
            while stand_in is not None and stand_in not in tried:
                tried.add(stand_in)
                other = self._read(vocabulary.facts()[stand_in], route)
                stand_in = other.definition.fallback
                if other.presence != "absent":
                    reading, stand_in = Reading(reading.definition, other.path, other.presence, other.values), None
            self._cache[key] = reading
        return reading

    def _read(self, definition: FactDefinition, route: str) -> Reading:
        group, names = definition.group, definition.names
        if group is None:
            if definition.id == "job.exists":
                return self._jobs(definition)
            if definition.id == "person.birth_year":
                return self._birth(definition)
            return _reading(definition, definition.path, [_walk(self.case, names)])
        entries = self._group(group, route)
        if definition.only:
            entries = [(i, e) for i, e in entries if all(_may_be(getattr(e, name), wanted) for name, wanted in definition.only.items())]
        place: int | str
        if not entries:
            # The next entry; a claim is that on this route, whichever number it gets.
            place = f"route={route}" if group == "procedure.claims" and route else self._next_index(group)
            return Reading(definition, definition.path.replace("[]", f"[{place}]", 1), "absent")
        found = [_walk(entry, names) for _, entry in entries]
        place = next((i for (i, _), value in zip(entries, found, strict=True) if value is None), entries[0][0])
        return _reading(definition, definition.path.replace("[]", f"[{place}]", 1), found)

    def _jobs(self, definition: FactDefinition) -> Reading:
        if self.jobs:
            return Reading(definition, "work", "said", (True,))
        if self.case.work is None:
            return Reading(definition, "work", "absent")
        return (
            Reading(definition, "work", "said", (False,))
            if self.case.work == []
            else Reading(definition, "work", "unsaid" if isinstance(self.case.work, Unsaid) else "absent")
        )

    def _birth(self, definition: FactDefinition) -> Reading:
        """A birth date says the year as well; asking for the year is easier and safer."""
        day, year = self.case.person.birth_date, self.case.person.birth_year
        if day is not None and not isinstance(day, Unsaid):
            return Reading(definition, "person.birth_date", "said", (day,))
        if isinstance(year, NumberRange):
            span = DateRange(date(int(year.low), 1, 1), date(int(year.high), 12, 31))
            return Reading(definition, "person.birth_year", "said", (span,))
        return Reading(definition, "person.birth_year", "absent" if day is None and year is None else "unsaid")

    def _group(self, group: str, route: str) -> Sequence[tuple[int, Any]]:
        if group == "exploitation":
            return self.acts
        if group == "work":
            return self.jobs
        if group == "procedure.claims":
            return self.claims(route)
        items = _walk(self.case, group.split("."))
        if not isinstance(items, list):
            return []
        return [(i, a) for i, a in enumerate(items) if not isinstance(a.country, str) or a.country == self.country]

    def claims(self, route: str) -> list[tuple[int, Any]]:
        """What was filed on a route already."""
        claims = self.case.procedure.claims
        return [(i, c) for i, c in enumerate(claims) if c.route == route] if isinstance(claims, list) else []

    def _next_index(self, group: str) -> int:
        items = _walk(self.case, group.split("."))
        return len(items) if isinstance(items, list) else 0

    def regions(self) -> Reading:
        """The parts of the country that the acts and jobs name, or the one that was asked for."""
        return self._regions

    @cached_property
    def _regions(self) -> Reading:
        definition = vocabulary.facts()["act.region"]
        if self.region is not None:
            return Reading(definition, "exploitation[0].region", "said", (self.region,))
        act = self.read("act.region")
        named = [*(act.region for _, act in self.acts), *(job.region for _, job in self.jobs)]
        said = [region for region in named if region is not None and not isinstance(region, Unsaid)]
        if said:
            return Reading(definition, act.path, "said", tuple(dict.fromkeys(said)))
        return Reading(definition, act.path, act.presence)

    def region_of(self, job: Work) -> str | Unsaid | None:
        """Where a job was: its own part, else the one of the acts, else the one that was asked for."""
        if job.region is not None:
            return job.region
        return self._region

    @cached_property
    def _region(self) -> str | Unsaid | None:
        if self.region is not None:
            return self.region
        named = {e.region for _, e in self.acts if e.region is not None}
        return named.pop() if len(named) == 1 else None

    def exact(self, index: int, job: Work) -> bool:
        """Whether everything that the case says of a job is one number, one day, one answer."""
        jobs = self.case.work
        if not isinstance(jobs, list) or job is not jobs[index]:
            return _exact(job)
        if index not in self._exact_jobs:
            self._exact_jobs[index] = _exact(job)
        return self._exact_jobs[index]

    # -- typed readings -----------------------------------------------------------------------------------

    def number(self, fact: str, route: str = "") -> Value:
        """A number or an amount of money as a range; unsaid = the fact's bounds; absent = missing."""
        reading = self.read(fact, route)
        if reading.presence == "absent":
            return absent(reading.path)
        ranges = [_range(value, reading.definition) for value in reading.values] or [_unsaid(reading.definition)]
        if reading.definition.type in ("money", "pay") and any(_not_said(value) for value in reading.values or (None,)):
            # Nobody knows how much it was: from nothing up, and no figure of ours above.
            brought = of_rate(list(reading.values))
            if brought.gaps and len(reading.values) == 1:
                return unknown(*brought.gaps)
            return carry(Value(low=sum((r.low for r in ranges), ZERO), high=None), [brought])
        if reading.definition.combine == "sum":
            low, high = sum((r.low for r in ranges), ZERO), sum((r.high for r in ranges), ZERO)
        elif reading.definition.combine == "most":
            low, high = max(r.low for r in ranges), max(r.high for r in ranges)
        else:
            low, high = ranges[0].low, ranges[0].high
        found = Value(low=low, high=high)
        return carry(found, [of_rate(list(reading.values))]) if reading.definition.type in ("money", "pay") else found

    def day(self, fact: str, route: str = "") -> DateRange | None:
        """A date; None when it is not known (whether asked or not)."""
        key = (fact, route)
        if key not in self._days:
            self._days[key] = self._day(fact, route)
        return self._days[key]

    def _day(self, fact: str, route: str) -> DateRange | None:
        reading = self.read(fact, route)
        days = [v for v in reading.values if isinstance(v, DateRange)]
        if not days or len(days) < len(reading.values):
            return None
        if reading.definition.combine == "latest":
            return DateRange(max(d.earliest for d in days), max(d.latest for d in days))
        return DateRange(min(d.earliest for d in days), min(d.latest for d in days))

    def age(self, on: date) -> tuple[int, int] | None:
        """Youngest and oldest age on a day, or None when the birth date is not known."""
        birth = self.day("person.birth_year")
        if birth is None:
            return None
        return age_on(birth.latest, on), age_on(birth.earliest, on)


def _may_be(said: Any, wanted: str) -> bool:
    return said is None or isinstance(said, Unsaid) or said == wanted


def _exact(said: Any) -> bool:
    if isinstance(said, (Unsaid, NoRate)):
        return False
    if isinstance(said, NumberRange):
        return said.low == said.high
    if isinstance(said, DateRange):
        return said.exact
    if isinstance(said, list):
        return all(map(_exact, said))
    return all(map(_exact, said.__dict__.values())) if isinstance(said, Entry) else True


def _reading(definition: FactDefinition, path: str, found: list[Any]) -> Reading:
    said = [v for v in found if v is not None]
    if not said:
        return Reading(definition, path, "absent")
    if any(isinstance(v, Unsaid) for v in said):
        return Reading(
            definition, path, "unsaid", tuple(v for v in said if not isinstance(v, Unsaid)) if definition.combine in ("any", "union") else ()
        )
    return Reading(definition, path, "said", tuple(said))


def _not_said(value: Any) -> bool:
    """Whether an amount of money was asked for and not said."""
    if isinstance(value, Money):
        value = value.amount
    return not isinstance(value, NumberRange)


def _unsaid(definition: FactDefinition) -> NumberRange:
    low, high = definition.bounds or (ZERO, Decimal("1000000000"))
    return NumberRange(low, high)


#: How many times a month a payment comes; a month has 52/12 weeks.
_A_MONTH = {"month": Decimal(1), "week": Decimal(52) / 12}


def _range(value: Any, definition: FactDefinition) -> NumberRange:
    if isinstance(value, Pay) and definition.unit == "month" and isinstance(value.amount, NumberRange):
        times = _A_MONTH.get(value.per or "month")
        return _unsaid(definition) if times is None else NumberRange(value.amount.low * times, value.amount.high * times)
    if isinstance(value, Money):
        value = value.amount
    if isinstance(value, NumberRange):
        return value
    return _unsaid(definition)


def folded(word: str) -> str:
    """A word as it is compared: capitals and spaces around it make no difference. Codes have their own capitals."""
    return word.strip().casefold()
