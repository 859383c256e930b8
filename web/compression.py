"""Smaller answers where nothing secret is in them: the sheet, the scripts, and the page of a first visit.

A page with somebody's words beside the ids of their buttons stays as it is: its compressed length would tell an attacker on the network
something about what is in it (BREACH).
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

# Shorter answers fit into one packet anyway.
WORTH_IT_BYTES = 1000


class Compression:
    """ASGI middleware; gzip for whoever accepts it."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._small = GZipMiddleware(app, minimum_size=WORTH_IT_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await (self._small if _without_secrets(scope) else self._plain)(scope, receive, send)


def _without_secrets(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    return str(scope["path"]).startswith("/static/") or (scope["path"] == "/" and "cookie" not in Headers(scope=scope))
