"""Facts of a raw case by their path: `work[0].paid`, or `procedure.claims[route=nl-fund].filed` for the claim on one route."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_PART = re.compile(r"([a-z_0-9]+)(?:\[(?:(\d+)|([a-z_]+)=([a-z0-9-]+))\])?")


@dataclass(frozen=True, slots=True)
class Where:
    """The entry of a list in which a field has a value."""

    field: str
    value: str

    def index(self, entries: list[Any]) -> int:
        """Where the entry is; one past the end when there is none."""
        fits = (n for n, e in enumerate(entries) if isinstance(e, dict) and e.get(self.field) == self.value)
        return next(fits, len(entries))


def steps(path: str) -> list[str | int | Where]:
    """`work[0].paid` -> work, 0, paid."""
    found: list[str | int | Where] = []
    for name, index, field, value in _PART.findall(path):
        found.append(name)
        if index:
            found.append(int(index))
        elif field:
            found.append(Where(field, value))
    return found


def put(case: dict[str, Any], path: str, value: Any) -> None:
    """Set a fact by its path; lists grow as needed, and an answer such as "unknown" gives way to what it is said of."""
    parts = steps(path)
    owner: Any = case
    for part, following in zip(parts, parts[1:], strict=False):
        if not isinstance(part, str):
            index = part if isinstance(part, int) else part.index(owner)
            while len(owner) <= index:
                owner.append({})
            if not isinstance(owner[index], dict | list):
                owner[index] = {}
            owner = owner[index]
            if isinstance(part, Where):
                owner[part.field] = part.value
            continue
        empty: Any = {} if isinstance(following, str) else []
        if not isinstance(owner.get(part), dict | list):
            owner[part] = empty
        owner = owner[part]
    owner[parts[-1]] = value


def get(case: dict[str, Any], path: str) -> Any:
    """A fact by its path, or None."""
    owner: Any = case
    for part in steps(path):
        try:
            owner = owner[part.index(owner) if isinstance(part, Where) else part]
        except (KeyError, IndexError, TypeError):
            return None
    return owner


def remove(case: dict[str, Any], path: str) -> None:
    """Forget a fact by its path; its entry of a list stays, since the paths of others count it."""
    owner: Any = case
    *before, last = steps(path)
    for part in before:
        try:
            owner = owner[part.index(owner) if isinstance(part, Where) else part]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(owner, dict):
        owner.pop(last, None)
