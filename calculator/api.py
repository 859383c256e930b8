"""The calculator for callers: plain data in, a typed estimate or the contract's JSON out, texts in the reader's language."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from calculator import contact_words
from calculator.case.model import CaseFile
from calculator.case.read import read_case
from calculator.dates import DateRange
from calculator.emergency import contacts_document
from calculator.engine.result import document
from calculator.engine.result.document_json import as_json
from calculator.engine.result.interview import Interview
from calculator.engine.result.phrase_text import named
from calculator.engine.result.report import question_json, report
from calculator.engine.result.terms import as_told, office_language
from calculator.engine.routes.estimate import estimate as _estimate
from calculator.engine.routes.pack import Pack
from calculator.errors import CaseError
from calculator.files import write_whole
from calculator.packs.current import current_rules
from calculator.packs.hotlines import hotlines
from calculator.packs.services import Contact
from calculator.translation import for_counsel, languages, translator

default_rules = current_rules


def contacts_of(country: str | None) -> list[Contact]:
    """Numbers and services of a country, best first: those of its pack, else its hotlines; none for an unknown country."""
    if country is None:
        return []
    pack = default_rules().pack(country)
    return pack.contacts if pack else hotlines().get(country, [])


def contacts_by_country() -> dict[str, list[Contact]]:
    """Contacts of every country whose numbers we know."""
    return {**hotlines(), **{code: pack.contacts for code, pack in default_rules().packs.items()}}


def write_contacts(target: Path) -> None:
    """Write contacts.json: the words for danger and for silence, rendered for when all else is dead."""
    write_whole(target, json.dumps(contacts_document(contacts_by_country(), languages()), ensure_ascii=False), mode=0o600)


def day_of(case: CaseFile, on: date | None) -> date:
    """The day of the estimate: the caller's, else the case's own. Raises CaseError when there is neither."""
    if on is not None:
        return on
    if isinstance(case.evaluated_on, DateRange):
        return case.evaluated_on.latest
    raise CaseError("evaluated_on", "The day of the estimate is not known.", "Add evaluated_on, or use --on.")


def estimate(
    case: Any, jurisdictions: list[str] | None = None, on: date | None = None, language: str = "en", trace: bool = True
) -> document.Estimate:
    """What can be claimed, as it is told in a language. Raises CaseError."""
    read = read_case(case)
    found = _estimate(read, default_rules(), day_of(read, on), jurisdictions, trace)
    return report(found, translator(language, "law"), language)


def estimate_json(
    case: Any, jurisdictions: list[str] | None = None, on: date | None = None, language: str = "en", trace: bool = True
) -> dict[str, Any]:
    """`contract.md`, "Estimate (JSON)". Raises CaseError."""
    return as_json(estimate(case, jurisdictions, on, language, trace))


def questions_json(
    case: Any,
    jurisdictions: list[str] | None = None,
    on: date | None = None,
    language: str = "en",
    sensitive: bool = False,
    workbench: bool = False,
) -> dict[str, Any]:
    """Facts worth asking next, best first. Raises CaseError."""
    read = read_case(case)
    interview = Interview(read, default_rules(), day_of(read, on), jurisdictions)
    translate = translator(language, "law")
    return {"questions": [question_json(q, translate) for q in interview.worth_asking(sensitive, workbench)]}


def _summary(pack: Pack) -> dict[str, Any]:
    dates = pack.checked_dates()
    return {
        "code": pack.code,
        "name": pack.jurisdiction.name,
        "status": pack.jurisdiction.status,
        "currency": pack.jurisdiction.currency,
        "routes": [
            {
                "id": r.raw.id,
                "kind": r.raw.kind,
                "name": named(r.raw.name, r.raw.called, str, "en"),
                "computed": any(h.result is not None for h in r.heads),
            }
            for r in pack.routes.values()
        ],
        "newest_checked_on": max(dates).isoformat() if dates else None,
        "oldest_checked_on": min(dates).isoformat() if dates else None,
        "examples": len(pack.examples),
        "open_questions": pack.jurisdiction.open_questions,
    }


def jurisdictions_json() -> list[dict[str, Any]]:
    return [_summary(pack) for pack in default_rules().packs.values()]


def jurisdiction_json(code: str, language: str = "en") -> dict[str, Any]:
    """One jurisdiction with its contacts and rights. Raises CaseError when there is no pack."""
    pack = default_rules().pack(code)
    if pack is None:
        raise CaseError(
            "",
            "There are no rules yet for {found}.",
            "Countries with rules: {known}.",
            found=code,
            known=", ".join(sorted(default_rules().packs)),
        )
    translate = translator(language, "law")
    contacts = [
        {
            **c.model_dump(mode="json", exclude={"source"}),
            "name": contact_words.title(c, translate, language),
            "hours": contact_words.hours(c, translate, language),
            **{field: translate(text) if (text := getattr(c, field)) else None for field in ("languages_note", "for_whom", "gives", "note")},
            "source": pack.sources[c.source].title,
        }
        for c in pack.contacts
    ]
    rights = {
        topic: [
            {
                "id": r.id,
                "text": translate(r.text),
                "details": [translate(d) for d in r.details],
                "law": r.law,
                "text_of": r.text_of,
                "law_seen": r.law_seen,
                "for_counsel": list(map(for_counsel(language), r.for_counsel)),
                "confidence": r.confidence,
                "source": pack.sources[r.source].title,
            }
            for r in items
        ]
        for topic, items in (pack.protection.topics if pack.protection else {}).items()
    }
    words = [{**asdict(as_told(t, translate, language)), "routes": t.routes, "topics": t.topics, "regions": t.regions} for t in pack.terms]
    return {
        **_summary(pack),
        "name": translate(pack.jurisdiction.name),
        "contacts": contacts,
        "protection": rights,
        "terms": words,
        "office_language": office_language(pack, translate, language),
    }
