"""What belongs together in time: a month takes the year beside it, "March or April" is one time, "from March to May" has two ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from actions.readers.lengths import Length
from actions.readers.lexicon import pattern
from actions.readers.numbers import between
from actions.readers.point import YEAR_FIRST, Point, month_or_day
from calculator.dates import DateRange
from calculator.translation import base_language


def in_their_year(points: list[Point]) -> list[Point]:
    """A holiday, season or month that was said without its year, in a text whose only other point is a year: it is of that year."""
    points = _on_one_day(points)
    years = [
        p for p in points if p.when.earliest.replace(month=12, day=31) == p.when.latest and p.when.earliest.day == p.when.earliest.month == 1
    ]
    if len(years) != 1 or len(points) != 2:
        return points
    other = next(p for p in points if p is not years[0])
    if other.of_year is None or (when := other.of_year(years[0].when.earliest.year)) is None:
        return points
    start, stop = min(other.start, years[0].start), max(other.stop, years[0].stop)
    return [replace(other, start=start, stop=stop, when=when, yearless=None, of_year=None)]


def _on_one_day(points: list[Point]) -> list[Point]:
    """ "The 8th of March, women's day 2024", "autumn 2023, October or so": without a year of its own it takes that of what it lies in."""
    for point in points:
        for other in points:
            if other is point or point.of_year is None or other.of_year is not None or (other.when.latest - other.when.earliest).days > _A_FEST:
                continue
            when = point.of_year(other.when.earliest.year)
            if when is not None and other.when.earliest <= when.earliest and when.latest <= other.when.latest:
                rest = [p for p in points if p is not point and p is not other]
                start, stop = min(point.start, other.start), max(point.stop, other.stop)
                return [*rest, replace(point, start=start, stop=stop, when=when, yearless=None, of_year=None)]
    return points


def before_a_day(plain: str, points: list[Point], lengths: Sequence[Length], language: str, accents: bool) -> list[Point]:
    """ "Ten days before Christmas 2023" is a day of its own: the point that is counted from, moved by the length before it."""
    words = {-1: pattern("before_word", language, accents).pattern, 1: pattern("after_word", language, accents).pattern}
    moved: list[Point] = []
    used: set[tuple[int, int]] = set()
    for point in points:
        for length in lengths:
            gap = plain[length.stop : point.start] if length.stop <= point.start else ""
            way = next((way for way, word in words.items() if gap and re.fullmatch(rf"\s*(?:{word})\s*(?:[^\W\d_]{{1,4}}\s+)?", gap)), None)
            if way is None or length.high > _MOST_BEFORE:
                continue
            days = timedelta(days=int(length.low * Decimal("30.44") + Decimal("0.5")))
            when = DateRange(point.when.earliest + way * days, point.when.latest + way * days)
            point = replace(point, start=length.start, when=when, vague=True, yearless=None, of_year=None)
            used.add((length.start, length.stop))
        moved.append(point)
    return [p for p in moved if not (p.ago and (p.start, p.stop) in used)]


def without_taken_back(plain: str, points: list[Point], language: str, accents: bool) -> list[Point]:
    """ "March, no wait, April 2023", "not in 2022 but in 2023": without the time that is taken back."""
    marker, denied = pattern("correction", language, accents).pattern, pattern("not_word", language, accents).pattern
    between_both = re.compile(rf"[\s,.;?!…]*(?:[^\W\d_]{{1,8}}[\s,.;?!…]+){{0,2}}(?:{marker})[\s,.:;!…]*(?:[^\W\d_]{{1,8}}[\s,]*){{0,2}}")
    kept: list[Point] = []
    for point in _in_other_years(plain, points, between_both):
        before = kept[-1] if kept else None
        if before is not None and between_both.fullmatch(plain[before.stop : point.start]):
            kept.pop()
            if point.of_year is not None and before.of_year is None and (when := point.of_year(before.when.latest.year)) is not None:
                # "April 2023, no, May": the year was right.
                point = replace(point, when=when, vague=False, yearless=None, of_year=None)
        kept.append(point)
    but = pattern("but", language, accents).pattern
    # One that is denied alone ("not this October but the one before") is asked again.
    behind = base_language(language) == "tr"
    return [
        p
        for p in kept
        if not re.search(rf"(?<![^\W\d_])(?:{denied})\s*(?!(?:{but})\s)(?:[^\W\d_]{{1,4}}\s+)?$", plain[: p.start])
        and not (behind and re.match(r"\s*(?:'?[dt][ae]\s+)?degil", plain[p.stop :]))
    ]


def _in_other_years(plain: str, points: list[Point], taken_back: re.Pattern[str]) -> list[Point]:
    """ "March 23, no wait, 24": only the year was wrong, and is said again with two digits."""
    said = []
    for point in points:
        rest = plain[point.stop :]
        again = re.match(rf"{taken_back.pattern}'?(?P<year>\d\d)(?![\d:.,/]?\d|\s?[€$£%])", rest)
        first, last = point.when.earliest, point.when.latest
        if again and re.search(r"\d\d\s*$", plain[point.start : point.stop]) and first.year == last.year and int(again["year"]) <= THIS_CENTURY:
            year = 2000 + int(again["year"])
            days = 0 if (first.month, first.day) != (2, 29) else 1
            moved = DateRange((first - timedelta(days=days)).replace(year=year), _last_day(last, year))
            point = replace(point, stop=point.stop + again.end(), when=moved)
        said.append(point)
    return said


def _last_day(day: date, year: int) -> date:
    """The same day of another year; the end of February stays its end."""
    if (day + timedelta(days=1)).day == 1:
        return (day + timedelta(days=1)).replace(year=year + (day.month == 12)) - timedelta(days=1)
    return day.replace(year=year)


def with_years(plain: str, points: list[Point], today: date, language: str, accents: bool) -> list[Point]:
    """ "January to September 2023": a month without a year takes that of the month behind it."""
    found = list(points)
    for at in range(len(found) - 2, -1, -1):
        month, after = found[at].yearless, found[at + 1]
        if month is None or after.yearless is not None or (after.when.latest - after.when.earliest).days > 366:
            continue
        year = after.when.earliest.year if month <= after.when.earliest.month else after.when.earliest.year - 1
        when = month_or_day(year, month, None)
        if when is not None and when.earliest <= today:
            found[at] = replace(found[at], when=when, vague=False, yearless=None)
    for at in range(1, len(found)):
        # "From March 2024 to October": the first October after it.
        month, before = found[at].yearless, found[at - 1]
        if month is None or before.yearless is not None or found[at].start - before.stop > _GAP or not _same_size(before.when, found[at].when):
            continue
        following = re.match(rf"\s*(?:\S{{1,3}}\s+)?(?:{pattern('next_year', language, accents).pattern})", plain[found[at].stop :])
        year = before.when.earliest.year + (month < before.when.earliest.month or following is not None)
        when = month_or_day(year, month, None)
        if when is not None and when.earliest <= today:
            found[at] = replace(found[at], when=when, vague=False, yearless=None)
    return found


#: A year of two digits is no later.
THIS_CENTURY = 40
#: A holiday or a season is no longer; a month or a day that lies in it is of its year.
_A_FEST = 100
#: Months before a day, at most, that a day is counted from.
_MOST_BEFORE = 3
#: Letters of a little word, such as to, from, bis.
LITTLE = 4
#: "March or April": months or years as near as this to each other are one time that is not known better.
_NEXT_TO = 2
#: "Between" two times that lie farther apart is a beginning and an end.
_YEARS_APART = 366


def either(plain: str, points: list[Point], language: str, accents: bool) -> list[Point]:
    """Two times next to each other of which one is meant ("March or April 2024", "between March and April") are one, from the first day to
    the last. "From March to April" stays a beginning and an end."""
    words = pattern("or_word", language, accents).pattern
    joint = re.compile(rf"\s*,?\s*(?:(?P<either>{words})|[-/–]|{between(language, accents)})\s*(?:\S{{1,3}}\s+)?")
    since, among = pattern("since", language, accents), pattern("between_word", language, accents)
    kept: list[Point] = []
    for point in points:
        before = kept[-1] if kept else None
        joined = joint.fullmatch(plain[before.stop : point.start]) if before is not None else None
        gap = plain[before.stop : point.start] if before is not None else ""
        if (
            before is not None
            and joined
            and before.of_year is not None
            and point.of_year is None
            and among.search(plain[max(0, before.start - _GAP) : before.start])
        ):
            # "Between thanksgiving and Christmas 2025"
            ways = [before.of_year(year) for year in (point.when.earliest.year, point.when.earliest.year - 1)]
            nearest = next((when for when in ways if when is not None and when.latest < point.when.earliest), None)
            before = replace(before, when=nearest, yearless=None, of_year=None) if nearest is not None else before
            kept[-1] = before
        if (
            before is not None
            and (joined or _is_glued(gap, language, plain, before.start, among))
            and (_same_size(before.when, point.when) or _is_between(plain, before, point, among))
        ):
            apart = (point.when.earliest - before.when.latest).days
            lead = plain[max(0, before.start - _GAP) : before.start]
            # With a word such as "from", or each with its own year, it is a span, unless "or" stands between.
            spanned = any(_is_near(m, lead) for m in since.finditer(lead)) or re.search(r"\d{4}", plain[before.start : before.stop])
            # "Between May and July" is one time as well, however far they lie apart.
            around = any(_is_near(m, lead) for m in among.finditer(lead)) or among.match(plain[point.stop :].lstrip())
            if 0 < apart <= (_YEARS_APART if around else _NEXT_TO) and (around or joined and joined["either"] or not spanned):
                when = DateRange(before.when.earliest, point.when.latest)
                kept[-1] = replace(before, stop=point.stop, when=when, vague=True, yearless=None, of_year=None)
                continue
        kept.append(point)
    return kept


def _is_between(plain: str, before: Point, point: Point, among: re.Pattern[str]) -> bool:
    """Whether a word for between stands before two times of which each may be a day, a feast or a month: one time, from one to the other."""
    lead = plain[max(0, before.start - _GAP) : before.start]
    return any(_is_near(m, lead) for m in among.finditer(lead)) and before.when.latest <= point.when.earliest


def _is_glued(gap: str, language: str, plain: str, start: int, among: re.Pattern[str]) -> bool:
    """Whether "and" may be part of the second word, as Arabic writes it, behind a word for between."""
    if gap.strip():
        return False
    if base_language(language) == "tr":
        return among.search(plain[start : start + 2 * _GAP]) is not None
    return base_language(language) == "ar" and among.search(plain[max(0, start - _GAP) : start]) is not None


def _same_size(one: DateRange, other: DateRange) -> bool:
    """Whether both are a month, or both a year."""
    days = [(span.latest - span.earliest).days for span in (one, other)]
    return all(27 <= d <= 31 for d in days) or all(d >= 364 for d in days)


#: What only joins two times, and makes no span of them.
_AND = "and|und|et|e|y|i|и|й|та|și|si|dhe|ve|و|và|va|和|en|oraz|as|u"
#: Characters of a point's end and of a little word before "until now".
_TO_NOW = 12
#: Characters before a point in which a word says whether it is a beginning or an end.
_GAP = 22


def with_roles(plain: str, points: list[Point], language: str, accents: bool) -> list[Point]:
    """Which point is a beginning and which an end, by the words before it and by what joins two points."""
    since, until = pattern("since", language, accents), pattern("until", language, accents)
    joint = re.compile(rf"\s*(?:{between(language, accents)}|{until.pattern})\s*(?:\S{{1,5}}\s+){{0,2}}$")
    still = pattern("still", language, accents)
    only_and = re.compile(rf"\s*(?:{_AND})\s")
    said: list[Point] = []
    previous = 0
    for point in points:
        before = plain[max(previous, point.start - _GAP) : point.start]
        role = None
        if (
            said
            and (said[-1].role != "end" or base_language(language) in YEAR_FIRST)
            and len(plain[said[-1].stop : point.start]) <= 14
            and joint.fullmatch(plain[said[-1].stop : point.start])
            and not only_and.match(plain[said[-1].stop : point.start])
        ):
            said[-1] = replace(said[-1], role="begin")
            role = "end"
        else:
            following = next((p.start for p in points if p.start > point.start), len(plain))
            behind = plain[point.stop - 4 : min(following, point.stop + _GAP)]
            if base_language(language) in YEAR_FIRST:
                # What stands before belongs to the point before it.
                role = _said_behind(since, until, behind) or (None if said else _said_before(since, until, before))
            else:
                role = _said_before(since, until, before)
            after = next((p for p in points if p.start > point.start), None)
            if role is None and after is not None and joint.fullmatch(plain[point.stop : after.start]):
                # "August 2024 bis Februar 2025": what stands between both belongs to the second.
                said.append(point)
                previous = point.stop
                continue
            if point is points[-1] and (goes_on := still.search(behind)) is not None and goes_on.start() <= _TO_NOW:
                # "November 2024 until now"
                role = "begin"
            if role is None and (base_language(language) in _POSTPOSED or point is points[-1]):
                # "2022 I came, 2023 I began": elsewhere a longer word behind the point says it.
                role = _said_behind(since, until, behind, 0 if base_language(language) in _POSTPOSED else LITTLE)
        said.append(replace(point, role=role))
        previous = point.stop
    if len(said) == 1 and said[0].role == "begin" and pattern("over_word", language, accents).search(plain):
        # "Free since November 2025"
        return [replace(said[0], role="end")]
    but = pattern("but", language, accents)
    for one, other in pairwise(said):
        if one.role == other.role == "begin" and but.search(plain[one.stop : other.start]):
            # "I came in 2021 but that job began in March 2023"
            said = [replace(p, role=None) if p is one else p for p in said]
    return said


#: Languages that say since and until behind the point (as well).
_POSTPOSED = frozenset({"tr", "zh", "de"})


def _said_before(since: re.Pattern[str], until: re.Pattern[str], text: str) -> str | None:
    """The nearer of the words for a beginning and an end before a point; None when there is neither."""
    starts, ends = (max((m.end() for m in words.finditer(text) if _is_near(m, text)), default=-1) for words in (since, until))
    return None if max(starts, ends) < 0 else "begin" if starts > ends else "end"


def _is_near(match: re.Match[str], text: str) -> bool:
    """Whether a word belongs to what follows the text: a little one ("to Barcelona in June") only right before it."""
    return len(match.group().strip()) > LITTLE or len(text) - match.end() <= LITTLE + 2 and not re.search(r"\w{3}", text[match.end() :])


def _said_behind(since: re.Pattern[str], until: re.Pattern[str], text: str, shortest: int = 0) -> str | None:
    starts, ends = (min((m.start() for m in words.finditer(text) if len(m.group()) > shortest), default=len(text)) for words in (since, until))
    return None if starts == ends else "begin" if starts < ends else "end"
