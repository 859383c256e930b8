"""Whose story a sentence tells, by its little words, in every language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from actions.story.told import read_story
from actions.story.whose import FOLDER, not_the_writers
from calculator import yaml12
from calculator.translation import languages
from envelope import ParsedClause, Understood

KEYS = {"asking", "reported", "supposed", "others", "kin", "me", "opener", "elsewhere", "never_a_cent", "no_place"}


@dataclass(frozen=True)
class Case:
    language: str
    text: str
    whose: str | None


CASES = [
    Case("en", "my friend's boss keeps her papers and pays 3 quid an hour", "other_person"),
    Case("en", "my friend took me to a farm and they kept my passport", None),
    Case("en", "my sister works in a hotel in dubai 14 hours a day", "other_person"),
    Case("en", "my cousin brought me to a car wash in Leeds", None),
    Case("en", "suppose they lock the door at night is that a crime", "question"),
    Case("en", "he said he would kill me if i go", None),
    Case("en", "saw on the news 20 people worked in a field for 2 euros an hour", "other_person"),
    Case("fr", "le patron de ma copine garde ses papiers", "other_person"),
    Case("fr", "mon oncle me fait travailler 12 heures", None),
    Case("es", "pregunto por un amigo que duerme en el restaurante donde trabaja", "other_person"),
    Case("es", "mi primo me llevó a una finca", None),
    Case("de", "der chef von meiner freundin hat ihre papiere", "other_person"),
    Case("de", "was würde passieren, wenn ich in Holland zur Polizei ginge?", "question"),
    Case("de", "und wenn ich nein sage schlägt er mich", None),
    Case("it", "al tg hanno detto che 20 persone raccoglievano pomodori a 3 euro l'ora", "other_person"),
    Case("it", "mio marito mi ha preso il passaporto", None),
    Case("nl", "ik vraag het voor een maat, die slaapt in het restaurant", "other_person"),
    Case("pt", "suponhamos que fecham a porta à noite", "question"),
    Case("pl", "szef kolezanki trzyma jej papiery i placi 300 euro", "other_person"),
    Case("ro", "seful prietenei mele ii tine actele", "other_person"),
    Case("bg", "шефът на приятелката ми държи документите ѝ", "other_person"),
    Case("ru", "допустим, на ночь запирают дверь", "question"),
    Case("ru", "муж привёз меня в Дрезден", None),
    Case("uk", "в новинах казали що 20 людей збирали полуницю за 3 євро", "other_person"),
    Case("sq", "shefi i shoqes sime ia mban letrat", "other_person"),
    Case("tr", "ablam dubaide otelde gunde 14 saat calisiyor", "other_person"),
    Case("tr", "patron pasaportumu aldı", None),
    Case("ar", "مدير صاحبتي ماسك ورقها", "other_person"),
    Case("ar", "صاحب الشغل أخذ جوازي", None),
    Case("vi", "giả sử ban đêm họ khóa cửa", "question"),
    Case("zh", "我朋友的老板扣着她的证件", "other_person"),
    Case("zh", "老板扣着我的护照", None),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.language}: {case.text[:30]}" for case in CASES])
def test_whose_story_it_is(case: Case) -> None:
    found = not_the_writers(case.text, [ParsedClause(case.text)], case.language, answers=False)
    assert found.get(case.text) == case.whose


def test_every_language_has_every_list() -> None:
    for language in languages():
        known = yaml12.load((Path(FOLDER) / f"{language}.yaml").read_text(encoding="utf-8"))
        assert set(known) == KEYS and all(known.values()), language


def test_what_follows_about_somebody_else_is_theirs_too() -> None:
    text = "My friend's boss keeps her papers. He pays 300 euros a month."
    clauses = [ParsedClause("My friend's boss keeps her papers"), ParsedClause("He pays 300 euros a month")]
    assert set(not_the_writers(text, clauses, "en", False).values()) == {"other_person"}
    own = "My friend works there too. I clean rooms. He pays 300 euros a month."
    clauses = [ParsedClause(part.strip()) for part in own.split(".") if part.strip()]
    assert list(not_the_writers(own, clauses, "en", False)) == ["My friend works there too"]


def test_a_relative_who_is_named_in_an_answer_is_one_of_the_story() -> None:
    text = "kuzenim getirdi"
    assert not_the_writers(text, [ParsedClause(text)], "tr", answers=True) == {}
    assert not_the_writers(text, [ParsedClause(text)], "tr", answers=False) == {text: "other_person"}


def read(text: str, language: str = "en", asked: str | None = None, **labels: str) -> dict[str, object]:
    from datetime import date

    facts = [{"group": group, "value": value, "score": 1.0, "sure": True} for group, value in labels.items()]
    parse = Understood.read({"intent": {"name": "tell_story"}, "danger": {"level": "none"}, "clauses": [{"text": text, "facts": facts}]})
    story = read_story(parse, text, language, date(2026, 11, 29), "DE", asked)
    return {path: told.value for path, told in story.told.items() if told.sure}


def test_a_day_alone_is_no_fact_and_an_appointment_is_none_at_all() -> None:
    assert read("my appointment is on 3 may", time="begin") == {}
    assert read("on 3 march 2024", time="begin") == {}
    assert "exploitation[0].start" in read("on 3 march 2024", asked="exploitation[0].end", time="begin")


def test_a_number_is_what_the_open_question_asks_for() -> None:
    assert "work[0].paid" not in read("84 a week", asked="work[0].hours_per_week", money="paid")
    assert read("84 euros a week", asked="work[0].hours_per_week", money="paid")["work[0].paid"]
    assert read("yes in june 2025", asked="procedure.reported_to_police", time="end") == {}


def test_hours_a_day_are_no_pay_and_an_hourly_promise_is_no_hours() -> None:
    told = read("they said 12 an hour", money="promised")
    assert told["work[0].agreed"] == {"amount": "12", "per": "hour"} and "work[0].hours_per_day" not in told


def test_never_having_seen_a_cent_is_having_got_nothing() -> None:
    for language, text in (("en", "never seen a penny"), ("de", "nie einen cent gesehen"), ("ru", "ни копейки не видела")):
        assert read(text, language)["work[0].paid"] == []
