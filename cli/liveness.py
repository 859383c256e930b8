"""Whether a server answers: asked while it starts, and for as long as it runs."""

from __future__ import annotations

import asyncio
import contextlib
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

READY_SECONDS = 2.0
#: An answer that came so much later than it may was late because this launcher itself stood still.
OWN_DELAY_SECONDS = 0.5


@dataclass(frozen=True)
class Patience:
    """How often a server is asked, how long it may take, and when it is started again; all in seconds but `misses`.

    One that stands still (halted, or waiting for what never comes) is started again after so many misses in a row. One that does not
    answer because it is busy is given `busy`: a start costs it more than the crowd that keeps it busy.
    """

    every: float
    answer_within: float
    misses: int
    busy: float


def is_ready(url: str, headers: Mapping[str, str]) -> bool:
    """Whether the address answers with 200."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, headers=dict(headers)), timeout=READY_SECONDS) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


async def is_alive(url: str, headers: Mapping[str, str], seconds: float) -> bool | None:
    """Whether the address answers with 200 in time; None when this process stood still meanwhile and cannot tell."""
    begun = time.monotonic()
    try:
        async with asyncio.timeout(seconds):
            answered = await _status(url, headers) == 200
    except (OSError, ValueError, IndexError):  # a TimeoutError is an OSError
        answered = False
    late = time.monotonic() - begun > seconds + OWN_DELAY_SECONDS
    return None if late else answered


async def _status(url: str, headers: Mapping[str, str]) -> int:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
    try:
        lines = [f"GET {parts.path or '/'} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode("ascii"))
        await writer.drain()
        return int((await reader.readline()).split()[1])
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
