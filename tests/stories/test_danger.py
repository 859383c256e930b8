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
from person import Person

from cli.stack import Stack

pytestmark = pytest.mark.stack

DANGER = {
    "en": "he is at the door, he is going to kill me",
    "fr": "il est derrière la porte il va me tuer",
    "ar": "هو عند الباب الآن وسوف يقتلني",
}
LONG = {
    "en": (
        "i worked in his restaurant for two years and he paid me almost nothing, i have some papers from the bank and a "
        "friend who saw it all, i also wanted to ask about my passport, but he is breaking the door down right now, and i "
        "do not know what the deadline is for the wages from last year"
    ),
    "fr": (
        "j'ai travaillé deux ans dans son restaurant et il ne me payait presque rien, j'ai des papiers de la banque et une "
        "amie qui a tout vu, je voulais aussi demander pour mon passeport, mais il est en train de défoncer la porte, et je "
        "ne sais pas quel est le délai pour les salaires de l'année dernière"
    ),
    "ar": (
        "اشتغلت سنتين في مطعمه ولم يدفع لي تقريبا شيئا وعندي اوراق من البنك وصديقة رأت كل شيء وكنت اريد ان اسأل عن جواز سفري "
        "لكنه يكسر الباب الآن وسيضربني ولا اعرف ما هو الموعد لطلب رواتب السنة الماضية"
    ),
}
#: Harm that is over, then what is now: people tell it in this order, and the first half must not drown the second.
AFTER_PAST = {
    "en": ("he beat me for two years and i left him", "now he is outside my door with a knife"),
    "fr": ("il m'a battue pendant deux ans et je suis partie", "maintenant il est devant ma porte avec un couteau"),
    "de": ("er hat mich zwei jahre geschlagen und ich bin weg", "jetzt steht er mit einem messer vor meiner tür"),
    "es": ("me pegó dos años y me fui", "ahora está en mi puerta con un cuchillo"),
    "it": ("mi ha picchiata per due anni e sono andata via", "adesso è davanti alla mia porta con un coltello"),
    "nl": ("hij sloeg me twee jaar en ik ben weggegaan", "nu staat hij met een mes voor mijn deur"),
    "pt": ("ele batia em mim durante dois anos e fui embora", "agora está na minha porta com uma faca"),
    "pl": ("bił mnie dwa lata i odeszłam", "teraz stoi pod moimi drzwiami z nożem"),
    "ro": ("m-a batut doi ani si am plecat", "acum e la usa mea cu un cutit"),
    "bg": ("биеше ме две години и си тръгнах", "сега е пред вратата ми с нож"),
    "sq": ("me rrihte dy vjet dhe u largova", "tani eshte te dera ime me thike"),
    "ru": ("он бил меня два года и я ушла", "сейчас он стоит у моей двери с ножом"),
    "uk": ("він бив мене два роки і я пішла", "зараз він стоїть під моїми дверима з ножем"),
    "tr": ("iki yıl beni dövdü ve ondan ayrıldım", "şimdi elinde bıçakla kapımda"),
    "ar": ("كان يضربني سنتين وهربت منه", "الآن هو عند بابي ومعه سكين"),
    "vi": ("anh ta đánh tôi hai năm và tôi đã bỏ đi", "bây giờ anh ta đứng trước cửa nhà tôi với con dao"),
    "zh": ("他打了我两年，我离开了他", "现在他拿着刀在我门口"),
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


@pytest.mark.parametrize("language", sorted(AFTER_PAST))
def test_danger_told_after_harm_that_is_over_is_answered_first(person: Begin, language: str) -> None:
    over, now = AFTER_PAST[language]
    someone = person(language, "DE")
    someone.write(f"{over}. {now}")
    assert_emergency(someone, "DE")
    other = person(language, "DE")
    other.write(f"{now}. {over}")
    assert other.kinds[0] in ("emergency", "emergency_hint") and NUMBERS["DE"] in other.messages[0]["text"]
    third = person(language, "DE")
    third.write(over)
    assert "emergency" not in third.kinds


@pytest.mark.parametrize("country", ["DE", "FR", "GB", None])
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_local_number_comes_first(person: Begin, language: str, country: str | None) -> None:
    someone = person(language, country)
    assert timed(someone, DANGER[language]) < 2
    assert_emergency(someone, country)
    *above, last = someone.of_kind("emergency")
    assert not any(m["buttons"] for m in above) and len(last["buttons"]) == 1, "an emergency message asks nothing; one tap leaves a false alarm"


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
