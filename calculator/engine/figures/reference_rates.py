"""The table of reference rates (calculator/reference_rates/): what one euro was in other money, day by day.

The files come from the European Central Bank's series by `make rates`; the rates that law has fixed are kept by hand in fixed.yaml. Nothing
here is read before an amount in another currency is met; then only the files of that currency are.
"""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from calculator import yaml12
from calculator.errors import PackError

FOLDER = Path(__file__).parent.parent.parent / "reference_rates"
INDEX, FIXED = NAMES = ("index.yaml", "fixed.yaml")
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


#: The two small files of the table by name: they stand for all of it, since the index has the checksum of every other file.
Texts = dict[str, bytes]


def texts(folder: Path = FOLDER) -> Texts:
    """The two small files of the table in a folder."""
    return {name: (folder / name).read_bytes() for name in NAMES}


class _Table:
    """The table that is in use in this process: the product's own, or what it was on the day of an earlier release of the rules."""

    texts: Texts | None = None


def use(texts: Texts, forget: Iterable[Callable[[], None]] = ()) -> bool:
    """Use the table that these two files stand for; `forget` is called where it is another one than before, which is told.

    An older table is the newer one without its last days, so its files need not be kept: what is cut off is checked by its checksum.
    """
    if texts == in_use():
        return False
    _Table.texts = texts
    for one in (index.cache_clear, fixed.cache_clear, series.cache_clear, *forget):
        one()
    return True


def in_use() -> Texts:
    """The two small files of the table that is in use."""
    if _Table.texts is None:
        _Table.texts = texts()
    return _Table.texts


@cache
def index(folder: Path | None = None) -> Index:
    """What the table in use is, or the one of a folder."""
    raw = _yaml(in_use()[INDEX] if folder is None else (folder / INDEX).read_bytes())
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
    raw = _yaml(in_use()[FIXED])
    sources = {name: Source(one["title"], one["url"], None) for name, one in raw["sources"].items()}
    return {code: Fixed(Decimal(one["rate"]), date.fromisoformat(one["from"]), sources[one["source"]]) for code, one in raw["rates"].items()}


@lru_cache(maxsize=MOST_SERIES)
def series(code: str) -> Series | None:
    """The published rates of a currency; None where the European Central Bank has none. Raises PackError when the file was changed."""
    wanted = index().checksums.get(code)
    return None if wanted is None else read_series(FOLDER, code, wanted, index().last)


def read_series(folder: Path, code: str, wanted: str, last: date | None = None) -> Series:
    """The rates of one file (`2026-10-30,5.3447`; an empty rate: none from that day on), as it was on its `last` day. Raises PackError."""
    path = folder / f"{code}.csv"
    content = path.read_bytes() if path.is_file() else b""
    if last is not None and hashlib.sha256(content).hexdigest() != wanted:
        end = last.isoformat().encode("ascii")
        content = b"".join(line for line in content.splitlines(keepends=True) if line[: len(end)] <= end)
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


def _yaml(content: bytes) -> Any:
    return yaml12.load(content.decode("utf-8"))
