"""Tables as spreadsheets read and write them, with cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from workbench.exchange.faults import MOST_BYTES, MOST_CASES, FileError, Unreadable

#: What begins a formula in a spreadsheet, also in East Asian width.
_BEGINS = "=+\\-@\t\r\n＝＋－＠"
#: At the beginning, or behind what another spreadsheet might take for the end of a cell; an apostrophe that stood there is counted in.
_FORMULA = re.compile(rf"(?:^|(?<=[;\t\r\n]))(?='*[{_BEGINS}])")
_ESCAPED = re.compile(rf"(?:^|(?<=[;\t\r\n]))'(?='*[{_BEGINS}])")
_SEPARATORS = ",;\t"

# One cell may hold a whole case; the file as a whole is bounded.
csv.field_size_limit(MOST_BYTES)


def escaped(text: str) -> str:
    """A cell that is never a formula: an apostrophe stands before what would begin one."""
    return _FORMULA.sub("'", text)


def unescaped(cell: str) -> str:
    """The text of a cell, as it was before `escaped`."""
    return _ESCAPED.sub("", cell)


def write_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """CSV (RFC 4180) in UTF-8, with the mark by which spreadsheets know it."""
    into = io.StringIO(newline="")
    writer = csv.writer(into)
    writer.writerow(header)
    writer.writerows([escaped(cell) for cell in row] for row in rows)
    # Half a character, which a damaged file may hold, is none in UTF-8.
    return into.getvalue().encode("utf-8-sig", "replace")


def read_text(data: bytes) -> str:
    """A file as text. Raises FileError."""
    if len(data) > MOST_BYTES:
        raise FileError(Unreadable.LARGE)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(Unreadable.NO_TEXT) from None


def read_table(text: str, is_known: Callable[[str], bool]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The first row, and each other one with its number in the spreadsheet; rows in which nothing stands are passed over.

    The cells may be apart by comma, semicolon or tab: by whichever the first row has most names that are known. Raises FileError.
    """
    found = []
    for separator in _SEPARATORS:
        try:
            header = [name.strip() for name in next(_rows(text, separator), [])]
        except csv.Error:
            continue
        found.append((sum(map(is_known, header)), separator, header))
    known, separator, header = max(found, key=lambda one: one[0], default=(0, ",", []))
    if not found or "\0" in text:
        raise FileError(Unreadable.NO_TABLE)
    if not known:
        raise FileError(Unreadable.NO_FIELDS)
    rows: list[tuple[int, list[str]]] = []
    try:
        for number, cells in enumerate(_rows(text, separator), start=1):
            if number == 1 or not any(cells):
                continue
            if len(rows) == MOST_CASES:
                raise FileError(Unreadable.MANY)
            rows.append((number, [unescaped(cell) for cell in cells]))
    except csv.Error:
        raise FileError(Unreadable.NO_TABLE) from None
    if not rows:
        raise FileError(Unreadable.NONE)
    return header, rows


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
