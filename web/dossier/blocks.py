"""What a dossier is made of, before it is a file: the same blocks become PDF and text document, in one language or two side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3."""

    level: int
    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `style`: plain, strong for what is to be seen first, quiet for what stands beside, notice for a warning."""

    text: str
    style: Literal["plain", "strong", "quiet", "notice"] = "plain"
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Listing:
    """Items with dots, with numbers, or with boxes to tick."""

    items: list[str]
    style: Literal["dots", "numbers", "boxes"] = "dots"
    kind: Literal["listing"] = "listing"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their columns. `spoken`: the language of each column's cells where it is another than that of the part, "" = the same."""

    columns: list[str]
    rows: list[list[str]]
    spoken: list[str] = field(default_factory=list)
    kind: Literal["table"] = "table"


Block = Heading | Paragraph | Listing | Table


@dataclass(frozen=True, slots=True)
class Part:
    """Blocks that begin on a page of their own, in one language, or in two: then the blocks of both belong together, one by one."""

    language: str
    blocks: list[Block]
    beside: str | None = None
    blocks_beside: list[Block] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Dossier:
    """All of it. `watermark`: why it is only a draft; `days`: (ISO day, what it is for) for a calendar."""

    title: str
    language: str
    watermark: str | None
    parts: list[Part]
    days: list[tuple[str, str]]
