"""Embeddings of the training sentences kept as data, so that a first training need not encode them (half an hour of a small server).

`data/vectors/<language>.npz` holds, for each sentence, the first bytes of its hash and its embedding in 6 bits. A sample is encoded
again at each training: vectors of another encoder, or torn ones, are found and made anew.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bot.encoder import DIMENSION, SentenceEncoder
from bot.settings import REPOSITORY

logger = logging.getLogger(__name__)

FOLDER = REPOSITORY / "data" / "vectors"
KEY_BYTES = 8
SAMPLE = 24
# A stored vector and a fresh one are as alike as this; 6 bits cost less than half of what is left.
SAME = 0.999
# Five steps a bit less than a byte holds: the file packs to two thirds, and a vector keeps 0.9995 of its direction.
STEPS = 31


class StoredVectors:
    """The vectors of `data/vectors` and those that had to be made, for sentences of known languages."""

    def __init__(self, encoder: Callable[[], SentenceEncoder], folder: Path = FOLDER) -> None:
        """`encoder` is called when something has to be encoded, which takes a second to load."""
        self._encoder = encoder
        self._folder = folder
        #: Where a sentence's vector is: (number of the block, row).
        self._known: dict[bytes, tuple[int, int]] = {}
        self._blocks: list[tuple[np.ndarray, np.ndarray]] = []
        self.made = 0
        for path in sorted(folder.glob("*.npz")):
            try:
                with np.load(path, allow_pickle=False) as saved:
                    self._add([bytes(key) for key in saved["keys"]], saved["vectors"], saved["scale"])
            except (OSError, ValueError, KeyError):
                logger.warning("%s is unreadable; its sentences are encoded again.", path.name)

    def _add(self, keys: list[bytes], vectors: np.ndarray, scale: np.ndarray) -> None:
        self._known.update((key, (len(self._blocks), row)) for row, key in enumerate(keys))
        self._blocks.append((vectors, scale))

    def of(self, texts: list[str], progress: Callable[[int, int], None] | None = None) -> np.ndarray:
        """The vectors of texts (n, 384), float32, each of length 1; unknown ones are encoded, `progress` told how many of how many."""
        keys = [key_of(text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if missing:
            names, words = list(missing), list(missing.values())
            for start in range(0, len(words), 512):
                made = self._encoder().encode(words[start : start + 512])
                self._add(names[start : start + 512], made, np.ones(len(made), dtype=np.float32))
                if progress is not None:
                    progress(min(start + 512, len(words)), len(words))
            self.made += len(missing)
        found = np.empty((len(keys), DIMENSION), dtype=np.float32)
        for at, key in enumerate(keys):
            block, row = self._known[key]
            vectors, scale = self._blocks[block]
            np.multiply(vectors[row], scale[row], out=found[at])
        found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        return found

    def check(self, texts: list[str]) -> bool:
        """Encode a sample again; forget everything and return False when the stored vectors are not those of this encoder."""
        known = [text for text in texts if key_of(text) in self._known]
        if not known:
            return True
        chosen = [known[i] for i in np.random.default_rng().choice(len(known), min(SAMPLE, len(known)), replace=False)]
        fresh = self._encoder().encode(chosen)
        if float((fresh * self.of(chosen)).sum(axis=1).min()) >= SAME:
            return True
        logger.warning("The stored vectors are not those of this encoder; all sentences are encoded again.")
        self._known.clear()
        self._blocks.clear()
        return False

    def save(self, texts_by_language: dict[str, list[str]]) -> int:
        """Write one file a language with exactly these texts; return how many bytes all files have."""
        self._folder.mkdir(parents=True, exist_ok=True)
        size = 0
        for language, texts in sorted(texts_by_language.items()):
            # In the order of the hashes: a changed sentence changes one row.
            keyed = sorted({key_of(text): text for text in texts}.items())
            vectors = self.of([text for _, text in keyed])
            scale = np.abs(vectors).max(axis=1) / STEPS
            small = np.round(vectors / scale[:, np.newaxis]).astype(np.int8)
            keys = np.frombuffer(b"".join(key for key, _ in keyed), dtype=np.uint8).reshape(-1, KEY_BYTES)
            draft = self._folder / f".{language}.npz"
            np.savez_compressed(draft, keys=keys, vectors=small, scale=scale.astype(np.float32))
            draft.replace(self._folder / f"{language}.npz")
            size += (self._folder / f"{language}.npz").stat().st_size
        return size


def key_of(text: str) -> bytes:
    """The first bytes of a text's hash."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()[:KEY_BYTES]
