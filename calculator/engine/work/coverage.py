"""Which jobs a rate, an overtime rule or a premium is for.

    {sector: [domestic], live_in: true}     {regions: [US-NY], employer_size: {at_least: 11}}
    {sector: [construction], unless: {occupation: [electrician]}}

A test fits, does not fit, or is open: because the fact was never asked (then it does not fit, and the fact is named as
missing) or because the answer was "I don't know" (then both ways are worked out).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from calculator import vocabulary
from calculator.case.model import Work
from calculator.case.values import NumberRange, Unsaid, read_decimal
from calculator.engine.facts.job_time import ends, weekly_hours
from calculator.engine.facts.readings import Facts, folded
from calculator.engine.language.scope import Scope, known_places
from calculator.engine.language.tried import register

#: Setting -> the field of a job it reads.
LISTS = {"employer_kind": "employer_kind", "sector": "sector", "occupation": "occupation", "localities": "locality", "regions": "region"}
#: Setting -> the field whose number it limits; `days` is how long the job lasted.
NUMBERS = {"employer_size": "employer_size", "hours_per_week": "hours_per_week", "days": "days"}
FLAGS = ("live_in", "training_completed", "apprentice", "permit_to_work", "collective_agreement")


class Fit(NamedTuple):
    """`sure` True or False, or None when it is open; `unasked` names the fields nobody asked for, `hints` those that would
    only tell of an exception."""

    sure: bool | None
    unasked: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


FITS = Fit(True)
FITS_NOT = Fit(False)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Tests of a job that must all hold."""

    lists: tuple[tuple[str, frozenset[str]], ...] = ()
    flags: tuple[tuple[str, bool], ...] = ()
    numbers: tuple[tuple[str, tuple[Decimal | None, Decimal | None]], ...] = ()
    unless: Coverage | None = None
    place: str = ""
    #: What is tested, in words that are the same for the same test.
    text: str = ""

    def fit(self, job: Work, facts: Facts) -> Fit:
        """Whether what this test stands for is for the job."""
        if not self.place:
            return FITS
        if facts.exercised is not None:
            found = self._fit(job, facts)
            facts.exercised.setdefault(self.place, set()).add(found.sure)
            return found
        # The rules of several routes put the same test to the same job.
        asked = (self.text, id(job))
        kept = facts.fits.get(asked)
        if kept is None:
            kept = facts.fits[asked] = (self._fit(job, facts), job)
        return kept[0]

    def _fit(self, job: Work, facts: Facts) -> Fit:
        sure = True
        unasked: list[str] = []
        hints: tuple[str, ...] = ()
        for field, wanted in self.lists:
            value = facts.region_of(job) if field == "region" else getattr(job, field)
            if isinstance(value, str) and not isinstance(value, Unsaid):
                if folded(value) not in wanted:
                    return FITS_NOT
                continue
            sure = False
            if value is None:
                unasked.append(field)
        for field, expected in self.flags:
            value = getattr(job, field)
            if isinstance(value, bool):
                if value is not expected:
                    return FITS_NOT
                continue
            sure = False
            if not isinstance(value, Unsaid):
                unasked.append(field)
        for field, limits in self.numbers:
            said = _number(field, job, facts)
            inside = _inside(said, limits)
            if inside is False:
                return FITS_NOT
            if inside is None:
                sure = False
                if said is None:
                    unasked.append(field)
        if self.unless is not None:
            other = self.unless.fit(job, facts)
            if other.sure:
                return FITS_NOT
            if other.sure is None and other.unasked:
                # An exception that nobody asked about is none yet; the fact is named.
                hints = other.unasked
            elif other.sure is None:
                sure = False
        if sure:
            return Fit(True, hints=hints) if hints else FITS
        return Fit(None, tuple(unasked), hints)


def _number(field: str, job: Work, facts: Facts) -> Any:
    """The number a test looks at; None = never asked."""
    if field == "hours_per_week":
        return weekly_hours(job)
    if field != "days":
        return getattr(job, field)
    start, end = ends(job, facts)
    # Which rules are for a job is asked only once its first and last day are known.
    assert start is not None and end is not None
    return NumberRange(Decimal((end.earliest - start.latest).days + 1), Decimal((end.latest - start.earliest).days + 1))


def _inside(size: Any, limits: tuple[Decimal | None, Decimal | None]) -> bool | None:
    if not isinstance(size, NumberRange):
        return None
    low, high = limits
    if (low is not None and size.high < low) or (high is not None and size.low > high):
        return False
    return True if (low is None or size.low >= low) and (high is None or size.high <= high) else None


def compile_coverage(raw: dict[str, Any], scope: Scope) -> Coverage:
    """The tests among the settings of a rate, overtime rule or premium. Raises PackError."""
    lists = []
    for name, field in LISTS.items():
        if name not in raw:
            continue
        wanted = raw[name] if isinstance(raw[name], list) else [raw[name]]
        if name in ("regions", "localities"):
            known = scope.regions if name == "regions" else scope.localities
            places = known_places(wanted, known, f"{field} of this pack", scope.inside(name))
            lists.append((field, frozenset(map(folded, places))))
            continue
        choices = vocabulary.facts()[f"job.{field}"].choices
        for code in wanted:
            if choices and code not in choices:
                raise scope.inside(name).unknown_name(f"choice of job.{field}", code, choices)
        lists.append((field, frozenset(map(folded, wanted))))
    for name in FLAGS:
        if name in raw and not isinstance(raw[name], bool):
            raise scope.inside(name).fault("This test is true or false, found {found}.", "Write true or false.", found=raw[name])
    numbers = []
    for name, field in NUMBERS.items():
        # A rate of its own has `hours`; the weekly hours of the job are `hours_per_week`.
        limits = raw.get(name)
        if limits is None:
            continue
        if not (isinstance(limits, dict) and set(limits) <= {"at_most", "at_least"}):
            raise scope.inside(name).fault("A number is compared with at_most or at_least.", "Write {{at_most: 10}}.")
        low, high = (read_decimal(limits[word]) if word in limits else None for word in ("at_least", "at_most"))
        numbers.append((field, (low, high)))
    flags = tuple((n, raw[n]) for n in FLAGS if n in raw)
    unless = compile_coverage(raw["unless"], scope.inside("unless")) if "unless" in raw else None
    tested = bool(lists or flags or numbers or unless)
    text = repr((sorted((field, sorted(wanted)) for field, wanted in lists), flags, numbers, unless.text if unless else None))
    return Coverage(tuple(lists), flags, tuple(numbers), unless, register(scope, "test") if tested else "", text)
