"""What every answer carries, and what every request must pass: headers, size, no traces of words in logs."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store.settings import Settings
from web.errors import Fault, RequestFault
from web.framing import frame_ancestors

logger = logging.getLogger(__name__)

# A text of 10,000 letters escaped in the longest way fits, and so does any case file.
MAX_BODY_BYTES = 1024 * 1024
# Files of many cases, there and back in a form; the packs of all States. They are read after it is known who sends them, and into memory alone.
MAX_FILE_BYTES = 28 * 1024 * 1024
TAKE_FILES = ("/staff/exchange/look", "/staff/exchange/take", "/staff/rules")
SECURITY_HEADERS = {
    # Scripts, styles, pictures and forms from here only, none of them written into a page.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors {frame_ancestors}"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=(), clipboard-read=(), "
        "display-capture=(), fullscreen=(), midi=(), publickey-credentials-get=(self), screen-wake-lock=()"
    ),
}

# Said only where the request came through TLS: whoever tries the product on plain http must not be locked out of it. Without
# includeSubDomains: the other websites of the domain are the operator's to decide about.
STRICT_TRANSPORT = "max-age=31536000"


def security_headers(settings: Settings) -> dict[str, str]:
    """The headers of every answer; who may frame the page is the operator's choice, by default nobody."""
    policy = SECURITY_HEADERS["Content-Security-Policy"].format(frame_ancestors=frame_ancestors(settings))
    # The older header cannot name websites; where there are some, only the newer one speaks.
    older = {} if settings.frame_origins else {"X-Frame-Options": "DENY"}
    return {**SECURITY_HEADERS, "Content-Security-Policy": policy, **older}


class Guard:
    """ASGI middleware around everything: security headers, body limit, HEAD, and errors that tell nothing away."""

    def __init__(self, app: ASGIApp, broken: Callable[[Request], Response], settings: Settings) -> None:
        """`broken` makes the answer to a request that an error of ours cut off."""
        self._app = app
        self._broken = broken
        self._headers = security_headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False
        # As the server in front of us says, where it is one whose word is taken (FORWARDED_ALLOW_IPS).
        encrypted = scope.get("scheme") == "https"
        bodiless = scope["method"] == "HEAD"
        if bodiless:
            # A copy: the server must still know that no body may follow.
            scope = {**scope, "method": "GET"}

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                if encrypted:
                    headers["Strict-Transport-Security"] = STRICT_TRANSPORT
                if "server" in headers:
                    del headers["server"]
            elif bodiless and message["type"] == "http.response.body":
                # The headers are those of a GET, the length of its body among them.
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._app(scope, _limited(receive, MAX_FILE_BYTES if scope["path"] in TAKE_FILES else MAX_BODY_BYTES), send_guarded)
        except Exception as error:  # noqa: BLE001 - nothing gets past here, or uvicorn would log its message
            # Only the place: messages of exceptions may quote what a person wrote.
            place = traceback.extract_tb(error.__traceback__)[-1]
            logger.error("%s in %s, line %s", type(error).__name__, place.name, place.lineno)
            if not started:
                await self._broken(Request(scope))(scope, receive, send_guarded)


def _limited(receive: Receive, most: int) -> Receive:
    received = 0

    async def receive_limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > most:
            # An HTTPException is what FastAPI lets through from the reading of a body.
            raise HTTPException(413)
        return message

    return receive_limited


def require_same_origin(request: Request) -> None:
    """Refuse a form that another website sent. Raises RequestFault.

    Browsers say where a form comes from in Sec-Fetch-Site; older ones in Origin, which our no-referrer policy
    turns into "null". There the session cookie is the guard: SameSite=Strict keeps it from foreign forms.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise RequestFault(Fault.OTHER_SITE)
        return
    origin = request.headers.get("origin")
    if origin in (None, "null"):
        return
    if urlsplit(origin or "").netloc != request.headers.get("host"):
        raise RequestFault(Fault.OTHER_SITE)


def address_of(request: Request) -> str:
    """Where a request comes from, as the server in front of us says; only to count, and only as a hash."""
    return request.client.host if request.client is not None else "unknown"


def still_there(request: Request) -> Callable[[], Awaitable[bool]]:
    """Whether the client still waits for the answer."""

    async def there() -> bool:
        return not await request.is_disconnected()

    return there
