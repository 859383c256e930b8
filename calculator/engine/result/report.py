"""The estimate as the contract's JSON, in the reader's language. Amounts are decimal strings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from calculator import vocabulary
from calculator.dates import DateRange
from calculator.engine.figures import exchange
from calculator.engine.language.run import REFERENCE_RATES, Term, TraceEntry
from calculator.engine.result.questions import Question
from calculator.engine.result.sentences import (
    ALREADY_PAID,
    COUNTED,
    COUNTED_ONCE,
    LATE,
    LIST_SEPARATOR,
    NOT_ADDED,
    PAYERS,
    PERHAPS_LATE,
    gap_text,
)
from calculator.engine.routes.estimate import Estimate, JurisdictionEstimate
from calculator.engine.routes.outcome import ConditionResult, DeadlineResult, Lateness, Line, Paid, RouteResult
from calculator.engine.routes.pack import Pack
from calculator.engine.routes.sums import Sum, confirmed_sum, unconfirmed_sum
from calculator.engine.routes.totals import Beside, HeadTotal
from calculator.errors import Translate
from calculator.quantity import Confidence, Value, cents

_TRUTH = {True: "met", False: "not_met", None: "unknown"}


def estimate_json(found: Estimate, translate: Translate, language: str = "en") -> dict[str, Any]:
    """`contract.md`, "Estimate (JSON)"; keys beside the contract's are additions. `language` is the one `translate` gives."""
    return {
        "on": found.on.isoformat(),
        "engine": found.engine,
        "release": {"id": None, "sha256": found.sha256},
        "not_covered": list(found.not_covered),
        "jurisdictions": [_jurisdiction(j, found.on, translate, language) for j in found.jurisdictions],
    }


def _jurisdiction(found: JurisdictionEstimate, on: date, translate: Translate, language: str) -> dict[str, Any]:
    pack = found.pack
    currency = pack.jurisdiction.currency
    region = next((r for r in pack.jurisdiction.regions if r.code == found.code), None)
    return {
        "code": found.code,
        "name": " · ".join(translate(n) for n in (pack.jurisdiction.name, *([region.name] if region else []))),
        "changes": [translate(text) for text in region.changes] if region else [],
        "currency": currency,
        "minor": found.minor,
        "routes": [_route(r, pack, on, translate, language) for r in found.routes],
        "totals": [
            {
                "payer": row.payer,
                "head": row.head,
                "name": translate(vocabulary.heads()[row.head]),
                "route": row.route,
                "amount": amount(row.value),
                "excludes": list(row.excludes),
                "beside": _beside(row, found, translate),
                "sentence": _sentence(row, found, translate),
            }
            for row in found.totals.rows
        ],
        "already_paid": [_paid(one, translate) for one in found.totals.paid],
        "total": sum_json(found.totals.sum),
    }


def _names(routes: Iterable[str], found: JurisdictionEstimate, translate: Translate) -> str:
    """Names of routes as one piece of a sentence; a list separator of the reader's language."""
    return translate(LIST_SEPARATOR).join(translate(found.pack.routes[route].raw.name) for route in dict.fromkeys(routes))


def _beside(row: HeadTotal, found: JurisdictionEstimate, translate: Translate) -> list[dict[str, Any]]:
    """What is not added to a row of the totals, how much it is, and why."""
    return [{"route": b.route, "why": b.why, "amount": amount(b.value), "text": _reason(row, b, found, translate)} for b in row.beside]


def _reason(row: HeadTotal, beside: Beside, found: JurisdictionEstimate, translate: Translate) -> str:
    return translate(NOT_ADDED[beside.why]).format(route=_names([row.route], found, translate), other=_names([beside.route], found, translate))


