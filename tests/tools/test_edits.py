"""The long report of edits sees a loss when there is one; that there is none is for `make edits`."""

import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from tools.case_page import CasePage
from tools.edits import AtWork, Ledger, Sent, listen
from tools.house import colleague, founder, gateway
from workbench.record import begun

JOB = "work 0a1b2c3d"
PAGE = """<form id="case"><input type="hidden" name="was" value="{&quot;about.name&quot;: &quot;Blue bird&quot;}">
<input type="text" name="about.name" value="Blue bird"><select name="person.sex">
<option value=""></option><option value="x" selected></option></select>
<input type="checkbox" name="work.0a1b2c3d.days" value="mon" checked><input type="checkbox" name="work.0a1b2c3d.days" value="tue">
<textarea name="about.notes">
one
two</textarea><button value="save"></button><button value="remove work 0a1b2c3d"></button></form>
<form><input type="hidden" name="was" value="{&quot;about.notes&quot;: &quot;hers&quot;}">
<input type="hidden" name="about.notes" value="mine"></form>"""


def test_a_page_is_read_as_a_browser_reads_it():
    page = CasePage(PAGE)
    assert page.now == {"about.name": "Blue bird", "person.sex": "x", "work.0a1b2c3d.days": "mon", "about.notes": "one\ntwo"}
    assert page.buttons == [f"remove {JOB}"] and page.typed() == []
    assert [(one.name, one.now, one.mine) for one in page.put_back] == [("about.notes", "hers", "mine")]
    page.type("about.notes", "three\nfour")
    assert page.body(page.typed())[1:] == [("about.notes", "three\r\nfour")]
    assert ("work.0a1b2c3d.days", "mon") in page.whole() and page.has_seen("about.notes", "hers")


def sheet(texts, entries=None):
    return {"version": 1, "sheet": {"texts": texts, "entries": entries or {}}, "consents": []}


@pytest.mark.parametrize(
    ("seen", "told", "lost"),
    [({"about.notes": "old"}, {}, 1), ({"about.notes": "hers"}, {}, 0), ({"about.notes": "old"}, {"about.notes": {"hers"}}, 0)],
)
def test_a_text_that_goes_unseen_is_lost(seen, told, lost):
    ledger = Ledger()
    ledger.took("ana", 1, sheet({"about.notes": "hers"}))
    ledger.took("bea", 2, sheet({"about.notes": "mine"}))
    ledger.made(2, Sent("bea", {"about.notes": "mine"}, seen, told, set(), ""))
    ledger.check()
    assert len(ledger.lost) == lost and ledger.unchecked() == 0 and ledger.counts["replaced"] == 1 - lost


def test_what_is_taken_away_with_an_entry_unseen_is_lost():
    ledger = Ledger()
    ledger.took("ana", 1, sheet({"work.0a1b2c3d.sector": "care"}, {"work": ["0a1b2c3d"]}))
    ledger.took("bea", 2, sheet({}))
    ledger.made(2, Sent("bea", {}, {}, {}, {JOB}, f"remove {JOB}"))
    ledger.check()
    assert len(ledger.lost) == 1


def test_a_short_run_accounts_for_every_edit():
    with tempfile.TemporaryDirectory() as folder, gateway(Path(folder)) as house:
        ledger, numbers = Ledger(), count(1)
        ana = founder(house.services, "ana", "House of Hope")
        case = house.services.cases.create(ana.member, begun("Blue bird").as_json(), datetime.now(UTC) + timedelta(days=30))
        ledger.took(ana.member.id, case.revision, case.content)
        listen(house.services.cases, ledger)
        both = [AtWork(house, one, case.id, ledger, seed, numbers) for seed, one in enumerate((ana, colleague(house.services, ana, "bea")))]
        for one in both:
            one.meanwhile = 0
            one.load()
        both[0].page.type("about.notes", "hers")
        both[0].save()
        both[1].page.type("about.notes", "mine")
        both[1].save()
        both[1].press_put_back()
        both[1].press_add()
        ledger.check()
        counts = sum((one.counts for one in both), Counter())
        assert ledger.lost == [] and ledger.unchecked() == 0 and counts["clashes"] == 1 and counts["put back"] == 1 and counts["edits"] == 3
        assert ledger.counts["entries new"] == 1 and ledger.counts["replaced"] == 1
