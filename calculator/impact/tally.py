"""What a change does to many cases, counted; parts of a population are counted apart and put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from calculator.impact.outcome import KINDS, Difference, Ends, Kind, Outcome, difference
from calculator.impact.population import Member

#: Cases that are kept, to be looked at side by side.
MOST_WORST = 3
#: Thousandths between which the changes of the sum are counted together, for a chart.
STEPS = (-500, -200, -50, 0, 50, 200, 500)
#: How bad it is to lose a way: the more open it was, and the less it is.
_OPENNESS = {"": 0, "closed": 0, "later": 1, "uncertain": 2, "likely": 3, "open": 4}


@dataclass(slots=True)
class Worst:
    """A case that changes most: what to open side by side."""

    rank: list[float]
    number: int
    raw: dict[str, Any]
    on: str
    jurisdiction: str
    before: list[str | None]
    after: list[str | None]
    statuses: list[list[str]]


@dataclass(slots=True)
class Tally:
    """Of `cases` tried, `refused` could not be worked out by one of the two and `changed` come out otherwise.

    `kinds`: cases by what changed. `routes`: the same for each way (`route:kind`; the sum of all ways stands under the route ""). `statuses`:
    cases by way, before and after (`route:before>after`). `moves`: cases by the change of their sum in thousandths; `from_nothing`: cases
    whose sum changed where there was none, or none is left.
    """

    cases: int = 0
    refused: int = 0
    changed: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    routes: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    moves: Counter[int] = field(default_factory=Counter)
    from_nothing: int = 0
    worst: list[Worst] = field(default_factory=list)

    def add(self, member: Member, before: Outcome | None, after: Outcome | None, words: frozenset[tuple[str, str]]) -> None:
        """Count one case. None: it could not be worked out."""
        self.cases += 1
        if before is None or after is None:
            self.refused += before is not after
            return
        found = difference(before, after, words)
        if found is None:
            return
        self.changed += 1
        self.kinds.update({kind for _, kind in found.found})
        self.routes.update(f"{route}:{kind}" for route, kind in found.found)
        self.statuses.update(f"{route}:{was}>{now}" for route, was, now in found.statuses)
        if found.total and found.thousandths is None:
            self.from_nothing += 1
        elif found.thousandths is not None:
            self.moves[found.thousandths] += 1
        rank = _rank(found)
        if rank > [0.0, 0.0]:
            self._keep(Worst(
                rank, member.number, member.raw, member.on.isoformat(), member.jurisdiction, _told(before.total), _told(after.total),
                [list(one) for one in found.statuses],
            ))  # fmt: skip

    def put_together(self, other: Tally) -> None:
        """Add what was counted elsewhere."""
        self.cases += other.cases
        self.refused += other.refused
        self.changed += other.changed
        self.from_nothing += other.from_nothing
        for mine, theirs in ((self.kinds, other.kinds), (self.routes, other.routes), (self.statuses, other.statuses)):
            mine.update(theirs)
        self.moves.update(other.moves)
        for one in other.worst:
            self._keep(one)

    def _keep(self, one: Worst) -> None:
        # Of two that are as bad the first number: parts are put together in any order.
        self.worst = sorted([*self.worst, one], key=lambda worst: ([-size for size in worst.rank], worst.number))[:MOST_WORST]

    @property
    def median(self) -> int | None:
        """The middle change of the sum, in thousandths, of the cases in which it changed and can be compared."""
        count = sum(self.moves.values())
        if not count:
            return None
        seen = 0
        for move in sorted(self.moves):
            seen += self.moves[move]
            if 2 * seen >= count:
                return move
        raise AssertionError("a count that is none")

    def steps(self) -> list[tuple[int | None, int | None, int]]:
        """(above, up to, cases) of each step of the chart, in thousandths; None: no end."""
        ends: list[int | None] = [None, *STEPS, None]
        pairs = zip(ends, ends[1:], strict=False)
        return [(low, high, sum(n for move, n in self.moves.items() if _between(move, low, high))) for low, high in pairs]

    def as_json(self) -> dict[str, Any]:
        """Plain data, to be kept."""
        return {
            "cases": self.cases,
            "refused": self.refused,
            "changed": self.changed,
            "kinds": dict(self.kinds),
            "routes": dict(self.routes),
            "statuses": dict(self.statuses),
            "moves": {str(move): n for move, n in sorted(self.moves.items())},
            "from_nothing": self.from_nothing,
            "worst": [asdict(one) for one in self.worst],
        }

    @classmethod
    def of_json(cls, raw: dict[str, Any]) -> Tally:
        """What `as_json` has written."""
        told = {**raw, "moves": Counter({int(move): n for move, n in raw["moves"].items()})}
        told |= {name: Counter(raw[name]) for name in ("kinds", "routes", "statuses")}
        return cls(**{**told, "worst": [Worst(**one) for one in raw["worst"]]})

    def of_kind(self, kind: Kind) -> int:
        """Cases in which this changed."""
        return self.kinds[kind]

    def by_route(self, routes: Iterable[str]) -> list[tuple[str, list[int]]]:
        """Each way in which something changed, and the cases by what changed."""
        return [(route, counts) for route in routes if any(counts := [self.routes[f"{route}:{kind}"] for kind in KINDS])]


def _between(move: int, low: int | None, high: int | None) -> bool:
    """Above the low end and up to the high one; below nothing the other way round, so that no step holds both a loss and a gain."""
    if low is None or high is None:
        return move < high if high is not None else low is not None and move > low
    return low <= move < high if low < 0 else low < move <= high


def _rank(found: Difference) -> list[float]:
    """Ways that close stand before sums that fall, and those before sums that rise."""
    lost = sum(max(0, _OPENNESS[was] - _OPENNESS[now]) for _, was, now in found.statuses)
    move = found.thousandths
    size = 0.0 if move is None else abs(move) / 1000 + (10 if move < 0 else 0)
    return [float(lost), size or float(found.total) * 0.001]


def _told(ends: Ends) -> list[str | None]:
    return [None if end is None else f"{Decimal(end):.2f}" for end in ends]
