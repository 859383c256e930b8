"""What differs between two states of the packs, entry by entry: where, what stood there, what stands there now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from calculator import yaml12

#: By which of its parts an entry of a list is known.
_NAMES = ("id", "from", "code", "key", "upto", "term", "head")
#: Letters of a value that are told; a whole text is read in the file.
MOST_LETTERS = 300


@dataclass(frozen=True, slots=True)
class Change:
    """One entry: its file, the path in it, the values as text; None: it was not there, or is not any more."""

    file: str
    place: str
    before: str | None
    after: str | None

    @property
    def code(self) -> str:
        """The State that it is about; "" for what is about none."""
        folder, _, rest = self.file.partition("/")
        return folder if rest else ""


def changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[Change]:
    """What differs, in the order of the files."""
    found: list[Change] = []
    for file in sorted(before.keys() | after.keys()):
        old, new = before.get(file), after.get(file)
        if old == new:
            continue
        if old is None or new is None:
            found.append(Change(file, "", None if old is None else "", None if new is None else ""))
            continue
        inside = list(_inside(file, "", _read(old), _read(new)))
        # The same entries otherwise written: a comment, an order.
        found += inside or [Change(file, "", "", "")]
    return found


def _read(content: bytes) -> Any:
    """The entries of a file; its text where it is no YAML."""
    try:
        return yaml12.load(content.decode("utf-8"))
    except (yaml12.YamlFaultError, UnicodeDecodeError):
        return content.decode("utf-8", "replace")


def _inside(file: str, place: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    olds, news = _parts(old), _parts(new)
    if olds is None or news is None:
        yield Change(file, place, _text(old), _text(new))
        return
    for name in [*olds, *(name for name in news if name not in olds)]:
        here = f"{place}.{name}" if place else name
        if name in olds and name in news:
            yield from _inside(file, here, olds[name], news[name])
        else:
            yield Change(file, here, _text(olds[name]) if name in olds else None, _text(news[name]) if name in news else None)


def _parts(value: Any) -> dict[str, Any] | None:
    """The entries of a mapping or of a list by their names; None for what is one value."""
    if isinstance(value, Mapping):
        return {str(name): part for name, part in value.items()}
    if not isinstance(value, list) or not any(isinstance(one, Mapping) for one in value):
        return None
    found: dict[str, Any] = {}
    for number, one in enumerate(value):
        name = next((f"{one[part]}" for part in _NAMES if part in one), str(number)) if isinstance(one, Mapping) else str(number)
        found[name if name not in found else f"{name} ({number})"] = one
    return found


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"
