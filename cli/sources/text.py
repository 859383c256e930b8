"""The text of a page as hashes of its paragraphs, so that only what a reader would see changes them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from html.parser import HTMLParser

from babel.dates import format_date

from calculator.translation import languages

#: What surrounds a text, or is not read: it is other on every day.
LEFT_OUT = frozenset("script style noscript template svg nav header footer aside iframe button select dialog title".split())
#: Where one paragraph ends and the next begins. Cells of a table stay together: a figure belongs to its row.
BETWEEN = frozenset(
    "p div section article main li ul ol dl dt dd h1 h2 h3 h4 h5 h6 tr table caption blockquote pre figure figcaption br hr body".split()
)
NEVER_CLOSED = frozenset("br hr img input meta link source wbr area base col embed track".split())
#: What holds the text where a page says so.
WITHIN = frozenset(("main", "article"))
SPACES = re.compile(r"\s+")
CLOCK = re.compile(r"\b([01]?\d|2[0-3])(:[0-5]\d){1,2}\b")
HASH_LETTERS = 12
#: Parts of a PDF that differ each time it is made, whatever it says.
OF_A_PDF = re.compile(rb"/(CreationDate|ModDate)\s*\([^)]*\)|/ID\s*\[[^\]]*\]|<xmp:\w+Date>[^<]*</xmp:\w+Date>|uuid:[0-9a-fA-F-]{36}")


class _Paragraphs(HTMLParser):
    """Collects them: all, and those within the element that holds the text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.all: list[str] = []
        self.within: list[str] = []
        self._words: list[str] = []
        self._left_out: list[str] = []
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BETWEEN:
            self.end()
        if tag in LEFT_OUT:
            self._left_out.append(tag)
        elif tag in WITHIN and not self._left_out:
            self._inside += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BETWEEN:
            self.end()

    def handle_endtag(self, tag: str) -> None:
        if tag in BETWEEN:
            self.end()
        if tag in self._left_out:
            # Pages forget to close: what was opened inside ends with it.
            while self._left_out.pop() != tag:
                pass
        elif tag in WITHIN and not self._left_out:
            self._inside = max(0, self._inside - 1)

    def parse_html_declaration(self, i: int) -> int:
        """As browsers do: what no standard knows, such as <![word[, is a comment. The parser of the standard library would give up."""
        return self.parse_bogus_comment(i) if self.rawdata.startswith("<![", i) else super().parse_html_declaration(i)

    def handle_data(self, data: str) -> None:
        if not self._left_out:
            self._words.append(data)

    def end(self) -> None:
        """The paragraph is over."""
        text = SPACES.sub(" ", " ".join(self._words)).strip()
        self._words.clear()
        if text:
            self.all.append(text)
            if self._inside:
                self.within.append(text)


def paragraphs(html: str) -> list[str]:
    """What a reader reads of a page, without what surrounds it."""
    reader = _Paragraphs()
    reader.feed(html)
    reader.close()
    reader.end()
    return reader.within or reader.all


def blocks(content: bytes, media_type: str, encoding: str, on: date) -> frozenset[str]:
    """Hashes of the paragraphs of a page as it was sent. The day on which it was sent does not count, nor a time of day beside it: many pages
    say them and nothing else new. What is no page of text is one paragraph."""
    if "html" in media_type or media_type in ("text/plain", "application/xml", "text/xml"):
        text = content.decode(encoding, errors="replace")
        read = paragraphs(text) if "html" in media_type else text.splitlines()
        return frozenset(_hash(told.encode()) for one in read if (told := _still(one, on)))
    return frozenset([_hash(OF_A_PDF.sub(b"", content))])


def _still(text: str, on: date) -> str:
    """A paragraph without what moves by itself. A time of day counts where no day stands beside it: an office opens later now."""
    told = text.casefold()
    rest = _days(on).sub("", told)
    return SPACES.sub(" ", CLOCK.sub("", rest)).strip() if rest != told else told


@lru_cache
def _days(on: date) -> re.Pattern[str]:
    """The day as pages write it, the longest first."""
    written = sorted({one.casefold() for one in _written(on)}, key=len, reverse=True)
    return re.compile(rf"(?<!\d)(?:{'|'.join(map(re.escape, written))})(?!\d)")


def _written(on: date) -> Iterator[str]:
    yield from (on.isoformat(), f"{on:%d.%m.%Y}", f"{on:%d/%m/%Y}", f"{on:%m/%d/%Y}", f"{on:%d-%m-%Y}", f"{on.day}.{on.month}.{on.year}")
    for language in languages():
        for form in ("medium", "long", "full"):
            yield format_date(on, form, locale=language)


def _hash(told: bytes) -> str:
    return hashlib.sha256(told).hexdigest()[:HASH_LETTERS]
