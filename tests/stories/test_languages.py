"""Danger, screening and estimate in every language that is offered: one scenario a flow, each language's own words.

The words are in `utterances/<language>.yaml`: what a person of that language types. A button is pressed by its words in the
language, from the catalogue. No message may hold an English sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from person import Person

from calculator import yaml12
from calculator.translation import languages, translator
from tools.catalogue_files import template

pytestmark = pytest.mark.stack
Begin = Callable[..., Person]
UTTERANCES = Path(__file__).parent / "utterances"
#: Words of English that are no word of another language of ours.
ENGLISH = re.compile(r"\b(the|and|your|you|with|this|they|who)\b", re.IGNORECASE)
#: Names of laws, organisations and addresses stay as they are, and so does what only lawyers read, in quotation marks.
NAMES = re.compile(r"https?://\S+|\([^)]*\)|\"[^\"]*\"|“[^”]*”")


@cache
def utterances(language: str) -> dict[str, str]:
    found: dict[str, str] = yaml12.load((UTTERANCES / f"{language}.yaml").read_text(encoding="utf-8"))
    return found


@cache
def english_sentences() -> frozenset[str]:
    return frozenset(
        str(m.id)
        for domain in ("danger", "chat", "law", "web")
        for m in template(domain)
        if isinstance(m.id, str) and len(m.id.split()) > 2 and "{" not in m.id
    )


def english_in(person: Person) -> list[str]:
    """Lines of a whole conversation that are still English."""
    translate = translator(person.language, "chat", "law", "danger", "web")
    found = []
    for line in "\n".join(person.transcript).splitlines():
        if line.startswith("> "):
            continue
        bare = NAMES.sub("", line)
        if (line in english_sentences() and translate(line) != line) or len(ENGLISH.findall(bare)) > 1:
            found.append(line)
    return found


def every_language() -> list[str]:
    return languages()


def button(person: Person, text: str) -> str:
    return translator(person.language, "chat", "law")(text)


@pytest.mark.parametrize("language", every_language())
def test_danger(person: Begin, language: str) -> None:
    say = utterances(language)
    someone = person(language, "DE")
    someone.write(say["danger"])
    assert someone.kinds[0] in ("emergency", "emergency_hint") and "110" in someone.messages[0]["text"]
    someone.write(say["safe"])
    assert "unavailable" not in someone.kinds
    if language != "en":
        assert not english_in(someone)


@pytest.mark.parametrize("language", every_language())
def test_past_violence_is_answered_with_care(person: Begin, language: str) -> None:
    someone = person(language, "DE")
    someone.write(utterances(language)["past"])
    assert "unavailable" not in someone.kinds
    if language != "en":
        assert not english_in(someone)


@pytest.mark.parametrize("language", every_language())
def test_screening(person: Begin, language: str) -> None:
    say = utterances(language)
    someone = person(language, "DE")
    someone.write(say["victim"])
    someone.press(button(someone, "Ask me about the signs"))
    someone.press(button(someone, "Yes"))
    someone.press(button(someone, "Work"))
    asked = 0
    while (someone.asked or "").startswith("screen."):
        # By turns a word, a button, and "I don't know".
        asked += 1
        if asked % 3 == 1:
            someone.write(say["yes"])
        elif asked % 3 == 2:
            someone.press(button(someone, "Yes"))
        else:
            someone.write(say["dont_know"])
        assert asked < 16, "the screening does not end"
    assert asked > 4
    assert "116 016" in someone.text
    if language != "en":
        assert not english_in(someone)


def answers(say: dict[str, str]) -> dict[str, Any]:
    return {
        "exploitation[0].start": say["begin"],
        "exploitation[0].end": say["end"],
        "work[0].hours_per_week": say["hours"],
        "work[0].paid": say["pay"],
        "work[0].permit_to_work": say["no"],
        "procedure.reported_to_police": say["no"],
    }


PRESSED = {"chat.adult": "Yes", "exploitation[0].forms": "Work", "chat.more_work": "No"}


def confirm(person: Person) -> None:
    """What was understood from free text is right."""
    while "understood" in person.kinds:
        person.press(button(person, "All right"))


@pytest.mark.parametrize("language", every_language())
def test_estimate(person: Begin, language: str) -> None:
    say = utterances(language)
    said = answers(say)
    someone = person(language, "DE")
    someone.write(say["money"])
    confirm(someone)
    if someone.asked is None:
        # Asked back what was meant: the honest answer to a sentence that is not clear.
        someone.press(button(someone, "Money I can claim"))
    for _ in range(30):
        confirm(someone)
        fact = someone.asked
        if fact is None:
            break
        if fact in PRESSED:
            someone.press(button(someone, PRESSED[fact]))
        elif fact in said:
            someone.write(said[fact])
            assert someone.asked != fact, f"{fact}: {said[fact]!r} was not understood: {someone.text}"
        else:
            someone.press(button(someone, "I don't know"))
    assert [m for m in someone.of_kind("estimate")], someone.transcript[-3:]
    someone.press(button(someone, "How much?"))
    amounts = next(m["total"] for m in someone.messages if m.get("total"))
    assert amounts["low"] is not None
    someone.press(button(someone, "Which papers?"))
    if language != "en":
        assert not english_in(someone)
