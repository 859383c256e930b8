"""What HTTP itself asks for: HEAD where there is GET, and strict transport security where there is TLS."""

from __future__ import annotations

import re
import socket

import httpx
import pytest
from starlette.routing import BaseRoute

from store.settings import load_settings
from web.app import create_app

CHANGES = {"date"}


def get_paths(routes: list[BaseRoute]) -> list[str]:
    """Every path that answers GET, with its parameters filled in; of the static files one."""
    found = []
    for route in routes:
        if hasattr(route, "original_router"):
            found += get_paths(route.original_router.routes)
        elif "GET" in (getattr(route, "methods", None) or ()):
            found.append(re.sub(r"\{\w+\}", "DE", route.path))
    return found


@pytest.fixture
def paths(tmp_path):
    app = create_app(load_settings({"REDRESS_DATA_DIR": str(tmp_path)}))
    return [*get_paths(app.routes), "/static/notes.css", "/nowhere"]


def test_head_is_answered_wherever_get_is_with_the_same_headers_and_no_body(gateway, paths):
    assert {"/", "/healthz", "/readyz", "/leave", "/api/v1/openapi.json", "/api/v1/jurisdictions/DE"} <= set(paths)
    with httpx.Client(base_url=gateway.url, trust_env=False, timeout=30) as http:
        for path in paths:
            http.cookies.clear()
            get = http.get(path)
            http.cookies.clear()
            head = http.head(path)
            assert (head.status_code, head.content) == (get.status_code, b""), path
            assert without(head) == without(get), path


def without(response: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name not in CHANGES}


def test_after_a_head_nothing_is_left_on_the_connection(gateway):
    host, port = gateway.url.removeprefix("http://").split(":")
    ask = "{} /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: {}\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall((ask.format("HEAD", "keep-alive") + ask.format("GET", "close")).encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    first, rest = answer.split(b"\r\n\r\n", 1)
    assert b"content-length: 15" in first
    assert rest.startswith(b"HTTP/1.1 200 OK\r\n") and rest.endswith(b'{"status":"ok"}')


def test_head_where_nothing_can_be_got_says_so(gateway):
    head = httpx.head(f"{gateway.url}/api/v1/conversations", trust_env=False)
    assert (head.status_code, head.content) == (405, b"")


def test_strict_transport_security_is_said_behind_tls_alone(gateway, run_gateway):
    plain = httpx.get(f"{gateway.url}/", trust_env=False)
    assert "strict-transport-security" not in plain.headers
    for path in ("/", "/nowhere", "/api/v1/jurisdictions"):
        behind = httpx.get(f"{gateway.url}{path}", headers={"X-Forwarded-Proto": "https"}, trust_env=False)
        assert behind.headers["strict-transport-security"] == "max-age=31536000", path
    # A stranger cannot say it: only the word of a proxy that we know is taken.
    alone = run_gateway(FORWARDED_ALLOW_IPS="192.0.2.1")
    claimed = httpx.get(f"{alone.url}/", headers={"X-Forwarded-Proto": "https"}, trust_env=False)
    assert "strict-transport-security" not in claimed.headers
