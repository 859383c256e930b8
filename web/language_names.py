"""Which language a text names: "Kannst du Französisch?" -> fr. Names come from CLDR, in every available language."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from babel import Locale, UnknownLocaleError

from envelope.writing import UNSPACED

WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
# Endings change with grammar ("polski", "po polsku"), stems do not.
SHORTEST_STEM = 4
LONGEST_ENDING = 3
# A long name inside a word is that name with something put before it (Arabic "in": one letter).
LONG_NAME = 6
ARABIC_ARTICLE = "\u0627\u0644"


def languages_named(text: str, available: tuple[str, ...]) -> set[str]:
    """The available languages that a text names, in any of the available languages."""
    folded = _fold(text[:500])
    words = WORD.findall(folded)
    found: set[str] = set()
    for name, language in _names(available).items():
        if UNSPACED.search(name):
            if name in folded:
                found.add(language)
        elif " " in name:
            if f" {name} " in f" {' '.join(words)} ":
                found.add(language)
        elif any(_same_word(word, name) for word in words):
            found.add(language)
    return found


def _same_word(word: str, name: str) -> bool:
    if word == name or (len(name) >= LONG_NAME and name in word):
        return True
    word, name = word.removeprefix(ARABIC_ARTICLE), name.removeprefix(ARABIC_ARTICLE)
    common = 0
    for a, b in zip(word, name, strict=False):
        if a != b:
            break
        common += 1
    longest_ending = max(len(word), len(name)) - common
    return common >= max(SHORTEST_STEM, len(name) - LONGEST_ENDING) and longest_ending <= LONGEST_ENDING


@cache
def _names(available: tuple[str, ...]) -> dict[str, str]:
    names: dict[str, str] = {}
    for written_in in available:
        try:
            cldr = Locale.parse(written_in, sep="-").languages
        except (UnknownLocaleError, ValueError):
            continue
        for language in available:
            if name := cldr.get(language.replace("-", "_")):
                names[_fold(name)] = language
    return names


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    # Letters that no decomposition reaches, but keyboards without them replace.
    return unicodedata.normalize("NFC", plain).replace("ı", "i")
