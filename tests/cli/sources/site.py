"""Sites on this machine that answer in every bad way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Request(BaseHTTPRequestHandler):
    """One request; pages are functions of it."""

    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:  # noqa: N802 - the name is http.server's
        self.site.asked.append((self.path, time.monotonic(), dict(self.headers)))
        with self.site.counting:
            self.site.at_once += 1
            self.site.most_at_once = max(self.site.most_at_once, self.site.at_once)
        try:
            page = self.site.pages.get(self.path)
            if callable(page):
                page(self)
            elif page is not None:
                self.say(page)
            else:
                self.say("", 404)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with self.site.counting:
                self.site.at_once -= 1

    def say(self, text: str | bytes, status: int = 200, **headers: str) -> None:
        """A whole answer."""
        content = text.encode() if isinstance(text, str) else text
        self.send_response(status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: tests read what was asked."""


@dataclass
class Site:
    """Answers by what `pages` says at the moment: the text of a page, or what to do with the request; no page: 404."""

    pages: dict[str, str | Callable[[Request], None]] = field(default_factory=dict)
    asked: list[tuple[str, float, dict[str, str]]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    counting: threading.Lock = field(default_factory=threading.Lock)
    port: int = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked, without robots.txt."""
        return [path for path, _, _ in self.asked if path != "/robots.txt"]


@contextmanager
def running() -> Iterator[Site]:
    """A site, as long as the block."""
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Of", (Request,), {"site": site}))
    server.daemon_threads = True
    site.port = server.server_address[1]
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    serving.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        serving.join(5)
