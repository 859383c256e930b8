"""The estimate as JSON, and back: the one place where its parts become keys, and the schema that says so."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from calculator.engine.result.document import Estimate


@cache
def _adapter(part: type) -> TypeAdapter[Any]:
    return TypeAdapter(part)


def as_json(part: Any) -> dict[str, Any]:
    """An estimate, or a part of one, as the contract's JSON. The caller may change what is returned."""
    written: dict[str, Any] = _adapter(part.__class__).dump_python(part, by_alias=True)
    return written


def read(written: dict[str, Any]) -> Estimate:
    """The estimate that was written as JSON: kept, or made by another process."""
    found: Estimate = _adapter(Estimate).validate_python(written)
    return found


def schema() -> dict[str, Any]:
    """The JSON Schema of an estimate; keys may be added, these keep their meaning."""
    found = _adapter(Estimate).json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
