"""The estimate as it is told: one type for each part of it, its texts in the reader's language, its amounts decimal strings.

Chat, page, command and interface render from these types, and JSON is these types too (`redress schema estimate`): the fields of a
part are its keys, in this order; `from_` and `caps` have the contract's names there, "from" and "limits". A field more is one line
here, with its value where the part is made (`calculator.engine.result.report`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from calculator.engine.routes.choosing import Why
from calculator.engine.routes.outcome import Debtor, Status
from calculator.engine.routes.pack import Per
from calculator.packs.awards import BandStatus, Measure
from calculator.packs.model import Basis, Kind, Payer, Rank, RelationKind
from calculator.packs.model import Late as LateKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a rule or a figure can be read, how old the text is, and when somebody looked last."""

    title: str
    url: str | None
    as_of: str | None
    checked_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A sum, or what it lies between. `low` None = not known, never zero; `high` None = no upper end that is known."""

    low: str | None
    typical: str | None
    high: str | None
    per: Per
    from_: Annotated[str | None, Field(alias="from")]
    until: str | None
    #: Paid by the month for as long as the law says.
    unbounded: bool
    unknown: bool
    #: Only a part of the time, or of the losses, has a figure.
    partial: bool
    #: Heads of damage that are not in the sum, largest first.
    without: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A figure that lies between two; None = no end that is known."""

    low: str | None
    high: str | None


