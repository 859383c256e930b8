"""Where staff sign in: every address as every role of two organisations, the way in and out, what each page says."""

import html
import json
import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from store.migrate import upgrade
from store.models import StaffRow
from store.organisations.audit import faults
from store.organisations.cases import Case
from store.organisations.roles import MAY, Action, Role
from store.settings import load_settings
from tests.web.house import PASSPHRASE, Browser, code_on, come_in
from web.app import STAFF, create_app
from web.staff.session import BROWSER, COOKIE
from workbench.record import begun


@pytest.fixture
def app(tmp_path, example_contacts):
    (tmp_path / "contacts.json").write_text(json.dumps(example_contacts))
    settings = load_settings({"REDRESS_DATA_DIR": str(tmp_path)})
    upgrade(settings.database_url)
    return create_app(settings)


@pytest.fixture
def staff(app):
    return app.state.services.staff


@pytest.fixture
def ana(app, staff):
    return come_in(app, staff.invite_from_command("ana", "House of Hope", [Role.ADMINISTRATOR, Role.SUPPORT_WORKER]), "ana")


def test_before_anybody_is_a_member_the_page_names_the_command(app, staff):
    browser = Browser(app)
    assert "redress staff add NAME" in browser.text()
    staff.invite_from_command("ana", "House of Hope", [Role.ADMINISTRATOR])
    assert "redress staff add" not in browser.text() and "Sign in" in browser.text()


def test_the_founder_is_shown_the_key_on_paper_and_a_picture_for_the_app(app, staff):
    code = staff.invite_from_command("ana", "House of Hope", [Role.ADMINISTRATOR])
    browser = Browser(app)
    page = browser.post("/staff/join", code=f" {code.lower().replace('-', ' ')} ", passphrase=PASSPHRASE, again=PASSPHRASE).text
    assert "paper-key" in page and "<svg" in page and "otpauth" not in page
    # Taken up, it opens nothing any more.
    assert browser.post("/staff/join", code=code, passphrase=PASSPHRASE, again=PASSPHRASE).status_code == 404


def test_slips_at_the_first_time_are_said_and_lose_nothing(app, staff):
    code = staff.invite_from_command("ana", "House of Hope", [Role.ADMINISTRATOR])
    browser = Browser(app)
    for form, says in (
        ({"passphrase": PASSPHRASE, "again": "something else"}, "not the same"),
        ({"passphrase": "short", "again": "short"}, "too short or too simple"),
    ):
        page = browser.post("/staff/join", code=code, **form)
        assert page.status_code == 422 and says in page.text and code in page.text
    wrong = browser.post("/staff/join", code="nonsense")
    assert wrong.status_code == 404 and "opens nothing" in wrong.text


def test_a_wrong_sign_in_says_not_what_was_wrong_and_then_how_long_to_wait(app, ana):
    browser = Browser(app)
    answers = [browser.post("/staff/sign-in", name=name, passphrase="wrong words", code="123456") for name in ["ana", "nobody"]]
    assert {answer.status_code for answer in answers} == {401}
    assert all("is not right" in answer.text and "Wait" not in answer.text for answer in answers)
    for _ in range(4):
        last = browser.post("/staff/sign-in", name="ana", passphrase="wrong words", code="123456")
    assert re.search(r"Wait \d seconds, then try again", last.text) and 'value="ana"' in last.text and "wrong words" not in last.text


def test_the_cookie_is_for_this_site_alone_and_changes_with_each_look(app, ana):
    browser, _paper = ana
    before = browser.cookies[COOKIE]
    answer = browser.get("/staff")
    told = next(value for value in answer.headers.get_list("set-cookie") if value.startswith(f"{COOKIE}="))
    assert "HttpOnly" in told and "SameSite=strict" in told and "Max-Age" not in told
    assert browser.cookies[COOKIE] != before
    thief = Browser(app)
    thief.cookies.set(COOKIE, before)
    assert "You are signed in" not in thief.text()
    other = browser._ask("POST", "/staff/sign-out", headers={"origin": "http://elsewhere"})
    assert other.status_code == 403 and "You are signed in" in browser.text()


