# ruff: noqa: E501 - rows of tables
"""What people of each language write for a day, a number, a sum: read as they mean it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from actions.readers.dates import read_date
from actions.readers.money import read_money
from actions.readers.numbers import read_number
from calculator.translation import languages

TODAY = date(2026, 11, 26)

#: Eight months before today.
AGO = [
    ("8 months ago", "en"),
    ("il y a 8 mois", "fr"),
    ("hace 8 meses", "es"),
    ("vor 8 monaten", "de"),
    ("8 mesi fa", "it"),
    ("8 maanden geleden", "nl"),
    ("há 8 meses", "pt"),
    ("8 miesięcy temu", "pl"),
    ("acum 8 luni", "ro"),
    ("преди 8 месеца", "bg"),
    ("8 muaj më parë", "sq"),
    ("8 месяцев назад", "ru"),
    ("8 місяців тому", "uk"),
    ("8 ay önce", "tr"),
    ("منذ 8 أشهر", "ar"),
    ("8 tháng trước", "vi"),
    ("8个月前", "zh"),
]
MARCH = [
    ("since march 2024", "en"),
    ("depuis mars 2024", "fr"),
    ("desde marzo de 2024", "es"),
    ("seit märz 2024", "de"),
    ("da marzo 2024", "it"),
    ("sinds maart 2024", "nl"),
    ("desde março de 2024", "pt"),
    ("w marcu 2024", "pl"),
    ("din martie 2024", "ro"),
    ("от март 2024", "bg"),
    ("që nga mars 2024", "sq"),
    ("с марта 2024", "ru"),
    ("у березні 2024", "uk"),
    ("mart 2024", "tr"),
    ("مارس 2024", "ar"),
    ("tháng 3 năm 2024", "vi"),
    ("2024年3月", "zh"),
    ("auf jeden fall seit märz 2024", "de"),
]
DAY = [
    ("it ended on june 30 2025", "en"),
    ("c'était le 30 juin 2025", "fr"),
    ("el 30 de junio de 2025", "es"),
    ("es war am 30. juni 2025 vorbei", "de"),
    ("il 30 giugno 2025", "it"),
    ("op 30 juni 2025", "nl"),
    ("em 30 de junho de 2025", "pt"),
    ("skończyło się 30 czerwca 2025", "pl"),
    ("s-a terminat pe 30 iunie 2025", "ro"),
    ("на 30 юни 2025", "bg"),
    ("më 30 qershor 2025", "sq"),
    ("закончилось 30 июня 2025 года", "ru"),
    ("30 червня 2025", "uk"),
    ("30 haziran 2025", "tr"),
    ("30 يونيو 2025", "ar"),
    ("kết thúc ngày 30 tháng 6 năm 2025", "vi"),
    ("2025年6月30日", "zh"),
    ("30.06.2025", "de"),
    ("30/6/2025", "vi"),
    ("2025-06-30", "zh"),
]


@pytest.mark.parametrize(("text", "language"), AGO)
def test_a_time_that_is_so_long_ago(text: str, language: str) -> None:
    found = read_date(text, language, TODAY)
    assert found is not None and (found.earliest, found.latest) == (date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize(("text", "language"), MARCH)
def test_a_month(text: str, language: str) -> None:
    found = read_date(text, language, TODAY)
    assert found is not None and (found.earliest, found.latest) == (date(2024, 3, 1), date(2024, 3, 31))


@pytest.mark.parametrize(("text", "language"), DAY)
def test_a_day(text: str, language: str) -> None:
    found = read_date(text, language, TODAY, last=True)
    assert found is not None and (found.earliest, found.latest) == (date(2025, 6, 30), date(2025, 6, 30))


SEASONS = [
    ("since last winter", "en", date(2025, 12, 1), date(2026, 2, 28)),
    ("summer of 2024", "en", date(2024, 6, 1), date(2024, 8, 31)),
    ("autumn last year", "en", date(2025, 9, 1), date(2025, 11, 30)),
    ("winter 2023", "en", date(2022, 12, 1), date(2024, 2, 29)),
    ("прошлой зимой", "ru", date(2025, 12, 1), date(2026, 2, 28)),
    ("letzten sommer", "de", date(2026, 6, 1), date(2026, 8, 31)),
    ("mùa thu năm ngoái", "vi", date(2025, 9, 1), date(2025, 11, 30)),
    ("去年夏天", "zh", date(2025, 6, 1), date(2025, 8, 31)),
    ("в zimie", "xx", None, None),
    ("літак у січні 2024", "uk", date(2024, 1, 1), date(2024, 1, 31)),
]


@pytest.mark.parametrize(("text", "language", "first", "last"), SEASONS)
def test_seasons(text: str, language: str, first: date | None, last: date | None) -> None:
    if language not in languages() and language != "xx":
        pytest.skip(f"{language} is not offered yet; its words are in its catalogue")
    found = read_date(text, language, TODAY)
    assert (found and (found.earliest, found.latest)) == ((first, last) if first else None)


SIXTY_FIVE = [
    ("sixty five", "en"),
    ("soixante-cinq", "fr"),
    ("sesenta y cinco", "es"),
    ("fünfundsechzig", "de"),
    ("sessantacinque", "it"),
    ("vijfenzestig", "nl"),
    ("sessenta e cinco", "pt"),
    ("sześćdziesiąt pięć", "pl"),
    ("șaizeci și cinci", "ro"),
    ("saizeci si cinci", "ro"),
    ("шестьдесят пять", "ru"),
    ("шістдесят п'ять", "uk"),
    ("altmış beş", "tr"),
    ("خمسة وستين", "ar"),
    ("sáu mươi lăm", "vi"),
    ("六十五", "zh"),
    ("65", "sq"),
    ("٦٥", "ar"),
    ("around 65 hours", "en"),
]


@pytest.mark.parametrize(("text", "language"), SIXTY_FIVE)
def test_a_number_in_words_or_digits(text: str, language: str) -> None:
    found = read_number(text, language)
    assert found is not None and found.low == found.high == Decimal(65)


RANGES = [
    ("50 to 60", "en"),
    ("50 à 60", "fr"),
    ("de 50 a 60", "es"),
    ("50 bis 60", "de"),
    ("między 50 a 60", "pl"),
    ("între 50 și 60", "ro"),
    ("от 50 до 60", "ru"),
    ("від 50 до 60", "uk"),
    ("50 ile 60", "tr"),
    ("50 إلى 60", "ar"),
    ("từ 50 đến 60", "vi"),
    ("50到60", "zh"),
    ("50-60", "nl"),
]


@pytest.mark.parametrize(("text", "language"), RANGES)
def test_both_ends_of_a_range(text: str, language: str) -> None:
    if language not in languages() and "-" not in text:
        pytest.skip(f"{language} is not offered yet; its words are in its catalogue")
    found = read_number(text, language)
    assert found is not None and (found.low, found.high) == (Decimal(50), Decimal(60))


MONEY = [
    ("50 euros a week", "en", "50", "EUR", "week"),
    ("200 euros monthly", "en", "200", "EUR", "month"),
    ("10 heures par jour, 300 par mois", "fr", "300", None, "month"),
    ("60h par semaine 800 par mois", "fr", "800", None, "month"),
    ("50 euros a la semana", "es", "50", "EUR", "week"),
    ("6 tage die woche, 40 euro am tag", "de", "40", "EUR", "day"),
    ("50 euro a settimana", "it", "50", "EUR", "week"),
    ("50 euro per week", "nl", "50", "EUR", "week"),
    ("50 euros por semana", "pt", "50", "EUR", "week"),
    ("50 euro na tydzień", "pl", "50", "EUR", "week"),
    ("200 zł miesięcznie", "pl", "200", "PLN", "month"),
    ("300 lei pe lună", "ro", "300", "RON", "month"),
    ("50 евро в неделю", "ru", "50", "EUR", "week"),
    ("щодня 20 євро", "uk", "20", "EUR", "day"),
    ("haftada 50 euro", "tr", "50", "EUR", "week"),
    ("günlük 20 euro", "tr", "20", "EUR", "day"),
    ("٥٠ يورو في الأسبوع", "ar", "50", "EUR", "week"),
    ("50 euro một tuần", "vi", "50", "EUR", "week"),
    ("một tháng 200 euro", "vi", "200", "EUR", "month"),
    ("每天50欧元", "zh", "50", "EUR", "day"),
    ("一个月1500", "zh", "1500", None, "month"),
    ("一周50欧元", "zh", "50", "EUR", "week"),
]


@pytest.mark.parametrize(("text", "language", "amount", "currency", "per"), MONEY)
def test_pay_with_its_period(text: str, language: str, amount: str, currency: str | None, per: str) -> None:
    if language not in languages() and language not in ("it", "nl", "pt"):
        pytest.skip(f"{language} is not offered yet; its words are in its catalogue")
    found = read_money(text, language)
    assert found is not None and (found.low, found.currency, found.per) == (Decimal(amount), currency, per)


@pytest.mark.parametrize(
    ("text", "language"), [("không", "vi"), ("no", "en"), ("não sei", "pt"), ("не знаю", "ru"), ("bilmiyorum", "tr"), ("不知道", "zh")]
)
def test_what_is_no_number_and_no_date(text: str, language: str) -> None:
    assert read_number(text, language) is None and read_date(text, language, TODAY) is None


INSTEAD = [
    ("ar", "500 بدل 2000 في الشهر", 500, "month"),
    ("bg", "90 лева на час вместо 170", 90, "hour"),
    ("de", "50 statt 200 euro die woche", 50, "week"),
    ("en", "100 pounds instead of 400 pounds a week", 100, "week"),
    ("es", "20 euros al dia en vez de 50 euros", 20, "day"),
    ("fr", "300 euros au lieu de 1200 par mois", 300, "month"),
    ("it", "90 euro invece di 170", 90, None),
    ("nl", "20 euro ipv 80 per dag", 20, "day"),
    ("pl", "10 zł zamiast 30 na godzinę", 10, "hour"),
    ("pt", "300 euros em vez de 900 por mês", 300, "month"),
    ("ro", "500 lei in loc de 2000", 500, None),
    ("ru", "300 вместо 1500 в месяц", 300, "month"),
    ("sq", "200 euro ne vend te 800 ne muaj", 200, "month"),
    ("tr", "ayda 2000 yerine 500 lira", 500, "month"),
    ("uk", "300 гривень замість 900 на день", 300, "day"),
    ("vi", "2 triệu thay vì 6 triệu một tháng", 2_000_000, "month"),
    ("zh", "一个月五百而不是三千", 500, "month"),
]


@pytest.mark.parametrize(("language", "text", "came", "per"), INSTEAD)
def test_of_an_amount_instead_of_another_the_one_that_came_is_read(language: str, text: str, came: int, per: str | None) -> None:
    found = read_money(text, language)
    assert found is not None and found.low == found.high == came and found.per == per
