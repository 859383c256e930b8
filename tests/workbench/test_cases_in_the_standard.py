"""Cases in the standard of the field (HTCDS): what goes out comes back, and what another program wrote is taken or named."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator.api import default_rules
from tests.workbench.made import STRANGE, as_taken, examples, sheets
from web.staff.case_form import SLIPS
from workbench.exchange.faults import FileError, Trouble, Unreadable, said
from workbench.exchange.files import Format, export_file, import_file
from workbench.exchange.htcds import COLUMNS, CORE, export_json, import_csv, import_json, missing, record_of
from workbench.exchange.mapping import CASE, CHOICES, EVENT, LOCAL, MORE_EVENTS, SAME, SIGNS
from workbench.exchange.paths import flat, part_of_path
from workbench.exchange.standard import BY_NAME, FIELDS, country, value_in
from workbench.form import NAME, NOTES, Field
from workbench.record import Record
from workbench.sheet import EMPTY, Sheet, merged, with_entry


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
