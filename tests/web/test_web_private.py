"""Nothing of a conversation reaches a log, whatever breaks; and nothing of ours can be read by other users of the machine."""

from __future__ import annotations

import socket
import sqlite3
import time
from pathlib import Path

import httpx
import pytest

from store.private import readable_by_others

pytestmark = pytest.mark.usefixtures("one_second")

SAID = "marzipan"
ADDRESS = "203.0.113.7"
AS_SOMEBODY = {"X-Forwarded-For": ADDRESS, "User-Agent": "Somebodys-Telephone"}


def write(url: str, conversation: str, text: str) -> int | None:
    """Write from an address; the status of the answer, or None without one."""
    try:
        path = f"{url}/api/v1/conversations/{conversation}/messages"
        return httpx.post(path, json={"text": text}, headers=AS_SOMEBODY, trust_env=False, timeout=20).status_code
    except httpx.TransportError:
        return None


def leave_in_the_middle(url: str, conversation: str, length: int) -> None:
    """Close a connection in the middle of a request, or while it is answered."""
    host, port = url.removeprefix("http://").split(":")
    body = f'{{"text": "SLOW {SAID}"}}'.encode()
    head = f"POST /api/v1/conversations/{conversation}/messages HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {ADDRESS}\r\n"
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body[:length])
        time.sleep(0.1)


def everything_that_can_break(url: str, conversation: str, folder: Path) -> None:
    """Requests of a person while one thing after another is broken; none of them may be told of."""
    for text in (SAID, f"FAIL {SAID}", f"EMPTY {SAID}", f"SLOWPARSE {SAID}", f"BADPARSE {SAID}", f"he will kill me {SAID}", SAID * 2000):
        write(url, conversation, text)
    for length in (5, 10_000):
        leave_in_the_middle(url, conversation, length)
    base = f"{url}/api/v1/conversations/{conversation}"
    for path in (base, f"{base}/case", f"{base}/nothing?{SAID}", f"{base}/%00{SAID}", f"{url}/result/file?{SAID}", f"{url}/{conversation}"):
        httpx.get(path, headers=AS_SOMEBODY, trust_env=False, timeout=20)
    for body in (b"{", SAID.encode(), b"\xff\xfe", b'{"text": ["' + SAID.encode() + b'"]}'):
        httpx.post(f"{base}/messages", content=body, headers=AS_SOMEBODY, trust_env=False, timeout=20)
    httpx.post(f"{url}/api/v1/estimates", json={"case": {SAID: 1}}, headers=AS_SOMEBODY, trust_env=False, timeout=20)
    httpx.post(f"{url}/chat", data={"text": SAID}, cookies={"s": conversation}, headers=AS_SOMEBODY, trust_env=False, timeout=20)
    database = sqlite3.connect(folder / "redress.db", isolation_level=None, timeout=10)
    database.execute("begin exclusive")
    try:
        write(url, conversation, SAID)
        httpx.get(f"{base}/case", headers=AS_SOMEBODY, trust_env=False, timeout=20)
        httpx.delete(base, headers=AS_SOMEBODY, trust_env=False, timeout=20)
    finally:
        database.execute("rollback")
        database.close()


def assert_silent(logs: list[Path], conversation: str) -> None:
    for log in logs:
        text = log.read_text(errors="replace")
        for secret in (conversation, SAID, ADDRESS, "Somebodys"):
            assert secret not in text, f"{log.name}: {text}"


@pytest.mark.parametrize("rasa", [None, "http://127.0.0.1:1"], ids=["Rasa answers", "Rasa is away"])
def test_no_word_no_id_and_no_address_reaches_the_log(run_gateway, new_chat, tmp_path, rasa):
    gateway = run_gateway(**({} if rasa is None else {"REDRESS_RASA_URL": rasa}))
    conversation = new_chat(gateway.url).id
    everything_that_can_break(gateway.url, conversation, tmp_path)
    log = tmp_path / "gateway.log"
    assert "the database does not answer: " in log.read_text()
    assert_silent([log], conversation)


def test_everything_in_the_data_folder_is_for_its_owner_alone(run_gateway, new_chat, tmp_path):
    (tmp_path / "redress.db").touch()
    (tmp_path / "redress.db").chmod(0o644)
    tmp_path.chmod(0o755)
    gateway = run_gateway()
    new_chat(gateway.url).say("hello")
    names = {path.name for path in tmp_path.iterdir()}
    assert {"redress.db", "redress.db-wal", "redress.db-shm", "conversation.key", "channel.secret", "contacts.json"} <= names
    assert list(readable_by_others(tmp_path)) == []


@pytest.mark.stack
def test_the_real_servers_tell_nothing_and_show_nothing_to_others(own_stack, wait):
    url, folder = own_stack.url, own_stack.data_dir
    conversation = httpx.post(f"{url}/api/v1/conversations", json={"country": "DE"}, trust_env=False).json()["conversation"]
    assert write(url, conversation, f"i worked in a restaurant and they did not pay me {SAID}") == 200
    everything_that_can_break(url, conversation, folder)
    rasa = {"Authorization": f"Bearer {(folder / 'channel.secret').read_text().strip()}"}
    channel = f"{own_stack.rasa_url}/webhooks/gateway"
    httpx.post(f"{channel}/messages", content=SAID, headers=rasa, timeout=20)
    httpx.get(f"{channel}/conversations/{conversation}", headers=rasa, timeout=20)
    httpx.post(f"{own_stack.rasa_url}/model/parse", content=SAID, timeout=20)
    for body in (SAID, f'{{"next_action": "{SAID}"}}', f'{{"next_action": "action_answer", "tracker": "{SAID}", "domain": {{}}}}'):
        httpx.post(own_stack.actions_url, content=body, timeout=20)
    for name in ("actions", "rasa"):
        own_stack.process(name).kill()
        write(url, conversation, f"how much money can i claim {SAID}")
    logs = list((folder / "logs").iterdir())
    assert {log.name for log in logs} == {"web.log", "rasa.log", "actions.log"}
    assert_silent(logs, conversation)
    assert list(readable_by_others(folder)) == []


def test_an_error_of_ours_is_told_by_its_kind_and_place(run_gateway, tmp_path, monkeypatch):
    # A part that raises with a person's words in its message, deep in an answer.
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import web.cleaning\ndef fail(text):\n    raise ValueError('cannot clean ' + text)\nweb.cleaning.clean_text = fail\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{broken}:{Path(__file__).parents[2]}")
    gateway = run_gateway()
    created = httpx.post(f"{gateway.url}/api/v1/conversations", json={}, trust_env=False)
    assert write(gateway.url, created.json()["conversation"], SAID) == 500
    log = tmp_path / "gateway.log"
    assert "ERROR web.security: ValueError in fail, line 3" in log.read_text()
    assert_silent([log], created.json()["conversation"])
