"""Second factors on the pages of staff: passkeys, from adding one to signing in with it, with a device of real keys."""

import html
import json
import re

import pytest

from store.migrate import upgrade
from store.organisations.roles import Role
from store.settings import load_settings
from tests.store.device import Device
from tests.web.house import PASSPHRASE, Browser, come_in
from web.app import create_app
from web.staff.session import COOKIE, STEP


@pytest.fixture
def settings(tmp_path):
    return {}


@pytest.fixture
def app(tmp_path, example_contacts, settings):
    (tmp_path / "contacts.json").write_text(json.dumps(example_contacts))
    settings = load_settings({"REDRESS_DATA_DIR": str(tmp_path), **settings})
    upgrade(settings.database_url)
    return create_app(settings)


@pytest.fixture
def ana(app):
    return come_in(app, app.state.services.staff.invite_from_command("ana", "House of Hope", [Role.ADMINISTRATOR]), "ana")[0]


def options_on(page: str) -> str:
    """What the page's script would give to the device."""
    return html.unescape(re.search(r'data-options="([^"]*)"', page)[1])


def with_passkey(browser: Browser, **more) -> Device:
    device = Device(**more)
    page = browser.post("/staff/passkeys/ask").text
    assert 'data-does="create"' in page and 'src="/static/passkey.js"' in page
    assert "Added" in browser.post("/staff/passkeys", credential=device.makes(options_on(page))).text
    return device


def test_a_passkey_is_added_signs_in_and_is_taken_away(app, ana):
    device = with_passkey(ana)
    assert "not used yet" in ana.text()
    browser = Browser(app)
    page = browser.post("/staff/sign-in/passkey", name="Ana", passphrase=PASSPHRASE)
    assert 'data-does="get"' in page.text and "Your device asks you now" in page.text
    told = next(one for one in page.headers.get_list("set-cookie") if one.startswith(f"{STEP}="))
    assert "HttpOnly" in told and "SameSite=strict" in told and "Path=/staff" in told and "Max-Age=300" in told
    answer = device.answers(options_on(page.text))
    token = browser.cookies[STEP]
    home = browser.post("/staff/sign-in/passkey/answer", credential=answer)
    assert "You are signed in as ana" in html.unescape(home.text) and STEP not in browser.cookies and browser.cookies[COOKIE]
    thief = Browser(app)
    thief.cookies.set(STEP, token)
    again = thief.post("/staff/sign-in/passkey/answer", credential=answer)
    assert again.status_code == 401 and "is not right" in again.text and COOKIE not in thief.cookies
    [called] = re.findall(r'action="/staff/passkeys/remove/(\w+)"', browser.text())
    assert "last used" in browser.text()
    assert [browser.post(f"/staff/passkeys/remove/{called}").status_code for _ in range(2)] == [200, 404]
    page = browser.post("/staff/sign-in/passkey", name="ana", passphrase=PASSPHRASE).text
    assert browser.post("/staff/sign-in/passkey/answer", credential=device.answers(options_on(page))).status_code == 401


def test_nothing_tells_what_was_wrong_or_whether_there_are_passkeys(app, ana):
    pages, answers = [], []
    for name, passphrase in (("ana", PASSPHRASE), ("ana", "wrong words"), ("nobody", "wrong words")):
        browser = Browser(app)
        page = browser.post("/staff/sign-in/passkey", name=name, passphrase=passphrase)
        assert page.status_code == 200
        pages.append(re.sub(r"&#34;challenge&#34;: &#34;[\w-]+", "", page.text))
        told = browser.post("/staff/sign-in/passkey/answer", credential=Device().answers(options_on(page.text)))
        answers.append((told.status_code, told.text))
    assert len(set(pages)) == 1 and len(set(answers)) == 1 and answers[0][0] == 401


def test_wrong_passkeys_cost_time(app, ana):
    with_passkey(ana)
    browser, told = Browser(app), []
    # A slow machine takes longer than the first waits: each further failure doubles them.
    for _ in range(12):
        page = browser.post("/staff/sign-in/passkey", name="ana", passphrase=PASSPHRASE)
        told.append(page)
        if page.status_code == 401:
            break
        told.append(browser.post("/staff/sign-in/passkey/answer", credential=Device().answers(options_on(page.text))))
    assert page.status_code == 401 and "data-options" not in page.text and len(told) > 8
    assert re.search(r"Wait \d+ seconds?, then try again", page.text)


def test_what_is_missing_is_asked_for_and_without_scripts_the_code_is_offered(app, ana):
    browser = Browser(app)
    for form in ({}, {"name": "ana"}, {"passphrase": PASSPHRASE}):
        page = browser.post("/staff/sign-in/passkey", **form)
        assert page.status_code == 422 and "Type your name and your passphrase" in page.text
    page = html.unescape(browser.post("/staff/sign-in/passkey", name="ana", passphrase=PASSPHRASE).text)
    assert "<noscript>" in page and "A passkey needs scripts" in page and "Sign in with a code" in page
    assert re.search(r'<form id="passkey"[^>]* hidden>', page)


def test_an_answer_that_makes_no_passkey_is_said(app, ana):
    ana.post("/staff/passkeys/ask")
    told = ana.post("/staff/passkeys", credential="{}")
    assert told.status_code == 422 and "The passkey was not added" in told.text
    assert ana.post("/staff/passkeys", credential="x" * 20_001).status_code == 422


def test_the_questions_are_for_this_site_alone(app, ana):
    for path, form in (("/staff/passkeys/ask", {}), ("/staff/sign-in/passkey", {"name": "ana", "passphrase": PASSPHRASE})):
        assert ana._ask("POST", path, headers={"origin": "http://elsewhere"}, data=form).status_code == 403
    assert json.loads(options_on(ana.post("/staff/passkeys/ask").text))["rp"]["id"] == "here"


@pytest.mark.parametrize("settings", [{"REDRESS_PUBLIC_URL": "https://Redress.example:8443/"}])
def test_the_address_that_the_operator_names_is_the_one_passkeys_belong_to(app, ana):
    device = Device("http://here")
    page = ana.post("/staff/passkeys/ask").text
    assert json.loads(options_on(page))["rp"]["id"] == "redress.example"
    assert ana.post("/staff/passkeys", credential=device.makes(options_on(page))).status_code == 422
    with_passkey(ana, origin="https://redress.example:8443")


def test_the_browser_may_ask_for_a_passkey_on_our_page_and_in_no_frame(app, ana):
    assert "publickey-credentials-get=(self)" in ana.get("/staff").headers["permissions-policy"]
