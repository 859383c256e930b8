"""How to fill in an office's own form: each field from the case, by hand or named as not known, with the source it was read in."""

from __future__ import annotations

import io
import re

import pytest
from docx import Document

from calculator import vocabulary
from calculator.api import default_rules, estimate
from calculator.case.read import read_case
from calculator.packs.forms import RESULTS, fact_paths
from calculator.packs.load import build_pack, look_through, raw_pack
from calculator.packs.parsed import PACKS as FOLDER
from calculator.translation import languages, translator
from calculator.wording import day
from tests.web.test_dossier import TWO_COUNTRIES, made, sheet_and_back
from web.dossier.blocks import Heading, Paragraph, Table
from web.dossier.content import office_language_of
from web.dossier.files import as_docx, as_pdf
from web.dossier.guides import BY_HAND, FROM, GUIDE, IN_PART, MISSING, NO_SUM
from workbench.form import EACH, parts

PACKS = default_rules().packs
FORMS = [(code, form.id, route) for code, pack in PACKS.items() for form in pack.forms for route in form.routes]


def form_of(code, name):
    return next(form for form in PACKS[code].forms if form.id == name)


def guides_in(found, form):
    """(blocks, blocks beside) of each guide to a form in a dossier."""
    told = {GUIDE.format(form=form.title), translator(found.language, "web")(GUIDE).format(form=form.title)}
    return [
        (part.blocks, part.blocks_beside)
        for part in found.parts
        if isinstance(part.blocks[0], Heading) and re.sub("[\u2066-\u2069]", "", part.blocks[0].text) in told
    ]


def rows_of(blocks):
    return next(block for block in blocks if isinstance(block, Table)).rows


def case_for(code, route):
    """Examples of the pack in which a way can be gone now."""
    for example in PACKS[code].examples:
        case = {"version": 1, **example.case}
        told = estimate(sheet_and_back(case), [code], example.on, "en").jurisdictions[0]
        if any(one.id == route and one.status in ("open", "likely", "uncertain") for one in told.routes):
            yield example


def test_there_are_forms_and_each_is_named_once():
    assert len(FORMS) >= 15
    assert all(len({form.id for form in pack.forms}) == len(pack.forms) for pack in PACKS.values())


def test_what_a_form_refers_to_is_in_the_case_file_and_in_the_workers_form():
    for code, name, _route in FORMS:
        for field in form_of(code, name).fields:
            for reference in field.references:
                if reference.startswith("result."):
                    assert reference in RESULTS or reference.removeprefix("result.loss.") in vocabulary.heads()
                else:
                    assert reference in fact_paths() and reference.replace("[]", f".{EACH}") in parts(), (name, reference)


def test_every_phrase_of_the_vocabulary_is_used_by_a_form():
    used = {"titles": set(), "asks": set(), "by_hand": set(), "seen": set()}
    for pack in PACKS.values():
        for form in pack.forms:
            used["titles"].add(form.called)
            used["seen"].update(form.seen)
            for field in form.fields:
                used["asks"].add(field.asks)
                used["by_hand"].update(field.by_hand)
    assert used == {group: set(texts) for group, texts in vocabulary.forms().items()}


@pytest.mark.parametrize(
    ("code", "name", "told"),
    [
        ("DE", "klageschrift", "The law was read in a reprint."),
        ("ES", "solicitud-ley-35-1995", "The form was read in a copy."),
        ("SE", "brottsskadeersattning-ansokan", "The form itself was not seen."),
        ("GB", "et1", "not on the printed form"),
    ],
)
def test_what_was_not_read_at_its_source_is_said(code, name, told):
    form = form_of(code, name)
    example = next(example for route in form.routes for example in case_for(code, route))
    blocks, beside = guides_in(made(example.case, code, on=example.on, adult=True), form)[0]
    text = " ".join(block.text for block in blocks if hasattr(block, "text"))
    assert told in text and "undated" not in text
    assert len(beside) in (0, len(blocks))


