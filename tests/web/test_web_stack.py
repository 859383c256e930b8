"""The launcher: what fails is named, and nothing stays behind."""

import os
import signal
import subprocess
import sys
import time

import pytest

from cli.stack import REPOSITORY, Ports, Stack, StackError


@pytest.fixture
def ports(new_port):
    return Ports(web=new_port(), rasa=new_port(), actions=new_port())


def test_a_server_that_fails_is_named_with_the_end_of_its_log(tmp_path, ports):
    said = []
    # A setting that none of them can use.
    stack = Stack(tmp_path, ports, environment={"REDRESS_IDLE_MINUTES": "soon"}, say=said.append)
    with pytest.raises(
        StackError, match=r"(?s)(actions|rasa|web) ended with code \d+\.\nLast lines of \w+\.log:\n  "
    ):
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


def processes_of(data_dir):
    """Ids of running processes that were given this data directory by a launcher."""
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
