"""What others got, beside a case: the nearest published decisions and the bands of each route, as they are told.

Both calibrate. A band makes a line that is in no sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Literal

from calculator import vocabulary
from calculator.dates import parse_date
from calculator.engine.result import award_words, document
from calculator.engine.result.award_words import NONE_ALIKE, NONE_KNOWN, NOT_TYPICAL, ONE_ALIKE, TWO_ALIKE
from calculator.engine.result.comparing import MOST, Compared, Likeness, has_harm, head_of, is_whole, likeness, nearest
from calculator.engine.result.pack_texts import PackTexts
from calculator.engine.result.sentences import LIST_SEPARATOR, SEE_BAND
from calculator.engine.routes.estimate import JurisdictionEstimate
from calculator.engine.routes.outcome import RouteResult
from calculator.engine.routes.pack import CompiledRoute
from calculator.errors import Translate
from calculator.packs.awards import BandStatus, GuidelineBand, Measure, Published
from calculator.packs.model import Head
from calculator.quantity import cents

#: Steps of a band that decisions make.
OF_DECISIONS: Literal["decisions"] = "decisions"


@dataclass(slots=True)
class OfRoute:
    """What others got on one route."""

    comparable: list[document.Comparable] = field(default_factory=list)
    bands: list[document.Band] = field(default_factory=list)
    lines: list[document.Line] = field(default_factory=list)
    compared: list[str] = field(default_factory=list)
    none_known: str | None = None


class Others:
    """Of one jurisdiction, chosen route by route when it is told."""

    def __init__(
        self,
        found: JurisdictionEstimate,
        on: date,
        texts: PackTexts,
        published: tuple[Published, ...],
        translate: Translate,
        language: str,
    ) -> None:
        self._found = found
        self._on = on
        self._texts = texts
        self._published = published
        self._translate = translate
        self._language = language

    @cached_property
    def _case(self) -> Likeness:
        return likeness(self._found.facts)

    def of_route(self, result: RouteResult) -> OfRoute:
        """The decisions and bands of a route that is not closed."""
        told = OfRoute()
        if result.status == "closed":
            return told
        raw = result.route.raw
        heads = {head.head: head for head in raw.heads if vocabulary.families().get(head.head) != "death"}
        by_a_person = set_by_a_person(result.route)
        chosen = nearest(self._case, self._published, raw.id, raw.kind, tuple(heads), by_a_person)
        told.comparable = [self._comparable(one) for one in chosen.decisions]
        for band in self._in_force(raw.id):
            self._of_band(band, heads, told)
        for name, low, high, currency in chosen.bands:
            self._of_decisions(heads[name], low, high, currency, told)
        told.compared = list(map(self._translate, _compared(chosen.decisions, told.bands)))
        told.none_known = self._none_known(chosen.decisions, by_a_person, told)
        return told

    # -- decisions ------------------------------------------------------------------------------------------

    def _comparable(self, one: Compared) -> document.Comparable:
        award, country, translate, language = one.published.award, one.published.country, self._translate, self._language
        alike, different = award_words.points(one.alike, translate), award_words.points(one.different, translate)
        claimed = next((told.claimed for told in one.sums if told.claimed is not None), None)
        return document.Comparable(
            id=award.id,
            head=one.head,
            amounts=[amount for told in one.sums if (amount := cents(told.awarded)) is not None],
            for_all=any(told.for_all for told in one.sums),
            currency=award.currency,
            claimed=None if claimed is None else cents(claimed),
            date=award.date,
            court=award.court,
            country=country,
            which=award_words.which(award, None if country == self._case.country else country, translate, language),
            facts=award_words.facts(award, translate, language),
            sums=award_words.sums(one, translate, language),
            is_alike=one.is_alike,
            alike=alike,
            different=different,
            alike_and_different=award_words.alike_and_different(alike, different, translate),
            about=award.about,
            note=award.note,
            source=self._texts.told(one.published.source),
            confidence=award.confidence,
        )

    def _none_known(self, decisions: tuple[Compared, ...], by_a_person: frozenset[str], told: OfRoute) -> str | None:
        known = {one.head for one in decisions} | {band.head for band in told.bands if band.text}
        unknown = [] if None in known else [head for head in vocabulary.largest_first(_of_harm(by_a_person)) if head not in known]
        if not unknown:
            return None
        heads = self._translate(LIST_SEPARATOR).join(self._texts.head(head).name for head in unknown)
        return self._translate(NONE_KNOWN).format(heads=heads)

    # -- bands ----------------------------------------------------------------------------------------------

    def _in_force(self, route: str) -> Iterator[GuidelineBand]:
        """The bands by which sums are set on the route now; those that go by the day of the crime, then."""
        end = self._found.facts.day("act.end")
        regions = set(self._found.facts.regions().values)
        for band in self._found.pack.bands:
            if route not in band.routes or band.parameter is not None or (band.regions and not regions & set(band.regions)):
                continue
            day = end.latest if end is not None and band.governed_by == "last_act" else self._on
            start = parse_date(band.from_).earliest if band.from_ else date.min
            until = parse_date(band.to).latest if band.to else date.max - timedelta(days=1)
            rows = [row for row in band.rows if has_harm(self._case, row.harm)]
            if start <= day <= until and rows:
                yield band if len(rows) == len(band.rows) else band.model_copy(update={"rows": rows})

    def _of_band(self, band: GuidelineBand, heads: dict[str, Head], told: OfRoute) -> None:
        """The steps of a band, and its line for each head whose amount it bounds."""
        meant = list(dict.fromkeys(head for one in band.heads if (head := head_of(one, list(heads))) is not None))
        if not meant and not any(map(is_whole, band.heads)):
            return
        of_lawyers = band.status == OF_DECISIONS
        for measure, (low, high) in award_words.ends(band).items():
            for head in meant or band.heads[:1]:
                text = None if of_lawyers else self._text(band.status, head, low, high, band.currency, measure)
                rows = [row for row in band.rows if (row.measure or band.measure) == measure]
                told.bands += [
                    document.Band(
                        id=band.id,
                        head=head,
                        low=None if row.low is None else cents(row.low) if measure.startswith("money") else str(row.low),
                        high=None if row.high is None else cents(row.high) if measure.startswith("money") else str(row.high),
                        currency=band.currency,
                        measure=measure,
                        label=row.label,
                        criteria=row.criteria,
                        status=band.status,
                        title=band.title,
                        how_used=band.how_used,
                        valid_from=band.from_,
                        text=text,
                        source=self._texts.source(band.source),
                        confidence=band.confidence,
                    )
                    for row in rows
                ]
                if (
                    head in heads
                    and measure == "money"
                    and low is not None
                    and band.status in ("guideline", "practice")
                    and band.confidence != "unverified"
                ):
                    told.lines.append(self._line(heads[head], low, high, band, []))

    def _text(
        self, status: BandStatus, head: str, low: Decimal | None, high: Decimal | None, currency: str | None, measure: Measure
    ) -> str | None:
        if currency is None:
            return None
        return award_words.of_band(status, head, low, high, currency, measure, self._translate, self._language)

    def _of_decisions(self, head: Head, low: Decimal, high: Decimal, currency: str, told: OfRoute) -> None:
        """What people in cases alike got, as a band of its own."""
        told.bands.append(
            document.Band(
                id=OF_DECISIONS,
                head=head.head,
                low=cents(low),
                high=cents(high),
                currency=currency,
                measure="money",
                label="published decisions that are alike",
                criteria=None,
                status=OF_DECISIONS,
                title="Published decisions that are alike",
                how_used=None,
                valid_from=None,
                text=self._text(OF_DECISIONS, head.head, low, high, currency, "money"),
                source=None,
                confidence="secondary",
            )
        )
        if currency == self._found.pack.jurisdiction.currency:
            told.lines.append(self._line(head, low, high, None, [one.id for one in told.comparable if one.head == head.head and one.is_alike]))

    def _line(self, head: Head, low: Decimal, high: Decimal | None, band: GuidelineBand | None, alike: list[str]) -> document.Line:
        """A line beside the sum: never a tariff."""
        amount = document.Amount(
            low=cents(low),
            typical=None,
            high=None if high is None else cents(high),
            per="once",
            from_=None,
            until=None,
            unbounded=False,
            unknown=False,
            partial=False,
            without=[],
        )
        return document.Line(
            head=head.head,
            name=self._texts.head(head.head).name,
            payer=head.payer,
            amount=amount,
            basis="practice",
            confidence=band.confidence if band else "secondary",
            counted=False,
            time_barred=False,
            late=None,
            alternative_to=[],
            note=self._translate(SEE_BAND),
            source=self._texts.source(band.source) if band else None,
            counted_out=None,
            trace=[self._step(amount, head.head, band, alike)],
        )

    def _step(self, amount: document.Amount, head: str, band: GuidelineBand | None, alike: list[str]) -> document.TraceStep:
        """Where the line is from: the band with its day, or the decisions that it lies between."""
        return document.TraceStep(
            step=head,
            op="band" if band else "between_decisions",
            inputs={"band": band.id, "from": band.from_, "to": band.to} if band else {"decisions": alike},
            value=document.Range(low=amount.low, high=amount.high),
            parameter=None,
            valid_from=None,
            source=self._texts.source(band.source) if band else None,
        )


def _compared(decisions: tuple[Compared, ...], bands: list[document.Band]) -> list[str]:
    """That they are not typical, and how few are like the case."""
    alike = {one.published.award.id for one in decisions if one.is_alike}
    few = [(NONE_ALIKE, ONE_ALIKE, TWO_ALIKE)[len(alike)]] if decisions and len(alike) < MOST else []
    return [NOT_TYPICAL, *few] if decisions or bands else []


def set_by_a_person(route: CompiledRoute) -> frozenset[str]:
    """The heads of a route whose sum no rule gives: a court or an office sets it."""
    harm = vocabulary.families()
    return frozenset(
        head.raw.head
        for head in route.heads
        if head.raw.basis == "practice" or (head.raw.result is None and harm.get(head.raw.head) == "non_pecuniary")
    )


def _of_harm(heads: Iterable[str]) -> Iterator[str]:
    """Those that no bill or record proves."""
    return (head for head in heads if vocabulary.families().get(head) in ("non_pecuniary", "whole"))
