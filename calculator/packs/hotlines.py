"""Numbers of States without a pack (`calculator/hotlines.yaml`), as the contacts a pack would have."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field, model_validator

from calculator import vocabulary, yaml12
from calculator.packs.model import Part, Rank
from calculator.packs.services import Contact, Reach

HOTLINES = Path(__file__).parent.parent / "hotlines.yaml"
#: A text that packs use too.
DAY_AND_NIGHT = "Day and night, every day"


class Line(Part):
    """One number: who answers, how sure it is, where it was seen."""

    number: str = Field(pattern=r"^\+?\d[\d -]*$")
    reaches: list[Reach] = Field(min_length=1)
    name: str | None = None
    emergency: bool = False
    day_and_night: bool = False
    may_report_status: bool = False
    confidence: Rank
    as_of: str | None = None
    source: str

    @model_validator(mode="after")
    def _has_a_name(self) -> Line:
        if self.reaches[0] not in vocabulary.services():
            raise ValueError(f"{self.number}: what it is first of all ({self.reaches[0]}) has no words in calculator/vocabulary/services.yaml")
        return self

    def contact(self) -> Contact:
        return Contact(
            id=f"line-{self.number.replace(' ', '')}",
            kind=self.reaches[0],
            name=self.name,
            number=self.number,
            reaches=self.reaches,
            emergency=self.emergency,
            hours=DAY_AND_NIGHT if self.day_and_night else None,
            may_report_status=self.may_report_status,
            source=self.source,
            as_of=self.as_of,
            confidence=self.confidence,
        )


@cache
def hotlines(file: Path = HOTLINES) -> dict[str, list[Contact]]:
    """Contacts by country, for States without a pack. Raises pydantic.ValidationError for a line that is not whole."""
    raw = yaml12.load(file.read_text(encoding="utf-8"))
    return {country: [Line.model_validate(line).contact() for line in lines] for country, lines in raw.items()}
