"""Signing in through another service, from end to end: a gateway, a service with real keys, and everything that does not prove who it is."""

import html
import json
import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey

from store.migrate import upgrade
from store.organisations.audit import faults
from store.organisations.roles import Role
from store.settings import load_settings
from tests.web.conftest import contacts
from tests.web.house import PASSPHRASE
from tests.web.identity_provider import CLIENT, SECRET, provider, served
from tools.local_services import free_port
from web.app import create_app
from web.staff.oidc import OUT
from web.staff.session import COOKIE, STEP


@pytest.fixture(scope="module")
def running():
    with provider() as found:
        yield found


@pytest.fixture
def service(running, gateway, request):
    """As it is when nobody cheats; with an account there for each test."""
    running.reset()
    gateway.state.services.oidc._about = gateway.state.services.oidc._keys = None
    running.subject = f"{request.node.name}-there"
    return running


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, running):
    folder = tmp_path_factory.mktemp("oidc")
    (folder / "contacts.json").write_text(json.dumps(contacts()))
    (folder / "secret").write_text(f"{SECRET}\n")
    settings = load_settings(
        {
            "REDRESS_DATA_DIR": str(folder),
            "REDRESS_OIDC_ISSUER": running.url,
            "REDRESS_OIDC_CLIENT_ID": CLIENT,
            "REDRESS_OIDC_CLIENT_SECRET_FILE": str(folder / "secret"),
            "REDRESS_OIDC_NAME": "Harbour",
        }
    )
    upgrade(settings.database_url)
    app = create_app(settings)
    with served(app, free_port()) as url:
        app.state.url = url
        yield app


class Browser:
    """A browser without scripts that goes where links and redirects lead, and shows strict cookies only where it comes from our pages."""

    def __init__(self, app) -> None:
        self.http = httpx.Client(base_url=app.state.url, trust_env=False, timeout=20, headers={"Accept-Language": "en"})
        self.origin = app.state.url

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def post(self, path: str, **form: str) -> httpx.Response:
        return self.http.post(path, data=form, headers={"origin": self.origin}, follow_redirects=True)

    def text(self, path: str = "/staff") -> str:
        return html.unescape(self.get(path).text)

    def out(self, path: str = "/staff/oidc") -> str:
        """To the service, which leads back: the address there."""
        away = self.get(path)
        assert away.status_code == 303
        there = httpx.get(away.headers["location"], trust_env=False)
        assert there.status_code == 302
        return there.headers["location"]

    def back(self, address: str) -> httpx.Response:
        """Back at our page, as from another website: without the cookies that are for our own pages alone."""
        kept = {name: self.http.cookies.get(name) for name in (COOKIE,) if self.http.cookies.get(name)}
        for name in kept:
            self.http.cookies.delete(name)
        try:
            return self.http.get(address)
        finally:
            for name, value in kept.items():
                self.http.cookies.set(name, value, domain="127.0.0.1", path="/")


@pytest.fixture
def ana(gateway, request):
    """Signed in, nothing linked yet."""
    name = f"ana {abs(hash(request.node.name))}"
    code = gateway.state.services.staff.invite_from_command(name, f"House of {name}", [Role.ADMINISTRATOR])
    found = joined(gateway, code, name)
    found.name = name
    return found


def joined(app, code: str, name: str) -> Browser:
    browser = Browser(app)
    page = browser.post("/staff/join", code=code, passphrase=PASSPHRASE, again=PASSPHRASE).text
    spare = re.search(r"<li><code>(\w{10})</code>", page)[1]
    assert "You are signed in as" in browser.post("/staff/sign-in", name=name, passphrase=PASSPHRASE, code=spare).text
    return browser


def linked(browser: Browser) -> Browser:
    asked = browser.back(browser.out("/staff/oidc/link"))
    assert asked.status_code == 200 and "Link this account" in asked.text
    assert "Linked since" in browser.post("/staff/oidc/linked").text
    return browser


def test_an_account_is_linked_signs_in_with_the_passphrase_and_is_unlinked(gateway, service, ana):
    assert "Link my account at Harbour" in ana.text()
    linked(ana)
    browser = Browser(gateway)
    assert 'href="/staff/oidc"' in browser.text() and "Sign in with Harbour" in browser.text()
    page = browser.back(browser.out())
    # The service alone opens nothing.
    assert page.status_code == 200 and "Only your passphrase opens your key" in page.text and COOKIE not in browser.http.cookies
    assert "You are signed in" not in browser.text()
    home = browser.post("/staff/oidc/passphrase", passphrase=PASSPHRASE)
    assert (
        f"You are signed in as {ana.name}" in html.unescape(home.text) and STEP not in browser.http.cookies and OUT not in browser.http.cookies
    )
    assert "Linked since" not in browser.post("/staff/oidc/unlink").text and browser.post("/staff/oidc/unlink").status_code == 404
    other = Browser(gateway)
    assert other.back(other.out()).status_code == 403
    assert faults(gateway.state.services.engine) == []
    linked(ana)
    other = Browser(gateway)
    assert other.back(other.out()).status_code == 200


