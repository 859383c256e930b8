"""`python -m tools.yardstick [--rasa URL] [--only danger ...] [--write FILE]`: every set and language against a running Rasa server."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from calculator.api import write_contacts
from cli.stack import Ports, Stack
from tools.yardstick.again import again
from tools.yardstick.ask import Asker
from tools.yardstick.grade import wilson
from tools.yardstick.sets import LANGUAGES
from tools.yardstick.sets import SETS as PARSED

WORKERS = 2
SETS = {**PARSED, "again": again}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rasa", default="http://127.0.0.1:5005")
    parser.add_argument("--gateway", default="http://127.0.0.1:8000")
    parser.add_argument("--only", nargs="*", default=[name for name in SETS if name not in ("typed", "told")])
    parser.add_argument("--languages", nargs="*", default=LANGUAGES)
    parser.add_argument("--start", action="store_true", help="start the servers for it, on ports of their own")
    parser.add_argument("--write", type=Path, help="write the table into this file, in place of what stands below its first heading")
    given = parser.parse_args()
    if given.start:
        with tempfile.TemporaryDirectory() as folder:
            write_contacts(Path(folder) / "contacts.json")
            with Stack(Path(folder), Ports(8010, 5015, 5065), environment={"REDRESS_MESSAGES_PER_MINUTE": "100000"}) as stack:
                measure(given, stack.rasa_url, stack.url)
    else:
        measure(given, given.rasa, given.gateway)
    return 0


def measure(given: argparse.Namespace, rasa: str, gateway: str) -> None:
    """Measure the chosen sets and print, perhaps write, the table."""
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    jobs = [(name, language) for name in given.only for language in given.languages]
    with ThreadPoolExecutor(WORKERS) as pool:
        for (_, language), part in zip(jobs, pool.map(lambda job: SETS[job[0]](Asker(rasa, gateway), job[1]), jobs), strict=True):
            for measure, (hits, of) in part.items():
                found[measure, language][0] += hits
                found[measure, language][1] += of
    measures = list(dict.fromkeys(measure for measure, _ in found))
    rows = []
    for measure in measures:
        pooled = [sum(found[measure, lang][i] for lang in given.languages if (measure, lang) in found) for i in (0, 1)]
        each = " | ".join(
            f"{found[measure, lang][0] / max(1, found[measure, lang][1]):.2f}" if (measure, lang) in found else "-" for lang in given.languages
        )
        rows.append(f"| {measure} | {wilson(*pooled)} | {each} |")
    table = "\n".join([f"| measure | all | {' | '.join(given.languages)} |", "|" + "---|" * (len(given.languages) + 2), *rows])
    print(table)
    if given.write:
        head = given.write.read_text(encoding="utf-8").split("<!-- figures -->")[0] if given.write.exists() else ""
        given.write.write_text(f"{head}<!-- figures -->\n\n{table}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
