"""What somebody who waits sees: one line a step, and that it still goes on."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import TextIO

#: Seconds between two signs of life: on a terminal the line is written over, elsewhere each is a line of its own.
ON_A_TERMINAL, ELSEWHERE = 1.0, 10.0
WIDTH = 24


class Waiting:
    """Tells how long something has gone on and about how long it takes: `with Waiting("training", 120.0): ...`.

    `expected` are seconds. What takes longer than expected keeps a full bar, and the seconds go on counting.
    """

    def __init__(self, words: str, expected: float, out: TextIO | None = None, every: float | None = None) -> None:
        self._words, self._expected = words, max(1.0, expected)
        self._out = out or sys.stdout
        self._live = self._out.isatty()
        self._every = every or (ON_A_TERMINAL if self._live else ELSEWHERE)
        self._started = time.monotonic()
        self._over = threading.Event()
        self._one_at_a_time = threading.Lock()
        self._thread = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Waiting:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()
        if self._live:
            self._write("\r\033[K")

    def say(self, line: str) -> None:
        """Write a line that stays, above the moving one."""
        self._write(f"\r\033[K{line}\n" if self._live else f"{line}\n")

    def words(self, words: str) -> None:
        """Change what the moving line says is being done."""
        self._words = words

    def _tick(self) -> None:
        while not self._over.wait(self._every):
            spent = time.monotonic() - self._started
            done = min(1.0, spent / self._expected)
            bar = f"[{'#' * int(WIDTH * done):{WIDTH}}] {spent:.0f} s of about {self._expected:.0f} s: {self._words}"
            self._write(f"\r\033[K{bar}" if self._live else f"{bar}\n")

    def _write(self, text: str) -> None:
        with self._one_at_a_time:
            self._out.write(text)
            self._out.flush()
