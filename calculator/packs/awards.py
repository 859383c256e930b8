"""What courts and funds gave others (`awards.yaml`), and the bands by which they set a sum (`bands.yaml`), as a pack says them.

Both calibrate and compare. Neither is a tariff, and neither enters a total.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, model_validator

from calculator.packs.model import Figure, Part, Rank, Source, Text

Form = Literal["labour", "domestic_servitude", "sexual", "begging", "criminal", "forced_marriage", "organ_removal", "other"]
Violence = Literal["none", "threats", "physical", "severe"]
SexualViolence = Literal["none", "once", "repeated"]
#: Who set the sum: a criminal, civil or labour court, a human rights tribunal, a fund, or the two sides themselves.
DecidedBy = Literal["criminal", "civil", "labour", "human_rights", "fund", "settlement"]
#: A year, a month or a day, as exactly as it is known.
PartDate = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
#: *binding*: a tariff or a limit of the law; *guideline*: published for judges or offices; *practice*: what courts follow without one;
#: *decisions*: counted from published sums, no guideline.
BandStatus = Literal["binding", "guideline", "practice", "decisions"]
#: What a band's figures are: money, money a day of harm or a month, weeks of pay, a multiple of the loss, a share of a court's sum.
Measure = Literal["money", "money_a_day", "money_a_month", "weeks_of_pay", "multiple", "share"]


class AwardFacts(Part):
    """The facts of a published case, in the words of the case file; null = not said, never none.

    `months` the exploitation lasted, `hours_per_week` of work, `victims` people in the same case.
    """

    forms: list[Form] = Field(default_factory=list)
    months: Figure = None
    minor: bool | None = None
    violence: Violence | None = None
    sexual_violence: SexualViolence | None = None
    hours_per_week: Figure = None
    live_in: bool | None = None
    documents_taken: bool | None = None
    victims: int | None = None


class AwardSum(Part):
    """One sum of a decision. `head`: a head of damage, or one of `calculator.vocabulary.heads.award_heads()`.

    `awarded` null = granted, the sum is not known; 0 = refused. `at_least`: a lower bound ("more than"). `for_all`: for all people of the case
    together, so it bounds nobody's own sum. Sums of one decision are never
    added: one may be a part of another, and often each is another person's.
    """

    head: str
    claimed: Figure = None
    awarded: Figure = None
    at_least: bool = False
    for_all: bool = False
    note: str | None = None


class Award(Part):
    """A published decision or settlement, coded by its facts. `about` and `note` are English, for lawyers.

    `court`: its name in its own language; behind a semicolon what is for lawyers (an appeal). Left out where its name is not known, or
    nobody decided: then it is told by who decided.

    `routes`: the ways of this pack on which it was given, where not all of that kind. `only_compares`: no case of exploitation, or of another
    kind than trafficking; it only shows how such harm is measured. `shown` false: it would mislead who reads it, since it was undone later, its
    sources disagree, or it was refused for a reason that its facts do not tell; it is kept for lawyers.
    """

    id: str = Field(pattern="^[a-z0-9][a-z0-9-]*$")
    date: PartDate | None = None
    court: Text | None = None
    decided_by: DecidedBy
    final: bool | None = None
    only_compares: bool = False
    shown: bool = True
    facts: AwardFacts
    about: Text | None = None
    currency: str = Field(pattern="^[A-Z]{3}$")
    sums: list[AwardSum] = Field(min_length=1)
    routes: list[str] = Field(default_factory=list)
    source: str
    confidence: Rank
    note: str | None = None


class BandRow(Part):
    """One step of a band; null = an end that was not seen or that does not exist, never zero.

    `harm`: it is for this kind of harm alone, and counts where the case has it.
    """

    label: Text
    low: Figure = None
    high: Figure = None
    criteria: str | None = None
    measure: Measure | None = None
    harm: Literal["sexual", "threats", "physical", "severe"] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> BandRow:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("low is above high")
        return self


class GuidelineBand(Part):
    """Figures by which a court or an office sets a sum, from a day until another (`from`/`to` as exactly as they are known): the day
    of the decision, or the last day of the crime (`governed_by`).

    `heads` as in `AwardSum`; `parameter`: the pack's own figures that hold this table already, so that it is worked out and not shown again.
    `title`, `body`, `how_used`, labels and criteria are English, for lawyers.
    """

    id: str = Field(pattern="^[a-z0-9][a-z0-9-]*$")
    title: Text
    body: str | None = None
    status: BandStatus
    heads: list[str] = Field(min_length=1)
    routes: list[str] = Field(default_factory=list)
    regions: list[str] = Field(default_factory=list)
    currency: str | None = Field(None, pattern="^[A-Z]{3}$")
    measure: Measure = "money"
    from_: PartDate | None = Field(None, alias="from")
    to: PartDate | None = None
    governed_by: Literal["decision", "last_act"] = "decision"
    rows: list[BandRow] = Field(min_length=1)
    how_used: str | None = None
    parameter: str | None = None
    source: str
    confidence: Rank
    note: str | None = None


class Elsewhere(Part):
    """Published decisions of a State that has no pack, with their sources (`calculator/jurisdictions/elsewhere.yaml`)."""

    sources: dict[str, Source]
    awards: list[Award]


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """A published decision, the State it is of, and where it can be read. It is itself and no other: what is made of it can be kept."""

    country: str
    award: Award
    source: Source