def test_leaving_locks(app, staff, ana):
    browser, _paper = ana
    token = browser.cookies[COOKIE]
    left = browser.get("/leave", follow=False)
    assert left.status_code == 303 and f"{COOKIE}=" in str(left.headers.get_list("set-cookie"))
    assert app.state.services.sessions.member(token) is None


def test_a_colleague_is_invited_let_in_reset_and_removed(app, staff, ana):
    browser, paper = ana
    page = html.unescape(browser.post("/staff/invite", name="Bea", roles="support_worker").text)
    assert "The code for Bea" in page
    bea, none = come_in(app, code_on(page), "bea")
    assert not none and "cannot open cases" not in bea.text()
    [(bea_id, _name)] = [(row.id, row.name) for row in colleagues(app, browser) if row.name == "bea"]
    page = html.unescape(browser.post(f"/staff/reset/{bea_id}").text)
    assert "Sign in" in bea.text() and "You are signed in" not in bea.text()
    bea, _none = come_in(app, code_on(page), "bea")
    assert "You cannot open cases yet" in bea.text()
    assert "Look at each letter" in html.unescape(bea.post("/staff/recover", paper=paper[:-1] + ("A" if paper[-1] != "A" else "B")).text)
    bea.post("/staff/recover", paper=paper)
    assert "You cannot open cases yet" not in bea.text()
    page = html.unescape(browser.post(f"/staff/remove/{bea_id}").text)
    assert "Shall bea lose access" in page and "You are signed in" in bea.text()
    browser.post(f"/staff/remove/{bea_id}", sure="yes")
    assert "You are signed in" not in bea.text() and "has left. Change the key" in browser.text()
    browser.post("/staff/rotate")
    assert "has left. Change the key" not in browser.text()
    mine = next(row.id for row in colleagues(app, browser) if row.name == "ana")
    assert "The last one who looks after colleagues" in browser.post(f"/staff/remove/{mine}", sure="yes").text
    assert "cannot be used" in browser.post("/staff/invite", name="ANA", roles="support_worker").text
    assert faults(app.state.services.engine) == []


def colleagues(app, browser: Browser):
    services = app.state.services
    return services.staff.colleagues(services.sessions.member(browser.cookies[COOKIE]))


def test_own_sessions_are_listed_and_ended(app, staff, ana):
    browser, _paper = ana
    other = Browser(app)
    member = app.state.services.sessions.member(browser.cookies[COOKIE])
    with Session(app.state.services.engine) as session:
        secret = app.state.services.sealer.unseal(session.get_one(StaffRow, member.id).second_factor)["secret"]
    code = pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30))
    assert "signed in as" in other.post("/staff/sign-in", name="ana", passphrase=PASSPHRASE, code=code).text
    shown = re.findall(r'action="/staff/end/([\w-]+)"', browser.text())
    assert len(shown) == 2
    # The one that began later first: whoever ends her own is out. What is ended is not there any more.
    ended = [browser.post(f"/staff/end/{called}").status_code for called in (shown[1], shown[1], shown[0])]
    assert ended == [200, 404, 200]
    assert "signed in as" not in other.text() and "signed in as" not in browser.text()


def a_case(app, browser: Browser) -> Case:
    """A case of the house of somebody who is signed in."""
    services = app.state.services
    member = services.sessions.member(browser.cookies[COOKIE])
    return services.cases.create(member, begun("Blue bird").as_json(), datetime.now(UTC) + timedelta(days=100))


def addresses() -> list[tuple[str, str, Action | None]]:
    """Every address of the pages, with what it needs: read from the routes, so that a new one cannot be forgotten."""
    found = []
    for route in (one for router in STAFF for one in router.routes):
        assert isinstance(route, APIRoute)
        needs = [getattr(one.call, "action", None) for one in route.dependant.dependencies]
        action = next((one for one in needs if one is not None), None)
        found += [(method, route.path, action) for method in sorted(route.methods)]
    return found


