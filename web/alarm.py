"""What is said where there is danger, or may be: numbers first, and why there is no other answer below them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from danger.letters import Look
from web.danger import Contacts
from web.errors import Fault, RequestFault, describe
from web.i18n import Words
from web.rasa_client import Parse
from web.state import ConversationState, Message
from web.turns import Reply


class Alarm:
    """The words of danger, by what Rasa has read, and by the letters of a text where it has not."""

    def __init__(self, contacts: Contacts, locales_dir: Path) -> None:
        self._contacts = contacts
        self._locales_dir = locales_dir

    def numbers(self, parse: Parse | None, look: Look, state: ConversationState) -> list[Message]:
        """The whole emergency message."""
        return [Message(text=text, kind="emergency") for text in self._contacts.emergency(state.language, state.country, _kind(parse, look))]

    def hints(self, parse: Parse | None, look: Look, state: ConversationState) -> list[Message]:
        """One line with numbers above the answer: perhaps danger, or nobody could look whether there is."""
        if parse is not None and parse.danger_level == "none":
            return []
        return [Message(text=self._contacts.hint(state.language, state.country, _kind(parse, look)), kind="emergency_hint")]

    def because(self, fault: Fault | None, reply: Reply) -> Reply:
        """The reason stands below the numbers: heard by letters alone, danger may be a false alarm. Without a fault the reply as it is."""
        if fault is None:
            return reply
        last = reply.messages[-1]
        reason = describe(fault, Words(self._locales_dir, reply.language))
        said = last.model_copy(update={"text": "\n".join([last.text, *reason])})
        return replace(reply, messages=[*reply.messages[:-1], said])

    def turned_away(self, fault: Fault, look: Look, state: ConversationState) -> Reply:
        """The answer to somebody who has no conversation here: numbers, if it sounds like danger. Raises RequestFault if it does not."""
        if not look.sure:
            raise RequestFault(fault, state.language, state.country)
        return self.because(fault, Reply(self.numbers(None, look, state), state.language, kept=False))


def in_danger(parse: Parse | None, look: Look) -> bool:
    """Where Rasa has read the text it decides; else its letters do."""
    return parse.danger_level == "sure" if parse is not None else look.sure


def _kind(parse: Parse | None, look: Look) -> str | None:
    return parse.danger_kind if parse is not None else look.kind