def test_on_the_way_out_the_cookie_is_lax_and_short_and_for_these_addresses_alone(gateway, service, ana):
    browser = Browser(gateway)
    away = browser.get("/staff/oidc")
    told = next(one for one in away.headers.get_list("set-cookie") if one.startswith(f"{OUT}="))
    assert all(part in told for part in ("HttpOnly", "SameSite=lax", "Path=/staff/oidc", "Max-Age=600"))
    asked = {name: values[0] for name, values in parse_qs(urlsplit(away.headers["location"]).query).items()}
    assert asked["redirect_uri"] == f"{gateway.state.url}/staff/oidc/back" and asked["scope"] == "openid" and SECRET not in str(asked)
    assert len(asked["state"]) > 40 and len(asked["nonce"]) > 40 and asked["code_challenge_method"] == "S256"
    page = linked(ana).back(ana.out())
    told = next(one for one in page.headers.get_list("set-cookie") if one.startswith(f"{STEP}="))
    assert "SameSite=strict" in told and "HttpOnly" in told
    # Forms go to nobody but us.
    assert "form-action 'self';" in page.headers["content-security-policy"]


def test_an_account_that_nobody_linked_is_nobody(gateway, service, ana):
    linked(ana)
    service.subject = "eve-there"
    browser = Browser(gateway)
    page = browser.back(browser.out())
    assert page.status_code == 403 and "This account is linked to nobody here" in page.text and STEP not in browser.http.cookies
    assert ana.name not in page.text
    assert browser.post("/staff/oidc/passphrase", passphrase=PASSPHRASE).status_code == 401


OTHER = RSAKey.generate_key(2048, {"kid": "first"})
CHEATS = {
    "wrong nonce": {"changes": {"nonce": "another"}},
    "no nonce": {"changes": {"nonce": None}},
    "wrong audience": {"changes": {"aud": "another client"}},
    "several audiences, made for another": {"changes": {"aud": [CLIENT, "another"], "azp": "another"}},
    "no audience": {"changes": {"aud": None}},
    "expired": {"changes": {"exp": 1}},
    "never expires": {"changes": {"exp": None}},
    "from the future": {"changes": {"iat": 9_999_999_999}},
    "another issuer": {"changes": {"iss": "https://elsewhere.example"}},
    "no name": {"changes": {"sub": None}},
    "an empty name": {"changes": {"sub": ""}},
    "a number as name": {"changes": {"sub": 7}},
    "wrong signature": {"signer": OTHER},
    "a key of another name": {"signer": OTHER, "headers": {"kid": "second"}},
    "signed with the client's secret": {"signer": OctKey.import_key(SECRET), "algorithm": "HS256"},
    "not signed": {"signer": OctKey.import_key(SECRET), "algorithm": "none"},
}


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=CHEATS)
def test_what_does_not_prove_who_it_is_is_refused(gateway, service, ana, cheat):
    linked(ana)
    for name, value in cheat.items():
        setattr(service, name, value)
    browser = Browser(gateway)
    page = browser.back(browser.out())
    assert page.status_code == 401 and "did not say who you are" in page.text and STEP not in browser.http.cookies
    # A link is not made of it either.
    page = ana.back(ana.out("/staff/oidc/link"))
    assert page.status_code == 401 and ana.post("/staff/oidc/linked").status_code == 422


def test_another_state_a_replayed_one_or_another_browser_is_refused(gateway, service, ana):
    linked(ana)
    browser = Browser(gateway)
    address = browser.out()
    state = parse_qs(urlsplit(address).query)["state"][0]
    refused = [browser.back(address.replace(state, other)) for other in ("", "x", state[::-1])]
    thief = Browser(gateway)
    refused.append(thief.back(address))
    thief.out()
    refused.append(thief.back(address))
    refused.append(thief.back(f"/staff/oidc/back?state={state}"))
    assert browser.back(address).status_code == 200
    refused.append(browser.back(address))
    assert {one.status_code for one in refused} == {401} and all("Begin again" in one.text for one in refused)


