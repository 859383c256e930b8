"""A dossier as it is ordered from a page or a command, and the file that comes of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from pydantic import BaseModel

from calculator.api import estimate
from calculator.engine.result.document_json import as_json
from web.dossier.content import Wanted, dossier
from web.dossier.files import Format, written
from workbench.sheet import from_json, read, usable


class Ordered(BaseModel):
    """Of which sheet, for which State, in which language or two, as which kind of file."""

    sheet: dict[str, Any]
    country: str
    on: date
    language: str
    beside: str | None = None
    consent: bool = False
    adult: bool = False
    format: Format = Format.PDF


def file_of(ordered: Ordered) -> bytes:
    """The file. Raises CaseError."""
    if ordered.format is Format.JSON:
        return _for_programs(ordered)
    wanted = Wanted(ordered.country, ordered.on, ordered.language, ordered.beside, ordered.consent, ordered.adult)
    return written(dossier(from_json(ordered.sheet), wanted), ordered.format)


def _for_programs(ordered: Ordered) -> bytes:
    """The case with what can be read of it, and its estimate; amounts of a child only where an adult helps."""
    case = usable(read(from_json(ordered.sheet))).case
    found = estimate(case, [ordered.country], ordered.on, ordered.language)
    content: dict[str, Any] = {"case": case}
    if ordered.adult or not any(one.minor for one in found.jurisdictions):
        content["estimate"] = as_json(found)
    return json.dumps(content, ensure_ascii=False, indent=2).encode("utf-8")
