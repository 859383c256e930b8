"""What a person does in a conversation, as data: played, kept, and played again until only what matters is left."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Act = Literal["write", "press", "foreign", "madeup", "twice", "again", "raw", "remove", "halt", "kill", "recover"]


@dataclass(frozen=True)
class Step:
    """One act.

    `text`: what is written, the title of the button that is pressed, the body that is sent as it is, or the server that is broken.
    `about`: what the text is: an intent of the training sentences, `danger`, `told`, `typed`, `odd` ... `back`: how many answers ago the
    button was shown.
    """

    do: Act
    text: str = ""
    about: str = ""
    back: int = 0

    def __str__(self) -> str:
        words = self.text if len(self.text) <= 300 else f"{self.text[:120]} ... ({len(self.text)} letters)"
        if self.do == "write":
            return f"> {words!r}  ({self.about})"
        if self.do == "press":
            return f"> [{words}]" + (f"  (shown {self.back} answers before the last)" if self.back else "")
        return f"> {self.do} {words!r}"


@dataclass(frozen=True)
class Opening:
    """How a conversation begins: its language, and its country where that is known."""

    language: str
    country: str | None = None


@dataclass(frozen=True)
class Complaint:
    """An invariant that did not hold: its name, what is wrong in a few words that are the same for the same fault, and the particulars."""

    check: str
    key: str
    detail: str = ""

    @property
    def name(self) -> str:
        """The same for all complaints that probably have one cause."""
        return f"{self.check}: {self.key}"


@dataclass
class Failure:
    """A conversation in which an invariant did not hold: the steps that lead there, as few as were found."""

    number: int
    opening: Opening
    complaint: Complaint
    steps: list[Step] = field(default_factory=list)
    #: Whether the fault showed again when the steps were played a second time.
    again: bool = False

    def lines(self) -> list[str]:
        """For people."""
        state = "" if self.again else "  (did not show again)"
        begin = f"{self.opening.language}, {self.opening.country or 'no country'}"
        detail = self.complaint.detail.strip()
        return [
            f"conversation {self.number} ({begin}): {self.complaint.name}{state}",
            *(f"  {step}" for step in self.steps),
            *(f"  | {line}" for line in detail.splitlines()[:12]),
        ]

    def to_json(self) -> dict[str, Any]:
        """As `read` reads it."""
        return asdict(self)

    @classmethod
    def read(cls, body: dict[str, Any]) -> Failure:
        """From `to_json`."""
        return cls(
            body["number"], Opening(**body["opening"]), Complaint(**body["complaint"]), [Step(**step) for step in body["steps"]], body["again"]
        )
