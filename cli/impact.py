"""`redress impact`: what a change of the rules changes for cases, before anybody approves it (docs/rules.md)."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.progress import Progress as Bar

from calculator.files import write_whole
from calculator.impact.outcome import KINDS
from calculator.impact.running import Progress, run
from calculator.impact.tally import Tally
from calculator.impact.trial import Sides
from cli.bars import bar


@dataclass(frozen=True, slots=True)
class Kept:
    """A run whose parts are kept in a file, so that one that was cut off goes on; a run that is over leaves none."""

    file: Path

    @classmethod
    def of(cls, folder: Path, sides: Sides, count: int) -> Kept:
        """The file of this comparison: of the contents of both sides, whatever they are called."""
        named = json.dumps([sides.code, sides.before[1], sides.after[1], count])
        return cls(folder / f"{hashlib.sha256(named.encode()).hexdigest()[:32]}.json")

    def read(self) -> Progress | None:
        """How far it has come; None: it was not begun, or this version does not understand what is kept of it."""
        try:
            return Progress.of_json(json.loads(self.file.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, progress: Progress) -> None:
        """Keep it. Raises OSError."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self.file, json.dumps(progress.as_json()))

    def drop(self) -> None:
        """It is over."""
        self.file.unlink(missing_ok=True)


def compared(every: list[Sides], count: int, folder: Path, processes: int | None = None) -> Iterator[tuple[Sides, Tally]]:
    """Try the cases of each State, with a bar on standard error that says what is done. Raises TrialError, OSError."""
    with bar() as shown:
        for sides in every:
            kept = Kept.of(folder, sides, count)
            progress = kept.read()
            if progress is None:
                progress = Progress(sides, count)
            elif progress.tally.cases:
                print(f"{sides.code}: {progress.tally.cases} of {count} cases were tried before; going on.", file=sys.stderr)
            task = shown.add_task(f"{sides.code}: working out cases by both rules", total=count, completed=progress.done)
            run(progress, processes or os.cpu_count() or 1, _told(shown, task, progress, kept))
            kept.drop()
            yield sides, progress.tally


def _told(shown: Bar, task: Any, progress: Progress, kept: Kept) -> Callable[[bool], None]:
    def told(part_done: bool) -> None:
        shown.update(task, completed=progress.done)
        if part_done:
            kept.write(progress)

    return told


def all_as_json(found: Iterable[tuple[Sides, Tally]]) -> dict[str, Any]:
    """How many cases come out otherwise, in all, and each State."""
    states = [_as_json(sides, tally) for sides, tally in found]
    return {"cases": sum(one["cases"] for one in states), "changed": sum(one["changed"] for one in states), "states": states}


def _as_json(sides: Sides, tally: Tally) -> dict[str, Any]:
    """One State of the answer; amounts and days stand in the cases as they were worked out."""
    told = {"jurisdiction": sides.code, "before": list(sides.before), "after": list(sides.after), **tally.as_json()}
    return {**told, "median_thousandths": tally.median, "worst": [asdict(one) for one in tally.worst]}


def lines(sides: Sides, tally: Tally) -> Iterator[str]:
    """One State as text."""
    if not tally.cases:
        yield f"{sides.code}: the State is new, or gone. There is nothing to compare."
        return
    yield f"{sides.code}: {tally.changed} of {tally.cases} cases come out otherwise."
    if tally.refused:
        yield f"  {tally.refused} can be worked out by one of the two only."
    if tally.median is not None:
        yield f"  In the middle, the sum changes by {tally.median / 10:+.1f} %."
    if tally.from_nothing:
        yield f"  In {tally.from_nothing} there was no sum before, or there is none now."
    for route, counts in tally.by_route(sorted({name.partition(":")[0] for name in tally.routes} - {""})):
        yield f"  {route}: " + ", ".join(f"{kind} {n}" for kind, n in zip(KINDS, counts, strict=True) if n)
    for key, n in tally.statuses.most_common():
        route, _colon, both = key.partition(":")
        was, _arrow, now = both.partition(">")
        yield f"  {route}: {was or '-'} -> {now or '-'} in {n}"
    for one in tally.worst:
        yield f"  case {one.number} on {one.on}, {one.jurisdiction}: {_ends(one.before)} -> {_ends(one.after)}"


def _ends(ends: list[str | None]) -> str:
    low, high = ends
    return "?" if low is None else low if low == high else f"{low} to {high or '...'}"
