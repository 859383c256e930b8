"""A dossier as a file: PDF/UA by typst, a text document with real styles, a calendar of its days."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from calculator.translation import RIGHT_TO_LEFT, _, translator
from web.dossier.blocks import Block, Dossier, Heading, Listing, Paragraph, Part, Table

_TEMPLATE = Path(__file__).with_name("dossier.typ")
#: Packages whose files are fonts; the large one is only looked at where there is a letter of it.
_FONTS = (("fontpkg_noto_sans", "files"), ("fontpkg_amiri", "files"))
_CHINESE = ("justmytype_intl_cjk", "fonts/ofl/notosanssc")
_IDEOGRAPH = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: In the place of a letter that no font of ours has.
SIGN = "\ufffd"
NOT_PRINTED = _("Some letters cannot be printed here. In their place stands {sign}. The text document has them.")
#: Days before a day on which a calendar reminds.
REMINDERS = (30, 7, 1)


class Format(StrEnum):
    """Kinds of file. The name says nothing to whoever finds it."""

    PDF = "pdf"
    DOCX = "docx"
    ICS = "ics"
    #: The case and its estimate for other programs, as the page of the chat saves them: no dossier, and read back as a case.
    JSON = "json"

    @property
    def media_type(self) -> str:
        """For HTTP."""
        word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        return {Format.PDF: "application/pdf", Format.DOCX: word, Format.ICS: "text/calendar", Format.JSON: "application/json"}[self]

    @property
    def file_name(self) -> str:
        """A name that tells nothing."""
        return f"notes.{self.value}"


def written(dossier: Dossier, kind: Format) -> bytes:
    """The bytes of a dossier's file. The same dossier gives the same bytes, but for a calendar's stamp. Raises KeyError for JSON."""
    return {Format.PDF: as_pdf, Format.DOCX: as_docx, Format.ICS: as_calendar}[kind](dossier)


def as_pdf(dossier: Dossier) -> bytes:
    """PDF/UA-1: tagged, with its language and title, readable aloud and in the order in which it is read."""
    # Large, and only here: a gateway that makes no dossier does not load it.
    import typst

    dossier, folders = _with_letters_there_are(dossier)
    told = json.dumps(asdict(dossier), ensure_ascii=False)
    pdf = typst.compile(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        font_paths=[str(files(package).joinpath(folder)) for package, folder in folders],
        ignore_system_fonts=True,
        sys_inputs={"told": told},
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    assert isinstance(pdf, bytes)
    return pdf


def _with_letters_there_are(dossier: Dossier) -> tuple[Dossier, list[tuple[str, str]]]:
    """The dossier with a sign in the place of letters that no font of ours has, and a sentence that says so; and the fonts it needs.

    A PDF that can be read aloud must not hold a letter without a shape, and somebody may have typed a name in any script of the world.
    """
    plain = _printable(dossier)
    letters = set(json.dumps(asdict(plain), ensure_ascii=False))
    chinese = any(_IDEOGRAPH.match(letter) for letter in letters)
    folders = [*_FONTS, *([_CHINESE] if chinese else [])]
    there = frozenset().union(*(_letters_of(*folder) for folder in folders))
    lost = {ord(letter): SIGN for letter in letters if ord(letter) not in there and unicodedata.category(letter) not in ("Cf", "Zs", "Cc")}
    if not lost:
        return plain, folders

    def told(blocks: list[Block], language: str) -> list[Block]:
        return [*blocks, Paragraph(translator(language, "web")(NOT_PRINTED).format(sign=SIGN), "notice")] if blocks else blocks

    first, *others = (_changed(part, lambda text: text.translate(lost)) for part in plain.parts)
    first = replace(first, blocks=told(first.blocks, first.language), blocks_beside=told(first.blocks_beside, first.beside or first.language))
    return replace(plain, parts=[first, *others]), folders


@cache
def _letters_of(package: str, folder: str) -> frozenset[int]:
    """Every letter that a font has."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    fonts = (path for path in files(package).joinpath(folder).iterdir() if path.name.endswith(".ttf"))
    return frozenset().union(*(TTFont(str(path), lazy=True).getBestCmap() for path in fonts))


def _printable(dossier: Dossier) -> Dossier:
    """Without control characters, such as come along when text is pasted: neither kind of file takes them."""
    return replace(dossier, parts=[_changed(part, lambda text: _CONTROL.sub(" ", text)) for part in dossier.parts])


def _changed(part: Part, change: Callable[[str], str]) -> Part:
    """A part with each of its texts changed."""

    def of(block: Block) -> Block:
        if isinstance(block, Listing):
            return replace(block, items=[change(item) for item in block.items])
        if isinstance(block, Table):
            return replace(block, columns=[change(text) for text in block.columns], rows=[[change(text) for text in row] for row in block.rows])
        return replace(block, text=change(block.text))

    return replace(part, blocks=[of(block) for block in part.blocks], blocks_beside=[of(block) for block in part.blocks_beside])


