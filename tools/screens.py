"""`python -m tools.screens`: pictures of every page in five kinds of writing at three sizes, from running servers, into build/screens.

One sheet a page (build/screens/sheets) shows them side by side, to be looked at. 320 x 200 is what is left of 1280 x 800 at 400 % zoom.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel import Locale
from playwright.sync_api import Browser, Page, sync_playwright

from calculator import yaml12
from calculator.translation import translator
from calculator.vocabulary import for_another

ROOT = Path(__file__).parents[1]
OUT = ROOT / "build" / "screens"
UTTERANCES = ROOT / "tests" / "stories" / "utterances"
#: Latin, Cyrillic, Arabic, Chinese, Latin with marks above and below.
LANGUAGES = ("en", "uk", "ar", "zh", "vi")
SIZES = {"phone": (360, 640), "desk": (1280, 800), "zoom": (320, 200)}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    program = shutil.which("chromium")
    if program is None:
        sys.exit("chromium is missing. Install it with: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


class Walk:
    """One person on the page, in one language: goes from state to state and says when one is reached."""

    def __init__(self, page: Page, url: str, language: str) -> None:
        self.page, self.url, self.language = page, url, language
        self.say = translator(language, "web", "chat", "law", "danger")
        self.words: dict[str, str] = yaml12.load((UTTERANCES / f"{language}.yaml").read_text(encoding="utf-8"))

    def states(self) -> Iterator[str]:
        """Every state of every page, one after the other."""
        yield from self._before()
        yield from self._to_the_result()
        yield from self._settings()
        yield from self._danger()
        yield from self._out()
        yield from self._for_another()
        yield from self._after()

    def country(self, code: str) -> str:
        """The name of a country, as its button has it."""
        return str(Locale.parse(self.language).territories[code])

    def open(self, path: str = "/") -> None:
        self.page.context.clear_cookies()
        self.page.goto(self.url + path)

    def write(self, text: str) -> None:
        self.page.fill("#text", text)
        self.page.click("form.write button")
        self.answered()

    def press(self, title: str) -> None:
        """Press the newest button of an English title."""
        self.page.get_by_role("button", name=self.say(title), exact=True).last.click()
        self.answered()

    def tile(self, topic: str) -> None:
        self.page.click(f"button[name=topic][value={topic}]")
        self.answered()

    def answered(self) -> None:
        self.page.wait_for_load_state("load")
        self.page.wait_for_selector("main:not(:has([aria-busy]))")
        self.page.wait_for_selector(".waiting", state="detached", timeout=20_000)

    def _before(self) -> Iterator[str]:
        self.open()
        yield "01-start"
        self.page.click(".languages summary")
        yield "02-languages"
        self.open()
        self.write(self.words["shelter"])
        yield "03-services"

    def _to_the_result(self) -> Iterator[str]:
        self.open()
        self.tile("money")
        yield "04-country"
        self.press(self.country("DE"))
        yield "05-age"
        self.press("Yes")
        yield "06-forms"
        self.press("Work")
        for fact, answer in (("begin", "begin"), ("end", "end"), ("hours", "hours"), ("pay", "pay")):
            yield f"07-{fact}"
            self.write(self.words[answer])
        self.write(self.words["correction"])
        yield "08-corrected"
        self.press("Stop and show the result")
        yield "09-result-in-the-chat"
        self.page.click("a[href='/result']")
        self.page.wait_for_selector(".card")
        yield "10-result"
        for part in self.page.locator("details.card, .card details").all():
            part.evaluate("part => part.open = true")
        yield "11-result-unfolded"

    def _settings(self) -> Iterator[str]:
        for path, name in (
            ("/view", "12-view"),
            ("/keep", "13-keep"),
            ("/delete", "14-delete"),
            ("/start", "15-start-again"),
            ("/nothing", "16-nowhere"),
        ):
            self.page.goto(self.url + path)
            yield name
        self.page.goto(self.url + "/keep")
        self.page.click("form[action='/keep'] button")
        self.page.wait_for_selector(".code li")
        yield "17-words-to-come-back"
        self.page.goto(self.url + "/view")
        self.page.click("button[value=largest]")
        self.page.wait_for_selector("html[data-size=largest]")
        self.page.click("button[value=high]")
        self.page.wait_for_selector("html[data-contrast=high]")
        yield "18-view-largest-strong"
        self.page.goto(self.url + "/")
        yield "19-chat-largest"
        self.page.goto(self.url + "/start")
        yield "20-start-largest"

    def _danger(self) -> Iterator[str]:
        self.open()
        self.write(self.words["danger"])
        yield "21-danger"
        self.page.context.set_offline(True)
        self.page.fill("#text", self.words["shelter"])
        self.page.click("form.write button")
        self.page.wait_for_selector("#offline")
        yield "22-no-connection"
        self.page.context.set_offline(False)

    def _out(self) -> Iterator[str]:
        self.open()
        self.write(self.words["hello"] if "hello" in self.words else "hello")
        yield "23-hello"
        self.press("It is not safe now")
        yield "24-not-safe"
        self.open()
        self.tile("money")
        self.press(self.country("DE"))
        self.press("No")
        yield "25-under-18"

    def _for_another(self) -> Iterator[str]:
        other = for_another()
        self.open()
        self.tile("other")
        yield "26-for-somebody-else"
        self.press(other["Money I can claim"])
        self.press(self.country("DE"))
        self.press("Yes")
        yield "27-question-about-somebody-else"
        self.press("Stop and show the result")
        self.page.click("a[href='/result']")
        self.page.wait_for_selector(".card")
        yield "28-result-of-somebody-else"

    def _after(self) -> Iterator[str]:
        self.page.goto(self.url + "/delete")
        self.page.click("form[action='/delete'] button")
        self.page.wait_for_selector("a[href='/']")
        yield "29-deleted"
        self.page.goto(self.url + "/chat")
        self.write(self.words["shelter"]) if self.page.locator("#text").count() else None
        self.page.context.request.post(self.url + "/leave", headers={"Origin": self.url})
        self.page.goto(self.url + "/")
        yield "30-left"


def shoot(url: str, languages: list[str], sizes: list[str]) -> None:
    """Walk once for each language and size. Only what is seen without scrolling is shown, and on a phone the whole page beside it."""
    shutil.rmtree(OUT, ignore_errors=True)
    with chromium() as browser:
        for language in languages:
            for size in sizes:
                width, height = SIZES[size]
                context = browser.new_context(viewport={"width": width, "height": height}, locale=language, reduced_motion="reduce")
                page = context.new_page()
                for state in Walk(page, url, language).states():
                    folder = OUT / state
                    folder.mkdir(parents=True, exist_ok=True)
                    page.wait_for_timeout(150)
                    page.screenshot(path=folder / f"{language}-{size}.png")
                    if size == "phone":
                        page.screenshot(path=folder / f"{language}-whole.png", full_page=True)
                context.close()
                print(language, size, flush=True)
        _sheets(browser)


def _sheets(browser: Browser) -> None:
    """One picture a state, with all its languages and sizes."""
    (OUT / "sheets").mkdir(exist_ok=True)
    page = browser.new_page(viewport={"width": 1800, "height": 900})
    for folder in sorted(path for path in OUT.iterdir() if path.name != "sheets"):
        rows = []
        for size in ("phone", "desk", "zoom"):
            pictures = sorted(folder.glob(f"*-{size}.png"), key=lambda path: LANGUAGES.index(path.stem.split("-")[0]))
            rows.append("".join(f'<img src="file://{picture}">' for picture in pictures))
        page_file = OUT / "sheets" / f"{folder.name}.html"
        page_file.write_text("<style>body{margin:4px;background:#888}img{width:345px;margin:4px;vertical-align:top}</style>" + "<br>".join(rows))
        page.goto(f"file://{page_file}")
        page.screenshot(path=OUT / "sheets" / f"{folder.name}.png", full_page=True)
        page_file.unlink()


def main() -> None:
    """Read the arguments, walk, and say where the pictures are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    parser.add_argument("--sizes", default=",".join(SIZES))
    arguments = parser.parse_args()
    shoot(arguments.url, arguments.languages.split(","), arguments.sizes.split(","))
    print(f"Pictures are in {OUT}.")


if __name__ == "__main__":
    main()
