"""From the chat to a case of an advice centre, in two browsers: by words and by the square, to a yes and to a no; no page with a fault."""

import re

import pytest

from tests.web.house import FOUNDER, PASSPHRASE, staff_of

TOLD = "I worked in a restaurant in Cologne from March 2023 to January 2024, about 70 hours a week."


@pytest.fixture
def worker(stack, request, visitor, page_url):
    """A worker of a new house, signed in."""
    staff = staff_of(stack.data_dir)
    name = re.sub(r"\W+", "-", request.node.name)
    joined = staff.join(staff.invite_from_command(name, f"House of {name}", FOUNDER), PASSPHRASE)
    someone = visitor("en", "desktop", url=page_url)
    someone.open("/staff")
    for field, text in (("name", name), ("passphrase", PASSPHRASE), ("code", joined.spare_codes[0])):
        someone.page.fill(f"#{field}", text)
    submit(someone, "form.staff button")
    return someone, f"House of {name}"


def submit(someone, where):
    with someone.page.expect_navigation():
        someone.page.locator(where).first.click()


def looked_at(someone, state):
    someone.accessible()
    someone.fits(state)
    someone.shoot(state)


@pytest.mark.parametrize(("viewport", "by_square"), [("desktop", False), ("phone", True)])
def test_a_case_is_handed_over_and_begins(visitor, page_url, worker, viewport, by_square):
    someone, house = worker
    she = visitor("en", viewport, url=page_url)
    she.open("/start")
    she.write(TOLD)
    she.open("/hand-over")
    looked_at(she, "what-is-handed-over")
    assert "70" in she.text
    she.page.check('[name="right"][value="work[0].hours_per_week"]')
    she.page.click('form[action="/hand-over"] button')
    she.page.wait_for_selector("ol.code")
    looked_at(she, "code")
    words = she.page.locator("ol.code li").all_inner_texts()
    someone.open(f"/staff/cases/from-chat{'#' + '-'.join(words) if by_square else ''}")
    if by_square:
        assert someone.page.input_value("#code") == " ".join(words) and "#" not in someone.page.url
    else:
        someone.page.fill("#code", " ".join(words))
    someone.page.fill("#name", "Blue bird")
    looked_at(someone, "from-chat")
    submit(someone, 'form[action="/staff/cases/from-chat"] button')
    looked_at(someone, "asked")
    # Her page says by itself who asks.
    she.page.wait_for_selector('button[value="yes"]', timeout=15_000)
    assert house in she.text
    looked_at(she, "who-asks")
    she.page.click('button[value="yes"]')
    she.page.wait_for_selector("text=can take it now")
    submit(someone, "form.staff button")
    assert someone.page.input_value('[name$=".hours_per_week"]') == "70" and "Blue bird" in someone.text
    she.page.wait_for_selector("text=has it now", timeout=15_000)
    looked_at(she, "taken")


def test_pages_of_the_house_have_no_fault(worker):
    someone, _house = worker
    someone.open("/staff/cases")
    someone.page.fill("#name", "Blue bird")
    submit(someone, 'form[action="/staff/cases"][method="post"] button')
    case = someone.page.url.split("#")[0].removeprefix(someone.url)
    someone.open(f"{case}/interview")
    looked_at(someone, "interview")
    someone.page.fill("#text", TOLD)
    submit(someone, f'form[action="{case}/interview"] button')
    assert "70" in someone.text
    looked_at(someone, "read-in-the-interview")
    for address in (f"{case}/hand-over", "/staff/statistics", "/staff/exchange"):
        someone.open(address)
        looked_at(someone, address.rsplit("/", 1)[-1])
