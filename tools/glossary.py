"""The words of the field in each language: what is said for them, and what never is (locales/glossary.yaml and a file in each language)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from pydantic import BaseModel, ConfigDict, TypeAdapter

from calculator import yaml12
from calculator.translation import LOCALES

#: A word of the glossary is said in at least this share of the texts whose source has it; pronouns and other turns say it in the rest.
SAID_IN = 0.6


class Meant(BaseModel):
    """What a term means, and the pattern by which a source is known to say it."""

    model_config = ConfigDict(extra="forbid")
    meaning: str
    english: str


class Rendered(BaseModel):
    """What a language says for a term, and what it never says. A word that ends in * is the beginning of one."""

    model_config = ConfigDict(extra="forbid")
    say: list[str]
    never: list[str] = []


@cache
def terms() -> dict[str, Meant]:
    """The terms by name. Raises pydantic.ValidationError."""
    return TypeAdapter(dict[str, Meant]).validate_python(yaml12.load((LOCALES / "glossary.yaml").read_text(encoding="utf-8")))


def glossary(language: str, root: Path = LOCALES) -> dict[str, Rendered]:
    """The terms of a language; none where it has no glossary. Raises pydantic.ValidationError."""
    file = root / language / "glossary.yaml"
    return TypeAdapter(dict[str, Rendered]).validate_python(yaml12.load(file.read_text(encoding="utf-8"))) if file.exists() else {}


def pattern_of(term: str) -> re.Pattern[str]:
    """The sources that say a term."""
    return re.compile(terms()[term].english, re.IGNORECASE)


@cache
def _is_said_in(text: str, term: str) -> bool:
    # A source is the same in every language: asked once.
    return pattern_of(term).search(text) is not None


def pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Any of these words, whole, or begun where they end in *; a word of a script without spaces wherever it stands."""
    parts = []
    for word in words:
        stem = re.escape(word.removesuffix("*"))
        if any(ord(letter) > 0x2E80 for letter in word):
            parts.append(stem)
        else:
            parts.append(rf"(?<!\w){stem}" if word.endswith("*") else rf"(?<!\w){stem}(?!\w)")
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)


def problems(language: str, catalogues: dict[str, Catalog], root: Path = LOCALES) -> list[str]:
    """One line for each text that says what it must not, for each word that is hardly used, and for each term that is missing."""
    own = glossary(language, root)
    found = [f"{language}/glossary.yaml: {name} is missing" for name in terms() if name not in own]
    found += [f"{language}/glossary.yaml: {name} is no term of locales/glossary.yaml" for name in own if name not in terms()]
    for name in terms():
        if name in own:
            found += _of_term(language, name, own[name], catalogues)
    return found


def _of_term(language: str, name: str, own: Rendered, catalogues: dict[str, Catalog]) -> Iterator[str]:
    never, say = pattern(own.never), pattern(own.say)
    told = with_it = 0
    for domain, catalogue in catalogues.items():
        for message in catalogue:
            if not isinstance(message.id, str) or not isinstance(message.string, str) or not message.string or not _is_said_in(message.id, name):
                continue
            told += 1
            with_it += bool(say.search(message.string))
            if wrong := never.search(message.string):
                yield f"{language}/{domain}: {message.id[:60]!r} says {wrong.group()!r} for {name}; say {' or '.join(own.say)}"
    if told and with_it < SAID_IN * told:
        yield f"{language}/glossary.yaml: {name}: {' or '.join(own.say)} stands in {with_it} of {told} texts; mend the texts or the glossary"
