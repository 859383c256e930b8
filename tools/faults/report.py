"""Tables of figures in a page of docs/."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def write_table(path: Path, mark: str, lines: Sequence[str]) -> None:
    """Replace what stands between a mark of the page and the next heading. Raises ValueError when the page has no such mark."""
    before, found, behind = path.read_text(encoding="utf-8").partition(mark)
    if not found:
        raise ValueError(f"{path} has no {mark}")
    _, heading, rest = behind.partition("\n## ")
    path.write_text(f"{before}{mark}\n\n" + "\n".join(lines) + "\n" + (f"\n## {rest}" if heading else ""), encoding="utf-8")
