"""Cases in files for other programs: what goes out comes back as it was, and what cannot be taken is said by name."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator.api import default_rules
from calculator.case.read import read_case
from calculator.case.values import Kind
from calculator.errors import CaseError
from web.staff.case_form import SLIPS
from workbench.exchange.cells import escaped, unescaped
from workbench.exchange.faults import MOST_BYTES, FileError, Trouble, Unreadable, said
from workbench.exchange.files import Format, export_file, import_file
from workbench.exchange.htcds import COLUMNS, CORE, export_json, import_csv, import_json, missing, record_of
from workbench.exchange.mapping import CASE, CHOICES, EVENT, LOCAL, MORE_EVENTS, SAME, SIGNS
from workbench.exchange.paths import flat, part_of_path
from workbench.exchange.standard import BY_NAME, FIELDS, country, value_in
from workbench.exchange.tables import CONSENT_DAY, export_table, import_table, without_notes
from workbench.form import ADULT, EACH, NAME, NOTES, Field, form, parts, walk
from workbench.record import Consent, Record
from workbench.sheet import EMPTY, Sheet, merged, read, sheet_of, with_entry
from workbench.values import UNSAID, Slip, tidied

LEAVES = [part for part in walk(form()) if isinstance(part, Field)]
#: What spreadsheets take for a formula, what they take for a separator, and what goes from right to left.
STRANGE = st.text(st.sampled_from("=+-@'\t\r\n;,\"|<&a1 é你عש\u200f\u202e\u2028＝😀\0") | st.characters(codec="utf-8"), min_size=1, max_size=30)


def examples(code: str) -> list[Record]:
    """Every example of a pack as a case with a name."""
    found = []
    for example in default_rules().packs[code].examples:
        sheet = sheet_of({"version": 1, **example.case})
        found.append(Record(Sheet({**sheet.texts, NAME: example.id}, sheet.entries)))
    return found


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """A case as the form keeps it: any text in any field of any entries, entries with nothing in them too."""
    sheet, typed = EMPTY, {NAME: draw(STRANGE), NOTES: draw(STRANGE), ADULT: draw(STRANGE)}
    for part in draw(st.lists(st.sampled_from(LEAVES), max_size=10)):
        name = part.name
        while EACH in name.split("."):
            owner = name.split(f".{EACH}")[0]
            ids = sheet.of(owner)
            if not ids or draw(st.booleans()):
                sheet, one = with_entry(sheet, owner)
            else:
                one = draw(st.sampled_from(ids))
            name = name.replace(f"{owner}.{EACH}", f"{owner}.{one}", 1)
        known = {Kind.DATE: ["2024-03-31", "2024", "2024-01 – 2024-03"], Kind.NUMBER: ["40", "40–60"]}.get(part.kind, ["yes", "DE", "EUR"])
        typed[name] = draw(STRANGE | st.sampled_from([*known, *part.codes, *UNSAID]))
    for name in draw(st.lists(st.sampled_from(["losses", "person.convictions", "work", "harm.pain_days"]), unique=True)):
        typed[name] = draw(st.sampled_from(UNSAID))
    return merged(sheet, {}, typed).sheet


def as_taken(sheet: Sheet) -> dict[str, str]:
    """What a case is apart from the ids of its entries, which are given anew."""
    return flat(sheet)


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


# -- the standard


def case_of(**texts: str) -> Record:
    """A case of one stay and one job: `exploitation__country` stands for `exploitation.1.country` and so on."""
    sheet, stay = with_entry(EMPTY, "exploitation")
    sheet, job = with_entry(sheet, "work")
    typed = {NAME: "Blue bird"}
    for name, text in texts.items():
        first, rest = name.split("__", 1)
        typed[f"{first}.{dict(exploitation=stay, work=job).get(first, '')}.{rest}".replace("..", ".").replace("__", ".")] = text
    return Record(merged(sheet, {}, typed).sheet)


def of_record(**fields: object):
    """What a foreign record comes to: its fields by path, and the rest."""
    found = import_json(json.dumps([{"redress_Pseudonym": "x", **fields}]).encode())
    return {path: text for path, text in flat(found.cases[0].sheet).items() if path != NAME}, found


def test_the_standard_has_its_fields() -> None:
    """The numbers of version 2.0."""
    assert len(FIELDS) == 83 and sum(field.core for field in FIELDS) == 40 and len(CORE) == 38
    assert len(BY_NAME["vic_ForcedLabourIndustry"].values) == 21 and len(BY_NAME["vic_MethodsOfControl"].values) == 16
    assert all(value == value.strip() for field in FIELDS for value in field.values)


def test_each_mapping_names_fields_and_values_that_there_are() -> None:
    for name, path in SAME.items():
        assert name in {*BY_NAME, *LOCAL} and isinstance(part_of_path(path), Field)
    for name, choice in CHOICES.items():
        part = part_of_path(choice.path.replace("*", "1"))
        assert isinstance(part, Field) and set(choice.back.values()) <= set(choice.out)
        assert name in LOCAL or set(choice.out.values()) <= set(BY_NAME[name].values)
        assert not part.codes or set(choice.out) <= set(part.codes)
    for name, signs in SIGNS.items():
        for sign in signs:
            part = part_of_path(sign.path.replace("*", "1"))
            assert isinstance(part, Field) and sign.value in BY_NAME[name].values
            assert set(sign.codes) <= {*part.codes, "yes"} and sign.back in {"", *sign.codes}
    assert all(isinstance(part_of_path(f"exploitation.1.{key}"), Field) and name in BY_NAME for name, key in EVENT.items())


@pytest.mark.parametrize("code", sorted(default_rules().packs))
@pytest.mark.parametrize("form", [Format.HTCDS_JSON, Format.HTCDS_CSV])
def test_every_example_of_the_packs_comes_back_from_the_standard_as_it_was(code: str, form: Format) -> None:
    records = examples(code)
    kind, found = import_file(export_file(records, form, notes=True, whole=True))
    assert kind is form and not found.faults and not found.not_taken and not found.changed
    assert [as_taken(one.sheet) for one in found.cases] == [as_taken(record.sheet) for record in records]


@settings(max_examples=200, deadline=None)
@given(st.lists(sheets(), min_size=1, max_size=3), st.sampled_from([Format.HTCDS_JSON, Format.HTCDS_CSV]))
def test_any_cases_come_back_from_the_standard_as_they_were(made: list[Sheet], form: Format) -> None:
    _kind, found = import_file(export_file([Record(sheet) for sheet in made], form, notes=True, whole=True))
    assert not found.not_taken and not found.changed
    assert [as_taken(one.sheet) for one in found.cases] == [as_taken(sheet) for sheet in made]


@settings(max_examples=200, deadline=None)
@given(sheets())
def test_what_is_written_is_what_the_standard_allows_and_stands_when_it_comes_back(sheet: Sheet) -> None:
    """Without our case in it: what is taken back says the same again, and what is not is named."""
    record = record_of(Record(sheet), whole=False)
    assert set(record) == set(COLUMNS)
    for name, value in record.items():
        if name in BY_NAME:
            assert value_in(BY_NAME[name], value) == value
        assert not name.startswith("prs_") or value is None or name in SAME or name in CHOICES
    found = import_json(export_json([Record(sheet)], whole=False))
    again = record_of(Record(found.cases[0].sheet), whole=False)
    for name, value in record.items():
        told = {said.split(": ")[0] for said in found.not_taken}
        assert name == "con_Consent" or name in told or again[name] == value or value in (None, "PossibleVictimOfTrafficking"), name


def test_a_case_in_the_words_of_the_standard() -> None:
    record = case_of(
        person__birth_date="1999-05-17",
        person__nationalities="RO,MD",
        person__residence_country="DE",
        person__marital_status="partner",
        exploitation__country="DE",
        exploitation__region="DE-BE",
        exploitation__start="2015-01-10",
        exploitation__forms="labour,criminal",
        exploitation__violence="threats,severe",
        exploitation__sexual_violence="once",
        exploitation__freedom_restricted="yes",
        exploitation__debt_bondage="yes",
        exploitation__offender_relation="employer",
        work__sector="cleaning",
    )
    told = {name: value for name, value in record_of(record, whole=False).items() if value is not None}
    assert told == {
        "prs_Birthdate": "1999-05-17",
        "prs_Citizenship": ["RO", "MD"],
        "prs_MailingCountry": "DE",
        "vic_TraffickingStatus": "PossibleVictimOfTrafficking",
        "vic_AgeWhenTrafficked": 15,
        "vic_MethodsOfControl": ["PhysicalThreats", "DebtBondage", "PhysicalAbuse", "SexualAbuse", "Other"],
        "vic_TypeOfExploitation": ["ForcedLabour", "Other"],
        "vic_ForcedLabourIndustry": "N_AdministrativeAndSupportServiceActivities",
        "hte_Type": "Exploitation",
        "hte_Country": "DE",
        "hte_State": "DE-BE",
        "hte_Date": "2015-01-10",
        "con_Consent": False,
        "redress_Pseudonym": "Blue bird",
        "redress_RestrictsMovement": True,
        "redress_ForcedCriminality": True,
    }
    assert set(missing(told)) >= {"prs_FirstName", "prs_Gender", "cas_Status"} and "prs_Birthdate" not in missing(told)


@pytest.mark.parametrize(
    ("texts", "status", "who"),
    [
        ({}, "Possible", None),
        ({"procedure__identified_as_victim": "none"}, "Possible", None),
        ({"procedure__identified_as_victim": "reasonable_grounds"}, "Possible", None),
        ({"procedure__identified_as_victim": "conclusive"}, "Actual", None),
        ({"procedure__criminal_case__status": "convicted", "procedure__criminal_case__offence": "other"}, "Possible", None),
        ({"procedure__criminal_case__status": "charged", "procedure__criminal_case__offence": "trafficking"}, "Possible", None),
        ({"procedure__criminal_case__status": "convicted", "procedure__criminal_case__offence": "trafficking"}, "Actual", "CourtOrProsecution"),
    ],
)
def test_the_status_is_never_a_verdict_of_ours(texts: dict[str, str], status: str, who: str | None) -> None:
    told = record_of(case_of(**texts), whole=False)
    assert (told["vic_TraffickingStatus"], told["vic_TraffickingStatusDecisionMakingOrg"]) == (f"{status}VictimOfTrafficking", who)


def test_an_age_that_is_not_sure_is_not_told() -> None:
    def age(**texts: str):
        return record_of(case_of(**texts), whole=False)["vic_AgeWhenTrafficked"]

    assert age(person__birth_year="1999", exploitation__start="2015-06") is None
    assert age(person__birth_year="1999", exploitation__start="2015-12-31") == 16
    assert age(person__birth_date="1999-05-17", exploitation__start="2015-05") is None
    assert age(person__birth_date="2015-05-17", exploitation__start="2015-05-18") == 0
    assert age(person__birth_year="2020", exploitation__start="2015-12-31") is None


def test_a_record_of_another_program_fills_what_maps_and_names_the_rest() -> None:
    paths, found = of_record(
        prs_FirstName="Maria",
        prs_Birthdate="1999-05-17T00:00:00Z",
        prs_Citizenship="ROU;MD",
        prs_Gender="Feminine",
        prs_MaritalStatus="Separated",
        prs_Email="",
        vic_TraffickingStatus="ActualVictimOfTrafficking",
        vic_TraffickingStatusDecisionMakingOrg="Police",
        vic_MethodsOfControl=["DebtBondage ", "TakesEarnings", "SexualAbuse", "RestrictsMovement"],
        vic_TypeOfExploitation="ForcedLabour, ChildLabour",
        vic_ForcedLabourIndustry="F_Construction",
        vic_RelationshipToTrafficker="Unaquainted",
        hte_Type="Exploitation",
        hte_Country="Germany",
        hte_State="Berlin",
        hte_Date="2019-02-03",
        con_Consent=True,
        Favourite__c="red",
    )
    assert paths == {
        "person.birth_date": "1999-05-17",
        "person.nationalities": "RO,MD",
        "exploitation.1.country": "DE",
        "exploitation.1.forms": "labour",
        "exploitation.1.start": "2019-02-03",
        "exploitation.1.freedom_restricted": "yes",
        "exploitation.1.debt_bondage": "yes",
        "exploitation.1.offender_relation": "stranger",
        "work.1.sector": "construction",
        "procedure.identified_as_victim": "conclusive",
    }
    assert set(found.not_taken) == {
        "prs_FirstName",
        "prs_Gender",
        "prs_MaritalStatus",
        "vic_TraffickingStatusDecisionMakingOrg",
        "vic_MethodsOfControl: TakesEarnings",
        "vic_MethodsOfControl: SexualAbuse",
        "vic_TypeOfExploitation: ChildLabour",
        "hte_State",
        "con_Consent",
        "Favourite__c",
    }
    assert not found.changed and {"prs_SecondName", "prs_Email"} <= set(found.missing) and "prs_FirstName" not in found.missing


@pytest.mark.parametrize("who", ["NGO", "Other", ""])
def test_what_no_authority_decided_is_no_decision(who: str) -> None:
    paths, found = of_record(vic_TraffickingStatus="ActualVictimOfTrafficking", vic_TraffickingStatusDecisionMakingOrg=who)
    assert not paths and "vic_TraffickingStatus" in found.not_taken


@pytest.mark.parametrize(
    ("field", "value", "trouble"),
    [
        ("prs_Birthdate", "17.5.1999", Trouble.NO_DAY),
        ("prs_Birthdate", 1999, Trouble.NO_DAY),
        ("prs_Citizenship", ["RO", "Atlantis"], Trouble.NOT_LISTED),
        ("vic_MethodsOfControl", ["DebtBondage", "Magic"], Trouble.NOT_LISTED),
        ("vic_MethodsOfControl", {"a": 1}, Trouble.NOT_LISTED),
        ("vic_ForcedLabourIndustry", "Farming", Trouble.NOT_LISTED),
        ("vic_AgeWhenTrafficked", "young", Trouble.NO_NUMBER),
        ("con_Consent", "perhaps", Trouble.NO_TICK),
        ("prs_FirstName", 7, Trouble.NO_TEXT),
        (CASE, "not ours", Trouble.OURS),
        (CASE, {"version": 2, "fields": {}}, Trouble.OURS),
        (CASE, {"version": 1, "fields": {"work.1.start": 7}}, Trouble.OURS),
        (MORE_EVENTS, "nonsense", Trouble.NOT_LISTED),
    ],
)
def test_a_value_that_its_field_cannot_have_is_said(field: str, value: object, trouble: Trouble) -> None:
    _paths, found = of_record(**{field: value})
    assert [(fault.row, fault.field, fault.what) for fault in found.faults] == [(1, field, trouble)]
    assert said(found.faults[0], "en", SLIPS).startswith(f"Row 1, {field}: ")


def test_the_good_part_of_a_list_is_taken() -> None:
    paths, _found = of_record(vic_MethodsOfControl=["DebtBondage", "Magic"], prs_Citizenship="RO,Atlantis")
    assert paths == {"exploitation.1.debt_bondage": "yes", "person.nationalities": "RO"}


def changed_by(record: Record, **fields: object):
    """A record of ours in which another program has changed fields: the case by path, which fields hold and which do not."""
    [told] = json.loads(export_json([record], whole=True))
    found = import_json(json.dumps([{**told, **fields}]).encode())
    assert not found.faults
    return (
        flat(found.cases[0].sheet),
        {one.field for one in found.changed if one.taken},
        {one.field for one in found.changed if not one.taken},
        found,
    )


def test_what_another_program_changed_holds_and_is_named() -> None:
    record = case_of(
        person__birth_date="1999-05-17",
        person__nationalities="RO",
        exploitation__forms="labour,criminal",
        exploitation__violence="threats,severe",
        exploitation__debt_bondage="yes",
        exploitation__freedom_restricted="yes",
        work__sector="cleaning",
        work__hours_per_week="60",
    )
    before = flat(record.sheet)
    after, taken, kept, _found = changed_by(
        record, prs_Birthdate="1998-05-17", prs_Citizenship=["MD", "RO"], vic_MethodsOfControl=["PhysicalAbuse", "Other", "WithholdsDocuments"]
    )
    assert taken == {"prs_Birthdate", "prs_Citizenship", "vic_MethodsOfControl"} and not kept
    assert after["person.birth_date"] == "1998-05-17" and after["exploitation.1.violence"] == "severe"
    assert after["exploitation.1.documents_taken"] == after["exploitation.1.freedom_restricted"] == "yes"
    assert "exploitation.1.debt_bondage" not in after and after["work.1.hours_per_week"] == "60"
    # What cannot stand in the case, and what was only left out, changes nothing and is named.
    after, taken, kept, found = changed_by(
        record,
        vic_ForcedLabourIndustry="N_AdministrativeAndSupportServiceActivities",
        prs_Birthdate=None,
        vic_AgeWhenTrafficked=12,
        hte_Type="Transit",
        prs_Gender="Feminine",
    )
    assert after == before and not taken and kept == {"prs_Birthdate", "vic_AgeWhenTrafficked", "hte_Type"}
    assert found.not_taken == {"prs_Gender": 1}
    after, taken, kept, _found = changed_by(record, vic_ForcedLabourIndustry="Q_HumanHealthAndSocialWorkActivities")
    assert after == before and kept == {"vic_ForcedLabourIndustry"}


def test_where_there_are_several_stays_one_field_changes_none_of_them() -> None:
    sheet = EMPTY
    for place in ("DE", "NL"):
        sheet, one = with_entry(sheet, "exploitation")
        sheet = merged(sheet, {}, {NAME: "x", f"exploitation.{one}.country": place, f"exploitation.{one}.debt_bondage": "yes"}).sheet
    record = Record(sheet)
    told = record_of(record, whole=False)
    assert told["hte_Country"] == "DE" and told[MORE_EVENTS] == [
        {"hte_Type": "Exploitation", "hte_Country": "NL", "hte_State": None, "hte_Date": None}
    ]
    after, taken, kept, _found = changed_by(record, vic_MethodsOfControl=["DebtBondage", "WithholdsDocuments"], hte_Country="BE")
    assert after == {**flat(sheet), "exploitation.1.country": "BE"}
    assert taken == {"hte_Country"} and kept == {"vic_MethodsOfControl"}
    # The stays come back from the standard's fields alone.
    [one] = import_json(export_json([record], whole=False)).cases
    assert flat(one.sheet)["exploitation.2.country"] == "NL"


def test_what_came_from_a_table_of_the_standard_is_named_by_row() -> None:
    data = b"redress_Pseudonym,prs_Birthdate,vic_TypeOfExploitation\nx,1999,ForcedLabour\ny\n,,SexualExploitation\n"
    found = import_csv(data)
    assert [(fault.row, fault.field, fault.what) for fault in found.faults] == [
        (2, "prs_Birthdate", Trouble.NO_DAY),
        (3, "", Trouble.CELLS),
        (4, NAME, Trouble.NO_NAME),
    ]
    assert [flat(one.sheet).get("exploitation.1.forms") for one in found.cases] == ["labour", "sexual"]


def test_records_one_on_a_line_or_one_alone_are_read() -> None:
    one, other = '{"redress_Pseudonym": "x"}', '{"redress_Pseudonym": "y"}'
    assert len(import_file(f"{one}\n{other}\n".encode())[1].cases) == 2
    assert len(import_file(f"\ufeff {one}".encode())[1].cases) == 1
    found = import_file(f'[{one}, 7, {{"a": 1}}]'.encode())[1]
    assert len(found.cases) == 1 and [fault.what for fault in found.faults] == [Trouble.NO_RECORD] * 2


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"[", Unreadable.NO_JSON),
        (b"[" * 100_000, Unreadable.NO_JSON),
        (b"[]", Unreadable.NONE),
        (b'[{"a": 1}]', Unreadable.NO_FIELDS),
        (b"[1]", Unreadable.NO_FIELDS),
        (b'{"version": 1, "person": {}}', Unreadable.ONE_CASE),
        (b'{"case": {}, "estimate": {}}', Unreadable.ONE_CASE),
        (b'[{"con_Consent": true}' + b', {"con_Consent": true}' * 1000 + b"]", Unreadable.MANY),
        (b"[" + b"9" * 5000 + b"]", Unreadable.NO_JSON),
    ],
)
def test_a_file_of_the_standard_of_which_nothing_can_be_taken_says_why(data: bytes, why: Unreadable) -> None:
    with pytest.raises(FileError) as error:
        import_file(data)
    assert error.value.why is why


def test_notes_leave_only_where_they_are_asked_for_and_a_whole_case_too() -> None:
    record = Record(Sheet({NAME: "x", NOTES: "marzipan", "person.dependants": "3"}, {}))
    for kind in Format:
        assert b"marzipan" not in export_file([record], kind, notes=False, whole=True)
        # Of the standard no field is for notes.
        assert (b"marzipan" in export_file([record], kind, notes=True, whole=True)) and (
            (b"marzipan" in export_file([record], kind, notes=True, whole=False)) == (kind is Format.CSV)
        )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | STRANGE, lambda inner: st.lists(inner) | st.dictionaries(STRANGE, inner)
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from([*BY_NAME, *LOCAL, MORE_EVENTS, CASE]) | STRANGE, JSON, max_size=5), max_size=3))
def test_no_record_breaks_it(records: list[dict]) -> None:
    try:
        found = import_json(json.dumps(records).encode())
    except FileError:
        return
    for text in (*(said(fault, "en", SLIPS) for fault in found.faults), *found.not_taken, *found.missing):
        assert text.encode()
    for one in found.cases:
        assert json.dumps(flat(one.sheet), ensure_ascii=False).encode()


def test_countries_by_code_and_by_name() -> None:
    assert [country(text) for text in ("de", "ROU", "Viet Nam", "Vietnam", "UK", "XX", "SUN", "")] == [
        "DE",
        "RO",
        None,
        "VN",
        None,
        None,
        None,
        None,
    ]
