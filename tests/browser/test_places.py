"""One always returns to where one was: reload, "Back", another tab, sleep, a talk that was forgotten meanwhile."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.stack


def talking(someone):
    someone.open()
    someone.write("where can I sleep tonight in Germany?")


def test_a_reload_shows_where_one_was(visitor):
    someone = visitor()
    talking(someone)
    someone.page.reload()
    assert "where can I sleep tonight" in someone.text
    for path in ("/view", "/keep", "/delete", "/start"):
        someone.page.click(f"footer a[href='{path}']" if path != "/delete" else "header a.delete")
        someone.page.wait_for_selector(f"main[data-place='{path}']")
        someone.page.reload()
        assert someone.page.locator("main").get_attribute("data-place") == path
    assert someone.page.get_by_role("link", name="Go on where you stopped").bounding_box()["y"] < 300


def test_back_leads_to_the_talk_and_to_the_first_page_and_then_away(visitor):
    someone = visitor()
    someone.page.goto("about:blank")
    talking(someone)
    someone.page.click("footer a[href='/view']")
    someone.page.wait_for_selector("main[data-place='/view']")
    someone.page.go_back()
    someone.page.wait_for_selector("main[data-place='/']")
    assert "where can I sleep tonight" in someone.text
    someone.write("and a doctor?")
    someone.page.go_back()
    someone.page.wait_for_selector("main[data-place='/start']")
    assert someone.page.get_by_role("link", name="Go on where you stopped").is_visible()
    # Never more than one entry of ours before another website.
    someone.page.go_back()
    assert someone.page.url == "about:blank"
    someone.page.go_forward()
    assert someone.page.locator("main").get_attribute("data-place") in ("/", "/start")


def test_a_second_tab_shows_the_same_talk(visitor):
    someone = visitor()
    talking(someone)
    second = someone.context.new_page()
    second.goto(someone.url + "/")
    assert "where can I sleep tonight" in second.inner_text("main")


def test_after_sleeping_longer_than_words_are_kept_nothing_old_stays_on_the_screen(visitor):
    someone = visitor()
    someone.page.clock.install()
    talking(someone)
    someone.page.fill("#text", "i was about to say")
    someone.context.request.post(someone.url + "/delete", headers={"Origin": someone.url})
    someone.page.clock.fast_forward("01:01:00")
    someone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    someone.page.wait_for_selector("main[data-place='/start']")
    assert "where can I sleep tonight" not in someone.text
    assert someone.page.input_value("#text") == "i was about to say"
    someone.page.clock.resume()


def test_who_writes_into_a_talk_that_is_gone_is_told_so(visitor):
    someone = visitor()
    talking(someone)
    cookie = someone.context.cookies()[0]
    someone.context.request.post(someone.url + "/delete", headers={"Origin": someone.url})
    someone.context.add_cookies([cookie])
    someone.write("and a doctor?")
    assert "Your earlier words here were deleted" in someone.text and "and a doctor?" in someone.text
    assert "where can I sleep tonight" not in someone.text


def test_leaving_after_a_reload_leads_away_at_once(visitor, page_url, weather):
    someone = visitor(url=page_url)
    someone.page.goto("about:blank")
    talking(someone)
    someone.page.click("footer a[href='/view']")
    someone.page.wait_for_selector("main[data-place='/view']")
    someone.page.reload()
    someone.page.click("a.leave")
    someone.page.wait_for_url(weather)
    someone.page.wait_for_timeout(500)
    assert someone.page.url == weather
    someone.page.go_back()
    assert someone.page.url == "about:blank" or someone.page.inner_text("body").strip() == "Open"


def test_going_forward_after_leaving_shows_nothing(visitor, page_url, weather):
    someone = visitor(url=page_url)
    someone.page.goto("about:blank")
    talking(someone)
    someone.page.click("a.leave")
    someone.page.wait_for_url(weather)
    someone.page.go_forward()
    assert someone.page.url == weather or someone.page.inner_text("body").strip() == "Open"


def to_the_first_page(someone):
    someone.page.go_back()
    someone.page.wait_for_selector("main[data-place='/start']")


def to_the_first_page_and_reload(someone):
    to_the_first_page(someone)
    someone.page.reload()
    someone.page.wait_for_selector("main[data-place='/start']")


def to_a_setting(someone):
    someone.page.click("footer a[href='/view']")
    someone.page.wait_for_selector("main[data-place='/view']")


@pytest.mark.parametrize("before", [None, to_a_setting, to_the_first_page, to_the_first_page_and_reload])
def test_going_forward_shows_nothing_even_when_the_server_was_not_told(visitor, page_url, weather, before):
    someone = visitor(url=page_url)
    # The browser takes the message, and it never arrives.
    someone.context.add_init_script("navigator.sendBeacon = () => true")
    someone.page.goto("about:blank")
    talking(someone)
    if before:
        before(someone)
    conversation = someone.context.cookies()[0]["value"]
    someone.page.click("a.leave")
    someone.page.wait_for_url(weather)
    assert someone.context.cookies()[0]["value"] == conversation
    someone.page.go_forward()
    assert someone.page.url == weather
    # Going forward has told the server after all.
    assert someone.context.cookies()[0]["value"] == "left"
    someone.page.goto(page_url + "/")
    assert someone.page.inner_text("body").strip() == "Open"


def test_words_that_were_begun_are_there_again_and_never_after_deleting(visitor):
    someone = visitor()
    talking(someone)
    someone.page.fill("#text", "i was about to say")
    for path in ("/view", "/keep", "/start"):
        someone.page.click(f"footer a[href='{path}']")
        someone.page.wait_for_selector(f"main[data-place='{path}']")
    assert someone.page.input_value("#text") == "i was about to say"
    someone.page.go_back()
    someone.page.wait_for_selector("main[data-place='/']")
    assert someone.page.input_value("#text") == "i was about to say"
    someone.page.click("header a.delete")
    someone.page.get_by_role("button", name="Yes, delete everything").click()
    someone.page.wait_for_selector("text=Everything is deleted")
    someone.page.get_by_role("link", name="Start again").click()
    someone.page.wait_for_selector(".tiles")
    assert someone.page.input_value("#text") == ""
