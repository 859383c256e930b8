"""Sentences as the classifiers see them: what they mean (embedding) and how they are written (groups of letters).

Letters help where meaning is thin: short answers, Arabizi, Latin Cyrillic, slips of the thumb.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer

from bot.clauses import is_unspaced

HEAD_CHARACTERS = 200
TAIL_CHARACTERS = 100
# A sign of Chinese, Japanese or Thai holds about as much, and costs about as much, as three letters.
LETTERS_A_SIGN = 3
LETTER_GROUPS = 2**16
# Without accents: who types on somebody else's phone leaves them out.
_GROUPS = HashingVectorizer(
    analyzer="char_wb", ngram_range=(2, 4), n_features=LETTER_GROUPS, alternate_sign=False, norm=None, strip_accents="unicode"
)


def condense(text: str) -> str:
    """What of a message is encoded as a whole: all of it, or the first 200 and the last 100 letters.

    A long story is not clearer to the encoder than its beginning and its end, but ten times dearer (about 1.2 ms a
    token). What lies between is judged for danger clause by clause (bot/understanding.py).
    """
    share = LETTERS_A_SIGN if is_unspaced(text) else 1
    head, tail = HEAD_CHARACTERS // share, TAIL_CHARACTERS // share
    return text if len(text) <= head + tail else f"{text[:head]} {text[-tail:]}"


@dataclass(frozen=True)
class Sentences:
    """n sentences: `vectors` (n, 384) of length 1, `letters` (n, 65536) with 1 + log of how often a group of letters stands."""

    vectors: np.ndarray
    letters: csr_matrix

    @classmethod
    def of(cls, texts: list[str], vectors: np.ndarray) -> Sentences:
        """The sentences of texts whose embeddings are known."""
        letters = csr_matrix(_GROUPS.transform(texts), dtype=np.float32)
        letters.data = 1.0 + np.log(letters.data)
        return cls(np.asarray(vectors, dtype=np.float32), letters)
