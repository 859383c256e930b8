"""What protects in States without a pack (`calculator/rights.yaml`): a few facts each, told in phrases of the vocabulary."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from calculator import yaml12
from calculator.packs.model import Part, Rank, Text

RIGHTS = Path(__file__).parent.parent / "rights.yaml"


class Seen(Part):
    """That there is such a rule: how sure that is, and where and how old the text is that says so (`as_of`: a day, month, year or
    *undated*)."""

    confidence: Rank
    source: Text
    as_of: str | None = Field(default=None, pattern=r"^(\d{4}(-\d\d(-\d\d)?)?|undated)$")


class Length(Part):
    """So many days or months, as the law counts them."""

    days: int | None = Field(default=None, gt=0)
    months: int | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_unit(self) -> Length:
        if (self.days is None) == (self.months is None):
            raise ValueError("either days or months are needed, not both")
        return self


class Recovery(Seen, Length):
    """The time to recover and to decide."""

    bound: Literal["exactly", "at_least", "up_to"]
    child: Length | None = None
    no_removal: bool = False


class Stay(Seen):
    """A permit to stay for victims, and what it asks for."""

    if_: list[Literal["helps_police", "situation", "claim", "child"]] = Field(alias="if", min_length=1)


class Claim(Seen):
    """A way to money. `open_to` and `covers` only where the research says so; `name` is data."""

    kind: Literal["state_fund", "criminal_proceedings", "civil_claim", "labour_claim", "confiscation_fund"]
    name: Text | None = None
    open_to: list[Literal["everyone", "citizens", "eu_citizens", "legal_residents", "recognised_victims"]] = Field(default_factory=list)
    covers: list[Literal["injury", "death", "sexual_violence", "trafficking"]] = Field(default_factory=list)


class BasicRights(Part):
    """One State. What is left out is not known: nothing is told of it."""

    recovery: Recovery | None = None
    recovery_none: Seen | None = None
    stay: Stay | None = None
    not_punished: Seen | None = None
    no_police_needed: Seen | None = None
    interpreter: Seen | None = None
    claims: list[Claim] = Field(default_factory=list)

    @model_validator(mode="after")
    def _recovery_or_none(self) -> BasicRights:
        if self.recovery is not None and self.recovery_none is not None:
            raise ValueError("a State has a time to recover or has none, not both")
        return self


@cache
def basic_rights(file: Path = RIGHTS) -> dict[str, BasicRights]:
    """By country, for States without a pack. Raises pydantic.ValidationError for an entry that is not whole."""
    raw = yaml12.load(file.read_text(encoding="utf-8"))
    return {country: BasicRights.model_validate(entry or {}) for country, entry in raw.items()}
