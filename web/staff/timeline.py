"""Stays and jobs as bars on one line of time, to see at a glance what overlaps and what is missing between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from calculator.case.values import read_date_range
from calculator.dates import DateRange
from calculator.translation import translator
from calculator.wording import country_name
from workbench import labels
from workbench.form import Entries, part_at
from workbench.said import read_back
from workbench.sheet import Sheet
from workbench.values import TO, UNSAID


@dataclass(frozen=True)
class Bar:
    """One stay or job: `start` and `width` in per cent of the whole time; `words` say the same."""

    title: str
    words: str
    start: float
    width: float


def timeline(sheet: Sheet, case: dict[str, Any], on: date, language: str) -> list[Bar]:
    """Every stay and job with a beginning, the earliest first. What has no end known lasts until the day of the estimate."""
    law = translator(language, "law")
    spans: list[tuple[DateRange, str, str]] = []
    for name in ("exploitation", "work"):
        part = part_at(name)
        assert isinstance(part, Entries)
        entries = case.get(name)
        for number, (one, facts) in enumerate(zip(sheet.of(name), entries if isinstance(entries, list) else [], strict=False), 1):
            first, last = _day(facts.get("start")), _day(facts.get("end"))
            if first is None:
                continue
            ends = DateRange(first.earliest, max(first.earliest, last.latest if last is not None else on))
            days = [read_back(f"{name}.{one}.{key}", str(sheet.texts.get(f"{name}.{one}.{key}", "")), language) for key in ("start", "end")]
            texts = [days[n] or sheet.texts.get(f"{name}.{one}.{key}", "") for n, key in enumerate(("start", "end"))]
            country = facts.get("country")
            where = [country_name(country, language)] if country and country not in UNSAID else []
            title = law(labels.entry_title(part)).format(number=number)
            spans.append((ends, title, " · ".join([*where, f" {TO} ".join(text if text and text not in UNSAID else "…" for text in texts)])))
    if not spans:
        return []
    begin = min(span.earliest for span, _title, _words in spans)
    whole = max(1, (max(span.latest for span, _title, _words in spans) - begin).days)
    bars = []
    for span, title, words in sorted(spans, key=lambda one: one[0]):
        start = round(min((span.earliest - begin).days / whole * 100, 98.5), 1)
        width = round(max((span.latest - span.earliest).days / whole * 100, 1.5), 1)
        bars.append(Bar(title, words, start, min(width, 100 - start)))
    return bars


def _day(value: Any) -> DateRange | None:
    return None if value is None or value in UNSAID else read_date_range(value)