@pytest.mark.parametrize(("code", "name", "route"), FORMS)
def test_each_form_gives_a_guide_without_an_empty_row_and_alike_in_both_languages(code, name, route):
    form, source = form_of(code, name), PACKS[code].sources[form_of(code, name).source]
    example = next(case_for(code, route))
    guides = guides_in(made({"version": 1, **example.case}, code, "ar", office_language_of(code), on=example.on, adult=True), form)
    assert guides
    for blocks, beside in guides:
        assert [type(block) for block in blocks] == [type(block) for block in beside]
        for one in filter(None, (blocks, beside)):
            rows = rows_of(one)
            assert len(rows) == len(form.fields) and all(cell.strip() for row in rows for cell in row)
            assert source.title in one[-1].text and (source.url or "") in one[-1].text


def guide_to_klageschrift(case=TWO_COUNTRIES, **options):
    return guides_in(made(case, "DE", **options), form_of("DE", "klageschrift"))[0][0]


def test_a_field_has_what_the_case_says_and_what_it_comes_to():
    found = made()
    wages = next(part for part in found.parts if any(isinstance(block, Table) and block.spoken for block in part.blocks))
    rows = rows_of(wages.blocks)
    facts = next(row[2] for row in rows if "Grund des" in row[0])
    # Jobs in Germany alone, each with its number, its hours and its pay.
    assert "Job 1" in facts and "Job 2" in facts and "Job 3" not in facts
    assert "60" in facts and "55" in facts and "300 EUR, For a month" in facts
    assert day("2024-01-15", "en") in facts
    letter = next(part for part in found.parts if part.language == "de")
    sum_asked = next(row[2] for row in rows if "Antrag" in row[0])
    low = re.search(r"[\d,]+\.\d\d", sum_asked).group()
    assert low.replace(",", "").split(".")[0] in re.sub(r"\D", "", " ".join(b.text for b in letter.blocks if isinstance(b, Paragraph)))


def test_what_nobody_has_said_is_named_and_what_we_never_hold_is_left_to_the_person():
    rows = rows_of(guide_to_klageschrift())
    facts = next(row[2] for row in rows if "Grund des" in row[0])
    assert MISSING.split("{")[0] in facts and "How much pay was that person promised?" in facts
    names = next(row[2] for row in rows if "Parteien" in row[0])
    assert names.startswith(BY_HAND.split("{")[0]) and MISSING.split("{")[0] not in names
    # A job that says so is no longer missing.
    work = [{**job, "agreed": {"amount": "1800", "per": "month"}} for job in TWO_COUNTRIES["work"]]
    facts = next(row[2] for row in rows_of(guide_to_klageschrift({**TWO_COUNTRIES, "work": work})) if "Grund des" in row[0])
    assert "1800 EUR, For a month" in facts and MISSING.split("{")[0] not in facts


def test_what_is_not_known_or_not_said_is_not_written_as_a_fact():
    work = [{**TWO_COUNTRIES["work"][0], "agreed": "unknown", "hours_per_week": "declined"}]
    facts = next(row[2] for row in rows_of(guide_to_klageschrift({**TWO_COUNTRIES, "work": work})) if "Grund des" in row[0])
    assert "Not known yet: How much pay was that person promised?" in facts
    assert "Does not want to say" in facts


def test_of_two_ways_to_say_one_thing_the_first_is_taken_and_asked_for():
    example = next(case_for("GB", "cica-scheme-2012"))
    for person, told in (
        ({"birth_date": "1998-05-01"}, f"Day of birth: {day('1998-05-01', 'en')}"),
        ({"birth_year": 1998}, "In which year was that person born?: 1998"),
        ({}, "Not known yet: Day of birth"),
    ):
        case = {
            "version": 1,
            **example.case,
            "person": {**{k: v for k, v in example.case.get("person", {}).items() if "birth" not in k}, **person},
        }
        read_case(case)
        for blocks, _beside in guides_in(made(case, "GB", on=example.on, adult=True), form_of("GB", "cica-application")):
            assert next(row[2] for row in rows_of(blocks) if row[0] == "Enter your date of birth") == told


def test_a_childs_sums_are_not_told_without_an_adult():
    child = {**TWO_COUNTRIES, "person": {"birth_year": 2012}}
    sums = [row[2] for row in rows_of(guide_to_klageschrift(child)) if "Antrag" in row[0]]
    assert sums == [NO_SUM]
    assert not any("€4" in row[2] for row in rows_of(guide_to_klageschrift(child)))


