"""Danger, screening and estimate in a real browser, as a person on a phone or at a desk meets them."""

from __future__ import annotations

from pathlib import Path

import pytest

from calculator import yaml12
from calculator.translation import translator

pytestmark = pytest.mark.stack
UTTERANCES = Path(__file__).parents[1] / "stories" / "utterances"
EVERYWHERE = [(language, viewport) for language in ("en", "ar", "vi") for viewport in ("phone", "desktop")]


def said(language: str) -> dict[str, str]:
    words: dict[str, str] = yaml12.load((UTTERANCES / f"{language}.yaml").read_text(encoding="utf-8"))
    return words


def says(language: str, text: str) -> str:
    return translator(language, "web", "chat", "law", "danger")(text)


@pytest.mark.parametrize(("language", "viewport"), EVERYWHERE)
def test_danger_shows_a_number_to_touch_first(visitor, language, viewport):
    someone = visitor(language, viewport)
    someone.open()
    assert someone.page.locator("html").get_attribute("lang") == language
    assert someone.page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    someone.accessible()
    someone.shoot("start")
    someone.write(said(language)["danger"])
    urgent = someone.page.locator(".lines .urgent").first
    assert urgent.locator("a.number[href='tel:112']").count() == 1
    assert urgent.is_visible()
    someone.accessible()
    someone.shoot("danger")
    someone.calm()


@pytest.mark.parametrize(("language", "viewport"), EVERYWHERE)
def test_screening_ends_in_help_and_never_in_a_verdict(visitor, language, viewport):
    someone = visitor(language, viewport)
    someone.open()
    someone.press(says(language, "Was this against the law?"))
    someone.press(says(language, "Ask me about the signs"))
    decided = says(language, "This is not a decision. You have the same right to ask for help whatever you answered.")
    for _question in range(20):
        if decided in someone.text:
            break
        yes = someone.page.get_by_role("button", name=says(language, "Yes"), exact=True)
        (yes.last if yes.count() else someone.page.locator(".choices button").first).click()
        someone.answered()
    assert decided in someone.text
    someone.accessible()
    someone.shoot("screening")
    someone.calm()


@pytest.mark.parametrize(("language", "viewport"), EVERYWHERE)
def test_estimate_from_the_first_word_to_the_cards(visitor, language, viewport):
    words = said(language)
    someone = visitor(language, viewport)
    someone.open()
    someone.write(words["money"])
    refused = someone.page.get_by_role("button", name=says(language, "Do not keep"), exact=True)
    if refused.count():
        # What is read from so short a message depends a little on the processor; here every question is to be asked.
        refused.last.click()
        someone.answered()
    someone.press(says(language, "Germany"))
    someone.press(says(language, "Yes"))
    someone.press(says(language, "Work"))
    for answer in ("begin", "end", "hours", "pay"):
        someone.write(words[answer])
    assert someone.page.locator("progress").count() == 1
    someone.accessible()
    someone.shoot("question")
    someone.press(says(language, "No"))
    someone.press(says(language, "Stop and show the result"))
    someone.page.click("a[href='/result']")
    someone.page.wait_for_selector(".card")
    # In place: the history of the browser never holds more than two entries of ours.
    assert someone.page.url == someone.url + "/result"
    assert someone.page.evaluate("history.length") <= 3
    assert someone.page.locator(".card.service a.call[href^='tel:']").count() >= 1
    assert "first" in str(someone.page.locator(".card").first.get_attribute("class"))
    card = someone.page.locator("details.card:has(.days)").first
    assert card.locator("svg.bar[role=img][aria-label]").count() == 1
    assert card.locator(".days li").count() >= 1
    for part in someone.page.locator("details.card, .card details").all():
        part.evaluate("part => part.open = true")
    assert someone.page.locator(".card details a[href^='https://']").count() >= 3
    someone.accessible()
    someone.shoot("result")
    someone.calm()
    for contrast in ("normal", "high"):
        someone.page.evaluate("contrast => document.documentElement.dataset.contrast = contrast", contrast)
        for scheme in ("light", "dark"):
            someone.page.emulate_media(color_scheme=scheme)
            someone.accessible()
