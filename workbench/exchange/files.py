"""A file of cases, whichever kind it is."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from workbench.exchange import htcds, tables
from workbench.exchange.faults import FileError, Unreadable
from workbench.exchange.tables import Found, without_notes
from workbench.record import Record


class Format(StrEnum):
    """What a file of many cases is."""

    CSV = "csv"
    HTCDS_JSON = "htcds_json"
    HTCDS_CSV = "htcds_csv"

    @property
    def file_name(self) -> str:
        """A name that says nothing of what is in it."""
        return "notes.json" if self is Format.HTCDS_JSON else "notes.csv"

    @property
    def media_type(self) -> str:
        """As browsers are told."""
        return "application/json" if self is Format.HTCDS_JSON else "text/csv; charset=utf-8"


def export_file(records: Sequence[Record], form: Format, notes: bool, whole: bool) -> bytes:
    """The file of some cases; with the notes beside them, and in records of the standard with all of our case, where it is wanted."""
    records = records if notes else [without_notes(record) for record in records]
    if form is Format.CSV:
        return tables.export_table(records)
    return (htcds.export_json if form is Format.HTCDS_JSON else htcds.export_csv)(records, whole)


def import_file(data: bytes) -> tuple[Format, Found]:
    """The cases of a file, and which kind it is: that is seen by how it begins. Raises FileError."""
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{"):
        return Format.HTCDS_JSON, htcds.import_json(data)
    try:
        return Format.HTCDS_CSV, htcds.import_csv(data)
    except FileError as error:
        if error.why is not Unreadable.NO_FIELDS:
            raise
    return Format.CSV, tables.import_table(data)
