"""An installation of the fuzzer's own: the three servers under their launcher, their logs, and what can be broken in it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import requests

from calculator.api import write_contacts
from tools.fuzz.client import Server, Talk
from tools.fuzz.steps import Opening, Step

ROOT = Path(__file__).parents[2]
#: The day of the development sets.
TODAY = "2026-11-29"
START_SECONDS, RECOVERY_SECONDS, POLL_SECONDS = 180.0, 120.0, 0.3
_MODULES = {"rasa": "bot.server", "actions": "actions.server", "web": "web.server"}
_BAD = re.compile(r"\b(?:ERROR|CRITICAL)\b|^Traceback", re.MULTILINE)


class Logs:
    """The servers' logs, read on from where they were read last."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, int] = {}
        self.news()

    def news(self) -> list[str]:
        """Lines at level ERROR, and tracebacks, since the last look."""
        found: list[str] = []
        for path in sorted(self._folder.glob("*.log")):
            at, size = self._read.get(path, 0), path.stat().st_size
            with path.open("rb") as log:
                log.seek(at if at <= size else 0)
                text = log.read().decode("utf-8", "replace")
                self._read[path] = log.tell()
            found += [f"{path.stem}: {line}" for line in text.splitlines() if _BAD.search(line)]
        return found


class Installation(AbstractContextManager["Installation"]):
    """Rasa, actions and gateway as `make run` starts them, with a data folder of their own."""

    def __init__(self, ports: tuple[int, int, int]) -> None:
        """`ports`: of the gateway, Rasa and the action server."""
        self._ports = ports
        self._exit = ExitStack()
        self.url, self.rasa_url = (f"http://127.0.0.1:{port}" for port in ports[:2])

    def __enter__(self) -> Self:
        if self._ready():
            # The launcher would find its port taken, and somebody else's servers would be tried, and broken.
            raise RuntimeError(f"{self.url} is in use")
        folder = Path(self._exit.enter_context(tempfile.TemporaryDirectory(prefix="redress-fuzz-")))
        write_contacts(folder / "contacts.json")
        web, rasa, actions = map(str, self._ports)
        command = [sys.executable, "-m", "cli.stack", "--port", web, "--rasa-port", rasa, "--actions-port", actions, "--data-dir", str(folder)]
        environment = {**os.environ, "REDRESS_TODAY": TODAY, "REDRESS_MESSAGES_PER_MINUTE": "100000"}
        self._launcher = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
        self._exit.callback(self._end)
        self._wait(START_SECONDS)
        self.logs = Logs(folder / "logs")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._exit.close()

    def break_it(self, step: Step) -> bool:
        """Halt or kill a server, or let everything get well again by itself; whether something is broken afterwards."""
        if step.do == "recover":
            for process in self._halted():
                process.send_signal(signal.SIGCONT)
            return not self._well()
        for process in self._processes(step.text):
            process.send_signal(signal.SIGSTOP if step.do == "halt" else signal.SIGKILL)
        return True

    def _well(self) -> bool:
        """Whether an ordinary message is answered again within the time."""
        until = time.monotonic() + RECOVERY_SECONDS
        while time.monotonic() < until:
            try:
                with requests.Session() as http:
                    moment = Talk(Server(self.url), Opening("en", "DE"), http).do(Step("write", "hello", "greet"))
                if moment is not None and moment.seen[0].status == 200 and "unavailable" not in moment.seen[0].kinds:
                    return True
            except requests.RequestException:
                pass
            time.sleep(POLL_SECONDS)
        return False

    def _processes(self, name: str) -> list[psutil.Process]:
        """A server and its children; the children first, so that none is left behind."""
        ours = psutil.Process(self._launcher.pid).children(recursive=True)
        leaders = [p for p in ours if _MODULES[name] in p.cmdline()]
        return [process for leader in leaders[:1] for process in [*leader.children(recursive=True), leader]]

    def _halted(self) -> list[psutil.Process]:
        return [p for p in psutil.Process(self._launcher.pid).children(recursive=True) if p.status() == psutil.STATUS_STOPPED]

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._ready():
            if self._launcher.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the servers did not start; `make run` shows why")
            time.sleep(POLL_SECONDS)

    def _ready(self) -> bool:
        try:
            return bool(requests.get(f"{self.url}/readyz", timeout=5).status_code == requests.codes.ok)
        except requests.RequestException:
            return False

    def _end(self) -> None:
        for process in self._halted():
            process.send_signal(signal.SIGCONT)
        self._launcher.send_signal(signal.SIGTERM)
        try:
            self._launcher.wait(20)
        except subprocess.TimeoutExpired:
            self._launcher.kill()
            self._launcher.wait()
