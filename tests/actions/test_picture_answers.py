"""What is answered by pictures is put into words; those words are read as what was touched, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest
from turns import a_turn

from actions.interview.reading import read_answer
from calculator.engine.result.questions import definition_of
from calculator.translation import LOCALES, languages
from web.i18n import Words
from web.pictures import _ANSWERS, _CHOICES, _INTENTS, DAYS, HOURS, PER_PICTURES, Pictures, panel_of, picture_of
from web.state import StoredButton

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("language", languages())
def test_hours_and_days_are_read_as_touched(language: str) -> None:
    say = Words(LOCALES, language)
    for hours in HOURS:
        for days in DAYS:
            text = Pictures(hours=hours, days=days).in_words(say)
            read = read_answer(a_turn(text, language=language), "work[0].hours_per_week", text)
            assert read.value == hours * days, (text, read)


@pytest.mark.parametrize("language", languages())
def test_money_is_read_as_touched(language: str) -> None:
    say = Words(LOCALES, language)
    for amount in ("50", "1200", "12.50"):
        for per in PER_PICTURES:
            text = Pictures(amount=amount, per=per).in_words(say)
            read = read_answer(a_turn(text, language=language), "work[0].paid", text)
            assert read.doubt in (None, "implausible"), (text, read)
            (pay,) = read.value
            assert (float(pay["amount"]), pay["per"]) == (float(amount), per), (text, read)


@pytest.mark.parametrize("fact", ["work[0].hours_per_week", "work[1].hours_per_day", "work[0].days_per_week", "work[0].paid", "work[0].agreed"])
def test_each_of_these_questions_has_its_pictures(fact: str) -> None:
    panel = panel_of(fact, "en", Words(LOCALES, "en"))
    assert panel is not None and (panel.hours or panel.days or panel.per)
    assert panel_of("exploitation[0].end", "en", Words(LOCALES, "en")) is None


def test_every_picture_that_a_choice_has_is_drawn() -> None:
    drawn = (ROOT / "web" / "templates" / "_icons.html").read_text(encoding="utf-8")
    payloads = [
        '/choose{"fact": "exploitation[0].forms", "value": "begging"}',
        '/choose{"fact": "chat.adult", "value": "true"}',
        "/ask_shelter",
        '/choose{"fact": "who", "value": "child"}',
        '/choose{"fact": "work[0].sector", "value": "agriculture"}',
    ]
    names = [picture_of(StoredButton(id="x", title="x", payload=payload, turn=1)) for payload in payloads]
    assert names == ["begging", "yes", "home", "child", "plant"]
    shown = {*_ANSWERS.values(), *_INTENTS.values(), *PER_PICTURES.values(), *(name for of in _CHOICES.values() for name in of.values())}
    assert {name for name in shown if f'"{name}": ' not in drawn} == set()
    choices = {code for fact in _CHOICES if (found := definition_of(fact.replace("[]", "[0]"))) for code in found.choices}
    assert {code for of in ("exploitation[].forms", "work[].sector", "exploitation[].violence") for code in _CHOICES[of]} <= choices
    assert picture_of(StoredButton(id="x", title="x", payload='/choose{"fact": "x", "value": "12..20"}', turn=1)) is None
    assert picture_of(StoredButton(id="x", title="x", payload="no payload", turn=1)) is None
