"""Buttons: Rasa's payloads stay here, clients get ids that mean nothing elsewhere."""

from __future__ import annotations

import secrets

from web.rasa_client import RasaMessage
from web.state import ANSWERS_WITH_OPEN_BUTTONS, Button, ConversationState, Message, StoredButton


def to_messages(state: ConversationState, answer: list[RasaMessage]) -> list[Message]:
    """Turn Rasa's answer into messages for the client, keeping the payload of each button in `state`.

    Call once a turn, after `state.turn` was advanced; buttons of old turns are forgotten here.
    """
    oldest = state.turn - ANSWERS_WITH_OPEN_BUTTONS
    state.buttons = [button for button in state.buttons if button.turn > oldest]
    return [_to_message(state, message) for message in answer]


def _to_message(state: ConversationState, message: RasaMessage) -> Message:
    shown = []
    for title, payload in message.buttons:
        stored = StoredButton(id=secrets.token_urlsafe(9), title=title, payload=payload, fact=message.fact, turn=state.turn)
        state.buttons.append(stored)
        shown.append(Button(title=title, button=stored.id))
    return Message(**message.extras.shown, text=message.text, buttons=shown, kind=message.kind, fact=message.fact)


def with_button(state: ConversationState, message: Message, title: str, payload: str) -> Message:
    """The message with one more button of ours below it."""
    stored = StoredButton(id=secrets.token_urlsafe(9), title=title, payload=payload, turn=state.turn)
    state.buttons.append(stored)
    return message.model_copy(update={"buttons": [*message.buttons, Button(title=title, button=stored.id)]})


def find_button(state: ConversationState, button: str) -> StoredButton | None:
    """The stored button with this id, or None if it never was, or is no longer open."""
    return next((stored for stored in state.buttons if stored.id == button), None)


def button_of_title(state: ConversationState, text: str) -> StoredButton | None:
    """The newest open choice whose words the person typed, for whoever writes "yes" instead of pressing it."""
    said = text.strip().casefold()
    newest = max((button.turn for button in state.buttons), default=0)
    found = [button for button in state.buttons if button.turn == newest and button.title.casefold() == said]
    return found[0] if len(found) == 1 else None
