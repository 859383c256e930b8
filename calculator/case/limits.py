"""How large a case may be: generous for real people, finite for everybody else.

Checked before anything is worked out, so that a hostile case costs no more than a long one, on the command line as over HTTP. What a
single answer may be is bounded where it is read (`values.py`) and checked (`read.py`).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from calculator.dates import DateRange
from calculator.errors import CaseError

#: Levels of lists and groups in each other; the case file has seven.
DEEPEST = 12
#: Values of a whole case: a hundred for each of five hundred jobs.
MOST_VALUES = 50_000
#: Entries of a list, by its path without numbers; `MOST_ENTRIES` where none is named.
MOST_ENTRIES = 200
MOST_OF = {"work": 500, "work[].paid": 500, "work[].absences": 500, "losses": 1_000, "procedure.received": 500}
#: Characters of a text, and of a name.
LONGEST_TEXT, LONGEST_NAME = 200, 60
#: Years that one job or one time of exploitation lasts, from its earliest to its latest day, and all jobs together.
MOST_YEARS, MOST_YEARS_OF_WORK = 80, 1_000
#: The first and last year of any day, also of the day of the estimate.
YEARS = (1900, 2200)
#: Jurisdictions that one estimate is made for.
MOST_JURISDICTIONS = 60

_NAME = re.compile(r"[a-z_0-9]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile(r"\[\d+\]")
Path = tuple[int | str, ...]


def path_text(path: Path) -> str:
    """`work`, 0, `hours_per_week` -> `work[0].hours_per_week`; names that no field could have are left out."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _NAME.fullmatch(part) and len(part) <= LONGEST_NAME:
            text += f".{part}" if text else part
    return text


def shown(found: Any) -> str:
    """What was found, short enough for a sentence and writable in any file."""
    text = _SURROGATE.sub("\ufffd", str(found))
    return text if len(text) <= 40 else text[:37] + "..."


def check_size(raw: dict[str, Any]) -> None:
    """Refuse a raw case that is too deep, too long or holds what no file can. Raises CaseError, at the first such place."""
    left = MOST_VALUES

    def look(value: Any, path: Path) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise CaseError(
                "",
                "The case holds more than {most} values.",
                "Leave out what matters least, or join entries that belong together.",
                most=MOST_VALUES,
            )
        if isinstance(value, str):
            _check_text(value, path)
        elif isinstance(value, dict | list):
            if len(path) > DEEPEST:
                raise CaseError(path_text(path[:3]), "The file is nested too deeply.", "Follow the layout of the case file.")
            if isinstance(value, list):
                _check_length(value, path)
            for key, part in value.items() if isinstance(value, dict) else enumerate(value):
                if isinstance(value, dict):
                    _check_name(key, path)
                look(part, (*path, key))
        elif isinstance(value, int) and value.bit_length() > 64:
            raise CaseError(
                path_text(path), "This number is too large: {found}.", "Check the digits; amounts stay below one thousand million.", found="..."
            )

    look(raw, ())


def _check_text(text: str, path: Path) -> None:
    if len(text) > LONGEST_TEXT:
        raise CaseError(path_text(path), "This needs a short text, found {found}.", "Write at most 200 characters.", found=shown(text))
    if _SURROGATE.search(text):
        raise CaseError(path_text(path), "This text holds half a character: {found}.", "Write it again, or leave it out.", found=shown(text))


def _check_name(name: Any, path: Path) -> None:
    if not isinstance(name, str) or len(name) > LONGEST_NAME or _SURROGATE.search(name):
        raise CaseError(
            path_text(path), "The case file has no field of this name.", "Check the spelling; `redress schema case` lists every field."
        )


def _check_length(entries: list[Any], path: Path) -> None:
    most = MOST_OF.get(_NUMBER.sub("[]", path_text(path)), MOST_ENTRIES)
    if len(entries) > most:
        raise CaseError(
            path_text(path),
            "There are {count} entries, more than can be worked out.",
            "Join entries that belong together; at most {most}.",
            count=len(entries),
            most=most,
        )


def check_span(fact: str, start: Any, end: Any) -> float:
    """How many years something lasted, from its earliest to its latest day; 0 where they are not known. Raises CaseError."""
    if not (isinstance(start, DateRange) and isinstance(end, DateRange)):
        return 0.0
    years = (end.latest - start.earliest).days / 365.2425
    if years > MOST_YEARS:
        raise CaseError(
            fact, "This lasts {found} years.", "Check both dates; one entry lasts at most {most} years.", found=int(years), most=MOST_YEARS
        )
    return max(0.0, years)


def check_work_together(years: float) -> None:
    """Refuse jobs that last longer together than `MOST_YEARS_OF_WORK`. Raises CaseError."""
    if years > MOST_YEARS_OF_WORK:
        raise CaseError(
            "work",
            "All jobs together last {found} years.",
            "Join jobs that belong together; at most {most} years in all.",
            found=int(years),
            most=MOST_YEARS_OF_WORK,
        )


def check_day(on: date) -> None:
    """Refuse a day of the estimate from which no deadline could be counted. Raises CaseError."""
    if not YEARS[0] <= on.year <= YEARS[1]:
        raise CaseError("evaluated_on", "This is not a date: {found}.", "Write for example --on 2026-11-24.", found=on.isoformat())


def check_jurisdictions(codes: list[str]) -> None:
    """Refuse more jurisdictions than there can be. Raises CaseError."""
    if len(codes) > MOST_JURISDICTIONS:
        raise CaseError(
            "jurisdictions",
            "There are {count} entries, more than can be worked out.",
            "Join entries that belong together; at most {most}.",
            count=len(codes),
            most=MOST_JURISDICTIONS,
        )
