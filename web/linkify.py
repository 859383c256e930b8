"""Telephone numbers in messages as links, so that one touch calls."""

from __future__ import annotations

from markupsafe import Markup, escape

from web.danger import NUMBER, Contacts
from web.state import Message

# Anywhere else a short number may be an amount or a day.
KINDS_WITH_SHORT_NUMBERS = frozenset({"emergency", "emergency_hint", "unavailable", "services"})
FEWEST_DIGITS_ANYWHERE = 5


def linkified(message: Message, contacts: Contacts) -> Markup:
    """The message as HTML: everything escaped, then numbers that contacts.json knows as tel: links."""
    known = contacts.numbers()
    parts: list[Markup] = []
    end = 0
    for match in NUMBER.finditer(message.text):
        number = match.group()
        digits = "".join(character for character in number if character.isdigit())
        if number not in known:
            continue
        short = len(digits) < FEWEST_DIGITS_ANYWHERE
        if short and message.kind not in KINDS_WITH_SHORT_NUMBERS:
            continue
        if short and message.kind == "services" and not _ends_line(message.text, match.end()):
            # A service card has its number at the end of a line; elsewhere "15" is an hour or an age.
            continue
        parts.append(escape(message.text[end : match.start()]))
        # A number keeps its order in a text that runs from right to left.
        parts.append(Markup('<a class="number" dir="ltr" href="tel:{}">{}</a>').format(callable_number(number), number))
        end = match.end()
    parts.append(escape(message.text[end:]))
    return Markup("").join(parts)


def callable_number(number: str) -> str:
    """A telephone number as a link writes it: digits alone, with the plus sign of a number from abroad."""
    return "+" * number.startswith("+") + "".join(c for c in number if c.isdigit())


def _ends_line(text: str, at: int) -> bool:
    """Whether nothing but the end of an isolate stands between `at` and the end of the line."""
    return text[at:].split("\n", 1)[0].strip(" \u2069.") == ""
