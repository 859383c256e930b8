"""Another service in Chromium: out to another website and back, as cookies and the policy of a real browser have it."""

import pytest

from tests.browser.conftest import gateway_before
from tests.web.identity_provider import CLIENT, SECRET, provider

PASSPHRASE = "four words of my own"


@pytest.fixture
def page_of_service(stack, weather):
    """(the service, our page): the one at 127.0.0.1, the other at localhost, which are two websites to a browser."""
    with provider() as service:
        settings = {
            "REDRESS_LEAVE_URL": weather,
            "REDRESS_OIDC_ISSUER": service.url,
            "REDRESS_OIDC_CLIENT_ID": CLIENT,
            "REDRESS_OIDC_CLIENT_SECRET": SECRET,
            "REDRESS_OIDC_NAME": "Harbour",
        }
        with gateway_before(stack, **settings) as url:
            yield service, url.replace("127.0.0.1", "localhost")


@pytest.mark.parametrize(("language", "viewport"), [("en", "desktop"), ("ar", "phone")])
def test_an_account_is_linked_and_signs_in(visitor, page_of_service, code, language, viewport):
    service, url = page_of_service
    # Under the page's own policy: it is the one that could stop the way out.
    someone = visitor(language, viewport, url=url, bypass_csp=False)
    page, (name, first) = someone.page, code

    def fill(**texts: str) -> None:
        for field, text in texts.items():
            page.fill(f"#{field}", text)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    def looked_at(state: str) -> None:
        someone.fits(state)
        someone.shoot(state)

    someone.open("/staff/join")
    fill(code=first)
    fill(passphrase=PASSPHRASE, again=PASSPHRASE)
    spare = page.locator("ul.code li").first.inner_text()
    someone.open("/staff")
    looked_at("sign-in")
    fill(name=name, passphrase=PASSPHRASE, code=spare)
    page.click('a[href="/staff/oidc/link"]')
    page.wait_for_selector('[action="/staff/oidc/linked"]')
    assert page.url.startswith(f"{url}/staff/oidc/back?") and service.codes == {}
    looked_at("link")
    page.click('[action="/staff/oidc/linked"] button')
    page.wait_for_selector('[action="/staff/oidc/unlink"]')
    assert name in someone.text
    looked_at("linked")
    page.click('[action="/staff/sign-out"] button')
    page.click('a[href="/staff/oidc"]')
    page.wait_for_selector('[action="/staff/oidc/passphrase"]')
    looked_at("passphrase")
    fill(passphrase=PASSPHRASE)
    page.wait_for_selector('[action="/staff/oidc/unlink"]')
    assert name in someone.text and page.url == f"{url}/staff"
    # Loaded again the way back leads to nothing.
    page.click('[action="/staff/oidc/unlink"] button')
    page.wait_for_selector('a[href="/staff/oidc/link"]')
    page.click('[action="/staff/sign-out"] button')
    assert someone.complaints == []
    page.click('a[href="/staff/oidc"]')
    page.wait_for_selector("#notice")
    looked_at("nobody")
    assert page.locator("#passphrase").count() == 0
    others = {one.split("/authorize")[0] for one in someone.requests if not one.startswith(url)}
    assert others == {service.url}


def test_the_pages_have_no_fault_for_who_cannot_see_them(visitor, page_of_service, code):
    service, url = page_of_service
    someone = visitor("en", "phone", url=url)
    someone.open("/staff")
    someone.accessible()
    someone.page.click('a[href="/staff/oidc"]')
    someone.page.wait_for_selector("#notice")
    someone.accessible()
