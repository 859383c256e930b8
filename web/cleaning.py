"""What a person wrote, made safe to hand on: ordinary text that can never be a Rasa command."""

from __future__ import annotations

import unicodedata

MAX_TEXT = 10_000


def clean_text(text: str) -> str:
    """Normalise to NFC, drop control characters, and strip what could make a command of it.

    Rasa takes a text that starts with "/" as a command, also after spaces; so every leading slash, space and
    invisible character goes, however mixed. Line breaks and tabs inside the text stay.
    """
    normal = unicodedata.normalize("NFC", text)
    kept = "".join(c for c in normal if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    start = 0
    while start < len(kept) and _may_not_lead(kept[start]):
        start += 1
    return kept[start:].rstrip()


def ends_of(text: str) -> str:
    """First and last part of a text that is too long, so that danger in it is still looked for."""
    half = MAX_TEXT // 2 - 1
    return f"{text[:half]}\n{text[-half:]}"


def _may_not_lead(character: str) -> bool:
    return character == "/" or character.isspace() or unicodedata.category(character) == "Cf"
