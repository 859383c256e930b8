"""`redress doctor`: each part that is wrong is named with how to mend it, also when nothing runs; and nothing is changed by looking."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from calculator.api import write_contacts
from cli.doctor import Level, data, installation
from cli.main import app
from store.keys import read_or_make_key
from store.migrate import upgrade
from store.settings import load_settings
from web.readiness import FRESH_SECONDS

NOWHERE = {"REDRESS_RASA_URL": "http://127.0.0.1:1", "REDRESS_ACTIONS_URL": "http://127.0.0.1:1/webhook"}


def doctor(folder: Path, *options: str, url: str = "http://127.0.0.1:1", **environment: str) -> tuple[int, dict[str, dict[str, str]], str]:
    """Exit code, the findings by part, and all that was printed."""
    given = NOWHERE | {"REDRESS_DATA_DIR": str(folder)} | environment
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("REDRESS_")]:
            patch.delenv(name)
        done = CliRunner().invoke(app, ["doctor", "--url", url, *(options or ("--format", "json"))], env=given)
    findings = {} if options else {finding["part"]: finding for finding in json.loads(done.stdout)["findings"]}
    return done.exit_code, findings, done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder as the first start leaves it."""
    folder = tmp_path / "var"
    folder.mkdir(mode=0o700)
    write_contacts(folder / "contacts.json")
    settings = load_settings({"REDRESS_DATA_DIR": str(folder)})
    read_or_make_key(settings.conversation_key_file)
    read_or_make_key(settings.channel_secret_file)
    upgrade(settings.database_url)
    for path in folder.iterdir():
        path.chmod(0o600)
    return folder


