"""From what was worked out to what is told: the estimate as a document, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

from calculator.dates import DateRange
from calculator.engine.language.run import Term, TraceEntry
from calculator.engine.result import document
from calculator.engine.result.counting import UNPAID, counted_out
from calculator.engine.result.document_json import as_json
from calculator.engine.result.no_sum import AT_WORK, instead_of_sum, only_for_work
from calculator.engine.result.others import OfRoute, Others
from calculator.engine.result.pack_texts import texts_of
from calculator.engine.result.questions import Question
from calculator.engine.result.sentences import (
    ALREADY_PAID,
    AND_MORE,
    AT_LEAST,
    BETWEEN,
    COUNTED,
    COUNTED_ONCE,
    DECIDED,
    LATE,
    LIST_SEPARATOR,
    MOST_NAMES,
    NO_SUM,
    NOT_ADDED,
    NOT_IN_SUM,
    PAYERS,
    PERHAPS_LATE,
    gap_text,
)
from calculator.engine.result.terms import office_language
from calculator.engine.routes.choosing import Beside, HeadTotal
from calculator.engine.routes.estimate import Estimate, JurisdictionEstimate
from calculator.engine.routes.outcome import DeadlineResult, Lateness, Line, Paid, RouteResult
from calculator.engine.routes.pack import Per
from calculator.engine.routes.sums import Sum, confirmed_sum, unconfirmed_sum
from calculator.errors import Translate
from calculator.packs.awards import Published
from calculator.packs.model import Rank
from calculator.quantity import Confidence, Value, cents
from calculator.translation import for_counsel
from calculator.wording import money


def report(found: Estimate, translate: Translate, language: str = "en") -> document.Estimate:
    """The estimate as it is told. `language` is the one `translate` gives."""
    return document.Estimate(
        on=found.on.isoformat(),
        engine=found.engine,
        release=document.Release(id=found.release, sha256=found.sha256),
        not_covered=list(found.not_covered),
        jurisdictions=[_Report(j, found.on, translate, language, found.published).jurisdiction() for j in found.jurisdictions],
    )


def estimate_json(found: Estimate, translate: Translate, language: str = "en") -> dict[str, Any]:
    """`contract.md`, "Estimate (JSON)"; keys beside the contract's are additions."""
    return as_json(report(found, translate, language))


