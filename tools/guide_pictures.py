"""`python -m tools.guide_pictures`: the pictures of docs/support-workers-guide.md, from a server of its own with an invented case.

They are made anew by one command, so that they show the pages as they are. Codes and keys in them are those of an installation that is
gone when they are done.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from store.organisations.roles import Role
from tools.house import PASSPHRASE, Gateway, Worker, colleague, founder, gateway
from tools.screens import ROOT, chromium
from workbench.form import NAME, NOTES
from workbench.record import Record
from workbench.sheet import Sheet, sheet_of

OUT = ROOT / "docs" / "pictures"
DESK, PHONE = {"width": 1200, "height": 900}, {"width": 360, "height": 740}
#: Pixels left around what is shown; bytes of a picture at most.
AROUND, MOST_BYTES = 10, 150_000
#: Nobody: a person with two stays and three jobs, as the tests have one.
INVENTED: dict[str, Any] = {
    "version": 1,
    "person": {"birth_year": 1995, "immigration_status": "no_permit"},
    "exploitation": [
        {"country": "DE", "forms": ["labour"], "start": "2024-01", "end": "2025-06-15", "violence": ["threats"]},
        {"country": "NL", "forms": ["labour"], "start": "2025-07", "end": "2025-12"},
    ],
    "work": [
        {
            "country": "DE",
            "sector": "cleaning",
            "employer_kind": "company",
            "start": "2024-01-15",
            "end": "2024-12-31",
            "hours_per_week": {"low": 50, "high": 60},
            "paid": [{"amount": "300", "per": "month"}],
        },
        {
            "country": "DE",
            "sector": "construction",
            "start": "2025-01",
            "end": "2025-06-15",
            "hours_per_week": 55,
            "paid": [{"amount": "100", "per": "week"}],
        },
        {"country": "NL", "sector": "agriculture", "start": "2025-07", "end": "2025-12", "hours_per_week": 50, "paid": []},
    ],
    "harm": {"injuries": [{"code": "fracture_arm"}]},
    "procedure": {"received": [{"from": "employer", "amount": "500", "currency": "EUR", "for": "wages"}]},
}


class Camera:
    """Takes pictures of parts of pages, each into its own file."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def take(self, name: str, *shown: str, most: int = 760) -> None:
        """What holds all of `shown`, the width of the page, at most so many pixels high."""
        boxes = [box for one in shown if (box := self.page.locator(one).first.bounding_box()) is not None]
        if len(boxes) != len(shown):
            sys.exit(f"{name}: not all of it is on the page: {', '.join(shown)}")
        scrolled = self.page.evaluate("scrollY")
        left = max(0, min(box["x"] for box in boxes) - AROUND)
        top = max(0, min(box["y"] for box in boxes) + scrolled - AROUND)
        right = min(self.page.viewport_size["width"], max(box["x"] + box["width"] for box in boxes) + AROUND)  # type: ignore[index]
        bottom = max(box["y"] + box["height"] for box in boxes) + scrolled + AROUND
        clip = {"x": left, "y": top, "width": right - left, "height": min(bottom - top, most)}
        self._keep(name, self.page.screenshot(full_page=True, clip=clip))  # type: ignore[arg-type]

    def whole(self, name: str) -> None:
        """What is seen without scrolling."""
        self._keep(name, self.page.screenshot())

    @staticmethod
    def _keep(name: str, picture: bytes) -> None:
        if len(picture) > MOST_BYTES:
            sys.exit(f"{name}: {len(picture):,} bytes; show less")
        (OUT / f"{name}.png").write_bytes(picture)
        print(f"{name}.png {len(picture):,} bytes", flush=True)


def opened(browser: Browser, house: Gateway, worker: Worker | None = None, language: str = "en", size: dict[str, int] = DESK) -> Page:
    """A page of a browser of its own, signed in as a worker."""
    context = browser.new_context(viewport=size, locale=language, reduced_motion="reduce", base_url=house.url)  # type: ignore[arg-type]
    if worker is not None:
        context.add_cookies([{"name": name, "value": value, "url": house.url} for name, value in worker.cookies.items()])
    return context.new_page()


def invented_case(house: Gateway, worker: Worker) -> str:
    """Its address."""
    sheet = sheet_of(INVENTED)
    job = sheet.of("work")[0]
    told = {NAME: "Blue bird", NOTES: "Speaks Romanian. Call after six.", f"work.{job}.live_in": "unknown"}
    record = replace(Record(), sheet=Sheet({**sheet.texts, **told}, sheet.entries))
    other = replace(Record(), sheet=Sheet({NAME: "Quiet river"}, {}))
    house.services.cases.create(worker.member, other.as_json(), datetime.now(UTC) + timedelta(days=20))
    case = house.services.cases.create(worker.member, record.as_json(), datetime.now(UTC) + timedelta(days=360))
    return f"/staff/cases/{case.id}"