#: What a step worked with or came to: a decimal string or a word, a count, a range, several words.
Figure = str | int | Range | list[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceStep:
    """One step of the working out: what it did, with what, what came out, and the law's figure behind it."""

    step: str
    op: str
    inputs: dict[str, Figure]
    value: Figure
    parameter: str | None
    valid_from: str | None
    source: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """Why something is in no sum: its time has passed (`sure`) or may have, by which deadline, and what becomes of it."""

    deadline: str
    sure: bool
    how: LateKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyPaid:
    """What was paid already and comes off a sum once."""

    debtor: Debtor
    amount: Amount
    text: str


def beside(paid: list[AlreadyPaid], not_in: str | None) -> list[str]:
    """What stands beside a sum, in sentences: what came off it, and what is not in it."""
    return [*(one.text for one in paid), *([not_in] if not_in else [])]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidStretch:
    """Some time of work at one rate: hours x rate = earned, less what was paid. Decimal strings; `rate` None = not one rate an hour,
    `paid` None = not known."""

    from_: Annotated[str, Field(alias="from")]
    until: str
    hours: str
    rate: str | None
    earned: str
    paid: str | None
    room_and_food: str | None
    owed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How unpaid wages were counted, at the least (`stretches`), and what they come to with the answers that are best for the person."""

    stretches: list[PaidStretch]
    least: str
    most: str
    #: The same in sentences.
    text: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One head of damage at one confidence; `counted` False = beside the sum, `time_barred` = too old to be claimed."""

    head: str
    name: str
    payer: Payer
    amount: Amount
    basis: Basis
    confidence: Rank
    counted: bool
    time_barred: bool
    late: Late | None
    alternative_to: list[str]
    note: str | None
    source: Source | None
    #: Unpaid wages, hour by hour; None for any other loss.
    counted_out: Counted | None
    trace: list[TraceStep]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of a route, and whether the case meets it."""

    id: str
    status: Literal["met", "not_met", "unknown"]
    text: str
    #: What it would take, where the case does not meet it.
    reason: str | None
    usually_met: bool
    confidence: Rank
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word that the offices use, by the language it is in, and what it means; `text` says both."""

    id: str
    words: dict[str, str]
    means: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The earliest day it may be, None = not known, and what can still be done once it has passed."""

    id: str
    date: str | None
    days_left: int | None
    rule: str
    #: What is left of the rule to say where its day stands beside it.
    short: str
    relief: str | None
    bars: Literal["claim", "older_parts", "remedy", "appeal"]
    #: The heads of damage it is about; None = all of the route.
    heads: list[str] | None
    late: LateKind
    confidence: Rank
    source: Source

    @property
    def coming(self) -> bool:
        """Today or later."""
        return self.days_left is not None and self.days_left >= 0

    @property
    def passed(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def becomes_of_late(self) -> LateKind:
        """What becomes of who asks after it. A limit that is not confirmed refuses nobody for good."""
        return "unknown" if self.late == "final" and self.confidence == "unverified" else self.late


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document that a route asks for."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownHead:
    """A head of damage that a route pays and for which there is no figure."""

    head: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparable:
    """What a court or an office gave somebody else for one head of damage, as it was published, beside this case.

    `head` None = for several losses at once, or not said for which. `amounts` and `claimed` in `currency`, of their day; `sums` says them.
    `date` as exactly as it is known. `about` and `note` are English, for lawyers. `is_alike`: `calculator.engine.result.comparing`.
    """

    id: str
    head: str | None
    amounts: list[str]
    #: Whether they are for all people of the case together.
    for_all: bool
    currency: str
    claimed: str | None
    date: str | None
    court: str | None
    country: str
    which: str
    facts: str
    sums: list[str]
    is_alike: bool
    alike: list[str]
    different: list[str]
    #: One sentence of what is alike, one of what is not.
    alike_and_different: list[str]
    about: str | None
    note: str | None
    source: Source
    confidence: Rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One step of the figures by which a court or an office sets a sum; None = an end that was not seen.

    `title`, `label`, `criteria` and `how_used` are English, for lawyers; `text` says the whole band, None = it is for lawyers alone.
    """

    id: str
    head: str
    low: str | None
    high: str | None
    currency: str | None
    measure: Measure
    label: str
    criteria: str | None
    status: BandStatus
    title: str
    how_used: str | None
    valid_from: str | None
    text: str | None
    source: Source | None
    confidence: Rank


@dataclass(frozen=True, slots=True)
class Decision:
    """A published decision as it is told: which, what happened, what was given, what is alike and what is not."""

    id: str
    country: str
    is_alike: bool
    which: str
    facts: str
    sums: list[str]
    beside: list[str]
    about: str | None
    source: Source
    confidence: Rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """What bounds several heads of a route at once, in words."""

    kind: str
    heads: list[str] | None
    text: str
    source: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """How a route stands to others."""

    to: list[str]
    kind: RelationKind
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way to money: whether it is open, what it comes to, until when, with which papers and steps."""

    id: str
    kind: Kind
    name: str
    local_name: str | None
    authority: str
    legal_basis: list[str]
    status: Status
    waits_for: str | None
    late: Late | None
    conditions: list[Condition]
    lines: list[Line]
    amount: Amount
    #: What is not in the amount, in a sentence.
    not_in_amount: str | None
    #: Where there is no amount: who decides, what others got, which paper and which answer would help.
    instead: list[str]
    already_paid: list[AlreadyPaid]
    unconfirmed: Amount | None
    deadlines: list[Deadline]
    documents: list[Paper]
    steps: list[str]
    missing: list[str]
    confidence: Rank
    may_report_status: bool
    report_note: str | None
    #: What is not known: of this case, of heads without a figure, and of the law in every case.
    gaps: list[str]
    #: Those of this case: a blank figure, money without a rate, work that is too old.
    case_gaps: list[str]
    #: Those that the law leaves open in every case: for who checks the sum.
    law_gaps: list[str]
    unknown_heads: list[UnknownHead]
    stale_since: str | None
    cost: str | None
    how_often: str | None
    comparable: list[Comparable]
    bands: list[Band]
    #: That published decisions are not typical, and how few are like this case.
    compared: list[str]
    #: For which heads whose sum a court or an office sets neither a decision nor a band is known.
    none_known: str | None
    caps: Annotated[list[Cap], Field(alias="limits")]
    relations: list[Relation]
    #: Words of the State's own that have to be said, written or found on this way.
    terms: list[Term]
    source: Source

    @property
    def beside_amount(self) -> list[str]:
        """What stands beside the amount."""
        return beside(self.already_paid, self.not_in_amount)

    @property
    def has_others(self) -> bool:
        """Whether there is anything to tell of what others got."""
        return bool(self.comparable or self.told_bands or self.none_known)

    @property
    def notes_on_others(self) -> list[str]:
        """How near the decisions are, and for what nothing is known."""
        return [*self.compared, *([self.none_known] if self.none_known else [])]

    @property
    def decisions(self) -> list[Decision]:
        """The published decisions, each once, with all its sums that are beside this case."""
        return [_told(entries) for entries in _by_id(self.comparable)]

    @property
    def told_bands(self) -> list[Band]:
        """The bands that a person can be told, each once: the first step of each."""
        return list({band.text: band for band in reversed(self.bands) if band.text}.values())[::-1]

    @property
    def gaps_for_the_person(self) -> list[str]:
        """Those of the case and of its heads."""
        return [gap for gap in self.gaps if gap not in self.law_gaps]


def _by_id(found: list[Comparable]) -> list[list[Comparable]]:
    groups: dict[str, list[Comparable]] = {}
    for one in found:
        groups.setdefault(one.id, []).append(one)
    return list(groups.values())


def _told(entries: list[Comparable]) -> Decision:
    first = entries[0]
    sums = list(dict.fromkeys(text for entry in entries for text in entry.sums))
    is_alike = any(entry.is_alike for entry in entries)
    return Decision(
        first.id,
        first.country,
        is_alike,
        first.which,
        first.facts,
        sums,
        [*first.alike_and_different],
        first.about,
        first.source,
        first.confidence,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is not added to a row of the totals, how much it is, and why."""

    route: str
    why: Why
    amount: Amount
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """One row of the totals: a head of damage counted once, who pays it, and by which route."""

    payer: Payer
    head: str
    name: str
    route: str
    amount: Amount
    excludes: list[str]
    beside: list[Beside]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """All routes of one jurisdiction, and the totals across them."""

    code: str
    name: str
    changes: list[str]
    currency: str
    minor: bool | None
    routes: list[Route]
    totals: list[Total]
    already_paid: list[AlreadyPaid]
    total: Amount
    #: What is not in the total, in a sentence.
    not_in_total: str | None
    #: How much of what people asked for they were given there, where a study says it.
    asked_and_given: str | None
    #: In which language the offices read and write, where the reader's is another.
    office_language: str | None

    @property
    def beside_total(self) -> list[str]:
        """What stands beside the total."""
        return beside(self.already_paid, self.not_in_total)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Which rules made the estimate."""

    id: str | None
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What can be claimed on a day, in each jurisdiction of the case."""

    on: str
    engine: str
    release: Release
    not_covered: list[str]
    jurisdictions: list[Jurisdiction]
