"""The rules console on the pages: a change is drafted, tried, looked at by a second person, and used by every estimate seconds later."""

import html
import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from calculator.freshness import pages
from calculator.packs.current import current_rules
from calculator.packs.load import load_rules
from calculator.packs.released import RATES
from store.organisations.roles import Role
from store.rules.releases import Actor, State
from store.rules.sources import Answer, Seen
from store.rules.trials import CASES, TrialState
from tests.web.conftest import wait_until
from tests.web.house import Signed, come_in
from web.staff.session import COOKIE

HEADERS = {"origin": "http://here"}
WAGES, CONTACTS = "DE/parameters/wages.yaml", "DE/contacts.yaml"
CASE = {
    "case": {
        "version": 1,
        "exploitation": [{"country": "DE", "forms": ["labour"], "start": "2027-01", "end": "2027-06"}],
        "work": [
            {"country": "DE", "start": "2027-01-01", "end": "2027-06-30", "hours_per_week": 60, "paid": [{"amount": "300", "per": "month"}]}
        ],
    },
    "on": "2027-07-02",
}


@pytest.fixture(scope="module")
def client(app):
    with TestClient(app, base_url="http://here", headers=HEADERS) as running:
        yield running


@pytest.fixture(scope="module")
def people(app, client):
    """An editor and two reviewers of a house that looks after the rules; a reviewer of one that does not."""

    def of(name, house, *roles):
        return Signed(client, come_in(app, app.state.services.staff.invite_from_command(name, house, list(roles)), name)[0].cookies[COOKIE])

    found = {
        "ed": of("ed", "House of Law", Role.RULE_EDITOR, Role.ADMINISTRATOR),
        "rita": of("rita", "House of Law", Role.RULE_REVIEWER),
        "rob": of("rob", "House of Law", Role.RULE_REVIEWER, Role.RULE_EDITOR),
        "eva": of("eva", "House of Dawn", Role.RULE_REVIEWER, Role.RULE_EDITOR, Role.ADMINISTRATOR),
    }
    assert app.state.services.releases.set_team("House of Law", True)
    return found


@pytest.fixture
def releases(app):
    return app.state.services.releases


def in_force(client):
    return client.post("/api/v1/estimates", json=CASE).json()["release"]


def taken_up(release):
    """Within five seconds of the press."""
    wait_until(lambda: current_rules().release == release, 5)


def wage(client):
    return client.post("/api/v1/estimates", json=CASE).json()["jurisdictions"][0]["total"]["low"]


