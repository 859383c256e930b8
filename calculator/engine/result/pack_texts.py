"""What a pack says in one language, whatever the case: made once, and shared by every estimate in that language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from calculator import vocabulary
from calculator.engine.figures import exchange
from calculator.engine.language.run import REFERENCE_RATES
from calculator.engine.result import document
from calculator.engine.result.phrase_text import named, phrase_text
from calculator.engine.result.sentences import IT_NEEDS, LIST_SEPARATOR, NO_TEXT
from calculator.engine.result.terms import as_told, terms_of_route
from calculator.engine.routes.condition_words import ConditionWords
from calculator.engine.routes.deadline_words import beside_a_day
from calculator.engine.routes.pack import CompiledCap, CompiledCondition, CompiledDeadline, CompiledRoute, Pack
from calculator.engine.routes.phrases import Phrase
from calculator.errors import Translate
from calculator.packs.model import Source
from calculator.translation import for_counsel

OfADeadline = Literal["rule", "short", "short, perhaps", "relief"]
#: So many texts of deadlines are kept; each is for one day of figures.
MOST_DEADLINES = 5000


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
    caps: list[document.Cap]
    relations: list[document.Relation]
    source: document.Source


class PackTexts:
    """The texts of a pack, each translated when it is first asked for."""

    def __init__(self, pack: Pack, translate: Translate, language: str) -> None:
        self._pack = pack
        self._translate = translate
        self._language = language
        self._counsel = for_counsel(language)
        self._sources: dict[str, document.Source] = {}
        self._routes: dict[str, RouteTexts] = {}
        self._heads: dict[str, document.UnknownHead] = {}
        #: By the condition's identity: it lives as long as the pack.
        self._conditions: dict[tuple[int, str], document.Condition] = {}
        self._terms: dict[tuple[str, str | None], list[document.Term]] = {}
        #: By the deadline's identity, what of it, and the day of its figures.
        self._deadlines: dict[tuple[int, OfADeadline, date], str] = {}

    def said(self, text: str | None) -> str | None:
        """A text of the pack, or None for none."""
        return self._translate(text) if text else None

    def counsel(self, text: str | None) -> str | None:
        """A text of the pack that is for lawyers, or None for none."""
        return self._counsel(text) if text else None

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
            self._sources[name] = self.told(self._pack.sources[name])
        return self._sources[name]

    def told(self, source: Source) -> document.Source:
        """A source as it is told; when nobody says when it was looked at, it was with the pack's."""
        checked = source.checked_on or self._pack.jurisdiction.sources_checked_on
        title = self._translate(source.title) if source.title in NO_TEXT else source.title
        return document.Source(title=title, url=source.url, as_of=source.as_of, checked_on=checked.isoformat())

    def terms(self, route: str, region: str | None) -> list[document.Term]:
        """The State's own words for one way. `region`: the part of the country it is about, None = not known."""
        if (route, region) not in self._terms:
            found = terms_of_route(self._pack, route, region)
            self._terms[route, region] = [as_told(term, self._translate, self._language) for term in found]
        return self._terms[route, region]

    def deadline(self, rule: CompiledDeadline, what: OfADeadline, on: date) -> str:
        """What a deadline says: its rule, what of that is left to say beside its day, or what can extend it. `on`: the day of its figures."""
        key = (id(rule), what, on)
        if key not in self._deadlines:
            if len(self._deadlines) >= MOST_DEADLINES:
                self._deadlines.clear()
            of_rule = rule.said if what == "rule" else rule.relief if what == "relief" else beside_a_day(rule.said, what == "short")
            self._deadlines[key] = phrase_text(of_rule, self._pack, on, self._translate, self._language)
        return self._deadlines[key]

    def condition(self, condition: CompiledCondition, holds: bool | None) -> document.Condition:
        """A condition that is met, is not, or of which that is not known."""
        raw, words = condition.raw, condition.words
        status: Literal["met", "not_met", "unknown"] = "unknown" if holds is None else "met" if holds else "not_met"
        key = (id(raw), status)
        if key not in self._conditions:
            self._conditions[key] = document.Condition(
                id=raw.id,
                status=status,
                text=self._phrases(words.said),
                reason=self._reason(words) if holds is False else None,
                usually_met=raw.usually_met,
                confidence=raw.confidence,
                source=self.source(raw.source),
            )
        return self._conditions[key]

    def _phrases(self, phrases: tuple[Phrase, ...]) -> str:
        # A figure in them was always the same: the day does not matter.
        return phrase_text(phrases, self._pack, date.max, self._translate, self._language)

    def _reason(self, words: ConditionWords) -> str:
        """What it would take."""
        if words.lacking:
            return self._phrases(words.lacking)
        return self._translate(IT_NEEDS).format(condition=self._phrases(words.said))

    def route(self, route: CompiledRoute) -> RouteTexts:
        """What a route says of itself."""
        if route.raw.id not in self._routes:
            self._routes[route.raw.id] = self._of_route(route)
        return self._routes[route.raw.id]

    def _of_route(self, route: CompiledRoute) -> RouteTexts:
        raw, translate = route.raw, self._translate
        return RouteTexts(
            name=named(translate(raw.name), raw.called, translate, self._language),
            authority=translate(raw.authority),
            documents=[document.Paper(id=d.id, text=translate(d.text)) for d in raw.documents],
            steps=[translate(s) for s in raw.steps],
            report_note=self.said(raw.report_note),
            gaps=[self._counsel(g) for g in raw.gaps],
            cost=self.said(raw.cost),
            how_often=translate(raw.how_often.text) if raw.how_often else None,
            caps=[self._cap(cap, cap.raw.note) for cap in route.caps if cap.raw.note],
            relations=[document.Relation(to=r.to, kind=r.kind, text=self.counsel(r.text)) for r in raw.relations],
            source=self.source(raw.source),
        )

    def _cap(self, cap: CompiledCap, note: str) -> document.Cap:
        source = self.source(cap.raw.source) if cap.raw.source else None
        return document.Cap(kind=cap.kind, heads=cap.raw.heads, text=self._translate(note), source=source)


@lru_cache(maxsize=256)
def texts_of(pack: Pack, translate: Translate, language: str) -> PackTexts:
    """The texts of a pack in the language, which is that of `translate`, shared."""
    return PackTexts(pack, translate, language)
