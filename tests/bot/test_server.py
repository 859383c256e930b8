"""The Rasa server itself, with a small assistant and a real action server: danger, silence, privacy, the protocol."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.fernet import Fernet

from erasure import tables
from erasure.names import row_key
from erasure.wrapping import FILE_NAME, WrappingKeys
from store.database import connect
from tools.local_services import free_port

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = Path(__file__).parent / "fixtures"
RASA_PYTHON = str(ROOT / ".venv-rasa" / "bin" / "python")
START_SECONDS = 90

pytestmark = pytest.mark.slow

DANGER = "he is at the door he is going to kill me"


@dataclass
class Servers:
    """The two processes and how to talk to them."""

    folder: Path
    environment: dict[str, str]
    port: int
    actions_port: int
    rasa: subprocess.Popen[bytes] | None = None
    actions: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def secret(self) -> str:
        return (self.folder / "data" / "channel.secret").read_text().strip()

    def start(self, command: list[str], name: str) -> subprocess.Popen[bytes]:
        # A process group of its own: the action server's workers are stopped with it.
        log = (self.folder / f"{name}.log").open("ab")
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True)

    def start_rasa(self) -> None:
        self.rasa = self.start(self.rasa_command(self.port), "rasa")
        wait_for(f"{self.url}/status", self.folder / "rasa.log")

    def rasa_command(self, port: int) -> list[str]:
        return [RASA_PYTHON, "-m", "bot.server", "--port", str(port), "--model-dir", str(self.folder)]

    def start_actions(self) -> None:
        command = [sys.executable, "-m", "rasa_sdk", "--actions", "probe_actions", "--port", str(self.actions_port)]
        self.actions = self.start(command, "actions")
        wait_for(f"http://127.0.0.1:{self.actions_port}/health", self.folder / "actions.log")

    def signal_actions(self, number: int) -> None:
        assert self.actions
        os.killpg(self.actions.pid, number)

    def give_key(self, conversation: str, destroy: bool = False) -> None:
        """Make a conversation's own key, as the gateway does when it begins; or destroy it."""
        data = self.folder / "data"
        engine, wrapping = connect(f"sqlite:///{data / 'redress.db'}"), WrappingKeys(data / FILE_NAME)
        name = row_key((data / "conversation.key").read_bytes().split()[0], conversation)
        with engine.begin() as connection:
            tables.keys.create(connection, checkfirst=True)
            if destroy:
                connection.execute(tables.keys.delete().where(tables.keys.c.conversation == name))
            elif tables.key_of(connection, name, wrapping) is None:
                number, wrapped = wrapping.wrap(Fernet.generate_key())
                connection.execute(tables.keys.insert().values(conversation=name, wrapped_by=number, wrapped=wrapped))
        engine.dispose()

    def say(self, conversation: str, text: str | None = None, payload: str | None = None, **extra: Any) -> list[dict[str, Any]]:
        self.give_key(conversation)
        metadata = {"language": "en", "country": "DE", "danger_shown": False, **extra.pop("metadata", {})}
        body = {"conversation": conversation, "text": text, "payload": payload, "metadata": metadata, **extra}
        answer = httpx.post(f"{self.url}/webhooks/gateway/messages", json=body, headers=self.headers, timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.json()["messages"]

    def parse(self, text: str) -> dict[str, Any]:
        return httpx.post(f"{self.url}/model/parse", json={"text": text}, timeout=20).json()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}


def wait_for(url: str, log: Path, status: int = 200) -> None:
    for _ in range(START_SECONDS * 5):
        try:
            if httpx.get(url, timeout=2).status_code == status:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise AssertionError(log.read_text()[-2000:])


