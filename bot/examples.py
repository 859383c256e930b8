"""What the assistant learns from: sentences with what they want, clauses with what they say of the writer."""

from __future__ import annotations

from dataclasses import dataclass

EMERGENCY = "emergency"
PAST_HARM = "past_harm"
KINDS = ("attack", "confinement", "medical", "self_harm", "child", "other_person")


@dataclass(frozen=True)
class Example:
    """A training sentence: its text, intent, language code and, of danger, its kind.

    `border`: written for where danger and harm that is over touch. People seldom write like that, so such sentences are
    learned from and reported, and no threshold is chosen by them.
    """

    text: str
    intent: str
    language: str
    kind: str | None
    border: bool = False

    @property
    def group(self) -> str:
        """What the example is to danger: `emergency`, `past_harm` or `other`, at the border or not."""
        name = self.intent if self.intent in (EMERGENCY, PAST_HARM) else "other"
        return f"{name}, border" if self.border else name


@dataclass(frozen=True)
class Clause:
    """A clause with everything it says of the writer: labels `group=value`, or one word for what it is instead of a fact."""

    text: str
    labels: frozenset[str]
    language: str
