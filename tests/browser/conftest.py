"""Debian's Chromium in front of the real servers; screenshots of every state go to build/screenshots."""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NoReturn

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from cli.stack import Stack
from store.settings import load_settings
from tests.web.house import FOUNDER, staff_of
from tools.house import Gateway, gateway
from tools.local_services import MissingServiceError, free_port, postgres
from web.app import create_app

REPOSITORY = Path(__file__).parents[2]
SCREENSHOTS = REPOSITORY / "build" / "screenshots"
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1200, "height": 850}
VIEWPORTS = {"phone": PHONE, "desktop": DESKTOP}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser a module; each test has a context of its own, which is a browser without a past.

    Not one for the session: Playwright keeps an event loop running in this thread, and other tests run loops of their own.
    """
    program = shutil.which("chromium")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is missing")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def website(body: str, port: int = 0) -> Iterator[int]:
    """A website of one page, on a port of its own."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 - the name http.server calls
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()


@contextmanager
def gateway_before(stack: Stack, **settings: str) -> Iterator[str]:
    """A gateway in this process with settings of its own, before the Rasa and the database of the stack."""
    port = free_port()
    environment = {
        "REDRESS_DATA_DIR": str(stack.data_dir),
        "REDRESS_RASA_URL": stack.rasa_url,
        "REDRESS_ACTIONS_URL": stack.actions_url,
        **settings,
    }
    server = uvicorn.Server(uvicorn.Config(create_app(load_settings(environment)), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def weather() -> Iterator[str]:
    """A harmless page on another port: where leaving leads, in these tests."""
    with website("<!doctype html><title>Weather</title><h1>Sunny</h1>") as port:
        yield f"http://127.0.0.1:{port}/weather"


@pytest.fixture(scope="module")
def page_url(stack: Stack, weather: str) -> Iterator[str]:
    """The page of a gateway whose way out leads to a page of the tests."""
    with gateway_before(stack, REDRESS_LEAVE_URL=weather) as url:
        yield url


@pytest.fixture
def ngo(stack: Stack, weather: str) -> Iterator[tuple[str, str]]:
    """(a website that shows the page in one line, the page): two sites, as browsers see it."""
    port = free_port()
    allowed = f"http://localhost:{port}"
    with gateway_before(stack, REDRESS_LEAVE_URL=weather, REDRESS_FRAME_ORIGINS=allowed, REDRESS_BRAND_NAME="Harbour") as page:
        frame = f'<iframe src="{page}/" title="Chat" width="360" height="640"></iframe>'
        with website(f"<!doctype html><title>Harbour</title><h1>Harbour</h1>{frame}", port):
            yield f"http://localhost:{port}/", page


@dataclass
class Visitor:
    """Somebody with a browser. Says what the page's console said, and where the browser went."""

    page: Page
    context: BrowserContext
    url: str
    name: str
    complaints: list[str]
    requests: list[str]
    scripts: bool = True

    def open(self, path: str = "/") -> None:
        self.page.goto(self.url + path)

    def write(self, text: str) -> None:
        """Write and send, and wait until the answer stands there."""
        self.page.fill("#text", text)
        self.page.click("form.write button")
        self.answered()

    def press(self, title: str) -> None:
        self.page.get_by_role("button", name=title, exact=True).last.click()
        self.answered()

    def answered(self) -> None:
        self.page.wait_for_load_state("load")
        self.page.wait_for_selector("main:not(:has([aria-busy]))")
        self.page.wait_for_selector(".waiting", state="detached", timeout=20_000)
        # It scrolls to the answer; whoever touches a page that still moves touches something else.
        if self.scripts:
            self.page.wait_for_function("() => { const before = window.wasAt; window.wasAt = scrollY; return before === scrollY }", polling=100)

    @property
    def text(self) -> str:
        return self.page.inner_text("main")

    def shoot(self, state: str, whole: bool = True) -> None:
        """Keep a picture, to be looked at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{self.name}-{state}.png", full_page=whole)

    def fits(self, state: str) -> None:
        """Nothing is wider than the screen. A page that is there before its style is looked at too early."""
        self.page.wait_for_load_state("load")
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), state

    def accessible(self) -> None:
        """No violation of axe-core, on the page as it is now."""
        self.page.wait_for_load_state("load")
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()

    def calm(self) -> None:
        """Nothing was refused by the page's own rules, nothing failed, and nothing was asked of another website."""
        assert self.complaints == []
        assert [r for r in self.requests if not r.startswith(self.url)] == []


@pytest.fixture
def visitor(chromium: Browser, stack: Stack, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visitor]]:
    """Opens a browser of its own: `visitor(language, viewport, scripts=True, url=...)`."""
    contexts: list[BrowserContext] = []

    def begin(language: str = "en", viewport: str = "phone", scripts: bool = True, url: str | None = None, **more: Any) -> Visitor:
        # The tests' own JavaScript (axe) has to get past the page's policy; the policy itself is tested by what it refuses.
        context = chromium.new_context(
            viewport=VIEWPORTS[viewport], locale=language, java_script_enabled=scripts, bypass_csp=more.pop("bypass_csp", scripts), **more
        )
        contexts.append(context)
        page = context.new_page()
        test = re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-")
        someone = Visitor(page, context, url or stack.url, f"{test}-{language}-{viewport}", [], [], scripts)
        page.on("console", lambda message: someone.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: someone.complaints.append(str(error)))
        page.on("request", lambda sent: someone.requests.append(sent.url))
        return someone

    yield begin
    for context in contexts:
        context.close()


def missing(reason: str) -> NoReturn:
    """Not there: a failure where everything should be, else a reason to skip."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)


def looked_at(someone: Visitor, state: str) -> None:
    """No fault for who cannot see it, nothing wider than the screen, and a picture."""
    someone.accessible()
    someone.fits(state)
    someone.shoot(state)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, weather: str) -> Iterator[Gateway]:
    """A gateway of the pages of staff before an empty database of each kind."""
    folder = tmp_path_factory.mktemp("house")
    if request.param == "sqlite":
        with gateway(folder, REDRESS_LEAVE_URL=weather) as started:
            yield started
        return
    try:
        with postgres() as service, gateway(folder, service.url, REDRESS_LEAVE_URL=weather) as started:
            yield started
    except MissingServiceError as error:
        missing(str(error))


@pytest.fixture
def come(chromium: Browser, house: Gateway, request: pytest.FixtureRequest) -> Iterator[tuple[Callable[[str], Visitor], list[str]]]:
    """Opens a browser of its own before the house, and writes down where it goes."""
    contexts: list[BrowserContext] = []
    been: list[str] = []
    test = request.node.path.stem.removeprefix("test_")

    def begin(name: str) -> Visitor:
        context = chromium.new_context(viewport=VIEWPORTS["desktop"], locale="en", bypass_csp=True)
        contexts.append(context)
        someone = Visitor(context.new_page(), context, house.url, f"{test}-{request.node.callspec.params['house']}-{name}", [], [])
        someone.page.on("console", lambda message: someone.complaints.append(message.text) if message.type == "error" else None)
        someone.page.on("pageerror", lambda error: someone.complaints.append(str(error)))
        someone.page.on("request", lambda sent: been.append(sent.url))
        someone.page.on("framenavigated", lambda frame: been.append(frame.url))
        return someone

    yield begin, been
    for context in contexts:
        context.close()


@pytest.fixture
def code(stack, request):
    """The name of the founder of a new organisation and her first code, as the command prints it."""
    name = re.sub(r"\W+", "-", request.node.name)
    return name, staff_of(stack.data_dir).invite_from_command(name, f"House of {name}", FOUNDER)
