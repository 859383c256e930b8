"""Staff in a browser: the first time, signing in, a colleague, leaving; by keyboard, in a language from right to left, without a fault."""

import pytest

PASSPHRASE = "four words of my own"


@pytest.mark.parametrize(("language", "viewport"), [("en", "desktop"), ("ar", "phone")])
def test_from_the_first_code_to_a_colleague_by_keyboard(visitor, page_url, code, language, viewport):
    name, first = code
    someone = visitor(language, viewport, url=page_url)
    page = someone.page

    def typed(*texts: str) -> None:
        """Type into the first field and each that Tab leads to, then Enter."""
        page.locator("form.staff input:not([type=hidden], [readonly])").first.focus()
        for number, text in enumerate(texts):
            page.keyboard.type(text)
            if number + 1 < len(texts):
                page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")

    def looked_at(state: str) -> None:
        """No fault for who cannot see it, nothing wider than the screen, and a picture."""
        someone.accessible()
        someone.fits(state)
        someone.shoot(state)

    def go(where: str) -> None:
        with page.expect_navigation():
            page.locator(where).click()

    someone.open("/staff")
    looked_at("sign-in")
    go('a[href="/staff/join"]')
    typed(first)
    looked_at("passphrase")
    typed(PASSPHRASE, PASSPHRASE)
    looked_at("joined")
    assert page.locator(".paper-key").inner_text().count("-") == 10
    spare = page.locator("ul.code li").first.inner_text()
    go('a.go-on[href="/staff"]')
    typed(name, PASSPHRASE, spare)
    assert name in someone.text and page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    looked_at("home")
    typed(f"{name}-b")
    assert page.locator('[role="status"] code').inner_text().count("-") == 4
    looked_at("home-invited")
    someone.calm()
    # Leaving locks: going back finds the way in, and nothing of what stood there.
    go("a.leave")
    someone.open("/staff")
    assert name not in someone.text and page.locator("#passphrase").is_visible()
