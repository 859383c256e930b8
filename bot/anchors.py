"""Anchor words of facts: a clause with one of them ("passport", "harvest") is a little more likely to say the fact.

They never speak alone: most denials and questions hold the same words, so a hit only raises the score of a value that the meaning of the
clause already points to (bot/facts.py). ``data/facts/anchors/<language>.txt`` has a line a label: ``papers=taken | passport, id card``. A
word is found at the beginning of a word of the text; with ``*`` before it anywhere in one, with ``_`` behind it only as a whole word;
signs of scripts without spaces wherever they stand.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from pathlib import Path

import numpy as np

from bot.clauses import is_unspaced
from bot.settings import REPOSITORY

FOLDER = REPOSITORY / "data" / "facts" / "anchors"
_WORD = re.compile(r"[\w']+")
#: What Arabic writes before a word: and, for, with, in, the.
_ARABIC_FRONT = re.compile(r"^[وفبلك]?(?:ال|لل)?")
_LONGEST = 40
_SHORTEST_INSIDE = 2


class AnchorError(ValueError):
    """A list of anchor words cannot be read; the text names the file, the line and what was expected."""


class Anchors:
    """The anchor words of all languages: which labels a clause has a word of."""

    def __init__(self, words: dict[str, set[str]], inside: dict[str, set[str]], whole: dict[str, set[str]]) -> None:
        """Word in plain form -> labels, of those at the beginning of a word, anywhere, and alone."""
        self._begin, self._inside, self._whole = words, inside, whole
        self._lengths = sorted({len(word) for word in (*words, *whole)})
        self._inside_lengths = sorted({len(word) for word in inside})

    @classmethod
    def read(cls, folder: Path = FOLDER) -> Anchors:
        """Read the lists.

        Raises:
            AnchorError: when a line has no label, or no word behind it.
        """
        kinds: tuple[dict[str, set[str]], ...] = (defaultdict(set), defaultdict(set), defaultdict(set))
        for path in sorted(folder.glob("*.txt")):
            for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
                if not line.strip() or line.startswith("#"):
                    continue
                label, bar, words = line.partition("|")
                if not bar or "=" not in label or not words.strip():
                    raise AnchorError(f"{path.name}, line {number}: expected 'label | word, word', found {line!r}")
                for word in re.split(r"[,،、]", words):
                    _keep(kinds, word.strip(), label.strip())
        return cls(*kinds)

    def labels(self, text: str) -> set[str]:
        """Return the labels that a text has an anchor word of."""
        line = plain(text)[: 4 * _LONGEST * 4]
        found: set[str] = set()
        for match in _WORD.finditer(line):
            start = match.start()
            for at in dict.fromkeys((start, start + len(_ARABIC_FRONT.match(match.group())[0]))):  # type: ignore[index]
                for length in self._lengths:
                    piece = line[at : at + length]
                    if len(piece) < length:
                        break
                    found |= self._begin.get(piece, set())
                    if piece in self._whole and (at + length == len(line) or not line[at + length].isalnum()):
                        found |= self._whole[piece]
            word = match.group()
            for at in range(len(word)):
                for length in self._inside_lengths:
                    piece = word[at : at + length]
                    if len(piece) < length:
                        break
                    found |= self._inside.get(piece, set())
        return found

    def hits(self, texts: list[str], labels: list[str]) -> np.ndarray:
        """Return 1 where a text has an anchor word of a label, else 0: (texts, labels), float32."""
        column = {label: number for number, label in enumerate(labels)}
        out = np.zeros((len(texts), len(labels)), dtype=np.float32)
        for row, text in enumerate(texts):
            out[row, [column[label] for label in self.labels(text) if label in column]] = 1.0
        return out


def plain(text: str) -> str:
    """Return a text in small letters without diacritics, with single spaces.

    >>> plain("Mój  Paszport")
    'moj paszport'
    """
    parts = unicodedata.normalize("NFKD", text.lower().replace("ł", "l").replace("ı", "i").replace("đ", "d").replace("’", "'"))
    return " ".join("".join(sign for sign in parts if not unicodedata.combining(sign)).split())


def _keep(kinds: tuple[dict[str, set[str]], ...], word: str, label: str) -> None:
    begin, inside, whole = kinds
    anywhere, alone = word.startswith("*"), word.endswith("_")
    stem = plain(word.strip("*_ "))[:_LONGEST]
    if len(stem) < _SHORTEST_INSIDE:
        return
    (inside if anywhere or is_unspaced(stem) else whole if alone or len(stem) < 4 else begin)[stem].add(label)
