"""What an operator may count, in Prometheus' words. No label says anything of a person: no id, address, language or country.

It is offered on a port of its own, on loopback alone and only where it is asked for: behind a proxy on the same machine every stranger comes
from loopback too, so the public port never has it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics, start_http_server
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.conversations import ConversationService
from web.errors import Fault, RequestFault
from web.state import Message as Said
from web.turns import Reply

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
WATCH_SECONDS = 15.0
#: The deadlines are among them: 1.8 s in danger, 2.5 s until "one moment", 5 s for the actions, 7 s for a turn.
TURN_BUCKETS = (0.05, 0.1, 0.2, 0.5, 1.0, 1.8, 2.5, 5.0, 7.0, 10.0)
#: The first of these kinds that an answer holds is its outcome; any other is a text.
OUTCOMES = {"emergency": "emergency", "unavailable": "unavailable", "wait": "wait", "emergency_hint": "hint"}
METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "OPTIONS"})

# The moment at which a series began would tell when somebody was in danger for the first time.
disable_created_metrics()


class Metrics:
    """The counters of one gateway process; each process has its own registry, and nothing is written to disk."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "redress_requests", "Requests by route template and class of status.", ["method", "route", "status"], registry=self.registry
        )
        self.turns = Counter("redress_turns", "Answers in conversations by what they came to.", ["outcome"], registry=self.registry)
        self.seconds = Histogram("redress_turn_seconds", "Seconds from a message to its answer.", buckets=TURN_BUCKETS, registry=self.registry)
        self.refusals = Counter(
            "redress_refusals", "Requests that were refused, by fault; too_many are rate limits.", ["fault"], registry=self.registry
        )
        self.parts = Gauge("redress_part_up", "1 for each part of /readyz that works.", ["part"], registry=self.registry)
        # All series are there from the start: one that appears would tell as much as its value.
        for outcome in (*OUTCOMES.values(), "text", "refused", "failed"):
            self.turns.labels(outcome)
        for fault in Fault:
            self.refusals.labels(fault.value)
        ProcessCollector(registry=self.registry)

    def refused(self, fault: Fault, error: RequestFault | None = None) -> None:
        """Count a refusal; one that is passed on as an error is counted once."""
        if error is not None:
            if error.counted:
                return
            error.counted = True
        self.refusals.labels(fault.value).inc()

    @contextlib.contextmanager
    def turn(self) -> Iterator[list[Said]]:
        """Measure one turn; put the messages of its answer into the list."""
        messages: list[Said] = []
        begun = time.perf_counter()
        outcome = "failed"
        try:
            yield messages
            outcome = outcome_of(message.kind for message in messages)
        except RequestFault as error:
            outcome = "refused"
            self.refused(error.fault, error)
            raise
        finally:
            self.turns.labels(outcome).inc()
            self.seconds.observe(time.perf_counter() - begun)


def outcome_of(kinds: Iterable[str]) -> str:
    """What an answer with messages of these kinds came to."""
    there = set(kinds)
    return next((outcome for kind, outcome in OUTCOMES.items() if kind in there), "text")


class MeasuredConversations(ConversationService):
    """The conversation service, with every turn counted; whoever talks to it, page, API or messenger."""

    _inside: ContextVar[bool] = ContextVar("inside", default=False)

    def __init__(self, metrics: Metrics, *parts: Any) -> None:
        """`parts`: those of the service itself."""
        super().__init__(*parts)
        self._metrics = metrics

    async def open(self, *said: Any, **more: Any) -> Reply:
        """As in the service."""
        return await self._measured(super().open(*said, **more))

    async def ask(self, *said: Any, **more: Any) -> Reply:
        """As in the service."""
        return await self._measured(super().ask(*said, **more))

    async def press(self, *said: Any, **more: Any) -> Reply:
        """As in the service."""
        return await self._measured(super().press(*said, **more))

    async def say(self, *said: Any, **more: Any) -> Reply:
        """As in the service."""
        return await self._measured(super().say(*said, **more))

    async def _measured(self, turn: Awaitable[Reply]) -> Reply:
        if self._inside.get():
            # A button that says something again: one turn, not two.
            return await turn
        token = self._inside.set(True)
        try:
            with self._metrics.turn() as messages:
                reply = await turn
                messages += reply.messages
            return reply
        finally:
            self._inside.reset(token)


class Measured:
    """ASGI middleware that counts requests by the template of their route: a path itself may hold an id."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def send_counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._metrics.requests.labels(method, route_of(scope), f"{status // 100}xx").inc()


def route_of(scope: Scope) -> str:
    """The template of the route that served a request; `none` where nothing of ours is."""
    path = getattr(scope.get("route"), "path", None)
    if isinstance(path, str):
        return path
    return "/static" if str(scope["path"]).startswith("/static/") else "none"


async def offer(metrics: Metrics, port: int | None, parts: Callable[[], Awaitable[Mapping[str, bool]]]) -> None:
    """Offer the metrics at a port of loopback until cancelled; without a port do nothing. `parts`: those of /readyz."""
    if port is None:
        return
    try:
        server, _ = start_http_server(port, HOST, metrics.registry)
    except OSError as error:
        # Whoever needs help must not go without because nobody can count.
        logger.error("port %s of the metrics is in use or not ours (%s): there are none", port, type(error).__name__)
        return
    try:
        while True:
            for part, works in (await parts()).items():
                metrics.parts.labels(part).set(works)
            await asyncio.sleep(WATCH_SECONDS)
    finally:
        # Waits for the thread of the server; not here, where everybody would wait.
        await asyncio.to_thread(server.shutdown)
        server.server_close()
