"""Real processes for the tests of the gateway: the gateway itself, Redis, and a stand-in Rasa for faults."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from starlette.testclient import TestClient

from store.migrate import upgrade
from store.organisations.roles import Role
from store.settings import load_settings
from tests.web.house import Signed, come_in
from tools.local_services import MissingServiceError, free_port, redis
from web.app import create_app
from web.staff.session import COOKIE

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]


@dataclass
class Server:
    """One server process of the test's own."""

    url: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End it, by its process."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(command: list[str], url: str, path: str, environment: dict[str, str], log: Path) -> Server:
    """Start a server and wait until `path` answers."""
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=os.environ | environment, stdout=output, stderr=output)
    # A busy machine takes long to start a process.
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            httpx.get(url + path, timeout=2, trust_env=False)
            return Server(url, process)
        except httpx.TransportError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
    process.kill()
    raise AssertionError(f"{command} did not start")


def contacts() -> dict[str, Any]:
    """A small contacts.json."""

    def emergency(number: str) -> dict[str, Any]:
        return {
            "any": {
                "sure": [f"Call {number} now if you can.", "You can whisper."],
                "hint": f"Danger? {number}.",
            }
        }

    return {
        "version": 1,
        "languages": ["en", "fr"],
        "countries": ["DE", "FR"],
        "emergency": {
            "en": {"": emergency("112"), "DE": emergency("110"), "FR": emergency("17")},
            "fr": {"FR": {"any": {"sure": ["Appelez le 17."], "hint": "Danger ? 17."}}},
        },
        "unavailable": {"en": {"": "I cannot answer. Danger? 112.", "DE": "I cannot answer. Danger? 110."}},
    }


@pytest.fixture(scope="session")
def standin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of the stand-in Rasa."""
    server = start_standin(tmp_path_factory.mktemp("standin") / "log")
    yield server.url
    server.stop()


@pytest.fixture
def two_standins(tmp_path: Path) -> Iterator[list[Server]]:
    """Two more of them, to break."""
    servers = [start_standin(tmp_path / f"standin{number}.log") for number in (1, 2)]
    yield servers
    for server in servers:
        server.process.kill()
        server.process.wait(10)


def start_standin(log: Path) -> Server:
    """Start a stand-in Rasa on a port of its own."""
    port = free_port()
    return start([sys.executable, str(HERE / "standin_rasa.py"), "--port", str(port)], f"http://127.0.0.1:{port}", "/status", {}, log)


@pytest.fixture
def run_gateway(standin: str, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start gateway processes that share a data directory; settings as keyword arguments."""
    servers: list[Server] = []

    def run(**settings: str) -> Server:
        server = start_gateway(standin, tmp_path, settings)
        servers.append(server)
        return server

    yield run
    for server in servers:
        server.stop()


DATABASE_SECONDS = "REDRESS_DATABASE_SECONDS"


@pytest.fixture(scope="module")
def one_second() -> Iterator[None]:
    """The database may take one second, as it may for people. For the tests of other things a machine that stands still for a moment is
    given more: what they look for would not be kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATABASE_SECONDS, "1")
        yield


@pytest.fixture(scope="module")
def gateway(standin: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One gateway for all tests of a module."""
    server = start_gateway(standin, tmp_path_factory.mktemp("gateway"), {})
    yield server
    server.stop()