class _Report:
    """What one jurisdiction comes to, part by part."""

    def __init__(self, found: JurisdictionEstimate, on: date, translate: Translate, language: str, published: tuple[Published, ...]) -> None:
        self._found = found
        self._pack = found.pack
        self._on = on
        self._translate = translate
        self._language = language
        self._texts = texts_of(found.pack, translate, language)
        self._others = Others(found, on, self._texts, published, translate, language)

    def jurisdiction(self) -> document.Jurisdiction:
        found, translate, about = self._found, self._translate, self._pack.jurisdiction
        region = next((r for r in about.regions if r.code == found.code), None)
        return document.Jurisdiction(
            code=found.code,
            name=" · ".join(translate(n) for n in (about.name, *([region.name] if region else []))),
            changes=list(map(for_counsel(self._language), region.changes)) if region else [],
            currency=about.currency,
            minor=found.minor,
            routes=[self._route(r) for r in found.routes],
            totals=[self._total(row) for row in found.totals.rows],
            already_paid=[self._paid(one) for one in found.totals.paid],
            total=of_sum(found.totals.sum),
            not_in_total=self._not_in(found.totals.sum),
            asked_and_given=translate(about.asked_and_given.text) if about.asked_and_given else None,
            office_language=office_language(self._pack, translate, self._language),
        )

    def _total(self, row: HeadTotal) -> document.Total:
        return document.Total(
            payer=row.payer,
            head=row.head,
            name=self._texts.head(row.head).name,
            route=row.route,
            amount=amount(row.value),
            excludes=list(row.excludes),
            beside=[document.Beside(route=b.route, why=b.why, amount=amount(b.value), text=self._reason(row, b)) for b in row.beside],
            sentence=self._sentence(row),
        )

    def _paid(self, one: Paid) -> document.AlreadyPaid:
        """What comes off a sum once, and why."""
        paid = amount(one.value)
        # What may come off is anything from nothing to what was paid; what was paid is said.
        told = replace(paid, low=paid.high) if one.debtor == "anybody" and paid.high is not None else paid
        text = self._translate(ALREADY_PAID[one.debtor]).format(amount=self._written(told))
        return document.AlreadyPaid(debtor=one.debtor, amount=paid, text=text)

    def _written(self, found: document.Amount) -> str:
        """An amount inside a sentence."""
        currency, language = self._pack.jurisdiction.currency, self._language
        low = money(found.low, currency, language)
        if found.high is None:
            return self._translate(AT_LEAST).format(amount=low)
        return low if found.low == found.high else self._translate(BETWEEN).format(low=low, high=money(found.high, currency, language))

    def _not_in(self, found: Sum) -> str | None:
        """What is not in a sum, in a sentence; None where nothing is missing."""
        if not found.without:
            return None
        heads = self._translate(LIST_SEPARATOR).join(self._texts.head(head).name for head in found.without[:MOST_NAMES])
        if len(found.without) > MOST_NAMES:
            heads = self._translate(AND_MORE).format(heads=heads)
        return self._translate(NOT_IN_SUM if found.value.known else NO_SUM).format(heads=heads)

    def _late(self, late: Lateness | None) -> document.Late | None:
        """Why something is not in a sum: its time has passed, or may have."""
        if late is None or late.deadline is None:
            return None
        sure = bool(late.truth.value)
        text = self._translate(LATE[late.how] if sure else PERHAPS_LATE)
        return document.Late(deadline=late.deadline.id, sure=sure, how=late.how, text=text)

    def _reason(self, row: HeadTotal, beside: Beside) -> str:
        names = self._texts.names
        return self._translate(NOT_ADDED[beside.why]).format(route=names([row.route]), other=names([beside.route]))

    def _sentence(self, row: HeadTotal) -> str:
        """One row of the totals in words."""
        texts = self._texts
        values = {"head": texts.head(row.head).name, "payer": self._translate(PAYERS[row.payer]), "route": texts.names([row.route])}
        if not row.beside:
            return self._translate(COUNTED).format(**values)
        return self._translate(COUNTED_ONCE).format(**values, others=texts.names(row.excludes))

    def _route(self, result: RouteResult) -> document.Route:
        raw, texts = result.route.raw, self._texts.route(result.route)
        confirmed, unconfirmed = confirmed_sum(result), unconfirmed_sum(result)
        ranks = [line.rank for line in result.confirmed] or [Confidence[raw.confidence]]
        of_heads = {head.raw.gap for head in result.route.heads}
        said = {code: gap_text(code, self._pack, self._translate, self._language) for code in result.gaps}
        others = self._others.of_route(result)
        about_work = only_for_work(result, self._found.facts)
        return document.Route(
            id=raw.id,
            kind=raw.kind,
            name=texts.name,
            local_name=raw.local_name,
            authority=texts.authority,
            legal_basis=raw.legal_basis,
            status=result.status,
            waits_for=self._translate(DECIDED) if result.judged else self._texts.said(result.waits_for),
            late=self._late(result.late),
            conditions=[self._texts.condition(c.condition, c.truth.value) for c in result.conditions if c.applies],
            lines=[*self._lines(result.lines), *others.lines],
            amount=of_sum(confirmed),
            not_in_amount=self._not_in(confirmed),
            instead=self._instead(result, confirmed, others),
            already_paid=[self._paid(one) for one in result.paid],
            unconfirmed=amount(unconfirmed) if unconfirmed else None,
            deadlines=[self._deadline(d) for d in result.deadlines],
            documents=texts.documents,
            steps=[self._translate(AT_WORK)] if about_work else texts.steps,
            missing=sorted(result.missing),
            confidence=_name(max(ranks)),
            may_report_status=raw.may_report_status,
            report_note=texts.report_note,
            gaps=[*said.values(), *texts.gaps],
            case_gaps=[text for code, text in said.items() if code not in of_heads],
            law_gaps=texts.gaps,
            unknown_heads=[self._texts.head(h) for h in result.unknown_heads],
            stale_since=_day(result.stale_since),
            cost=texts.cost,
            how_often=texts.how_often,
            comparable=others.comparable,
            bands=others.bands,
            compared=others.compared,
            none_known=others.none_known,
            caps=texts.caps,
            relations=texts.relations,
            terms=self._texts.terms(raw.id, self._found.code if self._found.code != self._pack.code else None),
            source=texts.source,
        )

    def _instead(self, result: RouteResult, confirmed: Sum, others: OfRoute) -> list[str]:
        """What is said where no sum can be."""
        if confirmed.value.known or result.status == "closed":
            return []
        return instead_of_sum(result, self._texts.route(result.route).authority, others.comparable, self._translate)

    def _lines(self, lines: list[Line]) -> Iterator[document.Line]:
        """Of several lines of a head the first is counted out: the others are what the law or a surer figure adds to it."""
        told: set[str] = set()
        for line in lines:
            head = line.head.raw.head
            yield self._line(line, head in UNPAID and head not in told)
            told.add(head)

    def _counted(self, line: Line) -> document.Counted | None:
        return counted_out(line.trace, line.value, self._pack.jurisdiction.currency, self._translate, self._language)

    def _line(self, line: Line, told: bool) -> document.Line:
        raw, texts = line.head.raw, self._texts
        return document.Line(
            head=raw.head,
            name=texts.head(raw.head).name,
            payer=raw.payer,
            amount=amount(line.value, line.per, line.term if line.per == "month" else None),
            basis=raw.basis,
            confidence=_name(line.rank),
            counted=line.counted,
            time_barred=line.barred,
            late=self._late(line.late),
            alternative_to=raw.alternative_to,
            note=texts.said(raw.note),
            source=texts.source(raw.source) if raw.source else None,
            counted_out=self._counted(line) if told else None,
            trace=[self._step(entry) for entry in line.trace],
        )

    def _step(self, entry: TraceEntry) -> document.TraceStep:
        return document.TraceStep(
            step=entry.step,
            op=entry.op,
            inputs={name: _plain(value) for name, value in entry.inputs.items()},
            value=_plain(entry.value),
            parameter=entry.parameter,
            valid_from=_day(entry.valid_from),
            source=self._texts.source(entry.source) if entry.source else None,
        )

    def _deadline(self, result: DeadlineResult) -> document.Deadline:
        """The earliest day it may be: with an uncertain fact, the safe side."""
        rule, raw, day = result.rule, result.raw, result.day.earliest if result.day else None
        figures_on = rule.figures_on(result.figures_on, self._on)
        return document.Deadline(
            id=raw.id,
            date=_day(day),
            days_left=(day - self._on).days if day else None,
            rule=self._texts.deadline(rule, "rule", figures_on),
            short=self._texts.deadline(rule, "short" if result.holds.value else "short, perhaps", figures_on),
            relief=self._texts.deadline(rule, "relief", self._on) or None,
            bars=raw.bars,
            heads=raw.heads,
            late=raw.late,
            confidence=raw.confidence,
            source=self._texts.source(raw.source),
        )


