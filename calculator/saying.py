"""What a pack says, sentence by sentence, with the rule beside each: for a lawyer who reads it, on a page or in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from calculator.engine.result.phrase_text import phrase_text
from calculator.engine.routes.pack import Pack
from calculator.packs.said import Reader, Sentence, sentences
from calculator.translation import for_counsel, translator


class Row(NamedTuple):
    """A sentence as a reader gets it: the part of the pack it belongs to, its field, its text, who reads it, its rule as JSON, its English."""

    part: str
    field: str
    text: str
    reader: Reader
    rule: str | None
    english: str


def rows(pack: Pack, language: str, on: date) -> Iterator[Row]:
    """Each sentence once, at the place where it is met first.

    `on`: the day whose figures stand in sentences that are made from rules.
    """
    met: set[tuple[str, str | None]] = set()
    for sentence in sentences(pack):
        key = (sentence.text, sentence.rule)
        if key not in met:
            met.add(key)
            told, english = _said(sentence, pack, language, on), _said(sentence, pack, "en", on)
            yield Row(sentence.part, sentence.field, told, sentence.reader, sentence.rule, english)


def _said(sentence: Sentence, pack: Pack, language: str, on: date) -> str:
    translate = for_counsel(language) if sentence.reader == "counsel" else translator(language, "law")
    if not sentence.made:
        return translate(sentence.text)
    return phrase_text(sentence.made, pack, min(on, sentence.until or on), translate, language)
