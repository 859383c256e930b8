"""Passkeys in Chromium, with the device that its developer tools play: added, used in place of a code, taken away."""

import pytest

PASSPHRASE = "four words of my own"


@pytest.fixture
def someone(visitor, page_url, code, request):
    """Somebody who is signed in with a spare code, in a browser with a device. Passkeys belong to names, and 127.0.0.1 is none."""
    language, viewport, *strict = request.param
    found = visitor(language, viewport, url=page_url.replace("127.0.0.1", "localhost"), bypass_csp=not strict)
    page, (name, first) = found.page, code
    found.tools = found.context.new_cdp_session(page)
    found.tools.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    found.device = found.tools.send("WebAuthn.addVirtualAuthenticator", {"options": device})["authenticatorId"]
    found.open("/staff/join")
    fill(page, code=first)
    fill(page, passphrase=PASSPHRASE, again=PASSPHRASE)
    spare = page.locator("ul.code li").first.inner_text()
    found.open("/staff")
    fill(page, name=name, passphrase=PASSPHRASE, code=spare)
    page.wait_for_selector('[action="/staff/passkeys/ask"]')
    return found


def fill(page, **texts: str) -> None:
    """Type into fields, then Enter."""
    for name, text in texts.items():
        page.fill(f"#{name}", text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def said(page, slip: str) -> None:
    """Wait until the page says why there was no passkey."""
    page.locator("#slip", has_text=page.get_attribute("#slip", f"data-{slip}")).wait_for()


def by_passkey(someone, name: str) -> None:
    """Name and passphrase, then the button in place of a code."""
    someone.open("/staff")
    someone.page.fill("#name", name)
    someone.page.fill("#passphrase", PASSPHRASE)
    someone.page.click('[formaction="/staff/sign-in/passkey"]')


@pytest.mark.parametrize("someone", [("en", "desktop"), ("ar", "phone")], indirect=True)
def test_a_passkey_is_added_used_and_taken_away(someone, code):
    page, name = someone.page, code[0]

    def looked_at(state: str) -> None:
        someone.accessible()
        someone.fits(state)
        someone.shoot(state)

    page.locator('[action="/staff/passkeys/ask"] button').focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("ul.passkeys li")
    looked_at("added")
    # The same device keeps one passkey for her, and says so.
    page.click('[action="/staff/passkeys/ask"] button')
    said(page, "there")
    looked_at("there-already")
    someone.open("/staff")
    page.click('[action="/staff/sign-out"] button')
    looked_at("sign-in")
    by_passkey(someone, name)
    page.wait_for_selector("ul.passkeys li")
    assert name in someone.text
    assert len(someone.tools.send("WebAuthn.getCredentials", {"authenticatorId": someone.device})["credentials"]) == 1
    page.click("ul.passkeys button")
    page.wait_for_selector("ul.passkeys", state="detached")
    page.click('[action="/staff/sign-out"] button')
    # Taken away here, it is still in the device, which offers it: in vain.
    by_passkey(someone, name)
    page.wait_for_selector("#notice")
    assert page.locator("#passphrase").is_visible() and "House of" not in someone.text
    [complaint] = someone.complaints
    assert "401" in complaint
    assert [one for one in someone.requests if not one.startswith(someone.url)] == []


@pytest.mark.parametrize("someone", [("en", "desktop", "under the policy")], indirect=True)
def test_whoever_stops_the_device_may_ask_again_or_type_a_code(someone, code):
    page, name = someone.page, code[0]
    page.click('[action="/staff/passkeys/ask"] button')
    page.wait_for_selector("ul.passkeys li")
    page.click('[action="/staff/sign-out"] button')
    someone.tools.send("WebAuthn.setUserVerified", {"authenticatorId": someone.device, "isUserVerified": False})
    someone.tools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": someone.device})
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    someone.tools.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    by_passkey(someone, name)
    said(page, "stopped")
    page.click("#passkey button")
    said(page, "stopped")
    page.click("a.go-on")
    page.wait_for_selector("#code")
    someone.calm()


def test_without_scripts_the_page_says_what_to_do(visitor, page_url):
    someone = visitor(scripts=False, url=page_url)
    by_passkey(someone, "nobody")
    assert someone.page.locator("noscript p").is_visible() and not someone.page.locator("#passkey").is_visible()
    someone.page.click("a.go-on")
    assert someone.page.locator("#code").is_visible()
