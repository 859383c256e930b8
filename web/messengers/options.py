"""Choices in a messenger: each has a digit, or a letter where the question itself wants a number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from calculator.engine.result.questions import definition_of
from web.state import Button, ConversationState, Message, StoredButton

#: Facts whose answers are written with digits: "2" must stay an answer there.
WRITTEN_WITH_DIGITS = frozenset({"date", "number", "money", "pay", "pays"})
LATIN = "abcdefghijklmnopqrstuv"
#: Letters that the keyboard of the language has. All alphabets are equally long.
ALPHABETS = {
    "ar": "\u0623\u0628\u062c\u062f\u0647\u0648\u0632\u062d\u0637\u064a\u0643\u0644\u0645\u0646\u0633\u0639\u0641\u0635\u0642\u0631\u0634\u062a",
    "bg": "\u0430\u0431\u0432\u0433\u0434\u0435\u0436\u0438\u043a\u043b\u043c\u043d\u043e\u043f\u0440\u0441\u0442\u0443\u0444\u0445\u0446\u0447",
}
ALPHABETS |= {"ru": ALPHABETS["bg"], "uk": ALPHABETS["bg"]}
#: Alef is often typed without its hamza.
PLACES = {letter: place for letters in (LATIN, *ALPHABETS.values()) for place, letter in enumerate(letters)} | {"\u0627": 0}
CHOICE = re.compile(r"[(\[]?\s*(\d{1,2}|[^\W\d_])\s*[)\].:]*")


def labels(facts: Sequence[str | None], language: str) -> list[str]:
    """Labels of choices, in order: "1." or "a)". `facts` are the questions they answer."""
    if _letters(facts):
        alphabet = ALPHABETS.get(language.split("-")[0], LATIN)
        return [f"{alphabet[place]})" for place in range(len(facts))]
    return [f"{number}." for number in range(1, len(facts) + 1)]


def labelled(messages: Sequence[Message], language: str) -> list[list[tuple[str, Button]]]:
    """The choices of each message with their labels. They are counted through, as one answer."""
    facts = [message.fact for message in messages for _button in message.buttons]
    left = iter(labels(facts, language))
    return [[(next(left), button) for button in message.buttons] for message in messages]


def written_out(messages: Sequence[Message], language: str) -> list[str]:
    """Each message with its choices as lines below it."""
    choices = labelled(messages, language)
    return [
        "\n".join(filter(None, [message.text, *(f"{label} {button.title}" for label, button in shown)]))
        for message, shown in zip(messages, choices, strict=True)
    ]


def chosen(text: str, state: ConversationState) -> StoredButton | None:
    """The open choice that a text names by its label, or None. What is open comes from the state, not from memory here."""
    if state.emergency_shown:
        # What follows an emergency answers that, not the question from before.
        return None
    newest = max((button.turn for button in state.buttons), default=0)
    buttons = [button for button in state.buttons if button.turn == newest]
    match = CHOICE.fullmatch(_plain(text))
    if match is None or not buttons:
        return None
    said = match[1]
    if said.isdecimal() == _letters([button.fact for button in buttons]):
        return None
    place = int(said) - 1 if said.isdecimal() else PLACES.get(said, -1)
    return buttons[place] if 0 <= place < len(buttons) else None


def _letters(facts: Sequence[str | None]) -> bool:
    return len(facts) <= len(LATIN) and any(_wants_digits(fact) for fact in facts)


def _wants_digits(fact: str | None) -> bool:
    definition = definition_of(fact) if fact else None
    return definition is not None and definition.type in WRITTEN_WITH_DIGITS


def _plain(text: str) -> str:
    """A text without what keyboards add: wide and circled digits, keycaps, marks of direction."""
    normal = unicodedata.normalize("NFKC", text.casefold())
    return "".join(c for c in normal if unicodedata.category(c) not in ("Cf", "Mn", "Me")).strip()
