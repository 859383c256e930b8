"""Stand-ins for both providers, over real HTTP: Telegram's Bot API, and Twilio, which signs with its own library."""

import asyncio
import contextlib
import itertools
import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
import uvicorn
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from twilio.request_validator import RequestValidator

from store.settings import load_settings
from tests.web.conftest import DATABASE_SECONDS
from web.app import create_app

TOKEN = "123456:standin-token"
SECRET = "standin-secret-of-the-webhook"
ACCOUNT = "AC" + "0" * 32
AUTH_TOKEN = "standin-auth-token"
# What Twilio calls; behind a proxy it is not what the gateway sees.
ADDRESS = "https://help.example/messengers/twilio"
PAGE = "https://help.example"
WORDS = {
    "fr": {
        "STOP": "ARRÊT",
        "DELETE": "EFFACER",
        "MORE": "SUITE",
        "I have deleted what you wrote to me.": "J'ai effacé ce que vous m'avez écrit.",
    },
    "ru": {"STOP": "СТОП"},
}
OFFER = "I speak other languages too."
numbers = itertools.count(1)


@dataclass
class TelegramApi:
    """A stand-in for api.telegram.org: keeps every call, and answers as planned."""

    url: str = ""
    calls: list[dict[str, Any]] = field(default_factory=list)
    #: Status and body of the next answers; after them all is well.
    plan: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    #: Messages with these words are neither taken nor refused until this changes.
    hold: str | None = None
    #: What was held, and how often whoever sent it went away meanwhile.
    held: list[str] = field(default_factory=list)
    dropped: int = 0
    #: The next message is taken at once, and confirmed so many seconds later.
    late: float = 0.0

    def sent(self) -> list[dict[str, Any]]:
        """What a person would see: the messages that were taken."""
        return [call for call in self.calls if call["method"] == "sendMessage" and call["status"] == 200]


@pytest.fixture
def serve(new_port: Callable[[], int]) -> Iterator[Callable[[Any], str]]:
    """Serve an application in a thread of this process; its address."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def run(app: Any) -> str:
        port = new_port()
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
        thread = threading.Thread(target=server.run)
        thread.start()
        running.append((server, thread))
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        return f"http://127.0.0.1:{port}"

    yield run
    for server, thread in running:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def telegram_api(serve: Callable[[Any], str]) -> TelegramApi:
    """The stand-in, running."""
    api = TelegramApi()
    app = FastAPI()

    @app.post("/bot{token}/{method}")
    async def call(token: str, method: str, request: Request) -> JSONResponse:
        assert token == TOKEN
        sent = await request.json()
        while api.hold is not None and api.hold in sent.get("text", ""):
            api.held.append(sent["text"])
            if await request.is_disconnected():
                api.dropped += 1
                return JSONResponse({}, status_code=499)
            await asyncio.sleep(0.02)
        status, body = api.plan.pop(0) if api.plan and method == "sendMessage" else (200, {"ok": True, "result": {}})
        entry = {"method": method, "status": status, "at": time.monotonic(), **sent}
        api.calls.append(entry)
        late, api.late = api.late, 0.0
        await asyncio.sleep(late)
        return JSONResponse(body, status_code=status)

    api.url = serve(app)
    return api


class TelegramPhone:
    """A person with Telegram. What she writes reaches the gateway as Telegram's updates."""

    def __init__(self, gateway: str, api: TelegramApi, language: str | None = "en") -> None:
        self.http = httpx.Client(base_url=gateway, trust_env=False, timeout=30)
        self.api = api
        self.chat = 7_000_000_000 + next(numbers)
        self.language = language

    def message(self, **content: Any) -> dict[str, Any]:
        """An update with a message."""
        person = {"id": self.chat, "is_bot": False, "first_name": "Standin", "language_code": self.language}
        message = {"message_id": 1, "from": person, "chat": {"id": self.chat, "type": "private"}, "date": int(time.time())}
        return {"update_id": next(numbers), "message": message | content}

    def post(self, update: dict[str, Any], secret: str | bytes | None = SECRET) -> httpx.Response:
        """Hand an update to the gateway."""
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
        return self.http.post("/messengers/telegram", json=update, headers=headers)

    def write(self, text: str | None = None, **content: Any) -> list[dict[str, Any]]:
        """Send a message; what comes back on the phone."""
        return self.after(self.message(**content, **({} if text is None else {"text": text})))

    def press(self, data: str) -> list[dict[str, Any]]:
        """Press a button; what comes back on the phone."""
        update = self.message()
        person = update["message"].pop("from")
        press = {"id": "press-1", "from": person, "message": update["message"], "data": data}
        return self.after({"update_id": update["update_id"], "callback_query": press})

    def after(self, update: dict[str, Any]) -> list[dict[str, Any]]:
        """Hand over an update; what comes back on the phone."""
        before = len(self.api.sent())
        response = self.post(update)
        assert response.status_code == 200, response.text
        return self.api.sent()[before:]

    def post_soon(self, update: dict[str, Any]) -> threading.Thread:
        """Hand an update over without waiting for the response, which may never come."""

        def post() -> None:
            with contextlib.suppress(httpx.HTTPError):
                self.post(update)

        thread = threading.Thread(target=post)
        thread.start()
        return thread


