"""Facts of a raw case by their path: `work[0].paid`."""

from __future__ import annotations

import re
from typing import Any

_PART = re.compile(r"([a-z_0-9]+)(?:\[(\d+)\])?")


def steps(path: str) -> list[str | int]:
    """`work[0].paid` -> work, 0, paid."""
    found: list[str | int] = []
    for name, index in _PART.findall(path):
        found.append(name)
        if index:
            found.append(int(index))
    return found


def put(case: dict[str, Any], path: str, value: Any) -> None:
    """Set a fact by its path; lists grow as needed, and an answer such as "unknown" gives way to what it is said of."""
    parts = steps(path)
    owner: Any = case
    for part, following in zip(parts, parts[1:], strict=False):
        if isinstance(part, int):
            while len(owner) <= part:
                owner.append({})
            if not isinstance(owner[part], dict | list):
                owner[part] = {}
            owner = owner[part]
            continue
        empty: Any = [] if isinstance(following, int) else {}
        if not isinstance(owner.get(part), dict | list):
            owner[part] = empty
        owner = owner[part]
    owner[parts[-1]] = value


def get(case: dict[str, Any], path: str) -> Any:
    """A fact by its path, or None."""
    owner: Any = case
    for part in steps(path):
        try:
            owner = owner[part]
        except (KeyError, IndexError, TypeError):
            return None
    return owner
