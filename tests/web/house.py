"""A house whose staff sign in, for the tests of their pages: a browser without scripts, and how somebody comes in."""

from __future__ import annotations

import asyncio
import html
import re
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pyotp
from starlette.testclient import TestClient

from store.database import connect
from store.keys import read_keys
from store.organisations.roles import Role
from store.organisations.staff import Staff
from store.organisations.tombstones import Tombstones
from store.sealing import Sealer
from store.settings import load_settings
from web.staff.session import COOKIE

PASSPHRASE = "four words of my own"
FOUNDER = (Role.ADMINISTRATOR, Role.SUPPORT_WORKER)
SAME = {"origin": "http://here"}


def staff_of(data_dir: Path) -> Staff:
    """The members of an installation whose servers run with this data folder, as its command line sees them."""
    settings = load_settings({"REDRESS_DATA_DIR": str(data_dir)})
    keys = read_keys(settings.conversation_key_file)
    return Staff(connect(settings.database_url), Sealer(*keys), lambda: datetime.now(UTC), Tombstones(settings.tombstones_file))


class Browser:
    """A browser without scripts: keeps cookies, sends forms from our own page."""

    def __init__(self, app, language: str = "en") -> None:
        self.app, self.cookies, self.language = app, httpx.Cookies(), language

    def _ask(self, method: str, path: str, follow: bool = True, **more) -> httpx.Response:
        async def ask():
            transport = httpx.ASGITransport(self.app)
            headers = {**SAME, "Accept-Language": self.language, **more.pop("headers", {})}
            async with httpx.AsyncClient(transport=transport, base_url="http://here", cookies=self.cookies, follow_redirects=follow) as http:
                answer = await http.request(method, path, headers=headers, **more)
                self.cookies = http.cookies
                return answer

        return asyncio.run(ask())

    def get(self, path: str, **more) -> httpx.Response:
        return self._ask("GET", path, **more)

    def post(self, path: str, **form) -> httpx.Response:
        return self._ask("POST", path, data=form)

    def text(self, path: str = "/staff") -> str:
        return html.unescape(self.get(path).text)


class Signed:
    """The same for who is signed in to a gateway that runs in one event loop, as its calculation workers need it."""

    def __init__(self, client: TestClient, token: str) -> None:
        self._client, self.token, self.language = client, token, "en"

    def _ask(self, method: str, path: str, **more):
        self._client.cookies.clear()
        self._client.cookies.set(COOKIE, self.token)
        headers = {"accept-language": self.language, **more.pop("headers", {})}
        answer = self._client.request(method, path, headers=headers, **more)
        # The first page gives the session a new name.
        self.token = next((one.value for one in self._client.cookies.jar if one.name == COOKIE and one.value != self.token), self.token)
        return answer

    def get(self, path: str, **more):
        return self._ask("GET", path, **more)

    def post(self, path: str, form: dict | None = None, **more):
        return self._ask("POST", path, data=form or {}, **more)

    def text(self, path: str) -> str:
        return html.unescape(self.get(path).text)


def code_on(page: str) -> str:
    """A code that stands on a page by itself."""
    return re.search(r"<code dir=\"ltr\">([A-Z2-7-]{28})</code>", page)[1]


def come_in(app, code: str, name: str, passphrase: str = PASSPHRASE) -> tuple[Browser, str]:
    """Take up an invitation on the pages and sign in; return the browser and the key on paper, if it was shown."""
    browser = Browser(app)
    assert f"Welcome, {name}" in html.unescape(browser.post("/staff/join", code=code).text)
    page = html.unescape(browser.post("/staff/join", code=code, passphrase=passphrase, again=passphrase).text)
    secret = re.search(r"<code dir=\"ltr\">([A-Z2-7]{32})</code>", page)[1]
    paper = re.search(r'paper-key" dir="ltr">([\w-]+)<', page)
    spare = re.search(r"<li><code>(\w{10})</code>", page)[1]
    assert pyotp.TOTP(secret).now() not in page
    signed = browser.post("/staff/sign-in", name=name, passphrase=passphrase, code=spare)
    assert signed.status_code == 200 and "You are signed in as" in signed.text
    return browser, paper[1] if paper else ""
