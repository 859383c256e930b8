"""The pictures of the guides: each that is named is there, each that is there is named, and none is heavy. What they show is for eyes."""

import re
import struct
from pathlib import Path

import pytest

from tools.guide_pictures import MOST_BYTES, OUT

DOCS = OUT.parent
NAMED = {
    (guide.name, name): text
    for guide in DOCS.glob("*.md")
    for text, name in re.findall(r"!\[([^\]]*)\]\((pictures/[^)]+)\)", guide.read_text("utf-8"))
}


def test_the_guide_names_pictures_that_are_there_and_all_of_them() -> None:
    assert {name for _guide, name in NAMED} == {f"pictures/{path.name}" for path in OUT.iterdir()} and len(NAMED) >= 8


@pytest.mark.parametrize("which", sorted(NAMED))
def test_a_picture_says_in_words_what_it_shows(which) -> None:
    """For whoever does not see it."""
    assert len(NAMED[which]) >= 20


@pytest.mark.parametrize("path", sorted(OUT.iterdir()), ids=lambda path: path.name)
def test_a_picture_is_small(path: Path) -> None:
    start = path.read_bytes()
    assert start.startswith(b"\x89PNG") and len(start) <= MOST_BYTES
    width, height = struct.unpack(">II", start[16:24])
    assert 300 <= width <= 1200 and 80 <= height <= 1200
