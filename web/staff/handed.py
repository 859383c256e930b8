"""A case on its way from one organisation to another, as it is sealed and as it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from calculator.wording import day
from store.organisations.handing import Handed
from workbench.form import NAME, NOTES
from workbench.record import Consent, Given, Record
from workbench.sheet import Sheet


def copy_of(record: Record, giver: str, purpose: str, on: date, until: date, consent: Consent, notes: bool) -> dict[str, Any]:
    """What is sealed for the receiver: the facts, the consent to hand them over, and notes only where that is wanted."""
    texts = {name: text for name, text in record.sheet.texts.items() if notes or name != NOTES}
    came = Given(giver, purpose, on, until)
    return Record(Sheet(texts, record.sheet.entries), (consent,), (), came).as_json()


def taken(content: Mapping[str, Any], name: str) -> tuple[Record, date]:
    """The case that the receiver begins with, under a name of her own, and the day until which it may be kept."""
    record = Record.from_json(content)
    assert record.came is not None
    texts = {**record.sheet.texts, NAME: name} if name else record.sheet.texts
    return replace(record, sheet=Sheet(texts, record.sheet.entries)), record.came.until


def handed_shown(handed: Handed, language: str) -> dict[str, Any]:
    """What waits, as the list shows it."""
    assert handed.content is not None
    record = Record.from_json(handed.content)
    assert record.came is not None
    return {
        "id": handed.id,
        "name": record.name,
        "giver": record.came.organisation,
        "purpose": record.came.purpose,
        "until": day(record.came.until.isoformat(), language),
        "waits": day(handed.until.date().isoformat(), language),
    }
