"""Rules that change while somebody answers questions: she is told that what was worked out before may be otherwise now."""

from __future__ import annotations

from actions.turn import PROTECTS, Message, Turn
from calculator import api
from calculator.translation import _

CHANGED = _("The rules for this country were updated while we were talking. From now on I use the new ones. Your answers are still here.")
#: Letters of a checksum that tell one release from another.
_LETTERS = 16


def above(turn: Turn) -> None:
    """Say it once, above the next answer in which nothing protects; remember which rules of which country this interview goes by."""
    country = turn.country or ""
    now = api.default_rules().sha256_of.get(country, "")[:_LETTERS]
    before = turn.interview.rules.get(country)
    if not now or before == now:
        return
    tells = before is not None and bool(turn.interview.order)
    if tells and (not turn.messages or any(message.kind in PROTECTS for message in turn.messages)):
        return
    turn.interview.rules = {**turn.interview.rules, country: now}
    if tells:
        turn.messages.insert(0, Message(turn.translate(CHANGED)))
