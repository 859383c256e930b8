"""Read a case file: YAML 1.2 or a plain mapping, checked against the contract, errors by fact.

Size is bounded before parsing, so that a hostile file costs no more than a long one.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from calculator import yaml12
from calculator.case.limits import check_day, check_size, check_span, check_work_together, path_text, shown
from calculator.case.model import CaseFile, Period, Work
from calculator.case.values import NumberRange, Unsaid
from calculator.dates import DateRange
from calculator.errors import CaseError

_CODES = {
    "number": ("This is not a number: {found}.", "Write digits, such as 40 or 37.5, or two ends: {{low: 40, high: 60}}."),
    "too_large": ("This number is too large: {found}.", "Check the digits; amounts stay below one thousand million."),
    "range": ("A range needs the two keys low and high.", "Write for example {{low: 40, high: 60}}."),
    "range_order": ("The low end of the range is above the high end.", "Swap the two numbers."),
    "date": ("This is not a date: {found}.", "Write 2024-03-31, 2024-03, 2024, or {{earliest: 2024-01-01, latest: 2024-03-31}}."),
    "date_order": ("The latest day comes before the earliest day.", "Swap the two dates."),
    "bool": ("This needs yes or no, found {found}.", "Write true, false, unknown or declined."),
    "text": ("This needs a short text, found {found}.", "Write at most 200 characters."),
    "negative": ("An amount cannot be below zero: {found}.", "Write the amount without a minus sign."),
}


_YAML_FAULTS = {
    "too_large": ("The file is too large.", "A case file stays below two million characters."),
    "aliases": ("The file uses YAML anchors.", "Write each value out where it stands."),
    "twice": ("Two entries beside each other have the same name (near line {line}).", "Remove one, or rename it."),
    "syntax": ("The file is not valid YAML (near line {line}).", "Check indentation, colons and quotes around that line."),
}


def _as_case_error(error: ValidationError) -> CaseError:
    """The most helpful of pydantic's complaints: the deepest one that is not a mere union mismatch."""
    problems = sorted(error.errors(), key=lambda e: (e["type"] == "value_error", len(e["loc"])), reverse=True)
    problem = problems[0]
    clean = [p for p in problem["loc"] if isinstance(p, int) or re.fullmatch(r"[a-z_0-9]+_?", str(p))]
    fact = path_text(tuple(p.rstrip("_") if isinstance(p, str) else p for p in clean))
    found, kind = shown(problem.get("input")), problem["type"]
    reason = str(problem.get("ctx", {}).get("error", ""))
    if kind == "extra_forbidden":
        return CaseError(fact, "The case file has no field of this name.", "Check the spelling; `redress schema case` lists every field.")
    if reason.startswith("code:"):
        return CaseError(fact, "The value {found} is not one of the choices.", "Choose one of: {choices}.", found=found, choices=reason[5:])
    if reason in _CODES:
        message, fix = _CODES[reason]
        return CaseError(fact, message, fix, found=found)
    if kind in ("list_type", "is_instance_of", "enum") or "list" in kind:
        return CaseError(fact, "This needs a list, found {found}.", "Start each entry with a dash.", found=found)
    if kind == "string_pattern_mismatch":
        return CaseError(
            fact,
            "This code is not written as it should be: {found}.",
            "Countries have two capital letters (DE), regions ISO 3166-2 (DE-BE), currencies three (EUR).",
            found=found,
        )
    if kind == "literal_error":
        return CaseError(
            fact,
            "The value {found} is not one of the choices.",
            "Choose one of: {choices}.",
            found=found,
            choices=str(problem.get("ctx", {}).get("expected", "")),
        )
    return CaseError(fact, "This value does not fit here: {found}.", "`redress schema case` shows what each field takes.", found=found)


def read_yaml(text: str) -> Any:
    """Parse YAML 1.2 safely. Raises CaseError; anchors and files over two million characters are refused."""
    try:
        return yaml12.load(text)
    except yaml12.YamlFaultError as fault:
        message, fix = _YAML_FAULTS[fault.reason]
        raise CaseError("", message, fix, line=fault.line) from fault


