"""Calculations outside the gateway: a few worker processes, each of which can be ended in the middle of one.

A thread cannot be stopped, so a case that takes a minute would hold it, and the interpreter, for a minute, whether anybody waits or not.
Here a calculation that is over its time, or whose client has gone, ends with its process, and a new one is made ready in the background.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import pickle
import secrets
import sys
from collections import Counter
from hashlib import blake2b
from pathlib import Path

from store.settings import Settings
from web.calculating_work import Outcome, Reply, Work
from web.calculating_worker import OUT_OF_MEMORY, REPLY_HEAD, REQUEST_HEAD
from web.errors import Fault, RequestFault
from web.limits import RateLimiter

logger = logging.getLogger(__name__)
ROOT = Path(__file__).parents[1]
#: Requests that wait for a worker, of everybody and of one address: who comes later is told to come again.
MOST_WAITING, MOST_OF_ONE = 32, 4
#: Seconds somebody waits for a worker at most, and a worker for its packs.
WAIT_SECONDS, START_SECONDS = 20.0, 60.0
#: Memory of a worker at most. A fresh one has 80, one that unfolds two hundred jobs under the rules of every American State 150.
MEGABYTES = 512

#: After so many calculations a worker is replaced: nothing that it keeps can grow without end.
MOST_CALCULATIONS = 1_000


class WorkerEndedError(RuntimeError):
    """A worker ended by itself; `code` is its exit code, negative for a signal."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"a worker ended with code {code}")
        self.code = code


class Worker:
    """One process, and the pipe to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.calculations = 0

    @classmethod
    async def start(cls, seconds: float, rules: Path, megabytes: int = MEGABYTES) -> Worker:
        """A worker with its packs loaded. Raises WorkerEndedError or TimeoutError."""
        # Nothing of ours is inherited but standard error: no socket, no connection to the database.
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "web.calculating_worker",
            "--parent",
            str(os.getpid()),
            "--seconds",
            str(seconds),
            "--rules",
            str(rules),
            "--megabytes",
            str(megabytes),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        worker = cls(process)
        try:
            async with asyncio.timeout(START_SECONDS):
                await worker._read()
        except BaseException:
            worker.end()
            raise
        return worker

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def ask(self, work: Work) -> Reply:
        """Have it done. Raises WorkerEndedError."""
        assert self._process.stdin is not None
        request = pickle.dumps(work)
        self.calculations += 1
        try:
            self._process.stdin.write(REQUEST_HEAD.pack(len(request)) + request)
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise WorkerEndedError(await self._process.wait()) from None
        return await self._read()

    async def _read(self) -> Reply:
        assert self._process.stdout is not None
        try:
            outcome, length = REPLY_HEAD.unpack(await self._process.stdout.readexactly(REPLY_HEAD.size))
            return Reply(Outcome(outcome), await self._process.stdout.readexactly(length))
        except asyncio.IncompleteReadError:
            raise WorkerEndedError(await self._process.wait()) from None

    def end(self) -> None:
        """End it at once, whatever it is doing."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def ended(self) -> None:
        """Wait until it has ended."""
        await self._process.wait()


class Calculators:
    """The workers of one gateway, and who may use them."""

    def __init__(self, settings: Settings) -> None:
        self._most = settings.calculators
        self._seconds = float(settings.calculation_seconds)
        self._rules = settings.rules_folder
        self._limiter = RateLimiter(settings.calculations_per_minute)
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._busy: set[Worker] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._asking: Counter[str] = Counter()
        self._closed = False
        #: Addresses are counted by a hash that means nothing to another process.
        self._key = secrets.token_bytes(32)

    def warm(self) -> None:
        """Make one worker ready in the background, so that nobody waits for the packs."""
        self._provide()

    async def run(self, work: Work, address: str, limited: bool = True) -> Reply:
        """Have something worked out for an address, or for a member (then `limited` is False). Cancelling it ends the calculation.

        Raises RequestFault: too many requests, no worker free in time, over the time budget, more memory than there is.
        """
        address = blake2b(address.encode("utf-8", "replace"), key=self._key).hexdigest()
        if limited and not self._limiter.allow(address):
            raise RequestFault(Fault.TOO_MANY_CASES)
        if self._asking.total() >= self._most + MOST_WAITING or self._asking[address] >= MOST_OF_ONE:
            raise RequestFault(Fault.BUSY)
        self._asking[address] += 1
        try:
            return await self._done_by(await self._worker(), work)
        finally:
            self._asking[address] -= 1
            if not self._asking[address]:
                del self._asking[address]

    async def _worker(self) -> Worker:
        """A worker that has nothing to do. Raises RequestFault when none is free in time."""
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while True:
                    self._provide()
                    worker = await self._idle.get()
                    if worker.alive:
                        return worker
        except TimeoutError:
            raise RequestFault(Fault.BUSY) from None

    async def _done_by(self, worker: Worker, work: Work) -> Reply:
        self._busy.add(worker)
        finished = False
        try:
            async with asyncio.timeout(self._seconds * work.times_as_long):
                reply = await worker.ask(work)
            finished = True
            return reply
        except TimeoutError:
            raise RequestFault(Fault.TOO_SLOW) from None
        except WorkerEndedError as error:
            if error.code == OUT_OF_MEMORY:
                raise RequestFault(Fault.TOO_MUCH_WORK) from None
            logger.error("%s", error)
            raise RequestFault(Fault.BROKEN) from None
        finally:
            self._busy.discard(worker)
            if finished and worker.calculations < MOST_CALCULATIONS:
                self._idle.put_nowait(worker)
            else:
                # What was begun for somebody who no longer waits is not finished.
                worker.end()
                self._provide()

    def _provide(self) -> None:
        """Begin to start workers for all who ask, and for the next one, as many as there may be."""
        wanted = 0 if self._closed else min(self._most, max(1, self._asking.total()))
        for _ in range(wanted - len(self._busy) - len(self._starting) - self._idle.qsize()):
            task = asyncio.create_task(self._start())
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def _start(self) -> None:
        try:
            self._idle.put_nowait(await Worker.start(self._seconds, self._rules))
        except (WorkerEndedError, TimeoutError, OSError) as error:
            logger.error("a calculation worker did not start: %s", type(error).__name__)

    async def close(self) -> None:
        """End every worker."""
        self._closed = True
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        workers = list(self._busy)
        while not self._idle.empty():
            workers.append(self._idle.get_nowait())
        for worker in workers:
            worker.end()
        await asyncio.gather(*(worker.ended() for worker in workers))
