"""A whole population tried by several processes at once; what is done is kept, so that a run that was cut off goes on where it stood."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any

from calculator.impact.tally import Tally
from calculator.impact.trial import Order, Sides

#: Cases of one part: what is lost at most, by each process, where a run is cut off.
PART = 250


class TrialError(RuntimeError):
    """The rules cannot be tried; the text says why, in English as packs are written."""


@dataclass(slots=True)
class Progress:
    """How far a run has come: which parts are done, and what they came to together."""

    sides: Sides
    count: int
    parts: list[int] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    #: Cases of the parts that are being tried.
    begun: int = 0

    @property
    def done(self) -> int:
        """Cases tried so far."""
        return min(self.count, self.tally.cases + self.begun)

    @property
    def complete(self) -> bool:
        """Whether every part is done."""
        return not self.left()

    def left(self) -> list[int]:
        """The first numbers of the parts that are not done."""
        return [first for first in range(0, self.count, PART) if first not in self.parts]

    def as_json(self) -> dict[str, Any]:
        """Plain data, to be kept."""
        return {"sides": asdict(self.sides), "count": self.count, "parts": self.parts, "tally": self.tally.as_json()}

    @classmethod
    def of_json(cls, raw: dict[str, Any]) -> Progress:
        """What `as_json` has written, through JSON."""
        sides = {**raw["sides"], "before": tuple(raw["sides"]["before"]), "after": tuple(raw["sides"]["after"])}
        return cls(Sides(**sides), raw["count"], list(raw["parts"]), Tally.of_json(raw["tally"]))


def run(progress: Progress, processes: int, told: Callable[[bool], None], stopped: Callable[[], bool] = lambda: False) -> None:
    """Try what is left. `told` is called, by one thread at a time, whenever there is news; True: a part is done, which is worth keeping.
    `stopped` is asked as often: True ends it after a few cases. Raises TrialError."""
    lock = threading.Lock()
    over = threading.Event()
    waiting = progress.left()

    def stop() -> bool:
        return over.is_set() or stopped()

    def work() -> None:
        with _Process() as process:
            while not stop():
                with lock:
                    if not waiting:
                        return
                    first = waiting.pop(0)
                before = 0
                for told_of in process.do(Order(progress.sides, first, min(first + PART, progress.count))):
                    if stop():
                        return
                    with lock:
                        if isinstance(told_of, Tally):
                            progress.begun -= before
                            progress.parts.append(first)
                            progress.tally.put_together(told_of)
                        else:
                            progress.begun, before = progress.begun + told_of - before, told_of
                        told(isinstance(told_of, Tally))

    with ThreadPoolExecutor(processes) as pool:
        try:
            for one in [pool.submit(work) for _ in range(processes)]:
                one.result()
        finally:
            over.set()
            progress.begun = 0


class _Process:
    """A process that tries one part after the other."""

    def __enter__(self) -> _Process:
        command = [sys.executable, "-m", "calculator.impact.trial"]
        self._running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._running.kill()
        self._running.communicate()

    def do(self, order: Order) -> Any:
        """How many are done, as it goes, and at last the tally. Raises TrialError."""
        assert self._running.stdin is not None and self._running.stdout is not None
        try:
            self._running.stdin.write(json.dumps(asdict(order)) + "\n")
            self._running.stdin.flush()
            for line in self._running.stdout:
                news = json.loads(line)
                if "fault" in news:
                    raise TrialError(news["fault"])
                if "tally" in news:
                    yield Tally.of_json(news["tally"])
                    return
                yield news["done"]
        except BrokenPipeError:
            pass
        raise TrialError("The process that tries the cases has ended.")
