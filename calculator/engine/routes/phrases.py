"""Whole sentences that say a rule, and the figures that stand in them: what deadlines and conditions are said with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from calculator.engine.language.scope import Scope

#: Keys of a period in a formula, and the unit of each.
UNITS = {"years": "year", "months": "month", "weeks": "week", "days": "day"}
SLOT = re.compile(r"\{(\w+)\}")
_NUMBERS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|"
    "forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|half|twice"
)
_NUMBER = re.compile(rf"\d+|\b(?:{_NUMBERS})\b|\bone (?:more |new |other )?(?:year|month|week|day)\b", re.IGNORECASE)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
#: What is no length of time: a date, a year, a place in a law.
_NO_LENGTH = re.compile(rf"(?:\d{{1,2}} )?(?:{_MONTHS}) (?:19|20)\d\d|\b(?:19|20)\d\d\b|\d+ USC \d+|§+ ?\d+|\(\d[^)]*\)")
#: *whether it is hers*: nothing, once it is sure that the deadline is one for the person.
BesideADay = Literal["something", "whether it is hers", "nothing"]


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time: a number of a formula, or the parameter that holds it (then `number` says nothing)."""

    unit: str
    number: int = 0
    parameter: str | None = None
    #: The day on which the parameter is looked up, as a formula; None = the day of the estimate.
    at: Any = None


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure that is no length of time: money, a share, a number. It is the parameter's."""

    parameter: str


def figure_of(unit: str, parameter: str) -> Period | Amount:
    """The figure of a parameter, by what it is measured in."""
    return Period(unit, parameter=parameter) if unit in UNITS.values() else Amount(parameter)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence: a message id, and what fills its slots (`period`, `age`, `day`, `regions`, `heads`, or a parameter's name)."""

    text: str
    values: dict[str, Any]
    #: What it still tells where the day itself stands beside it.
    beside_a_day: BesideADay = "something"


def own_words(text: str, scope: Scope) -> Phrase:
    """A text of the pack: its numbers are those of parameters, written {name}. Raises PackError."""
    values: dict[str, Any] = {}
    for name in SLOT.findall(text):
        parameter = scope.parameters.get(name)
        if parameter is None:
            raise scope.unknown_name("parameter", name, scope.parameters)
        values[name] = figure_of(parameter.unit, name)
    if (number := loose_number(text)) is not None:
        raise scope.fault(
            "The number {found} stands in a text: it could say another one than the rule.", "Write the parameter in its place.", found=number
        )
    return Phrase(text, values)


def loose_number(text: str) -> str | None:
    """The first number in a text that no slot fills. Dates and places in a law are none."""
    found = _NUMBER.search(_NO_LENGTH.sub(" ", SLOT.sub(" ", text)))
    return found.group() if found else None
