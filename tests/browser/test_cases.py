"""The workbench in a browser: a case filled in by keyboard and saved by itself, the connection lost and back, two at a time."""

import re

import pytest

from tests.web.house import FOUNDER, staff_of

PASSPHRASE = "four words of my own"
SAVED = re.compile(r"\d\d:\d\d:\d\d")


@pytest.fixture
def member(stack, request):
    """A new house, and how its founder signs in: name, and spare codes, each of which works once."""
    staff = staff_of(stack.data_dir)
    name = re.sub(r"\W+", "-", request.node.name)
    joined = staff.join(staff.invite_from_command(name, f"House of {name}", FOUNDER), PASSPHRASE)
    return name, list(joined.spare_codes)


class AtWork:
    """Somebody signed in, at a case."""

    def __init__(self, someone, member) -> None:
        self.someone, self.page = someone, someone.page
        name, spare = member
        someone.open("/staff")
        for field, text in (("name", name), ("passphrase", PASSPHRASE), ("code", spare.pop())):
            self.page.fill(f"#{field}", text)
        self.go("form.staff button")

    def go(self, where: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(where).first.click()

    def begin(self, name: str) -> str:
        self.go('a[href="/staff/cases"]')
        self.page.fill("#name", name)
        self.go('form[action="/staff/cases"][method="post"] button')
        return self.page.url

    def add(self, what: str) -> str:
        """By keyboard; the id of the new entry."""
        self.saved()
        button = self.page.locator(f'button[value="add {what}"]')
        button.focus()
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self.page.locator(f'[data-entry^="{what} "]').last.get_attribute("data-entry").split(" ")[1]

    def type(self, name: str, text: str) -> None:
        """Into a field, by keyboard; a list takes what its words begin with."""
        field = self.page.locator(f'[name="{name}"]').first
        for more in self.page.locator("details.more:not([open])", has=self.page.locator(f'[name="{name}"]')).all():
            more.locator("summary").first.press("Enter")
        field.focus()
        if field.evaluate("one => one.tagName") == "INPUT" and field.get_attribute("type") == "text":
            field.press("Control+a")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Tab")

    def choose_germany(self, name: str) -> None:
        """By the letters it begins with, where the keyboard has them; else from the list."""
        if self.page.locator("html").get_attribute("lang") == "en":
            self.type(name, "Germ")
        else:
            self.page.select_option(f'[name="{name}"]', "DE")

    def saved(self) -> None:
        """Nothing typed is unsaved."""
        self.page.wait_for_function(
            "() => !document.querySelector('#case') || /\\d\\d:\\d\\d:\\d\\d/.test(document.querySelector('#saved').textContent)"
            " || !document.querySelector('#saved').textContent"
        )

    def was(self) -> dict[str, str]:
        return self.page.evaluate("JSON.parse(document.querySelector('#case').elements.was.value)")

    def until_kept(self, name: str, text: str) -> None:
        self.page.wait_for_function(
            "([name, text]) => JSON.parse(document.querySelector('#case').elements.was.value)[name] === text", arg=[name, text]
        )


def looked_at(at: AtWork, state: str) -> None:
    """No fault for who cannot see it, nothing wider than the screen, and a picture."""
    at.someone.accessible()
    at.someone.fits(state)
    at.someone.shoot(state)


@pytest.mark.parametrize(("language", "viewport"), [("en", "desktop"), ("ar", "phone")])
def test_a_case_from_nothing_to_what_can_be_claimed_by_keyboard(visitor, page_url, member, language, viewport):
    at = AtWork(visitor(language, viewport, url=page_url), member)
    page = at.page
    at.begin("Blue bird")
    looked_at(at, "empty")
    stay = at.add("exploitation")
    at.choose_germany(f"exploitation.{stay}.country")
    page.locator(f'[name="exploitation.{stay}.forms"][value="labour"]').press("Space")
    at.type(f"exploitation.{stay}.end", "2026-02")
    job = at.add("work")
    at.choose_germany(f"work.{job}.country")
    at.type(f"work.{job}.start", "1.3.2025")
    at.type(f"work.{job}.end", "2026-02")
    at.type(f"work.{job}.hours_per_week", "60")
    pay = at.add(f"work.{job}.paid")
    at.type(f"work.{job}.paid.{pay}.amount", "200")
    at.type(f"work.{job}.paid.{pay}.currency", "eur")
    page.locator(f'[name="work.{job}.paid.{pay}.per"]').select_option("month")
    at.until_kept(f"work.{job}.paid.{pay}.per", "month")
    kept = at.was()
    assert kept[f"work.{job}.start"] == "2025-03-01" and kept[f"exploitation.{stay}.forms"] == "labour"
    # Shown beside it without a new page, read back in the language of the page.
    assert "€" in page.inner_text("#answer .totals") and "2025" in page.inner_text(f'[id="t-work.{job}.start"]')
    page.wait_for_selector("#changes ol li")
    # What is chosen stays chosen when the answer comes back.
    page.locator(f'[name="work.{job}.live_in"]').select_option("unknown")
    at.until_kept(f"work.{job}.live_in", "unknown")
    at.type("person.birth_year", "1990")
    at.until_kept("person.birth_year", "1990")
    assert page.locator(f'[name="work.{job}.live_in"]').input_value() == "unknown"
    assert page.locator(f'[name="exploitation.{stay}.forms"][value="labour"]').is_checked()
    # What cannot be read stays, marked, and is named where the answer stands.
    at.type(f"work.{job}.end", "03/04/2026")
    page.wait_for_selector(f'[name="work.{job}.end"][aria-invalid="true"]')
    assert page.locator(f'[name="work.{job}.end"]').input_value() == "03/04/2026" and page.locator("#answer .notice").count()
    looked_at(at, "filled")
    page.reload()
    assert (
        page.locator(f'[name="work.{job}.end"]').input_value() == "03/04/2026"
        and page.locator(f'[name="work.{job}.hours_per_week"]').input_value() == "60"
    )
    at.go('#answer a[href$="/compare"]')
    page.select_option("#field1", f"work.{job}.hours_per_week")
    at.go("form.case button.send")
    at.type("value1", "20")
    at.go("form.case button.send")
    assert page.locator(".scenarios .differs").count()
    looked_at(at, "compared")
    at.someone.calm()
    # Leaving locks: going back finds the way in.
    at.go("a.leave")
    at.someone.open("/staff/cases")
    assert "Blue bird" not in at.someone.text


def test_what_is_typed_without_a_connection_is_saved_when_it_is_back(visitor, page_url, member):
    at = AtWork(visitor("en", "desktop", url=page_url), member)
    at.begin("No connection")
    at.someone.context.set_offline(True)
    at.type("person.birth_year", "1990")
    at.page.wait_for_function("document.querySelector('#saved').textContent.startsWith('No connection')")
    at.type("about.notes", "typed without a connection")
    at.someone.context.set_offline(False)
    at.until_kept("about.notes", "typed without a connection")
    assert at.was()["person.birth_year"] == "1990" and SAVED.search(at.page.inner_text("#saved"))


def test_two_at_one_case_lose_nothing(visitor, page_url, member):
    ana = AtWork(visitor("en", "desktop", url=page_url), member)
    case = ana.begin("Two at a time")
    bea = AtWork(visitor("en", "desktop", url=page_url), member)
    bea.page.goto(case)
    ana.type("person.birth_year", "1990")
    ana.until_kept("person.birth_year", "1990")
    bea.type("about.notes", "from bea")
    bea.until_kept("about.notes", "from bea")
    # What a colleague has typed appears with one's own next save, and stands where it was not touched.
    assert bea.page.locator('[name="person.birth_year"]').input_value() == "1990"
    ana.type("about.notes", "from ana")
    ana.page.wait_for_selector("#clashes .notice")
    assert "from bea" in ana.page.inner_text("#clashes") and "from ana" in ana.page.inner_text("#clashes")
    ana.go("#clashes button")
    assert ana.page.locator('[name="about.notes"]').input_value() == "from ana"


def test_who_is_signed_out_keeps_what_she_typed_on_the_page(visitor, page_url, member):
    at = AtWork(visitor("en", "desktop", url=page_url), member)
    at.begin("Signed out")
    cookies = at.someone.context.cookies()
    at.someone.context.clear_cookies(name="w")
    at.type("about.notes", "still here")
    at.page.wait_for_function("document.querySelector('#saved').textContent.startsWith('You are no longer signed in')")
    assert at.page.locator('[name="about.notes"]').input_value() == "still here"
    at.someone.context.add_cookies(cookies)
    at.page.locator('button[value="save"]').click()
    at.until_kept("about.notes", "still here")
