"""Keeps servers running: starts them, waits until they are ready, and starts again whatever ends or no longer answers.

No server's end touches another. What runs is noted in a process file, so that the next start can end what a killed launcher left behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

from cli.liveness import is_alive, is_ready
from cli.logs import Logs
from cli.pidfile import STOP_SECONDS, PidFile
from cli.processes import ending_with, signal_group, stands_still, ticks, wait_for_group
from cli.program import Program, Server, StackError
from store.private import UMASK, make_private

START_SECONDS = 180.0
KILL_SECONDS = 2.0
PROGRESS_EVERY_SECONDS = 10.0
POLL_SECONDS = 0.2
#: How often it is looked for what ended or answered, once all run.
WATCH_SECONDS = 0.05
#: A server that ended is started again after 1, 2, 4 ... seconds; one that ran for so long begins anew at one.
RAN_WELL_SECONDS = 60.0
MOST_DOUBLED = 10


class Supervisor:
    """Servers as child processes, each in a process group of its own. Use it in a `with` block."""

    def __init__(
        self,
        programs: Sequence[Program],
        data_dir: Path,
        environment: Mapping[str, str],
        folder: Path | None = None,
        headers: Callable[[], Mapping[str, str]] = dict,
        say: Callable[[str], None] = print,
        keep_logs: bool = True,
        name: str = "redress",
    ) -> None:
        """`environment`: all variables of the servers; it must hold REDRESS_DATA_DIR. `folder`: where they start. `headers`: what they are
        asked with. `say` gets one line of progress at a time. `keep_logs`: in files of the data folder; else the servers write where this
        process does. `name`: of the process file; of two with one name only one runs on a data folder."""
        self.data_dir = data_dir.resolve()
        self._programs = list(programs)
        self._environment = dict(environment)
        self._headers = headers
        self._say = say
        self._folder = folder
        self._logs = Logs(self.data_dir / "logs" if keep_logs else None)
        self._pid_file = PidFile(self.data_dir / f"{name}.pid", f"REDRESS_DATA_DIR={environment['REDRESS_DATA_DIR']}")
        self._servers: list[Server] = []
        self._interrupted = False

    def start(self, seconds: float = START_SECONDS) -> None:
        """Start all and return when they are ready. Raises StackError, with everything stopped again."""
        if running := self._pid_file.launcher():
            raise StackError(f"Redress runs on {self.data_dir} already (process {running}). Stop it first, or choose another data folder.")
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        make_private(self.data_dir)
        self._pid_file.end_leftovers(self._say)
        for program in reversed(self._programs):
            _raise_if_taken(program)
        try:
            for program in self._programs:
                self._stop_if_interrupted()
                self._servers.append(self._spawn(program))
                self._note()
            self._wait(seconds)
        except BaseException:
            self.stop()
            raise

    def interrupt(self) -> None:
        """Have `start` or `watch` raise KeyboardInterrupt at its next step; for signal handlers.

        An exception raised by the handler itself could strike between the start of a process and our note of
        it, and leave that process behind.
        """
        self._interrupted = True

    def watch(self) -> NoReturn:
        """Start again whatever ends by itself or no longer answers, while the others go on: without Rasa the gateway still tells numbers.
        Raise KeyboardInterrupt when interrupted."""
        asyncio.run(self._watch())
        raise KeyboardInterrupt

    def check(self) -> None:
        """Raise StackError if a server has ended by itself."""
        for server in self._servers:
            code = server.process.poll()
            if code is not None:
                raise StackError(f"{server.name} ended with code {code}.{self._logs.end_of(server.name)}")

    def process(self, name: str) -> subprocess.Popen[bytes]:
        """The process of a server, for tests that stop one of them."""
        return next(server.process for server in self._servers if server.name == name)

    def restart(self, name: str, seconds: float = START_SECONDS) -> None:
        """Stop one server and start it anew. Raises StackError when it does not get ready; the others go on."""
        old = next(server for server in self._servers if server.name == name)
        signal_group(old.process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            old.process.wait(STOP_SECONDS)
        signal_group(old.process.pid, signal.SIGKILL)
        old.process.wait()
        self._servers[self._servers.index(old)] = self._spawn(old.program)
        self._note()
        self._wait(seconds)

    def stop(self) -> None:
        """Stop all: SIGTERM to each group, SIGKILL to what is left after five seconds."""
        # The gateway first: nobody is sent into servers that are going.
        for server in reversed(self._servers):
            # A server that was halted (SIGSTOP) must wake to hear that it should end.
            signal_group(server.process.pid, signal.SIGTERM)
            signal_group(server.process.pid, signal.SIGCONT)
        until = time.monotonic() + STOP_SECONDS
        for server in self._servers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.process.wait(max(0.0, until - time.monotonic()))
        for server in self._servers:
            # Also when the server itself is gone: it may have left children in its group.
            signal_group(server.process.pid, signal.SIGKILL)
            server.process.wait()
        for server in self._servers:
            wait_for_group(server.process.pid, KILL_SECONDS)
        if self._servers:
            self._pid_file.remove()
        self._servers.clear()

    def __enter__(self) -> Self:
        """Start, and wait until ready."""
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop."""
        self.stop()

    async def _watch(self) -> None:
        while not self._interrupted:
            for server in list(self._servers):
                if server.process.poll() is not None:
                    self._revive(server)
                else:
                    self._look(server)
            await asyncio.sleep(WATCH_SECONDS)

    def _look(self, server: Server) -> None:
        """Ask a server that runs whether it lives, and kill it when it has not answered for too long."""
        now, patience = time.monotonic(), server.program.patience
        if server.question is None:
            if now >= server.ask_at:
                server.asked_at, server.asked_ticks = now, ticks(server.process.pid)
                server.question = asyncio.create_task(is_alive(server.program.alive_url, self._headers(), patience.answer_within))
            return
        if not server.question.done():
            return
        answered, server.question = server.question.result(), None
        server.ask_at = now + patience.every
        if answered:
            if not server.ready:
                server.ready = True
                self._say(f"{server.name}: ready after {now - server.started:.0f} s")
            server.misses, server.silent_since = 0, None
        elif answered is False:
            # One that refuses at once, as it does while it ends in order, is not asked more often for it.
            server.ask_at = max(now, server.asked_at + patience.answer_within)
            if server.silent_since is None:
                server.silent_since = server.asked_at
            server.misses = server.misses + 1 if stands_still(server.process.pid, server.asked_ticks) else 0
            if self._is_hung(server, now):
                server.hung = True
                signal_group(server.process.pid, signal.SIGKILL)

    def _is_hung(self, server: Server, now: float) -> bool:
        if not server.ready:
            return now - server.started > START_SECONDS
        silent = now - server.silent_since if server.silent_since is not None else 0.0
        return server.misses >= server.program.patience.misses or silent > server.program.patience.busy

    def _revive(self, server: Server) -> None:
        """Start a server that has ended, when its time has come."""
        now = time.monotonic()
        if server.again_at is None:
            if now - server.started > RAN_WELL_SECONDS:
                server.failures = 0
            # One that hung has been waited for long enough, the first time.
            pause = 0.0 if server.hung and not server.failures else self._pause(server)
            server.again_at = now + pause
            # What it left behind would hold its port.
            signal_group(server.process.pid, signal.SIGKILL)
            how = "no longer answered" if server.hung else f"ended with code {server.process.returncode}"
            self._say(f"{server.name} {how}; it is started again in {pause:.0f} s")
        if now < server.again_at:
            return
        try:
            new = self._spawn(server.program)
        except (StackError, OSError) as error:
            # No memory, no place for a log: the others go on, and it is tried again.
            self._say(f"{server.name}: {error}")
            server.failures += 1
            server.again_at = now + self._pause(server)
            return
        new.failures = server.failures + 1
        if server.question is not None:
            server.question.cancel()
        self._servers[self._servers.index(server)] = new
        self._note()

    def _pause(self, server: Server) -> float:
        return min(server.program.longest_pause, 2.0 ** min(server.failures, MOST_DOUBLED))

    def _spawn(self, program: Program) -> Server:
        with self._logs.output(program.name) as output:
            try:
                process = subprocess.Popen(
                    program.command,
                    cwd=self._folder,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT if output is not None else None,
                    start_new_session=True,
                    umask=UMASK,
                    preexec_fn=ending_with(os.getpid()),
                )
            except (OSError, subprocess.SubprocessError) as error:
                raise StackError(f"{program.name} cannot be started ({error}). Run `make build` first.") from error
        self._say(f"{program.name}: starting")
        return Server(program, process, started=time.monotonic())

    def _note(self) -> None:
        """Write down what runs. Where that fails a killed launcher would leave more behind, but nobody's conversation should end for it."""
        try:
            self._pid_file.write({server.name: server.process.pid for server in self._servers})
        except OSError as error:
            self._say(f"the process file cannot be written ({error})")

    def _stop_if_interrupted(self) -> None:
        if self._interrupted:
            raise KeyboardInterrupt

    def _wait(self, seconds: float) -> None:
        begun = said = time.monotonic()
        while waiting := [server for server in self._servers if not server.ready]:
            self._stop_if_interrupted()
            self.check()
            for server in waiting:
                if is_ready(server.program.ready_url, self._headers()):
                    server.ready = True
                    self._say(f"{server.name}: ready after {time.monotonic() - begun:.0f} s")
            now = time.monotonic()
            names = ", ".join(server.name for server in waiting if not server.ready)
            if names and now - begun > seconds:
                ends = "".join(self._logs.end_of(server.name) for server in waiting if not server.ready)
                raise StackError(f"not ready after {seconds:.0f} s: {names}. `redress doctor` says what to mend.{ends}")
            if names and now - said > PROGRESS_EVERY_SECONDS:
                said = now
                self._say(f"waiting for {names} ({now - begun:.0f} s)")
            time.sleep(POLL_SECONDS)


def _raise_if_taken(program: Program) -> None:
    """Raise StackError where a server cannot listen: another one would answer "ready" for it."""
    with socket.socket(socket.AF_INET6 if ":" in program.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((program.host, program.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise StackError(f"Port {program.port} for {program.name} is in use. Stop what uses it (perhaps another `make run`).") from error
            raise StackError(f"{program.name} cannot listen on {program.host}, port {program.port} ({error.strerror}).") from error
