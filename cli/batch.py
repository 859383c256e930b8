"""Many cases at once: a folder of case files, or JSON Lines, to one line of JSON a case, on all cores.

A case that cannot be worked out becomes a line with its error, named on standard error too; the others go on.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from calculator import api
from calculator.case.read import of_a_saved_file, read_json, read_yaml
from calculator.errors import CaseError, RedressError
from calculator.translation import translator
from cli.bars import bar

SUFFIXES = (".yaml", ".yml", ".json")
#: Cases handed to a worker at once: enough that handing over costs nothing beside the work.
CHUNK = 16
#: A line or file beyond this is no case file; it is refused before it is read into memory.
LARGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class Item:
    """One case still to be read: its name, and its text or the file that holds it."""

    name: str
    text: str | None = None
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """`on` wins over the day of a case; `today` serves a case that has none."""

    jurisdictions: list[str] | None
    on: date | None
    today: date
    language: str
    trace: bool


@dataclass(slots=True)
class Outcome:
    done: int = 0
    failed: int = 0


def items(source: Path) -> list[Item]:
    """The cases of a folder (by name) or of a JSON Lines file (by line). Raises CaseError when there is none."""
    if source.is_dir():
        found = [
            Item(_readable(p.relative_to(source)), path=p) for p in sorted(source.rglob("*")) if p.suffix.lower() in SUFFIXES and p.is_file()
        ]
    elif source.is_file():
        with source.open(encoding="utf-8", errors="replace") as lines:
            found = [Item(f"line {n}", text=line) for n, line in enumerate(lines, 1) if line.strip()]
    else:
        raise CaseError("", "The file {found} cannot be read.", "Check its name and place.", found=str(source))
    if not found:
        raise CaseError(
            "", "There are no cases in {found}.", "Name a folder with YAML files, or a file with one JSON object a line.", found=str(source)
        )
    return found


def _readable(path: Path) -> str:
    """A name that can be written into the answer, also where that of the file is not UTF-8."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _read(item: Item) -> Any:
    if item.path is None:
        return of_a_saved_file(read_json(item.text or ""))
    if item.path.stat().st_size > LARGEST:
        raise CaseError("", "The file is too large.", "A case file stays below two million characters.")
    try:
        text = item.path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CaseError("", "The file {found} is not UTF-8 text.", "Save it as UTF-8.", found=item.name) from error
    return of_a_saved_file(read_json(text) if item.path.suffix.lower() == ".json" else read_yaml(text))


def _work_out(chunk: list[Item], options: Options) -> list[dict[str, Any]]:
    """What each case comes to, or its error. Runs in a worker, which loads the packs once."""
    translate = translator(options.language, "law")
    found: list[dict[str, Any]] = []
    for item in chunk:
        try:
            try:
                raw = _read(item)
            except OSError as error:
                # Only here: what goes wrong with our own files below is no fault of the case.
                where = error.filename or item.name
                raise CaseError("", "The file {found} cannot be read.", "Check its name and place.", found=where) from error
            own_day = isinstance(raw, dict) and raw.get("evaluated_on")
            day = options.on or (None if own_day else options.today)
            estimate = api.estimate_json(raw, options.jurisdictions, day, options.language, options.trace)
            found.append({"case": item.name, "estimate": estimate})
        except RedressError as error:
            found.append({"case": item.name, **error.as_json(translate)})
    return found


def _chunks(found: list[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(found)
    while chunk := list(islice(rest, size)):
        yield chunk


def run(source: Path, target: TextIO, options: Options, workers: int | None = None) -> Outcome:
    """Write one line a case to `target`, in the order of the cases. Raises CaseError when there are none."""
    cases = items(source)
    outcome = Outcome()
    count = min(workers or os.cpu_count() or 1, len(cases))
    with bar() as progress:
        task = progress.add_task("cases", total=len(cases))
        for chunk, lines in _results(cases, options, count):
            for line in lines:
                target.write(json.dumps(line, ensure_ascii=False) + "\n")
                outcome.done += 1
                if "error" in line:
                    outcome.failed += 1
                    error = line["error"]
                    place = f" {error['fact']}" if error.get("fact") else ""
                    progress.console.print(
                        f"{line['case']}:{place} {error['message']} {error['fix']}", markup=False, highlight=False, soft_wrap=True
                    )
            progress.advance(task, len(chunk))
    return outcome


def _results(cases: list[Item], options: Options, workers: int) -> Iterator[tuple[list[Item], list[dict[str, Any]]]]:
    """Chunks with their results, in order. A chunk whose worker dies, or cannot read a file of ours, is worked out case by case in a
    worker of its own, so that only the case that fails again is lost, and none is blamed."""
    chunks = list(_chunks(cases, CHUNK))
    with ExitStack() as stack:
        if workers == 1:
            works: list[Callable[[], list[dict[str, Any]]]] = [partial(_work_out, chunk, options) for chunk in chunks]
        else:
            pool = stack.enter_context(ProcessPoolExecutor(workers))
            works = [pool.submit(_work_out, chunk, options).result for chunk in chunks]
        for chunk, work in zip(chunks, works, strict=True):
            try:
                yield chunk, work()
            except (BrokenProcessPool, OSError):
                yield chunk, [line for item in chunk for line in _alone(item, options)]


def _alone(item: Item, options: Options) -> list[dict[str, Any]]:
    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(_work_out, [item], options).result()
        except (BrokenProcessPool, OSError):
            lost = CaseError("", "This case could not be worked out; the process ended.", "Try it alone with `redress estimate`.")
            return [{"case": item.name, **lost.as_json()}]
