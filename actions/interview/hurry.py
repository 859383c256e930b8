"""A last day that is near is said above every answer, also in a messenger; never in a message of its own that nobody asked for."""

from __future__ import annotations

from actions.interview import result
from actions.turn import PROTECTS, Message, Turn
from calculator.engine.result.card import card_of
from envelope import Extras


def above(turn: Turn) -> None:
    """Put the day above what this answer says, when it does not say it itself, and nothing that protects is in it. It is worked out again
    from the answers as they are now: a corrected answer never leaves an old day behind."""
    if not turn.interview.near or not turn.messages or any(message.kind in PROTECTS for message in turn.messages):
        return
    found = result.so_far(turn)
    card = card_of(found, turn.translate, turn.language, result.is_minor(turn, found), amounts=False) if found is not None else None
    if card is None or card.day is None or not card.day.urgent:
        turn.interview.near = False
        return
    if not any(card.day.text in message.text for message in turn.messages):
        # What is not confirmed says so here, too.
        text = "\n".join([card.day.text, *([card.doubt] if card.doubt else [])])
        turn.messages.insert(0, Message(text, "estimate", extras=Extras(shown={"urgent": True})))
