"""The action server as a process: who has not the secret learns nothing from it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from store.keys import read_keys, retire, rotate
from tools.local_services import free_port

ROOT = Path(__file__).parents[2]
Start = Callable[..., httpx.Client]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start an action server on an address; its secret is in the data folder."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(host: str = "127.0.0.1", **settings: str) -> httpx.Client:
        port = free_port()
        environment = os.environ | {"REDRESS_DATA_DIR": str(tmp_path), "REDRESS_ACTIONS_BIND": host, **settings}
        with (tmp_path / "log").open("ab") as log:
            command = [sys.executable, "-m", "actions.server", "--port", str(port)]
            running.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log))
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=10)
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                client.get("/health")
                return client
            except httpx.TransportError:
                assert running[-1].poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.1)
        raise AssertionError("it did not start")

    yield begin
    for process in running:
        process.terminate()
        assert process.wait(15) == 0


def bearer(tmp_path: Path, line: int = 0) -> dict[str, str]:
    return {"Authorization": f"Bearer {read_keys(tmp_path / 'channel.secret')[line].decode()}"}


def test_actions_are_for_who_has_the_secret_also_while_it_is_changed(start: Start, tmp_path: Path) -> None:
    http = start()
    assert http.get("/health").status_code == 200
    for path in ("/actions", "/webhook", "/nothing"):
        assert http.get(path).status_code == 401
    assert http.post("/webhook", json={"next_action": "action_answer"}).status_code == 401
    assert http.get("/actions", headers={"Authorization": "Bearer wrong"}).status_code == 401
    old = bearer(tmp_path)
    names = {entry["name"] for entry in http.get("/actions", headers=old).json()}
    assert "action_answer" in names
    rotate(tmp_path / "channel.secret")
    assert http.get("/actions", headers=old).status_code == http.get("/actions", headers=bearer(tmp_path)).status_code == 200
    retire(tmp_path / "channel.secret")
    assert http.get("/actions", headers=old).status_code == 401
    # No other website's page may read an answer.
    assert "access-control-allow-origin" not in http.get("/health", headers={"Origin": "https://elsewhere.example"}).headers


@pytest.mark.parametrize(("host", "settings"), [("0.0.0.0", {}), ("127.0.0.1", {"REDRESS_SECRET_ALWAYS": "1"})])
def test_where_others_reach_it_health_needs_the_secret_too(start: Start, tmp_path: Path, host: str, settings: dict[str, str]) -> None:
    http = start(host, **settings)
    assert http.get("/health").status_code == 401
    assert http.get("/health", headers=bearer(tmp_path)).status_code == 200