#: What everybody may ask for.
OPEN = {("GET", f"/staff{what}") for what in ("", "/join", "/oidc", "/oidc/back")} | {
    ("POST", f"/staff/{what}")
    for what in ("sign-in", "sign-out", "join", "language", "sign-in/passkey", "sign-in/passkey/answer", "oidc/passphrase")
}


def test_every_address_is_open_on_purpose_or_needs_a_role() -> None:
    assert {(method, path) for method, path, action in addresses() if action is None} == OPEN
    assert all(MAY.get(action) for _method, _path, action in addresses() if action is not None)


@pytest.mark.parametrize("role", [None, *Role])
def test_every_address_as_every_role_of_two_organisations(app, staff, ana, role):
    founder, _paper = ana
    bea_id = next(one.id for one in colleagues(app, founder) if one.name == "ana")
    browser = Browser(app)
    if role is not None:
        browser, _none = come_in(app, staff.invite(app.state.services.sessions.member(founder.cookies[COOKIE]), "member", {role}), "member")
    stranger, _key = come_in(app, staff.invite_from_command("eve", "Another house", list(Role)), "eve")
    case = a_case(app, founder).id
    form = {"name": "x", "roles": "support_worker", "paper": "x", "passphrase": "x", "code": "x"}
    for method, path, action in addresses():
        if (method, path) in OPEN:
            continue
        own = path.replace("{staff}", bea_id).replace("{session}", "none").replace("{case}", case)
        # To whoever may not, and to whoever is of another house, it is as if nothing were there.
        if role not in MAY[action]:
            assert browser._ask(method, own, data=form).status_code == 404, (role, method, path)
        if "{staff}" in path or "{case}" in path:
            theirs = stranger._ask(method, own, data=form)
            never = stranger._ask(method, path.replace("{staff}", "nobody").replace("{case}", "nobody"), data=form)
            assert (theirs.status_code, theirs.text) == (never.status_code, never.text) and theirs.status_code == 404, (method, path)
    assert "Blue bird" not in stranger.text("/staff/cases")
    assert "House of Hope" not in stranger.text() and "ana" not in re.findall(r"<strong dir=\"auto\">(\w+)", stranger.text())


def test_every_page_has_the_number_and_the_way_out_and_nothing_of_ours_runs(app, ana):
    browser, _paper = ana
    for page in (browser.get("/staff").text, Browser(app).get("/staff").text, browser.get("/staff/join").text):
        assert (
            'class="hotline"' in page and 'href="/leave"' in page and "<script" not in page and "no-store" in str(browser.get("/staff").headers)
        )


def test_the_language_of_these_pages_is_chosen_in_the_browser(app, ana):
    browser, _paper = ana
    page = browser.post("/staff/language", language="ar", place="/staff")
    assert page.headers["content-language"] == "ar" and 'dir="rtl"' in page.text
    told = browser._ask("POST", "/staff/language", follow=False, data={"language": "vi", "place": "/staff/join"})
    assert told.headers["location"] == "/staff/join"
    assert any("l=vi" in one and "Path=/staff" in one and "HttpOnly" in one for one in told.headers.get_list("set-cookie"))
    # The chat on the same computer keeps the language of its own.
    assert browser.get("/start").headers["content-language"] == "en"
    for place in ("https://elsewhere", "//elsewhere", "/staff/../chat", "/delete", "/staff//x"):
        assert browser._ask("POST", "/staff/language", follow=False, data={"language": "vi", "place": place}).headers["location"] == "/staff"


def test_the_mark_of_a_browser_is_kept_for_the_next_time(app, ana):
    browser, _paper = ana
    mark = browser.cookies[BROWSER]
    browser.post("/staff/sign-out")
    assert browser.cookies[BROWSER] == mark and COOKIE not in browser.cookies


def test_when_the_database_is_down_it_is_said(app, ana, monkeypatch):
    browser, _paper = ana
    monkeypatch.setattr(app.state.services.staff, "_engine", create_engine("sqlite:////nowhere/at/all.db"))
    for answer in (browser.get("/staff"), browser.post("/staff/sign-in", name="ana", passphrase=PASSPHRASE, code="1")):
        assert answer.status_code == 503 and "does not work on our side" in answer.text
