"""The page inside an organisation's website, where browsers keep cookies of others away."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.stack


def test_a_conversation_inside_the_website_and_the_way_out_of_all_of_it(visitor, ngo, weather):
    site, page = ngo
    someone = visitor(viewport="desktop", url=page)
    someone.page.goto("about:blank")
    someone.page.goto(site)
    frame = someone.page.frame_locator("iframe")
    for text in ("hello", "where can I sleep tonight in France?"):
        frame.locator("#text").fill(text)
        frame.locator("form.write button").click()
        frame.locator(f".person .text:has-text('{text}')").wait_for()
        frame.locator(".waiting").wait_for(state="detached")
    # The second answer knows of the first: the cookie came back although the page is somebody else's guest.
    assert frame.locator(".person").count() == 2
    someone.shoot("frame")
    frame.locator("a.leave").click()
    someone.page.wait_for_url(weather)
    someone.page.go_back()
    assert someone.page.url == "about:blank"


def test_another_website_may_not_show_it(visitor, ngo):
    site, page = ngo
    someone = visitor(viewport="desktop", url=page, bypass_csp=False)
    # The same website under another name is another origin.
    someone.page.goto(site.replace("localhost", "127.0.0.1"))
    someone.page.wait_for_timeout(500)
    assert any("frame-ancestors" in complaint for complaint in someone.complaints)


def test_on_a_phone_the_way_out_stays_in_sight_while_the_website_scrolls(visitor, ngo):
    site, page = ngo
    someone = visitor(viewport="phone", url=page)
    someone.page.goto(site)
    frame = someone.page.frame_locator("iframe")
    frame.locator("a.leave").wait_for()
    someone.page.evaluate("document.body.append(Object.assign(document.createElement('div'), {style: 'height:2000px'}))")
    for down in (150, 300, 420, 0):
        someone.page.evaluate("down => window.scrollTo(0, down)", down)
        someone.page.wait_for_timeout(400)
        box = frame.locator("a.leave").bounding_box()
        assert box["y"] >= -1 and box["y"] + box["height"] <= 740, (down, box)
    someone.shoot("frame-phone", whole=False)
    # What is written inside keeps it there, too.
    frame.locator("#text").fill("hello")
    frame.locator("form.write button").click()
    frame.locator(".person .text:has-text('hello')").wait_for()
    frame.locator(".waiting").wait_for(state="detached")
    someone.page.evaluate("window.scrollTo(0, 300)")
    someone.page.wait_for_timeout(400)
    assert frame.locator("a.leave").bounding_box()["y"] >= -1
