"""A whole day of a house of two workers, in Chromium, on both databases: from the first code to leaving in a hurry.

Each page is looked at by axe where the day comes past it. No fact of the case stands in the address bar at any time.
"""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from store.organisations.roles import Role
from tests.browser.conftest import looked_at, missing
from tests.browser.test_cases import AtWork
from tools.house import PASSPHRASE

NAME, NOTES = "Blue bird", "Met at the harbour. Call after six."
#: What addresses may be: names of pages, the id of the case, the place of a field on the page; nothing that was typed.
PLACE = r"(?:#[a-z_]+(?:\.[a-z_]+|\.[0-9a-f]{8})*)?"
ADDRESS = re.compile(
    r"/leave|/staff(?:/(?:join|sign-in|sign-out|invite|cases(?:/find|/[\w-]{22}(?:/(?:changes|compare|consent|delete|dossier))?)?))?" + PLACE
)
#: Where it happened, kind of work, from, until, hours a week, pay, each how long.
JOBS = (
    ("Germ", "Clean", "15.1.2024", "31.12.2024", "60", "300", "For a m"),
    ("Germ", "Build", "2025-01", "15.6.2025", "50-60", "100", "For a w"),
    ("Neth", "Farm", "2025-07", "2025-12", "50", "0", "For a m"),
)
STAYS = (("Germ", "2024-01", "15.6.2025"), ("Neth", "2025-07", "2025-12"))


def joins(someone, code):
    """Take up an invitation; the spare codes."""
    page = someone.page
    someone.open("/staff")
    looked_at(someone, "sign-in")
    page.click('a[href="/staff/join"]')
    page.wait_for_selector("#code")
    looked_at(someone, "join")
    page.fill("#code", code)
    with page.expect_navigation():
        page.click("form.staff button")
    looked_at(someone, "passphrase")
    page.fill("#passphrase", PASSPHRASE)
    page.fill("#again", PASSPHRASE)
    with page.expect_navigation():
        page.click("form.staff button")
    looked_at(someone, "joined")
    return page.locator("ul.code li").all_inner_texts()


def fill_in(at):
    """Two countries, three jobs, an injury and a part payment, by keyboard; the ids of the jobs."""
    at.type("person.birth_year", "1995")
    for country, start, end in STAYS:
        stay = f"exploitation.{at.add('exploitation')}"
        at.type(f"{stay}.country", country)
        at.page.locator(f'[name="{stay}.forms"][value="labour"]').press("Space")
        at.type(f"{stay}.start", start)
        at.type(f"{stay}.end", end)
    jobs = []
    for country, sector, start, end, hours, amount, per in JOBS:
        jobs.append(at.add("work"))
        job = f"work.{jobs[-1]}"
        for field, text in (("country", country), ("sector", sector), ("start", start), ("end", end), ("hours_per_week", hours)):
            at.type(f"{job}.{field}", text)
        pay = f"{job}.paid.{at.add(f'{job}.paid')}"
        for field, text in (("amount", amount), ("currency", "EUR"), ("per", per)):
            at.type(f"{pay}.{field}", text)
    at.type(f"harm.injuries.{at.add('harm.injuries')}.code", "A broken arm")
    for more in at.page.locator("#procedure details.more:not([open])").all():
        more.locator("summary").first.press("Enter")
    part = f"procedure.received.{at.add('procedure.received')}"
    for field, text in (("amount", "500"), ("currency", "EUR"), ("from", "The emp")):
        at.type(f"{part}.{field}", text)
    at.until_kept(f"{part}.from", "employer")
    return jobs


def text_of(pdf):
    """All letters of a PDF, in one line."""
    if shutil.which("pdftotext") is None:
        missing("pdftotext (poppler-utils) is not installed")
    told = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True, text=True).stdout
    return " ".join(told.split())


