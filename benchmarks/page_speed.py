"""The first visit of the page: bytes over the wire, and how long until it can be used at 2G, in Chromium with the network held back."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from benchmarks.measure import Row
from calculator.api import write_contacts
from cli.stack import Ports, Stack

#: 2G as WebPageTest sets it: 280 kbit/s down, 256 up, 800 ms there and back.
LATENCY, DOWN, UP = 800, 280_000 / 8, 256_000 / 8
VISITS = 5
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def rows() -> list[Row]:
    """Nothing where Chromium is missing."""
    program = shutil.which("chromium")
    if program is None:
        return []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        write_contacts(Path(folder) / "contacts.json")
        with Stack(Path(folder), Ports(8100, 5105, 5155), say=lambda line: None) as stack:
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            slow = [_visit(browser, stack.url, held_back=True) for _ in range(VISITS)]
            quick = [_visit(browser, stack.url, held_back=False) for _ in range(VISITS)]
            browser.close()
    size = max(visit[0] for visit in slow)
    seconds, bare = median(visit[1] for visit in slow), median(visit[1] for visit in quick)
    return [
        Row("first visit of the page: over the wire", f"{size / 1000:.1f} KB in {slow[0][2]} requests", "60 KB", "-"),
        Row(
            "first visit at 2G (280 kbit/s, 800 ms): the field can be written in",
            f"{seconds:.2f} s",
            "3 s",
            f"{seconds / bare:.0f} times an unthrottled visit ({bare * 1000:.0f} ms)",
        ),
    ]


def _visit(browser: Browser, url: str, held_back: bool) -> tuple[int, float, int]:
    """(bytes with headers, seconds until the field was there and styled, requests) of one visit by a browser without a past."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    loaded: list[float] = []
    devtools.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    if held_back:
        devtools.send(
            "Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY, "downloadThroughput": DOWN, "uploadThroughput": UP}
        )
    page.goto(url, wait_until="load")
    page.wait_for_selector("#text")
    # First paint waits for the sheet; what comes after it (script, icon) is not needed to write.
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000
    context.close()
    return int(sum(loaded)), painted, len(loaded)
