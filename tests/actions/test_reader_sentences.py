"""What whole sentences say to a reader: a number or a day that is put right, what lies between two others, yes and no without either word."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from turns import TODAY, a_turn

from actions.interview.reading import UNREAD, Read, read_answer, unsaid
from actions.readers.dates import read_date
from actions.readers.hours import read_hours
from actions.readers.money import read_money
from actions.readers.yes_no import closing, is_of_age, told_police
from calculator.dates import DateRange

START, HOURS = "exploitation[0].start", "work[0].hours_per_week"
POLICE, ADULT = "procedure.reported_to_police", "chat.adult"


def answer(language: str, fact: str, text: str, country: str = "DE") -> Read:
    turn = a_turn(text, intent="inform", language=language, country=country, asked=fact)
    return read_answer(turn, fact, text)


@pytest.mark.parametrize(
    ("language", "text", "first", "last"),
    [
        # Taken back in the same breath.
        ("en", "march no wait april 2023", "2023-04-01", "2023-04-30"),
        ("es", "abril de 2023, no perdon, mayo", "2023-05-01", "2023-05-31"),
        ("zh", "三月，不对，是2023年四月", "2023-04-01", "2023-04-30"),
        ("de", "nicht 2022 sondern 2023", "2023-01-01", "2023-12-31"),
        ("tr", "2022 değil 2023te", "2023-01-01", "2023-12-31"),
        # Between two others, and before a third.
        ("fr", "entre mai et juillet de l'année derniere", "2025-05-01", "2025-07-31"),
        ("ar", "بين مايو ويوليو السنة اللي فاتت", "2025-05-01", "2025-07-31"),
        ("tr", "geçen yıl mayısla temmuz arası", "2025-05-01", "2025-07-31"),
        ("vi", "giữa tháng 5 và tháng 7 năm ngoái", "2025-05-01", "2025-07-31"),
        ("de", "zehn tage vor weihnachten 2023", "2023-12-12", "2023-12-18"),
        # Days of this month, of last week; a month in its season; a year by its ordinal.
        ("pl", "15 tego miesiaca", "2026-11-15", "2026-11-15"),
        ("tr", "bu ayın 15inde", "2026-11-15", "2026-11-15"),
        ("zh", "上周五", "2026-11-20", "2026-11-20"),
        # A year in number words whose one stands before "year"; one whose ten is left out.
        ("zh", "两千零二十一年九月", "2021-09-01", "2021-09-30"),
        ("zh", "十一个月前", "2025-12-01", "2025-12-31"),
        ("vi", "tháng 9 năm hai ngàn hai mốt", "2021-09-01", "2021-09-30"),
        ("vi", "thang 3 nam hai ngan hai ba", "2023-03-01", "2023-03-31"),
        ("it", "autunno 2023, verso ottobre", "2023-10-01", "2023-10-31"),
        ("ru", "две тысячи двадцать второй", "2022-01-01", "2022-12-31"),
        # Lengths: one without a number, a number behind its unit, months of Vietnamese that are no days.
        ("en", "like a month ago", "2026-10-01", "2026-10-31"),
        ("ru", "недель шесть назад", "2026-10-18", "2026-10-18"),
        ("vi", "4 tháng trước", "2026-07-01", "2026-07-31"),
        ("nl", "een maand of acht geleden", "2026-03-01", "2026-03-31"),
        ("vi", "lúc đó em 17 tuổi, năm 2021", "2021-01-01", "2021-12-31"),
    ],
)
def test_when(language: str, text: str, first: str, last: str) -> None:
    assert read_date(text, language, TODAY) == DateRange(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("language", "text", "end"),
    [
        ("de", "seit november 2025 bin ich frei", "2025-11"),
        ("ru", "свободна с ноября 2025", "2025-11"),
        ("de", "august 2024 bis februar 2025", "2025-02"),
        ("pt", "março 2022 a dez 2023", "2023-12"),
    ],
)
def test_when_it_ended(language: str, text: str, end: str) -> None:
    found = read_date(text, language, TODAY, last=True)
    assert found is not None and found.earliest.isoformat()[:7] == found.latest.isoformat()[:7] == end


@pytest.mark.parametrize(("country", "read"), [("DE", False), ("GB", True), ("US", True)])
def test_a_day_that_may_be_two_is_asked_again_where_english_is_not_of_one_country(country: str, read: bool) -> None:
    assert (answer("en", START, "03/04/23", country).value is not UNREAD) is read
    assert answer("en", START, "13/04/23", country).value is not UNREAD


def test_what_is_not_known_gives_way_to_what_is() -> None:
    assert answer("en", START, "dunno the exact day but it was aug last year").value == {"earliest": "2025-08-01", "latest": "2025-08-31"}


@pytest.mark.parametrize(
    ("language", "text", "week"),
    [
        ("de", "10 stunden, 5 mal die woche", 50),
        ("tr", "10 saat, haftada 5 kere", 50),
        ("es", "jornadas de diez horas, seis por semana", 60),
        ("en", "35 hours a week on paper but really 70", 70),
        ("en", "nine hours a night, 7 nights", 63),
        ("de", "5-17 uhr täglich außer sonntag", 72),
        ("fr", "8h30 a 18h30 six jours", 60),
        ("ru", "девять с половиной часов в день, 5 дней", Decimal("47.5")),
        ("tr", "altı gün on ikişer saat", 72),
        ("de", "mittag bis mitternacht, sechs tage", 72),
        ("en", "up at 5 done by 9pm, 7 days", 112),
        ("nl", "om 5 uur op, om 21 uur klaar, 7 dagen", 112),
        ("de", "mo mi fr je 8 stunden", 24),
        ("de", "täglich zwölf, sonntags frei", 72),
        ("en", "24/7", 168),
    ],
)
def test_hours(language: str, text: str, week: Decimal | int) -> None:
    found = read_hours(text, language)
    assert found is not None and found.week == (week, week)


@pytest.mark.parametrize(("language", "text"), [("it", "troppe"), ("fr", "y avait pas d'horloge"), ("ru", "слишком много")])
def test_hours_that_nobody_counted_are_not_known(language: str, text: str) -> None:
    """Even where it sounds like a wish to stop."""
    turn = a_turn(text, intent="stop", language=language, asked=HOURS)
    assert read_answer(turn, HOURS, text).value is UNREAD
    assert unsaid(turn, text, listed=True) == "unknown"


def test_what_may_be_hours_or_times_of_the_clock_is_asked_about() -> None:
    assert answer("en", HOURS, "6 to 10").doubt == "hours_unit"


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("pt", "dois e cinquenta a hora", ("2.5", "2.5", None, "hour")),
        ("ru", "два с половиной евро в час", ("2.5", "2.5", "EUR", "hour")),
        ("vi", "một nghìn hai một tháng", ("1200", "1200", None, "month")),
        ("zh", "一个月三四百", ("300", "400", None, "month")),
        ("zh", "每星期五十欧", ("50", "50", "EUR", "week")),
        ("zh", "每个星期五30欧", ("30", "30", "EUR", "week")),
        ("en", "got 30 euros every friday", ("30", "30", "EUR", "week")),
        ("vi", "7 triệu 1 tháng", ("7000000", "7000000", "VND", "month")),
        ("tr", "2000 dediler ayda 500 verdiler", ("500", "500", None, "month")),
        ("en", "they promised 2000 euros but i saw 200 a month", ("200", "200", "EUR", "month")),
        # How much really came is asked.
        ("en", "100 dollars a week minus 40 for rent", None),
        ("nl", "paar honderd euro per maand", None),
        ("sq", "50 mije leke te vjetra ne dite", None),
    ],
)
def test_pay(language: str, text: str, wanted: tuple[Any, ...] | None) -> None:
    found = read_money(text, language)
    if wanted is None:
        assert found is None
    else:
        assert found is not None
        assert (found.low, found.high, found.currency, found.per) == (Decimal(wanted[0]), Decimal(wanted[1]), *wanted[2:])


@pytest.mark.parametrize(
    ("language", "text", "of_age"),
    [
        ("en", "i turned 18 in may", True),
        ("en", "i'll be 18 in march", None),
        ("fr", "j'avais 17 ans mais la j'en ai 19", True),
        ("de", "17 bald 18", False),
        ("fr", "dix-huit ans et demi", True),
        ("it", "diciotto dalla settimana scorsa", True),
        ("es", "no todavia no soy mayor de edad", False),
    ],
)
def test_of_age(language: str, text: str, of_age: bool | None) -> None:
    assert is_of_age(text, language) is of_age


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        # An age of the past, and none at all, are asked again; never taken for a child's.
        ("en", "i was 17 then", UNREAD),
        ("bg", "не си знам годините", UNREAD),
        ("de", "mein alter sag ich nicht", UNREAD),
        ("tr", "geçen haftadan beri on sekizim", True),
        ("zh", "1995年7月出生", True),
        ("en", "what happens if i do", UNREAD),
    ],
)
def test_adult(language: str, text: str, wanted: Any) -> None:
    assert answer(language, ADULT, text).value is wanted


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("en", "i filed a complaint last month", True),
        ("es", "le conte todo a la policia", True),
        ("ru", "никто не знает", False),
        ("de", "niemand, ihr seid die ersten", False),
        ("tr", "istedim ama korktum", False),
        ("en", "never went to the police", False),
        ("bg", "срам ме е да ида в районното", None),
        ("en", "i told the police but was too afraid to sign", None),
    ],
)
def test_whether_the_police_was_told(language: str, text: str, told: bool | None) -> None:
    assert told_police(text, language) is told
    assert answer(language, POLICE, text).value is (UNREAD if told is None else told)


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("en", "they said they would kill me so no", False),
        ("de", "die polizei weiß bescheid ja", True),
        ("it", "alla polizia no, solo a una suora", False),
        # "There are no papers" ends with the same word in Russian; "not exactly" with a word for yes in German.
        ("ru", "у меня документов нет", None),
        ("de", "ich kenn mein alter nicht genau", None),
    ],
)
def test_a_word_at_the_end(language: str, text: str, word: bool | None) -> None:
    assert closing(text, language) is word
