"""What is wrong with a file of cases: where, and why. Sentences are message ids of the `law` catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from calculator.errors import CaseError
from calculator.translation import _, isolated, translator
from workbench.values import Slip

#: Cases and bytes of a file at most.
MOST_CASES, MOST_BYTES = 1_000, 20_000_000


class Trouble(StrEnum):
    """What is wrong besides a text that is no value of its field."""

    CELLS = "cells"
    NO_NAME = "no_name"
    WHOLE = "whole"
    WHOLE_ENTRY = "whole_entry"
    NO_RECORD = "no_record"
    NOT_LISTED = "not_listed"
    NO_DAY = "no_day"
    NO_NUMBER = "no_number"
    NO_TICK = "no_tick"
    NO_TEXT = "no_text"
    OURS = "ours"


TROUBLES = {
    Trouble.CELLS: _("This row has more or fewer cells than the first row. It is left out."),
    Trouble.NO_NAME: _("This case has no name. It is called by its row."),
    Trouble.WHOLE: _("Here only “unknown”, “declined” or “none” can stand. It is left out."),
    Trouble.WHOLE_ENTRY: _("Here only “empty” can stand. It is left out."),
    Trouble.NO_RECORD: _("This is no record. It is left out."),
    Trouble.NOT_LISTED: _("The standard has no such value in its list."),
    Trouble.NO_DAY: _("This is not a day. The standard writes 2024-03-31."),
    Trouble.NO_NUMBER: _("This is not a number."),
    Trouble.NO_TICK: _("This is neither yes nor no. The standard writes true or false."),
    Trouble.NO_TEXT: _("This is not a text."),
    Trouble.OURS: _("The case inside this record cannot be read. Only the fields of the standard are taken."),
}

_PLACE, _PLACE_ROW = _("Row {row}, {field}: {what}"), _("Row {row}: {what}")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one row, as a spreadsheet counts them; `field` is its path or its name in the standard, empty for the whole row."""

    row: int
    field: str
    what: Slip | Trouble | CaseError


def said(fault: Fault, language: str, slips: Mapping[Slip, str]) -> str:
    """A fault in one sentence or two; `slips` are the words of what cannot be read, in English as the pages have them."""
    law = translator(language, "law", "web")
    if isinstance(fault.what, CaseError):
        what = " ".join(fault.what.said(law))
    elif isinstance(fault.what, Slip):
        what = law(slips[fault.what])
    else:
        what = law(TROUBLES[fault.what])
    return law(_PLACE if fault.field else _PLACE_ROW).format(row=fault.row, field=isolated(fault.field, language), what=what)


class Unreadable(StrEnum):
    """Why nothing of a file can be taken."""

    LARGE = "large"
    MANY = "many"
    NO_TEXT = "no_text"
    NO_TABLE = "no_table"
    NO_FIELDS = "no_fields"
    NO_JSON = "no_json"
    ONE_CASE = "one_case"
    NONE = "none"


UNREADABLE = {
    Unreadable.LARGE: _("The file is too large. Take at most 20 megabytes at a time."),
    Unreadable.MANY: _("There are too many cases in this file. Take at most 1000 at a time."),
    Unreadable.NO_TEXT: _("This file is no text. Save it as “CSV UTF-8” in the spreadsheet, then try again."),
    Unreadable.NO_TABLE: _("This file is no table. Perhaps a quotation mark is missing in it."),
    Unreadable.NO_FIELDS: _("No field of this file is known here. The first row must have the names of the fields."),
    Unreadable.NO_JSON: _("This file is no JSON. Perhaps it was cut off."),
    Unreadable.ONE_CASE: _("This is the file of one case. Take it in by “Begin from a file” on the list of cases."),
    Unreadable.NONE: _("There is no case in this file."),
}


class FileError(ValueError):
    """A file of which nothing can be taken."""

    def __init__(self, why: Unreadable) -> None:
        super().__init__(why)
        self.why = why
