"""Golden snapshots: what a fixed set of varied cases comes to in every State; `make golden` writes them again.

They prove nothing about the law (the examples of the packs do). They show what a change changes: a new rate or another
rule is a diff in tests/golden/<State>.txt that a lawyer can read.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from calculator import yaml12
from calculator.api import default_rules, estimate
from calculator.engine.result.document import Amount, Jurisdiction
from calculator.packs.load import PACKS, pack_folders

GOLDEN = Path(__file__).parent.parent / "tests" / "golden"


def states() -> list[str]:
    return [folder.name for folder in pack_folders(PACKS)]


def _in(country: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _in(country, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_in(country, inner) for inner in value]
    return country if value == "XX" else value


def _money(amount: Amount) -> str:
    if amount.low is None:
        return "not known"
    if amount.high is None:
        text = f"{amount.low} or more"
    else:
        text = amount.low if amount.low == amount.high else f"{amount.low} to {amount.high}"
    return text if amount.per == "once" else f"{text} a {amount.per}"


def _lines(found: Jurisdiction, always: set[str]) -> Iterator[str]:
    """`always`: gaps that a pack tells in every case, and that say nothing of this one."""
    for route in found.routes:
        waits = f", waits for: {route.waits_for}" if route.waits_for else ""
        yield f"  {route.id}: {route.status}{waits}"
        for line in route.lines:
            marks = "".join(f", {word}" for word, said in (("too old", line.time_barred), ("beside", not line.counted)) if said)
            yield f"    {line.head}: {_money(line.amount)} ({line.confidence}{marks})"
        yield from (f"    {head.head}: no figure" for head in route.unknown_heads)
        yield from (f"    until {deadline.date or 'a day not known'}: {deadline.id}" for deadline in route.deadlines)
        if route.missing:
            yield f"    asks: {', '.join(sorted(route.missing))}"
        yield from (f"    gap: {gap}" for gap in route.gaps if gap not in always)
        if route.stale_since:
            yield f"    may be out of date since {route.stale_since}"
    for row in found.totals:
        beside = f", not {', '.join(row.excludes)}" if row.excludes else ""
        yield f"  counts {row.head} from {row.payer} by {row.route}: {_money(row.amount)}{beside}"
    yield f"  in all: {_money(found.total)}"


def snapshot(country: str) -> str:
    """All fixed cases in one State, as text."""
    raw = yaml12.load((GOLDEN / "cases.yaml").read_text(encoding="utf-8"))
    on = date.fromisoformat(str(raw["on"]))
    always = {gap for route in default_rules().packs[country].routes.values() for gap in route.raw.gaps}
    parts = []
    for name, case in raw["cases"].items():
        found = estimate(_in(country, copy.deepcopy(case)), [country], on, trace=False)
        parts.append("\n".join([f"{name}", *_lines(found.jurisdictions[0], always)]))
    return "\n\n".join(parts) + "\n"


def main() -> None:
    for country in states():
        (GOLDEN / f"{country}.txt").write_text(snapshot(country), encoding="utf-8")
    print(f"Wrote {len(states())} snapshots to {GOLDEN.relative_to(Path.cwd())}.")


if __name__ == "__main__":
    main()
