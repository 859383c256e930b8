"""Out first, on the page: under 18, still in it, not safe, and somebody else, as they are met on a small phone."""

from __future__ import annotations

import pytest
from test_flows import said, says

from calculator.vocabulary import for_another

pytestmark = pytest.mark.stack
LANGUAGES = ["en", "ar", "zh"]
OTHER = for_another()


def at_the_age(someone, language):
    someone.page.set_viewport_size({"width": 360, "height": 640})
    someone.open()
    someone.page.click("button[value=money]")
    someone.answered()
    someone.press(says(language, "Germany"))


def way_out_is_there(someone):
    """The number above all of the answer, a service to call with one touch, and one question at most."""
    answer = someone.page.locator(".lines > .latest")
    assert "urgent" in answer.first.get_attribute("class")
    assert answer.first.locator("a.number[href='tel:110']").count() == 1
    assert someone.page.locator(".lines > .latest a.call[href^='tel:']").count() >= 1
    someone.accessible()
    someone.calm()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_child_still_in_it(visitor, language):
    someone = visitor(language)
    at_the_age(someone, language)
    someone.press(says(language, "No"))
    way_out_is_there(someone)
    someone.shoot("child")
    someone.press(says(language, "Go on to what you may claim"))
    someone.press(says(language, "Sex or sexual pictures"))
    someone.press(says(language, "It has not ended"))
    way_out_is_there(someone)
    someone.press(says(language, "Go on to what you may claim"))
    someone.page.click("a[href='/result']")
    someone.page.wait_for_selector(".card")
    # Whom to call stands above the first way to money, which has no amount.
    first, *_others = someone.page.locator(".card").all()
    assert "service" in first.get_attribute("class") and first.locator("a.call[href^='tel:']").count() == 1
    assert someone.page.locator(".total, .amount").count() == 0
    someone.accessible()
    someone.shoot("child-result")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_not_ended(visitor, language):
    someone = visitor(language)
    at_the_age(someone, language)
    for title in ("Yes", "Work", "I don't know", "It has not ended"):
        someone.press(says(language, title))
    way_out_is_there(someone)
    someone.shoot("ongoing")
    someone.press(says(language, "Go on to what you may claim"))
    assert someone.page.locator("form.pictures").count() == 1, "the question that waited"


@pytest.mark.parametrize("language", LANGUAGES)
def test_not_safe_to_write(visitor, language):
    someone = visitor(language)
    someone.open()
    someone.write({"ar": "مرحبا", "zh": "你好"}.get(language, "hello"))
    someone.press(says(language, "It is not safe now"))
    assert someone.page.locator(".lines > .latest").first.locator("a.number[href='tel:112']").count() == 1
    assert says(language, "Then stop here, if you can. Write again when you are alone.") in someone.text
    someone.accessible()
    someone.calm()


@pytest.mark.parametrize("language", LANGUAGES)
def test_for_somebody_else_nothing_of_before_is_on_the_page(visitor, language):
    someone = visitor(language)
    at_the_age(someone, language)
    someone.press(says(language, "Yes"))
    someone.press(says(language, "Begging"))
    someone.write(said(language)["stop"])
    someone.page.click("footer a[href='/start']")
    someone.page.click("button[name=topic][value=other]")
    someone.answered()
    assert says(language, "Begging") not in someone.text
    assert someone.page.locator("a[href='/result']").count() == 0
    someone.page.goto(someone.url + "/result")
    assert someone.page.locator(".card").count() == 0 and says(language, "Begging") not in someone.text
    someone.press(says(language, OTHER["Money I can claim"]))
    assert says(language, OTHER["Are you 18 or older?"]) in someone.text
    someone.press(says(language, "No"))
    way_out_is_there(someone)
    someone.shoot("somebody-else")
