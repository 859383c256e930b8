"""Cases in tables for spreadsheets: what goes out comes back as it was, and what cannot be taken is said by row and field."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator.api import default_rules
from calculator.case.read import read_case
from calculator.errors import CaseError
from tests.workbench.made import STRANGE, as_taken, examples, sheets
from web.staff.case_form import SLIPS
from workbench.exchange.cells import escaped, unescaped
from workbench.exchange.faults import MOST_BYTES, FileError, Trouble, Unreadable, said
from workbench.exchange.paths import flat, part_of_path
from workbench.exchange.tables import CONSENT_DAY, export_table, import_table, without_notes
from workbench.form import EACH, NAME, NOTES, Field, parts
from workbench.record import Consent, Record
from workbench.sheet import EMPTY, Sheet, merged, read, with_entry
from workbench.values import Slip, tidied

# -- paths


def test_every_field_has_one_path_and_nothing_else_has() -> None:
    for part in parts().values():
        path = part.name.replace(EACH, "1")
        assert not isinstance(part, Field) or part_of_path(path) is part
    for path in ("", "work.0.end", "work.01.end", "work.x.end", "work.*.end", "work.501.end", "version", "person", "work.1.1", "x" * 200):
        assert part_of_path(path) is None, path


# -- out and back


@pytest.mark.parametrize("code", sorted(default_rules().packs))
def test_every_example_of_the_packs_comes_back_from_a_table_as_it_was(code: str) -> None:
    records = examples(code)
    found = import_table(export_table(records))
    assert not found.faults and not found.not_taken
    assert [as_taken(one.sheet) for one in found.cases] == [as_taken(record.sheet) for record in records]
    for one, record in zip(found.cases, records, strict=True):
        assert read_case(read(one.sheet).case) == read_case(read(record.sheet).case)


@settings(max_examples=200, deadline=None)
@given(st.lists(sheets(), min_size=1, max_size=4))
def test_any_cases_come_back_from_a_table_as_they_were(made: list[Sheet]) -> None:
    found = import_table(export_table([Record(sheet) for sheet in made]))
    assert not found.not_taken
    assert [as_taken(one.sheet) for one in found.cases] == [as_taken(sheet) for sheet in made if flat(sheet)]


@settings(max_examples=300)
@given(STRANGE)
def test_no_cell_is_a_formula_and_each_is_again_what_it_was(text: str) -> None:
    cell = escaped(text)
    assert unescaped(cell) == text
    # Nor where another spreadsheet takes a semicolon for the end of a cell.
    for piece in cell.replace("\r", ";").replace("\n", ";").replace("\t", ";").split(";")[0 if cell[0] not in "\t\r\n" else 1 :]:
        assert piece[:1] not in tuple("=+-@＝＋－＠")


def test_the_table_is_what_spreadsheets_read() -> None:
    sheet, job = with_entry(EMPTY, "work")
    typed = {NAME: "=1+1", NOTES: "two\nlines", f"work.{job}.occupation": 'said "x", then y', f"work.{job}.hours_per_week": "40–60"}
    record = Record(merged(sheet, {}, typed).sheet, (Consent("words", "en", date(2026, 3, 1)),))
    data = export_table([record, Record(merged(EMPTY, {}, {NAME: "'t Zand", "person.birth_year": "1990"}).sheet)])
    assert data.startswith(b"\xef\xbb\xbfabout.name,about.notes,about.adult,consent.day,")
    header, first, second = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert header[4:] == ["person.birth_year", "work.1.occupation", "work.1.hours_per_week"]
    assert first == ["'=1+1", "two\nlines", "", "2026-03-01", "", 'said "x", then y', "40–60"]
    assert second == ["'t Zand", "", "", "", "1990", "", ""]
    # No id of an entry leaves, and no notes where they are not asked for.
    assert job.encode() not in data and b"two" not in export_table([without_notes(record)])


def test_an_entry_with_nothing_in_it_is_kept_and_gaps_close() -> None:
    sheet, _first = with_entry(EMPTY, "work")
    sheet, second = with_entry(sheet, "work")
    sheet, third = with_entry(sheet, "work")
    sheet = merged(sheet, {}, {NAME: "x", f"work.{second}.sector": "care"}).sheet
    assert flat(sheet) == {NAME: "x", "work.1": "empty", "work.2.sector": "care", "work.3": "empty"}
    [one] = import_table(export_table([Record(sheet)])).cases
    assert as_taken(one.sheet) == flat(sheet) and len(one.sheet.of("work")) == 3
    [one] = import_table(b"about.name,work.2.sector,work.9.sector\nx,care,sex\n").cases
    assert flat(one.sheet) == {NAME: "x", "work.1.sector": "care", "work.2.sector": "sex"}


# -- what somebody else has written


def told(data: bytes, language: str = "en") -> list[str]:
    """Each fault as it is said."""
    return [said(fault, language, SLIPS) for fault in import_table(data).faults]


def test_what_cannot_be_read_is_said_by_row_and_field_and_kept_as_it_was_typed() -> None:
    data = (
        b"about.name,work.1.start,work.1.hours_per_week,losses,person.birth_year\n"
        b"Blue bird,03/04/2024,40,,1990\n"
        b"Otter,1.4.2024,200,many,\n"
        b",,,,1985\n"
        b"too,few\n"
        b"\n"
        b"Fox,2024,,none,\n"
    )
    assert told(data) == [
        "Row 2, work.1.start: It is not clear which is the day and which is the month. Write the year first: 2024-03-31.",
        "Row 3, losses: Here only “unknown”, “declined” or “none” can stand. It is left out.",
        "Row 3, work.1.hours_per_week: This cannot be: 200. It lies between 0 and 168.",
        "Row 4, about.name: This case has no name. It is called by its row.",
        "Row 5: This row has more or fewer cells than the first row. It is left out.",
    ]
    cases = import_table(data).cases
    assert [one.row for one in cases] == [2, 3, 4, 7]
    assert flat(cases[0].sheet)["work.1.start"] == "03/04/2024"
    # What can be read is kept in the one writing of the form.
    assert flat(cases[1].sheet) == {NAME: "Otter", "work.1.start": "2024-04-01", "work.1.hours_per_week": "200"}
    assert read(cases[3].sheet).case["losses"] == []


def test_a_fault_in_a_language_from_right_to_left_keeps_the_order_of_the_path() -> None:
    assert "\u2068work.1.start\u2069" in told(b"about.name,work.1.start\nx,03/04/2024\n", "ar")[0]


def test_columns_that_are_not_ours_are_named() -> None:
    found = import_table(b"about.name;Surname;work.1.sector;work.1.sector;empty\nx;Doe;care;sex;\ny;;care;;\n")
    assert found.not_taken == {"Surname": 1, "work.1.sector": 3}
    assert [flat(one.sheet) for one in found.cases] == [{NAME: "x"}, {NAME: "y"}] and not found.faults


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_that_a_spreadsheet_saved_is_read(separator: str, end: str) -> None:
    data = end.join([separator.join(["about.name", "person.birth_year", CONSENT_DAY]), separator.join(["x", " 1990 ", "2024-01-01"])])
    [one] = import_table(data.encode("utf-8-sig")).cases
    assert flat(one.sheet) == {NAME: "x", "person.birth_year": "1990"}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", Unreadable.NO_FIELDS),
        (b"a,b\n1,2\n", Unreadable.NO_FIELDS),
        (b"about.name\n", Unreadable.NONE),
        (b"about.name\n\n\n", Unreadable.NONE),
        (b"\xff\xfea\x00", Unreadable.NO_TEXT),
        (b'about.name\n"never closed\n', Unreadable.NO_TABLE),
        (b"about.name\nx\0y\n", Unreadable.NO_TABLE),
        (b"about.name\n" + b"x\n" * 1001, Unreadable.MANY),
        (b"x" * (MOST_BYTES + 1), Unreadable.LARGE),
    ],
)
def test_a_file_of_which_nothing_can_be_taken_says_why(data: bytes, why: Unreadable) -> None:
    with pytest.raises(FileError) as error:
        import_table(data)
    assert error.value.why is why


def test_what_is_too_long_is_said() -> None:
    data = export_table([Record(Sheet({NAME: "n" * 301, NOTES: "x" * 20_001}, {}))])
    assert [(fault.field, fault.what) for fault in import_table(data).faults] == [(NAME, Slip.LONG), (NOTES, Slip.LONG)]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | STRANGE.map(str.encode) | STRANGE.map(lambda text: b"about.name,work.1.start\n" + text.encode()))
def test_no_file_breaks_it(data: bytes) -> None:
    try:
        found = import_table(data)
    except FileError:
        return
    for fault in found.faults:
        assert isinstance(fault.what, Slip | Trouble | CaseError) and said(fault, "en", SLIPS)
    for one in found.cases:
        assert flat(one.sheet) == {path: tidied(part_of_path(path), text) for path, text in flat(one.sheet).items()}
