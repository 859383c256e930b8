"""The form of a case: every field of the case file has its place and its words, and nothing that is typed is lost or misread."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator.api import default_rules
from calculator.case.model import CaseFile
from calculator.case.read import read_case
from calculator.case.values import Kind
from workbench import labels
from workbench.form import EACH, Entries, Field, Group, form, general, part_at, parts, path_of, walk
from workbench.sheet import EMPTY, FullError, Sheet, merged, read, sheet_of, usable, with_entry, without_entry
from workbench.values import UNSAID, Slip, SlipError, tidied, value_of, written

EXAMPLES = [(code, example) for code, pack in default_rules().packs.items() for example in pack.examples]


# -- every field has a place


def names_of(schema: dict, definitions: dict, path: str) -> set[str]:
    """Every path of the JSON Schema of the case file, written apart from the code that makes the form."""
    found: set[str] = set()
    for key, about in schema.get("properties", {}).items():
        here = f"{path}.{key}" if path else key
        found.add(here)
        for choice in about.get("anyOf", [about]):
            inner, step = (
                (choice["items"], here + "[]") if choice.get("type") == "array" and "$ref" in choice.get("items", {}) else (choice, here)
            )
            if "$ref" in inner:
                found |= names_of(definitions[inner["$ref"].rsplit("/", 1)[-1]], definitions, step)
    return found


def test_every_field_of_the_case_file_is_in_the_form_and_nothing_else() -> None:
    schema = CaseFile.model_json_schema(by_alias=True)
    expected = names_of(schema, schema["$defs"], "") - {"version", "evaluated_on"}
    made = {path_of(part.name) for part in walk(form()) if part.name and not part.name.endswith(EACH)}
    # The seven days of a week are the keys of a mapping, which a schema does not list.
    assert {name for name in made if ".pattern." not in name} == expected


def test_every_part_has_words_and_every_code_too() -> None:
    for part in parts().values():
        if part.name in ("", "about") or part.name.endswith(EACH):
            continue
        assert labels.label(part).strip(), part.name
        if isinstance(part, Field) and part.codes:
            assert set(labels.words(part)) == set(part.codes), part.name


def test_what_the_chat_asks_stands_first() -> None:
    first = labels.told_first()
    assert {"exploitation.*.country", "work.*.hours_per_week", "work.*.paid", "person.birth_year"} <= first
    assert "harm.degree_of_harm" not in first and all(name in parts() for name in first)


# -- form -> case -> form, case -> form -> case


def as_read(case: dict) -> CaseFile:
    """The case as the engine has it; a sum without its currency is the same sum with none."""
    confiscation = case.get("procedure", {}).get("confiscation", {})
    if "amount" in confiscation and not isinstance(confiscation["amount"], dict):
        case = {**case, "procedure": {**case["procedure"], "confiscation": {**confiscation, "amount": {"amount": confiscation["amount"]}}}}
    return read_case(case).model_copy(update={"evaluated_on": None})


@pytest.mark.parametrize("code", sorted(default_rules().packs))
def test_every_example_of_the_packs_comes_back_as_it_was(code: str) -> None:
    for example in default_rules().packs[code].examples:
        case = {"version": 1, **example.case}
        sheet = sheet_of(case)
        reading = read(sheet)
        assert not reading.slips, example.id
        assert as_read(reading.case) == as_read(case), example.id
        again = sheet_of(reading.case)
        assert sorted(again.texts.values()) == sorted(sheet.texts.values()), example.id


LEAVES = [part for part in walk(form()) if isinstance(part, Field)]


def texts_for(field: Field) -> st.SearchStrategy[str]:
    """What may stand in a field."""
    some = {
        Kind.NUMBER: st.integers(0, 7).map(str) | st.just("1–5"),
        Kind.AMOUNT: st.decimals("0", "99999", places=2).map(str),
        Kind.DATE: st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(str) | st.sampled_from(["2024", "2024-03", "2023-05-01 – 2024-01-15"]),
        Kind.YES_NO: st.sampled_from(["yes", "no"]),
        Kind.COUNTRY: st.sampled_from(["DE", "RO", "NL"]),
        Kind.COUNTRIES: st.lists(st.sampled_from(["DE", "RO", "NL"]), min_size=1, unique=True).map(",".join),
        Kind.REGION: st.sampled_from(["US-CA", "DE-BE"]),
        Kind.CURRENCY: st.sampled_from(["EUR", "RON"]),
        Kind.TIMES: st.sampled_from(["08:00-12:30, 14:00-22:00", "22:00-06:00"]),
        Kind.TEXT: st.text("abc -é你ع", min_size=1, max_size=20).map(str.strip).filter(bool),
    }
    if field.kind is Kind.CHOICE:
        made = st.sampled_from(field.codes)
    elif field.kind is Kind.CHOICES:
        made = st.lists(st.sampled_from(field.codes or ("back_pay", "therapy")), min_size=1, unique=True).map(",".join)
    else:
        made = some[field.kind]
    return made | st.sampled_from(UNSAID) if field.unsaid else made


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_sheet_read_and_written_again_is_the_same(data: st.DataObject) -> None:
    """Form -> case -> form is identity, for any fields in any entries."""
    sheet = EMPTY
    for part in data.draw(st.lists(st.sampled_from(LEAVES), min_size=1, max_size=12)):
        name = part.name
        while EACH in name.split("."):
            owner = name.split(f".{EACH}")[0]
            ids = sheet.of(owner)
            if not ids or data.draw(st.booleans()):
                sheet, one = with_entry(sheet, owner)
            else:
                one = data.draw(st.sampled_from(ids))
            name = name.replace(f"{owner}.{EACH}", f"{owner}.{one}", 1)
        sheet = merged(sheet, dict(sheet.texts), {name: tidied(part, data.draw(texts_for(part)))}).sheet
    reading = read(sheet)
    assert not reading.slips
    # Entries have other ids then; their numbers are the same.
    again = written_apart(reading.case)
    assert {reading_path(sheet, name): text for name, text in sheet.texts.items()} == again


def reading_path(sheet: Sheet, name: str) -> str:
    return next(path for path, place in read(sheet).places.items() if place == name)


def written_apart(case: dict, path: str = "") -> dict[str, str]:
    """Path -> text of a case file, by the writing of each field."""
    found: dict[str, str] = {}
    for key, value in case.items():
        here = f"{path}.{key}" if path else key
        if here == "version":
            continue
        part = part_at(general_of_path(here))
        if isinstance(part, Field) or isinstance(value, str):
            found[here] = written(part, value) if isinstance(part, Field) else value
        elif isinstance(value, list):
            for number, one in enumerate(value):
                found |= written_apart(one, f"{here}[{number}]")
        else:
            found |= written_apart(value, here)
    return found


def general_of_path(path: str) -> str:
    return re.sub(r"\[\d+\]", f".{EACH}", path)


# -- what is typed


FIELD = {kind: next(part for part in LEAVES if part.kind is kind) for kind in {part.kind for part in LEAVES}}


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (Kind.NUMBER, "40", "40"),
        (Kind.NUMBER, " 37,5 ", "37.5"),
        (Kind.NUMBER, "٤٠", "40"),
        (Kind.NUMBER, "40-60", "40–60"),
        (Kind.NUMBER, "40 – 60", "40–60"),
        (Kind.NUMBER, "60–60", "60"),
        (Kind.AMOUNT, "1 200", "1200"),
        (Kind.AMOUNT, "1’200.50", "1200.50"),
        (Kind.AMOUNT, "415.8", "415.80"),
        (Kind.AMOUNT, "0", "0"),
        (Kind.NUMBER, "?", "unknown"),
        (Kind.NUMBER, "!", "declined"),
        (Kind.DATE, "31.3.2024", "2024-03-31"),
        (Kind.DATE, "2024/3/31", "2024-03-31"),
        (Kind.DATE, "31/3/2024", "2024-03-31"),
        (Kind.DATE, "3/31/2024", "2024-03-31"),
        (Kind.DATE, "5/5/2024", "2024-05-05"),
        (Kind.DATE, "3/2024", "2024-03"),
        (Kind.DATE, "2024", "2024"),
        (Kind.DATE, "2024-01 – 2024-03", "2024-01-01 – 2024-03-31"),
        (Kind.DATE, "2024-01-01 - 2024-12-31", "2024"),
        (Kind.TIMES, "8-12:30, 14-22", "08:00-12:30, 14:00-22:00"),
        (Kind.CURRENCY, "eur", "EUR"),
    ],
)
def test_what_is_typed_is_kept_in_one_writing(kind: Kind, typed: str, kept: str) -> None:
    assert tidied(FIELD[kind], typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "slip"),
    [
        (Kind.NUMBER, "a lot", Slip.NUMBER),
        (Kind.NUMBER, "-3", Slip.NUMBER),
        (Kind.NUMBER, "60-40", Slip.ORDER),
        (Kind.AMOUNT, "1.200", Slip.THOUSANDS),
        (Kind.AMOUNT, "1,200", Slip.THOUSANDS),
        (Kind.AMOUNT, "1,200.50", Slip.NUMBER),
        (Kind.AMOUNT, "1200 EUR", Slip.NUMBER),
        (Kind.DATE, "03/04/2024", Slip.DAY_OR_MONTH),
        (Kind.DATE, "31.2.2024", Slip.DATE),
        (Kind.DATE, "24-3-1", Slip.DATE),
        (Kind.DATE, "last winter", Slip.DATE),
        (Kind.DATE, "2024-05 – 2024-03", Slip.ORDER),
        (Kind.TIMES, "8 to 12", Slip.TIMES),
        (Kind.TIMES, "25-26", Slip.TIMES),
        (Kind.CHOICE, "nonsense", Slip.CODE),
        (Kind.TEXT, "x" * 201, Slip.LONG),
    ],
)
def test_what_could_be_misread_is_refused_and_kept_as_it_was_typed(kind: Kind, typed: str, slip: Slip) -> None:
    with pytest.raises(SlipError) as error:
        value_of(FIELD[kind], typed)
    assert error.value.slip is slip
    assert tidied(FIELD[kind], typed) == typed


@settings(max_examples=300)
@given(st.decimals("0", "999999", places=2))
def test_a_number_is_never_read_as_another(number: Decimal) -> None:
    field = FIELD[Kind.AMOUNT]
    for typed in (f"{number}", f"{number}".replace(".", ",")):
        try:
            assert Decimal(value_of(field, typed)) == number
        except SlipError as error:
            assert error.slip is Slip.THOUSANDS and len(typed.split(".")[-1].split(",")[-1]) == 3


def test_what_cannot_be_read_is_named_and_left_out() -> None:
    sheet, job = with_entry(EMPTY, "work")
    sheet = merged(sheet, {}, {f"work.{job}.start": "03/04/2024", f"work.{job}.end": "2024-06", f"work.{job}.hours_per_week": "200"}).sheet
    reading = read(sheet)
    assert reading.slips == {f"work.{job}.start": Slip.DAY_OR_MONTH} and sheet.texts[f"work.{job}.start"] == "03/04/2024"
    found = usable(reading)
    assert set(found.errors) == {f"work.{job}.hours_per_week"} and found.case["work"] == [{"end": "2024-06"}]


def test_two_faults_of_one_case_are_both_named_and_the_rest_counts() -> None:
    sheet, first = with_entry(EMPTY, "work")
    sheet, second = with_entry(sheet, "work")
    typed = {
        f"work.{first}.start": "2024-06",
        f"work.{first}.end": "2024-01",
        f"work.{second}.hours_per_week": "170",
        "person.birth_year": "1995",
    }
    found = usable(read(merged(sheet, {}, typed).sheet))
    assert set(found.errors) == {f"work.{first}.end", f"work.{second}.hours_per_week"}
    assert found.case["person"] == {"birth_year": "1995"} and found.case["work"] == [{"start": "2024-06"}, {}]


def test_something_and_not_known_at_once_is_said() -> None:
    sheet, _one = with_entry(EMPTY, "losses")
    sheet = merged(sheet, {}, {"losses": "unknown"}).sheet
    assert read(sheet).slips == {"losses": Slip.NOT_BOTH}
    assert read(merged(EMPTY, {}, {"losses": "none"}).sheet).case["losses"] == []
    assert read(merged(EMPTY, {}, {"losses": "unknown"}).sheet).case["losses"] == "unknown"


# -- two at a time


def test_two_who_change_different_fields_lose_nothing() -> None:
    sheet, job = with_entry(EMPTY, "work")
    hers = merged(sheet, {}, {f"work.{job}.start": "2024-01"}).sheet
    both = merged(hers, {}, {f"work.{job}.end": "2024-06", f"work.{job}.start": ""})
    assert not both.clashes and both.sheet.texts == {f"work.{job}.start": "2024-01", f"work.{job}.end": "2024-06"}


def test_one_field_changed_by_both_keeps_what_stands_and_says_what_was_typed() -> None:
    sheet = merged(EMPTY, {}, {"person.birth_year": "1990"}).sheet
    both = merged(sheet, {}, {"person.birth_year": "1991"})
    assert both.sheet.texts == {"person.birth_year": "1990"}
    assert [(one.name, one.now, one.typed) for one in both.clashes] == [("person.birth_year", "1990", "1991")]
    # Put back on purpose it holds.
    assert merged(both.sheet, {"person.birth_year": "1990"}, {"person.birth_year": "1991"}).sheet.texts == {"person.birth_year": "1991"}


def test_an_entry_that_a_colleague_took_away_comes_back_with_what_was_changed_in_it() -> None:
    sheet, job = with_entry(EMPTY, "work")
    sheet = merged(sheet, {}, {f"work.{job}.start": "2024-01", f"work.{job}.sector": "care"}).sheet
    gone = without_entry(sheet, "work", job)
    assert gone == EMPTY
    back = merged(gone, dict(sheet.texts), {f"work.{job}.end": "2024-06"})
    assert back.back == (f"work.{job}",) and not back.clashes
    assert back.sheet.texts == {f"work.{job}.start": "2024-01", f"work.{job}.sector": "care", f"work.{job}.end": "2024-06"}


def test_with_an_entry_come_back_the_entries_within_it() -> None:
    sheet, job = with_entry(EMPTY, "work")
    for amount in ("200", "300"):
        sheet, pay = with_entry(sheet, f"work.{job}.paid")
        sheet = merged(sheet, {}, {f"work.{job}.paid.{pay}.amount": amount}).sheet
    # A page without a script sends every field, those that were not changed too.
    typed = {**sheet.texts, f"work.{job}.end": "2024-06"}
    back = merged(without_entry(sheet, "work", job), dict(sheet.texts), typed)
    assert read(back.sheet).case["work"] == [{"end": "2024-06", "paid": [{"amount": "200"}, {"amount": "300"}]}]


def test_names_that_no_field_has_are_not_taken_up() -> None:
    for name in ("", "nothing", "work.*.end", "version", "person.birth_year.more", "work.zzzzzzzz.end", "__proto__", "person", "work.*", "harm"):
        assert merged(EMPTY, {}, {name: "x"}).sheet == EMPTY
    with pytest.raises(KeyError):
        with_entry(EMPTY, "work.00000000.paid")
    with pytest.raises(KeyError):
        with_entry(EMPTY, "person")
    with pytest.raises(KeyError):
        without_entry(EMPTY, "work", "00000000")


def test_a_list_is_never_longer_than_can_be_worked_out() -> None:
    sheet = EMPTY
    for _ in range(200):
        sheet, _one = with_entry(sheet, "harm.injuries")
    with pytest.raises(FullError):
        with_entry(sheet, "harm.injuries")


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_two_workers_with_generated_edits_lose_nothing(random) -> None:
    """Each sees the case as it was when she last saved; whatever she typed stands in it, was typed over on purpose, or is told as a clash."""
    sheet, job = with_entry(EMPTY, "work")
    fields = [f"work.{job}.start", f"work.{job}.end", f"work.{job}.hours_per_week", "person.birth_year", "about.notes"]
    seen, number = {"ana": dict(sheet.texts), "bea": dict(sheet.texts)}, 0
    for _ in range(30):
        who = random.choice(["ana", "bea"])
        typed = {}
        for name in random.sample(fields, random.randint(1, 3)):
            number += 1
            typed[name] = "" if random.random() < 0.2 else f"{1950 + number % 60}"
        before = dict(sheet.texts)
        put = merged(sheet, seen[who], typed)
        clashed = {clash.name: clash for clash in put.clashes}
        for name in fields:
            now = put.sheet.texts.get(name, "")
            if name not in typed or typed[name] == seen[who].get(name, ""):
                assert now == before.get(name, "")
            elif name in clashed:
                assert now == before.get(name, "") and clashed[name].typed == typed[name] and clashed[name].now == now
                assert before.get(name, "") != seen[who].get(name, "")
            else:
                assert now == typed[name]
        sheet, seen[who] = put.sheet, dict(put.sheet.texts)


def test_names_and_paths_belong_together() -> None:
    assert general("work.3fa91c20.paid.07bc0000.amount") == "work.*.paid.*.amount"
    assert path_of("work.*.paid.*.amount") == "work[].paid[].amount"
    assert isinstance(part_at("work.3fa91c20"), Group) and isinstance(part_at("work"), Entries)
