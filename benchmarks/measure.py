"""How a series is measured."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    measured: str
    target: str
    ratio: str = ""


def series(run: Callable[[], object], times: int) -> list[float]:
    """Seconds of each of `times` runs, after one that warms up."""
    run()
    return [seconds_of(run) for _ in range(times)]


def seconds_of(run: Callable[[], object]) -> float:
    """How long one run takes."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def paired(run: Callable[[], object], baseline: Callable[[], object], times: int) -> tuple[float, float]:
    """The median seconds of `run`, and the median of how many times as long it took as `baseline` just before it: a machine that is faster
    in one minute than in the next changes the first and not the second.
    """
    run()
    baseline()
    taken, ratios = [], []
    for _ in range(times):
        beside = seconds_of(baseline)
        one = seconds_of(run)
        taken.append(one)
        ratios.append(one / beside)
    return p50(taken), p50(ratios)


def p50(values: list[float]) -> float:
    return statistics.median(values)


def p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(len(values) * 0.95) - 1)]
