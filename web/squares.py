"""Squares that a phone's camera reads."""

from __future__ import annotations

import segno
from markupsafe import Markup


def square(content: str) -> Markup:
    """The QR code of a text, as a drawing in the page."""
    return Markup(segno.make(content, error="m").svg_inline(scale=4, border=2, omitsize=True))  # noqa: S704 - drawn here