def test_a_folder_in_order_is_said_to_be_and_left_as_it_was(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    _, found, _ = doctor(folder)
    keys = ("key conversation.key", "key channel.secret")
    for part in ("settings", "day", "clock", "packs", "contacts", "data folder", "disk", "database", *keys):
        assert found[part]["level"] == "ok", found[part]
    # Nothing runs, and that is no fault.
    assert {found[part]["level"] for part in ("gateway", "rasa", "actions")} == {"note"}
    assert not any(part.startswith("readiness") for part in found)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_all_that_is_wrong_is_told_at_once_with_how_to_mend_it(folder: Path) -> None:
    (folder / "contacts.json").write_text("not json")
    (folder / "conversation.key").write_text("no key")
    (folder / "channel.secret").chmod(0o644)
    (folder / "redress.db").write_bytes(b"no database" * 1000)
    code, found, _ = doctor(
        folder,
        REDRESS_LETTERS_FILE=str(folder / "none"),
        REDRESS_REDIS_URL="redis://127.0.0.1:1/0",
        REDRESS_LEAST_FREE_MB="1000000000",
        REDRESS_TODAY="2026-11-24",
    )
    assert code == 1
    wrong = {part for part, finding in found.items() if finding["level"] == "wrong"}
    assert {"contacts", "key conversation.key", "key channel.secret", "data folder", "database", "letters", "redis", "disk"} <= wrong
    assert all(found[part]["fix"] for part in wrong)
    assert found["day"]["level"] == "warning" and "REDRESS_TODAY" in found["day"]["fix"]


def test_a_setting_that_cannot_be_read_is_named_and_the_rest_is_still_looked_at(folder: Path) -> None:
    code, found, _ = doctor(folder, REDRESS_IDLE_MINUTES="soon")
    assert code == 1 and "REDRESS_IDLE_MINUTES" in found["settings"]["found"]
    assert found["database"]["level"] == "ok"


def test_before_the_first_start_nothing_is_missed(tmp_path: Path) -> None:
    _, found, _ = doctor(tmp_path / "var", REDRESS_CONTACTS_FILE=str(tmp_path / "contacts.json"))
    assert {found[part]["level"] for part in ("data folder", "database", "key conversation.key")} == {"note"}
    assert not (tmp_path / "var").exists()


def test_people_read_one_line_a_part_and_the_way_to_mend_it_below(folder: Path) -> None:
    (folder / "channel.secret").chmod(0o644)
    code, _, said = doctor(folder, "--format", "text")
    assert code == 1
    assert f"wrong    key channel.secret: other users of this machine can read it\n         -> Run: chmod 600 {folder}/channel.secret" in said


def test_a_lost_key_is_a_warning_before_a_new_one_is_made(folder: Path) -> None:
    (folder / "conversation.key").unlink()
    _, found, _ = doctor(folder)
    assert found["key conversation.key"]["level"] == "warning" and "backup" in found["key conversation.key"]["fix"]


@pytest.mark.parametrize("answers", [False, True])
def test_a_port_that_another_program_holds_is_named(folder: Path, answers: bool) -> None:
    if answers:
        server = HTTPServer(("127.0.0.1", 0), _Stranger)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
    else:
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        threading.Thread(target=lambda: [listener.accept()[0].close() for _ in range(2)], daemon=True).start()
    try:
        code, found, _ = doctor(folder, url=f"http://127.0.0.1:{port}")
        assert code == 1 and found["gateway"]["level"] == "wrong"
        assert found["gateway"]["fix"] == "Stop that program, or give ours another port."
    finally:
        if answers:
            server.shutdown()
            server.server_close()
        else:
            listener.close()


class _Stranger(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"welcome")

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_a_database_of_another_version_is_named(folder: Path) -> None:
    with sqlite3.connect(folder / "redress.db") as database:
        database.execute("update store_version set version_num = '0000'")
    finding = data.database(f"sqlite:///{folder / 'redress.db'}")
    assert finding.level is Level.WRONG and "store.migrate" in finding.fix


def test_an_environment_is_held_against_its_lock(tmp_path: Path) -> None:
    environment = installation.Environment(".venv", "main.lock", range(11, 14), "main")
    (tmp_path / "main.lock").write_text('alpha==1.0 \\\n    --hash=sha256:0\nbeta-two==2.0 ; sys_platform == "win32" \\\n    --hash=sha256:0\n')
    assert installation.python_environment(tmp_path, environment).found == "it is not there"
    site = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages"
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    site.mkdir(parents=True)
    assert "alpha" in installation.python_environment(tmp_path, environment).found
    for name, version, level in (("Alpha", "0.9", Level.WRONG), ("Alpha", "1.0", Level.OK)):
        shutil.rmtree(site)
        info = site / f"{name}-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        assert installation.python_environment(tmp_path, environment).level is level
    (tmp_path / ".venv" / "lib" / "python3.11").rename(tmp_path / ".venv" / "lib" / "python3.9")
    assert "must be 3.11 to 3.13" in installation.python_environment(tmp_path, environment).found


def test_words_older_than_their_source_and_none_at_all_are_named(tmp_path: Path) -> None:
    assert "English" in installation.catalogues(tmp_path).found
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    for name in ("web.po", "web.mo"):
        (folder / name).touch()
    os.utime(folder / "web.po", (1, 1))
    assert installation.catalogues(tmp_path).level is Level.OK
    os.utime(folder / "web.mo", (0, 0))
    assert "fr/web" in installation.catalogues(tmp_path).found


def test_a_clock_behind_the_files_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    now = (tmp_path / "file").stat().st_mtime
    assert installation.clock(tmp_path, now).level is Level.OK
    assert "10 days behind" in installation.clock(tmp_path, now - 10 * 86_400).found


def test_a_model_is_held_against_its_sources(tmp_path: Path) -> None:
    assert installation.model(tmp_path).found == "it is not trained"
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "redress.tar.gz").touch()
    (tmp_path / ".venv-rasa" / "bin").mkdir(parents=True)
    python = tmp_path / ".venv-rasa" / "bin" / "python"
    for code, level in ((0, Level.OK), (3, Level.WRONG), (1, Level.WRONG)):
        python.write_text(f"#!/bin/sh\nexit {code}\n")
        python.chmod(0o700)
        assert installation.model(tmp_path).level is level
    assert "could not be compared" in installation.model(tmp_path).found


@pytest.mark.stack
def test_of_servers_that_run_each_part_is_named(own_stack) -> None:
    running = {"REDRESS_RASA_URL": own_stack.rasa_url, "REDRESS_ACTIONS_URL": own_stack.actions_url}
    _, found, _ = doctor(own_stack.data_dir, url=own_stack.url, **running)
    assert {found[part]["level"] for part in ("gateway", "rasa", "actions", "readiness")} == {"ok"}
    own_stack.process("actions").kill()
    # Until then the gateway tells what it saw last.
    time.sleep(FRESH_SECONDS + 0.5)
    code, found, _ = doctor(own_stack.data_dir, url=own_stack.url, **running)
    assert code == 1 and found["actions"]["level"] == found["readiness: actions"]["level"] == found["readiness: channel"]["level"] == "wrong"
    assert found["gateway"]["level"] == "ok"
