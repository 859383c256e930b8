"""The supervisor with small servers of its own: what ends or hangs is started again alone, and a killed launcher's leftovers are ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from cli.processes import began, members
from tools.local_services import free_port

ROOT = Path(__file__).parents[2]
LAUNCHER = Path(__file__).parent / "programs" / "launcher.py"


def wait(condition: Callable[[], object], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.05)


class Launcher:
    """A launcher in a process of its own, and its two servers "a" and "b"."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.ports = {"a": free_port(), "b": free_port()}
        self.python = Path(sys.executable)
        self.patience: tuple[float, int, float] = (1.0, 3, 120.0)
        self.processes: list[subprocess.Popen[bytes]] = []
        self.groups: set[int] = set()
        for name in self.ports:
            (data_dir / name).mkdir()

    def start(self, until: str = "\nready\n") -> subprocess.Popen[bytes]:
        before = self.said().count(until)
        command = [sys.executable, str(LAUNCHER), str(self.data_dir), str(self.python), *map(str, self.ports.values()), *map(str, self.patience)]
        with (self.data_dir / "said").open("ab") as said:
            self.processes.append(subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=said, stderr=said))
        wait(lambda: self.said().count(until) > before)
        return self.processes[-1]

    def said(self) -> str:
        file = self.data_dir / "said"
        return file.read_text() if file.exists() else ""

    def noted(self) -> dict[str, int]:
        """The servers by name, as the process file has them."""
        return {name: entry["pid"] for name, entry in json.loads((self.data_dir / "redress.pid").read_text())["servers"].items()}

    def server(self, name: str) -> int:
        process = self.noted()[name]
        self.groups.add(process)
        return process

    def answering(self, name: str) -> int | None:
        """The process that answers on a server's port."""
        try:
            with urlopen(f"http://127.0.0.1:{self.ports[name]}/", timeout=0.5) as answer:
                return int(answer.read())
        except OSError:
            return None

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait(10)
        with suppress(OSError, ValueError, KeyError, TypeError):
            self.groups |= set(self.noted().values())
        for group in self.groups:
            if members(group):
                os.killpg(group, signal.SIGKILL)


@pytest.fixture
def launcher(tmp_path: Path) -> Iterator[Launcher]:
    made = Launcher(tmp_path)
    yield made
    made.end()


def test_a_server_that_hangs_is_started_again_and_the_other_goes_on(launcher: Launcher) -> None:
    launcher.start()
    hung, other = launcher.server("a"), launcher.server("b")
    os.kill(hung, signal.SIGSTOP)
    wait(lambda: launcher.answering("a") not in (None, hung))
    assert "a no longer answered; it is started again in 0 s" in launcher.said()
    wait(lambda: launcher.said().count("a: ready after") == 2)
    assert launcher.answering("b") == other == launcher.server("b")
    assert launcher.server("a") == launcher.answering("a")


def test_a_server_that_cannot_stay_up_is_tried_again_later_and_later(launcher: Launcher) -> None:
    launcher.start()
    other = launcher.server("b")
    (launcher.data_dir / "a" / "crash").touch()
    os.kill(launcher.server("a"), signal.SIGKILL)
    wait(lambda: "a ended with code -9; it is started again in 1 s" in launcher.said())
    wait(lambda: "a ended with code 3; it is started again in 2 s" in launcher.said())
    wait(lambda: "a ended with code 3; it is started again in 4 s" in launcher.said())
    (launcher.data_dir / "a" / "crash").unlink()
    wait(lambda: launcher.answering("a") is not None)
    assert launcher.answering("b") == other


def test_a_server_that_cannot_even_be_started_ends_nothing_else(launcher: Launcher) -> None:
    launcher.python = launcher.data_dir / "python"
    launcher.python.symlink_to(sys.executable)
    started = launcher.start()
    other = launcher.server("b")
    launcher.python.unlink()
    os.kill(launcher.server("a"), signal.SIGKILL)
    wait(lambda: "a: a cannot be started" in launcher.said())
    assert started.poll() is None and launcher.answering("b") == other
    launcher.python.symlink_to(sys.executable)
    wait(lambda: launcher.answering("a") is not None)


def test_a_server_that_takes_long_to_start_is_given_the_time(launcher: Launcher) -> None:
    launcher.start()
    (launcher.data_dir / "a" / "slow").touch()
    os.kill(launcher.server("a"), signal.SIGKILL)
    wait(lambda: launcher.said().count("a: ready after") == 2)
    assert launcher.said().count("a: starting") == 2