def zipped(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def draft(who, releases, files, why="a new rate"):
    base = next(one.id for one in releases.all() if one.state is State.IN_FORCE)
    return who.post("/staff/rules", {"base": base, "why": why}, files={"file": ("x.zip", zipped(files), "application/zip")})


def higher(releases, value):
    """The wages of Germany with another minimum wage from 2027 on."""
    text = releases.files(releases.in_force().id)[WAGES].decode()
    before = text.split("from: 2027-01-01, value: ")[1].split('"')[1]
    return {WAGES: text.replace(f'from: 2027-01-01, value: "{before}"', f'from: 2027-01-01, value: "{value}"')}


def name_of(answer):
    return answer.url.path.rsplit("/", 1)[-1]


def test_the_packs_of_this_version_are_the_first_release_and_estimates_name_it(client, releases, people):
    wait_until(lambda: releases.in_force() is not None)
    taken_up(releases.in_force().id)
    assert in_force(client)["sha256"] == releases.in_force().sha256


def test_a_change_needs_two_and_is_used_within_seconds(client, releases, people):
    before = wage(client)
    made = draft(people["ed"], releases, higher(releases, "15.00"), "Rate of 2027, decided on 12 May")
    assert made.status_code == 200 and "mindestlohn.values.2027-01-01.value" in made.text and "15.00" in made.text
    release = name_of(made)
    page = people["ed"].text(f"/staff/rules/{release}")
    assert "Rate of 2027" in page and "Approve</h2>" not in page
    people["ed"].post(f"/staff/rules/{release}/submit")
    assert people["ed"].post(f"/staff/rules/{release}/approve").status_code == 404, "her role does not allow it"
    assert wage(client) == before
    page = people["rita"].text(f"/staff/rules/{release}")
    assert "Approve</h2>" in page and "ed, House of Law" in page
    assert "In force" in people["rita"].post(f"/staff/rules/{release}/approve").text
    taken_up(release)
    assert float(wage(client)) > float(before)
    # Who looked is named, and going back is one press, a reason and a release of its own.
    first = releases.all()[-1].id
    assert people["rob"].post(f"/staff/rules/{first}/back", {"why": " "}).status_code == 422
    back = name_of(people["rob"].post(f"/staff/rules/{first}/back", {"why": "a slip"}))
    taken_up(back)
    assert wage(client) == before


def test_nobody_approves_her_own_work_also_not_by_a_second_role(releases, people):
    release = name_of(draft(people["rob"], releases, higher(releases, "15.10")))
    people["rob"].post(f"/staff/rules/{release}/submit")
    assert "Approve</h2>" not in people["rob"].text(f"/staff/rules/{release}")
    answer = people["rob"].post(f"/staff/rules/{release}/approve")
    assert answer.status_code == 422 and "Somebody else has to look at it" in answer.text
    assert releases.one(release).state is State.IN_REVIEW
    assert people["ed"].post(f"/staff/rules/{release}/withdraw").status_code == 200 and releases.one(release).state is State.WITHDRAWN


def test_a_house_that_does_not_look_after_the_rules_sees_nothing_of_them(releases, people):
    eva = people["eva"]
    assert "/staff/rules" not in eva.text("/staff") and "/staff/rules" in people["ed"].text("/staff")
    newest = releases.in_force().id
    for path in ("/staff/rules", f"/staff/rules/{newest}", f"/staff/rules/{newest}/file"):
        assert eva.get(path).status_code == 404
    assert draft(eva, releases, higher(releases, "99.00")).status_code == 404


def test_a_day_can_be_named_and_must_not_be_past(releases, people):
    release = name_of(draft(people["ed"], releases, higher(releases, "15.20")))
    people["ed"].post(f"/staff/rules/{release}/submit")
    for bad in ("2020-01-01", "soon"):
        assert people["rita"].post(f"/staff/rules/{release}/approve", {"start": bad}).status_code == 422
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    assert "Approved for a later day" in people["rita"].post(f"/staff/rules/{release}/approve", {"start": day}).text
    # What is approved now would be undone on that day.
    other = name_of(draft(people["ed"], releases, {"FR/contacts.yaml": releases.files(releases.in_force().id)["FR/contacts.yaml"] + b"\n"}))
    people["ed"].post(f"/staff/rules/{other}/submit")
    assert release in people["rita"].post(f"/staff/rules/{other}/approve").text
    people["rita"].post(f"/staff/rules/{release}/withdraw")
    people["rita"].post(f"/staff/rules/{other}/withdraw")


def test_rules_whose_examples_do_not_come_out_stay_outside(releases, people):
    text = releases.files(releases.in_force().id)[WAGES].decode()
    count = len(releases.all())
    answer = draft(people["ed"], releases, {WAGES: text.replace('value: "13.90"', 'value: "139.0"')})
    assert answer.status_code == 422 and "Nothing was changed." in answer.text and "DE/examples" in answer.text
    answer = draft(people["ed"], releases, {WAGES: text.replace("unit: ", "unite: ", 1)})
    assert answer.status_code == 422 and WAGES in answer.text
    answer = draft(people["ed"], releases, {WAGES: "a: [1\n"})
    assert answer.status_code == 422 and "not valid YAML" in answer.text
    assert len(releases.all()) == count


@pytest.mark.parametrize(
    "data",
    [
        b"no zip",
        zipped({}),
        zipped({"../x.yaml": "a: 1"}),
        zipped({"DE/run.py": "x"}),
        zipped({"/etc/x.yaml": "a"}),
        zipped({"a/b/c/d/e.yaml": "a"}),
    ],
)
def test_a_file_that_is_none_of_rules_is_refused(releases, people, data):
    base = releases.in_force().id
    answer = people["ed"].post("/staff/rules", {"base": base, "why": "x"}, files={"file": ("x.zip", data, "application/zip")})
    assert answer.status_code == 422 and "not a file of rules" in answer.text


def test_why_is_asked_for_and_an_unknown_release_is_not_there(releases, people):
    base = releases.in_force().id
    assert people["ed"].post("/staff/rules", {"base": base, "why": " "}, files={"file": ("x.zip", zipped({"a.yaml": "a"}))}).status_code == 422
    answer = people["ed"].post("/staff/rules", {"base": "2001-01-01.1", "why": "x"}, files={"file": ("x.zip", zipped({"DE/x.yaml": "a"}))})
    assert answer.status_code == 404 and people["ed"].get("/staff/rules/2001-01-01.1").status_code == 404
    assert people["ed"].post("/staff/rules/2001-01-01.1/submit").status_code == 404


def test_a_dead_number_is_replaced_by_one_person_for_three_days(client, app, releases, people):
    contacts = releases.files(releases.in_force().id)[CONTACTS].decode()
    release = name_of(draft(people["rita"], releases, {CONTACTS: contacts.replace('number: "116 016"', 'number: "116 017"')}, "does not answer"))
    assert "116 017" in people["rita"].text(f"/staff/rules/{release}")
    page = people["rita"].post(f"/staff/rules/{release}/alone").text
    assert "one person alone" in page
    taken_up(release)
    # The numbers that are told in danger are the new ones, too.
    wait_until(lambda: "116 017" in app.state.services.settings.contacts_file.read_text())
    assert "Nobody else has looked" in people["ed"].text("/staff")
    assert people["rita"].post(f"/staff/rules/{release}/confirm").status_code == 422
    people["rob"].post(f"/staff/rules/{release}/confirm")
    assert releases.one(release).ends_at is None
    more = name_of(draft(people["rita"], releases, higher(releases, "15.30")))
    assert WAGES in people["rita"].post(f"/staff/rules/{more}/alone").text and releases.one(more).state is State.DRAFT
    people["rita"].post(f"/staff/rules/{more}/withdraw")


def test_what_is_taken_out_comes_back_byte_by_byte(releases, people):
    newest = releases.in_force().id
    data = people["ed"].get(f"/staff/rules/{newest}/file").content
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert files == releases.files(newest) and any(name.startswith(RATES) for name in files)
    assert people["ed"].get(f"/staff/rules/{newest}/file").content == data
    assert "Nothing is different" in draft(people["ed"], releases, files).text


def test_a_dossier_is_made_again_by_the_rules_of_its_day(app, client, releases, people):
    """The figures of an earlier file come out again after the rules have changed."""
    code = app.state.services.staff.invite_from_command("wren", "House of Hope", [Role.ADMINISTRATOR, Role.SUPPORT_WORKER])
    worker = Signed(client, come_in(app, code, "wren")[0].cookies[COOKIE])
    past = {**CASE["case"], "exploitation": [{"country": "DE", "forms": ["labour"], "start": "2026-01", "end": "2026-06"}]}
    past["work"] = [{**CASE["case"]["work"][0], "start": "2026-01-01", "end": "2026-06-30"}]
    case = worker.post("/staff/cases/import", {"name": "Blue bird", "months": "12"}, files={"file": ("x.json", json.dumps(past))}).url.path

    def figures(**more):
        answer = worker.post(f"{case}/dossier", {"country": "DE", "language": "en", "kind": "json", **more})
        return answer.json()["estimate"] if answer.status_code == 200 else answer

    taken_up(releases.in_force().id)
    first = figures()
    files = releases.files(releases.in_force().id)
    text = files[WAGES].decode()
    # The examples would not come out: let in without the pages.
    changed = {**files, WAGES: text.replace('to: 2026-12-31, value: "13.90"', 'to: 2026-12-31, value: "15.90"').encode()}
    made = releases.draft(Actor("ann"), changed, "1.0.0", "x").id
    releases.submit(Actor("ann"), made)
    releases.approve(Actor("bea"), made)
    taken_up(made)
    now = figures()
    assert now["release"]["id"] == made and now["jurisdictions"][0]["total"] != first["jurisdictions"][0]["total"]
    assert figures(release=first["release"]["id"]) == first
    earlier = figures(release=first["release"]["id"], on="2026-07-02")
    assert earlier["on"] == "2026-07-02" and earlier["release"] == first["release"]
    for bad in ({"on": "2099-01-01"}, {"on": "soon"}):
        assert figures(**bad).status_code == 422
    assert figures(release="2001-01-01.1").status_code == 422
    assert first["release"]["id"] in worker.text(f"{case}/dossier")
    releases.roll_back(Actor("bea"), first["release"]["id"], "1.0.0", "the others go on with it")


# -- a State, and one figure


def test_a_state_is_read_as_a_document(people):
    page = people["ed"].text("/staff/rules/state/DE")
    assert "Germany" in page and "14.60" in page and "Minimum wage" in page and "A new value" in page
    found = people["ed"].text("/staff/rules/state/DE?find=mindestlohn")
    assert "mindestlohn" in found.casefold() and len(found) < len(page)
    assert "A new value" not in people["rita"].text("/staff/rules/state/JP") and people["rita"].get("/staff/rules/state/JP").status_code == 404
    for code, name in (("US", "United States"), ("FR", "France"), ("CH", "Switzerland")):
        assert name in people["rita"].text(f"/staff/rules/state/{code}")


VALUE = {
    "start": "2028-01-01",
    "value": "15.40",
    "title": "Sechste Mindestlohnanpassungsverordnung",
    "url": "https://example.org/law",
    "kind": "official",
    "seen": "2026-12-03",
    "confidence": "official",
    "why": "the rate of 2028",
}


def test_a_new_value_is_a_draft_with_its_source(releases, people):
    made = people["ed"].post("/staff/rules/state/DE/mindestlohn", VALUE)
    assert made.status_code == 200, made.text
    assert "mindestlohn.values.2028-01-01" in made.text and "sechste_mindestlohnanpassungsverordnung" in made.text
    release = releases.one(name_of(made))
    assert release.state is State.DRAFT and release.note == "the rate of 2028"
    text = releases.files(release.id)[WAGES].decode()
    assert (
        '{from: 2028-01-01, value: "15.40", source: sechste_mindestlohnanpassungsverordnung, confidence: official, checked_on: 2026-12-03}'
        in text
    )
    assert "to: 2027-12-31" in text
    people["ed"].post(f"/staff/rules/{release.id}/withdraw")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"start": ""}, "first day"),
        ({"start": "1.1.2028"}, "first day"),
        ({"start": "2020-01-01"}, "a later one"),
        ({"value": "15,40"}, "with a point"),
        ({"value": "1 000"}, "with a point"),
        ({"value": ""}, "from and to"),
        ({"title": "", "source": "no_such"}, "Choose a source"),
        ({"seen": ""}, "Choose a source"),
        ({"why": " "}, "in a few words why"),
        ({"kind": "press"}, "confidence"),
    ],
)
def test_what_cannot_be_a_value_says_why_and_loses_nothing(releases, people, more, says):
    count = len(releases.all())
    answer = people["ed"].post("/staff/rules/state/DE/mindestlohn", {**VALUE, **more})
    assert answer.status_code == 422 and says in html.unescape(answer.text)
    assert len(releases.all()) == count and f'value="{more.get("note", "")}"' in answer.text
    kept = {**VALUE, **more}
    assert f'value="{html.escape(kept["url"])}"' in answer.text and f'value="{kept["value"]}"' in answer.text


