"""Danger first: in any state, in a long message, with the action server killed or halted; then the form goes on."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import pytest
import requests
from conftest import Person

from cli.stack import Stack

pytestmark = pytest.mark.stack

DANGER = {
    "en": "he is at the door, he is going to kill me",
    "fr": "il est derrière la porte il va me tuer",
    "ar": "هو عند الباب الآن وسوف يقتلني",
}
LONG = {
    "en": ("i worked in his restaurant for two years and he paid me almost nothing, i have some papers from the bank and a "
           "friend who saw it all, i also wanted to ask about my passport, but he is breaking the door down right now, and i "
           "do not know what the deadline is for the wages from last year"),
    "fr": ("j'ai travaillé deux ans dans son restaurant et il ne me payait presque rien, j'ai des papiers de la banque et une "
           "amie qui a tout vu, je voulais aussi demander pour mon passeport, mais il est en train de défoncer la porte, et je "
           "ne sais pas quel est le délai pour les salaires de l'année dernière"),
    "ar": ("اشتغلت سنتين في مطعمه ولم يدفع لي تقريبا شيئا وعندي اوراق من البنك وصديقة رأت كل شيء وكنت اريد ان اسأل عن جواز سفري "
           "لكنه يكسر الباب الآن وسيضربني ولا اعرف ما هو الموعد لطلب رواتب السنة الماضية"),
}
NUMBERS = {"DE": "110", "FR": "17", "GB": "999", None: "112"}

Begin = Callable[..., Person]


def timed(person: Person, text: str) -> float:
    started = time.monotonic()
    person.write(text)
    return time.monotonic() - started


def assert_emergency(person: Person, country: str | None) -> None:
    assert person.kinds[0] in ("emergency", "emergency_hint")
    assert "emergency" in person.kinds, person.messages
    assert NUMBERS[country] in person.of_kind("emergency")[0]["text"]


@pytest.mark.parametrize("country", ["DE", "FR", "GB", None])
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_local_number_comes_first(person: Begin, language: str, country: str | None) -> None:
    someone = person(language, country)
    assert timed(someone, DANGER[language]) < 2
    assert_emergency(someone, country)
    assert all(not m["buttons"] for m in someone.of_kind("emergency")), "an emergency message asks nothing"


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_danger_in_one_clause_of_a_long_message(person: Begin, language: str) -> None:
    someone = person(language, "DE")
    assert timed(someone, LONG[language]) < 2
    assert any(kind in ("emergency", "emergency_hint") for kind in someone.kinds)
    assert "110" in someone.messages[0]["text"]


def in_the_form(person: Begin) -> Person:
    someone: Person = person("en", "DE")
    someone.write("how much money can i claim")
    someone.press("Yes")
    someone.press("Work")
    assert someone.asked == "exploitation[0].start"
    return someone


def test_the_form_is_not_fed_with_danger_and_goes_on(person: Begin) -> None:
    someone = in_the_form(person)
    assert timed(someone, DANGER["en"]) < 2
    assert_emergency(someone, "DE")
    someone.write("ok i am safe now")
    assert someone.asked == "exploitation[0].start"
    someone.write("january 2024")
    assert someone.asked == "exploitation[0].end"


def actions_processes(stack: Stack) -> list[psutil.Process]:
    leader = psutil.Process(stack.process("actions").pid)
    return [leader, *leader.children(recursive=True)]


def test_with_the_action_server_halted(person: Begin, stack: Stack) -> None:
    someone = in_the_form(person)
    halted = actions_processes(stack)
    for process in halted:
        os.kill(process.pid, signal.SIGSTOP)
    try:
        assert timed(someone, DANGER["en"]) < 2
        assert_emergency(someone, "DE")
        assert timed(someone, "may 2024") < 7
        assert someone.kinds == ["unavailable"] and "110" in someone.text
        assert timed(someone, DANGER["en"]) < 2
        assert_emergency(someone, "DE")
    finally:
        for process in halted:
            os.kill(process.pid, signal.SIGCONT)
    time.sleep(1)
    for _ in range(3):
        someone.write("january 2024")
        if someone.asked:
            break
    assert someone.asked in ("exploitation[0].start", "exploitation[0].end")


def test_two_messages_at_once_are_both_answered(person: Begin) -> None:
    someone = in_the_form(person)
    url = f"{someone.url}/api/v1/conversations/{someone.conversation}/messages"

    def send(text: str) -> dict[str, Any]:
        answer = requests.post(url, json={"text": text}, timeout=30)
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, ["january 2024", DANGER["en"]]))
    assert all(answer["messages"] for answer in answers)
    assert any(m["kind"] == "emergency" for m in answers[1]["messages"])
    someone.write("why do you ask?")
    assert someone.asked == "exploitation[0].end"


def test_a_suicidal_person_gets_a_crisis_line_before_the_police(person: Begin) -> None:
    someone = person("en", "DE")
    someone.write("i want to kill myself tonight")
    assert "0800 111 0 111" in someone.of_kind("emergency")[0]["text"].splitlines()[0]


def test_past_violence_is_not_an_emergency(person: Begin) -> None:
    someone = person("en", "DE")
    someone.write("he used to beat me every week, that was two years ago and i live somewhere else now")
    assert "emergency" not in someone.kinds
    assert "not your fault" in someone.text


def test_with_the_action_server_killed(own_stack: Stack) -> None:
    """In servers of its own, since the action server is dead afterwards."""
    someone = in_the_form(lambda language, country: Person(own_stack.url, language, country))
    for process in reversed(actions_processes(own_stack)):
        process.kill()
    assert timed(someone, DANGER["en"]) < 2
    assert_emergency(someone, "DE")
    assert timed(someone, "may 2024") < 7
    assert someone.kinds == ["unavailable"] and "110" in someone.text
