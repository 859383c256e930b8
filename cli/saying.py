"""`redress say NL --language ar`: what a pack says, sentence by sentence, with the rule beside each, to be read in one go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from calculator.engine.result.phrase_text import phrase_text
from calculator.engine.routes.pack import Pack
from calculator.packs.said import Sentence, sentences
from calculator.translation import base_language, for_counsel, translator

#: Who reads a part, where it is not told to everybody.
READ_BY = {"figures": "how sums come about", "counsel": "for lawyers"}


def rows(pack: Pack, language: str, on: date) -> Iterator[dict[str, str | None]]:
    """Each sentence once, at the place where it is met first: part, field, who reads it, its text, the English it is made from, the rule.

    `on`: the day whose figures stand in sentences that are made from rules.
    """

    def said(sentence: Sentence, language: str) -> str:
        translate = for_counsel(language) if sentence.reader == "counsel" else translator(language, "law")
        if not sentence.made:
            return translate(sentence.text)
        return phrase_text(sentence.made, pack, min(on, sentence.until or on), translate, language)

    met: set[tuple[str, str | None]] = set()
    for sentence in sentences(pack):
        key = (sentence.text, sentence.rule)
        if key not in met:
            met.add(key)
            yield {
                "part": sentence.part,
                "field": sentence.field,
                "text": said(sentence, language),
                "reader": sentence.reader,
                "rule": sentence.rule,
                "english": said(sentence, "en"),
            }


def lines(pack: Pack, language: str, on: date) -> Iterator[str]:
    """The same for people: one heading for each part, the sentence, below it its English and its rule."""
    heading = None
    english = base_language(language) == "en"
    for row in rows(pack, language, on):
        reader = READ_BY.get(str(row["reader"]))
        now = f"{row['part']} ({reader})" if reader else str(row["part"])
        if now != heading:
            heading = now
            yield f"\n{heading}"
        yield f"  [{row['field']}] {row['text']}"
        if not english:
            yield f"      en: {row['english']}"
        if row["rule"] is not None:
            yield f"      rule: {row['rule']}"
