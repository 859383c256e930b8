"""Start and stop the three servers together: Rasa, actions, gateway. `python -m cli.stack` is `make run`."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

from store.private import UMASK, make_private

REPOSITORY = Path(__file__).resolve().parents[1]
START_SECONDS = 180.0
STOP_SECONDS = 5.0
KILL_SECONDS = 2.0
PROGRESS_EVERY_SECONDS = 10.0
POLL_SECONDS = 0.2
LOG_LINES = 20
#: A log is put aside when it is longer, once.
LONGEST_LOG = 1_000_000
#: A server that ended is started again after 1, 2, 4 ... seconds, at most so many; one that ran for so long begins anew at one.
LONGEST_PAUSE, RAN_WELL_SECONDS = 30.0, 60.0
_PRCTL = getattr(ctypes.CDLL(None), "prctl", None) if sys.platform == "linux" else None
_PARENT_DEATH_SIGNAL = 1


def _end_with_us() -> None:
    """In a server, before it begins: the kernel ends it when this launcher is killed, so that no port stays taken."""
    if _PRCTL is not None:
        _PRCTL(_PARENT_DEATH_SIGNAL, signal.SIGTERM)


class StackError(RuntimeError):
    """A server did not start or ended by itself; the text names it and shows the end of its log."""


@dataclass(frozen=True)
class Ports:
    """Loopback ports of the three servers."""

    web: int = 8000
    rasa: int = 5005
    actions: int = 5055


@dataclass
class _Server:
    name: str
    process: subprocess.Popen[bytes]
    ready_url: str
    log: Path
    ready: bool = False
    started: float = 0.0
    #: How often it ended soon after its start, and when it is to be started again.
    failures: int = 0
    again_at: float | None = None


class Stack:
    """The three servers as child processes, each in a process group of its own. Use it in a `with` block."""

    def __init__(
        self,
        data_dir: Path,
        ports: Ports | None = None,
        host: str = "127.0.0.1",
        environment: Mapping[str, str] | None = None,
        say: Callable[[str], None] = print,
    ) -> None:
        """`environment`: further variables for all three; `say` gets one line of progress at a time."""
        self.ports = ports or Ports()
        self.data_dir = data_dir.resolve()
        self._host = host
        self._environment = dict(environment or {})
        self._say = say
        self._servers: list[_Server] = []
        self._interrupted = False

    @property
    def url(self) -> str:
        """Address of the gateway on this machine."""
        return f"http://127.0.0.1:{self.ports.web}"

    @property
    def rasa_url(self) -> str:
        """Address of Rasa."""
        return f"http://127.0.0.1:{self.ports.rasa}"

    @property
    def actions_url(self) -> str:
        """Address of the action server's webhook."""
        return f"http://127.0.0.1:{self.ports.actions}/webhook"

    def start(self, seconds: float = START_SECONDS) -> None:
        """Start all three and return when they are ready. Raises StackError, with everything stopped again."""
        for name, port in (("web", self.ports.web), ("rasa", self.ports.rasa), ("actions", self.ports.actions)):
            if _taken(port):
                # Otherwise the old server would answer "ready" for the new one.
                raise StackError(f"Port {port} for {name} is in use. Stop what uses it (perhaps another `make run`).")
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        make_private(self.data_dir)
        try:
            for name, command, ready_url in self._plan():
                self._stop_if_interrupted()
                self._servers.append(self._spawn(name, command, ready_url))
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
        """Start again whatever ends by itself, while the others go on: without Rasa the gateway still tells numbers. Raise KeyboardInterrupt
        when interrupted."""
        while True:
            self._stop_if_interrupted()
            for number, server in enumerate(self._servers):
                if server.process.poll() is not None:
                    self._servers[number] = self._revive(server)
            time.sleep(POLL_SECONDS)

    def _revive(self, server: _Server) -> _Server:
        """Start a server that has ended, when its time has come."""
        now = time.monotonic()
        if server.again_at is None:
            if now - server.started > RAN_WELL_SECONDS:
                server.failures = 0
            pause = min(LONGEST_PAUSE, 2.0**server.failures)
            server.again_at = now + pause
            # What it left behind would hold its port.
            _signal_group(server.process, signal.SIGKILL)
            self._say(f"{server.name} ended with code {server.process.returncode}; it is started again in {pause:.0f} s")
        if now < server.again_at:
            return server
        command, ready_url = next((command, url) for known, command, url in self._plan() if known == server.name)
        new = self._spawn(server.name, command, ready_url)
        new.failures = server.failures + 1
        return new

    def check(self) -> None:
        """Raise StackError if a server has ended by itself."""
        for server in self._servers:
            code = server.process.poll()
            if code is not None:
                raise StackError(f"{server.name} ended with code {code}.\n{_end_of(server.log)}")

    def process(self, name: str) -> subprocess.Popen[bytes]:
        """The process of `rasa`, `actions` or `web`, for tests that stop one of them."""
        return next(server.process for server in self._servers if server.name == name)

    def restart(self, name: str, seconds: float = START_SECONDS) -> None:
        """Stop one server and start it anew. Raises StackError when it does not get ready; the others go on."""
        old = next(server for server in self._servers if server.name == name)
        _signal_group(old.process, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            old.process.wait(STOP_SECONDS)
        _signal_group(old.process, signal.SIGKILL)
        old.process.wait()
        command, ready_url = next((command, url) for known, command, url in self._plan() if known == name)
        self._servers[self._servers.index(old)] = self._spawn(name, command, ready_url)
        self._wait(seconds)

    def stop(self) -> None:
        """Stop all: SIGTERM to each group, SIGKILL to what is left after five seconds."""
        # The gateway first: nobody is sent into servers that are going.
        for server in reversed(self._servers):
            # A server that was halted (SIGSTOP) must wake to hear that it should end.
            _signal_group(server.process, signal.SIGTERM)
            _signal_group(server.process, signal.SIGCONT)
        until = time.monotonic() + STOP_SECONDS
        for server in self._servers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.process.wait(max(0.0, until - time.monotonic()))
        for server in self._servers:
            # Also when the server itself is gone: it may have left children in its group.
            _signal_group(server.process, signal.SIGKILL)
            server.process.wait()
        for server in self._servers:
            _wait_for_group(server.process)
        self._servers.clear()

    def __enter__(self) -> Self:
        """Start, and wait until ready."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _plan(self) -> list[tuple[str, list[str], str]]:
        rasa_python = str(REPOSITORY / ".venv-rasa" / "bin" / "python")
        python = str(REPOSITORY / ".venv" / "bin" / "python")
        web = ["-m", "web.server", "--host", self._host, "--port", str(self.ports.web)]
        return [
            ("actions", [python, "-m", "actions.server", "--port", str(self.ports.actions)],
             self.actions_url.removesuffix("/webhook") + "/health"),
            ("rasa", [rasa_python, "-m", "bot.server", "--port", str(self.ports.rasa)], f"{self.rasa_url}/status"),
            ("web", [python, *web], f"{self.url}/readyz"),
        ]  # fmt: skip

    def _spawn(self, name: str, command: list[str], ready_url: str) -> _Server:
        logs = self.data_dir / "logs"
        logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        log = logs / f"{name}.log"
        environment = {
            **os.environ,
            "RASA_TELEMETRY_ENABLED": "false",
            "OMP_NUM_THREADS": "1",
            "SANIC_HOST": "127.0.0.1",
            "PYTHONUNBUFFERED": "1",
            **self._environment,
            "REDRESS_DATA_DIR": str(self.data_dir),
            "REDRESS_RASA_URL": self.rasa_url,
            "REDRESS_ACTIONS_URL": self.actions_url,
        }
        if log.exists() and log.stat().st_size > LONGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as output:
            try:
                process = subprocess.Popen(
                    command,
                    cwd=REPOSITORY,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    umask=UMASK,
                    preexec_fn=_end_with_us if _PRCTL is not None else None,
                )
            except OSError as error:
                raise StackError(f"{name} cannot be started ({error}). Run `make build` first.") from error
        self._say(f"{name}: starting")
        return _Server(name, process, ready_url, log, started=time.monotonic())

    def _stop_if_interrupted(self) -> None:
        if self._interrupted:
            raise KeyboardInterrupt

    def _wait(self, seconds: float) -> None:
        begun = said = time.monotonic()
        while waiting := [server for server in self._servers if not server.ready]:
            self._stop_if_interrupted()
            self.check()
            for server in waiting:
                if _answers(server.ready_url):
                    server.ready = True
                    self._say(f"{server.name}: ready after {time.monotonic() - begun:.0f} s")
            now = time.monotonic()
            names = ", ".join(server.name for server in waiting if not server.ready)
            if names and now - begun > seconds:
                ends = "\n".join(_end_of(server.log) for server in waiting if not server.ready)
                raise StackError(f"not ready after {seconds:.0f} s: {names}. `redress doctor` says what to mend.\n{ends}")
            if names and now - said > PROGRESS_EVERY_SECONDS:
                said = now
                self._say(f"waiting for {names} ({now - begun:.0f} s)")
            time.sleep(POLL_SECONDS)


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _wait_for_group(process: subprocess.Popen[bytes]) -> None:
    """Wait until the killed children of a server are gone: a kill is only a request until the kernel has come to it."""
    until = time.monotonic() + KILL_SECONDS
    while time.monotonic() < until:
        try:
            os.killpg(process.pid, 0)
        except (ProcessLookupError, PermissionError):
            return
        time.sleep(POLL_SECONDS / 10)


def _end_of(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:]
    return "\n".join([f"Last lines of {log.name}:", *(f"  {line}" for line in lines)])


def main() -> int:
    """Run everything until Ctrl-C or SIGTERM. Exit code 1 if a server fails."""
    parser = argparse.ArgumentParser(prog="redress run", description="Start Rasa, actions and the gateway.")
    parser.add_argument("--host", default="127.0.0.1", help="address the gateway listens on")
    parser.add_argument("--port", type=int, default=Ports.web, help="port of the gateway")
    parser.add_argument("--rasa-port", type=int, default=Ports.rasa)
    parser.add_argument("--actions-port", type=int, default=Ports.actions)
    parser.add_argument("--data-dir", type=Path, help="default: REDRESS_DATA_DIR, else var/")
    arguments = parser.parse_args()
    data_dir = arguments.data_dir or Path(os.environ.get("REDRESS_DATA_DIR") or REPOSITORY / "var")
    ports = Ports(web=arguments.port, rasa=arguments.rasa_port, actions=arguments.actions_port)
    stack = Stack(data_dir, ports, arguments.host, say=lambda line: print(line, flush=True))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stack.interrupt())
    try:
        with stack:
            print(f"Redress is ready: {stack.url}  (Ctrl-C stops everything)", flush=True)
            stack.watch()
    except KeyboardInterrupt:
        print("stopped", flush=True)
        return 0
    except StackError as error:
        print(f"error: {error}", file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
