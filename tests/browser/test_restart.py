"""A conversation begun on the page goes on after any one of the servers was started anew."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.stack


def test_the_conversation_goes_on_after_each_server_was_restarted(visitor, own_stack):
    someone = visitor(url=own_stack.url)
    someone.open()
    someone.write("I worked in Germany. How much can I get?")
    someone.press("Yes")
    someone.press("Work")
    for server, answer, asked in (
        ("web", "January 2025", "When did it end?"),
        ("actions", "June 2025", "hours did you work"),
        ("rasa", "60", "How much money did you really get?"),
    ):
        own_stack.restart(server)
        someone.write(answer)
        assert asked in someone.page.locator(".helper .text").last.inner_text()
    assert "I worked in Germany" in someone.text
    # The answers from before are still known: they can be corrected.
    someone.press("Stop and show the result")
    someone.page.click("a[href='/result']")
    someone.page.wait_for_selector(".card")
    assert "Germany" in someone.text


def test_while_a_server_is_down_there_are_words_and_numbers(visitor, own_stack):
    someone = visitor(url=own_stack.url)
    someone.open()
    someone.write("where can I sleep tonight in Germany?")
    own_stack.process("rasa").kill()
    own_stack.process("rasa").wait()
    someone.write("and a doctor?")
    assert someone.page.locator(".lines .urgent a.number[href='tel:110']").count() >= 1
    someone.accessible()
    someone.shoot("no-answer")
    own_stack.restart("rasa")
    someone.write("and a doctor?")
    assert someone.page.locator(".lines li").last.get_attribute("class") == "helper latest"