def test_a_busy_server_is_left_at_its_work_but_not_for_ever(launcher: Launcher) -> None:
    """Longer than one that stands still would be; a start in the middle of a crowd would only make everybody wait longer."""
    launcher.patience = 0.5, 2, 20.0
    launcher.start()
    before, busy = launcher.server("a"), launcher.data_dir / "a" / "busy"
    busy.touch()
    wait(lambda: launcher.answering("a") is None)
    time.sleep(6)
    assert launcher.server("a") == before and "no longer answered" not in launcher.said()
    busy.unlink()
    wait(lambda: launcher.answering("a") == before)
    busy.touch()
    wait(lambda: "a no longer answered" in launcher.said(), seconds=60)
    busy.unlink()
    wait(lambda: launcher.answering("a") not in (None, before))


def test_nothing_is_blamed_for_the_time_the_launcher_stood_still(launcher: Launcher) -> None:
    launcher.patience = 3.0, 1, 120.0
    started = launcher.start()
    before = launcher.noted()
    # It is asked and will answer, but the launcher is halted until the time for an answer is over.
    os.kill(launcher.server("a"), signal.SIGSTOP)
    time.sleep(0.5)
    os.kill(started.pid, signal.SIGSTOP)
    os.kill(launcher.server("a"), signal.SIGCONT)
    time.sleep(4)
    os.kill(started.pid, signal.SIGCONT)
    time.sleep(1)
    assert launcher.noted() == before
    assert "no longer answered" not in launcher.said()


def test_ctrl_c_leaves_nothing_behind(launcher: Launcher) -> None:
    (launcher.data_dir / "a" / "child").touch()
    started = launcher.start()
    groups = launcher.server("a"), launcher.server("b")
    assert len(members(groups[0])) == 2
    assert (launcher.data_dir / "redress.pid").stat().st_mode & 0o777 == 0o600
    started.send_signal(signal.SIGINT)
    assert started.wait(15) == 0
    assert launcher.said().endswith("stopped\n")
    assert [members(group) for group in groups] == [[], []]
    assert not (launcher.data_dir / "redress.pid").exists()


def test_a_second_start_touches_nothing_of_the_first(launcher: Launcher) -> None:
    first = launcher.start()
    before = launcher.noted()
    second = launcher.start(until="error: ")
    assert second.wait(10) == 1
    assert f"already (process {first.pid})" in launcher.said()
    assert launcher.noted() == before
    assert {name: launcher.answering(name) for name in before} == before


def test_what_a_killed_launcher_left_behind_is_ended_by_the_next(launcher: Launcher) -> None:
    # "a" has a child that hears no SIGTERM and lives on without it; "b" is halted and hears nothing.
    (launcher.data_dir / "a" / "child").touch()
    first = launcher.start()
    old = {name: launcher.server(name) for name in ("a", "b")}
    os.kill(old["b"], signal.SIGSTOP)
    first.kill()
    first.wait(10)
    wait(lambda: began(old["a"]) is None)
    assert members(old["a"]) and members(old["b"])
    launcher.start()
    assert not members(old["a"]) and not members(old["b"])
    assert all(name in launcher.said() for name in ("a: left behind", "b: left behind"))
    assert launcher.answering("a") == launcher.server("a") != old["a"]


@pytest.mark.parametrize("gone", [False, True])
def test_who_only_has_the_number_of_a_server_is_let_be(launcher: Launcher, gone: bool) -> None:
    """Another program has the number a server had; or its leader is gone, and what is left of its group was not started by us."""
    code = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); print('up', flush=True)"
    stranger = subprocess.Popen(
        [sys.executable, "-c", code if gone else f"{code}; import time; time.sleep(600)"], stdout=subprocess.PIPE, start_new_session=True
    )
    launcher.groups.add(stranger.pid)
    assert stranger.stdout is not None and stranger.stdout.readline() == b"up\n"
    if gone:
        stranger.wait(10)
    before = members(stranger.pid)
    assert len(before) == (1 if gone else 2)
    first = launcher.start()
    first.kill()
    first.wait(10)
    file = launcher.data_dir / "redress.pid"
    content = json.loads(file.read_text())
    wait(lambda: not any(members(entry["pid"]) for entry in content["servers"].values()))
    content["servers"]["a"]["pid"] = stranger.pid
    file.write_text(json.dumps(content))
    launcher.start()
    assert members(stranger.pid) == before
    os.killpg(stranger.pid, signal.SIGKILL)
    stranger.wait(10)


@pytest.mark.parametrize("content", ["", "{", '{"launcher": {"pid": 1, "began": "x"}, "servers": {"a": {"pid": -1, "began": "y"}}}', "[]"])
def test_a_process_file_that_cannot_be_read_hinders_nobody(launcher: Launcher, content: str) -> None:
    (launcher.data_dir / "redress.pid").write_text(content)
    launcher.start()
    assert set(launcher.noted()) == {"a", "b"}