def test_only_editors_see_the_form(people):
    assert people["eva"].get("/staff/rules/state/DE").status_code == 404
    assert people["ed"].get("/staff/rules/state/DE/no_such_figure").status_code == 404


# -- what should be looked at


def test_what_should_be_looked_at_is_told_and_settled(app, people):
    sources = app.state.services.sources
    law, fund = sorted(pages(load_rules().packs["DE"]))[:2]
    page = html.unescape(people["rita"].text("/staff/rules/freshness"))
    assert "Nobody has looked yet" in page and "redress sources check --in-force" in page
    assert "Germany" in page and "A source without an address" in page and "Deutsch" in page
    sources.keep(Seen(law, Answer.CHANGED, "+1 -1"))
    sources.keep(Seen(fund, Answer.MOVED, "https://fund.example/new"))
    sources.keep(Seen("https://named.by.no.rule.example/", Answer.DEAD, "404"))
    board = html.unescape(people["rita"].text("/staff/rules/freshness"))
    assert f'href="{law}"' in board and "something else than last time" in board and 'href="https://fund.example/new"' in board
    assert "Pages looked at: 2 of" in board and "named.by.no.rule" not in board
    assert "sources: 2" in people["ed"].text("/staff/rules")
    for _ in range(2):
        # The second time somebody else was first.
        after = html.unescape(people["ed"].post("/staff/rules/freshness/settle", {"url": law}).text)
        assert f'href="{law}"' not in after and f'href="{fund}"' in after
    assert "sources: 1" in people["rita"].text("/staff/rules")
    assert people["rita"].post("/staff/rules/freshness/settle", {"url": "x" * 3000}).status_code == 422
    people["rita"].post("/staff/rules/freshness/settle", {"url": fund})
    assert "No page waits for somebody." in people["rita"].text("/staff/rules/freshness")


