"""What a jurisdiction pack says, before the engine compiles it: plain data with one shape everywhere.

A pack is a folder: `jurisdiction.yaml`, `sources.yaml`, `contacts.yaml`, `protection.yaml`,
`parameters/*.yaml`, `routes/*.yaml`, `examples/*.yaml`. Texts are English message ids of the `law` catalogue.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from calculator.case.values import read_decimal
from calculator.dates import parse_date


def _day(raw: Any) -> Any:
    """One exact day; a month or a year alone would leave open which rate applies."""
    if raw is None or isinstance(raw, date):
        return raw
    span = parse_date(str(raw))
    if not span.exact:
        raise ValueError("a full date such as 2024-01-31 is needed")
    return span.earliest


Day = Annotated[date, BeforeValidator(_day)]
Figure = Annotated[Any, BeforeValidator(lambda raw: None if raw is None else read_decimal(raw))]
Rank = Literal["official", "derived", "secondary", "unverified"]
Text = Annotated[str, Field(min_length=1)]
Payer = Literal["offender", "employer", "state"]
#: What becomes of who is late.
Late = Literal["final", "pleaded", "allowed", "unknown"]
SourceKind = Literal["official", "court", "academic", "organisation", "press"]
Basis = Literal["statute", "tariff", "practice", "arithmetic"]
RelationKind = Literal["subsidiary", "alternative", "deducts", "cumulative"]
Kind = Literal["state_fund", "criminal_proceedings", "civil_claim", "labour_claim", "confiscation_fund", "other"]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Part):
    """Where a rule or figure can be read: official title and address, who says it, how old, when we looked.

    `kind`: official (a law, a gazette, an office or public body on its own matter), court (a decision), academic, organisation
    (associations, unions, advice centres, law firms), press. A label is no better than its page (`calculator.packs.labels`).
    """

    title: Text
    kind: SourceKind
    url: str | None = None
    as_of: str | None = None
    checked_on: Day | None = None
    note: str | None = None


class TableRow(Part):
    """One row of a table parameter: up to and including `upto`, or the row of `key`."""

    upto: Figure = None
    key: str | None = None
    label: str | None = None
    group: str | None = None
    value: Figure = None
    low: Figure = None
    high: Figure = None
    confidence: Rank | None = None
    source: str | None = None
    note: str | None = None


class DatedValue(Part):
    """What holds from a day until another. A null value says that the figure is not known."""

    from_: Day = Field(alias="from")
    to: Day | None = None
    value: Figure = None
    low: Figure = None
    high: Figure = None
    rows: list[TableRow] | None = None
    source: str | None = None
    confidence: Rank | None = None
    checked_on: Day | None = None
    review_by: Day | None = None
    note: str | None = None


class Parameter(Part):
    """A dated figure, or a dated table (`by` says what its rows go by)."""

    id: str = Field(pattern="^[a-z][a-z0-9_]*$")
    title: Text
    unit: str
    by: Literal["age", "number", "key"] | None = None
    rhythm: str | None = Field(None, pattern=r"^every \d\d-\d\d( and \d\d-\d\d)*$")
    source: str | None = None
    confidence: Rank | None = None
    checked_on: Day | None = None
    status: Literal["draft", "active"] = "active"
    note: str | None = None
    values: list[DatedValue] = Field(min_length=1)


class Condition(Part):
    """One condition of a route. `test` null = nothing in a case file can tell.

    It is said by phrases of the vocabulary (`said`; that of its id where nothing is named), or by a text of the pack's own.
    """

    id: str
    said: list[str] = Field(default_factory=list)
    text: Text | None = None
    test: Any = None
    source: str
    usually_met: bool = False
    otherwise: Literal["closed", "later"] = "closed"
    waits_for: str | None = None
    confidence: Rank = "official"
    valid_from: Day | None = None
    valid_to: Day | None = None
    governed_by: Literal["act", "last_act", "application", "decision", "consolidation", "on"] = "last_act"


class Head(Part):
    """One head of damage of a route: named steps and a result, or the datum that is missing.

    `beside` heads (interest that grows by the day) are shown but not added to the route's amount.
    """

    head: str
    payer: Payer
    basis: Basis = "statute"
    when: Any = None
    steps: dict[str, Any] = Field(default_factory=dict)
    result: Any = None
    alternative_to: list[str] = Field(default_factory=list)
    beside: bool = False
    gap: str | None = None
    note: str | None = None
    source: str | None = None


class Deadline(Part):
    """A time limit: how the day is found, what can extend it, and what becomes of who is late.

    It is said from its formula (`calculator.engine.routes.deadline_words`): `act` is what there is time for, `begins` from when it counts
    (both words of `calculator/vocabulary/deadlines.yaml`, needed only where the usual one does not hold), `about` what no formula
    holds, `extends` (words of the same file) and `relief` what can stop or extend the time and what stays open after it. `within` is a
    length of time from a day that no case file has. What cannot be said so has a `rule` in words. Texts write their numbers as {parameter}.

    `bars`: *claim* (the loss can no longer be claimed on this route), *older_parts* (only what fell due long before is lost; the pay
    rule's `not_before` leaves it out), *remedy* (one way to ask or one extra is lost, the loss itself is not), *appeal* (against a
    decision, or for more after one: it is shown once the decision exists).
    `heads`: the heads of damage it is about; without them all of the route.
    `late`: *final* (the court or office itself refuses), *pleaded* (only when the other side says that it is late), *allowed* (somebody
    may still let it in), *unknown* (the research does not say).
    `longer_of`: the id of another deadline of the route: both run, and the later day counts.
    """

    id: str
    rule: Text | None = None
    act: str | None = None
    begins: str | None = None
    about: Text | None = None
    within: dict[Literal["years", "months", "weeks", "days"], Any] | None = None
    bars: Literal["claim", "older_parts", "remedy", "appeal"]
    heads: list[str] | None = None
    late: Late = "unknown"
    longer_of: str | None = None
    date: Any = None
    extends: list[str] = Field(default_factory=list)
    relief: str | None = None
    source: str
    confidence: Rank = "official"
    when: Any = None


class InjuryRow(Part):
    """How the shared injury vocabulary maps to a row of this pack's own tariff."""

    codes: list[str]
    row: str
    severity: list[str] | None = None
    permanent: bool | None = None
    weeks: tuple[int, int | None] | None = None


