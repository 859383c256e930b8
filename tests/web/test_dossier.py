"""The claim dossier: its figures are the estimate's, in every language and kind of file, and it can be read aloud."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from datetime import date, timedelta

import icalendar
import pytest
from docx import Document
from typer.testing import CliRunner

from calculator.api import default_rules, estimate
from calculator.translation import languages, translator
from cli.main import app as command
from web.dossier.blocks import Heading, Listing, Paragraph, Table
from web.dossier.content import (
    ANNEX,
    ANSWERS,
    DAYS,
    FOR_YOU,
    LAW,
    LETTER,
    LETTER_ENGLISH,
    NO_CONSENT,
    ORDER,
    PAPERS,
    SCHEDULE,
    SOURCES,
    STEPS,
    TITLE,
    TOGETHER,
    UNDER_18,
    Wanted,
    dossier,
    office_language_of,
)
from web.dossier.files import NOT_PRINTED, SIGN, Format, as_calendar, as_docx, as_pdf, written
from workbench.sheet import EMPTY, merged, read, sheet_of, usable

ON = date(2026, 12, 3)
PACKS = default_rules().packs
TWO_COUNTRIES = {
    "version": 1,
    "person": {"birth_year": 1995, "immigration_status": "no_permit"},
    "exploitation": [
        {"country": "DE", "forms": ["labour"], "start": "2024-01", "end": "2025-06-15", "violence": ["threats"]},
        {"country": "NL", "forms": ["labour"], "start": "2025-07", "end": "2025-12"},
    ],
    "work": [
        {
            "country": "DE",
            "sector": "cleaning",
            "employer_kind": "company",
            "start": "2024-01-15",
            "end": "2024-12-31",
            "hours_per_week": 60,
            "paid": [{"amount": "300", "per": "month"}],
        },
        {
            "country": "DE",
            "sector": "construction",
            "start": "2025-01",
            "end": "2025-06-15",
            "hours_per_week": 55,
            "paid": [{"amount": "100", "per": "week"}],
        },
        {"country": "NL", "sector": "agriculture", "start": "2025-07", "end": "2025-12", "hours_per_week": 50, "paid": []},
    ],
    "harm": {"injuries": [{"code": "fracture_arm"}]},
    "losses": [{"kind": "medical", "amount": "350", "currency": "EUR"}],
    "procedure": {"received": [{"from": "employer", "amount": "500", "currency": "EUR", "for": "wages"}]},
}


def made(case=TWO_COUNTRIES, country="DE", language="en", beside=None, consent=True, adult=False, on=ON):
    return dossier(sheet_of(case), Wanted(country, on, language, beside, consent, adult))


def texts(found) -> list[str]:
    """Every text of a dossier, in its order."""
    lines = []
    for part in found.parts:
        for block in (*part.blocks, *part.blocks_beside):
            if isinstance(block, Heading | Paragraph):
                lines.append(block.text)
            elif isinstance(block, Listing):
                lines += block.items
            else:
                lines += [cell for row in (block.columns, *block.rows) for cell in row]
    return lines


def read_aloud(pdf: bytes, tmp_path) -> str:
    """The text of a PDF in the order in which it is read."""
    if shutil.which("pdftotext") is None:
        if os.environ.get("CI"):
            pytest.fail("pdftotext is missing")
        pytest.skip("pdftotext (poppler-utils) is not installed")
    path = tmp_path / "notes.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True, text=True).stdout


@pytest.mark.parametrize("code", sorted(PACKS))
def test_its_sums_and_days_are_those_of_the_estimate(code):
    for example in PACKS[code].examples[:12]:
        case = {"version": 1, **example.case}
        found = made(case, code, on=example.on, adult=True)
        told = estimate(sheet_and_back(case), [code], example.on, "en").jurisdictions[0]
        whole = "\n".join(texts(found))
        for row in told.totals:
            assert row.name in whole, example.id
        coming = {d.date for route in told.routes if route.status != "closed" for d in route.deadlines if d.coming and d.date}
        assert {day for day, _text in found.days} == coming, example.id
        for route in told.routes:
            assert route.name in whole, example.id
            for line in route.lines if route.status != "closed" else []:
                assert f"{line.name}: " in whole, (example.id, line.name)


def sheet_and_back(case):
    return usable(read(sheet_of(case))).case


def test_the_sum_of_two_jobs_less_what_was_paid_stands_in_the_pdf(tmp_path):
    told = estimate(sheet_and_back(TWO_COUNTRIES), ["DE"], ON, "en").jurisdictions[0]
    text = " ".join(read_aloud(as_pdf(made()), tmp_path).split())
    wages = next(route for route in told.routes if route.id == "de-wages")
    assert f"€{float(wages.amount.low):,.2f}" in text
    # Hour by hour, with the law's figures and the days from which they hold.
    assert "3,002.58 hours" in text and "12.41" in text and "January 1, 2024" in text and "Statutory minimum wage" in text
    order = [
        text.index(title)
        for title in ("Claim dossier", "For you, in short", "Days to watch", "Claim for unpaid wages Lohnklage", "All answers", "Sources")
    ]
    assert order == sorted(order)


def test_the_pdf_is_tagged_named_and_the_same_each_time(tmp_path):
    one, other = as_pdf(made(language="ar", beside="de")), as_pdf(made(language="ar", beside="de"))
    assert one == other
    assert b"/MarkInfo" in one or b"/StructTreeRoot" in one
    if shutil.which("pdfinfo"):
        path = tmp_path / "notes.pdf"
        path.write_bytes(one)
        about = subprocess.run(["pdfinfo", str(path)], capture_output=True, check=True, text=True).stdout
        assert re.search(r"Tagged:\s+yes", about) and re.search(r"Title:\s+\S", about)
        assert not re.search(r"(Author|CreationDate):\s+\S*20\d\d", about)
    assert b"pdfuaid" in one or b"ua-1" in one.lower() or b"pdfuaid:part" in one


@pytest.mark.parametrize("language", [code for code in languages() if code != "de"])
def test_both_columns_say_the_same_blocks_in_every_language(language):
    found = made(language=language, beside="de")
    for part in found.parts:
        if part.beside:
            assert [type(block) for block in part.blocks] == [type(block) for block in part.blocks_beside]
            for one, other in zip(part.blocks, part.blocks_beside, strict=True):
                if isinstance(one, Table):
                    assert len(one.rows) == len(other.rows)
    assert as_pdf(found).startswith(b"%PDF") and as_docx(found).startswith(b"PK")


@pytest.mark.parametrize("code", sorted(PACKS))
def test_both_columns_say_the_same_blocks_in_every_state(code):
    office = office_language_of(code)
    for example in PACKS[code].examples[:6]:
        case = {"version": 1, **example.case}
        found = made(case, code, "ar", office, on=example.on, adult=True)
        for part in found.parts:
            if part.beside:
                assert [type(block) for block in part.blocks] == [type(block) for block in part.blocks_beside], example.id


def test_arabic_vietnamese_and_chinese_come_out_of_the_pdf_as_they_went_in(tmp_path):
    for language in ("ar", "vi", "zh"):
        text = re.sub(r"[\s\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", read_aloud(as_pdf(made(language=language)), tmp_path))
        words = translator(language, "web")
        # No letter twice, none in another order: a screen reader and a search find them.
        for title in (TITLE, FOR_YOU, TOGETHER, DAYS, LAW, SCHEDULE, PAPERS, STEPS, ORDER, ANSWERS, SOURCES):
            assert re.sub(r"\s", "", words(title)) in text, (language, title)


def test_without_consent_and_for_a_child_each_page_says_that_it_is_a_draft():
    assert made(consent=True).watermark is None
    assert made(consent=False).watermark == NO_CONSENT
    child = {**TWO_COUNTRIES, "person": {"birth_year": 2012}}
    found = made(child, consent=True)
    assert found.watermark == UNDER_18 and not any("€" in text and "350" not in text for text in texts(found) if "Answer" not in text)
    with_adult = made(child, consent=True, adult=True)
    assert with_adult.watermark == UNDER_18 and any("€43" in text or "€4" in text for text in texts(with_adult))


def test_a_letter_is_in_the_language_of_the_office_or_says_that_it_must_be_translated():
    german = [part for part in made(language="ar").parts if part.language == "de" and part.beside is None]
    words = translator("de", "web")
    assert german and all(isinstance(one.blocks[0], Heading) and one.blocks[0].text.startswith(words(LETTER).split("{")[0]) for one in german)
    assert any(isinstance(block, Paragraph) and block.text == words(ANNEX) for one in german for block in one.blocks)
    assert office_language_of("DK") == "en"
    example = next(one for one in PACKS["DK"].examples if made({"version": 1, **one.case}, "DK", on=one.on, adult=True).parts[2:-1])
    danish = made({"version": 1, **example.case}, "DK", on=example.on, adult=True).parts[2]
    assert any(isinstance(block, Paragraph) and block.text.startswith(LETTER_ENGLISH.split("{")[0]) for block in danish.blocks)


def test_what_happened_elsewhere_stands_in_the_story_and_not_in_the_letter():
    found = made()
    letter = next(part for part in found.parts if part.language == "de")
    listed = [item for block in letter.blocks if isinstance(block, Listing) for item in block.items]
    assert any("Deutschland" in item for item in listed) and not any("Niederlande" in item for item in listed)
    assert any("Netherlands" in text for text in texts(found))


def test_what_could_not_be_used_is_named():
    sheet = sheet_of(TWO_COUNTRIES)
    job = sheet.of("work")[0]
    sheet = merged(sheet, dict(sheet.texts), {f"work.{job}.end": "03/04/2025"}).sheet
    told = texts(dossier(sheet, Wanted("DE", ON, "en", consent=True)))
    assert any("Job 1" in text and "03/04/2025" in text for text in told)


@pytest.mark.parametrize(
    ("typed", "lost"),
    [("ช่างตัดเสื้อ", True), ("清洁工", False), ("عامل", False), ("მკერავი 🙂", True), ("a\x0bb\x01c", False), ("Żółć Ωδή", False)],
)
def test_whatever_script_somebody_types_in_there_is_a_file(tmp_path, typed, lost):
    case = {**TWO_COUNTRIES, "work": [{**TWO_COUNTRIES["work"][0], "occupation": typed}]}
    found = made(case, language="en", beside="ar")
    text = re.sub(r"[\s\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", read_aloud(as_pdf(found), tmp_path))
    said = re.sub(r"\s", "", NOT_PRINTED.format(sign=SIGN))
    assert (said in text) == lost and (SIGN in text) == lost
    if not lost and not re.search("[ء-ي\x00-\x1f]", typed):
        assert re.sub(r"\s", "", typed) in text
    document = Document(io.BytesIO(as_docx(found)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    inner = [
        cell.text
        for table in document.tables
        for row in table.rows
        for outer in row.cells
        for one in outer.tables
        for line in one.rows
        for cell in line.cells
    ]
    assert any(re.sub(r"[\x00-\x1f]", "", typed) in re.sub(r"[ \u2068\u2069]", "", text) or typed in text for text in (*cells, *inner))


def test_a_case_that_says_nothing_has_a_dossier_too():
    assert as_pdf(dossier(EMPTY, Wanted("DE", ON, "en"))).startswith(b"%PDF")


def test_the_text_document_has_real_headings_lists_and_tables():
    document = Document(io.BytesIO(as_docx(made(language="ar"))))
    styles = {paragraph.style.name for paragraph in document.paragraphs}
    assert {"Heading 1", "Heading 2", "Heading 3", "List Bullet", "List Number"} <= styles
    assert document.tables and document.core_properties.language == "ar"
    arabic = next(paragraph for paragraph in document.paragraphs if re.search("[ء-ي]", paragraph.text))
    assert arabic._p.xpath("./w:pPr/w:bidi") and arabic._p.xpath("./w:r/w:rPr/w:rtl")
    # Each list of steps counts from one.
    numbers = [paragraph._p.pPr.numPr.numId.val for paragraph in document.paragraphs if paragraph.style.name == "List Number"]
    assert len(set(numbers)) > 1


def test_the_calendar_has_each_day_once_with_reminders():
    found = made()
    calendar = icalendar.Calendar.from_ical(as_calendar(found))
    events = calendar.walk("VEVENT")
    assert [event.get("dtstart").dt.isoformat() for event in events] == [day for day, _text in found.days]
    assert all(event.get("dtend").dt - event.get("dtstart").dt == timedelta(days=1) and len(event.walk("VALARM")) == 3 for event in events)


@pytest.mark.parametrize("kind", list(Format))
def test_the_command_writes_the_same_file(tmp_path, kind):
    case, target = tmp_path / "case.yaml", tmp_path / "out"
    case.write_text("version: 1\nexploitation: [{country: NL, forms: [labour], start: 2024-01, end: 2025-06}]\n")
    options = ["-j", "NL", "--language", "ro", "--beside", "nl", "--format", kind.value, "--on", "2026-12-03"]
    done = CliRunner().invoke(command, ["dossier", str(case), *options, "-o", str(target)])
    assert done.exit_code == 0, done.output
    assert target.stat().st_mode & 0o077 == 0
    case_file = {"version": 1, "exploitation": [{"country": "NL", "forms": ["labour"], "start": "2024-01", "end": "2025-06"}]}
    if kind is Format.PDF:
        assert target.read_bytes() == written(made(case_file, "NL", "ro", "nl", consent=False), kind)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["-j", "XX"], "There are no rules yet for XX"),
        (["-j", "NL", "--language", "xx"], "choose one of"),
        (["-j", "NL", "--on", "soon"], "This is not a date"),
    ],
)
def test_the_command_says_what_is_wrong_and_writes_nothing(tmp_path, options, says):
    case, target = tmp_path / "case.yaml", tmp_path / "out"
    case.write_text("version: 1\nexploitation: [{country: NL}]\n")
    done = CliRunner().invoke(command, ["dossier", str(case), *options, "-o", str(target)])
    assert done.exit_code == 2 and says in " ".join((done.output + done.stderr).split()) and not target.exists()
