"""Addresses of the three servers, and one of them kept running alone, as units and containers do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from cli.servers import NAMES, Binds, Ports, address, programs
from cli.stack import Stack, StackError
from store.keys import read_keys
from tools.local_services import free_port

ROOT = Path(__file__).parents[2]


def test_servers_listen_where_the_environment_says_and_are_asked_there() -> None:
    assert Binds.of({}) == Binds("127.0.0.1", "127.0.0.1", "127.0.0.1")
    binds = Binds.of({"REDRESS_BIND": "0.0.0.0", "REDRESS_RASA_BIND": "10.0.0.5", "REDRESS_ACTIONS_BIND": "::"})
    assert binds == Binds("0.0.0.0", "10.0.0.5", "::")
    assert [address(bind, 80) for bind in (binds.web, binds.rasa, binds.actions)] == [
        "http://127.0.0.1:80",
        "http://10.0.0.5:80",
        "http://[::1]:80",
    ]
    plan = {program.name: program for program in programs(Ports(), binds)}
    assert set(plan) == set(NAMES)
    assert plan["rasa"].command[-4:] == ("--host", "10.0.0.5", "--port", "5005") and plan["rasa"].alive_url == "http://10.0.0.5:5005/status"


def test_an_address_this_machine_does_not_have_is_said(tmp_path: Path) -> None:
    # 192.0.2.0/24 is for documentation: no machine has it.
    stack = Stack(tmp_path, Ports(free_port(), free_port(), free_port()), Binds(rasa="192.0.2.1"), say=lambda line: None)
    with pytest.raises(StackError, match="rasa cannot listen on 192.0.2.1"):
        stack.start()


def test_a_secret_that_cannot_be_read_is_said_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "channel.secret").write_text("short")
    with pytest.raises(StackError, match="channel.secret does not hold"):
        Stack(tmp_path)


def test_one_part_runs_alone_finds_the_others_by_the_environment_and_is_asked_with_the_secret(tmp_path: Path) -> None:
    port = free_port()
    secret = tmp_path / "elsewhere" / "secret"
    environment = os.environ | {
        "REDRESS_DATA_DIR": str(tmp_path / "data"), "REDRESS_CHANNEL_SECRET_FILE": str(secret), "REDRESS_ACTIONS_BIND": "0.0.0.0",
        "REDRESS_RASA_URL": "http://rasa.example:5005",
    }  # fmt: skip

    def alive() -> int:
        asked = [sys.executable, "-m", "cli.alive", "actions", "--port", str(port)]
        return subprocess.run(asked, cwd=ROOT, env=environment, check=False).returncode

    command = [sys.executable, "-m", "cli.stack", "--only", "actions", "--actions-port", str(port)]
    launcher = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert launcher.stdout is not None
        lines = iter(launcher.stdout.readline, "")
        until = time.monotonic() + 180
        assert any("actions is watched" in line or time.monotonic() > until for line in lines)
        assert alive() == 0
        assert httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False).status_code == 401
        key = read_keys(secret)[0].decode()
        assert httpx.get(f"http://127.0.0.1:{port}/health", headers={"Authorization": f"Bearer {key}"}, trust_env=False).status_code == 200
        children = Path(f"/proc/{launcher.pid}/task/{launcher.pid}/children").read_text().split()
        assert b"REDRESS_RASA_URL=http://rasa.example:5005" in Path(f"/proc/{children[0]}/environ").read_bytes().split(b"\0")
        assert [entry.name for entry in (tmp_path / "data").iterdir()] == ["redress-actions.pid"]
    finally:
        launcher.send_signal(signal.SIGTERM)
        assert launcher.wait(20) == 0
    assert alive() == 1
