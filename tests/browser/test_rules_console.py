"""A rate is changed by a lawyer in Chromium, looked at by a second one, used through two gateways, and taken back; on both databases."""

import json
import time
import urllib.request

import pytest

from store.organisations.roles import Role
from store.rules.releases import State
from tests.browser.conftest import PHONE, looked_at
from tests.browser.test_cases import AtWork
from tests.browser.test_day import joins
from tools.house import gateway

TITLE = "Wage resolution for 2028"


@pytest.fixture(scope="module")
def houses(house, tmp_path_factory):
    """The same rules behind two gateways."""
    with gateway(tmp_path_factory.mktemp("second"), house.services.settings.database_url) as second:
        yield house, second


def asked(where, year):
    """What somebody is told who worked in the first half of a year: the least sum, and the release."""
    case = {
        "version": 1,
        "exploitation": [{"country": "DE", "forms": ["labour"], "start": f"{year}-01", "end": f"{year}-06"}],
        "work": [
            {"country": "DE", "start": f"{year}-01-01", "end": f"{year}-06-30", "hours_per_week": 60, "paid": [{"amount": "3", "per": "month"}]}
        ],
    }
    body = json.dumps({"case": case, "on": f"{year}-07-02"}).encode()
    request = urllib.request.Request(f"{where.url}/api/v1/estimates", body, {"Content-Type": "application/json", "Origin": where.url})
    with urllib.request.urlopen(request) as answer:
        told = json.load(answer)
    return told["jurisdictions"][0]["total"]["low"], told["release"]["id"]


def until_used(where, release):
    """Both gateways use it by and by, without a restart."""
    end = time.monotonic() + 60
    while {asked(one, 2028)[1] for one in where} != {release}:
        assert time.monotonic() < end, release
        time.sleep(0.2)


def test_a_rate_goes_in_by_two_and_out_again(houses, come):
    house, _ = houses
    begin, been = come
    staff, releases = house.services.staff, house.services.releases
    ed_herself, rita_herself = begin("ed"), begin("rita")
    ed = AtWork(ed_herself, ("ed", joins(ed_herself, staff.invite_from_command("ed", "House of Law", [Role.RULE_EDITOR, Role.ADMINISTRATOR]))))
    assert releases.set_team("House of Law", True)
    rita = AtWork(rita_herself, ("rita", joins(rita_herself, staff.invite_from_command("rita", "House of Law", [Role.RULE_REVIEWER]))))
    first = releases.in_force().id
    until_used(houses, first)
    before = {(year, one.url): asked(one, year)[0] for year in (2025, 2027, 2028) for one in houses}

    # A lawyer finds the figure, gives it a new value with its source, and asks for a second pair of eyes.
    ed_herself.open("/staff")
    ed.go('a[href="/staff/rules"]')
    looked_at(ed_herself, "rules")
    ed.page.fill("#words", "two years")
    ed.go("form.find button")
    assert ed.page.locator("section h2 a").count() > 1
    looked_at(ed_herself, "everywhere")
    ed_herself.open("/staff/rules")
    ed.go('a[href="/staff/rules/freshness"]')
    ed.page.locator("details.card > summary").first.click()
    looked_at(ed_herself, "freshness")
    ed_herself.open("/staff/rules")
    ed.go('a[href="/staff/rules/state/DE"]')
    looked_at(ed_herself, "state")
    ed.page.locator("details.card:has(details.rule) > summary").first.click()
    ed.page.locator("details[open] details.rule > summary").first.click()
    looked_at(ed_herself, "state-route")
    ed.page.fill("#find", "minimum wage")
    ed.go("form.find button")
    looked_at(ed_herself, "found")
    ed.go('a[href="/staff/rules/state/DE/mindestlohn"]')
    looked_at(ed_herself, "form")
    for field, text in (("start", "2028-01-01"), ("value", "15,20"), ("title", TITLE), ("seen", "2026-11-20"), ("why", "The rate of 2028")):
        ed.page.fill(f"#{field}", text)
    ed.go("form.staff:not(.find) button.send")
    assert "like 14.60" in ed_herself.text and ed.page.input_value("#title") == TITLE
    looked_at(ed_herself, "mistyped")
    ed.page.fill("#value", "15.20")
    ed.go("form.staff:not(.find) button.send")
    release = ed.page.url.rpartition("/")[2]
    assert "15.20" in ed_herself.text and TITLE in ed_herself.text and "Approve" not in ed_herself.text
    # What it changes, in words and for many cases, which the gateway tries while she looks.
    assert "Statutory minimum wage" in ed_herself.text
    looked_at(ed_herself, "being-tried")
    ed.page.wait_for_selector("#impact:not(:has(progress))", timeout=120_000)
    assert "2000 cases were tried by both rules." in ed_herself.text and "In the middle, the sum changes by" in ed_herself.text
    looked_at(ed_herself, "tried")
    ed.go('#impact a[href$="/impact/DE/1"]')
    assert "Otherwise:" in ed_herself.text
    looked_at(ed_herself, "both")
    ed_herself.open(f"/staff/rules/{release}")
    ed.go('form[action$="/submit"] button')
    looked_at(ed_herself, "asked")

    # The second one sees what is different, and lets it in.
    rita_herself.open(f"/staff/rules/{release}")
    assert "15.20" in rita_herself.text and "ed, House of Law" in rita_herself.text
    looked_at(rita_herself, "review")
    rita.page.set_viewport_size(PHONE)
    looked_at(rita_herself, "review-phone")
    rita.go('form[action$="/approve"] button')
    assert "In force" in rita_herself.text
    looked_at(rita_herself, "approved-phone")
    until_used(houses, release)
    for one in houses:
        assert asked(one, 2025)[0] == before[2025, one.url] and asked(one, 2027)[0] == before[2027, one.url]
        assert float(asked(one, 2028)[0]) > float(before[2028, one.url])

    # Back again, with a reason.
    rita_herself.open(f"/staff/rules/{first}")
    rita.page.locator("details:has(#why) summary").click()
    rita.page.fill("#why", "It was not the last word")
    rita.go('form[action$="/back"] button')
    back = rita.page.url.rpartition("/")[2]
    assert releases.one(back).state is State.IN_FORCE and releases.one(release).state is State.OVER
    until_used(houses, back)
    assert {(year, one.url): asked(one, year)[0] for year in (2025, 2027, 2028) for one in houses} == before

    assert ed_herself.complaints == [] or all("422" in text for text in ed_herself.complaints)
    assert rita_herself.complaints == []
    assert not any("15.20" in address or "resolution" in address for address in been)