class TwilioPhone:
    """A person with WhatsApp or SMS. Twilio stands between her and the gateway, and signs with its own library."""

    def __init__(self, gateway: str, whatsapp: bool = False) -> None:
        self.http = httpx.Client(base_url=gateway, trust_env=False, timeout=30)
        self.number = f"+49151{next(numbers):07}"
        self.prefix = "whatsapp:" if whatsapp else ""
        self.offered = ""

    def fields(self, text: str, **more: str) -> dict[str, str]:
        """The form Twilio sends."""
        return {
            "ToCountry": "DE",
            "MessageSid": f"SM{next(numbers):032}",
            "AccountSid": ACCOUNT,
            "NumMedia": "0",
            "SmsStatus": "received",
            "From": self.prefix + self.number,
            "To": self.prefix + "+4915700000000",
            "Body": text,
            "FromCity": "",
        } | more

    def post(self, fields: dict[str, str], signed: dict[str, str] | None = None, address: str = ADDRESS) -> httpx.Response:
        """Send a form with the signature of `signed` (default: of the form itself)."""
        signature = RequestValidator(AUTH_TOKEN).compute_signature(address, fields if signed is None else signed)
        return self.http.post("/messengers/twilio", data=fields, headers={"X-Twilio-Signature": signature})

    def write(self, text: str, **more: str) -> list[str]:
        """Send a message; the texts that come back, without the offer of other languages, which goes to `offered`."""
        response = self.post(self.fields(text, **more))
        assert response.status_code == 200, response.text
        texts = texts_of(response)
        if texts and texts[-1].startswith(OFFER):
            self.offered = texts.pop()
        return texts


def texts_of(response: httpx.Response) -> list[str]:
    """The messages of a TwiML response."""
    assert response.headers["content-type"].startswith("text/xml")
    root = ElementTree.fromstring(response.content)
    assert root.tag == "Response"
    return [message.text or "" for message in root.findall("Message")]


def environment(telegram_api: str) -> dict[str, str]:
    """Settings with both messengers on."""
    return {
        "REDRESS_TELEGRAM_TOKEN": TOKEN,
        "REDRESS_TELEGRAM_SECRET": SECRET,
        "REDRESS_TELEGRAM_API": telegram_api,
        "REDRESS_TWILIO_ACCOUNT_SID": ACCOUNT,
        "REDRESS_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "REDRESS_TWILIO_ADDRESS": ADDRESS,
        "REDRESS_PUBLIC_URL": PAGE,
    }


