"""`redress say NL --language ar`: what a pack says, for people: one heading for each part, the sentence, below it its English and its rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from calculator.engine.routes.pack import Pack
from calculator.saying import rows
from calculator.translation import base_language

#: Who reads a part, where it is not told to everybody.
READ_BY = {"figures": "how sums come about", "counsel": "for lawyers"}


def lines(pack: Pack, language: str, on: date) -> Iterator[str]:
    """What is printed, line by line."""
    heading = None
    english = base_language(language) == "en"
    for row in rows(pack, language, on):
        reader = READ_BY.get(row.reader)
        now = f"{row.part} ({reader})" if reader else row.part
        if now != heading:
            heading = now
            yield f"\n{heading}"
        yield f"  [{row.field}] {row.text}"
        if not english:
            yield f"      en: {row.english}"
        if row.rule is not None:
            yield f"      rule: {row.rule}"