def _sentence(row: HeadTotal, found: JurisdictionEstimate, translate: Translate) -> str:
    """One row of the totals in words."""
    values = {
        "head": translate(vocabulary.heads()[row.head]),
        "payer": translate(PAYERS[row.payer]),
        "route": _names([row.route], found, translate),
    }
    if not row.beside:
        return translate(COUNTED).format(**values)
    return translate(COUNTED_ONCE).format(**values, others=_names(row.excludes, found, translate))


def _route(result: RouteResult, pack: Pack, on: date, translate: Translate, language: str) -> dict[str, Any]:
    raw = result.route.raw
    unconfirmed = unconfirmed_sum(result)
    ranks = [line.rank for line in result.confirmed] or [Confidence[raw.confidence]]
    gaps = [gap_text(code, pack, translate, language) for code in result.gaps]
    return {
        "id": raw.id,
        "kind": raw.kind,
        "name": translate(raw.name),
        "local_name": raw.local_name,
        "authority": translate(raw.authority),
        "legal_basis": raw.legal_basis,
        "status": result.status,
        "waits_for": translate(result.waits_for) if result.waits_for else None,
        "late": _late(result.late, translate) if result.late.deadline else None,
        "conditions": [_condition(c, pack, translate) for c in result.conditions if c.applies],
        "lines": [_line(line, pack, translate) for line in result.lines],
        "amount": sum_json(confirmed_sum(result)),
        "already_paid": [_paid(one, translate) for one in result.paid],
        "unconfirmed": amount(unconfirmed) if unconfirmed else None,
        "deadlines": [_deadline(d, pack, on, translate) for d in result.deadlines],
        "documents": [{"id": d.id, "text": translate(d.text)} for d in raw.documents],
        "steps": [translate(s) for s in raw.steps],
        "missing": sorted(result.missing),
        "confidence": max(ranks).name,
        "may_report_status": raw.may_report_status,
        "report_note": translate(raw.report_note) if raw.report_note else None,
        "gaps": gaps + [translate(g) for g in raw.gaps],
        "unknown_heads": [{"head": h, "name": translate(vocabulary.heads()[h])} for h in result.unknown_heads],
        "stale_since": result.stale_since.isoformat() if result.stale_since else None,
        "cost": translate(raw.cost) if raw.cost else None,
        "how_often": translate(raw.how_often.text) if raw.how_often else None,
        "precedents": [
            {"text": translate(p.text), "amounts": [cents(a) for a in p.amounts], "source": source(pack, p.source), "confidence": p.confidence}
            for p in raw.precedents
        ],
        "limits": [
            {
                "kind": cap.kind,
                "heads": cap.raw.heads,
                "text": translate(cap.raw.note),
                "source": source(pack, cap.raw.source) if cap.raw.source else None,
            }
            for cap in result.route.caps
            if cap.raw.note
        ],
        "relations": [{"to": r.to, "kind": r.kind, "text": translate(r.text) if r.text else None} for r in raw.relations],
        "source": source(pack, raw.source),
    }


def sum_json(found: Sum) -> dict[str, Any]:
    """A sum as the contract's amount, with the heads of damage that are not in it."""
    return amount(found.value, found.per, found.term, found.without)


def _paid(one: Paid, translate: Translate) -> dict[str, Any]:
    """What comes off a sum once, and why."""
    return {"debtor": one.debtor, "amount": amount(one.value), "text": translate(ALREADY_PAID[one.debtor])}


def amount(value: Value, per: str = "once", term: Term | None = None, without: Sequence[str] = ()) -> dict[str, Any]:
    """The contract's amount. Unknown is said, never shown as zero."""
    known = value.known
    start: DateRange | None = term.start if term else None
    return {
        "low": cents(value.low) if known else None,
        "typical": cents(value.typical) if known and value.typical is not None else None,
        "high": cents(value.high) if known else None,
        "per": per,
        "from": start.earliest.isoformat() if start else None,
        "until": term.until.isoformat() if term and term.until else None,
        "unbounded": bool(term and term.until is None),
        "unknown": not known or value.high is None,
        "partial": value.partial,
        "without": list(without),
    }


