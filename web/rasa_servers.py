"""Several Rasa servers behind one database: one of them is used until it does not answer, then the next.

A text is only read, so two may read it at once. A turn is given to the next server when the first is surely done with it: it refused, it broke
off, or said itself that it could not answer. The dialogue goes on from before a turn that was not answered (decision 0017).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from web.rasa_client import PARSE_SECONDS, TURN_SECONDS, Parse, RasaClient, RasaMessage, RasaUnavailableError

#: A text that one server has not read after so long is given to the next as well: danger waits for two seconds in all.
PATIENCE_SECONDS = 0.5
#: How often a server that did not answer is looked at.
LOOK_SECONDS = 1.0


class RasaServers:
    """The Rasa servers of an installation, in the order in which they are preferred; often only one."""

    def __init__(self, servers: Sequence[RasaClient]) -> None:
        self._servers = list(servers)
        self._away: dict[RasaClient, asyncio.Task[None]] = {}

    async def parse(self, text: str, seconds: float = PARSE_SECONDS) -> Parse:
        """Understand a text without a conversation and without its lock. Raises RasaUnavailableError."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        coming = self._usable()
        reading: dict[asyncio.Task[Parse], RasaClient] = {}
        failed = RasaUnavailableError("parse: no server")
        try:
            while coming or reading:
                if coming:
                    server = coming.pop(0)
                    reading[asyncio.create_task(server.parse(text, until - loop.time()))] = server
                done, _ = await asyncio.wait(reading, timeout=PATIENCE_SECONDS if coming else None, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    server = reading.pop(task)
                    try:
                        read = task.result()
                    except RasaUnavailableError as error:
                        failed = error
                        self._leave(server)
                        continue
                    for other, slower in reading.items():
                        if not other.done():
                            self._leave(slower)
                    return read
        finally:
            for task in reading:
                task.cancel()
        raise failed

    async def turn(self, body: dict[str, Any]) -> list[RasaMessage]:
        """Take one turn of a conversation; perhaps an empty list. Raises RasaUnavailableError."""
        loop = asyncio.get_running_loop()
        until = loop.time() + TURN_SECONDS
        failed = RasaUnavailableError("turn: no server")
        answer: list[RasaMessage] | None = None
        for server in self._usable():
            try:
                answer = await server.turn(body, until - loop.time())
            except RasaUnavailableError as error:
                self._leave(server)
                failed = error
                if not error.ended:
                    break
                continue
            if not any(message.kind == "unavailable" for message in answer):
                return answer
            self._leave(server)
        if answer is None:
            raise failed
        return answer

    async def rasa_ready(self) -> bool:
        """True if one of them has a model and understands a text with it."""
        return await self._any(RasaClient.rasa_ready)

    async def channel_ready(self) -> bool:
        """True if one of them knows our secret and could take a turn: its own database, its locks and its way to the actions work."""
        return await self._any(RasaClient.channel_ready)

    async def actions_ready(self) -> bool:
        """True if the action server of one of them answers an action at once."""
        return await self._any(RasaClient.actions_ready)

    async def close(self) -> None:
        """Close all connections."""
        looks = list(self._away.values())
        for look in looks:
            look.cancel()
        await asyncio.gather(*looks, return_exceptions=True)
        for server in self._servers:
            await server.close()

    def _usable(self) -> list[RasaClient]:
        """Those that answer, the preferred first; when none does, all of them."""
        return [server for server in self._servers if server not in self._away] or list(self._servers)

    def _leave(self, server: RasaClient) -> None:
        """Ask others until this one would take a turn again."""
        if len(self._servers) > 1 and server not in self._away:
            self._away[server] = asyncio.create_task(self._look_after(server))

    async def _look_after(self, server: RasaClient) -> None:
        try:
            ready = False
            while not ready:
                await asyncio.sleep(LOOK_SECONDS)
                ready = await server.rasa_ready() and await server.channel_ready()
        finally:
            # Whatever ends the look, nobody is away for ever.
            self._away.pop(server, None)

    async def _any(self, works: Callable[[RasaClient], Awaitable[bool]]) -> bool:
        return any(await asyncio.gather(*(works(server) for server in self._servers)))
