"""The shape of a formula or a test of a pack: whether it is like a pattern, and what stands in the pattern's open places."""

from __future__ import annotations

from typing import Any

from calculator.dates import parse_date


def expanded(raw: Any, dates: dict[str, Any]) -> Any:
    """A formula without the names that the route gives to days."""
    if isinstance(raw, str) and raw in dates:
        return expanded(dates[raw], dates)
    if isinstance(raw, dict):
        # What is looked up on a named day stays as it is: it is no part of the sentence.
        return {key: value if key == "at" else expanded(value, dates) for key, value in raw.items()}
    if isinstance(raw, list):
        return [expanded(part, dates) for part in raw]
    return raw


def fits(pattern: Any, raw: Any) -> dict[str, Any] | None:
    """What the names after $ stand for when a formula has this shape; None when it has not."""
    if isinstance(pattern, str) and pattern.startswith("$"):
        return _bound(pattern[1:], raw)
    if isinstance(pattern, dict) and isinstance(raw, dict) and pattern.keys() == raw.keys():
        return _all_fit([(pattern[key], raw[key]) for key in pattern])
    if isinstance(pattern, list) and isinstance(raw, list) and len(pattern) == len(raw):
        return _all_fit(list(zip(pattern, raw, strict=True)))
    return {} if pattern == raw else None


def _all_fit(pairs: list[tuple[Any, Any]]) -> dict[str, Any] | None:
    bound: dict[str, Any] = {}
    for pattern, raw in pairs:
        found = fits(pattern, raw)
        if found is None:
            return None
        bound |= found
    return bound


def _bound(name: str, raw: Any) -> dict[str, Any] | None:
    if name == "age":
        return {"age": raw} if isinstance(raw, int) else None
    if name == "regions":
        return {"regions": tuple(raw if isinstance(raw, list) else [raw])}
    if name != "day":
        return {name: raw}
    try:
        span = parse_date(str(raw))
    except ValueError:
        return None
    return {"day": span.earliest.isoformat()} if span.exact else None


def parts(when: Any) -> list[Any]:
    """The tests of an `all`, or the one that stands alone."""
    return list(when["all"]) if isinstance(when, dict) and "all" in when else [when]