def test_an_address_that_a_site_gave_is_a_link_only_when_it_is_one_and_never_a_program(app, people):
    law = sorted(pages(load_rules().packs["DE"]))[2]
    app.state.services.sources.keep(Seen(law, Answer.MOVED, "javascript:alert(1)"))
    board = people["ed"].text("/staff/rules/freshness")
    assert law in html.unescape(board) and "javascript:" not in board
    people["ed"].post("/staff/rules/freshness/settle", {"url": law})


def test_a_figure_to_look_at_leads_editors_to_its_new_value(people):
    link = re.compile(r'href="/staff/rules/state/[A-Z]{2}/[a-z]')
    assert link.search(people["ed"].text("/staff/rules/freshness"))
    assert people["eva"].get("/staff/rules/freshness").status_code == 404
    assert people["eva"].post("/staff/rules/freshness/settle", {"url": "https://law.example/"}).status_code == 404


# -- words in all States, and what a change does


def test_words_are_found_in_the_rules_of_every_state(people):
    page = html.unescape(people["rita"].text("/staff/rules/find?words=two years"))
    assert page.count("/staff/rules/state/") > 3
    assert "These words stand nowhere." in people["rita"].text("/staff/rules/find?words=xyzzy")
    assert people["eva"].get("/staff/rules/find?words=two").status_code == 404


