"""`python -m tools.faults [--only NAME ...] [--write FILE]`: what somebody in danger, and somebody else, sees while a part is broken."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tools.faults.people import Seen, Witness
from tools.faults.report import write_table
from tools.faults.rows import ROWS, Row, World

HEAD = (
    "| what is broken | somebody in danger sees | after | her number | somebody else sees | after | of her answers is lost | well again after |"
)
#: A person in danger waits no longer than this.
SECONDS = 2.0


def main() -> int:
    """Run the rows; exit code 1 when danger came late, as something else, or with a wrong number, or when an answer was lost."""
    parser = argparse.ArgumentParser(prog="python -m tools.faults", description=__doc__)
    parser.add_argument("--only", nargs="*", default=[row.name for row in ROWS], choices=[row.name for row in ROWS])
    parser.add_argument("--write", type=Path, help="write the table into this file, below its heading")
    given = parser.parse_args()
    lines, bad = [HEAD, "|" + "---|" * HEAD.count(" | ") + "---|"], 0
    print("\n".join(lines), flush=True)
    for row in ROWS:
        if row.name in given.only:
            line, good = run(row)
            print(line, flush=True)
            lines.append(line)
            bad += not good
    if given.write:
        write_table(given.write, "<!-- figures -->", lines)
    return 1 if bad else 0


def run(row: Row) -> tuple[str, bool]:
    """One row: a world of its own, a person in danger and another one in it, before, during and after the fault."""
    with World(row.service, row.megabytes) as world:
        danger, other = Witness(world.url, "DE"), Witness(world.url, "DE")
        other.writes("my boss in berlin paid me 100 euros a week")
        other.writes("yes, all right")
        told = other.case()
        with row.fault(world):
            seen = max((danger.in_danger() for _ in range(row.times)), key=lambda one: one.seconds)
            ordinary = other.writes("how much money can i claim")
        begun = time.monotonic()
        while not (well := other.writes("hello")).answered and time.monotonic() - begun < 60:
            time.sleep(0.2)
        lost = "nothing" if other.case() == told else "something"
        back = f"{time.monotonic() - begun:.1f} s" if well.answered else "not within a minute"
    good = seen.kind == "emergency" and seen.number == "110" and seen.seconds <= SECONDS and lost == "nothing"
    return f"| {row.words} | {_told(seen)} | {_told(ordinary, number=False)} | {lost} | {back} |", good


def _told(seen: Seen, number: bool = True) -> str:
    return " | ".join([seen.kind, f"{seen.seconds:.1f} s", *([seen.number or "none"] if number else [])])


if __name__ == "__main__":
    sys.exit(main())
