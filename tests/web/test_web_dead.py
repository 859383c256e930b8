"""Parts that are dead: Rasa, the database, the contacts. A person in danger notices none of it."""

import sqlite3
import time
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.usefixtures("one_second")


def test_without_rasa_the_numbers_come_first_and_then_kind_words(run_gateway, new_chat):
    gateway = run_gateway(REDRESS_RASA_URL="http://127.0.0.1:1")
    messages = new_chat(gateway.url).say("hello")
    assert [m["kind"] for m in messages] == ["emergency_hint", "unavailable"]
    assert httpx.get(f"{gateway.url}/readyz", trust_env=False).status_code == 503
    assert httpx.get(f"{gateway.url}/healthz", trust_env=False).status_code == 200


def test_without_database_danger_is_answered(run_gateway):
    gateway = run_gateway(REDRESS_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    with httpx.Client(base_url=gateway.url, trust_env=False, timeout=10) as http:
        messages = f"/api/v1/conversations/{'x' * 32}/messages"
        danger = http.post(messages, json={"text": "he will kill me"}).json()["messages"]
        assert [m["kind"] for m in danger] == ["emergency", "emergency"]
        ordinary = http.post(messages, json={"text": "hello"}).json()["messages"]
        assert [m["kind"] for m in ordinary] == ["unavailable"]
        page = http.post("/chat", data={"text": "he will kill me"})
        assert page.status_code == 200
        assert 'href="tel:112"' in page.text
        created = http.post("/api/v1/conversations", json={})
        assert created.status_code == 503
        assert "fix" in created.json()["error"]
        assert http.get("/readyz").json()["database"] is False


def test_without_contacts_there_is_still_a_number(run_gateway, new_chat, tmp_path):
    (tmp_path / "broken.json").write_text("not json")
    gateway = run_gateway(REDRESS_CONTACTS_FILE=str(tmp_path / "broken.json"))
    assert httpx.get(f"{gateway.url}/readyz", trust_env=False).json()["numbers"] is False
    chat = new_chat(gateway.url)
    assert "112 or 911" in chat.say("he will kill me")[0]["text"]
    assert "112" in chat.say("FAIL")[0]["text"]


def test_numbers_that_were_read_stand_when_their_file_breaks(run_gateway, new_chat, tmp_path):
    gateway = run_gateway()
    chat = new_chat(gateway.url, country="DE")
    (tmp_path / "contacts.json").write_text("not json")
    assert chat.say("he will kill me")[0]["text"] == "Call 110 now if you can."


def test_the_number_is_the_countrys_own_while_the_database_hangs(run_gateway, new_chat, tmp_path):
    gateway = run_gateway()
    chat = new_chat(gateway.url, country="DE")
    chat.say("hello")
    database = sqlite3.connect(tmp_path / "redress.db", isolation_level=None, timeout=10)
    database.execute("begin exclusive")
    try:
        begun = time.monotonic()
        assert chat.say("he will kill me, he has a knife")[0]["text"] == "Call 110 now if you can."
        assert time.monotonic() - begun < 2
    finally:
        database.execute("rollback")
        database.close()


def test_a_new_gateway_goes_on_with_the_conversation(run_gateway, new_chat, standin):
    first = run_gateway()
    chat = new_chat(first.url, country="DE")
    (question,) = chat.say("choose")
    first.stop()
    chat.http = httpx.Client(base_url=run_gateway().url, trust_env=False, timeout=10)
    assert chat.press(question["buttons"][0]["button"])[0]["text"] == "You said: /affirm"


def test_nothing_that_was_said_is_in_the_log_or_readable_in_the_database(run_gateway, new_chat, tmp_path):
    gateway = run_gateway()
    chat = new_chat(gateway.url)
    http = httpx.Client(base_url=gateway.url, trust_env=False, timeout=20)
    http.post("/chat", data={"text": "my secret word"})
    for text in ("my secret word", "my secret word FAIL", "my secret word HANG"):
        chat.say(text)
    chat.http.post(f"/api/v1/conversations/{chat.id}/messages", json={"text": ["my secret word"]})
    chat.delete()
    for file in filter(Path.is_file, tmp_path.rglob("*")):
        content = file.read_bytes()
        assert b"secret word" not in content, file.name
        assert chat.id.encode() not in content, file.name
        if file.name != "contacts.json" and file.suffix != ".log":
            assert file.stat().st_mode & 0o077 == 0, file.name
