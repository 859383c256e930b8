"""What others could hear or find: reading aloud and printing say so first, and a voice from elsewhere never reads."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.stack

VOICES = """
    window.spoken = [];
    const voice = (lang, localService) => ({lang, localService, name: lang, default: false, voiceURI: lang});
    Object.defineProperty(window, "speechSynthesis", {value: {
        getVoices: () => [voice("en-GB", LOCAL), voice("fr-FR", true)],
        speak: (speech) => window.spoken.push(speech.text),
        cancel: () => window.spoken.push("(quiet)"),
    }});
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
    window.print = () => window.spoken.push("(printed)");
"""


def spoken(someone):
    return [text for text in someone.page.evaluate("window.spoken") if text != "(quiet)"]


def test_reading_aloud_warns_first_and_uses_a_voice_of_the_device(visitor):
    someone = visitor()
    someone.context.add_init_script(VOICES.replace("LOCAL", "true"))
    someone.open()
    someone.write("hello")
    listen = someone.page.locator(".listen").first
    assert listen.inner_text() == "Read aloud"
    listen.click()
    assert listen.inner_text() == "Others may hear it. Press again to listen."
    assert spoken(someone) == []
    listen.click()
    (text,) = spoken(someone)
    assert "I am a computer program, not a person" in text
    assert listen.inner_text() == "Stop reading"
    someone.accessible()
    listen.click()
    assert listen.inner_text() == "Read aloud"


@pytest.mark.parametrize(("language", "local"), [("en", "false"), ("ar", "true")])
def test_without_a_voice_of_the_device_for_the_language_nothing_is_offered(visitor, language, local):
    someone = visitor(language)
    someone.context.add_init_script(VOICES.replace("LOCAL", local))
    someone.open()
    someone.write("hello")
    assert someone.page.locator(".listen").count() == 0


def test_printing_warns_first_and_shows_what_is_folded_away(visitor):
    someone = visitor()
    someone.context.add_init_script(VOICES.replace("LOCAL", "true"))
    someone.open()
    someone.write("I worked in Germany. How much can I get?")
    someone.press("Yes")
    someone.press("Work")
    someone.press("Stop and show the result")
    someone.page.click("a[href='/result']")
    someone.page.locator("details.keep summary").click()
    button = someone.page.locator("#print button")
    button.click()
    assert spoken(someone) == []
    assert "Others can find the paper" in button.inner_text()
    someone.accessible()
    button.click()
    assert spoken(someone) == ["(printed)"]
    someone.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert someone.page.locator("details.card:not([open]), .card details:not([open])").count() == 0
