"""Connections that keep the gateway waiting. Each step of a request has its time; where there are too many, the slowest goes first.

uvicorn closes what is idle after an answer, and has no limit for what comes before: 1,100 connections that say nothing, or a letter now and
then, stay for ever and use up the files that a process may have open. Somebody in danger would then find the door shut.
"""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Protocol

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

#: Files that are no connections of clients: those to Rasa and to the database, what is read from disk.
OTHER_FILES = 512
#: Where the system allows more, memory is the limit: 10 kB a connection.
MOST_CONNECTIONS = 4096
#: No more files are asked for than this, whatever the system would allow.
MOST_FILES = 65_536
SWEEP_SECONDS = 1.0
#: A body is waited for up to here, well below the 64 kB at which uvicorn stops reading; a longer one is read by the application.
HELD_BYTES = 32 * 1024


class Step(Enum):
    """What a connection is at; each step begins anew with each request."""

    #: Nothing of a request is there, or not all of its headers.
    HEAD = "head"
    BODY = "body"
    #: The request is whole: we work on the answer, or the client takes it.
    ANSWER = "answer"


@dataclass(frozen=True)
class Limits:
    """How long each step may take in seconds, how long headers may be in bytes, and how many connections there may be."""

    most: int
    head_seconds: float = 10.0
    body_seconds: float = 20.0
    #: A turn ends after 13 seconds at the latest; the rest is for a client that reads slowly.
    answer_seconds: float = 60.0
    head_bytes: int = 64 * 1024

    def seconds(self, step: Step) -> float:
        """How long a step may take."""
        return {Step.HEAD: self.head_seconds, Step.BODY: self.body_seconds, Step.ANSWER: self.answer_seconds}[step]


class Closable(Protocol):
    """What a crowd consists of."""

    def drop(self) -> None:
        """Close now, whatever is still to be sent."""


class Crowd:
    """The connections of one server, by step, each step's oldest first."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        """`clock`: seconds, of the event loop."""
        self._limits = limits
        self._clock = clock
        self._since: dict[Step, dict[Closable, float]] = {step: {} for step in Step}
        self._step: dict[Closable, Step] = {}

    def __len__(self) -> int:
        """How many there are."""
        return len(self._step)

    def enter(self, connection: Closable) -> None:
        """Count a new connection; where that is one too many, drop the one that has used up most of its time."""
        self._put(connection, Step.HEAD)
        if len(self) > self._limits.most:
            slowest = self._slowest()
            self.leave(slowest)
            slowest.drop()

    def move(self, connection: Closable, step: Step) -> None:
        """Note that a connection begins a step. One that has left stays away."""
        if connection in self._step:
            self.leave(connection)
            self._put(connection, step)

    def leave(self, connection: Closable) -> None:
        """Forget a connection."""
        step = self._step.pop(connection, None)
        if step is not None:
            del self._since[step][connection]

    def sweep(self) -> None:
        """Drop every connection whose step takes too long."""
        for step, since in self._since.items():
            until = self._clock() - self._limits.seconds(step)
            for connection in [connection for connection, begun in since.items() if begun <= until]:
                self.leave(connection)
                connection.drop()

    def _put(self, connection: Closable, step: Step) -> None:
        self._step[connection] = step
        self._since[step][connection] = self._clock()

    def _slowest(self) -> Closable:
        """The first of each step by its share of the step's time: somebody whom we work for is worth more patience than who says nothing."""
        firsts = [(step, *next(iter(since.items()))) for step, since in self._since.items() if since]
        return max(firsts, key=lambda first: (self._clock() - first[2]) / self._limits.seconds(first[0]))[1]


class LimitedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, as one of a crowd. Use the classes that `limited` makes."""

    limits: ClassVar[Limits]
    crowds: ClassVar[dict[asyncio.AbstractEventLoop, Crowd]]

    def connection_made(self, transport: Any) -> None:
        """Enter the crowd."""
        super().connection_made(transport)
        self._head_bytes = 0
        self._unanswered = 0
        self._whole = True
        self._answering: RequestResponseCycle | None = None
        self._held: tuple[RequestResponseCycle, ASGI3Application] | None = None
        crowd = self.crowds.get(self.loop)
        if crowd is None:
            crowd = self.crowds[self.loop] = Crowd(self.limits, self.loop.time)
        if not len(crowd):
            self._sweep_later(crowd)
        self._crowd = crowd
        crowd.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the crowd."""
        self._crowd.leave(self)
        super().connection_lost(exc)

    def drop(self) -> None:
        """Close now, whatever is still to be sent."""
        if self._answering is not None:
            # Else an answer that is being written would fail at the closed transport, and be told in the log.
            self._answering.disconnected = True
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Read on; headers without end are refused."""
        heads, whole = self._unanswered, self._whole
        super().data_received(data)
        # What ended a body was no head, also when that body was refused and answered before its end.
        if not whole or not self._whole or self._unanswered != heads or self.transport.is_closing():
            return
        self._head_bytes += len(data)
        if self._head_bytes > self.limits.head_bytes:
            self.send_400_response("The request header is too long.")

    def on_headers_complete(self) -> None:
        """Begin to wait for the body."""
        self._head_bytes = 0
        self._unanswered += 1
        self._whole = False
        self._crowd.move(self, Step.BODY)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        super().on_body(body)
        if len(self.cycle.body) > HELD_BYTES:
            self._start_held()

    def on_message_complete(self) -> None:
        """Begin to answer."""
        super().on_message_complete()
        self._whole = True
        self._start_held()
        self._crowd.move(self, Step.ANSWER if self._unanswered else Step.HEAD)

    def on_response_complete(self) -> None:
        """Wait for the next request. A body that still comes after the answer keeps the time it had."""
        super().on_response_complete()
        self._unanswered -= 1
        # What is not sent yet is still the answer: a slow telephone has the time for it.
        if self._whole and not self.transport.get_write_buffer_size():
            self._crowd.move(self, Step.ANSWER if self._unanswered else Step.HEAD)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if cycle.more_body and not cycle.waiting_for_100_continue:
            # Half a request must cost next to nothing: the application begins with a whole one.
            self._held = (cycle, app)
            return
        # `cycle` of the base class is the newest request, which may still wait behind this one.
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def _start_held(self) -> None:
        if self._held is not None:
            cycle, app = self._held
            self._held = None
            self._answering = cycle
            super()._start_asgi_task(cycle, app)

    def _sweep_later(self, crowd: Crowd) -> None:
        def sweep() -> None:
            crowd.sweep()
            if len(crowd):
                self.loop.call_later(SWEEP_SECONDS, sweep)

        self.loop.call_later(SWEEP_SECONDS, sweep)


def limited(limits: Limits) -> type[asyncio.Protocol]:
    """A protocol class for `uvicorn.run(http=...)` whose connections are one crowd under these limits."""
    own: dict[str, Any] = {"limits": limits, "crowds": {}}
    return type("LimitedConnection", (LimitedProtocol,), own)


def raise_file_limit() -> int:
    """Let this process have as many files open as the system allows; return how many that are."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return wanted if soft == resource.RLIM_INFINITY else soft


def most_connections(files: int) -> int:
    """How many connections a process may hold that may have so many files open."""
    return min(MOST_CONNECTIONS, max(files - OTHER_FILES, files // 2))
