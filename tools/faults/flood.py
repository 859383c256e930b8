"""`python -m tools.faults.flood PORT CONNECTIONS [--known]`: a crowd in a process of its own, until it is ended.

Requests are put together once and sent as they are: an HTTP client would be slower than the gateway, and the crowd no crowd.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from cli.stack import REPOSITORY

LONG = "my boss kept my papers and i worked every day in a kitchen without pay. " * 140
CONNECTIONS = 100
#: How long it runs before anything is looked at.
BEFORE = 4.0
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


def request(path: str, body: dict[str, str]) -> bytes:
    """The bytes of a POST that keeps its connection."""
    content = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


async def answer(reader: asyncio.StreamReader) -> bytes:
    """The body of one answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return await reader.readexactly(int(length[1]) if length else 0)


async def one(port: int, known: bool) -> None:
    """Somebody who sends long texts without a pause: under an id that nobody knows, or in a conversation of its own."""
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            conversation = secrets.token_urlsafe(24)
            if known:
                writer.write(request("/api/v1/conversations", {}))
                conversation = json.loads(await answer(reader))["conversation"]
            message = request(f"/api/v1/conversations/{conversation}/messages", {"text": LONG})
            while True:
                writer.write(message)
                await answer(reader)
        except (OSError, EOFError, ValueError, KeyError):
            await asyncio.sleep(0.1)


@contextmanager
def flooding(port: int, known: bool = False) -> Iterator[None]:
    """While it lasts, a crowd of CONNECTIONS writes to the gateway at this port."""
    command = [sys.executable, "-m", "tools.faults.flood", str(port), str(CONNECTIONS), *(["--known"] if known else [])]
    crowd = subprocess.Popen(command, cwd=REPOSITORY)
    try:
        time.sleep(BEFORE)
        yield
    finally:
        crowd.kill()
        crowd.wait()


async def main(port: int, connections: int, known: bool) -> None:
    """Run the crowd."""
    await asyncio.gather(*(one(port, known) for _ in range(connections)))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), "--known" in sys.argv))