def go(page: Page, do: Callable[[], object]) -> None:
    """Do something that loads a page."""
    with page.expect_navigation():
        do()


def first_day(browser: Browser, house: Gateway, ana: Worker) -> None:
    """The page that is shown once."""
    page = opened(browser, house)
    page.goto("/staff/join")
    page.fill("#code", house.services.staff.invite(ana.member, "cleo", [Role.SUPPORT_WORKER]))
    go(page, lambda: page.click("form.staff button"))
    page.fill("#passphrase", PASSPHRASE)
    page.fill("#again", PASSPHRASE)
    go(page, lambda: page.click("form.staff button"))
    Camera(page).take("first-day", "main h1", "main ul.code", most=1000)


def a_case(browser: Browser, house: Gateway, ana: Worker, case: str) -> None:
    """The list, the form, what stands beside it, consent, comparing."""
    page = opened(browser, house, ana)
    camera = Camera(page)
    page.goto("/staff/cases")
    camera.take("cases", "main h1", "form[action='/staff/cases'] button", most=1100)
    page.goto(case)
    job = page.locator("[data-entry^='work ']").first.get_attribute("data-entry").split(" ")[1]  # type: ignore[union-attr]
    end = page.locator(f"[name='work.{job}.end']")
    end.fill("03/04/2024")
    page.wait_for_selector(f"[name='work.{job}.end'][aria-invalid=true]")
    camera.take("form", f"[data-entry='work {job}'] legend", f"[data-field='work.{job}.live_in']")
    end.fill("2024-12-31")
    page.wait_for_selector(f"[name='work.{job}.end']:not([aria-invalid])")
    page.wait_for_selector("#changes ol li")
    camera.take("beside", "#answer h2", "#answer .days li:nth-child(2)")
    way = page.locator("#answer .way summary").first
    way.click()
    way.evaluate("way => way.scrollIntoView()")
    camera.take("way", "#answer .way[open]", most=780)
    page.goto(f"{case}?spoken=ro")
    camera.take("consent", "#consent")
    page.goto(f"{case}/compare")
    page.select_option("#field1", f"work.{job}.hours_per_week")
    page.select_option("#field2", "procedure.criminal_case.status")
    go(page, lambda: page.click("form.case button.send"))
    page.fill("[name=value1]", "20")
    page.select_option("[name=value2]", "convicted")
    go(page, lambda: page.click("form.case button.send"))
    camera.take("compare", "main h1", ".scenarios tr:nth-child(3)", most=1100)


def two_at_a_time(browser: Browser, house: Gateway, ana: Worker, bea: Worker, case: str) -> None:
    """Both change the notes."""
    hers, others = opened(browser, house, ana), opened(browser, house, bea)
    for page in (hers, others):
        page.goto(case)
    for page, text in ((others, "Call after six, not on Fridays."), (hers, "Call after seven.")):
        page.locator(f"[name='{NOTES}']").fill(text)
        page.locator("h1").click()
        page.wait_for_function(r"() => /\d\d:\d\d:\d\d/.test(document.querySelector('#saved').textContent)")
    hers.wait_for_selector("#clashes .notice")
    hers.evaluate("scrollTo(0, 0)")
    Camera(hers).take("two-at-a-time", "main h1", "#clashes")


def small_and_from_right_to_left(browser: Browser, house: Gateway, ana: Worker, case: str) -> None:
    """A telephone, and Arabic."""
    page = opened(browser, house, ana, size=PHONE)
    page.goto(case)
    page.evaluate("document.querySelector('#answer').scrollIntoView()")
    Camera(page).whole("telephone")
    page = opened(browser, house, ana, language="ar")
    page.goto(case)
    page.set_viewport_size({"width": 1200, "height": 760})
    Camera(page).whole("arabic")


def main() -> None:
    """Make all of them anew."""
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, gateway(Path(folder)) as house, chromium() as browser:
        ana = founder(house.services, "ana", "House of Hope")
        bea = colleague(house.services, ana, "bea")
        case = invented_case(house, ana)
        first_day(browser, house, ana)
        a_case(browser, house, ana, case)
        small_and_from_right_to_left(browser, house, ana, case)
        two_at_a_time(browser, house, ana, bea, case)
    print(f"Pictures are in {OUT.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