def as_docx(dossier: Dossier) -> bytes:
    """A text document to work on: real headings, lists and tables; in two languages two columns."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    dossier = _printable(dossier)
    document = Document()
    document.core_properties.title = dossier.title
    document.core_properties.author = ""
    document.core_properties.language = dossier.language
    document.core_properties.created = document.core_properties.modified = datetime(2000, 1, 1, tzinfo=UTC)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    if any(part.beside for part in dossier.parts):
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    for margin in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, margin, Cm(1.8))
    if dossier.watermark:
        section.header.paragraphs[0].text = dossier.watermark
    for number, part in enumerate(dossier.parts):
        if number:
            document.add_page_break()  # type: ignore[no-untyped-call]
        if part.beside is None:
            for block in part.blocks:
                _put(document, document, block, part.language)
            continue
        for one, other in zip(part.blocks, part.blocks_beside, strict=True):
            cells = document.add_table(rows=1, cols=2).rows[0].cells
            for cell, block, language in ((cells[0], one, part.language), (cells[1], other, part.beside)):
                _put(document, cell, block, language)
                first = cell.paragraphs[0]
                if not first.text and len(cell.paragraphs) > 1:
                    first._element.getparent().remove(first._element)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _put(document: Any, place: Any, block: Block, language: str) -> None:
    """A block at the end of a document, or of a cell of it."""
    if isinstance(block, Heading):
        _set(place.add_paragraph(block.text, style=document.styles[f"Heading {block.level}"]), language)
    elif isinstance(block, Paragraph):
        paragraph = place.add_paragraph()
        run = paragraph.add_run(block.text)
        run.bold, run.italic = block.style in ("strong", "notice"), block.style == "quiet"
        _set(paragraph, language)
    elif isinstance(block, Listing):
        style = document.styles["List Number" if block.style == "numbers" else "List Bullet"]
        numbers = _numbers_from_one(document, style) if block.style == "numbers" else None
        for item in block.items:
            paragraph = place.add_paragraph(f"☐ {item}" if block.style == "boxes" else item, style=style)
            if numbers is not None:
                paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = numbers
            _set(paragraph, language)
    else:
        _table(document, place, block, language)


def _numbers_from_one(document: Any, style: Any) -> int:
    """Numbers of a list of its own: without them each list goes on where the last one ended."""
    numbering = document.part.numbering_part.numbering_definitions._numbering
    abstract = numbering.num_having_numId(style.element.pPr.numPr.numId.val).abstractNumId.val
    number = numbering.add_num(abstract)
    number.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(number.numId)


def _table(document: Any, place: Any, block: Table, language: str) -> None:
    from docx.oxml import OxmlElement

    table = place.add_table(rows=1, cols=len(block.columns))
    table.style = document.styles["Table Grid"]
    first = table.rows[0]
    for row, texts in ((first, block.columns), *((table.add_row(), texts) for texts in block.rows)):
        title = row is first
        for cell, text, spoken in zip(row.cells, texts, block.spoken or [""] * len(texts), strict=True):
            cell.paragraphs[0].add_run(text).bold = title
            _set(cell.paragraphs[0], language if title else spoken or language)
    # Repeated on each page, and read aloud as a heading.
    first._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    if language in RIGHT_TO_LEFT:
        table._tbl.tblPr.append(OxmlElement("w:bidiVisual"))
    place.add_paragraph()


def _set(paragraph: Any, language: str) -> None:
    """The language of a paragraph, and its direction."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    rightwards = language in RIGHT_TO_LEFT
    if rightwards:
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
    for run in paragraph.runs:
        properties = run._r.get_or_add_rPr()
        if rightwards:
            properties.append(OxmlElement("w:rtl"))
        spoken = OxmlElement("w:lang")
        spoken.set(qn("w:val"), language)
        spoken.set(qn("w:bidi"), language)
        properties.append(spoken)


def as_calendar(dossier: Dossier) -> bytes:
    """Each day to come as an event of the whole day, with reminders before."""
    from icalendar import Alarm, Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Redress//notes//EN")
    calendar.add("version", "2.0")
    now = datetime.now(UTC)
    for number, (iso, text) in enumerate(dossier.days):
        event = Event()
        start = date.fromisoformat(iso)
        event.add("uid", f"{iso}-{number}@notes")
        event.add("dtstamp", now)
        event.add("dtstart", start)
        event.add("dtend", start + timedelta(days=1))
        event.add("summary", text)
        for days in REMINDERS:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", text)
            alarm.add("trigger", -timedelta(days=days))
            event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
