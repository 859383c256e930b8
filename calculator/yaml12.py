"""YAML 1.2 for cases and packs: `NO` stays Norway, dates stay text, anchors and giant files are refused."""

from __future__ import annotations

import io
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError, SafeConstructor
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent

LARGEST_FILE = 2_000_000
#: What was parsed is kept under it (`calculator.packs.parsed`): another number wherever the same text comes to read otherwise.
VERSION = 1


class YamlFaultError(ValueError):
    """`reason` is one of too_large, aliases, twice, syntax; `line` counts from one, 0 when not known."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class _TextDates(SafeConstructor):
    """Dates are read by our own code, which also knows `2023-01` and says what is wrong with 30 February."""


_TextDates.add_constructor("tag:yaml.org,2002:timestamp", lambda self, node: node.value)


def load(text: str) -> Any:
    """Plain Python data. Raises YamlFaultError."""
    if len(text) > LARGEST_FILE:
        raise YamlFaultError("too_large")
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _TextDates
    reader.allow_duplicate_keys = False
    try:
        # Anchors are how a small file becomes a huge one; nothing we read needs them.
        if "*" in text and any(isinstance(e, AliasEvent) for e in YAML(typ="safe", pure=True).parse(io.StringIO(text))):
            raise YamlFaultError("aliases")
        return reader.load(io.StringIO(text))
    except YamlFaultError:
        raise
    except (YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = "twice" if isinstance(error, DuplicateKeyError) else "syntax"
        raise YamlFaultError(reason, mark.line + 1 if mark is not None else 0) from error