def _name(confidence: Confidence) -> Rank:
    return cast(Rank, confidence.name)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def of_sum(found: Sum) -> document.Amount:
    """A sum as an amount, with the heads of damage that are not in it."""
    return amount(found.value, found.per, found.term, found.without)


def amount(value: Value, per: Per = "once", term: Term | None = None, without: Sequence[str] = ()) -> document.Amount:
    """A value as an amount. Unknown is said, never shown as zero."""
    known = value.known
    start: DateRange | None = term.start if term else None
    return document.Amount(
        low=cents(value.low) if known else None,
        typical=cents(value.typical) if known else None,
        high=cents(value.high) if known else None,
        per=per,
        from_=_day(start.earliest) if start else None,
        until=_day(term.until) if term else None,
        unbounded=bool(term and term.until is None),
        unknown=not known or value.high is None,
        partial=value.partial,
        without=list(without),
    )


def _plain(value: Any) -> document.Figure:
    if isinstance(value, Value):
        if not value.known:
            return value.state
        low = _end(value.low)
        return low if value.low == value.high else document.Range(low=low, high=_end(value.high))
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, date):
        return value.isoformat()
    return cast(document.Figure, value)


def _end(value: Decimal | None) -> str | None:
    """One end of a range. A deduction without an upper end leaves no lower one."""
    return None if value is None or value.is_infinite() else _decimal(value)


_MILLIONTH = Decimal("0.000001")


def _decimal(value: Decimal) -> str:
    """Readable digits: at most six decimals, no exponent, no trailing zeros."""
    text = format(value.quantize(_MILLIONTH).normalize(), "f")
    return text if "." not in text or len(text.split(".")[1]) > 1 else text + "0"


def question_json(question: Question, translate: Translate) -> dict[str, Any]:
    definition = question.definition
    return {
        "fact": question.fact,
        "type": question.type,
        "text": translate(definition.question),
        "why": translate(definition.why),
        "choices": [{"value": v, "text": translate(t)} for v, t in question.choices.items()],
        "routes": list(question.routes),
        "sensitivity": definition.sensitivity,
        "ask": definition.ask,
    }


__all__ = ["amount", "estimate_json", "question_json", "report"]
