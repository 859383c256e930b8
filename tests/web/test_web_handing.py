"""Handing a case over to another organisation on the pages: to whom, the words that are read out, what arrives, and until when."""

import html
import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from calculator.dates import add_months
from tests.web.house import Signed
from workbench.form import ADULT, NAME, NOTES
from workbench.record import VERSION, Record, begun
from workbench.sheet import Sheet

#: Tests may begin on one day and end on the next.
BEGUN = datetime.now(UTC).date()


def in_months(months):
    """The days that are so many months from today."""
    return {add_months(day, months) for day in (BEGUN, datetime.now(UTC).date())}


@pytest.fixture(scope="module")
def _ana(member):
    return member("ana", "House of Hope")


@pytest.fixture(scope="module")
def _eva(member):
    return member("eva", "House of Dawn")


def emptied(app, browser):
    for one in app.state.services.handing.waiting(who(app, browser)):
        app.state.services.handing.refuse(who(app, browser), one.id)
    for row, _record in records(app, browser):
        app.state.services.cases.delete(who(app, browser), row.id)
    return browser


@pytest.fixture
def ana(app, _ana):
    return emptied(app, _ana)


@pytest.fixture
def eva(app, _eva):
    return emptied(app, _eva)


def who(app, browser: Signed):
    return app.state.services.sessions.member(browser.token)


def records(app, browser):
    return [(case, Record.from_json(case.content)) for case in app.state.services.cases.all(who(app, browser))]


@pytest.fixture
def case(app, ana):
    sheet = Sheet({NAME: "Blue bird", NOTES: "marzipan", ADULT: "aunt", "person.birth_year": "1995"}, {})
    until = datetime.now(UTC) + timedelta(days=700)
    return app.state.services.cases.create(who(app, ana), Record(sheet).as_json(), until).id


GIVEN = {"organisation": "house of dawn", "purpose": "Klage in Berlin", "months": "3", "language": "de"}


def letters(page):
    return re.search(r'name="letters" value="([^"]+)"', page)[1]


def hand(browser, case, **more):
    at = f"/staff/cases/{case}/hand-over"
    first = browser.post(at, {**GIVEN, **more}).text
    return browser.post(at, {**GIVEN, **more, "letters": letters(first), "agrees": "yes"})


def test_from_house_to_house(app, ana, eva, case):
    at = f"/staff/cases/{case}/hand-over"
    first = html.unescape(ana.post(at, GIVEN).text)
    # The same letters on both sides, and the words in the client's language with who, to whom, what for and until when.
    assert letters(first) in eva.text("/staff/cases")
    words = re.search(r'<blockquote lang="de" dir="ltr">([^<]+)<', first)[1]
    assert all(one in words for one in ("House of Hope", "House of Dawn", "Klage in Berlin", str(min(in_months(3)).year)))
    assert eva.text("/staff/cases").count("Take it") == 0
    assert "Read the words out" in ana.post(at, {**GIVEN, "letters": letters(first)}).text
    done = hand(ana, case)
    assert done.status_code == 200 and "Waits for House of Dawn" in done.text
    page = eva.text("/staff/cases")
    assert "House of Hope hands a case over to you" in page and "Klage in Berlin" in page and "Blue bird" in page
    handed = re.search(r"/staff/cases/handed/([\w-]+)/take", page)[1]
    taken = eva.post(f"/staff/cases/handed/{handed}/take", {"name": "Robin"})
    assert taken.status_code == 200 and "House of Hope handed it over" in html.unescape(taken.text)
    ((row, record),) = records(app, eva)
    assert record.name == "Robin" and record.sheet.texts["person.birth_year"] == "1995" and record.sheet.texts[ADULT] == "aunt"
    # Notes are the giver's own; the consent is the one to this hand-over.
    assert NOTES not in record.sheet.texts and record.consent.words == words and record.consent.language == "de"
    assert row.keep_until.date() in in_months(3)
    ((_, mine),) = records(app, ana)
    (given,) = mine.given
    assert (given.organisation, given.purpose) == ("House of Dawn", "Klage in Berlin") and given.until in in_months(3)
    assert "House of Dawn got a copy" in ana.text(f"/staff/cases/{case}")
    # What was handed on is asked to be deleted there, too.
    assert "House of Dawn got a copy" in html.unescape(ana.post(f"/staff/cases/{case}/delete").text)