def _line(line: Line, pack: Pack, translate: Translate) -> dict[str, Any]:
    raw = line.head.raw
    return {
        "head": raw.head,
        "name": translate(vocabulary.heads()[raw.head]),
        "payer": raw.payer,
        "amount": amount(line.value, line.per, line.term if line.per == "month" else None),
        "basis": raw.basis,
        "confidence": line.rank.name,
        "counted": line.counted,
        "time_barred": line.barred,
        "late": _late(line.late, translate) if line.late else None,
        "alternative_to": raw.alternative_to,
        "note": translate(raw.note) if raw.note else None,
        "source": source(pack, raw.source) if raw.source else None,
        "trace": [_trace(entry, pack) for entry in line.trace],
    }


def _late(late: Lateness, translate: Translate) -> dict[str, Any]:
    """Why an amount stands beside the sum: its time has passed (`sure`) or may have, by which deadline, and what becomes of it."""
    sure = bool(late.truth.value)
    return {
        "deadline": late.deadline.id if late.deadline else None,
        "sure": sure,
        "how": late.how,
        "text": translate(LATE[late.how] if sure else PERHAPS_LATE),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Value):
        if not value.known:
            return value.state
        # A deduction without an upper end leaves no lower one.
        low, high = (None if end is None or end.is_infinite() else _decimal(end) for end in (value.low, value.high))
        return low if value.low == value.high else {"low": low, "high": high}
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _decimal(value: Decimal) -> str:
    """Readable digits: at most six decimals, no exponent, no trailing zeros."""
    text = format(value.quantize(Decimal("0.000001")).normalize(), "f")
    return text if "." not in text or len(text.split(".")[1]) > 1 else text + "0"


def _trace(entry: TraceEntry, pack: Pack) -> dict[str, Any]:
    return {
        "step": entry.step,
        "op": entry.op,
        "inputs": {k: _plain(v) for k, v in entry.inputs.items()},
        "value": _plain(entry.value),
        "parameter": entry.parameter,
        "valid_from": entry.valid_from.isoformat() if entry.valid_from else None,
        "source": source(pack, entry.source) if entry.source else None,
    }


def source(pack: Pack, name: str) -> dict[str, Any]:
    """Title, address and age of a source, and when it was looked at."""
    if name == REFERENCE_RATES:
        rates = exchange.source()
        last = rates.as_of.isoformat() if rates.as_of else None
        return {"title": rates.title, "url": rates.url, "as_of": last, "checked_on": last}
    found = pack.sources[name]
    checked = found.checked_on or pack.jurisdiction.sources_checked_on
    return {"title": found.title, "url": found.url, "as_of": found.as_of, "checked_on": checked.isoformat()}


def _condition(result: ConditionResult, pack: Pack, translate: Translate) -> dict[str, Any]:
    raw = result.condition.raw
    return {
        "id": raw.id,
        "status": _TRUTH[result.truth.value],
        "text": translate(raw.text),
        "usually_met": raw.usually_met,
        "confidence": raw.confidence,
        "source": source(pack, raw.source),
    }


def _deadline(result: DeadlineResult, pack: Pack, on: date, translate: Translate) -> dict[str, Any]:
    """The earliest day it may be: with an uncertain fact, the safe side."""
    day = result.day.earliest if result.day else None
    return {
        "id": result.raw.id,
        "date": day.isoformat() if day else None,
        "days_left": (day - on).days if day else None,
        "rule": translate(result.raw.rule),
        "relief": translate(result.raw.relief) if result.raw.relief else None,
        "bars": result.raw.bars,
        "heads": result.raw.heads,
        "late": result.raw.late,
        "confidence": result.raw.confidence,
        "source": source(pack, result.raw.source),
    }


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


__all__ = ["amount", "estimate_json", "question_json", "source"]