def test_a_change_is_told_in_words_and_tried_before_it_is_approved(app, releases, people):
    made = people["ed"].post("/staff/rules/state/DE/mindestlohn", VALUE)
    release = name_of(made)
    page = html.unescape(made.text)
    assert "14.60" in page and "15.40" in page and VALUE["title"] in page
    trials = app.state.services.trials
    wait_until(lambda: trials.of(release) and trials.of(release)[0].state is TrialState.DONE, 120)
    page = html.unescape(people["rita"].text(f"/staff/rules/{release}"))
    tally = trials.of(release)[0].progress.tally
    assert tally.cases == CASES and tally.changed > 0
    assert f"{CASES} cases were tried by both rules." in page and f"{tally.changed} come out otherwise." in page
    # One of those that change most, by both rules side by side.
    both = people["rita"].text(f"/staff/rules/{release}/impact/DE/1")
    assert "exploitation[0].country" in both and "Nobody has this case." in both
    for path in ("DE/0", "DE/4", "DE/x", "FR/1", "XX/1"):
        assert people["rita"].get(f"/staff/rules/{release}/impact/{path}").status_code in (404, 422)
    assert people["rita"].get("/staff/rules/2001-01-01.1/impact/DE/1").status_code == 404
    assert people["eva"].get(f"/staff/rules/{release}/impact/DE/1").status_code == 404
    assert people["eva"].get(f"/staff/rules/{release}/impact").status_code == 404
    people["ed"].post(f"/staff/rules/{release}/withdraw")
