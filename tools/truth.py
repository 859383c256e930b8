"""docs/truth.md: the principles of a sum with their tests, figures by State and confidence, and cases worked by other hands.

The hard cases (tests/calculator/hard_cases) were worked out from the legal research alone, apart from the code. They are not tuned to: where
the product comes to something else, `differences.yaml` says why, case by case.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from calculator import yaml12
from calculator.api import default_rules, estimate
from calculator.engine.result.document import Jurisdiction, Route
from calculator.quantity import Confidence

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "calculator" / "hard_cases"
TESTS = ROOT / "tests" / "calculator"
TARGET = ROOT / "docs" / "truth.md"

#: The principles, and the files whose tests hold them: a test's name says what it proves.
PRINCIPLES = {
    1: "Money has a currency",
    2: "Out of time feeds no total",
    3: "A limit is counted from the right day, and the longer one wins when the law says so",
    4: "What was paid comes off once, everywhere",
    5: "A part is never shown as the whole",
    6: "A range ends where knowledge ends",
    7: "One loss counts once; two losses never cancel",
    8: "Sums told for a period count in that period",
    9: "What the exploiter promised is a floor, not the measure",
    10: "Status follows the procedure",
    11: "A label is no better than its page",
}
_HEADING = re.compile(r"^# -- (\d+)\. .*", re.MULTILINE)
_TEST = re.compile(r"^def (test_\w+)", re.MULTILINE)


@dataclass(frozen=True)
class HardCase:
    """A case with what a careful hand found, and what the product comes to."""

    state: str
    name: str
    title: str
    expected: tuple[str | None, str | None]
    found: tuple[str | None, str | None]
    lines: tuple[int, int]
    days: tuple[int, int]
    why: str

    @property
    def same(self) -> bool:
        """Whether the total is the hand's, to the cent."""
        return self.expected == self.found


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def hard_cases() -> Iterator[HardCase]:
    """Every case of `tests/calculator/hard_cases`, worked out."""
    reasons = yaml12.load((CASES / "differences.yaml").read_text(encoding="utf-8"))
    for path in sorted(CASES.glob("*/*.yaml")):
        raw = yaml12.load(path.read_text(encoding="utf-8"))
        state = path.parent.name
        found = estimate(raw["case"], [state], date.fromisoformat(str(raw["on"])), "en").jurisdictions[0]
        total = raw["expect"]["total"]
        yield HardCase(
            state,
            str(raw["id"]),
            str(raw["title"]),
            (_text(total["low"]), _text(total["high"])),
            (found.total.low, found.total.high),
            _lines(raw["expect"]["routes"], found),
            _days(raw["expect"]["routes"], found),
            str(reasons.get(str(raw["id"]), "")),
        )


def _lines(expected: dict[str, Any], found: Jurisdiction) -> tuple[int, int]:
    """(figures of the hand that stand on the same route to the cent, figures of the hand)."""
    right = asked = 0
    routes = {route.id: route for route in found.routes}
    for name, route in expected.items():
        ends = _ends(routes[name]) if name in routes else set()
        for line in route.get("lines") or []:
            low = _text(line.get("low"))
            if low is not None:
                asked += 1
                right += (low, _text(line.get("high"))) in ends
    return right, asked


def _ends(route: Route) -> set[tuple[str | None, str | None]]:
    """Both ends of the route's amount, of its lines, and of each head, whose lines may be split by how sure they are."""
    found = {(route.amount.low, route.amount.high), *((line.amount.low, line.amount.high) for line in route.lines)}
    for head in {line.head for line in route.lines}:
        lines = [line.amount for line in route.lines if line.head == head and line.amount.low is not None and line.confidence != "unverified"]
        highs = [line.high for line in lines]
        top = None if None in highs else str(sum((Decimal(high) for high in highs if high), Decimal("0.00")))
        found.add((str(sum((Decimal(line.low) for line in lines if line.low), Decimal("0.00"))), top))
    return found


def _days(expected: dict[str, Any], found: Jurisdiction) -> tuple[int, int]:
    """(days of the hand that the same route names, days of the hand)."""
    right = asked = 0
    routes = {route.id: route for route in found.routes}
    for name, route in expected.items():
        there = {limit.date for limit in routes[name].deadlines} if name in routes else set()
        for limit in route.get("deadlines") or []:
            if limit.get("date"):
                asked += 1
                right += str(limit["date"]) in there
    return right, asked


def tests_of_principles() -> dict[int, list[str]]:
    """Principle -> the tests that stand under its heading."""
    found: dict[int, list[str]] = {number: [] for number in PRINCIPLES}
    for path in sorted(TESTS.glob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        headings = [*_HEADING.finditer(text)]
        for heading, following in zip(headings, [*headings[1:], None], strict=False):
            part = text[heading.end() : following.start() if following else len(text)]
            found[int(heading.group(1))] += [f"{path.name}: {name.group(1)[5:].replace('_', ' ')}" for name in _TEST.finditer(part)]
    return found


def _figures() -> Iterator[str]:
    yield "| State | figures | official | derived | secondary | unverified |"
    yield "|---|---|---|---|---|---|"
    for code, pack in sorted(default_rules().packs.items()):
        counts = Counter(value.rank for parameter in pack.parameters.values() for value in parameter.values)
        yield f"| {code} | {sum(counts.values())} | " + " | ".join(str(counts[rank]) for rank in Confidence) + " |"


def _range(ends: tuple[str | None, str | None]) -> str:
    low, high = ends
    return "not known" if low is None else f"{low} or more" if high is None else low if low == high else f"{low} to {high}"


def document(cases: list[HardCase]) -> str:
    """The page."""
    sums = [sum(one[n] for one in part) for part in ([c.lines for c in cases], [c.days for c in cases]) for n in (0, 1)]
    lines = [
        "# What holds of every sum",
        "",
        "Written by `make truth`. Principles are properties over all packs and their examples (decision 25); the cases below are none of them:",
        "five a State, worked out by other hands from the research alone, with their workings in `tests/calculator/hard_cases`.",
        "",
    ]
    for number, tests in tests_of_principles().items():
        lines += [f"**{number}. {PRINCIPLES[number]}.**", "", *(f"- {test}" for test in tests), ""]
    lines += ["## Figures by how sure they are", "", *_figures(), "", "## Cases worked by other hands", ""]
    lines += [
        f"{sum(case.same for case in cases)} of {len(cases)} totals, {sums[0]} of {sums[1]} figures and {sums[2]} of {sums[3]} days",
        "are the hand's to the cent and the day.",
        "The others differ for the reason beside them: where the law or the research leaves more than one reading, both are said.",
        "",
        "| case | by hand | here | |",
        "|---|---|---|---|",
        *(f"| {c.name}: {c.title} | {_range(c.expected)} | {_range(c.found)} | {'the same' if c.same else c.why} |" for c in cases),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    cases = list(hard_cases())
    TARGET.write_text(document(cases), encoding="utf-8")
    unexplained = [case.name for case in cases if not case.same and not case.why]
    print(f"Wrote {TARGET.relative_to(ROOT)}: {sum(case.same for case in cases)} of {len(cases)} totals are the hand's.")
    if unexplained:
        sys.exit(f"Without a reason in differences.yaml: {', '.join(unexplained)}")


if __name__ == "__main__":
    main()
