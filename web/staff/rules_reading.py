"""What stands in the rules, for who looks after them: the ways to money of a State in the sentences that people get, with the rule beside."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from calculator import vocabulary
from calculator.engine.routes.pack import CompiledRoute, Pack
from calculator.packs.awards import Award, GuidelineBand
from calculator.packs.change_words import figure_text
from calculator.saying import Row, rows
from calculator.translation import _, translator
from store.settings import current_day

#: What a way to money tells, by the first word of the field of the pack; the rest is told under the last.
SECTIONS = {
    "condition": _("What it needs"),
    "deadline": _("Deadlines"),
    "head": _("Losses"),
    "caps": _("Losses"),
    "papers": _("Papers"),
    "steps": _("Steps"),
}
LAWYER, MORE = _("For your lawyer"), _("More about this")


@dataclass
class Section:
    """A heading with its sentences: (text, rule or None)."""

    title: str
    lines: list[tuple[str, str | None]] = field(default_factory=list)


@dataclass(frozen=True)
class Way:
    """A way to money as a document."""

    id: str
    name: str
    called: str
    authority: str
    basis: list[str]
    source: str
    sections: list[Section]


def ways(pack: Pack, language: str, words: Any) -> list[Way]:
    """Every way to money of a State."""
    said: dict[str, list[Row]] = {}
    for row in rows(pack, language, current_day()):
        said.setdefault(row.part, []).append(row)
    return [_way(route, said.get(route.raw.id, []), pack, language, words) for route in pack.routes.values()]


def _way(route: CompiledRoute, said: Iterable[Row], pack: Pack, language: str, words: Any) -> Way:
    raw, law = route.raw, translator(language, "law")
    sections: dict[str, Section] = {}
    for row in said:
        kind = row.field.split(" ")[0]
        if kind == "name":
            continue
        title = LAWYER if row.reader == "counsel" else SECTIONS.get(kind, MORE)
        text = f"{law(vocabulary.heads()[row.field.split(' ', 1)[1]])}: {row.text}" if kind == "head" else row.text
        sections.setdefault(title, Section(words(title))).lines.append((text, pretty(row.rule)))
    # A loss for which nothing is said has a formula all the same.
    told = {row.field for row in said}
    for head in raw.heads:
        if f"head {head.head}" not in told:
            rule = json.dumps({**head.steps, "result": head.result} if head.steps else head.result, default=str, ensure_ascii=False)
            title = SECTIONS["head"]
            sections.setdefault(title, Section(words(title))).lines.append((law(vocabulary.heads()[head.head]), pretty(rule)))
    order = [*dict.fromkeys(SECTIONS.values()), MORE, LAWYER]
    return Way(
        raw.id,
        law(raw.name),
        raw.local_name or raw.called or "",
        law(raw.authority),
        raw.legal_basis,
        pack.sources[raw.source].title,
        [sections[title] for title in order if title in sections],
    )


def pretty(rule: str | None) -> str | None:
    """A rule on lines of its own, as it stands in the file; None for none."""
    if rule is None:
        return None
    # A name that is said again and again needs no line of its own.
    told = json.loads(rule)
    text = json.dumps(told, ensure_ascii=False, indent=1)
    return text if len(text.splitlines()) > SHORT_LINES else json.dumps(told, ensure_ascii=False)


#: Rules of so many lines stand on one.
SHORT_LINES = 6


def award_lines(awards: Iterable[Award], pack: Pack, language: str) -> list[tuple[str, str, str]]:
    """(day and court, sums, source) of each published decision; for lawyers, as the pack has it."""
    law = translator(language, "law")
    found = []
    for one in awards:
        heads = vocabulary.heads()
        sums = "; ".join(f"{law(heads.get(s.head, s.head))}: {'?' if s.awarded is None else s.awarded} {one.currency}" for s in one.sums)
        found.append((" · ".join(part for part in (one.date, one.court or one.decided_by) if part), sums, pack.sources[one.source].title))
    return found


def band_lines(bands: Iterable[GuidelineBand], pack: Pack) -> list[tuple[str, str, str]]:
    """(title, rows, source) of each guideline."""
    return [
        (one.title, "; ".join(f"{row.label}: {figure_text(None, row.low, row.high)}" for row in one.rows), pack.sources[one.source].title)
        for one in bands
    ]


def found_in(pack: Pack, wanted: str, language: str, most: int) -> list[tuple[str, str, str]]:
    """(part, field, text) of the first sentences and titles of figures in which all these words stand, in the reader's language or in
    English."""
    parts = wanted.casefold().split()
    hits: list[tuple[str, str, str]] = []
    for row in rows(pack, language, current_day()):
        if all(part in f"{row.text} {row.english}".casefold() for part in parts):
            hits.append((row.part, row.field, row.text))
            if len(hits) == most:
                break
    return hits
