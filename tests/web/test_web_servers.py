"""Two Rasa servers behind one gateway: when one hangs or is gone the other one answers, and nobody notices."""

import signal
import time

import httpx
import pytest


@pytest.fixture
def both(two_standins, run_gateway):
    """The gateway, and the server it asks first."""
    first, second = two_standins
    gateway = run_gateway(REDRESS_RASA_URL=f"{first.url},{second.url}", REDRESS_ACTIONS_URL=f"{first.url}/webhook,{second.url}/webhook")
    return gateway, first, second


def turns(server):
    return [turn["text"] or turn["payload"] for turn in httpx.get(f"{server.url}/seen", trust_env=False).json()["turns"]]


def ready(gateway):
    return httpx.get(f"{gateway.url}/readyz", trust_env=False, timeout=10).json()["ready"]


def test_one_that_is_gone_is_left_within_the_message(both, new_chat):
    gateway, first, second = both
    chat = new_chat(gateway.url)
    chat.say("one")
    assert turns(first) == ["one"] and turns(second) == []
    first.process.kill()
    first.process.wait(10)
    assert chat.say("two")[0]["text"] == "You said: two"
    assert chat.say("he will kill me")[0]["kind"] == "emergency"
    assert turns(second)[0] == "two" and ready(gateway)


def test_one_that_hangs_is_left_and_used_again_when_it_is_back(both, new_chat, wait):
    gateway, first, second = both
    chat = new_chat(gateway.url)
    first.process.send_signal(signal.SIGSTOP)
    begun = time.monotonic()
    assert chat.say("he will kill me")[0]["kind"] == "emergency"
    assert time.monotonic() - begun < 2
    assert chat.say("two")[0]["text"] == "You said: two" and "two" in turns(second)
    first.process.send_signal(signal.SIGCONT)

    def asked_again():
        chat.say("three")
        return "three" in turns(first)

    wait(asked_again, seconds=15)


def test_a_turn_that_one_says_it_cannot_answer_is_taken_by_the_other(both, new_chat):
    gateway, first, second = both
    httpx.post(f"{first.url}/unable", trust_env=False)
    assert new_chat(gateway.url).say("one")[0]["text"] == "You said: one"
    assert turns(first) == turns(second) == ["one"]


def test_what_one_may_still_be_at_is_not_given_to_the_other(both, new_chat):
    gateway, first, second = both
    messages = new_chat(gateway.url).say("HANG")
    assert messages[-1]["kind"] in ("wait", "unavailable")
    time.sleep(6)
    assert turns(first) == ["HANG"] and turns(second) == []
