"""How alike n sentences are to each other, held once: half the square, in 16 bits, so that a small server can train.

Thirty thousand sentences are 3.6 GB as floats. A likeness is its own transpose, and steps of 1/50,000 are finer than anything that is
learned from it (held out, not one sentence in ten thousand came out otherwise): 0.9 GB.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from threadpoolctl import threadpool_limits

# Rows and columns of one block: it stays near the processor while it is worked on.
BLOCK = 1024
LARGEST = np.iinfo(np.uint16).max


@dataclass(frozen=True)
class Likeness:
    """A symmetric matrix (n, n) of values from 0 to `most`, by blocks on and above the diagonal."""

    size: int
    most: float
    blocks: dict[tuple[int, int], np.ndarray]

    @classmethod
    def of(cls, size: int, most: float, block: Callable[[slice, slice], np.ndarray]) -> Likeness:
        """Work out every block by a function of its rows and columns, on all cores."""
        found: dict[tuple[int, int], np.ndarray] = {}

        def fill(corner: tuple[int, int]) -> None:
            part = block(_span(corner[0], size), _span(corner[1], size))
            np.multiply(part, LARGEST / most, out=part)
            np.clip(part, 0, LARGEST, out=part)
            found[corner] = (part + 0.5).astype(np.uint16)

        with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(fill, combinations_with_replacement(range(0, size, BLOCK), 2)))
        return cls(size, most, found)

    @classmethod
    def dense_of(cls, values: np.ndarray) -> Likeness:
        """The likeness that a symmetric float matrix (n, n) of values from 0 on says."""
        return cls.of(len(values), max(1e-9, float(values.max())), lambda rows, columns: values[rows, columns].astype(np.float32))

    def __len__(self) -> int:
        return self.size

    def product(self, other: np.ndarray) -> np.ndarray:
        """The matrix times (n, k), float32."""
        wide = np.ascontiguousarray(other, dtype=np.float32)
        corners = list(self.blocks)
        cores = max(1, min(os.cpu_count() or 1, len(corners)))

        def share(number: int) -> np.ndarray:
            out = np.zeros_like(wide)
            for a, b in corners[number::cores]:
                part = self.blocks[a, b].astype(np.float32)
                rows, columns = _span(a, self.size), _span(b, self.size)
                out[rows] += part @ wide[columns]
                if a != b:
                    out[columns] += part.T @ wide[rows]
            return out

        with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(cores) as pool:
            total, *others = pool.map(share, range(cores))
        for other_share in others:
            total += other_share
        total *= np.float32(self.most / LARGEST)
        return np.asarray(total)

    def part(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """The values of some rows and columns (sorted indices) as floats (rows, columns)."""
        out = np.empty((len(rows), len(columns)), dtype=np.float32)
        for a, at_rows, rows_here in _by_block(rows):
            for b, at_columns, columns_here in _by_block(columns):
                block = self.blocks[a, b][np.ix_(rows_here, columns_here)] if a <= b else self.blocks[b, a][np.ix_(columns_here, rows_here)].T
                out[at_rows, at_columns] = block
        out *= np.float32(self.most / LARGEST)
        return out

    def dense(self, rows: slice | None = None) -> np.ndarray:
        """The values of a stretch of rows, and as many columns, as floats."""
        chosen = np.arange(self.size)[rows or slice(None)]
        return self.part(chosen, chosen)


def _span(start: int, size: int) -> slice:
    return slice(start, min(start + BLOCK, size))


def _by_block(indices: np.ndarray) -> Iterator[tuple[int, slice, np.ndarray]]:
    """Yield, for each block, its start, where its indices stand in the list, and the indices within the block."""
    starts = indices // BLOCK * BLOCK
    for start in np.unique(starts):
        first, last = np.searchsorted(starts, start), np.searchsorted(starts, start, side="right")
        yield int(start), slice(int(first), int(last)), indices[first:last] - start