def test_it_is_kept_no_longer_than_was_agreed(app, member, ana, eva, case):
    hand(ana, case, months="1")
    handed = re.search(r"/staff/cases/handed/([\w-]+)/take", eva.text("/staff/cases"))[1]
    eva.post(f"/staff/cases/handed/{handed}/take", {"name": "Robin"})
    ((row, _),) = records(app, eva)
    eva.post(f"/staff/cases/{row.id}/keep", {"months": "36"})
    ((row, _),) = records(app, eva)
    assert row.keep_until.date() in in_months(1)
    # Nor by a third house.
    mia = member("mia", "House of Noon")
    hand(eva, row.id, organisation="House of Noon", months="24")
    handed = re.search(r"/staff/cases/handed/([\w-]+)/take", mia.text("/staff/cases"))[1]
    mia.post(f"/staff/cases/handed/{handed}/take", {"name": "Wren"})
    ((third, record),) = records(app, mia)
    assert third.keep_until.date() in in_months(1) and record.came.organisation == "House of Dawn"


def test_notes_go_along_only_when_asked(app, ana, eva, case):
    hand(ana, case, notes="yes")
    handed = re.search(r"/staff/cases/handed/([\w-]+)/take", eva.text("/staff/cases"))[1]
    eva.post(f"/staff/cases/handed/{handed}/take", {"name": "Robin"})
    assert records(app, eva)[0][1].sheet.texts[NOTES] == "marzipan"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"organisation": "Nowhere"}, "No other organisation here"),
        ({"organisation": "House of Hope"}, "No other organisation here"),
        ({"organisation": " "}, "Say to whom and what for."),
        ({"purpose": ""}, "Say to whom and what for."),
    ],
)
def test_what_is_missing_is_said(ana, eva, case, more, told):
    answer = ana.post(f"/staff/cases/{case}/hand-over", {**GIVEN, **more})
    assert answer.status_code == 422 and told in answer.text


def test_a_key_that_changed_meanwhile_is_compared_again(app, ana, eva, case):
    first = ana.post(f"/staff/cases/{case}/hand-over", GIVEN).text
    eva.post("/staff/rotate")
    answer = ana.post(f"/staff/cases/{case}/hand-over", {**GIVEN, "letters": letters(first), "agrees": "yes"})
    assert answer.status_code == 422 and "The letters have changed" in answer.text and letters(answer.text) != letters(first)


def test_withdrawn_and_refused(ana, eva, case):
    hand(ana, case)
    page = ana.text(f"/staff/cases/{case}/hand-over")
    at = re.search(r"/staff/cases/[\w-]+/hand-over/[\w-]+/withdraw", page)[0]
    assert eva.post(at).status_code == 404
    ana.post(at)
    assert "hands a case over" not in eva.text("/staff/cases")
    hand(ana, case)
    refuse = re.search(r"/staff/cases/handed/[\w-]+/refuse", eva.text("/staff/cases"))[0]
    assert ana.post(refuse).status_code == 404
    eva.post(refuse)
    assert "hands a case over" not in eva.text("/staff/cases") and "Waits for" not in ana.text(f"/staff/cases/{case}/hand-over")


def test_a_case_of_the_version_before_is_read_and_keeps_all_when_saved(app, ana):
    raw = {**begun("Old bird").as_json(), "version": 1}
    del raw["given"], raw["came"]
    until = datetime.now(UTC) + timedelta(days=700)
    case = app.state.services.cases.create(who(app, ana), raw, until).id
    assert "Old bird" in ana.text(f"/staff/cases/{case}")
    ana.post(f"/staff/cases/{case}", {"was": json.dumps({NAME: "Old bird"}), NAME: "New bird"})
    ((_, record),) = records(app, ana)
    assert record.name == "New bird" and record.as_json()["version"] == VERSION == 2


def test_who_it_was_handed_to_survives_an_edit(app, ana, eva, case):
    hand(ana, case)
    ana.post(f"/staff/cases/{case}", {"was": json.dumps({NAME: "Blue bird"}), NAME: "Wren"})
    ((_, record),) = records(app, ana)
    assert record.name == "Wren" and record.given[0].organisation == "House of Dawn"