def test_a_service_that_says_no_or_names_another_issuer_is_refused(gateway, service, ana):
    for query in ("error=access_denied", "code=made-up", "code=", f"code={'x' * 5000}"):
        browser = Browser(gateway)
        state = parse_qs(urlsplit(browser.out()).query)["state"][0]
        assert browser.back(f"/staff/oidc/back?state={state}&{query}").status_code == 401
    browser = Browser(gateway)
    address = browser.out()
    assert browser.back(re.sub(r"iss=[^&]*", "iss=https%3A%2F%2Felsewhere.example", address)).status_code == 401


def test_the_passphrase_is_asked_for_as_everywhere(gateway, service, ana):
    linked(ana)
    browser = Browser(gateway)
    browser.back(browser.out())
    answers = [browser.post("/staff/oidc/passphrase", passphrase="wrong words") for _ in range(5)]
    assert {one.status_code for one in answers} == {401} and "The passphrase is not right" in answers[0].text
    assert re.search(r"Wait \d seconds?, then", answers[-1].text)
    for form in ({}, {"passphrase": ""}):
        assert browser.post("/staff/oidc/passphrase", **form).status_code == 401
    stranger = Browser(gateway)
    assert "Begin again" in stranger.post("/staff/oidc/passphrase", passphrase=PASSPHRASE).text


def test_an_account_is_linked_by_who_asked_and_is_one_members(gateway, service, ana):
    code = gateway.state.services.staff.invite(gateway.state.services.sessions.member(ana.http.cookies[COOKIE]), "bea", {Role.SUPPORT_WORKER})
    bea, hers = joined(gateway, code, "bea"), service.subject
    linked(ana)
    # Ana's account in bea's browser: it stays ana's.
    assert "Link this account" in bea.back(bea.out("/staff/oidc/link")).text
    assert bea.post("/staff/oidc/linked").status_code == 422
    # What was asked of ana is not answered by bea.
    service.subject = "somebody"
    assert ana.back(ana.out("/staff/oidc/link")).status_code == 200
    bea.http.cookies.set(STEP, ana.http.cookies[STEP], domain="127.0.0.1", path="/staff")
    assert bea.post("/staff/oidc/linked").status_code == 422
    # Another account of hers takes the place of the first.
    linked(ana)
    browser = Browser(gateway)
    assert browser.back(browser.out()).status_code == 200
    service.subject = hers
    assert browser.back(browser.out()).status_code == 403
    # Whoever is reset signs in through nothing any more.
    member = gateway.state.services.sessions.member(ana.http.cookies[COOKIE])
    service.subject = "somebody"
    gateway.state.services.staff.reset(member, member.id)
    assert browser.back(browser.out()).status_code == 403


def test_nobody_links_or_unlinks_without_a_session_and_other_websites_begin_nothing(gateway, service, ana):
    browser = Browser(gateway)
    assert [browser.get("/staff/oidc/link").status_code, browser.post("/staff/oidc/linked").status_code] == [404, 404]
    for path in ("/staff/oidc", "/staff/oidc/link"):
        assert ana.http.get(path, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_a_service_that_is_down_is_said_and_comes_back(gateway, service, ana):
    service.down = True
    browser = Browser(gateway)
    page = browser.get("/staff/oidc")
    assert page.status_code == 503 and "Sign in with a code or a passkey" in page.text
    service.down = False
    linked(ana)
    assert service.asked.count("about") == 2 and service.asked.count("keys") == 1
    for about in ({"issuer": "https://elsewhere.example"}, {"token_endpoint": "http://elsewhere.example/token"}, {"jwks_uri": None}):
        service.about = about
        gateway.state.services.oidc._about = None
        assert Browser(gateway).get("/staff/oidc").status_code == 503


def test_new_keys_of_the_service_are_found(gateway, service, ana):
    linked(ana)
    service.keys.append(RSAKey.generate_key(2048, {"kid": "second", "use": "sig"}))
    service.signer, service.headers = service.keys[1], {"kid": "second"}
    browser = Browser(gateway)
    # Just asked for: not again for each token that names a key.
    assert browser.back(browser.out()).status_code == 401
    at, keys = gateway.state.services.oidc._keys
    gateway.state.services.oidc._keys = (at - 61, keys)
    assert browser.back(browser.out()).status_code == 200 and service.asked.count("keys") == 2


def test_without_settings_there_is_nothing(tmp_path):
    (tmp_path / "contacts.json").write_text(json.dumps(contacts()))
    settings = load_settings({"REDRESS_DATA_DIR": str(tmp_path)})
    upgrade(settings.database_url)
    app = create_app(settings)
    with served(app, free_port()) as url:
        app.state.url = url
        browser = Browser(app)
        assert browser.get("/staff/oidc").status_code == 404 and browser.get("/staff/oidc/back").status_code == 404
        assert "/staff/oidc" not in browser.text()
