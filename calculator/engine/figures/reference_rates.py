"""The table of reference rates (calculator/reference_rates/): what one euro was in other money, day by day.

The files come from the European Central Bank's series by `make rates`; the rates that law has fixed are kept by hand in fixed.yaml. Nothing
here is read before an amount in another currency is met; then only the files of that currency are.
"""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from calculator import yaml12
from calculator.errors import PackError

FOLDER = Path(__file__).parent.parent.parent / "reference_rates"
INDEX, FIXED = "index.yaml", "fixed.yaml"
#: Currencies kept in memory at once, about 1 MB each.
MOST_SERIES = 12


class Source(NamedTuple):
    """Where a rate is from. `as_of`: the last day of the table, None for a rate that law has fixed for good."""

    title: str
    url: str
    as_of: date | None


class Fixed(NamedTuple):
    """One euro is `rate` of the currency, by law, from `start` on."""

    rate: Decimal
    start: date
    source: Source


@dataclass(frozen=True, slots=True)
class Index:
    """What the table is: its source, its first and last day, the day on which it was written, and the checksum of each file."""

    source: Source
    first: date
    last: date
    written_on: date
    checksums: dict[str, str]


@dataclass(frozen=True, slots=True)
class Series:
    """One euro in one currency: from each day (`days`, as ordinals) on that rate, until the next; None where no rate was published."""

    days: array[int]
    rates: list[Decimal | None]

    def on(self, day: int) -> Decimal | None:
        index = bisect_right(self.days, day) - 1
        return None if index < 0 else self.rates[index]


def texts(folder: Path = FOLDER) -> list[tuple[str, bytes]]:
    """The two small files that stand for the whole table in the rules' checksum: the index has the checksum of every other file."""
    return [(name, (folder / name).read_bytes()) for name in (INDEX, FIXED)]


@cache
def index(folder: Path = FOLDER) -> Index:
    raw = _yaml(folder / INDEX)
    last = date.fromisoformat(raw["last"])
    return Index(
        Source(f"{raw['authority']}: {raw['title']}", raw["url"], last),
        date.fromisoformat(raw["first"]),
        last,
        date.fromisoformat(raw["written_on"]),
        raw["files"],
    )


@cache
def fixed() -> dict[str, Fixed]:
    """The currencies that became the euro."""
    raw = _yaml(FOLDER / FIXED)
    sources = {name: Source(one["title"], one["url"], None) for name, one in raw["sources"].items()}
    return {code: Fixed(Decimal(one["rate"]), date.fromisoformat(one["from"]), sources[one["source"]]) for code, one in raw["rates"].items()}


@lru_cache(maxsize=MOST_SERIES)
def series(code: str) -> Series | None:
    """The published rates of a currency; None where the European Central Bank has none. Raises PackError when the file was changed."""
    wanted = index().checksums.get(code)
    return None if wanted is None else read_series(FOLDER, code, wanted)


def read_series(folder: Path, code: str, wanted: str) -> Series:
    """The rates of one file (`2026-10-30,5.3447`; an empty rate: none from that day on). Raises PackError."""
    path = folder / f"{code}.csv"
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != wanted:
        raise PackError(
            f"{FOLDER.name}/{path.name}",
            code,
            "This file is not the one that the index of the reference rates names.",
            "Write the table again: `make rates`.",
        )
    lines = [line.split(",") for line in content.decode("ascii").splitlines()]
    return Series(
        array("l", [date.fromisoformat(day).toordinal() for day, _ in lines]),
        [Decimal(rate) if rate else None for _, rate in lines],
    )


def faults(folder: Path = FOLDER) -> list[PackError]:
    """The files of the table that are not what the index says, for `redress check`."""
    found = []
    for code, wanted in index(folder).checksums.items():
        try:
            read_series(folder, code, wanted)
        except PackError as error:
            found.append(error)
    return found


def _yaml(path: Path) -> Any:
    return yaml12.load(path.read_text(encoding="utf-8"))