def test_the_day_of_a_house_of_two(house, come, weather):
    begin, been = come
    ana_herself = begin("ana")
    # The first day: a code from the command, and a colleague who is invited.
    spare = joins(ana_herself, house.services.staff.invite_from_command("ana", "House of Hope", [Role.ADMINISTRATOR, Role.SUPPORT_WORKER]))
    assert ana_herself.page.locator(".paper-key").count() == 1
    ana = AtWork(ana_herself, ("ana", spare))
    looked_at(ana_herself, "home")
    ana.page.fill("#name", "bea")
    ana.go('form[action="/staff/invite"] button')
    bea_herself = begin("bea")
    bea_spare = joins(bea_herself, ana.page.locator('[role="status"] code').inner_text())
    assert bea_herself.page.locator(".paper-key").count() == 0
    bea = AtWork(bea_herself, ("bea", bea_spare))

    # A case.
    case = ana.begin(NAME)
    jobs = fill_in(ana)
    totals = ana.page.locator("#answer .totals li")
    assert [text.split("€")[0].strip() for text in totals.all_inner_texts()] == ["Germany", "Netherlands"]
    ana.page.wait_for_selector("#changes ol li")
    looked_at(ana_herself, "case")
    ana.go('form[action$="/consent"] button:has-text("agreed today")')
    assert "Agreed on" in ana.page.inner_text("#consent") and not ana.page.locator('a[href="#consent"]').count()
    shown = {text.split("€")[0].strip(): re.findall(r"€[\d,]+", text) for text in totals.all_inner_texts()}
    assert all(shown.values())

    # What if.
    ana.go('#answer a[href$="/compare"]')
    ana.page.select_option("#field1", f"work.{jobs[0]}.hours_per_week")
    ana.go("form.case button.send")
    ana.type("value1", "20")
    ana.go("form.case button.send")
    assert ana.page.locator(".scenarios .differs").count() and shown["Germany"][0] in ana.page.inner_text(".scenarios")
    looked_at(ana_herself, "compared")

    # The dossier has the sums that the page shows, in both languages.
    ana.page.goto(case)
    ana.go('#answer a[href$="/dossier"]')
    looked_at(ana_herself, "dossier")
    for country, code, beside in (("Germany", "DE", "de"), ("Netherlands", "NL", "nl")):
        for field, chosen in (("country", code), ("language", "en"), ("beside", beside), ("kind", "pdf")):
            ana.page.select_option(f"#{field}", chosen)
        with ana.page.expect_download() as download:
            ana.page.click("form.staff button.send")
        assert download.value.suggested_filename == "notes.pdf"
        with tempfile.TemporaryDirectory() as folder:
            download.value.save_as(Path(folder) / "notes.pdf")
            told = text_of(Path(folder) / "notes.pdf")
        for amount in shown[country]:
            assert amount in told and amount.strip("€").replace(",", ".") in told, (country, amount)

    # Both at once: on different fields, then on one.
    ana.page.goto(case)
    bea.page.goto(case)
    looked_at(bea_herself, "case")
    ana.type(f"work.{jobs[0]}.hours_per_week", "55")
    bea.type("about.notes", NOTES)
    ana.until_kept(f"work.{jobs[0]}.hours_per_week", "55")
    bea.until_kept("about.notes", NOTES)
    ana.type("about.notes", "Call after seven.")
    ana.page.wait_for_selector("#clashes .notice")
    assert NOTES in ana.page.inner_text("#clashes") and "Call after seven." in ana.page.inner_text("#clashes")
    looked_at(ana_herself, "clash")
    bea.page.goto(case)
    assert bea.page.input_value(f'[name="work.{jobs[0]}.hours_per_week"]') == "55" and bea.page.input_value('[name="about.notes"]') == NOTES

    # Found, deleted, gone.
    bea.go('a[href="/staff/cases"]')
    for wanted, count in (("harbour cleaning", 1), ("mountain", 0)):
        bea.page.fill("#find", wanted)
        bea.go('form[action="/staff/cases/find"] button')
        assert bea.page.get_by_role("link", name=NAME).count() == count
    looked_at(bea_herself, "nothing-found")
    bea.go('a[href="/staff"]')
    bea.go('a[href="/staff/cases"]')
    looked_at(bea_herself, "cases")
    bea.page.get_by_role("link", name=NAME).click()
    bea.page.wait_for_selector("#case")
    bea.go('form[action$="/delete"] button')
    looked_at(bea_herself, "delete")
    bea.go("button.delete:has-text('Yes')")
    assert NAME not in bea_herself.text
    assert ana.page.goto(case).status == 404
    ana_herself.complaints.clear()

    # The end of the day: one signs out, one leaves in a hurry.
    ana.page.goto(f"{house.url}/staff")
    ana.begin(NAME)
    bea.go('form[action="/staff/sign-out"] button')
    assert bea.page.locator("#passphrase").is_visible()
    ana.go("a.leave")
    assert ana.page.url == weather
    ana.page.go_back()
    assert NAME not in ana.page.inner_text("body")
    ana_herself.open("/staff/cases")
    assert NAME not in ana_herself.text and not ana.page.locator("#case").count()

    for someone in (ana_herself, bea_herself):
        assert [text for text in someone.complaints if "404" not in text] == []
    ours = {address.removeprefix(house.url) for address in been if address.startswith(house.url)}
    # The name, the search and every field went past here: none of it stands in an address.
    assert any(ADDRESS.fullmatch(address) and "#work." in address for address in ours)
    assert {address for address in ours if not ADDRESS.fullmatch(address) and not address.startswith("/static/")} == set()
