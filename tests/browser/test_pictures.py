"""Answers by pictures alone: hours on a clock, days of a week, money for how long, and a picture beside each choice."""

from __future__ import annotations

import pytest
from test_flows import said, says

pytestmark = pytest.mark.stack


def at_the_hours(someone, language):
    someone.open()
    someone.page.click("button[value=money]")
    someone.answered()
    someone.press(says(language, "Germany"))
    someone.press(says(language, "Yes"))
    someone.press(says(language, "Work"))
    someone.write(said(language)["begin"])
    someone.write(said(language)["end"])


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_hours_and_pay_are_answered_by_touching(visitor, language, scripts):
    someone = visitor(language, scripts=scripts)
    at_the_hours(someone, language)
    if scripts:
        someone.accessible()
    someone.shoot("hours")
    someone.page.check("input[name=hours][value='12']", force=True)
    someone.page.check("input[name=days][value='6']", force=True)
    someone.page.click("form.pictures button")
    someone.answered()
    # Said as words of her own, and read back as what was understood.
    assert "12" in someone.page.locator(".person .text").last.inner_text()
    assert "72" in someone.page.locator(".helper .text").last.inner_text()
    someone.shoot("pay")
    someone.page.fill("input[name=amount]", "50")
    someone.page.check("input[name=per][value=week]", force=True)
    someone.page.click("form.pictures button")
    someone.answered()
    assert "50" in "".join(someone.page.locator(".helper .text").all_inner_texts()[-2:])


def test_every_form_of_exploitation_and_every_yes_has_a_picture(visitor):
    someone = visitor()
    someone.open()
    someone.page.click("button[value=money]")
    someone.answered()
    someone.press("Germany")
    for title in ("Yes", "No", "I ask for somebody else", "I ask for my child", "I don't know"):
        assert someone.page.get_by_role("button", name=title, exact=True).last.locator("svg").count() == 1, title
    someone.press("Yes")
    forms = someone.page.locator(".choices button[dir=auto]").all()[:8]
    assert all(button.locator("svg").count() == 1 for button in forms)
    shapes = {button.locator("svg").inner_html() for button in forms}
    assert len(shapes) == 8, "each its own"
