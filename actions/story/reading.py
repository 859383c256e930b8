"""What is kept while a text is read (`actions/story/told.py`): what was told so far, and where in the case it belongs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from actions.readers.hours import HoursRead
from actions.story.labels import ENTRY, JOB
from actions.story.places import places_of
from actions.story.whose import not_the_writers
from envelope import ParsedClause, Understood

__all__ = ["ENTRY", "JOB", "Reading", "Story", "Told", "is_over"]

#: Messages that tell something of the writer, as a whole.
TELLS = frozenset({"tell_story", "past_harm", "inform", "emergency", "correct_answer", "affirm", "deny"})
#: A text of which so many clauses surely tell something is somebody's own story.
OWN_STORY = 4


@dataclass(frozen=True, slots=True)
class Told:
    """A fact by its path, its value as the case file writes it, the words it was read from, and whether it is sure."""

    path: str
    value: Any
    words: str
    sure: bool = True


@dataclass
class Story:
    """Everything that was read from one text. `age` in years; `minor`, `ongoing`, `unsafe`: what protects; `length` in months."""

    told: dict[str, Told] = field(default_factory=dict)
    age: int | None = None
    minor: bool = False
    ongoing: bool = False
    unsafe: bool = False
    #: Something was told of somebody else.
    of_others: bool = False
    country: str | None = None
    length: tuple[Decimal, Decimal] | None = None

    def add(self, path: str, value: Any, words: str, sure: bool = True) -> None:
        """Keep a fact; a sure one is never replaced by a guess, lists are joined."""
        known = self.told.get(path)
        if known is not None and known.sure and not sure:
            return
        if known is not None and isinstance(known.value, list) and isinstance(value, list) and known.sure == sure:
            value = [*known.value, *(v for v in value if v not in known.value)]
        self.told[path] = Told(path, value, words, sure)


class Reading:
    """A text that is being read, clause by clause."""

    def __init__(
        self, parse: Understood, text: str, language: str, today: date, country: str | None, asked: str | None, helper: bool = False
    ) -> None:
        self.language, self.today, self.country, self.asked, self.helper = language, today, country, asked or "", helper
        self.entry = self.job = self.first_job = 0
        self.clauses = _merged(parse.clauses)
        self.whose = not_the_writers(text, self.clauses, language, asked is not None)
        #: A question or a wish: what is perhaps about somebody else counts as that.
        self.of_others = parse.intent not in TELLS
        self.deletes = parse.intent == "delete_data"
        self.places = places_of(parse, text, self.clauses, language, country)
        self.story = Story()
        self.hours: dict[int, HoursRead] = {}
        self.month_first = country == "US"
        self.here: str | None = None
        #: The first place of it all, for amounts that are told before it.
        self.first_here = next((p.country for places in self.places.values() for p in places if p.role == "here"), None)
        #: Jobs whose pay was told with a word such as "got".
        self.got: set[int] = set()
        #: Clearly the writer's own story.
        self.own = parse.intent in TELLS and sum(any(f.sure and f.group != "about" for f in c.facts) for c in self.clauses) >= OWN_STORY
        self.since = False
        #: How old somebody was when it began.
        self.age_then: int | None = None
        #: It perhaps goes on.
        self.perhaps = False
        self.over = False

    def _add(self, path: str, value: Any, words: str, sure: bool = True) -> None:
        self.story.add(path.format(e=self.entry, w=self.job), value, words, sure)


def is_over(clause: ParsedClause) -> bool:
    """Whether a clause says how it ended, or that the writer has left."""
    return clause.value("how_ended", guess=True) is not None or clause.value("now") == "left"


def _merged(clauses: tuple[ParsedClause, ...]) -> list[ParsedClause]:
    """The clauses in order, each once."""
    seen: dict[str, ParsedClause] = {}
    for clause in clauses:
        seen.setdefault(clause.text, clause)
    return list(seen.values())
