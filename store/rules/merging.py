"""Two changes made from the same files: both are kept, and where both changed the same lines a person decides."""

from __future__ import annotations

from collections.abc import Mapping


class ClashError(ValueError):
    """Both changed the same files."""

    def __init__(self, files: list[str]) -> None:
        super().__init__(", ".join(files))
        self.files = files


def merged(base: Mapping[str, bytes], mine: Mapping[str, bytes], theirs: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with both changes. Raises ClashError where both changed one file, and not to the same."""
    found: dict[str, bytes] = {}
    clashes: list[str] = []
    for name in sorted(base.keys() | mine.keys() | theirs.keys()):
        was, ours, other = base.get(name), mine.get(name), theirs.get(name)
        if ours != was and other != was and ours != other:
            clashes.append(name)
        kept = other if ours == was else ours
        if kept is not None:
            found[name] = kept
    if clashes:
        raise ClashError(clashes)
    return found