def test_it_says_where_its_fields_were_read_and_that_it_may_be_a_part():
    blocks = guide_to_klageschrift()
    source = PACKS["DE"].sources["zpo_253"]
    assert blocks[-1].text.startswith(FROM.split("{")[0]) and source.title in blocks[-1].text and day("2026-12-03", "en") in blocks[-1].text
    assert not any(isinstance(block, Paragraph) and block.text == IN_PART for block in blocks)
    example = next(case_for("GB", "employment-tribunal-nmw"))
    (et1, _beside), *_rest = guides_in(made({"version": 1, **example.case}, "GB", on=example.on, adult=True), form_of("GB", "et1"))
    assert any(isinstance(block, Paragraph) and block.text == IN_PART for block in et1)


def test_the_printed_names_are_in_the_offices_language_in_the_text_document_and_the_pdf_is_made():
    found = made(language="ar")
    assert as_pdf(found).startswith(b"%PDF")
    document = Document(io.BytesIO(as_docx(found)))
    table = next(table for table in document.tables if any("§ 253" in cell.text for cell in table.columns[0].cells))
    spoken = [cell.paragraphs[0]._p.xpath("./w:r/w:rPr/w:lang/@w:val") for cell in table.rows[1].cells]
    assert spoken[0] == ["de"] and spoken[1] == ["ar"]
    assert all(run.bold for cell in table.rows[0].cells for run in cell.paragraphs[0].runs)


@pytest.mark.parametrize("language", [code for code in languages() if code != "de"])
def test_a_guide_has_the_same_blocks_in_every_language(language):
    found = made(language=language, beside="de")
    told = guides_in(found, form_of("DE", "klageschrift"))
    assert told
    for blocks, beside in told:
        assert [type(block) for block in blocks] == [type(block) for block in beside]
        assert [row[0].count("§") for row in rows_of(blocks)] == [row[0].count("§") for row in rows_of(beside)]


FIELD = {"words": "Name", "asks": "name", "by_hand": ["name"]}
FORM = {
    "id": "a",
    "routes": ["de-wages"],
    "kind": "form",
    "title": "A",
    "language": "de",
    "called": "wage_claim",
    "source": "stpo",
    "fields": [FIELD],
}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"fields": [{**FIELD, "write": ["work[].begun"]}]}, "no fact and no result named work[].begun"),
        ({"fields": [{**FIELD, "write": ["result.loss.hidden_work_indemnity"]}]}, "no fact and no result named result.loss"),
        ({"fields": [{"words": "Name", "asks": "name"}]}, "needs `write` or `by_hand`"),
        ({"fields": [{**FIELD, "asks": "shoe_size"}]}, "There is no shoe_size here"),
        ({"fields": [{**FIELD, "by_hand": ["shoes"]}]}, "There is no shoes here"),
        ({"routes": ["de-lottery"]}, "There is no de-lottery here"),
        ({"source": "memory"}, "There is no source named memory"),
        ({"source": None}, "valid string"),
        ({"language": "nl"}, "There is no nl here"),
        ({"called": "poem"}, "There is no poem here"),
        ({"fields": []}, "at least 1 item"),
    ],
)
def test_the_check_finds_each_fault(change, says):
    files = {**raw_pack(FOLDER / "DE"), "DE/forms.yaml": [{**FORM, **change}]}
    _pack, faults = look_through("DE", files)
    assert any(says in str(fault) and "DE/forms.yaml" in str(fault) for fault in faults), [str(fault) for fault in faults]


def test_a_form_twice_is_a_fault_and_a_good_one_is_none():
    files = raw_pack(FOLDER / "DE")
    assert build_pack("DE", {**files, "DE/forms.yaml": [FORM]}).forms[0].id == "a"
    _pack, faults = look_through("DE", {**files, "DE/forms.yaml": [FORM, FORM]})
    assert any("is there twice" in str(fault) for fault in faults)
    assert build_pack("DE", {name: content for name, content in files.items() if not name.endswith("/forms.yaml")}).forms == []
