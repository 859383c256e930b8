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


def test_printing_warns_first_and_two_sheets_have_what_matters(visitor, tmp_path):
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
    paper = someone.page.locator(".paper")
    assert not paper.is_visible()
    someone.page.emulate_media(media="print")
    assert paper.is_visible() and not someone.page.locator("details.card").first.is_visible()
    file = tmp_path / "printed.pdf"
    someone.page.pdf(path=file, format="A4")
    # Two sheets, with the answers, the sums, the days and whom to call.
    assert 1 <= file.read_bytes().count(b"/Type /Page\n") <= 2
    for words in ("Claim for unpaid wages", "What were you made to do? Work", "116 016", "Until when", "What to do next"):
        assert words in paper.inner_text(), words
