"""Leaving, deleting, going back: what stays on a borrowed phone, and what does not."""

from __future__ import annotations

import json
import time

import pytest

pytestmark = pytest.mark.stack


def in_conversation(someone):
    someone.open()
    someone.write("hello, where can I sleep tonight?")
    assert len(someone.context.cookies()) == 1
    return someone.context.cookies()[0]["value"]


def gone(someone, conversation):
    """Whether the server has forgotten the conversation: what the page sends as it goes may come after the next page is there."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        answer = someone.context.request.get(someone.url + "/chat", headers={"Cookie": f"s={conversation}"}, max_redirects=0)
        if answer.status == 303:
            return True
        time.sleep(0.1)
    return False


def test_leaving_by_touch_blanks_wipes_and_leaves_one_harmless_entry(visitor, page_url, weather):
    someone = visitor(url=page_url)
    someone.page.goto("about:blank")
    conversation = in_conversation(someone)
    someone.page.click("a.leave")
    someone.page.wait_for_url(weather)
    assert gone(someone, conversation)
    assert someone.page.title() == "Weather"
    # The entry was replaced: "back" leads to what was before our page.
    someone.page.go_back()
    assert someone.page.url == "about:blank"


def test_the_page_is_blank_before_the_next_one_is_there(visitor, page_url, weather):
    someone = visitor(url=page_url)
    in_conversation(someone)
    someone.page.route(weather, lambda route: None)
    seen = someone.page.evaluate("""() => {
        document.querySelector("a.leave").click();
        const cover = document.querySelector(".cover");
        return [document.body.innerText.trim(), document.body.children.length, cover.getAttribute("role")];
    }""")
    assert seen == ["Loading.", 1, "alert"]


def test_shift_three_times_leaves_with_dots_and_words(visitor, page_url, weather):
    someone = visitor(viewport="desktop", url=page_url)
    conversation = in_conversation(someone)
    keyboard = someone.page.keyboard
    keyboard.press("Shift")
    assert someone.page.locator(".leave .dots .full").count() == 1
    someone.page.wait_for_selector("#told:has-text('two more times')", state="attached")
    keyboard.press("Shift")
    assert someone.page.locator(".leave .dots .full").count() == 2
    someone.page.wait_for_selector("#told:has-text('once more')", state="attached")
    someone.accessible()
    keyboard.press("Shift")
    someone.page.wait_for_url(weather)
    assert gone(someone, conversation)


def test_capitals_escape_and_other_keys_never_leave(visitor, page_url):
    someone = visitor(viewport="desktop", url=page_url)
    in_conversation(someone)
    keyboard = someone.page.keyboard
    someone.page.focus("#text")
    keyboard.type("I AM HERE. NOBODY ELSE IS. ")
    for letter in "ABC":
        keyboard.down("Shift")
        keyboard.press(letter)
        keyboard.up("Shift")
    for _ in range(4):
        keyboard.press("Escape")
    assert someone.page.locator(".leave .dots .full").count() == 0
    keyboard.press("Shift")
    keyboard.press("a")
    assert someone.page.locator(".leave .dots .full").count() == 0
    someone.page.wait_for_selector("#told:has-text('still here')", state="attached")
    assert someone.page.url.startswith(page_url)


def test_without_script_the_link_wipes_and_back_shows_nothing(visitor, page_url, weather):
    someone = visitor(url=page_url, scripts=False)
    conversation = in_conversation(someone)
    someone.page.click("a.leave")
    someone.page.wait_for_url(weather)
    assert gone(someone, conversation)
    for _ in range(2):
        someone.page.go_back()
        body = someone.page.inner_text("body")
        assert body.strip() == "Open"
        assert someone.page.title() == "Notes"
    someone.page.click("button")
    assert "You can ask about your rights here" in someone.text


def test_leaving_works_when_our_server_is_dead(visitor, page_url, weather):
    someone = visitor(url=page_url)
    in_conversation(someone)
    someone.page.route(f"{page_url}/**", lambda route: route.abort())
    someone.page.click("a.leave")
    someone.page.wait_for_url(weather)


@pytest.mark.parametrize("scripts", [True, False])
def test_deleting_is_confirmed_and_complete(visitor, page_url, scripts):
    someone = visitor(url=page_url, scripts=scripts)
    conversation = in_conversation(someone)
    someone.page.click("header a.delete")
    someone.page.get_by_role("button", name="Yes, delete everything").click()
    someone.page.wait_for_selector("text=Everything is deleted")
    if scripts:
        someone.accessible()
    someone.shoot("deleted")
    assert gone(someone, conversation)
    assert someone.context.cookies() == []


def test_nothing_is_stored_but_one_session_cookie(visitor, page_url):
    someone = visitor(url=page_url)
    in_conversation(someone)
    (cookie,) = someone.context.cookies()
    assert cookie["expires"] == -1 and cookie["httpOnly"] and cookie["sameSite"] == "Strict"
    stored = json.loads(
        someone.page.evaluate(
            "async () => JSON.stringify([localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,"
            " (await caches.keys()).length])"
        )
    )
    assert stored == [0, 0, 0, 0]
    assert someone.page.title() == "Notes"


def test_coming_back_with_words_on_another_device(visitor, page_url, weather):
    someone = visitor(url=page_url)
    in_conversation(someone)
    someone.page.click("footer a[href='/keep']")
    someone.page.get_by_role("button", name="Give me the words").click()
    someone.page.wait_for_selector(".code li")
    words = someone.page.locator(".code li").all_inner_texts()
    assert len(words) == 6
    someone.accessible()
    someone.shoot("code")
    # Leaving fast does not cost her what she wanted to keep.
    someone.page.click("a.leave")
    someone.page.wait_for_url(weather)
    other = visitor(url=page_url)
    other.open("/keep")
    other.page.fill("#code", "moon moon moon moon moon")
    other.page.get_by_role("button", name="Go on").click()
    other.page.wait_for_selector("#notice")
    assert "open nothing" in other.text
    other.page.fill("#code", " ".join(words).upper())
    other.page.get_by_role("button", name="Go on").click()
    other.page.wait_for_selector("text=where can I sleep tonight")
    # Once only.
    third = visitor(url=page_url)
    third.open("/keep")
    third.page.fill("#code", " ".join(words))
    third.page.get_by_role("button", name="Go on").click()
    third.page.wait_for_selector("#notice")
    other.page.click("header a.delete")
    other.page.get_by_role("button", name="Yes, delete everything").click()
    other.page.wait_for_selector("text=Everything is deleted")
