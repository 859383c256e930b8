"""What a screen reader is given to say, in order, from Chromium's accessibility tree over time."""

from __future__ import annotations

import pytest
from test_flows import said, says

from tools.heard import Listener

pytestmark = pytest.mark.stack


def hows(heard):
    return [one.how for one in heard]


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_a_question_is_said_with_its_choices_and_the_focus_is_at_it(visitor, language):
    someone = visitor(language)
    someone.open()
    listener = Listener(someone.page)
    someone.page.click("button[value=money]")
    heard = listener.hear()
    question = heard[-1]
    assert question.how == "polite", heard
    assert says(language, "In which country are you, or did it happen?") in question.text
    assert question.text.index(says(language, "You can choose:")) < question.text.index(says(language, "Germany"))
    assert "assertive" not in hows(heard)
    # The keyboard goes on from the answer, whose first choice is the next thing.
    assert hows(heard).index("focus") < len(heard) - 1
    assert someone.page.evaluate("document.activeElement.id") == "latest"
    someone.page.keyboard.press("Tab")
    (first,) = [one for one in listener.hear(0.3) if one.how == "focus"]
    assert "(button)" in first.text or "(link)" in first.text


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_danger_is_said_at_once_with_the_number_first(visitor, language):
    someone = visitor(language)
    someone.open()
    someone.page.fill("#text", said(language)["danger"])
    listener = Listener(someone.page)
    someone.page.click("form.write button")
    heard = listener.hear()
    (danger,) = [one for one in heard if one.how == "assertive"]
    assert danger.text.startswith("112."), heard
    assert hows(heard)[-1] == "assertive", heard
    # The same danger again is said again.
    someone.page.fill("#text", said(language)["danger"])
    someone.page.click("form.write button")
    assert [one.text for one in listener.hear() if one.how == "assertive"][-1].startswith("112.")


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_a_result_and_its_page_are_said_from_their_beginning(visitor, language):
    someone = visitor(language)
    someone.open()
    someone.page.click("button[value=money]")
    someone.answered()
    someone.press(says(language, "Germany"))
    someone.press(says(language, "Yes"))
    listener = Listener(someone.page)
    someone.page.get_by_role("button", name=says(language, "Stop and show the result"), exact=True).last.click()
    heard = listener.hear()
    spoken = heard[-1].text
    assert heard[-1].how == "polite"
    assert says(language, "{country}: no sum yet.").format(country=says(language, "Germany")) in spoken
    someone.page.click("a[href='/result']")
    page = listener.hear()
    assert page[-1].how == "focus" and "(heading)" in page[-1].text, page


def test_while_she_goes_on_writing_the_focus_stays_and_the_answer_is_said(visitor):
    someone = visitor()
    someone.open()
    someone.write("hello")
    someone.page.fill("#text", "where can I sleep tonight in France?")
    listener = Listener(someone.page)
    # The answer waits until she has begun: else it may come between two of her keys.
    held = []
    someone.page.route("**/chat", lambda route: held.append(route))
    someone.page.click("form.write button")
    someone.page.fill("#text", "and also")
    assert len(held) == 1
    held[0].continue_()
    heard = listener.hear()
    assert someone.page.evaluate("document.activeElement.id") == "text"
    assert someone.page.input_value("#text") == "and also"
    assert heard[-1].how == "polite" and "safe homes" in heard[-1].text


def test_without_connection_the_number_is_said_first(visitor):
    someone = visitor()
    someone.open()
    someone.write("hello")
    someone.context.set_offline(True)
    someone.page.fill("#text", "are you there")
    listener = Listener(someone.page)
    someone.page.click("form.write button")
    loud = [one.text for one in listener.hear() if one.how == "assertive"]
    assert "112" in loud[0] and any("Your words are still here" in text for text in loud)