def start_gateway(rasa: str, data_dir: Path, settings: dict[str, str]) -> Server:
    """Start a gateway in front of `rasa` with its files in `data_dir`."""
    (data_dir / "contacts.json").write_text(json.dumps(contacts()))
    port = free_port()
    environment = {
        "REDRESS_DATA_DIR": str(data_dir),
        "REDRESS_RASA_URL": rasa,
        "REDRESS_ACTIONS_URL": f"{rasa}/webhook",
        DATABASE_SECONDS: os.environ.get(DATABASE_SECONDS, "5"),
        **settings,
    }
    command = [sys.executable, "-m", "web.server", "--port", str(port)]
    server = start(command, f"http://127.0.0.1:{port}", "/healthz", environment, data_dir / "gateway.log")
    if settings.get("REDRESS_DATABASE_URL") is None:
        wait_until(lambda: httpx.get(f"{server.url}/readyz", trust_env=False).json()["database"])
    return server


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for something that happens by itself."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """URL of a Redis server that lives as long as the tests."""
    try:
        with redis() as service:
            yield service.url
    except MissingServiceError as error:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(str(error))


@pytest.fixture(scope="module")
def languages_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Catalogues of our own, with a few words in Arabic and French."""
    directory = tmp_path_factory.mktemp("locales")
    words = {
        "ar": {
            "Leave this page": "\u0645\u063a\u0627\u062f\u0631\u0629",
            "Notes": "\u0645\u0644\u0627\u062d\u0638\u0627\u062a",
        },
        "fr": {"This conversation is no longer here.": "Cette conversation n'est plus l\u00e0."},
    }
    for language, translations in words.items():
        catalogue = Catalog(locale=language)
        for source, translation in translations.items():
            catalogue.add(source, translation)
        file = directory / language / "LC_MESSAGES" / "web.mo"
        file.parent.mkdir(parents=True)
        with file.open("wb") as output:
            write_mo(output, catalogue)
    return directory


@pytest.fixture(scope="module")
def many_languages(standin: str, languages_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a gateway in a thread of this process that speaks English, Arabic and French."""
    data_dir = tmp_path_factory.mktemp("languages")
    (data_dir / "contacts.json").write_text(json.dumps(contacts()))
    settings = load_settings({"REDRESS_DATA_DIR": str(data_dir), "REDRESS_RASA_URL": standin})
    app = create_app(replace(settings, locales_dir=languages_dir))
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    url = f"http://127.0.0.1:{port}"
    wait_until(lambda: server.started and httpx.get(f"{url}/readyz", trust_env=False).json()["database"])
    yield url
    server.should_exit = True
    thread.join(10)


class Chat:
    """A client of the conversation API with one conversation."""

    def __init__(self, url: str, language: str = "en", country: str | None = None) -> None:
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=20)
        body = {"language": language, "country": country}
        self.id: str = self.http.post("/api/v1/conversations", json=body).json()["conversation"]

    def post(self, **body: str) -> httpx.Response:
        """Send a message, whatever comes back."""
        return self.http.post(f"/api/v1/conversations/{self.id}/messages", json=body)

    def say(self, text: str) -> list[dict[str, Any]]:
        """Send a text; the messages of the answer."""
        response = self.post(text=text)
        assert response.status_code == 200, response.text
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages

    def press(self, button: str) -> list[dict[str, Any]]:
        """Press a button; the messages of the answer."""
        response = self.post(button=button)
        assert response.status_code == 200, response.text
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages

    def delete(self) -> httpx.Response:
        """Forget the conversation."""
        return self.http.delete(f"/api/v1/conversations/{self.id}")

    def turns(self, standin: str) -> list[dict[str, Any]]:
        """What reached Rasa of this conversation."""
        everything = httpx.get(f"{standin}/seen", trust_env=False).json()["turns"]
        return [turn for turn in everything if turn["conversation"] == self.id]


@pytest.fixture
def chat(gateway: Server) -> Chat:
    """A new conversation in English, country unknown."""
    return Chat(gateway.url)


@pytest.fixture
def new_chat() -> type[Chat]:
    """For tests that need several conversations, or other languages."""
    return Chat


@pytest.fixture
def example_contacts() -> dict[str, Any]:
    """The content of the contacts.json that the gateways here have."""
    return contacts()


@pytest.fixture
def new_port() -> Callable[[], int]:
    """Finds free ports."""
    return free_port


@pytest.fixture
def wait() -> Callable[..., None]:
    """Waits for a condition."""
    return wait_until


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """A gateway on a database of its own, one for a module: its calculation workers start once."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "contacts.json").write_text(json.dumps(contacts()))
    settings = load_settings({"REDRESS_DATA_DIR": str(folder)})
    upgrade(settings.database_url)
    return create_app(settings)


@pytest.fixture(scope="module")
def member(app):
    """Makes somebody of a house and signs her in."""
    with TestClient(app, base_url="http://here", headers={"origin": "http://here"}) as client:

        def make(name, house, roles=(Role.ADMINISTRATOR, Role.SUPPORT_WORKER)):
            code = app.state.services.staff.invite_from_command(name, house, list(roles))
            return Signed(client, come_in(app, code, name)[0].cookies[COOKIE])

        yield make
