"""What mutation testing found, by module and by kind of change: reads mutmut's results, writes docs/mutation.md.

A survivor is a change that no quick test noticed. Kinds are told apart by what changed in the line, so that a reader sees at once
which are words of an error, which are the trace, and which are arithmetic that wants a test.
"""

from __future__ import annotations

import ast
import difflib
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
KINDS = {
    "words": "the text of an error or its capitals: tests ask that it names the field and helps, not for each word",
    "faults": "what a fault of a pack carries (its place, the names it offers)",
    "trace": "what is written into the trace, or noted for `redress pack exercise`",
    "none": "None in the place of a value that the quick tests never use (a route, a trace, a second region)",
    "same": "a change that cannot show: `>=` for `>` where both give the same, a short cut taken the long way, a start value",
    "other": "arithmetic, dates and choices; the examples and golden snapshots, which mutation testing does not run, hold most of them",
}


@cache
def functions(module: str) -> dict[str, str]:
    """Source of every original and mutated function of a module, by its mangled name."""
    source = (ROOT / "mutants" / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8")
    return {
        node.name: ast.get_source_segment(source, node) or ""
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and "__mutmut_" in node.name
    }


def change(name: str) -> tuple[str, str]:
    """(lines taken out, lines put in) of one mutant."""
    found = re.match(r"(.*)\.(x[_ǁ].*)$", name)
    assert found is not None
    known = functions(found[1])
    before = known.get(re.sub(r"__mutmut_\d+$", "__mutmut_orig", found[2]), "").splitlines()[1:]
    after = known.get(found[2], "").splitlines()[1:]
    lines = [line for line in difflib.unified_diff(before, after, lineterm="", n=0) if not line.startswith(("---", "+++", "@@"))]
    return " ".join(line[1:] for line in lines if line[0] == "-"), " ".join(line[1:] for line in lines if line[0] == "+")


def kind(taken: str, put: str) -> str:
    """The kind of a survivor (`KINDS`)."""
    if ("XX" in put and "XX" not in taken) or put.lower() == taken.lower():
        return "words"
    if re.search(r"fault\(|unknown_name\(|raise |\.inside\(", taken):
        return "faults"
    if re.search(r"note\(|note_found|exercise|trace", taken):
        return "trace"
    if ") or True" in put or ") and False" in put or re.sub(r"[<>]=?|True|False|None", "", put) == re.sub(r"[<>]=?|True|False|None", "", taken):
        return "same"
    return "none" if "None" in put and "None" not in taken else "other"


def main() -> None:
    answer = subprocess.run([sys.executable, "-m", "mutmut", "results", "--all", "true"], cwd=ROOT, capture_output=True, text=True, check=True)
    states = [line.strip().rsplit(": ", 1) for line in answer.stdout.splitlines() if ": " in line]
    tried = [(name, state) for name, state in states if state in ("killed", "survived", "timeout")]
    by_module: dict[str, Counter[str]] = {}
    kinds: Counter[str] = Counter()
    for name, state in tried:
        module = re.sub(r"\.x[_ǁ].*", "", name)
        by_module.setdefault(module, Counter())["survived" if state == "survived" else "killed"] += 1
        if state == "survived":
            found = kind(*change(name))
            kinds[found] += 1
            by_module[module][found] += 1
    columns = list(KINDS)
    rows = ["| module | changes tried | noticed | survived | " + " | ".join(columns) + " |", "|---|---|---|---|" + "---|" * len(columns)]
    for module, counts in sorted(by_module.items()):
        total = counts["killed"] + counts["survived"]
        rows.append(
            f"| {module.removeprefix('calculator.')} | {total} | {100 * counts['killed'] / total:.0f} % | {counts['survived']} | "
            + " | ".join(str(counts[c]) for c in columns)
            + " |"
        )
    killed, survived = (sum(c[key] for c in by_module.values()) for key in ("killed", "survived"))
    meaning = "\n".join(f"- *{name}* ({kinds[name]}): {words}" for name, words in KINDS.items())
    text = (
        f"# Mutation testing of the engine\n\nRun on {date.today().isoformat()} with `make mutation`: {killed + survived} small changes, "
        f"{killed} noticed by the quick tests ({100 * killed / max(1, killed + survived):.0f} %), {survived} not.\n\n"
        + "\n".join(rows)
        + "\n\nThe survivors by kind:\n\n"
        + meaning
        + "\n"
    )
    (ROOT / "docs" / "mutation.md").write_text(text, encoding="utf-8")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
