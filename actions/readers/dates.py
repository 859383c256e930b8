"""Dates as people say them: "March 2023", "il y a 8 mois", "jan 25", "since Ramadan", "from 3/23 to May last year".

A text is searched for points in time (`points`) and lengths of time (`lengths`), each with its place; `spans` says which belong together,
which is a beginning and which an end. What is no date is never made into one: a count of days, an hour of the day, a price.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import permutations

from actions.readers.lengths import Length, read_lengths, so_long_ago
from actions.readers.lexicon import ARABIC, is_unspaced, keeps_accents, pattern
from actions.readers.numbers import digits_for_words
from actions.readers.point import Point
from actions.readers.points import find_points
from actions.readers.spans import before_a_day, either, in_their_year, with_roles, with_years, without_taken_back
from actions.readers.weekdays import weekday_words, weekdays
from calculator.dates import DateRange, add_months
from calculator.translation import base_language

LONGEST_TEXT = 2000
#: Characters between "ago" and a "today" that belongs to it.
_BESIDE_AGO = 6
#: Days by which two names of one time may differ: the 5th of January, the eve of the kings.
_SAME_DAYS = 3
#: Years back, and months: a bare "22 years" is an age, not how long ago it was.
LONG_AGO, LONGEST_BARE = 20, 14 * 12


@dataclass(frozen=True, slots=True)
class Times:
    """Everything about time in one text. `plain` is the text with digits, in which the places are counted."""

    plain: str
    points: tuple[Point, ...]
    lengths: tuple[Length, ...]
    #: Words that say that it has not ended: how many.
    still_words: int

    @property
    def still(self) -> bool:
        """Whether it says that it has not ended."""
        return self.still_words > 0

    def of(self, role: str) -> DateRange | None:
        return next((p.when for p in self.points if p.role == role), None)


def read_times(text: str, language: str, today: date, month_first: bool = False) -> Times:
    """Points and lengths of time in a text, in order, none overlapping, none after today. `month_first`: 3/4 is the fourth of March."""
    accents = keeps_accents(text, language)
    # "Twenty twenty one" is a year.
    plain = re.sub(r"(?<![\d.,])(20|19) ([1-9]\d)(?![\d.,])", r"\1\2", digits_for_words(text[:LONGEST_TEXT], language, accents))
    if base_language(language) == "zh":
        plain = plain.replace("大前年", f"{today.year - 3}年")
    found = find_points(plain, language, today, accents, month_first)
    lengths = read_lengths(plain, language, accents, [(p.start, p.stop) for p in found])
    # "8 months ago" and "since 8 months" are points.
    for length in lengths:
        if length.ago:
            # "3 weeks ago today"
            found = [p for p in found if not (0 <= p.start - length.stop <= _BESIDE_AGO and p.when == DateRange(today, today))]
            found.append(Point(length.start, length.stop, so_long_ago(length, today), vague=True, ago=True))
    found = before_a_day(plain, found, lengths, language, accents)
    found = sorted((p for p in in_their_year(found) if p.when.earliest <= today), key=lambda p: p.start)
    found = in_their_year(without_taken_back(plain, found, language, accents))
    found = either(plain, with_years(plain, found, today, language, accents), language, accents)
    found = [replace(p, when=DateRange(p.when.earliest, min(p.when.latest, today))) for p in found]
    still = max((len(m.group().split()) for m in pattern("still", language, accents).finditer(plain)), default=0)
    if still and is_unspaced(plain):
        still += 1
    return Times(plain, tuple(with_roles(plain, found, language, accents)), tuple(ln for ln in lengths if not ln.ago), still)


def read_date(text: str, language: str, today: date, last: bool = False, month_first: bool = False) -> DateRange | None:
    """When something happened, never after `today`. None when the text holds no date.

    A bare length of time ("8 months", "منذ 8 أشهر") is taken as that long ago: the question was when. Of two points
    ("from January to March 2023") the beginning is taken, or the `last`.
    """
    times = read_times(text, language, today, month_first)
    if _counted_from(times, language):
        return None
    wanted = times.of("end" if last else "begin")
    if wanted is not None:
        begins = [p for p in times.points if p.role == "begin"]
        return None if _unclear(times, wanted) or not last and _compete(begins) else wanted
    free = [p for p in times.points if p.role is None]
    # Beside a later day, one of long ago is a birth or a first memory.
    free = [p for p in free if p.when.latest.year > today.year - LONG_AGO] or free
    # "After new year, in January 2024": a year that was said goes before one that is guessed.
    free = [p for p in free if p.of_year is None] or free
    if not last and _compete(free):
        # "My sister in 2019, I in 2022": which of them is meant is asked.
        return None
    if last and times.lengths and len(times.points) == 1 and times.points[0].role != "end":
        # "It began in 2019 and went on for three years."
        return _later(times.points[0].when, times.lengths[0], today)
    if free:
        chosen = (free[-1] if last else free[0]).when
        return None if _unclear(times, chosen) else chosen
    if times.points:
        # Only the other end was told; but "since two months" is also how long it is over.
        ago = [p for p in times.points if p.ago]
        return ago[0].when if last and len(times.points) == len(ago) == 1 else None
    if last and not times.lengths and (day := _weekday(times.plain, language, today)) is not None:
        return day
    bare = [length for length in times.lengths if length.high < LONGEST_BARE]
    if not bare or not last and _more_is_said(times, bare[0]):
        # "I worked there for 8 months" says how long, not when it began.
        return None
    return so_long_ago(bare[0], today)


def _counted_from(times: Times, language: str) -> bool:
    """Whether what is meant came a time after the one that is told: "I arrived in June, the work began two months later"."""
    if not times.points:
        return False
    accents = keeps_accents(times.plain, language)
    behind = times.plain[times.points[0].stop :]
    if pattern("later_word", language, accents).search(behind):
        return len({p.when for p in times.points if not p.ago}) == 1
    return False


def _compete(points: list[Point]) -> bool:
    """Whether two of some points are different times, of which none lies in the other or is the same day by another name."""
    return any((other.when.earliest - one.when.latest).days > _SAME_DAYS for one, other in permutations(points, 2))


def _unclear(times: Times, chosen: DateRange) -> bool:
    """Whether a month without a year stands beside a number or a length that may be its year: better asked than guessed."""
    point = next((p for p in times.points if p.when == chosen), None)
    if point is None or point.yearless is None:
        return False
    if times.lengths:
        return True
    rest = times.plain
    for other in times.points:
        rest = rest[: other.start] + " " * (other.stop - other.start) + rest[other.stop :]
    return bool(re.search(r"(?<![\d:.,])(?:0\d|1\d|2\d)(?![\d:.,%])", rest))


def _weekday(plain: str, language: str, today: date) -> DateRange | None:
    """The latest day of that name before today, in a short answer that names one day of the week and no number."""
    accents = keeps_accents(plain, language)
    names, name = weekdays(language, accents), weekday_words(language, accents)
    # An Arabic name may have a little word grown onto its front ("and on Friday").
    found = [m.group() for m in re.finditer(name, plain)]
    said = {day for word in found for own, day in names.items() if word == own or ARABIC.match(own) and word.endswith(own)}
    rest = re.sub(name, "", plain)
    if len(said) != 1 or re.search(r"\d", rest) or len(plain.split()) > _MOST_BESIDE + 2:
        return None
    day = today - timedelta(days=(today.weekday() - said.pop()) % 7 or 7)
    return DateRange(day, day)


#: Words beside a bare length in an answer about when it began: more of them say something about the length.
_MOST_BESIDE = 3


def _more_is_said(times: Times, length: Length) -> bool:
    beside = f"{times.plain[: length.start]} {times.plain[length.stop :]}"
    return len(re.findall(r"[^\W\d_]{2,}", beside)) > _MOST_BESIDE or is_unspaced(beside) and len(beside.strip()) > 2 * _MOST_BESIDE


def _later(begin: DateRange, length: Length, today: date) -> DateRange | None:
    """The end of what began then and went on for so long; None when that is not over yet."""
    first = add_months(begin.earliest, int(length.low))
    last = add_months(begin.latest, int(length.high) + (length.high % 1 > 0))
    return DateRange(first, min(last, today)) if first <= today else None
