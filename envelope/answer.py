"""What a message of the dialogue carries for the gateway beside its words (Rasa's `custom`)."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as part
from typing import Any

from envelope.errors import EnvelopeError, field

_OWN = ("set", "wipe", "forget_last", "result", "understood", "case", "calm", "hides")


@dataclass
class Extras:
    """`settings`: country, region or language to keep; `wipe`: everything was deleted; `forget_last`: the latest answer was;
    `result`: the answers behind a result;
    `understood`: what this message added to the case, as [{fact, value, text}]; `case`: the case as understood so far, as
    {case, confirmed, read}; `calm`: the message was an answer, so a line about danger above it would only frighten; `hides`: what was said
    before is not shown any more. `shown`: what clients
    may draw (progress, routes, amounts)."""

    settings: dict[str, Any] = part(default_factory=dict)
    wipe: bool = False
    result: dict[str, Any] | None = None
    understood: list[dict[str, Any]] = part(default_factory=list)
    case: dict[str, Any] | None = None
    calm: bool = False
    forget_last: bool = False
    hides: bool = False
    shown: dict[str, Any] = part(default_factory=dict)

    @classmethod
    def read(cls, body: dict[str, Any]) -> Extras:
        """Raises EnvelopeError when a field is of the wrong type."""
        understood = field(body, "understood", list, [])
        if not all(isinstance(u, dict) and {"fact", "value", "text"} <= set(u) for u in understood):
            raise EnvelopeError("expected each of 'understood' to have fact, value and text")
        return cls(
            settings=field(body, "set", dict, {}),
            wipe=field(body, "wipe", bool, False),
            forget_last=field(body, "forget_last", bool, False),
            result=field(body, "result", dict, None),
            understood=understood,
            case=field(body, "case", dict, None),
            calm=field(body, "calm", bool, False),
            hides=field(body, "hides", bool, False),
            shown={name: value for name, value in body.items() if name not in _OWN},
        )

    def to_json(self) -> dict[str, Any]:
        """As `read` reads it, without what is empty."""
        own = {
            "set": self.settings,
            "wipe": self.wipe,
            "forget_last": self.forget_last,
            "result": self.result,
            "understood": self.understood,
            "case": self.case,
            "calm": self.calm,
            "hides": self.hides,
        }
        return {**{name: value for name, value in own.items() if value}, **self.shown}
