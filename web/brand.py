"""The name, colour and helpline of the organisation that runs an installation, or shows it inside its own website."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from web.services import services_of

router = APIRouter(include_in_schema=False)

# WCAG 2.2, relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
_LINEAR_BELOW = 0.04045
_SHARES = (0.2126, 0.7152, 0.0722)


@router.get("/brand.css")
async def colours(request: Request) -> Response:
    """The organisation's colour; a sheet of its own, since the page allows no styles inside it."""
    brand = services_of(request).settings.brand
    text = f":root{{--brand:{brand.colour};--on-brand:{text_colour(brand.colour)}}}" if brand.colour else ""
    return Response(text, media_type="text/css")


def text_colour(ground: str) -> str:
    """Black or white, whichever is easier to read on a colour (#rrggbb); one of them always has a contrast above 4.5."""
    light = luminance(ground)
    return "#000000" if (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) else "#ffffff"


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 (black) to 1 (white)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [p / 12.92 if p <= _LINEAR_BELOW else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(share * part for share, part in zip(_SHARES, linear, strict=True))
