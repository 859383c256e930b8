"""Days told by their number in this or the last month, or by their name in the last week: "the 15th of this month", "friday last week"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from actions.readers.lexicon import pattern
from actions.readers.weekdays import weekday_words, weekdays
from calculator.dates import add_months
from calculator.translation import base_language

#: What may stand between the number of a day and the month: of the, de, ngày, 号.
_ORDINAL = r"(?:st|nd|rd|th|er|re|e|º|ª|\.|го|ого|ти|ro|号|日)?"


def near_days(plain: str, language: str, accents: bool, today: date) -> Iterator[tuple[int, int, date]]:
    """(start, stop, day) of every such day in a text in plain form with digits."""
    yield from _of_months(plain, language, accents, today)
    yield from _of_last_week(plain, language, accents, today)


def _of_months(plain: str, language: str, accents: bool, today: date) -> Iterator[tuple[int, int, date]]:
    # In Vietnamese "4 tháng trước" is four months ago; only "ngày 4 tháng trước" is a day.
    lead = r"(?:ngày|ngay|mùng|mồng|mung|mong)\s+" if base_language(language) == "vi" else ""
    for key, back in (("this_month", 0), ("last_month", 1)):
        month = add_months(today.replace(day=1), -back)
        words = pattern(key, language, accents).pattern
        before = rf"{lead}(?<![\d.,:/])(?P<before>\d{{1,2}}){_ORDINAL}\s*(?:[^\W\d_]{{1,5}}\s+){{0,2}}(?:{words})"
        first = pattern("first_day", language, accents).pattern
        for match in re.finditer(rf"(?<![^\W\d_])(?:{first})\s*(?:[^\W\d_]{{1,5}}\s+){{0,2}}(?:{words})", plain):
            yield match.start(), match.end(), month
        for match in re.finditer(rf"{before}|(?:{words})\s*(?:[^\W\d_]{{1,4}}\s+)?(?P<behind>\d{{1,2}})(?![\d.,:/])", plain):
            number = int(match["before"] or match["behind"])
            if 1 <= number <= 31 and (day := _day(month, number)) is not None and day <= today:
                yield match.start(), match.end(), day


def _day(month: date, number: int) -> date | None:
    day = month + timedelta(days=number - 1)
    return day if day.month == month.month else None


def _of_last_week(plain: str, language: str, accents: bool, today: date) -> Iterator[tuple[int, int, date]]:
    names = weekdays(language, accents)
    week = pattern("last_week", language, accents).pattern
    monday = today - timedelta(days=today.weekday() + 7)
    for match in re.finditer(r"上(?:个|個)?(?:周|週|星期|礼拜|禮拜)([1-6日天])", plain):
        yield match.start(), match.end(), monday + timedelta(days=int(match[1]) - 1 if match[1].isdigit() else 6)
    name = weekday_words(language, accents)
    little = r"\s*(?:[^\W\d_]{1,3}\s+)?"
    for match in re.finditer(rf"(?P<before>{name}){little}(?:{week})|(?:{week}){little}(?P<behind>{name})", plain):
        yield match.start(), match.end(), monday + timedelta(days=names[match["before"] or match["behind"]])
