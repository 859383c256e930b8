"""Answers that were once read wrongly, each with its sisters in other languages: what counts is what they say, or that they are asked again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from turns import TODAY, a_turn

from actions.interview.reading import UNREAD, read_answer
from actions.readers.currencies import of_country
from actions.readers.dates import read_date
from actions.readers.hours import read_hours
from actions.readers.lexicon import one_of
from actions.readers.money import read_money
from actions.readers.nationalities import read_nationality
from calculator.dates import DateRange


def month(year: int, number: int) -> DateRange:
    following = date(year + number // 12, number % 12 + 1, 1)
    return DateRange(date(year, number, 1), date.fromordinal(following.toordinal() - 1))


def day(text: str) -> DateRange:
    return DateRange(date.fromisoformat(text), date.fromisoformat(text))


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "may 5th this year", day("2026-05-05")),
        ("en", "first of september 2025", day("2025-09-01")),
        ("ru", "8 марта двадцать пятого", day("2025-03-08")),
        ("bg", "от осми март тази година", day("2026-03-08")),
        ("sq", "kom fillu n'qershor t'24", month(2024, 6)),
        ("tr", "2022 ekimden 2024 nisana kadar", month(2022, 10)),
        ("vi", "tháng mười năm ngoái", month(2025, 10)),
        ("it", "nel duemilaventitré a novembre", month(2023, 11)),
        ("zh", "大前年五月", month(2023, 5)),
        ("ar", "بتشرين التاني 2022", month(2022, 11)),
        # A month without a year beside a number that may be one, and a length that says how long it went on.
        ("en", "in october it was 24 i think", None),
        ("en", "i worked in that kitchen for 8 months", None),
        ("ro", "nu mai lucrez acolo", None),
        # Taken back, with two digits too.
        ("en", "march of 23 no wait 24, yeah 2024", month(2024, 3)),
        ("nl", "mei 2023 nee fout 22", month(2022, 5)),
        ("ar", "march 2026, la2 abril 2026", month(2026, 4)),
        ("en", "feb 29 2024, i mean 23", DateRange(date(2023, 2, 28), date(2023, 2, 28))),
        # Words that may also tell something take nothing back.
        ("es", "empecé en marzo 2023, me trataba mal hasta junio 2023", month(2023, 3)),
        ("en", "started in march 2023 and all went wrong in june 2023", month(2023, 3)),
        ("fr", "en mars 2023, enfin partie en juin 2024", None),
        # Halves of a year, a winter of two years, between two times of unlike size.
        ("it", "nella prima metà del 2025", DateRange(date(2025, 1, 1), date(2025, 6, 30))),
        ("zh", "今年上半年", DateRange(date(2026, 1, 1), date(2026, 6, 30))),
        ("pl", "zima 2024/2025", DateRange(date(2024, 12, 1), date(2025, 2, 28))),
        ("pl", "lato 22, upal straszny", DateRange(date(2022, 6, 1), date(2022, 8, 31))),
        ("ru", "между новым годом 2025 и 8 марта 2025", DateRange(date(2024, 12, 29), date(2025, 3, 8))),
        # Two times of which one is somebody else's, or before what is asked: which is meant is asked.
        ("ro", "sora mea din 2019, eu abia din mai 2022", None),
        ("uk", "брат поїхав з 2019, а я з лютого 2023", month(2023, 2)),
        ("es", "llegué en octubre de 2024 y al mes siguiente empecé", None),
        ("fr", "je suis venu en juin 2023, le chantier c'était le mois d'après", None),
    ],
)
def test_when_it_began(language: str, text: str, wanted: DateRange | None) -> None:
    found = read_date(text, language, TODAY)
    assert found == wanted


@pytest.mark.parametrize(
    ("language", "text", "begin", "end"),
    [
        ("en", "march or april 2024", (3, 4), (3, 4)),
        ("de", "zwischen März und April 2024", (3, 4), (3, 4)),
        ("ru", "март или апрель 2024", (3, 4), (3, 4)),
        ("zh", "2024年3月或者4月", (3, 4), (3, 4)),
        ("en", "march/april 2024", (3, 4), (3, 4)),
        ("en", "from march to april 2024", (3, 3), (4, 4)),
        ("en", "march 2024 to april 2024", (3, 3), (4, 4)),
        ("en", "from march 2024 to october", (3, 3), (10, 10)),
        ("de", "von märz 24 bis oktober", (3, 3), (10, 10)),
    ],
)
def test_one_of_two_months_is_one_time_and_a_span_has_two_ends(language: str, text: str, begin: tuple[int, int], end: tuple[int, int]) -> None:
    for last, months in ((False, begin), (True, end)):
        found = read_date(text, language, TODAY, last=last)
        assert found == DateRange(month(2024, months[0]).earliest, month(2024, months[1]).latest)


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("fr", "commencé en 2019 ça a duré trois ans", (2022, 2022)),
        ("it", "entrato nel 2019 e uscito nel 21", (2021, 2021)),
        ("nl", "herfst 24 ben ik ontsnapt", (2024, 2024)),
        ("zh", "从2024年1月做到2025年6月", (2025, 2025)),
        ("fr", "de 2020 jusqu'en mai 2024", (2024, 2024)),
        ("en", "last tuesday", (2026, 2026)),
    ],
)
def test_when_it_ended(language: str, text: str, wanted: tuple[int, int]) -> None:
    found = read_date(text, language, TODAY, last=True)
    assert found is not None and wanted[0] <= found.earliest.year and found.latest.year <= wanted[1]


@pytest.mark.parametrize(
    ("language", "text", "week"),
    [
        ("en", "6am till 10pm no day off", 112),
        ("en", "night shift 9pm to 5am five nights", 40),
        ("fr", "8h en semaine et 10h sam et dim", 60),
        ("fr", "de 23h à 6h six nuits", 42),
        ("ru", "пять дней по восемь", 40),
        ("bg", "по осем часа, събота и неделя почивам", 40),
        ("ro", "12 ore, si sambata si duminica, toate zilele", 84),
        ("zh", "五天，每天八个半小时", Decimal("42.5")),
        ("zh", "早上九点上班晚上九点下班 一个礼拜做六天", 72),
        ("pt", "entrava 5 da manha e saia meio dia, todos os dias", 49),
        # Not to be told: two numbers that say different things.
        ("en", "55, then again 75", None),
        # Numbers of something else stand beside it.
        ("en", "12 hours a day, 6 days, from 5 march 2024, for 300 euros a month, i was 23 years old", 72),
        # More numbers than were understood, a break, a comparison: asked again.
        ("de", "30 std im lager und bei ihm zuhause nochmal 25", None),
        ("en", "8am to 8pm with an hour off for lunch, 5 days", None),
        ("vi", "bà chủ làm có 30 tiếng, em thì gấp đôi", None),
    ],
)
def test_hours_a_week(language: str, text: str, week: Decimal | int | None) -> None:
    found = read_hours(text, language)
    assert (found.week if found else None) == (None if week is None else (week, week))


@pytest.mark.parametrize(("language", "text"), [("fr", "60 heures par semaine, parfois 70"), ("en", "60 a week, when it was busy 70")])
def test_sometimes_more_is_what_it_lies_between(language: str, text: str) -> None:
    found = read_hours(text, language)
    assert found is not None and found.week == (60, 70)


@pytest.mark.parametrize("text", ["50 a week", "they promised 450 a week", "50 quid a week n he took 20 a week back for rent"])
def test_pay_in_a_story_is_never_hours(text: str) -> None:
    assert read_hours(text, "en", asked=False) is None


def test_days_between_two_names_and_days_that_are_named() -> None:
    spanned, named = read_hours("10 ore dal lunedi al sabato", "it"), read_hours("8 ore lunedi e sabato", "it")
    assert spanned is not None and spanned.days == (6, 6)
    assert named is not None and named.days is None


@pytest.mark.parametrize(
    ("language", "text", "amount", "currency", "per"),
    [
        ("vi", "10tr500 vnd/thang", 10_500_000, "VND", "month"),
        ("vi", "200k một ngày", 200_000, "VND", "day"),
        ("zh", "一千五欧一个月", 1500, "EUR", "month"),
        ("pt", "1,5 mil euros por mês", 1500, "EUR", "month"),
        ("ro", "4000 lei moldovenești pe lună", 4000, "MDL", "month"),
        ("es", "75 euros semanales", 75, "EUR", "week"),
        ("zh", "3万6人民币一年", 3000, "CNY", "month"),
        ("es", "2 mil quinientos pesos mexicanos por semana", 2500, "MXN", "week"),
        ("vi", "6e/h", 6, "EUR", "hour"),
    ],
)
def test_pay(language: str, text: str, amount: int, currency: str, per: str) -> None:
    found = read_money(text, language)
    assert found is not None and (found.low, found.currency, found.per) == (amount, currency, per)


@pytest.mark.parametrize(
    ("language", "text", "country", "currency"),
    [
        ("en", "200 dollars a week", "CA", "CAD"),
        ("en", "200 dollars a week", "US", "USD"),
        ("en", "200 us dollars a week", "CA", "USD"),
        ("en", "8000 kroner a month", "NO", "NOK"),
        ("fr", "900 francs par mois", "CH", "CHF"),
        ("en", "900 euros a month", "CH", "EUR"),
    ],
)
def test_a_name_of_several_currencies_is_the_countrys_own(language: str, text: str, country: str, currency: str) -> None:
    found = read_money(text, language)
    assert found is not None and of_country(found, country).currency == currency


def answered(fact: str, text: str, language: str, intent: str = "inform") -> object:
    return read_answer(a_turn(text, intent, language=language, asked=fact), fact, text).value


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "i paid the agent 5000 and never got a cent", []),
        ("vi", "tiền trả cho môi giới là 15000 bảng, lương thì không có đồng nào", []),
        ("zh", "一分钱没给", []),
    ],
)
def test_nothing_beside_a_fee(language: str, text: str, value: object) -> None:
    assert answered("work[0].paid", text, language) == value


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "turning 18 in may", False),
        ("de", "werd nächstes jahr 18", False),
        ("es", "ya soy mayor de edad", True),
        ("zh", "未成年", False),
        ("ro", "nu sunt minor", UNREAD),
        ("fr", "j'en ai 16 et demi", False),
        ("ru", "семнадцать с половиной", False),
        ("fr", "née le 3 décembre 2008", False),
        ("zh", "我08年10月生的", True),
        ("zh", "17岁半", False),
        # When the work began says nothing of an age.
        ("en", "i work for him since may 2019", UNREAD),
    ],
)
def test_of_age(language: str, text: str, value: object) -> None:
    assert answered("chat.adult", text, language) is value


@pytest.mark.parametrize(("language", "text"), [("en", "i dont want to say"), ("pl", "nie chcę odpowiadać"), ("ro", "nu vreau să zic")])
def test_not_wanting_to_say_is_no_no(language: str, text: str) -> None:
    assert answered("procedure.reported_to_police", text, language) is UNREAD


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [("en", "I am Colombian", "CO"), ("fr", "je suis ivoirienne", "CI"), ("vi", "tôi là người Việt", "VN"), ("en", "I polish shoes", None)],
)
def test_nationalities(language: str, text: str, country: str | None) -> None:
    assert read_nationality(text, language) in (country, "PL" if country is None else country)


def test_a_pattern_of_many_words_finds_the_longest() -> None:
    import re

    found = re.compile(one_of(["lei", "lei moldovenesti", "leu"], 3)).search("4000 lei moldovenesti")
    assert found is not None and found.group() == "lei moldovenesti"


def test_a_day_of_the_week_with_a_little_word_grown_onto_it_is_read_or_not_but_never_breaks() -> None:
    """Found by the fuzzer of conversations: "and on Friday" in Arabic, as an answer to when it ended."""
    span = read_date("ويوم الجمعة", "ar", date(2026, 11, 29), last=True)
    assert span is not None and span.earliest == span.latest == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "5 hours overtime every day"),
        ("en", "overtime 20 hours a week"),
        ("en", "2 extra hours a day"),
        ("de", "10 überstunden die woche"),
        ("fr", "3 heures sup par jour"),
        ("es", "2 horas extra al día"),
        ("it", "3 ore di straordinario al giorno"),
        ("pt", "2 horas extra por dia"),
        ("nl", "6 overuren per week"),
        ("pl", "5 nadgodzin dziennie"),
        ("ro", "2 ore suplimentare pe zi"),
        ("bg", "2 часа извънредно на ден"),
        ("ru", "переработки по 5 часов в день"),
        ("uk", "понаднормово 3 години на день"),
        ("sq", "2 orë jashtë orarit në ditë"),
        ("tr", "günde 3 saat fazla mesai"),
        ("ar", "3 ساعات إضافية باليوم"),
        ("vi", "tăng ca 4 tiếng mỗi ngày"),
        ("zh", "每天加班3小时"),
    ],
)
def test_hours_beyond_the_usual_ones_are_not_the_day_or_the_week(language: str, text: str) -> None:
    assert read_hours(text, language) is None and read_hours(text, language, asked=False) is None


@pytest.mark.parametrize(
    ("language", "text", "week"),
    [
        ("en", "60 hours a week without overtime pay", 60),
        ("de", "60 stunden die woche ohne überstunden", 60),
        ("zh", "每周60小时，没有加班费", 60),
        ("ru", "60 часов в неделю, переработки не платили", 60),
    ],
)
def test_overtime_that_was_not_paid_hides_no_hours(language: str, text: str, week: int) -> None:
    read = read_hours(text, language)
    assert read is not None and read.week == (week, week)