class Named(Part):
    id: str
    text: Text


class Cap(Part):
    """A cap, a deductible or a threshold over several heads at once; without `heads`, over the whole route."""

    heads: list[str] | None = None
    at_most: Any = None
    deductible: Any = None
    nothing_below: Any = None
    when: Any = None
    source: str | None = None
    note: str | None = None


class HowOften(Part):
    text: Text
    source: str


class Relation(Part):
    """How a route stands to others: `subsidiary` comes after them, `alternative` instead, `deducts` what they paid."""

    to: list[str]
    kind: RelationKind
    text: str | None = None
    source: str | None = None


class Route(Part):
    """One way to claim in one jurisdiction. `name` says what it is, in words that other States may share; `called` is how it is known there,
    or which part of the country it is of: data, never translated. `local_name` is its whole name in the offices' language.
    """

    id: str = Field(pattern="^[a-z][a-z0-9-]*$")
    kind: Kind
    name: Text
    called: Text | None = None
    local_name: str | None = None
    authority: Text
    legal_basis: list[str]
    source: str
    status: Literal["draft", "active"] = "active"
    confidence: Rank = "official"
    may_report_status: bool = False
    report_note: str | None = None
    regions: list[str] | None = None
    dates: dict[str, Any] = Field(default_factory=dict)
    pay_rules: dict[str, dict[str, Any]] = Field(default_factory=dict)
    conditions: list[Condition]
    heads: list[Head]
    caps: list[Cap] = Field(default_factory=list)
    deadlines: list[Deadline] = Field(default_factory=list)
    documents: list[Named] = Field(default_factory=list)
    steps: list[Text] = Field(default_factory=list)
    cost: str | None = None
    relations: list[Relation] = Field(default_factory=list)
    how_often: HowOften | None = None
    gaps: list[Text] = Field(default_factory=list)


class Region(Part):
    """A part of the country with rules of its own: it inherits the country's and says what it changes."""

    code: str = Field(pattern="^[A-Z]{2}-[A-Z0-9]{1,3}$")
    name: Text
    changes: list[Text] = Field(default_factory=list)


class Locality(Part):
    """A city or county with a rate of its own (`work[].locality` of the case)."""

    code: str = Field(pattern="^[A-Z]{2}-[A-Z0-9]{1,3}-[A-Z0-9]{1,5}$")
    region: str
    name: Text


class Jurisdiction(Part):
    code: str
    country: str
    name: Text
    currency: str = Field(pattern="^[A-Z]{3}$")
    languages: list[str]
    status: Literal["draft", "active"] = "active"
    regions: list[Region] = Field(default_factory=list)
    #: Whether `regions` are all parts of the country, so that there is no other part.
    regions_complete: bool = False
    localities: list[Locality] = Field(default_factory=list)
    sources_checked_on: Day
    open_questions: list[Text] = Field(default_factory=list)
    pitfalls: list[Text] = Field(default_factory=list)
    #: How much of what people asked for they were given, where a study or an office says it.
    asked_and_given: HowOften | None = None


class Example(Part):
    """A case with what must come out. `constructed` examples test arithmetic, they are not awards."""

    id: str
    title: Text
    kind: Literal["published_award", "official_example", "secondary_example", "constructed"]
    source: str
    confidence: Rank = "official"
    on: Day
    jurisdiction: str | None = None
    case: dict[str, Any]
    expect: dict[str, Any]
    note: str | None = None
