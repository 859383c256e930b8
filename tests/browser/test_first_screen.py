"""The first screen of a small phone: what is needed, the language, the number and the word of care, in every language without scrolling."""

from __future__ import annotations

import pytest

from calculator.translation import languages

pytestmark = pytest.mark.stack
SMALL = {"width": 360, "height": 640}
#: The words of a tile that are wider than it is, with the width of each.
BROKEN = """() => [...document.querySelectorAll(".tiles button > span")].flatMap((words) => {
    const measure = document.createElement("canvas").getContext("2d");
    measure.font = getComputedStyle(words).font;
    const style = getComputedStyle(words.parentElement);
    const room = words.parentElement.clientWidth - parseFloat(style.paddingInlineStart) - parseFloat(style.paddingInlineEnd);
    return words.textContent.split(/[\\s-]+/).filter((word) => measure.measureText(word).width > room + 1);
})"""


@pytest.mark.parametrize("language", languages())
def test_needs_language_number_and_care_stand_above_the_fold(visitor, language):
    someone = visitor(language)
    someone.page.set_viewport_size(SMALL)
    someone.open()
    seen = [
        ".leave",
        ".urgent a.number",
        ".languages summary",
        ".careful",
        *(f"button[value={topic}]" for topic in ("shelter", "medical", "person", "legal", "money", "permit")),
    ]
    for thing in seen:
        box = someone.page.locator(f"{thing} >> nth=0").bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= SMALL["height"], (thing, box)
    if language not in ("zh",):
        assert someone.page.evaluate(BROKEN) == []
    assert someone.page.locator(".tiles svg").count() == 9
    someone.shoot("first", whole=False)


def test_the_language_is_one_control_that_names_each_in_itself(visitor):
    someone = visitor("en")
    someone.open()
    someone.page.click(".languages summary")
    names = someone.page.locator(".languages button").all_inner_texts()
    assert len(names) == len(languages()) and {"العربية", "中文", "Українська", "Shqip", "Tiếng Việt"} <= set(names)
    someone.page.get_by_role("button", name="العربية").click()
    someone.page.wait_for_selector("html[lang=ar][dir=rtl]")
    # The same page, with the number, the pictures and the word of care.
    assert someone.page.locator(".urgent a.number[href='tel:112']").is_visible()
    assert someone.page.locator(".tiles button").count() == 9 and someone.page.locator(".careful").is_visible()
    someone.accessible()
    someone.page.click("button[value=shelter]")
    someone.answered()
    assert someone.page.locator("html").get_attribute("lang") == "ar"
    # In the middle of a talk: the same place, the same question, another language.
    someone.page.click("footer .languages summary")
    someone.page.get_by_role("button", name="Français").click()
    someone.page.wait_for_selector("html[lang=fr]")
    assert "Dans quel pays" in someone.text
    someone.calm()


@pytest.mark.parametrize("size", ["normal", "largest"])
@pytest.mark.parametrize(("width", "height"), [(320, 200), (320, 256), (360, 640), (740, 360)])
def test_the_way_out_is_always_there_and_leaves_room(visitor, width, height, size):
    """320 x 200 is what 400 % zoom leaves of 1280 x 800."""
    someone = visitor("de")
    someone.page.set_viewport_size({"width": width, "height": height})
    someone.open("/view")
    someone.page.click(f"button[value={size}]")
    someone.page.wait_for_selector(f"html[data-size={size}]")
    for path in ("/start", "/keep"):
        someone.open(path)
        someone.page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
        header, leave = someone.page.locator("header").bounding_box(), someone.page.locator("a.leave").bounding_box()
        assert 0 <= leave["y"] and leave["y"] + leave["height"] <= height
        assert header["height"] <= max(0.16 * height, 60), header
        assert someone.page.evaluate("document.documentElement.scrollWidth") <= width
    someone.accessible()
    someone.shoot(f"room-{width}-{height}-{size}", whole=False)
