"""Dates as people say them: "March 2023", "il y a 8 mois", "jan 25", "since Ramadan", "from 3/23 to May last year".

A text is searched for points in time and lengths of time, each with its place; the words before them say which is a beginning and
which an end. What is no date is never made into one: a count of days, an hour of the day, a price.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, partial

from babel import Locale
from babel.localedata import locale_identifiers

from actions.readers.holidays import NAMES as HOLIDAYS
from actions.readers.holidays import holiday
from actions.readers.hours import weekdays
from actions.readers.lengths import Length, read_lengths, so_long_ago
from actions.readers.lexicon import ARABIC, ARABIC_PREFIX, entries, is_unspaced, keeps_accents, month_words, one_of, pattern, plain_form
from actions.readers.numbers import between, digits_for_words, spoken_number
from actions.readers.units import unit_pattern
from calculator.dates import DateRange, add_months, shift
from calculator.translation import base_language

EARLIEST_YEAR = 1950
LONGEST_TEXT = 2000
#: Years back, and months: a bare "22 years" is an age, not how long ago it was.
LONG_AGO, LONGEST_BARE = 20, 14 * 12
#: Two digits before the Chinese sign for year: so many years back they are a year, else a number of years.
RECENT_YEARS = 12
#: Languages whose grammar changes the endings of months, and short forms that are everyday words.
_INFLECTED = frozenset({"pl", "ru", "uk", "bg", "sq", "ro"})
#: Months whose name is an everyday word as well: they need a number or a word such as "in" beside them.
_WORD_TOO = {"ro": ("mai",)}
_NO_MONTHS = {"pl": ("sie", "lis"), "it": ("set",)}
_NEVER = re.compile(r"(?!)")
#: What before it makes a season another word: French "j'ai été".
_NO_SEASON = {"fr": re.compile(r"(?:ai|as|a|avons|avez|ont|avais|avait|avaient|aurais|aurait|avoir|pas|jamais|toujours|deja|bien)\s+$")}
#: Languages whose Easter is the Orthodox one.
_ORTHODOX = frozenset({"ru", "uk", "bg", "ro"})
#: Letters that grammar may add to a holiday's name (bayramından).
_HOLIDAY_ENDINGS = 6
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}


@dataclass(frozen=True, slots=True)
class Point:
    """A point in time in a text: where it stands, between which days it lies, whether its ends are vague, and which end of a span
    it is (`begin`, `end`, or neither)."""

    start: int
    stop: int
    when: DateRange
    vague: bool = False
    role: str | None = None
    #: A month that was said without its year.
    yearless: int | None = None
    #: The same in a year, of what was said without one.
    of_year: Callable[[int], DateRange | None] | None = field(default=None, compare=False)
    #: Told as a length of time before today.
    ago: bool = False


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
    found = _Finder(plain, language, today, accents, month_first).points()
    lengths = read_lengths(plain, language, accents, [(p.start, p.stop) for p in found])
    # "8 months ago" and "since 8 months" are points.
    for length in lengths:
        if length.ago:
            found.append(Point(length.start, length.stop, so_long_ago(length, today), vague=True, ago=True))
    found = sorted((p for p in _in_their_year(found) if p.when.earliest <= today), key=lambda p: p.start)
    found = _either(plain, _with_years(found, today), language, accents)
    found = [replace(p, when=DateRange(p.when.earliest, min(p.when.latest, today))) for p in found]
    still = max((len(m.group().split()) for m in pattern("still", language, accents).finditer(plain)), default=0)
    if still and is_unspaced(plain):
        still += 1
    return Times(plain, tuple(_with_roles(plain, found, language, accents)), tuple(ln for ln in lengths if not ln.ago), still)


def read_date(text: str, language: str, today: date, last: bool = False, month_first: bool = False) -> DateRange | None:
    """When something happened, never after `today`. None when the text holds no date.

    A bare length of time ("8 months", "منذ 8 أشهر") is taken as that long ago: the question was when. Of two points
    ("from January to March 2023") the beginning is taken, or the `last`.
    """
    times = read_times(text, language, today, month_first)
    wanted = times.of("end" if last else "begin")
    if wanted is not None:
        return None if _unclear(times, wanted) else wanted
    free = [p for p in times.points if p.role is None]
    # Beside a later day, one of long ago is a birth or a first memory.
    free = [p for p in free if p.when.latest.year > today.year - LONG_AGO] or free
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
    names = weekdays(language, keeps_accents(plain, language))
    said = {names[m.group()] for m in re.finditer(one_of(names), plain)}
    if len(said) != 1 or re.search(r"\d", plain) or len(plain.split()) > _MOST_BESIDE + 2:
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


@cache
def _months(language: str, accents: bool) -> dict[str, int]:
    """Month names with all regional variants of CLDR (Levantine and Maghrebi Arabic name them differently), and as they are typed."""
    code = base_language(language)
    names: dict[str, int] = {}
    for identifier in locale_identifiers():
        if identifier.split("_")[0] not in (code, "en") or (code != "en" and identifier.split("_")[0] == "en" and identifier != "en"):
            continue
        locale = Locale.parse(identifier)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    word = plain_form(str(name), accents).rstrip(".").strip()
                    english = identifier.split("_")[0] == "en" and code != "en"
                    if (len(word) >= 3 or is_unspaced(word)) and not word.isdigit() and not (english and len(word) < 5):
                        names.setdefault(word, int(number))
    if code == "zh":
        names |= {f"{number}月": number for number in range(1, 13)} | {f"{number}月份": number for number in range(1, 13)}
    if code == "vi":
        names = {name: number for name, number in names.items() if re.search(r"\d|[^\W\d_]{4}", name)}
        names |= {f"{word} {number}": number for number in range(1, 13) for word in (("tháng", "thg") if accents else ("thang", "thg", "t"))}
        names |= {f"t{number}": number for number in range(1, 13)}
    names |= month_words(language, accents)
    for word in _NO_MONTHS.get(code, ()):
        names.pop(word, None)
    return names


@cache
def _month_pattern(language: str, accents: bool) -> re.Pattern[str]:
    parts = []
    for name in sorted(_months(language, accents), key=lambda n: -len(n)):
        source = re.escape(name).replace(r"\ ", r"\s*")
        if is_unspaced(name):
            parts.append(rf"(?<!\d){source}")
            continue
        # A month's name whose ending may change with grammar (березень, у березні).
        if base_language(language) == "tr" and not name[-1].isdigit():
            source = rf"{re.escape(name)}(?:'?[a-zıü]{{1,5}})?" if len(name) >= 4 else re.escape(name)
        elif len(name) >= 5 and not name[-1].isdigit() and base_language(language) in _INFLECTED:
            source = rf"{re.escape(name[:-1])}\w{{0,3}}"
        if ARABIC.match(name):
            source = ARABIC_PREFIX + source
        parts.append(rf"(?<![^\W\d_]){source}(?![^\W\d_])(?!\d)" if name[-1].isdigit() else rf"(?<![^\W\d_]){source}(?![^\W\d_])")
    return re.compile("|".join(parts)) if parts else re.compile(r"(?!)")


_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(1[0-2]|0?[1-9])(?:\s*[-/.月]\s*(3[01]|[12]\d|0?[1-9])[日号]?(?!\d)|月份?)?(?!\d)")
_NUMERIC = re.compile(r"(?<![\d.,/-])(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?((?:19|20)\d\d|\d\d)(?![\d])")
#: Little words before a year, in any of the languages.
_IN = "in|im|nel|nell|en|em|w|we|v|в|у|през|in|ne|op|till|to|al|au"
_DAY_MONTH = re.compile(r"(?<![\d.,/-])(\d{1,2})[./](\d{1,2})(?![\d./-])")
_MONTH_YEAR = re.compile(r"(?<![\d.,/-])(0?[1-9]|1[0-2])\s?[./-]\s?((?:19|20)\d\d)(?!\d)")
_MONTH_SHORT_YEAR = re.compile(r"(?<![\d.,/:-])(0[1-9]|1[0-2])\s?[./]\s?(\d\d)(?![\d.,/:%])")
_YEAR = re.compile(r"(?<![\d.,])((?:19|20)\d\d)(?![\d%])(?!\s?[€$£])")
_APOSTROPHE_YEAR = re.compile(r"(?<![\w])'(\d\d)(?!\d)")
_ORDINAL = r"(?:st|nd|rd|th|er|re|º|ª|\.|го|ого|号|日)?"
_YEAR_AFTER = re.compile(
    r"[\s,./'-]*(?:de[l]?\s+|di\s+|of\s+|van\s+|в\s+|năm\s*|nam\s*|عام\s*|سنه\s*|viti\s+|vitit\s+|roku\s+|anno\s+)?(?:[^\W\d_]?'\s?)?((?:19|20)\d\d|\d\d)(?![\d:]|\s?[€$£%])"
)
_DAY_BEFORE = re.compile(rf"(?<![\d.,:])(\d{{1,2}}){_ORDINAL}\s*(?:del?\s+|d\s+|di\s+|of\s+|ngày\s+|من\s+|)?$")
_YEAR_BEFORE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?(?:年|'|,)?\s*(?:[^\W\d_]{1,3}\s+)?$")


class _Finder:
    """Looks for points in time; what one reading has taken, a later one leaves alone."""

    def __init__(self, plain: str, language: str, today: date, accents: bool, month_first: bool) -> None:
        self.plain, self.language, self.today, self.accents, self.month_first = plain, language, today, accents, month_first
        self._found: list[Point] = []

    def points(self) -> list[Point]:
        for reading in (
            self._iso,
            self._numeric,
            self._named_months,
            self._months_in_digits,
            self._seasons,
            self._holidays,
            self._relative,
            self._years,
        ):
            reading()
        return self._found

    def _add(
        self,
        start: int,
        stop: int,
        when: DateRange | None,
        vague: bool = False,
        yearless: int | None = None,
        of_year: Callable[[int], DateRange | None] | None = None,
    ) -> None:
        if when is None or when.earliest.year < EARLIEST_YEAR or self._taken(start, stop):
            return
        self._found.append(Point(start, stop, when, vague, yearless=yearless, of_year=of_year))

    def _taken(self, start: int, stop: int) -> bool:
        return any(p.start < stop and start < p.stop for p in self._found)

    def _iso(self) -> None:
        for match in re.finditer(r"(?<!\d)(\d\d)年(?:\s*(1[0-2]|0?[1-9])月(?:份)?(?:\s*(3[01]|[12]\d|0?[1-9])[日号])?)?", self.plain):
            year, month, day = match.groups()
            whole = _century(int(year), self.today)
            named = "|".join(pattern(key, self.language, self.accents).pattern for key in (*_SEASONS, *HOLIDAYS) if key != "orthodox_easter")
            recent = self.today.year % 100 - RECENT_YEARS <= int(year) <= self.today.year % 100
            counted = re.match(r"\s*(?:了|前|以前|之前|多|半|来一直)", self.plain[match.end() :])
            if month is None and (counted or not recent) and not re.match(rf"(?:开始|来|底|初|中|到|{named})", self.plain[match.end() :]):
                continue
            when = _span(whole, int(month), int(day) if day else None) if month else DateRange(date(whole, 1, 1), date(whole, 12, 31))
            self._add(*match.span(), when)
        for match in _ISO.finditer(self.plain):
            year, month, day = match.groups()
            self._add(*match.span(), _span(int(year), int(month), int(day) if day else None))

    def _numeric(self) -> None:
        for match in _NUMERIC.finditer(self.plain):
            first, second, year = (int(part) for part in match.groups())
            day, month = (second, first) if (self.month_first and first <= 12) or second > 12 >= first else (first, second)
            if 1 <= month <= 12 and day >= 1:
                self._add(*match.span(), _span(_century(year, self.today), month, day))

    def _months_in_digits(self) -> None:
        for match in _DAY_MONTH.finditer(self.plain):
            named = self._relative_year(*match.span())
            first, second = int(match[1]), int(match[2])
            day, month = (second, first) if self.month_first else (first, second)
            if named is not None and 1 <= month <= 12:
                self._add(named[1], named[2], _span(named[0], month, day))
        for match in _MONTH_YEAR.finditer(self.plain):
            self._add(*match.span(), _span(int(match[2]), int(match[1]), None))
        for match in _MONTH_SHORT_YEAR.finditer(self.plain):
            self._add(*match.span(), _span(_century(int(match[2]), self.today), int(match[1]), None))

    def _named_months(self) -> None:
        names = _months(self.language, self.accents)
        for match in _month_pattern(self.language, self.accents).finditer(self.plain):
            word = match.group()
            month = names.get(word) or (ARABIC.match(word) and names.get(re.sub(f"^{ARABIC_PREFIX}", "", word))) or _by_stem(names, word)
            if month is not None and not self._is_other_word(word, match):
                self._month(match.start(), match.end(), month)

    def _is_other_word(self, word: str, match: re.Match[str]) -> bool:
        """Whether a month's name stands for another word: Romanian "mai" is also "still, more"."""
        if word not in _WORD_TOO.get(base_language(self.language), ()):
            return False
        before, after = self.plain[: match.start()], self.plain[match.end() :]
        beside = re.search(r"(?:\d|\b(?:in|din|prin|pana|pe|de la|luna|lunii|lui|si|sau|la|-))\s*$", before) or re.match(
            r"\s*(?:'?\d|anul|trecut|-)", after
        )
        return bool((before + after).strip(" .,!?")) and not beside

    def _month(self, start: int, stop: int, month: int) -> None:
        before, after = self.plain[:start], self.plain[stop:]
        day_match = _DAY_BEFORE.search(before)
        day = int(day_match[1]) if day_match and 1 <= int(day_match[1]) <= 31 else None
        if day is None and (said := re.search(r"([^\W\d_]+)\s+(?:(?:of|de|di|d|من)\s+)?$", before)):
            # "The first of September": little number words stay words.
            first = said[1] in entries("first_day", self.language, self.accents)
            day = 1 if first else spoken_number(said[1], self.language, self.accents)
            day_match, day = (said, day) if day is not None and 1 <= day <= 31 else (None, None)
        year_match = _YEAR_AFTER.match(after)
        year: int | None = None
        if base_language(self.language) in _YEAR_FIRST and _YEAR_BEFORE.search(before):
            # 2022 ekimden 2024 nisana: each month has the year before it.
            pass
        elif year_match and self._is_year(year_match):
            year = _century(int(year_match[1]), self.today)
            stop += year_match.end()
        else:
            day_after = re.match(rf"\s*(?:ngày\s+|ngay\s+|ditë\s+)?(\d{{1,2}}){_ORDINAL}(?![\d:])(?:[\s,]+((?:19|20)\d\d)(?!\d))?", after)
            if day_after and 1 <= int(day_after[1]) <= 31 and day is None and not self._counts_units(after[day_after.end() :]):
                day, stop = int(day_after[1]), stop + day_after.end()
                year = int(day_after[2]) if day_after[2] else None
        earlier = _YEAR_BEFORE.search(before)
        if year is None and earlier and not self._taken(earlier.start(), earlier.start() + 4):
            year, start, day = int(earlier[1]), earlier.start(), None
        elif day is not None and day_match:
            start = day_match.start()
        if year is None:
            named = self._relative_year(start, stop)
            if named is not None:
                year, start, stop = named
        stop = self._skip_year_word(stop)
        if year is not None:
            self._part_of(start, stop, _span(year, month, day) or _span(year, month, None), exact=day is not None)
            return
        # The latest such month (or day) that has begun.
        year = self.today.year if (month, day or 1) <= (self.today.month, self.today.day) else self.today.year - 1
        when = _span(year, month, day) or _span(year, month, None)
        self._add(start, stop, when, vague=True, yearless=month if day is None else None, of_year=lambda year: _span(year, month, day))

    def _is_year(self, match: re.Match[str]) -> bool:
        """Whether the number behind a month is its year: four digits, an apostrophe, or two digits that are no count of something."""
        said = match[1]
        if len(said) == 4 or "'" in match.group():
            return True
        rest = match.string[match.end() :]
        if re.match(r"\s*(?:st|nd|rd|th|er|º)(?![^\W\d_])|\s*,?\s*(?:19|20)\d\d", rest) or self._counts_units(rest):
            return False
        return self._is_year_number(said, rest) and not re.match(r"\s*[日号]", rest)

    def _is_year_number(self, said: str, rest: str) -> bool:
        return 10 <= int(said) <= self.today.year % 100 and not self._counts_units(rest)

    def _counts_units(self, rest: str) -> bool:
        units = "|".join(unit_pattern(self.language, unit, self.accents).pattern for unit in ("hour", "day", "week", "month"))
        return bool(re.match(rf"\s*(?:{units})", rest))

    def _skip_year_word(self, stop: int) -> int:
        match = re.match(rf"\s*(?:{unit_pattern(self.language, 'year', self.accents).pattern})", self.plain[stop:])
        return stop + match.end() if match and re.search(r"\d\s*$", self.plain[:stop]) else stop

    def _relative_year(self, start: int, stop: int) -> tuple[int, int, int] | None:
        """A year said beside a month or season: last year, this year, 2024, two years ago; with the place they take together."""
        for key, back in (("year_before_last", 2), ("last_year", 1), ("this_year", 0)):
            words = pattern(key, self.language, self.accents)
            after = re.match(rf"[\s,]*(?:\w{{1,4}}\s+)?(?:{words.pattern})", self.plain[stop:])
            if after:
                return self.today.year - back, start, stop + after.end()
            before = re.search(rf"(?:{words.pattern})[\s,]*(?:\w{{1,4}}\s+)?$", self.plain[:start])
            if before:
                return self.today.year - back, before.start(), stop
        ago, year = pattern("ago", self.language, self.accents).pattern, unit_pattern(self.language, "year", self.accents).pattern
        counted = re.match(rf"[\s,]*(?:(?:{ago})\s*)?(\d{{1,2}})\s*(?:{year})(?:\s*(?:{ago}))?", self.plain[stop:])
        if counted and re.search(ago, counted.group()):
            return self.today.year - int(counted[1]), start, stop + counted.end()
        return None

    def _part_of(self, start: int, stop: int, when: DateRange | None, exact: bool = False) -> None:
        """The beginning, middle or end of a month or year where that is said before it."""
        if when is None or exact:
            self._add(start, stop, when)
            return
        for key, part in (("first_part", 0), ("middle_part", 1), ("last_part", 2)):
            words = pattern(key, self.language, self.accents).pattern
            before = re.search(rf"(?:{words})[\s,]*(?:[^\W\d_]{{1,4}}\s+){{0,2}}$", self.plain[:start])
            behind = (
                re.match(rf"[\s,]*(?:{words})", self.plain[stop:])
                if is_unspaced(self.plain[start:stop] + self.plain[stop : stop + 2]) or base_language(self.language) == "tr"
                else None
            )
            if before or behind:
                days = (when.latest - when.earliest).days + 1
                third = days // 3
                first = when.earliest + timedelta(days=third * part)
                last = when.latest if part == 2 else first + timedelta(days=third - 1)
                self._add(before.start() if before else start, stop + (behind.end() if behind else 0), DateRange(first, last), vague=True)
                return
        self._add(start, stop, when)

    def _seasons(self) -> None:
        for name, first in _SEASONS.items():
            for match in pattern(name, self.language, self.accents).finditer(self.plain):
                start, stop = match.span()
                if _NO_SEASON.get(base_language(self.language), _NEVER).search(self.plain[:start]):
                    continue
                year, start, stop = self._year_beside(start, stop)
                if year is None:
                    begin = date(self.today.year, first, 1)
                    begin = begin if begin <= self.today else date(self.today.year - 1, first, 1)
                    self._add(
                        start, stop, DateRange(begin, shift(begin, months=3, days=-1)), vague=True, of_year=partial(_season, first, self.today)
                    )
                    continue
                elif first == 12:
                    # The winter of a year is the one it begins with or the one it ends with.
                    when = DateRange(date(year - 1, 12, 1), shift(date(year, 12, 1), months=3, days=-1))
                else:
                    when = DateRange(date(year, first, 1), shift(date(year, first, 1), months=3, days=-1))
                self._part_of(start, stop, when)

    def _year_beside(self, start: int, stop: int) -> tuple[int | None, int, int]:
        after = re.match(
            r"[\s,./-]*(?:[^\W\d_]{1,4}\s+){0,2}'?((?:19|20)\d\d|(?<=')\d\d|(?<=del )\d\d|(?<=de )\d\d)(?!\d)"
            r"|\s+(?:[^\W\d_]{1,4}\s+)?(\d\d)(?![\d:.,]|\s?[€$£%])",
            self.plain[stop:],
        )
        if after and (after[1] or self._is_year_number(after[2], self.plain[stop + after.end() :])):
            return _century(int(after[1] or after[2]), self.today), start, self._skip_year_word(stop + after.end())
        before = re.search(r"((?:19|20)\d\d)\s?(?:年|,)?\s*(?:[^\W\d_]{1,6}\s+)?$", self.plain[:start])
        if before:
            return int(before[1]), before.start(), stop
        named = self._relative_year(start, stop)
        return named if named is not None else (None, start, stop)

    def _holidays(self) -> None:
        for name in HOLIDAYS:
            listed = "easter" if name == "orthodox_easter" else name
            if (name == "easter" and base_language(self.language) in _ORTHODOX) or (
                name == "orthodox_easter" and base_language(self.language) not in _ORTHODOX
            ):
                continue
            for match in pattern(listed, self.language, self.accents, _HOLIDAY_ENDINGS).finditer(self.plain):
                start, stop = match.span()
                year, start, stop = self._year_beside(start, stop)
                if year is None:
                    when = holiday(name, self.today.year)
                    if when is None or when.earliest > self.today:
                        when = holiday(name, self.today.year - 1)
                else:
                    when = holiday(name, year)
                self._add(start, stop, when, vague=True, of_year=partial(holiday, name) if year is None else None)

    def _relative(self) -> None:
        today = self.today
        month = add_months(today.replace(day=1), -1)
        week = today - timedelta(days=today.weekday() + 7)
        named = {
            "day_before_yesterday": DateRange(today - timedelta(days=2), today - timedelta(days=2)),
            "yesterday": DateRange(today - timedelta(days=1), today - timedelta(days=1)),
            "today": DateRange(today, today),
            "last_week": DateRange(week, week + timedelta(days=6)),
            "last_month": _span(month.year, month.month, None),
            "this_month": DateRange(today.replace(day=1), today),
            "year_before_last": DateRange(date(today.year - 2, 1, 1), date(today.year - 2, 12, 31)),
            "last_year": DateRange(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
            "this_year": DateRange(date(today.year, 1, 1), today),
        }
        for key, when in named.items():
            for match in pattern(key, self.language, self.accents).finditer(self.plain):
                if re.search(r"\d\s*$", self.plain[: match.start()]):
                    # "2 weeks ago" in languages that say "last week" with the same word.
                    continue
                if when is not None and key.endswith("year") or key == "year_before_last":
                    self._part_of(*match.span(), when)
                else:
                    self._add(*match.span(), when)

    def _years(self) -> None:
        for match in _YEAR.finditer(self.plain):
            year = int(match[1])
            if year <= self.today.year:
                self._part_of(match.start(), self._skip_year_word(match.end()), DateRange(date(year, 1, 1), date(year, 12, 31)))
        last, first = (pattern(key, self.language, self.accents).pattern for key in ("last_part", "first_part"))
        for match in re.finditer(rf"(?:{last}|{first})\s*(?:[^\W\d_]{{1,4}}\s+)?(\d\d)(?![\d:.,/]|\s?[€$£%]|\s*[^\W\d_])", self.plain):
            year = _century(int(match[1]), self.today)
            self._part_of(match.start(1), match.end(), DateRange(date(year, 1, 1), date(year, 12, 31)))
        if any(p.when.earliest.year == p.when.latest.year for p in self._found):
            # From 2019 ... to 21: after one year written in full, two digits behind a little word are another.
            for match in re.finditer(rf"(?:^|[\s'])(?:{_IN})\s(\d\d)(?![\d:.,/]|\s?[€$£%])", self.plain):
                if self._is_year_number(match[1], self.plain[match.end() :]):
                    year = _century(int(match[1]), self.today)
                    self._add(match.start(1), match.end(1), DateRange(date(year, 1, 1), date(year, 12, 31)))
        for match in _APOSTROPHE_YEAR.finditer(self.plain):
            year = _century(int(match[1]), self.today)
            self._add(*match.span(), DateRange(date(year, 1, 1), date(year, 12, 31)))


def _season(first: int, today: date, year: int) -> DateRange | None:
    begin = date(year, first, 1)
    return DateRange(begin, shift(begin, months=3, days=-1)) if begin <= today else None


def _by_stem(names: dict[str, int], word: str) -> int | None:
    stems = [(len(name), number) for name, number in names.items() if word.startswith(name) or len(name) >= 5 and word.startswith(name[:-1])]
    return max(stems)[1] if stems else None


def _century(year: int, today: date) -> int:
    """24 -> 2024, 98 -> 1998."""
    if year >= 100:
        return year
    return 2000 + year if 2000 + year <= today.year else 1900 + year


def _span(year: int, month: int, day: int | None) -> DateRange | None:
    last = calendar.monthrange(year, month)[1]
    if day is None:
        return DateRange(date(year, month, 1), date(year, month, last))
    return DateRange(date(year, month, day), date(year, month, day)) if 1 <= day <= last else None


def _in_their_year(points: list[Point]) -> list[Point]:
    """A holiday, season or month that was said without its year, in a text whose only other point is a year: it is of that year."""
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


def _with_years(points: list[Point], today: date) -> list[Point]:
    """ "January to September 2023": a month without a year takes that of the month behind it."""
    found = list(points)
    for at in range(len(found) - 2, -1, -1):
        month, after = found[at].yearless, found[at + 1]
        if month is None or after.yearless is not None or (after.when.latest - after.when.earliest).days > 366:
            continue
        year = after.when.earliest.year if month <= after.when.earliest.month else after.when.earliest.year - 1
        when = _span(year, month, None)
        if when is not None and when.earliest <= today:
            found[at] = replace(found[at], when=when, vague=False, yearless=None)
    for at in range(1, len(found)):
        # "From March 2024 to October": the first October after it.
        month, before = found[at].yearless, found[at - 1]
        if month is None or before.yearless is not None or found[at].start - before.stop > _GAP or not _same_size(before.when, found[at].when):
            continue
        year = before.when.earliest.year + (month < before.when.earliest.month)
        when = _span(year, month, None)
        if when is not None and when.earliest <= today:
            found[at] = replace(found[at], when=when, vague=False, yearless=None)
    return found


#: Letters of a little word, such as to, from, bis.
LITTLE = 4
#: "March or April": months or years as near as this to each other are one time that is not known better.
_NEXT_TO = 2


def _either(plain: str, points: list[Point], language: str, accents: bool) -> list[Point]:
    """Two times next to each other of which one is meant ("March or April 2024", "between March and April") are one, from the first day to
    the last. "From March to April" stays a beginning and an end."""
    either = pattern("or_word", language, accents).pattern
    joint = re.compile(rf"\s*,?\s*(?:(?P<either>{either})|[-/–]|{between(language, accents)})\s*(?:\S{{1,3}}\s+)?")
    since = pattern("since", language, accents)
    kept: list[Point] = []
    for point in points:
        before = kept[-1] if kept else None
        joined = joint.fullmatch(plain[before.stop : point.start]) if before is not None else None
        if before is not None and joined and _same_size(before.when, point.when):
            apart = (point.when.earliest - before.when.latest).days
            lead = plain[max(0, before.start - _GAP) : before.start]
            # With a word such as "from", or each with its own year, it is a span, unless "or" stands between.
            spanned = any(_is_near(m, lead) for m in since.finditer(lead)) or re.search(r"\d{4}", plain[before.start : before.stop])
            if 0 < apart <= _NEXT_TO and (joined["either"] or not spanned):
                when = DateRange(before.when.earliest, point.when.latest)
                kept[-1] = replace(before, stop=point.stop, when=when, vague=True, yearless=None, of_year=None)
                continue
        kept.append(point)
    return kept


def _same_size(one: DateRange, other: DateRange) -> bool:
    """Whether both are a month, or both a year."""
    days = [(span.latest - span.earliest).days for span in (one, other)]
    return all(27 <= d <= 31 for d in days) or all(d >= 364 for d in days)


#: Characters before a point in which a word says whether it is a beginning or an end.
_GAP = 22


def _with_roles(plain: str, points: list[Point], language: str, accents: bool) -> list[Point]:
    """Which point is a beginning and which an end, by the words before it and by what joins two points."""
    since, until = pattern("since", language, accents), pattern("until", language, accents)
    joint = re.compile(rf"\s*(?:{between(language, accents)}|{until.pattern})\s*(?:\S{{1,5}}\s+){{0,2}}$")
    said: list[Point] = []
    previous = 0
    for point in points:
        before = plain[max(previous, point.start - _GAP) : point.start]
        role = None
        if (
            said
            and (said[-1].role != "end" or base_language(language) in _YEAR_FIRST)
            and len(plain[said[-1].stop : point.start]) <= 14
            and joint.fullmatch(plain[said[-1].stop : point.start])
        ):
            said[-1] = replace(said[-1], role="begin")
            role = "end"
        else:
            following = next((p.start for p in points if p.start > point.start), len(plain))
            behind = plain[point.stop - 4 : min(following, point.stop + _GAP)]
            if base_language(language) in _YEAR_FIRST:
                # What stands before belongs to the point before it.
                role = _said_behind(since, until, behind) or (None if said else _said_before(since, until, before))
            else:
                role = _said_before(since, until, before)
            if role is None and (base_language(language) in _POSTPOSED or point is points[-1]):
                # "2022 I came, 2023 I began": elsewhere a longer word behind the point says it.
                role = _said_behind(since, until, behind, 0 if base_language(language) in _POSTPOSED else LITTLE)
        said.append(replace(point, role=role))
        previous = point.stop
    return said


#: Languages that say the year before the month, and since and until behind both.
_YEAR_FIRST = frozenset({"tr", "zh"})
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