@pytest.fixture
def serve_gateway(
    serve: Callable[[Any], str],
    standin: str,
    telegram_api: TelegramApi,
    tmp_path: Path,
    example_contacts: dict[str, Any],
    wait: Callable[..., None],
) -> Callable[..., str]:
    """Start a gateway in this process with both messengers on and catalogues of our own; its address."""
    (tmp_path / "contacts.json").write_text(json.dumps(example_contacts))
    given = {"REDRESS_DATA_DIR": str(tmp_path), "REDRESS_RASA_URL": standin} | environment(telegram_api.url)
    given[DATABASE_SECONDS] = os.environ.get(DATABASE_SECONDS, "5")

    def run(**more: str) -> str:
        app = create_app(replace(load_settings(given | more), locales_dir=tmp_path / "locales"))
        url = serve(app)

        def ready() -> bool:
            return bool(httpx.get(f"{url}/readyz", trust_env=False).json()["database"])

        wait(ready, 60)
        # At a first start the rules are written, while nothing else can be: what a person says then is not remembered.
        wait(app.state.services.releases.in_force, 60)
        wait(ready, 60)
        return url

    return run


@pytest.fixture
def gateway_url(serve_gateway: Callable[..., str]) -> str:
    """A gateway with both messengers on that speaks English only."""
    return serve_gateway()


@pytest.fixture
def three_languages(serve_gateway: Callable[..., str], tmp_path: Path) -> Callable[..., str]:
    """Start a gateway that speaks English, French and Russian, with a few words of ours."""
    locales = tmp_path / "locales"
    for language, translations in WORDS.items():
        catalogue = Catalog(locale=language)
        for source, translation in translations.items():
            catalogue.add(source, translation)
        file = locales / language / "LC_MESSAGES" / "web.mo"
        file.parent.mkdir(parents=True)
        with file.open("wb") as output:
            write_mo(output, catalogue)
    return serve_gateway


@pytest.fixture
def telegram(gateway_url: str, telegram_api: TelegramApi) -> TelegramPhone:
    """A person with Telegram in English."""
    return TelegramPhone(gateway_url, telegram_api)


@pytest.fixture
def sms(gateway_url: str) -> TwilioPhone:
    """A person with an old telephone."""
    return TwilioPhone(gateway_url)


@pytest.fixture
def whatsapp(gateway_url: str) -> TwilioPhone:
    """A person with WhatsApp."""
    return TwilioPhone(gateway_url, whatsapp=True)


@pytest.fixture
def new_telegram(telegram_api: TelegramApi) -> Callable[..., TelegramPhone]:
    """More people with Telegram, at another gateway or in another language."""
    return lambda gateway, language="en": TelegramPhone(gateway, telegram_api, language)


@pytest.fixture
def new_twilio() -> type[TwilioPhone]:
    """More people with WhatsApp or SMS."""
    return TwilioPhone


@pytest.fixture
def both_on(telegram_api: TelegramApi) -> dict[str, str]:
    """Settings with both messengers on."""
    return environment(telegram_api.url)


@pytest.fixture
def rows(tmp_path: Path) -> Callable[[], int]:
    """How many conversations the database holds."""

    def count() -> int:
        with sqlite3.connect(tmp_path / "redress.db") as database:
            found: int = database.execute("select count(*) from conversation").fetchone()[0]
            return found

    return count


@pytest.fixture
def outbox(tmp_path: Path) -> Callable[[], list[tuple[int, bool]]]:
    """The rows of the outbox: the part that is next, and whether anything is still to be sent."""

    def rows() -> list[tuple[int, bool]]:
        with sqlite3.connect(tmp_path / "redress.db") as database:
            return [(part, full) for part, full in database.execute("select part, content is not null from outbox")]

    return rows


@pytest.fixture
def reached_rasa(standin: str) -> Callable[[], list[str]]:
    """Texts and payloads of all turns that reached Rasa."""
    return lambda: [turn["text"] or turn["payload"] for turn in httpx.get(f"{standin}/seen", trust_env=False).json()["turns"]]