def read_json(text: str | bytes) -> Any:
    """Parse JSON; numbers keep their digits, and a name stands once in a group. Raises CaseError; texts over two million characters are
    refused."""
    if len(text) > yaml12.LARGEST_FILE:
        raise CaseError("", *_YAML_FAULTS["too_large"])
    try:
        return json.loads(text, parse_float=Decimal, parse_int=_whole, object_pairs_hook=_once_each)
    except RecursionError as error:
        raise CaseError("", "The file is nested too deeply.", "Follow the layout of the case file.") from error
    except ValueError as error:
        raise CaseError("", "This is not valid JSON.", "Check brackets, commas and quotes.") from error


def _whole(digits: str) -> int | Decimal:
    """Python reads no whole number of thousands of digits; as a decimal it is found too large where it stands."""
    return int(digits) if len(digits) < 100 else Decimal(digits)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise CaseError("", "Two entries beside each other have the same name: {found}.", "Remove one, or rename it.", found=shown(twice))
    return found


def of_a_saved_file(raw: Any) -> Any:
    """The case in a file that the page saved, which has the estimate beside it; anything else stays as it is."""
    saved = isinstance(raw, dict) and "case" in raw and set(raw) <= {"case", "estimate"}
    return raw["case"] if saved else raw


def read_case(raw: Any) -> CaseFile:
    """A checked case from a mapping. Raises CaseError that names the fact."""
    if isinstance(raw, CaseFile):
        return raw
    if raw is None:
        raw = {}
    if not isinstance(raw, dict):
        raise CaseError("", "A case file is a list of named facts, found {found}.", "Start with `version: 1`.", found=type(raw).__name__)
    check_size(raw)
    try:
        case = CaseFile.model_validate(_without_nulls(raw))
    except ValidationError as error:
        raise _as_case_error(error) from error
    except RecursionError as error:
        raise CaseError("", "The file is nested too deeply.", "Follow the layout of the case file.") from error
    check_facts(case)
    return case


def _without_nulls(raw: Any) -> Any:
    """Null means not asked, the same as a field that is not there; the depth has been checked."""
    if isinstance(raw, dict):
        return {key: _without_nulls(value) for key, value in raw.items() if value is not None}
    return [_without_nulls(value) for value in raw] if isinstance(raw, list) else raw


#: Bounds of answers that no life exceeds: (fact in its entry, lowest, highest).
_WORK_BOUNDS = (
    ("hours_per_week", 0, 168),
    ("hours_per_day", 0, 24),
    ("full_week_hours", 1, 84),
    ("agreed_hours_per_week", 0, 168),
    ("days_per_week", 0, 7),
    ("night_hours_per_week", 0, 168),
    ("sunday_hours_per_week", 0, 24),
    ("standby_nights_per_week", 0, 7),
    ("hours_total", 0, 200_000),
    ("leave_days_taken", 0, 3_660),
    ("sick_days", 0, 36_600),
    ("employer_size", 0, 3_000_000),
)
_BED_BOUNDS, _BOARD_BOUNDS = (("nights_per_week", 0, 7),), (("meals_per_day", 0, 10),)
_ABSENCE_BOUNDS, _INCAPACITY_BOUNDS = (("hours", 0, 200_000),), (("percent", 0, 100),)
_PAIN_BOUNDS = (("light", 0, 36_600), ("medium", 0, 36_600), ("strong", 0, 36_600))
_INJURY_BOUNDS, _PERSON_BOUNDS = (("duration_weeks", 0, 5_300),), (("dependants", 0, 100),)
_HARM_BOUNDS = (
    ("permanent_impairment_percent", 0, 100),
    ("suffering_scale_7", 0, 7),
    ("aesthetic_scale_7", 0, 7),
    ("degree_of_harm", 0, 100),
    ("itt_days", 0, 36_600),
    ("hospital_nights", 0, 36_600),
    ("therapy_sessions", 0, 10_000),
)


def _bounded(owner: Any, prefix: str, bounds: tuple[tuple[str, int, int], ...]) -> None:
    for name, lowest, highest in bounds:
        value = getattr(owner, name, None)
        if isinstance(value, NumberRange) and (value.low < lowest or value.high > highest):
            raise CaseError(
                f"{prefix}.{name}",
                "This cannot be: {found}.",
                "It lies between {lowest} and {highest}.",
                found=_span(value),
                lowest=lowest,
                highest=highest,
            )


def _span(value: NumberRange) -> str:
    return str(value.low) if value.low == value.high else f"{value.low}-{value.high}"


