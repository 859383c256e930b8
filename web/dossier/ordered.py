"""A dossier as it is ordered from a page or a command, and the file that comes of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel

from web.dossier.content import Wanted, dossier
from web.dossier.files import Format, written
from workbench.sheet import from_json


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
    wanted = Wanted(ordered.country, ordered.on, ordered.language, ordered.beside, ordered.consent, ordered.adult)
    return written(dossier(from_json(ordered.sheet), wanted), ordered.format)
