"""`python -m tools.heard`: what a screen reader is given to say on our page, in order, from running servers; writes docs/heard.md.

It watches Chromium's own accessibility tree over time: the element that has the focus, and every live region, by the names the browser
works out.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page

from tools.screens import Walk, chromium

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "heard.md"
#: Live regions are filled after a pause, so that what is the same as before is said again.
SETTLES_SECONDS = 1.2
LOOKS_SECONDS = 0.03
HEAD = """# What is heard

What a screen reader is given to say, in order, as Chromium's accessibility tree has it: written again by `python -m tools.heard` with
the servers running. `focus` is where the keyboard is put; `polite` is said when nothing else is; `assertive` breaks off what is being said.
How a screen reader words it differs; that it is said, and in this order, is tested (tests/browser/test_heard.py). Invented; not tried with
a person who uses one.
"""


@dataclass(frozen=True)
class Heard:
    """One thing that is said: `how` is focus, polite or assertive."""

    how: str
    text: str

    def __str__(self) -> str:
        return f"{self.how}: {self.text}"


#: When the focus was put and a live region filled last, by the page's own clock.
_NOTE_ORDER = """() => {
  if (window.heardLast) return;
  window.heardLast = { focus: 0, told: 0 };
  document.addEventListener("focusin", () => { window.heardLast.focus = performance.now(); }, true);
  new MutationObserver((changes) => {
    const told = (one) => one.addedNodes.length && one.target.closest?.("[role=status], [role=alert]");
    if (changes.some(told)) window.heardLast.told = performance.now();
  }).observe(document.documentElement, { childList: true, subtree: true });
}"""


class Listener:
    """Watches the accessibility tree of a page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        page.evaluate(_NOTE_ORDER)
        self._tree: CDPSession = page.context.new_cdp_session(page)
        self._tree.send("Accessibility.enable")
        self._before = self._now()

    def hear(self, seconds: float = SETTLES_SECONDS) -> list[Heard]:
        """What is said from now on, until nothing new has been said for `seconds`."""
        heard: list[Heard] = []
        quiet = time.monotonic()
        while time.monotonic() - quiet < seconds:
            now = self._now()
            new = [Heard(how, text) for (how, key), text in now.items() if text and self._before.get((how, key)) != text]
            if len(new) > 1:
                # Seen in one look, as on a busy machine: the tree has no order in time, the document has.
                order = self._page.evaluate("window.heardLast")
                new.sort(key=lambda one: order["focus" if one.how == "focus" else "told"])
            if new:
                heard += new
                quiet = time.monotonic()
            self._before = now
            self._page.wait_for_timeout(LOOKS_SECONDS * 1000)
        return heard

    def _now(self) -> dict[tuple[str, str], str]:
        """(how, element) -> its words now."""
        nodes = self._tree.send("Accessibility.getFullAXTree")["nodes"]
        by_id = {node["nodeId"]: node for node in nodes}
        found: dict[tuple[str, str], str] = {}
        for node in nodes:
            if node.get("ignored"):
                continue
            properties = {p["name"]: p["value"].get("value") for p in node.get("properties", [])}
            key = str(node.get("backendDOMNodeId"))
            if properties.get("focused") and _role(node) != "RootWebArea":
                found["focus", key] = f"{_name(node) or ' '.join(_words(node, by_id))} ({_role(node)})"
            live = properties.get("live")
            if live in ("polite", "assertive") and properties.get("root") is None:
                found[live, key] = " ".join(_words(node, by_id))
        return found


def _role(node: dict[str, Any]) -> str:
    return str(node.get("role", {}).get("value", ""))


def _name(node: dict[str, Any]) -> str:
    return " ".join(str(node.get("name", {}).get("value", "")).split())


def _words(node: dict[str, Any], by_id: dict[str, Any]) -> Iterator[str]:
    """The texts below an element, in order."""
    if _role(node) == "StaticText":
        yield _name(node)
        return
    for child in node.get("childIds", []):
        if child in by_id:
            yield from _words(by_id[child], by_id)


def scenes(walk: Walk) -> Iterator[tuple[str, list[Heard]]]:
    """A question answered by a button, one answered by writing, danger, a result, no connection."""
    page = walk.page
    walk.open()
    listener = Listener(page)
    page.click("button[name=topic][value=money]")
    yield "She touches the picture of money", listener.hear()
    page.get_by_role("button", name=walk.country("DE"), exact=True).last.click()
    yield "She chooses Germany", listener.hear()
    page.get_by_role("button", name=walk.say("Yes"), exact=True).last.click()
    yield "She is 18 or older", listener.hear()
    page.get_by_role("button", name=walk.say("Work"), exact=True).last.click()
    listener.hear()
    page.fill("#text", walk.words["begin"])
    page.click("form.write button")
    yield f"She writes: {walk.words['begin']}", listener.hear()
    page.fill("#text", walk.words["danger"])
    page.click("form.write button")
    yield f"She writes: {walk.words['danger']}", listener.hear()
    walk.write(walk.words["stop"])
    listener.hear()
    if page.locator("a[href='/result']").count():
        page.click("a[href='/result']")
        yield "She opens the result", listener.hear()
    page.goto(walk.url + "/")
    listener = Listener(page)
    page.context.set_offline(True)
    page.fill("#text", walk.words["shelter"])
    page.click("form.write button")
    yield "She writes, and there is no connection", listener.hear()
    page.context.set_offline(False)


def main() -> None:
    """Listen in three languages and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--languages", default="en,ar,zh")
    arguments = parser.parse_args()
    parts = [HEAD]
    with chromium() as browser:
        for language in arguments.languages.split(","):
            context = browser.new_context(locale=language, viewport={"width": 360, "height": 640})
            walk = Walk(context.new_page(), arguments.url, language)
            parts.append(f"## {language}\n")
            for what, heard in scenes(walk):
                parts.append("\n".join([f"**{what}**", "", *(f"1. {one}" for one in heard), ""]))
            context.close()
    PAGE.write_text("\n".join(parts), encoding="utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
