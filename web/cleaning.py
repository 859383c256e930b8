"""What a person wrote, made safe to hand on: ordinary text that can never be a Rasa command."""

from __future__ import annotations

import re
import unicodedata

MAX_TEXT = 10_000
# Control characters but for line breaks and tabs, and halves of characters (Unicode categories Cc and Cs).
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Normalise to NFC, drop control characters, and strip what could make a command of it.

    Rasa takes a text that starts with "/" as a command, also after spaces; so every leading slash, space and
    invisible character goes, however mixed. Line breaks and tabs inside the text stay.
    """
    kept = _CONTROL.sub("", unicodedata.normalize("NFC", text))
    start = 0
    while start < len(kept) and _may_not_lead(kept[start]):
        start += 1
    return kept[start:].rstrip()


def _may_not_lead(character: str) -> bool:
    return character == "/" or character.isspace() or unicodedata.category(character) == "Cf"