def _in_order(fact: str, start: Any, end: Any) -> None:
    if isinstance(start, DateRange) and isinstance(end, DateRange) and end.latest < start.earliest:
        raise CaseError(fact, "The end ({end}) comes before the start ({start}).", "Check both dates.", start=start.earliest, end=end.latest)


def check_facts(case: CaseFile) -> None:
    """What no schema sees: order of dates, bounds of a life, one answer said twice and differently."""
    _bounded(case.harm, "harm", _HARM_BOUNDS)
    _bounded(case.person, "person", _PERSON_BOUNDS)
    _bounded(case.harm.pain_days, "harm.pain_days", _PAIN_BOUNDS)
    for name, items, bounds in (("injuries", case.harm.injuries, _INJURY_BOUNDS), ("incapacity", case.harm.incapacity, _INCAPACITY_BOUNDS)):
        for index, item in enumerate(items if isinstance(items, list) else []):
            _bounded(item, f"harm.{name}[{index}]", bounds)
    birth = case.person.birth_date
    if isinstance(birth, DateRange) and birth.earliest > date(2200, 1, 1):
        raise CaseError("person.birth_date", "This date lies in the future.", "Check the year.")
    if isinstance(case.person.birth_year, NumberRange) and not (
        Decimal(1900) <= case.person.birth_year.low <= case.person.birth_year.high <= Decimal(2200)
    ):
        raise CaseError(
            "person.birth_year", "This is not a year: {found}.", "Write four digits, such as 1998.", found=_span(case.person.birth_year)
        )
    for index, act in enumerate(case.exploitation if isinstance(case.exploitation, list) else []):
        _in_order(f"exploitation[{index}].end", act.start, act.end)
        check_span(f"exploitation[{index}].end", act.start, act.end)
        if isinstance(birth, DateRange) and isinstance(act.start, DateRange) and birth.earliest > act.start.latest:
            raise CaseError(
                "person.birth_date",
                "The date of birth ({birth}) comes after the start ({start}).",
                "Check both dates.",
                birth=birth.earliest,
                start=act.start.latest,
            )
        year = case.person.birth_year
        if isinstance(year, NumberRange) and isinstance(act.start, DateRange) and year.low > act.start.latest.year:
            raise CaseError(
                "person.birth_year",
                "The date of birth ({birth}) comes after the start ({start}).",
                "Check both dates.",
                birth=_span(year),
                start=act.start.latest,
            )
    for path, periods in (("harm.incapacity", case.harm.incapacity), ("procedure.prevented", case.procedure.prevented)):
        for index, period in enumerate(periods if isinstance(periods, list) else []):
            _in_order(f"{path}[{index}].to", period.from_, period.to)
    talks = case.procedure.conciliation
    if isinstance(talks, Period):
        _in_order("procedure.conciliation.to", talks.from_, talks.to)
    jobs = case.work if isinstance(case.work, list) else []
    years = 0.0
    for index, job in enumerate(jobs):
        _check_job(job, f"work[{index}]")
        years += check_span(f"work[{index}].end", job.start, job.end)
    check_work_together(years)
    _hours_fit(jobs)


def _check_job(job: Work, prefix: str) -> None:
    _bounded(job, prefix, _WORK_BOUNDS)
    _bounded(job.accommodation, f"{prefix}.accommodation", _BED_BOUNDS)
    _bounded(job.board, f"{prefix}.board", _BOARD_BOUNDS)
    _in_order(f"{prefix}.end", job.start, job.end)
    if isinstance(job.pattern, dict):
        for day, spans in job.pattern.items():
            for span in spans:
                if not re.fullmatch(r"([01]\d|2[0-4]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d", span):
                    raise CaseError(
                        f"{prefix}.pattern.{day}",
                        "This is not a span of time: {found}.",
                        "Write for example 08:00-17:30; a span may pass midnight.",
                        found=shown(span),
                    )
        _pattern_fits(job.pattern, prefix)
    for index, pay in enumerate(job.paid if isinstance(job.paid, list) else []):
        _in_order(f"{prefix}.paid[{index}].to", pay.from_, pay.to)
    for index, gap in enumerate(job.absences if isinstance(job.absences, list) else []):
        _bounded(gap, f"{prefix}.absences[{index}]", _ABSENCE_BOUNDS)
        _in_order(f"{prefix}.absences[{index}].end", gap.start or gap.from_, gap.end or gap.to)


