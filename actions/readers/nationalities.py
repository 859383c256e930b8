"""Nationalities as people name their own: "I am Colombian", "soy nigeriana" (`lexicon/nationalities/<language>.yaml`)."""

from __future__ import annotations

import re
from functools import cache

from actions.readers.lexicon import ARABIC, ARABIC_PREFIX, FOLDER, is_unspaced, keeps_accents, plain_form
from calculator import yaml12
from calculator.translation import base_language

#: Letters that grammar may add behind a stem.
MOST_ENDING = 6


@cache
def _stems(language: str, accents: bool) -> list[tuple[str, re.Pattern[str]]]:
    """(country code, pattern), the longest stems first."""
    path = FOLDER / "nationalities" / f"{base_language(language)}.yaml"
    listed = yaml12.load(path.read_text(encoding="utf-8")) if path.exists() else {}
    found = [(plain_form(str(stem), accents, language), str(code)) for code, stems in listed.items() for stem in stems]
    return [(code, _pattern(stem)) for stem, code in sorted(found, key=lambda item: -len(item[0]))]


def _pattern(stem: str) -> re.Pattern[str]:
    word = re.escape(stem.rstrip("_"))
    if is_unspaced(stem):
        return re.compile(word)
    behind = "" if stem.endswith("_") else rf"\w{{0,{MOST_ENDING}}}"
    return re.compile(rf"(?<!\w){ARABIC_PREFIX if ARABIC.match(stem) else ''}{word}{behind}(?!\w)")


def read_nationality(text: str, language: str) -> str | None:
    """The country (ISO 3166) whose nationality a text names; None when it names none."""
    accents = keeps_accents(text[:300], language)
    plain = plain_form(text[:300], accents, language)
    return next((code for code, stem in _stems(language, accents) if stem.search(plain)), None)
