"""The page inside another organisation's website: who may frame it, and how its cookie then behaves."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from store.settings import Settings

COOKIE = "s"
# Said by our script when it runs in a frame: its requests do not say so themselves.
FRAME_HEADER = "x-framed"


def is_framed(request: Request, settings: Settings) -> bool:
    """Whether this request comes from our page inside a website that may frame it.

    Only browsers that say where a form comes from count (Sec-Fetch-Site): in a frame the cookie cannot be SameSite=Strict, so
    the header alone keeps foreign forms out.
    """
    if not settings.frame_origins or "sec-fetch-site" not in request.headers:
        return False
    return request.headers.get("sec-fetch-dest") == "iframe" or FRAME_HEADER in request.headers


def set_cookie(request: Request, response: Response, value: str, settings: Settings) -> None:
    """Set the one cookie. It has no lifetime: the browser drops it when it closes."""
    if not is_framed(request, settings):
        response.set_cookie(COOKIE, value, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/")
        return
    # Partitioned: the browser keeps it apart for each website that shows us, so nobody can be followed from one to another.
    response.headers.append("Set-Cookie", f"{COOKIE}={value}; HttpOnly; Path=/; SameSite=none; Secure; Partitioned")


def frame_ancestors(settings: Settings) -> str:
    """The value of CSP frame-ancestors: nobody, unless the operator named websites."""
    return " ".join(settings.frame_origins) or "'none'"