def _minutes(span: str) -> tuple[int, int]:
    first, last = (int(t[:2]) * 60 + int(t[3:]) for t in span.split("-"))
    return first, last if last > first else last + 1440


def _pattern_fits(pattern: Any, prefix: str) -> None:
    """No minute of the week is worked twice; a span may pass midnight into the next day."""
    week = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    spans = sorted(
        (week.index(day) * 1440 + s, week.index(day) * 1440 + e, day) for day, items in pattern.items() for s, e in map(_minutes, items)
    )
    if spans:
        first = spans[0]
        spans.append((first[0] + 7 * 1440, first[1] + 7 * 1440, first[2]))
    for before, after in zip(spans, spans[1:], strict=False):
        if after[0] < before[1]:
            raise CaseError(f"{prefix}.pattern.{after[2]}", "Two spans of work overlap.", "Check the times; each hour counts once.")


WEEK_HOURS = 168


def _hours_fit(jobs: list[Work]) -> None:
    """Jobs at the same time, whose hours together exceed a week or that are one entry written twice, are a slip."""
    spans = []
    for index, job in enumerate(jobs):
        if isinstance(job.start, DateRange) and isinstance(job.end, DateRange) and isinstance(job.hours_per_week, NumberRange):
            spans.append((job.start.latest, job.end.earliest, index, job.hours_per_week.low))
    spans.sort(key=lambda s: (s[0], s[2]))
    running: list[tuple[date, int, Decimal]] = []
    for start, end, index, hours in spans:
        running = [r for r in running if r[0] >= start]
        for _, other, _ in running:
            if jobs[other] == jobs[index]:
                raise CaseError(f"work[{index}]", "This job is the same as work[{other}].", "Remove one of them; pay counts once.", other=other)
        if end >= start and hours + sum((r[2] for r in running), Decimal(0)) > WEEK_HOURS:
            raise CaseError(
                f"work[{index}].hours_per_week",
                "Jobs at the same time have {found} hours a week together.",
                "A week has {most} hours; check hours and dates.",
                found=hours + sum((r[2] for r in running), Decimal(0)),
                most=WEEK_HOURS,
            )
        running.append((end, index, hours))


def _past_dates(case: CaseFile) -> Iterator[tuple[str, Any]]:
    """Days on which something has happened, so that they cannot lie ahead. A judgment may become final later."""
    procedure = case.procedure
    yield "procedure.report_date", procedure.report_date
    yield "procedure.identified_date", procedure.identified_date
    for name, fields in (("claims", ("filed", "served", "decided")), ("awards", ("date",)), ("received", ("date",))):
        items = getattr(procedure, name)
        for index, item in enumerate(items if isinstance(items, list) else []):
            for field in fields:
                yield f"procedure.{name}[{index}].{field}", getattr(item, field)
    for index, loss in enumerate(case.losses if isinstance(case.losses, list) else []):
        yield f"losses[{index}].date", loss.date
    yield "harm.first_therapy_date", case.harm.first_therapy_date


def check_against(case: CaseFile, on: date) -> None:
    """What only the day of the estimate can tell: facts that lie in the future. Work may still go on."""
    check_day(on)
    birth = case.person.birth_date
    if isinstance(birth, DateRange) and birth.earliest > on:
        raise CaseError("person.birth_date", "This date lies in the future.", "Check the year.")
    for fact, day in _past_dates(case):
        if isinstance(day, DateRange) and day.earliest > on:
            raise CaseError(fact, "This date lies after the day of the estimate ({on}).", "Check the date, or set the day with --on.", on=on)
    entries: list[tuple[str, Any]] = [("exploitation", case.exploitation), ("work", case.work)]
    for name, items in entries:
        for index, item in enumerate(items if isinstance(items, list) else []):
            if isinstance(item.start, DateRange) and item.start.earliest > on:
                raise CaseError(
                    f"{name}[{index}].start",
                    "This date lies after the day of the estimate ({on}).",
                    "Check the date, or set the day with --on.",
                    on=on,
                )


def dump_case(case: CaseFile) -> dict[str, Any]:
    """The case as plain data that reads back to the same case."""
    return case.model_dump(by_alias=True, exclude_none=True, exclude_defaults=False, mode="json")


__all__ = ["Unsaid", "check_against", "dump_case", "path_text", "read_case", "read_json", "read_yaml"]
