"""`make benchmarks`: prints the table and writes docs/benchmarks.md. Never a test: machines differ."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

from benchmarks import calculator_speed, conversation_speed, page_speed, same_rule, workbench_speed


def main() -> None:
    started = time.monotonic()
    rows = [*calculator_speed.rows(), *same_rule.rows(), *conversation_speed.rows(), *page_speed.rows(), *workbench_speed.rows()]
    lines = [
        "# Benchmarks",
        "",
        f"Run on {date.today().isoformat()}, two cores. Reproduce with `make benchmarks`.",
        "",
        "| what | measured | target | beside a baseline |",
        "|---|---|---|---|",
        *(f"| {row.what} | {row.measured} | {row.target} | {row.ratio} |" for row in rows),
        "",
    ]
    text = "\n".join(lines)
    (Path(__file__).parent.parent / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")
    print(text)
    print(f"({time.monotonic() - started:.0f} s)")


if __name__ == "__main__":
    main()
