"""A cheap look for danger by the letters of a text: what stands in for Rasa when it cannot be asked.

A linear model on hashed groups of letters, words and pairs of words: 0.1 to 3 milliseconds a message, in Python's own library. It was
learned from the same sentences as Rasa's (bot/second_look.py) and hears less well: where Rasa calls one calm message in twenty an emergency,
this one alarms at nearly one in three. It stands in, and replaces nothing (docs/decisions/0012).
"""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from math import sqrt
from pathlib import Path

FORMAT = "redress-letters-2"
#: Places in the tables of weights; every group of letters has one by its checksum.
BUCKETS = 1 << 18
SHORTEST, LONGEST = 2, 5
#: Of the mark by which a short message is known.
MARK_BYTES = 8
#: Of a long text the beginning and the end are looked at.
END = 1000
#: Of the calm messages it was learned from those of so many words are known as a whole: "hello" has the letters of "help" and "hell".
CALM_WORDS, CALM_SIGNS = 4, 12
#: A part is about as long as the sentences it was learned from: the words around a danger must not drown it.
PART = 160
_WORD = re.compile(r"\w+")
_BREAK = re.compile(r"[.!?;\n。！？；،؟]+")


class LettersError(ValueError):
    """The file is not what `Letters.save` wrote."""


def features(text: str, known: dict[str, frozenset[int]] | None = None) -> set[int]:
    """The places of a text's groups of letters, words and pairs of words. `known`: words of the same message that were looked at before.

    >>> features("help") == features("  HELP  ")
    True
    """
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    # Kept for one message only: what people write stays in no memory.
    seen = {} if known is None else known
    found: set[int] = set()
    for word in set(words):
        if word not in seen:
            seen[word] = frozenset(_groups(f" {word} "))
        found |= seen[word]
    found.update(zlib.crc32(b"w" + pair) % BUCKETS for pair in _spoken(words))
    return found


def calm_mark(text: str) -> int | None:
    """What a short message is known by as a whole, whatever its capitals and signs; None for one that is not short."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    # Chinese and Thai write no spaces: what looks like one word may be a sentence.
    if not 0 < len(words) <= CALM_WORDS or len(words) == 1 and len(words[0]) > CALM_SIGNS and not words[0].isascii():
        return None
    return int.from_bytes(blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=MARK_BYTES).digest(), "little")


def _groups(padded: str) -> Iterator[int]:
    for size in range(SHORTEST, LONGEST + 1):
        for start in range(max(1, len(padded) - size + 1)):
            yield zlib.crc32(padded[start : start + size].encode("utf-8", "replace")) % BUCKETS


def _spoken(words: list[str]) -> Iterator[bytes]:
    for number, word in enumerate(words):
        yield word.encode("utf-8", "replace")
        yield " ".join(words[number : number + 2]).encode("utf-8", "replace")


def parts_of(text: str) -> list[str]:
    """The parts of a text that are looked at one by one, and in a short text the whole; of a long text its two ends."""
    near = text if len(text) <= 2 * END else f"{text[:END]}\n{text[-END:]}"
    sentences = [part.strip() for part in _BREAK.split(near) if part.strip()]
    cut = [sentence[start : start + PART] for sentence in sentences for start in range(0, len(sentence), PART)]
    whole = [near] if len(cut) > 1 and len(near) <= PART else []
    return [*whole, *cut]


@dataclass(frozen=True)
class Look:
    """What a text sounds like: `sure` and `perhaps` by the thresholds of the model, and the likeliest kind."""

    score: float
    sure: bool
    perhaps: bool
    kind: str | None = None


#: What is said of a text that nobody could look at.
UNSEEN = Look(0.0, sure=False, perhaps=True)


@dataclass(frozen=True)
class Letters:
    """The learned weights: of danger, and of each of its kinds, in steps of `step`."""

    weights: array[int]
    step: float
    bias: float
    #: From which score on a part is danger, and from which it may be, so that the line of numbers is that of its likeliest kind.
    sure: float
    perhaps: float
    kinds: dict[str, tuple[array[int], float, float]]
    #: Short calm messages, by `calm_mark`.
    calm: frozenset[int] = frozenset()

    def look(self, text: str) -> Look:
        """Look at a text of any length by its parts; the most dangerous one counts."""
        if calm_mark(text) in self.calm:
            return Look(float("-inf"), sure=False, perhaps=False)
        known: dict[str, frozenset[int]] = {}
        scores = ((_dot(features(part, known), self.weights, self.step) + self.bias, part) for part in parts_of(text))
        best, of = max(scores, default=(float("-inf"), ""))
        perhaps = best >= self.perhaps
        return Look(best, best >= self.sure, perhaps, self._kind(of) if perhaps else None)

    def _kind(self, text: str) -> str | None:
        found = features(text)
        scores = {kind: _dot(found, weights, step) + bias for kind, (weights, step, bias) in self.kinds.items()}
        return max(scores, key=lambda kind: scores[kind]) if scores else None

    def save(self, path: Path) -> None:
        """Write the weights: a line of JSON, then the tables one after the other."""
        head = {
            "format": FORMAT, "buckets": BUCKETS, "step": self.step, "bias": self.bias, "sure": self.sure, "perhaps": self.perhaps,
            "kinds": {kind: [step, bias] for kind, (_, step, bias) in self.kinds.items()}, "calm": len(self.calm),
        }  # fmt: skip
        body = b"".join(table.tobytes() for table in (self.weights, *(weights for weights, _, _ in self.kinds.values())))
        body += b"".join(mark.to_bytes(MARK_BYTES, "little") for mark in sorted(self.calm))
        head["checksum"] = zlib.crc32(body)
        path.write_bytes(json.dumps(head).encode() + b"\n" + body)

    @classmethod
    def load(cls, path: Path) -> Letters:
        """Read what `save` wrote. Raises LettersError or OSError."""
        line, _, body = path.read_bytes().partition(b"\n")
        try:
            head = json.loads(line)
            kinds = dict(head["kinds"])
            right = head["format"] == FORMAT and head["buckets"] == BUCKETS and head["checksum"] == zlib.crc32(body)
            whole = BUCKETS * (1 + len(kinds))
            if not right or len(body) != whole + MARK_BYTES * int(head["calm"]):
                raise LettersError(f"{path.name} is not what was written")
            tables = [array("b", body[start : start + BUCKETS]) for start in range(0, whole, BUCKETS)]
            calm = frozenset(int.from_bytes(body[start : start + MARK_BYTES], "little") for start in range(whole, len(body), MARK_BYTES))
            of_kinds = {kind: (table, float(own[0]), float(own[1])) for (kind, own), table in zip(kinds.items(), tables[1:], strict=True)}
            return cls(tables[0], float(head["step"]), float(head["bias"]), float(head["sure"]), float(head["perhaps"]), of_kinds, calm)
        except (KeyError, TypeError, ValueError) as error:
            raise LettersError(f"{path.name} cannot be read ({type(error).__name__}): run make build") from None


def _dot(found: set[int], weights: array[int], step: float) -> float:
    return step * sum(weights[place] for place in found) / sqrt(len(found)) if found else 0.0
