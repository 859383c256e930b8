"""`python -m tools.circles [PACKAGE ...]`: modules that import each other in a circle; exit 1 when there are any.

Imports inside functions and those that only serve types are counted: a circle that Python gets through is one all the same.
"""

from __future__ import annotations

import ast
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("calculator", "actions", "web", "store", "cli", "bot", "tools", "envelope", "danger", "erasure", "workbench")


def modules(package: str) -> dict[str, Path]:
    """Name -> file of every module of a package."""
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path, known: dict[str, Path]) -> set[str]:
    """The modules among `known` that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            # Of "from package import module" the module is meant, not the package around it.
            found.update(inside & known.keys() or {node.module})
    return found & known.keys()


def circle(package: str) -> list[str]:
    """One circle of a package, in its order; empty when there is none."""
    known = modules(package)
    graph = {name: imports(path, known) - {name} for name, path in known.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [str(name) for name in error.args[1]]
    return []


def main() -> None:
    """Look at the packages named, or at all."""
    found = {package: around for package in sys.argv[1:] or PACKAGES if (around := circle(package))}
    for package, around in found.items():
        print(f"{package}: {' <- '.join(around)}")
    raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    main()
