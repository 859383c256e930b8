"""What people write for dates, numbers, money and choices, in three languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.readers.choices import read_choice
from actions.readers.dates import read_date
from actions.readers.money import read_money
from actions.readers.numbers import read_number
from actions.topics.country import read_country

TODAY = date(2026, 11, 25)
MONTH = {"2023-01": (date(2023, 1, 1), date(2023, 1, 31)), "2024-03": (date(2024, 3, 1), date(2024, 3, 31))}

DATES = [
    ("january 2023", "en", *MONTH["2023-01"]),
    ("since january 2023", "en", *MONTH["2023-01"]),
    ("janvier 2023", "fr", *MONTH["2023-01"]),
    ("depuis janvier 2023", "fr", *MONTH["2023-01"]),
    ("يناير 2023", "ar", *MONTH["2023-01"]),
    ("كانون الثاني 2023", "ar", *MONTH["2023-01"]),
    ("مارس ٢٠٢٤", "ar", *MONTH["2024-03"]),
    ("03/2024", "en", *MONTH["2024-03"]),
    ("2023", "en", date(2023, 1, 1), date(2023, 12, 31)),
    ("en 2023", "fr", date(2023, 1, 1), date(2023, 12, 31)),
    ("8 months ago", "en", date(2026, 3, 1), date(2026, 3, 31)),
    ("il y a 8 mois", "fr", date(2026, 3, 1), date(2026, 3, 31)),
    ("منذ 8 أشهر", "ar", date(2026, 3, 1), date(2026, 3, 31)),
    ("منذ ثمانية أشهر", "ar", date(2026, 3, 1), date(2026, 3, 31)),
    ("15.1.2023", "fr", date(2023, 1, 15), date(2023, 1, 15)),
    ("2023-01-15", "en", date(2023, 1, 15), date(2023, 1, 15)),
    ("it ended on 30 june 2025", "en", date(2025, 6, 30), date(2025, 6, 30)),
    ("le 1er janvier 2025", "fr", date(2025, 1, 1), date(2025, 1, 1)),
    ("30 يونيو 2026", "ar", date(2026, 6, 30), date(2026, 6, 30)),
]


@pytest.mark.parametrize(("text", "language", "first", "last"), DATES)
def test_dates(text: str, language: str, first: date, last: date) -> None:
    found = read_date(text, language, TODAY) or read_date(text, language, TODAY, last=True)
    assert found is not None and (found.earliest, found.latest) == (first, last)


@pytest.mark.parametrize(
    ("text", "language"),
    [("60", "en"), ("60 hours", "en"), ("he is here", "en"), ("je ne sais pas", "fr"), ("لا أعرف", "ar"), ("in 2031", "en"), ("", "en")],
)
def test_what_is_no_date(text: str, language: str) -> None:
    assert read_date(text, language, TODAY) is None


def test_of_two_months_the_first_or_the_last() -> None:
    first = read_date("from january to september 2023", "en", TODAY)
    last = read_date("from january to september 2023", "en", TODAY, last=True)
    assert first is not None and first.earliest == date(2023, 1, 1)
    assert last is not None and last.latest == date(2023, 9, 30)


MONEY = [
    ("50 euros a week", "en", "50", "EUR", "week"),
    ("£50/week", "en", "50", "GBP", "week"),
    ("10 euros de l'heure", "fr", "10", "EUR", "hour"),
    ("1 800 € par mois", "fr", "1800", "EUR", "month"),
    ("1.800,50 euro", "fr", "1800.50", "EUR", None),
    ("٥٠ يورو في الأسبوع", "ar", "50", "EUR", "week"),
    ("50 يورو بالشهر", "ar", "50", "EUR", "month"),
    ("خمسون يورو في الأسبوع", "ar", "50", "EUR", "week"),
    ("about fifty pounds per week", "en", "50", "GBP", "week"),
    ("200 a month", "en", "200", None, "month"),
    ("50 جنيه في الأسبوع", "ar", "50", None, "week"),
]


@pytest.mark.parametrize(("text", "language", "amount", "currency", "per"), MONEY)
def test_money(text: str, language: str, amount: str, currency: str | None, per: str | None) -> None:
    found = read_money(text, language)
    assert found is not None and found.low == Decimal(amount) and found.per == per
    assert currency is None or found.currency == currency


@pytest.mark.parametrize(
    ("text", "language", "low", "high"),
    [
        ("about sixty", "en", 60, 60),
        ("60-70 hours", "en", 60, 70),
        ("soixante heures", "fr", 60, 60),
        ("٦٠", "ar", 60, 60),
        ("between 40 and 50", "en", 40, 50),
        ("خمسون", "ar", 50, 50),
        ("quatre-vingt-dix", "fr", 90, 90),
    ],
)
def test_numbers(text: str, language: str, low: int, high: int) -> None:
    found = read_number(text, language)
    assert found is not None and (found.low, found.high) == (low, high)


OPTIONS = [("none", "No"), ("threats", "Threats"), ("physical", "I was hurt"), ("severe", "I was badly hurt")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2", "threats"),
        ("threats", "threats"),
        ("Threats!", "threats"),
        ("thretas", "threats"),
        ("i was hurt", "physical"),
        ("nothing like that", None),
        ("", None),
        ("9", None),
    ],
)
def test_choices(text: str, value: str | None) -> None:
    assert read_choice(text, OPTIONS) == value


@pytest.mark.parametrize(
    ("text", "language", "country"),
    [
        ("i live in london", "en", "GB"),
        ("je suis à Londres", "fr", "GB"),
        ("Allemagne", "fr", "DE"),
        ("ألمانيا", "ar", "DE"),
        ("in Berlin", "en", "DE"),
        ("FR", "en", "FR"),
        ("from france to germany", "en", None),
        ("nowhere", "en", None),
    ],
)
def test_countries(text: str, language: str, country: str | None) -> None:
    assert read_country(text, language) == country


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from(["en", "fr", "ar", "vi", "zh", "tr", "xx"]))
def test_readers_never_raise(text: str, language: str) -> None:
    read_date(text, language, TODAY)
    read_money(text, language)
    read_number(text, language)
    read_choice(text, OPTIONS)
