"""What a pack says in one language, whatever the case: made once, and shared by every estimate in that language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from calculator import vocabulary
from calculator.engine.figures import exchange
from calculator.engine.language.run import REFERENCE_RATES
from calculator.engine.result import document
from calculator.engine.result.sentences import LIST_SEPARATOR
from calculator.engine.routes.pack import CompiledCap, CompiledRoute, Pack
from calculator.errors import Translate
from calculator.packs.model import Condition, Precedent
from calculator.quantity import cents


@dataclass(frozen=True, slots=True)
class RouteTexts:
    """What a route says of itself in every case."""

    name: str
    authority: str
    documents: list[document.Paper]
    steps: list[str]
    report_note: str | None
    gaps: list[str]
    cost: str | None
    how_often: str | None
    precedents: list[document.Precedent]
    caps: list[document.Cap]
    relations: list[document.Relation]
    source: document.Source


class PackTexts:
    """The texts of a pack, each translated when it is first asked for."""

    def __init__(self, pack: Pack, translate: Translate) -> None:
        self._pack = pack
        self._translate = translate
        self._sources: dict[str, document.Source] = {}
        self._routes: dict[str, RouteTexts] = {}
        self._heads: dict[str, document.UnknownHead] = {}
        #: By the condition's identity: it lives as long as the pack.
        self._conditions: dict[tuple[int, str], document.Condition] = {}

    def said(self, text: str | None) -> str | None:
        """A text of the pack, or None for none."""
        return self._translate(text) if text else None

    def head(self, head: str) -> document.UnknownHead:
        """A head of damage with its name."""
        if head not in self._heads:
            self._heads[head] = document.UnknownHead(head=head, name=self._translate(vocabulary.heads()[head]))
        return self._heads[head]

    def names(self, routes: Iterable[str]) -> str:
        """Names of routes as one piece of a sentence; a list separator of the reader's language."""
        return self._translate(LIST_SEPARATOR).join(self.route(self._pack.routes[route]).name for route in dict.fromkeys(routes))

    def source(self, name: str) -> document.Source:
        """A source of the pack, or the table of reference rates."""
        if name == REFERENCE_RATES:
            rates = exchange.source()
            last = rates.as_of.isoformat() if rates.as_of else None
            return document.Source(title=rates.title, url=rates.url, as_of=last, checked_on=last or "")
        if name not in self._sources:
            found = self._pack.sources[name]
            checked = found.checked_on or self._pack.jurisdiction.sources_checked_on
            self._sources[name] = document.Source(title=found.title, url=found.url, as_of=found.as_of, checked_on=checked.isoformat())
        return self._sources[name]

    def condition(self, raw: Condition, holds: bool | None) -> document.Condition:
        """A condition that is met, is not, or of which that is not known."""
        status: Literal["met", "not_met", "unknown"] = "unknown" if holds is None else "met" if holds else "not_met"
        key = (id(raw), status)
        if key not in self._conditions:
            self._conditions[key] = document.Condition(
                id=raw.id,
                status=status,
                text=self._translate(raw.text),
                usually_met=raw.usually_met,
                confidence=raw.confidence,
                source=self.source(raw.source),
            )
        return self._conditions[key]

    def route(self, route: CompiledRoute) -> RouteTexts:
        """What a route says of itself."""
        if route.raw.id not in self._routes:
            self._routes[route.raw.id] = self._of_route(route)
        return self._routes[route.raw.id]

    def _of_route(self, route: CompiledRoute) -> RouteTexts:
        raw, translate = route.raw, self._translate
        return RouteTexts(
            name=translate(raw.name),
            authority=translate(raw.authority),
            documents=[document.Paper(id=d.id, text=translate(d.text)) for d in raw.documents],
            steps=[translate(s) for s in raw.steps],
            report_note=self.said(raw.report_note),
            gaps=[translate(g) for g in raw.gaps],
            cost=self.said(raw.cost),
            how_often=translate(raw.how_often.text) if raw.how_often else None,
            precedents=[self._precedent(p) for p in raw.precedents],
            caps=[self._cap(cap, cap.raw.note) for cap in route.caps if cap.raw.note],
            relations=[document.Relation(to=r.to, kind=r.kind, text=self.said(r.text)) for r in raw.relations],
            source=self.source(raw.source),
        )

    def _precedent(self, raw: Precedent) -> document.Precedent:
        return document.Precedent(
            text=self._translate(raw.text),
            amounts=[str(cents(a)) for a in raw.amounts],
            source=self.source(raw.source),
            confidence=raw.confidence,
        )

    def _cap(self, cap: CompiledCap, note: str) -> document.Cap:
        source = self.source(cap.raw.source) if cap.raw.source else None
        return document.Cap(kind=cap.kind, heads=cap.raw.heads, text=self._translate(note), source=source)


@lru_cache(maxsize=256)
def texts_of(pack: Pack, translate: Translate) -> PackTexts:
    """The texts of a pack in the language of `translate`, shared."""
    return PackTexts(pack, translate)
