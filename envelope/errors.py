"""The one error of the envelope, and the readers of its fields."""

from __future__ import annotations

from typing import Any


class EnvelopeError(ValueError):
    """A part was sent something that is not what was agreed; the text names the field and what was expected."""


def field(owner: dict[str, Any], name: str, kind: type | tuple[type, ...], default: Any) -> Any:
    """A field of the right type; the default where it is missing or null.

    Raises:
        EnvelopeError: when it is of another type.
    """
    value = owner.get(name)
    if value is None:
        return default
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool and kind is not object):
        raise EnvelopeError(f"expected {name!r} to be {getattr(kind, '__name__', kind)}, found {type(value).__name__}")
    return value
