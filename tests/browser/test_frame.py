"""The page inside an organisation's website, where browsers keep cookies of others away."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import uvicorn

from store.settings import load_settings
from web.app import create_app

pytestmark = pytest.mark.stack


@pytest.fixture
def ngo(stack, weather):
    """(address of a website that shows the page in one line, address of the page): two sites, as browsers see it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    page = f"http://127.0.0.1:{port}"

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 - the name http.server calls
            body = f'<!doctype html><title>Harbour</title><h1>Harbour</h1><iframe src="{page}/" title="Chat" width="360" height="640"></iframe>'
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()
    settings = load_settings({
        "REDRESS_DATA_DIR": str(stack.data_dir), "REDRESS_RASA_URL": f"http://127.0.0.1:{stack.ports.rasa}",
        "REDRESS_LEAVE_URL": weather, "REDRESS_FRAME_ORIGINS": f"http://localhost:{site.server_port}", "REDRESS_BRAND_NAME": "Harbour"})
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=port, log_level="warning"))
    serving = threading.Thread(target=server.run)
    serving.start()
    while not server.started:
        pass
    yield f"http://localhost:{site.server_port}/", page
    server.should_exit = True
    serving.join(10)
    site.shutdown()
    thread.join()


def test_a_conversation_inside_the_website_and_the_way_out_of_all_of_it(visitor, ngo, weather):
    site, page = ngo
    someone = visitor(viewport="desktop", url=page)
    someone.page.goto("about:blank")
    someone.page.goto(site)
    frame = someone.page.frame_locator("iframe")
    for text in ("hello", "where can I sleep tonight in France?"):
        frame.locator("#text").fill(text)
        frame.locator("form.write button").click()
        frame.locator(f".person .text:has-text('{text}')").wait_for()
        frame.locator(".waiting").wait_for(state="detached")
    # The second answer knows of the first: the cookie came back although the page is somebody else's guest.
    assert frame.locator(".person").count() == 2
    someone.shoot("frame")
    frame.locator("a.leave").click()
    someone.page.wait_for_url(weather)
    someone.page.go_back()
    assert someone.page.url == "about:blank"


def test_another_website_may_not_show_it(visitor, ngo):
    site, page = ngo
    someone = visitor(viewport="desktop", url=page, bypass_csp=False)
    # The same website under another name is another origin.
    someone.page.goto(site.replace("localhost", "127.0.0.1"))
    someone.page.wait_for_timeout(500)
    assert any("frame-ancestors" in complaint for complaint in someone.complaints)
