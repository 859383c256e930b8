"""The modules that `make mutation` changes: what pyproject.toml ([tool.mutmut]) names, less what it leaves out and why.

A module that is added or moved is in the list by itself; leaving one out has to be said.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def settings() -> dict[str, Any]:
    """`[tool.mutmut]` of pyproject.toml."""
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    return found


def left_out() -> set[Path]:
    """The files that are not mutated."""
    return {path for pattern in settings()["do_not_mutate"] for path in ROOT.glob(pattern)}


def modules() -> list[str]:
    """Their names below `calculator`, in order."""
    wanted = settings()
    paths = {path for pattern in wanted["only_mutate"] for path in ROOT.glob(pattern)} - left_out()
    return sorted(".".join(path.relative_to(ROOT / "calculator").with_suffix("").parts) for path in paths if path.stem != "__init__")


if __name__ == "__main__":
    print(" ".join(modules()))
