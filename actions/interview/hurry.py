"""A last day that is near is said above every answer, also in a messenger; never in a message of its own that nobody asked for."""

from __future__ import annotations

from datetime import date

from actions.turn import Message, Turn
from calculator.api import default_rules
from calculator.engine.result.card import URGENT_DAYS, NearDay, day_text
from calculator.engine.result.pack_texts import texts_of
from envelope import Extras

#: What comes before money in an answer: nothing is said above it.
_BEFORE = frozenset({"emergency", "emergency_hint", "confirm"})


def above(turn: Turn) -> None:
    """Put the day above what this answer says, when it does not say it itself, and nothing that protects is in it."""
    near = turn.interview.near
    if near is None or not turn.messages or any(message.kind in _BEFORE for message in turn.messages):
        return
    left = (date.fromisoformat(near.day) - turn.today).days
    pack = default_rules().pack(near.country)
    route = pack.routes.get(near.route) if pack is not None else None
    if pack is None or route is None or not 0 <= left <= URGENT_DAYS:
        turn.interview.near = None
        return
    name = texts_of(pack, turn.translate, turn.language).route(route).name
    text = day_text(NearDay(near.route, near.day, left, ""), name, turn.translate, turn.language)
    if not any(text in message.text for message in turn.messages):
        turn.messages.insert(0, Message(text, "estimate", extras=Extras(shown={"urgent": True})))
