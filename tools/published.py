"""docs/published.md: how the product does on published decisions that no pack was made from.

The decisions (tests/calculator/published/decisions.yaml) were found by other hands and stay outside the packs. A sum is *inside* when it lies
in what the product works out for its head on its route; where it works out nothing, what stands in its place is counted.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from calculator import yaml12
from calculator.api import estimate
from calculator.engine.result.document import Amount, Route

ROOT = Path(__file__).parent.parent
DECISIONS = ROOT / "tests" / "calculator" / "published" / "decisions.yaml"
TARGET = ROOT / "docs" / "published.md"


@dataclass(frozen=True)
class Outcome:
    """One sum that was given, and what the product has in its place."""

    decision: str
    head: str
    given: Decimal
    currency: str
    range: tuple[str | None, str | None]
    counted: bool
    end: str
    beside: str


def decisions() -> list[dict[str, Any]]:
    """The yardstick."""
    found: list[dict[str, Any]] = yaml12.load(DECISIONS.read_text(encoding="utf-8"))
    return found


def outcomes() -> Iterator[Outcome]:
    """Every sum of every decision, beside the product's."""
    for one in decisions():
        found = estimate(one["case"], [one["country"]], date.fromisoformat(str(one["on"])), trace=False).jurisdictions[0]
        routes = {route.id: route for route in found.routes}
        for told in one["awarded"]:
            yield _outcome(one["id"], told, routes.get(told["route"]) or next(r for r in found.routes if r.id.endswith(told["route"])))


def _outcome(name: str, told: dict[str, Any], route: Route) -> Outcome:
    given = Decimal(told["amount"])
    if told["head"] == "combined":
        ends, counted = (route.amount.low, route.amount.high), True
    else:
        lines = [line.amount for line in route.lines if line.head == told["head"] and line.amount.low is not None]
        counted = any(line.counted for line in route.lines if line.head == told["head"])
        ends = _together(lines)
    alike = sum(one.is_alike for one in route.decisions)
    bands = [band.text for band in route.told_bands]
    told_of = [f"{len(route.decisions)} decisions, {alike} alike"] if route.decisions else []
    told_of += [f"{len(bands)} bands"] if bands else []
    beside = ", ".join(told_of) or ("none known, said" if route.none_known else "-")
    return Outcome(name, told["head"], given, told["currency"], ends, counted, _end(given, *ends), beside)


def _together(amounts: list[Amount]) -> tuple[str | None, str | None]:
    """What the lines of one head come to; without lines nothing, with one open end no upper end."""
    if not amounts:
        return None, None
    low = sum((Decimal(a.low or 0) for a in amounts), Decimal(0))
    high = None if any(a.high is None for a in amounts) else sum((Decimal(a.high or 0) for a in amounts), Decimal(0))
    return str(low), None if high is None else str(high)


def _end(given: Decimal, low: str | None, high: str | None) -> str:
    if low is None:
        return "no amount"
    if given < Decimal(low):
        return "product is higher"
    return "inside" if high is None or given <= Decimal(high) else "product is lower"


def page(found: list[Outcome]) -> Iterator[str]:
    """The page, line by line."""
    ends = Counter(one.end for one in found)
    rows = decisions()
    yield "# Published decisions that no pack was made from\n"
    yield "Made by `make published`. They were found by other hands and coded from what could be read of them, often not the judgment itself;"
    yield "no case was changed because of what came out. They stay a yardstick and do not enter the packs.\n"
    yield f"{len(rows)} decisions of {len({one['country'] for one in rows})} States, {len(found)} sums: " + ", ".join(
        f"{count} {end}" for end, count in ends.most_common()
    )
    yield "\n| decision | for | given | the product | | beside it |\n|---|---|---:|---:|---|---|"
    for one in found:
        low, high = one.range
        ours = "-" if low is None else f"{low} or more" if high is None else low if low == high else f"{low} to {high}"
        place = "" if one.counted or low is None else " (beside the sum)"
        yield f"| {one.decision} | {one.head} | {one.given} {one.currency} | {ours}{place} | {one.end} | {one.beside} |"
    yield "\n## What each was\n"
    for row in rows:
        yield f"- **{row['id']}**: {row['title']}, {row['date']}. {row['about']} Not seen: {row['not_seen']}"


def main() -> int:
    found = list(outcomes())
    TARGET.write_text("\n".join(page(found)) + "\n", encoding="utf-8")
    print(f"Wrote {TARGET.relative_to(ROOT)}: " + ", ".join(f"{count} {end}" for end, count in Counter(o.end for o in found).most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