def stop(process: subprocess.Popen[bytes] | None) -> None:
    if process and process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Train the small assistant, start both servers, stop them at the end."""
    folder = tmp_path_factory.mktemp("assistant")
    (folder / "data").mkdir(mode=0o700)
    port, actions_port = free_port(), free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("REDRESS_")} | {
        "REDRESS_DATA_DIR": str(folder / "data"),
        "REDRESS_CONTACTS_FILE": str(FIXTURES / "contacts.json"),
        "REDRESS_ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
        "SANIC_HOST": "127.0.0.1",
        "PYTHONPATH": str(FIXTURES),
    }
    train = [RASA_PYTHON, "-m", "bot.train", "--models", str(folder), "--domain", str(FIXTURES / "domain.yml"), "--data"]
    inputs = [str(FIXTURES / "nlu.yml"), str(FIXTURES / "rules.yml")]
    done = subprocess.run([*train, *inputs], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    again = subprocess.run([*train, *inputs], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert "nothing changed" in again.stdout
    both = Servers(folder, environment, port, actions_port)
    try:
        both.start_actions()
        both.start_rasa()
        yield both
    finally:
        stop(both.actions)
        stop(both.rasa)


def new() -> str:
    return f"conversation-{uuid.uuid4().hex}"


def kinds(messages: list[dict[str, Any]]) -> list[str]:
    return [message["kind"] for message in messages]


def test_a_response_keeps_text_buttons_and_custom_together(servers: Servers) -> None:
    assert servers.say(new(), "hello") == [
        {
            "kind": "text",
            "fact": None,
            "extra": 1,
            "text": "Hello. You asked .",
            "buttons": [{"title": "Estimate", "payload": '/ask_compensation{"value": "yes"}'}],
        }
    ]


def test_a_blank_line_does_not_split_an_answer(servers: Servers) -> None:
    assert [m["text"] for m in servers.say(new(), payload="/ask_shelter")] == [
        "First paragraph.\n\nSecond paragraph.",
        "Done.",
    ]


def test_danger_before_inside_and_after_the_form_which_goes_on(servers: Servers) -> None:
    one = new()
    assert kinds(servers.say(one, DANGER)) == ["emergency"]
    assert servers.say(one, payload="/ask_compensation")[0]["fact"] == "work[0].start"
    assert servers.say(one, "march 2022")[0]["fact"] == "work[1].start"
    assert [m["text"] for m in servers.say(one, DANGER)] == ["Call 110 now if you can."]
    # The form was not fed with the danger: its next question is the third, not the fourth.
    assert servers.say(one, payload='/dont_know{"value": "unknown"}', title="I don't know")[0]["fact"] == "work[2].start"
    for _ in range(28):
        last = servers.say(one, payload='/dont_know{"value": "unknown"}')
    assert last[0]["text"] == "Done."
    assert kinds(servers.say(one, DANGER)) == ["emergency"]


def test_danger_that_the_person_says_is_none_is_none(servers: Servers) -> None:
    """The gateway could not have it read, before or after: it comes without a parse, as what was held."""
    assert kinds(servers.say(new(), DANGER, metadata={"held": False})) == ["emergency"]
    assert not {"emergency", "emergency_hint"} & set(kinds(servers.say(new(), DANGER, metadata={"held": True})))


def test_danger_in_a_long_story_is_found_in_half_a_second(servers: Servers) -> None:
    story = ("we worked in the kitchen every day without pay. " * 210)[:9900]
    for text in (f"{story} {DANGER}", f"{story[:5000]}. {DANGER}. {story[5000:]}"):
        started = time.monotonic()
        danger = servers.parse(text)["danger"]
        assert danger["level"] in ("sure", "unsure") and danger["kind"] in ("attack", "medical")
        assert time.monotonic() - started < 1.5


def test_odd_text_is_parsed(servers: Servers) -> None:
    for text in ("", " ", "😀", "\u0000\u0007", "/", "x" * 10_000, "我" * 10_000):
        answer = servers.parse(text)
        assert set(answer["danger"]) == {"kind", "level", "score", "clear"}, text[:20]


def test_text_is_never_a_command(servers: Servers) -> None:
    for text in ("/restart", " /greet", '\n/inform{"a": 1}'):
        assert servers.parse(text)["intent"]["confidence"] < 1.0
        assert servers.parse(text)["danger"] is not None
    one = new()
    servers.say(one, payload="/ask_compensation")
    servers.say(one, "/restart")
    # The form is still there (a restart would have answered with nothing to go on with).
    assert servers.say(one, "march 2022")[0]["kind"] == "question"


def test_unsure_danger_puts_one_line_above_the_answer_unless_shown(servers: Servers) -> None:
    parse = servers.parse("hello") | {"danger": {"kind": "attack", "level": "unsure", "score": 0.3}}
    assert kinds(servers.say(new(), "hello", parse=parse)) == ["emergency_hint", "text"]
    assert kinds(servers.say(new(), "hello", parse=parse, metadata={"danger_shown": True})) == ["text"]


def test_an_emergency_inside_the_form_never_costs_the_next_answer(servers: Servers) -> None:
    one = new()
    servers.say(one, payload="/ask_compensation")
    sure = {"kind": None, "level": "sure", "score": 0.9}
    parse = servers.parse("hello") | {"intent": {"name": "emergency", "confidence": 0.9}, "danger": sure}
    assert kinds(servers.say(one, "he", parse=parse, metadata={"danger_shown": True})) == ["emergency"]
    assert servers.say(one, "march 2022")[0]["fact"] == "work[1].start"


def test_an_action_that_fails_is_said_and_the_rest_of_its_rule_is_left(servers: Servers) -> None:
    assert kinds(servers.say(new(), payload="/ask_medical")) == ["unavailable"]


def test_what_was_said_before_an_action_failed_is_not_shown_as_the_whole(servers: Servers) -> None:
    assert kinds(servers.say(new(), payload="/out_of_scope")) == ["unavailable"]


def test_a_turn_without_a_rule_is_not_silent(servers: Servers) -> None:
    assert kinds(servers.say(new(), payload="/thank")) == ["unavailable"]


def test_the_channel_needs_the_secret_and_a_sound_body(servers: Servers) -> None:
    url = f"{servers.url}/webhooks/gateway/messages"
    assert httpx.post(url, json={"conversation": "c", "text": "hi"}).status_code == 401
    assert httpx.post(url, json={}, headers={"Authorization": "Bearer wrong"}).status_code == 401
    for body in ({}, {"conversation": "c"}, {"conversation": "c", "text": "a", "payload": "/a"}):
        assert httpx.post(url, json=body, headers=servers.headers).status_code == 422
    assert httpx.post(url, content=b"{", headers=servers.headers).status_code == 422
    assert httpx.get(f"{servers.url}/webhooks/gateway/ready").status_code == 401


def test_nothing_else_of_rasas_interface_is_open(servers: Servers) -> None:
    for path in ("/conversations/c/tracker", "/domain", "/webhooks/rest/webhook", "/webhooks/rest"):
        assert httpx.get(f"{servers.url}{path}").status_code == 404


def test_where_others_reach_rasa_everything_needs_the_secret_and_both_are_taken_while_it_is_changed(servers: Servers) -> None:
    port = free_port()
    process = servers.start([*servers.rasa_command(port), "--host", "0.0.0.0"], "public")
    url, file = f"http://127.0.0.1:{port}", servers.folder / "data" / "channel.secret"
    try:
        wait_for(f"{url}/status", servers.folder / "public.log", status=401)
        for path in ("/", "/version", "/status"):
            assert httpx.get(f"{url}{path}").status_code == 401
            assert httpx.get(f"{url}{path}", headers=servers.headers).status_code == 200
        assert httpx.post(f"{url}/model/parse", json={"text": DANGER}).status_code == 401
        assert httpx.post(f"{url}/model/parse?token={servers.secret}", json={"text": DANGER}).status_code == 401
        old = servers.headers
        new = {"Authorization": "Bearer " + base64.urlsafe_b64encode(os.urandom(32)).decode()}
        assert httpx.post(f"{url}/model/parse", json={"text": DANGER}, headers=new).status_code == 401
        before = file.read_text()
        file.write_text(new["Authorization"].removeprefix("Bearer ") + "\n" + before)
        try:
            for headers in (old, new):
                answer = httpx.post(f"{url}/model/parse", json={"text": DANGER}, headers=headers, timeout=20)
                assert answer.json()["danger"]["level"] == "sure"
                assert httpx.get(f"{url}/webhooks/gateway/ready", headers=headers, timeout=20).status_code == 200
        finally:
            file.write_text(before)
    finally:
        stop(process)


def test_without_its_key_a_conversation_is_forgotten(servers: Servers) -> None:
    one = new()
    servers.say(one, payload="/ask_compensation")
    servers.give_key(one, destroy=True)
    assert servers.say(one, "hello")[0]["kind"] == "text"


def test_a_turn_whose_answer_never_arrived_is_forgotten_when_it_is_asked_again(servers: Servers) -> None:
    one = new()
    servers.say(one, payload="/ask_compensation", step=0)
    assert servers.say(one, "march 2022", step=1)[0]["fact"] == "work[1].start"
    # The gateway had no answer to that: it asks for the same turn, perhaps with other words.
    assert servers.say(one, "april 2022", step=1)[0]["fact"] == "work[1].start"
    assert servers.say(one, "may 2022", step=2)[0]["fact"] == "work[2].start"


def test_messages_of_one_conversation_wait_for_each_other(servers: Servers) -> None:
    one = new()
    servers.say(one, payload="/ask_compensation")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: servers.say(one, "march 2022"), range(4)))
    assert sorted(a[0]["fact"] for a in answers) == [f"work[{i}].start" for i in range(1, 5)]


def test_a_hung_action_server_delays_nobody_in_danger(servers: Servers) -> None:
    one = new()
    servers.say(one, payload="/ask_compensation")
    servers.signal_actions(signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(2) as pool:
            started = time.monotonic()
            waiting = pool.submit(servers.say, one, "march 2022")
            time.sleep(0.3)
            assert servers.parse(DANGER)["danger"]["level"] == "sure"
            assert kinds(servers.say(new(), DANGER)) == ["emergency"]
            assert time.monotonic() - started < 2
            assert kinds(waiting.result()) == ["unavailable"]
            assert time.monotonic() - started < 7
    finally:
        servers.signal_actions(signal.SIGCONT)
    assert servers.say(one, "march 2022")[0]["fact"] == "work[1].start"


def test_a_dead_action_server_and_a_restart_of_rasa(servers: Servers) -> None:
    one = new()
    servers.say(one, payload="/ask_compensation")
    stop(servers.actions)
    assert kinds(servers.say(one, DANGER)) == ["emergency"]
    assert kinds(servers.say(one, "march 2022")) == ["unavailable"]
    assert kinds(servers.say(new(), payload="/ask_compensation")) == ["unavailable"]
    stop(servers.rasa)
    servers.start_actions()
    servers.start_rasa()
    assert servers.say(one, "march 2022")[0]["fact"] == "work[1].start"


def test_logs_and_database_hold_nobodys_words(servers: Servers) -> None:
    one = new()
    servers.say(one, payload="/ask_compensation")
    servers.say(one, "marzipan in march")
    servers.say(one, payload="/ask_medical")
    kept = [servers.folder / "rasa.log", *(servers.folder / "data").glob("redress.db*")]
    for path in kept:
        content = path.read_bytes()
        assert not [word for word in (b"marzipan", b"march", b"conversation-", b"Question") if word in content], path
