"""What travels with each message from the gateway to the dialogue."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from envelope.errors import EnvelopeError, field

VERSION = 2


@dataclass(frozen=True)
class Metadata:
    """Language (BCP 47) and place of the conversation, and what the person has just seen.

    `danger_shown`: a line of numbers stands above the answer; `after_emergency`: the message before was answered as an emergency;
    `language_changed`: the message has just changed the language; `held`: this is the text behind a false alarm, taken up again;
    `button`: a button was pressed, and `fact` is the question it answers; `page`: the conversation is held on our own page.
    """

    language: str = "en"
    country: str | None = None
    region: str | None = None
    danger_shown: bool = False
    after_emergency: bool = False
    held: bool = False
    language_changed: bool = False
    button: bool = False
    fact: str | None = None
    page: bool = False
    version: int = VERSION

    @classmethod
    def read(cls, body: Any) -> Metadata:
        """Raises EnvelopeError when a field is of the wrong type or the version is newer than this one."""
        if not isinstance(body, dict):
            raise EnvelopeError("expected 'metadata' to be an object")
        version = field(body, "version", int, 1)
        if version > VERSION:
            raise EnvelopeError(f"expected 'version' up to {VERSION}, found {version}")
        return cls(
            language=field(body, "language", str, "en"),
            country=field(body, "country", str, None),
            region=field(body, "region", str, None),
            danger_shown=field(body, "danger_shown", bool, False),
            after_emergency=field(body, "after_emergency", bool, False),
            held=field(body, "held", bool, False),
            language_changed=field(body, "language_changed", bool, False),
            button=field(body, "button", bool, False),
            fact=field(body, "fact", str, None),
            page=field(body, "page", bool, False),
            version=version,
        )

    def to_json(self) -> dict[str, Any]:
        """As `read` reads it, without what is empty."""
        return {name: value for name, value in asdict(self).items() if value not in (None, False)}
