"""Who helps and what protects, as a pack says it: numbers and services with their hours (`contacts.yaml`), rights (`protection.yaml`), and
the words that its offices use (`terms.yaml`)."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from babel import Locale
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from calculator.packs.model import Day, Part, Rank, Text

Reach = Literal[
    "police",
    "ambulance",
    "fire",
    "trafficking",
    "women",
    "children",
    "crisis",
    "victims",
    "labour",
    "legal_aid",
    "shelter",
    "compensation",
    "medical",
    "psychological",
    "residence",
]

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _clock(raw: Any) -> Any:
    """A time of day as 9:00 or 17:30; 24:00 is the end of the day."""
    if not isinstance(raw, str) or not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d|24:00", raw):
        raise ValueError("a time of day such as 9:00 or 17:30 is needed, in quotes")
    hour, minute = raw.split(":")
    return int(hour) * 60 + int(minute)


Clock = Annotated[int, BeforeValidator(_clock)]


def _known_language(code: str) -> str:
    """A language that can be named to readers. Raises ValueError for any other."""
    if code not in Locale("en").languages:
        raise ValueError(f"{code} is no code of a language; write one such as fr or ar")
    return code


class Open(Part):
    """When somebody answers, by the clocks of the country: days as `mon` or `mon-fri`, and from when to when, in minutes since midnight.

    `at_most`: outside of it surely nobody answers, within it we do not know ("office hours"; hours without their days).
    """

    days: str = Field(pattern=f"^({'|'.join(WEEK)})(-({'|'.join(WEEK)}))?$")
    opens: Clock = Field(alias="from")
    closes: Clock = Field(alias="to")
    at_most: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Open:
        first, _sep, last = self.days.partition("-")
        if self.opens >= self.closes or last and WEEK.index(first) >= WEEK.index(last):
            raise ValueError(f"{self.days} from {self.opens} to {self.closes} minutes ends before it begins")
        return self

    def at(self, weekday: int, minute: int) -> bool:
        """Whether somebody answers on this day of the week (Monday is 0) at this minute of the day."""
        first, _sep, last = self.days.partition("-")
        return WEEK.index(first) <= weekday <= WEEK.index(last or first) and self.opens <= minute < self.closes


class Contact(Part):
    """One number or service. `kind` says what it is (a word of `calculator/vocabulary/services.yaml`), `name` how it is called there: data,
    never translated. `reaches` says for which needs it is offered; `confidence` and `as_of` are shown with it.

    `hours` is needed only where `open` does not say it; `languages` are codes ("fr"), what they leave out is a `languages_note`.

    `acute` False keeps a line out of danger messages: it serves another purpose than someone in danger now.
    """

    id: str
    kind: str
    name: Text | None = None
    number: str | None = None
    url: str | None = None
    channel: Literal["voice", "sms", "chat", "app", "web"] = "voice"
    reaches: list[Reach]
    emergency: bool = False
    acute: bool = True
    silent: bool = False
    needs_registration: bool = False
    hours: str | None = None
    open: list[Open] = Field(default_factory=list)
    languages: list[Annotated[str, AfterValidator(_known_language)]] = Field(default_factory=list)
    languages_note: Text | None = None
    for_whom: str | None = None
    gives: str | None = None
    region: str | None = None
    free: bool | None = None
    may_report_status: bool = False
    source: str
    as_of: str | None = None
    confidence: Rank
    hours_confidence: Rank | None = None
    call_tested_on: Day | None = None
    note: str | None = None


class Right(Part):
    """One right told in the chat: short sentences, whose law, how sure.

    `law` are its provisions: data, never translated. `text_of` is the year of the text that was seen, or *undated*, where it may have
    changed since; `law_seen` is false where the law itself was not. `for_counsel` is what only a lawyer needs: what was and was not found.
    """

    id: str
    text: Text
    details: list[Text] = Field(default_factory=list)
    law: list[Text] = Field(default_factory=list)
    text_of: str | None = Field(default=None, pattern=r"^(\d{4}|undated)$")
    law_seen: bool = True
    for_counsel: list[Text] = Field(default_factory=list)
    source: str
    confidence: Rank = "official"
    days: str | None = None


class Protection(Part):
    """What protects the person, by topic: residence, police, children, privacy, legal_help, medical, ..."""

    topics: dict[str, list[Right]]


class Term(Part):
    """A word of the State's own that has to be said, written or found there: `term` is its meaning in the vocabulary, `words` the word by the
    language it is in. It stands beside what is told of `routes` and of the `topics` of protection; in `regions` alone where these are named.
    """

    term: str
    words: dict[str, Text] = Field(min_length=1)
    source: str
    routes: list[str] = Field(default_factory=list)
    topics: list[str] = Field(default_factory=list)
    regions: list[str] = Field(default_factory=list)


class Terms(Part):
    """The words of a State, the ones to say first."""

    terms: list[Term]
