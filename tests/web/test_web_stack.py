"""The launcher: what fails is named, and nothing stays behind."""

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial

import httpx
import pytest

from calculator.api import write_contacts
from cli.stack import REPOSITORY, Ports, Stack, StackError


@pytest.fixture
def ports(new_port):
    return Ports(web=new_port(), rasa=new_port(), actions=new_port())


def test_a_server_that_fails_is_named_with_the_end_of_its_log(tmp_path, ports):
    said = []
    # A setting that none of them can use.
    stack = Stack(tmp_path, ports, environment={"REDRESS_IDLE_MINUTES": "soon"}, say=said.append)
    with pytest.raises(StackError, match=r"(?s)(actions|rasa|web) ended with code \d+\.\nLast lines of \w+\.log:\n  "):
        stack.start()
    assert said[:3] == ["actions: starting", "rasa: starting", "web: starting"]
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in (tmp_path / "logs").iterdir())
    assert processes_of(tmp_path) == []


def test_ctrl_c_stops_everything_also_what_is_halted(tmp_path, ports, wait):
    command = [sys.executable, "-m", "cli.stack", "--data-dir", str(tmp_path), "--port", str(ports.web)]
    command += ["--rasa-port", str(ports.rasa), "--actions-port", str(ports.actions)]
    launcher = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    wait(lambda: len(processes_of(tmp_path)) > 0)
    for process in processes_of(tmp_path):
        os.kill(process, signal.SIGSTOP)
    launcher.send_signal(signal.SIGINT)
    begun = time.monotonic()
    launcher.communicate(timeout=30)
    assert time.monotonic() - begun < 12
    assert processes_of(tmp_path) == []


def test_what_ends_is_started_again_and_the_others_go_on(tmp_path, ports, wait):
    write_contacts(tmp_path / "contacts.json")
    command = [sys.executable, "-m", "cli.stack", "--data-dir", str(tmp_path), "--port", str(ports.web)]
    command += ["--rasa-port", str(ports.rasa), "--actions-port", str(ports.actions)]
    with (tmp_path / "said").open("wb") as said:
        launcher = subprocess.Popen(command, cwd=REPOSITORY, stdout=said, stderr=subprocess.DEVNULL)
    try:
        wait(lambda: b"Redress is ready" in (tmp_path / "said").read_bytes(), seconds=180)
        url = f"http://127.0.0.1:{ports.web}"
        chat = f"{url}/api/v1/conversations/{httpx.post(f'{url}/api/v1/conversations', json={'country': 'DE'}).json()['conversation']}"
        gateway, rasa = (next(p for p in processes_of(tmp_path) if name in command_of(p)) for name in ("web.server", "bot.server"))
        os.kill(rasa, signal.SIGKILL)
        answer = httpx.post(f"{chat}/messages", json={"text": "help he has a knife he will kill me"}, timeout=10).json()
        assert answer["messages"][0]["kind"] == "emergency"
        wait(lambda: b"rasa ended with code -9; it is started again in 1 s" in (tmp_path / "said").read_bytes())
        wait(lambda: httpx.get(f"{url}/readyz", timeout=10).json()["ready"], seconds=120)
        assert command_of(gateway)
        # Killed so that it can clean up nothing, the launcher leaves nothing behind either.
        launcher.kill()
        wait(lambda: processes_of(tmp_path) == [], seconds=20)
    finally:
        launcher.kill()
        launcher.wait(10)
        for process in processes_of(tmp_path):
            os.kill(process, signal.SIGKILL)


def test_what_hangs_is_started_again_alone_and_leftovers_are_ended(tmp_path, ports, wait):
    write_contacts(tmp_path / "contacts.json")
    command = [sys.executable, "-m", "cli.stack", "--data-dir", str(tmp_path), "--port", str(ports.web)]
    command += ["--rasa-port", str(ports.rasa), "--actions-port", str(ports.actions)]
    launchers = []

    def noted():
        return {name: entry["pid"] for name, entry in json.loads((tmp_path / "redress.pid").read_text())["servers"].items()}

    def start():
        with (tmp_path / "said").open("wb") as said:
            launchers.append(subprocess.Popen(command, cwd=REPOSITORY, stdout=said, stderr=subprocess.STDOUT))
        wait(lambda: b"Redress is ready" in (tmp_path / "said").read_bytes(), seconds=180)

    def said_to_hang(name):
        return f"{name} no longer answered" in (tmp_path / "said").read_text()

    def ready():
        try:
            return httpx.get(f"http://127.0.0.1:{ports.web}/readyz", timeout=10).json()["ready"]
        except httpx.TransportError:
            return False

    try:
        start()
        for name in ("actions", "rasa", "web"):
            before = noted()
            os.kill(before[name], signal.SIGSTOP)
            wait(partial(said_to_hang, name), seconds=60)
            wait(ready, seconds=120)
            after = noted()
            assert {part for part in before if before[part] != after[part]} == {name}
        # Halted, they do not hear that their launcher was killed.
        left = noted()
        for process in left.values():
            os.kill(process, signal.SIGSTOP)
        launchers[0].kill()
        launchers[0].wait(10)
        stayed = set(processes_of(tmp_path))
        assert set(left.values()) <= stayed
        start()
        assert ready()
        running = set(processes_of(tmp_path))
        assert set(noted().values()) <= running
        assert not stayed & running
    finally:
        for launcher in launchers:
            launcher.kill()
            launcher.wait(10)
        for process in processes_of(tmp_path):
            os.kill(process, signal.SIGKILL)


def command_of(process):
    """The command line of a process; nothing when it is gone."""
    try:
        with open(f"/proc/{process}/cmdline", "rb") as file:
            return file.read().decode()
    except OSError:
        return ""


def processes_of(data_dir):
    """Ids of the servers that were given this data directory by a launcher, with the processes that work for them."""
    found = []
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            with open(f"/proc/{entry.name}/environ", "rb") as file:
                environment = file.read().split(b"\0")
        except OSError:
            continue
        if f"REDRESS_DATA_DIR={data_dir}".encode() in environment:
            found.append(int(entry.name))
    return found
