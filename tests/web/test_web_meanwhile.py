"""Two at one case: what a button would do to what a colleague has typed meanwhile, and this page has not shown."""

from __future__ import annotations

import html
import json
import re

import pytest
from starlette.testclient import TestClient

from store.migrate import upgrade
from store.settings import load_settings
from tests.web.conftest import contacts
from tools.case_page import CasePage
from tools.house import colleague, founder
from web.app import create_app
from web.staff.case_page import MEANWHILE

SCRIPT = {"x-notes": "1"}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A gateway, and two workers of one house."""
    folder = tmp_path_factory.mktemp("meanwhile")
    (folder / "contacts.json").write_text(json.dumps(contacts()))
    settings = load_settings({"REDRESS_DATA_DIR": str(folder)})
    upgrade(settings.database_url)
    app = create_app(settings)
    with TestClient(app, base_url="http://here", headers={"origin": "http://here", "accept-language": "en"}) as client:
        ana = founder(app.state.services, "ana", "House of Hope")
        yield client, ana, colleague(app.state.services, ana, "bea")


class AtCase:
    """One worker before her page of a case."""

    def __init__(self, client, worker, place):
        self.client, self.worker, self.place = client, worker, place
        self.load()

    def _ask(self, method, **more):
        self.client.cookies.clear()
        self.client.cookies.update(self.worker.cookies)
        return self.client.request(method, self.place, **more)

    def load(self):
        self.text = html.unescape(self._ask("GET").text)
        self.page = CasePage(self._ask("GET").text)

    def save(self, **typed):
        """What the script sends of what is typed."""
        for name, text in typed.items():
            self.page.type(name, text)
        names = self.page.typed()
        answer = self._ask("POST", data=_several(self.page.body(names)), headers=SCRIPT)
        self.page.take(answer.json(), {name: self.page.now[name] for name in names})

    def press(self, do):
        """A button of the form, with the whole form."""
        answer = self._ask("POST", data=_several([*self.page.whole(), ("do", do)]))
        assert answer.status_code == 200
        self.text, self.page = html.unescape(answer.text), CasePage(answer.text)


def _several(pairs):
    found = {}
    for name, text in pairs:
        found.setdefault(name, []).append(text)
    return found


@pytest.fixture
def both(house):
    """Ana and Bea before one case with one job."""
    client, ana, bea = house
    client.cookies.update(ana.cookies)
    place = str(client.post("/staff/cases", data={"name": "Blue bird"}).url.path)
    first = AtCase(client, ana, place)
    first.press("add work")
    job = re.search(r'data-entry="work (\w{8})"', first.text)[1]
    first.load()
    return first, AtCase(client, bea, place), job


def test_what_a_colleague_typed_is_not_taken_away_by_who_has_not_seen_it(both):
    ana, bea, job = both
    bea.save(**{f"work.{job}.sector": "cleaning"})
    ana.press(f"remove work {job}")
    assert MEANWHILE in ana.text and ana.page.was[f"work.{job}.sector"] == "cleaning"
    # Now she has seen it.
    ana.press(f"remove work {job}")
    assert MEANWHILE not in ana.text and f"work.{job}.sector" not in ana.page.was and f"remove work {job}" not in ana.page.buttons


def test_who_typed_it_herself_takes_it_away_at_once(both):
    ana, _bea, job = both
    ana.save(**{f"work.{job}.sector": "cleaning"})
    ana.page.type(f"work.{job}.hours_per_week", "60")
    ana.press(f"remove work {job}")
    assert MEANWHILE not in ana.text and f"remove work {job}" not in ana.page.buttons


def test_who_saves_and_presses_before_the_answer_is_there_takes_it_away(both):
    ana, _bea, job = both
    old = AtCase(ana.client, ana.worker, ana.place)
    ana.save(**{f"work.{job}.sector": "cleaning"})
    # The answer did not come back yet: the page still shows what was before, and what she typed.
    old.page.type(f"work.{job}.sector", "cleaning")
    old.press(f"remove work {job}")
    assert MEANWHILE not in old.text and f"remove work {job}" not in old.page.buttons


def test_that_there_is_none_is_not_taken_back_by_who_has_not_seen_it(both):
    ana, bea, _job = both
    bea.save(losses="none")
    ana.press("add losses")
    assert MEANWHILE in ana.text and ana.page.was["losses"] == "none" and not _entries(ana, "losses")
    ana.press("add losses")
    assert MEANWHILE not in ana.text and "losses" not in ana.page.was and len(_entries(ana, "losses")) == 1


def test_what_clashes_is_told_when_the_button_added_something(both):
    ana, bea, _job = both
    bea.save(**{"person.birth_year": "1990"})
    ana.page.type("person.birth_year", "1991")
    ana.press("add losses")
    assert len(_entries(ana, "losses")) == 1 and [(one.name, one.now, one.mine) for one in ana.page.put_back] == [
        ("person.birth_year", "1990", "1991")
    ]


def _entries(at, name):
    return [one for one in at.page.buttons if one.startswith(f"remove {name} ")]
