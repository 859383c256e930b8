"""Statistics on the pages: counted while she is signed in, sealed, none small, and the same until many cases have come."""

import csv
import html
import io
import re
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.models import ReportRow
from workbench.form import NAME
from workbench.record import Consent, Record
from workbench.sheet import Sheet, sheet_of

CASE = {"exploitation": [{"country": "DE", "forms": ["labour"], "start": "2025-01", "end": "2025-06"}]}


def begin(app, browser, count, consent=True):
    services = app.state.services
    who, sheet = services.sessions.member(browser.token), sheet_of(CASE)
    consents = (Consent("words", "en", date(2026, 1, 1)),) if consent else ()
    for number in range(count):
        record = Record(Sheet({**sheet.texts, NAME: f"Bird {number}"}, sheet.entries), consents)
        services.cases.create(who, record.as_json(), datetime.now(UTC) + timedelta(days=300))


def counts(page):
    return {html.unescape(what): int(number) for what, number in re.findall(r'<th scope="row">([^<]+)<.*?<td>(\d+)</td>', page, re.S)}


def test_counts_appear_with_eleven_and_stay_until_many_have_come(app, member):
    ana, eva = member("ana", "House of Hope"), member("eva", "House of Dawn")
    assert "Nothing was counted yet" in ana.text("/staff/statistics")
    begin(app, ana, 10)
    begin(app, ana, 5, consent=False)
    assert counts(ana.post("/staff/statistics").text) == {}
    begin(app, ana, 2)
    found = counts(ana.post("/staff/statistics").text)
    assert found["All cases that are counted"] == found["Germany"] == found["Work"] == 10
    assert any(what.startswith("DE: Claim for unpaid wages") for what in found), found
    begin(app, ana, 9)
    assert counts(ana.post("/staff/statistics").text) == found
    begin(app, ana, 6)
    assert counts(ana.post("/staff/statistics").text)["Germany"] == 25
    # Each day's report stays, also as a table.
    page = ana.text("/staff/statistics")
    reports = re.findall(r"/staff/statistics/([\w-]+)\"", page)
    assert len(reports) == 3
    table = ana.get(f"/staff/statistics/{reports[0]}/file")
    assert ["Where it happened", "Germany", "10"] in list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert 'filename="notes.csv"' in table.headers["content-disposition"]
    # Another house sees nothing of it, and the database shows nothing.
    assert "Nothing was counted yet" in eva.text("/staff/statistics")
    assert eva.get(f"/staff/statistics/{reports[0]}").status_code == eva.get(f"/staff/statistics/{reports[0]}/file").status_code == 404
    with Session(app.state.services.engine) as session:
        rows = session.scalars(select(ReportRow)).all()
    assert len(rows) == 4 and not any(b"DE" in row.content and b"country" in row.content for row in rows)
    # A change of the organisation's key keeps them.
    ana.post("/staff/rotate")
    assert counts(ana.text("/staff/statistics"))["Germany"] == 25
