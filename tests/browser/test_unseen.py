"""Two at one case: what a colleague saved while one stood in the field is not written over unseen."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.browser.conftest import VIEWPORTS
from tools.house import colleague, founder, gateway
from workbench.form import NAME, NOTES
from workbench.record import begun

BIRTH = "person.birth_year"


@pytest.fixture
def both(chromium, tmp_path):
    """Ana's and Bea's page of one case."""
    with gateway(tmp_path) as house:
        ana = founder(house.services, "ana", "House of Hope")
        bea = colleague(house.services, ana, "bea")
        case = house.services.cases.create(ana.member, begun("Blue bird").as_json(), datetime.now(UTC) + timedelta(days=300))
        pages = []
        for worker in (ana, bea):
            context = chromium.new_context(viewport=VIEWPORTS["desktop"], locale="en")
            context.add_cookies([{"name": name, "value": value, "url": house.url} for name, value in worker.cookies.items()])
            pages.append(context.new_page())
            pages[-1].goto(f"{house.url}/staff/cases/{case.id}")
        yield pages
        for page in pages:
            page.context.close()


def field(page, name):
    return page.locator(f'[name="{name}"]')


def until_saved(page, name, text):
    page.wait_for_function("([name, text]) => JSON.parse(document.querySelector('#case').elements.was.value)[name] === text", arg=[name, text])


def save(page, name, text):
    field(page, name).fill(text)
    page.locator("h1").click()
    until_saved(page, name, text)


def test_who_stands_in_a_field_that_a_colleague_changes_is_told_when_she_types(both):
    ana, bea = both
    save(bea, NOTES, "from bea")
    field(ana, BIRTH).fill("1990")
    field(ana, NOTES).focus()
    until_saved(ana, BIRTH, "1990")
    ana.keyboard.type("from ana")
    field(ana, NAME).focus()
    ana.wait_for_selector("#clashes .notice", timeout=5000)
    assert "from bea" in ana.inner_text("#clashes") and "from ana" in ana.inner_text("#clashes")


def test_a_button_does_not_send_back_what_a_field_showed_before(both):
    ana, bea = both
    save(bea, NOTES, "from bea")
    field(ana, BIRTH).fill("1990")
    field(ana, NOTES).focus()
    until_saved(ana, BIRTH, "1990")
    with ana.expect_navigation():
        ana.locator('button[value="add work"]').click()
    assert field(ana, NOTES).input_value() == "from bea"


def test_who_follows_a_link_at_once_after_typing_loses_nothing(both):
    ana, bea = both
    field(ana, NAME).fill("typed at the last moment")
    ana.evaluate("scrollTo(0, 0)")
    box = ana.locator("a.go-on").first.bounding_box()
    ana.mouse.move(box["x"] + 20, box["y"] + 10)
    ana.mouse.down()
    ana.mouse.up()
    ana.wait_for_url("**/staff/cases")
    for _try in range(20):
        bea.reload()
        if field(bea, NAME).input_value() != "Blue bird":
            break
        bea.wait_for_timeout(100)
    assert field(bea, NAME).input_value() == "typed at the last moment"
