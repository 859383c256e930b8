"""Points in time in a text in plain form: days, months, years, seasons, holidays, "last week"; each with its place."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial

from actions.readers.digit_days import DigitDays
from actions.readers.holidays import NAMES as HOLIDAYS
from actions.readers.holidays import holiday
from actions.readers.lexicon import entries, is_unspaced, mapping, pattern
from actions.readers.months import month_of, month_pattern
from actions.readers.near_days import near_days
from actions.readers.number_words import spoken_number
from actions.readers.numbers import between
from actions.readers.point import SEASONS, YEAR_FIRST, Point, century, month_or_day
from actions.readers.units import unit_pattern
from calculator.dates import DateRange, add_months, shift
from calculator.translation import base_language

#: Months whose name is an everyday word as well: they need a number or a word such as "in" beside them.
_WORD_TOO = {"ro": ("mai",)}
_NEVER = re.compile(r"(?!)")
#: What before it makes a season another word: French "j'ai été".
_NO_SEASON = {"fr": re.compile(r"(?:ai|as|a|avons|avez|ont|avais|avait|avaient|aurais|aurait|avoir|pas|jamais|toujours|deja|bien)\s+$")}
#: Parts of a month or year by their lists, as (which, of how many): halves first, since "the first half of" begins like "the first".
PARTS = {"first_half_year": (0, 2), "second_half_year": (1, 2), "first_part": (0, 3), "middle_part": (1, 3), "last_part": (2, 3)}
#: Languages whose Easter is the Orthodox one.
_ORTHODOX = frozenset({"ru", "uk", "bg", "ro"})
#: Letters that grammar may add to a holiday's name (bayramından).
_HOLIDAY_ENDINGS = 6


def find_points(plain: str, language: str, today: date, accents: bool, month_first: bool) -> list[Point]:
    """Points in time in a text in plain form with digits, none overlapping; `month_first`: 3/4 is the fourth of March."""
    return _Finder(plain, language, today, accents, month_first).points()


#: Little words before a year, in any of the languages.
_IN = "in|im|nel|nell|en|em|w|we|v|в|у|през|in|ne|op|till|to|al|au"
_YEAR = re.compile(r"(?<![\d.,])((?:19|20)\d\d)(?![\d%])(?!\s?[€$£])")
_APOSTROPHE_YEAR = re.compile(r"(?<![\w])'(\d\d)(?!\d)")
_ORDINAL = r"(?:st|nd|rd|th|er|re|º|ª|\.|го|ого|号|日)?"
_YEAR_AFTER = re.compile(
    r"[\s,./'-]*(?:de[l]?\s+|di\s+|of\s+|van\s+|в\s+|năm\s*|nam\s*|عام\s*|سنه\s*|viti\s+|vitit\s+|roku\s+|anno\s+)?(?:[^\W\d_]?'\s?)?((?:19|20)\d\d|\d\d)(?![\d:]|\s?[€$£%])"
)
_DAY_BEFORE = re.compile(rf"(?<![\d.,:])(\d{{1,2}}){_ORDINAL}\s*(?:del?\s+|d\s+|di\s+|of\s+|ngày\s+|من\s+|)?$")
_YEAR_BEFORE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?(?:年|'|,)?\s*(?:[^\W\d_]{1,3}\s+)?$")


class _Finder(DigitDays):
    """Finds points in time that are named, after those in digits."""

    def points(self) -> list[Point]:
        for reading in (
            self._iso,
            self._numeric,
            self._named_months,
            self._months_in_digits,
            self._seasons,
            self._holidays,
            self._near_days,
            self._relative,
            self._years,
        ):
            reading()
        return self._found

    def _named_months(self) -> None:
        for match in month_pattern(self.language, self.accents).finditer(self.plain):
            word = match.group()
            month = month_of(word, self.language, self.accents)
            if month is not None and not self._is_other_word(word, match):
                self._month(match.start(), match.end(), month)

    def _is_other_word(self, word: str, match: re.Match[str]) -> bool:
        """Whether a month's name stands for another word: Romanian "mai" is also "still, more"."""
        if base_language(self.language) == "bg" and word == "маи":
            # "Май февруари": perhaps February.
            return month_pattern(self.language, self.accents).match(self.plain[match.end() :].lstrip()) is not None
        if word not in _WORD_TOO.get(base_language(self.language), ()):
            return False
        before, after = self.plain[: match.start()], self.plain[match.end() :]
        beside = re.search(r"(?:\d|\b(?:in|din|prin|pana|pe|de la|luna|lunii|lui|si|sau|la|intre|dintre|-))\s*$", before) or re.match(
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
            ordinal = mapping("ordinals", self.language, self.accents).get(said[1])
            day = 1 if first else ordinal or spoken_number(said[1], self.language, self.accents)
            day_match, day = (said, day) if day is not None and 1 <= day <= 31 else (None, None)
        year_match = _YEAR_AFTER.match(after)
        year: int | None = None
        year_first = _YEAR_BEFORE.search(before) if base_language(self.language) in YEAR_FIRST else None
        if year_first and not self._taken(year_first.start(), year_first.start() + 4):
            # 2022 ekimden 2024 nisana: each month has the year before it.
            pass
        elif year_match and self._is_year(year_match):
            year = century(int(year_match[1]), self.today)
            stop += year_match.end()
        else:
            day_after = re.match(rf"\s*(?:ngày\s+|ngay\s+|ditë\s+)?(\d{{1,2}}){_ORDINAL}(?![\d:])(?:[\s,]+((?:19|20)\d\d)(?!\d))?", after)
            if day_after and 1 <= int(day_after[1]) <= 31 and day is None and not self._counts_units(after[day_after.end() :], "year"):
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
            self._part_of(start, stop, month_or_day(year, month, day) or month_or_day(year, month, None), exact=day is not None)
            return
        # The latest such month (or day) that has begun.
        year = self.today.year if (month, day or 1) <= (self.today.month, self.today.day) else self.today.year - 1
        when = month_or_day(year, month, day) or month_or_day(year, month, None)
        if day is None and when is not None and (part := self._part(start, stop)) is not None:
            # "The beginning of October": a third of it, in whatever year.
            start, stop, share = part
            self._add(start, stop, _share(when, share), vague=True, of_year=lambda year: _share(month_or_day(year, month, None), share))
            return
        self._add(start, stop, when, vague=True, yearless=month if day is None else None, of_year=lambda year: month_or_day(year, month, day))

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

    def _counts_units(self, rest: str, *more: str) -> bool:
        units = "|".join(unit_pattern(self.language, unit, self.accents).pattern for unit in ("hour", "day", "week", "month", *more))
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
        told = re.search(rf"(?<![\d.,:/])(\d{{1,2}})\s*(?:{year})\s*(?:{ago})[\s,]*(?:[^\W\d_]{{1,4}}\s+)?$", self.plain[:start])
        if told:
            return self.today.year - int(told[1]), told.start(), stop
        return None

    def _part_of(self, start: int, stop: int, when: DateRange | None, exact: bool = False) -> None:
        """The beginning, middle or end of a month or year where that is said before it."""
        if when is None or exact:
            self._add(start, stop, when)
            return
        if (part := self._part(start, stop)) is not None:
            start, stop, share = part
            self._add(start, stop, _share(when, share), vague=True)
            return
        self._add(start, stop, when)

    def _part(self, start: int, stop: int) -> tuple[int, int, tuple[int, int]] | None:
        """Which part of what stands there is meant (a value of PARTS), and the place that both take; None where none is said."""
        for key, part in PARTS.items():
            words = pattern(key, self.language, self.accents).pattern
            before = re.search(rf"(?:{words})[\s,]*(?:[^\W\d_]{{1,4}}\s+){{0,2}}$", self.plain[:start])
            if base_language(self.language) == "tr":
                # It stands behind what it is a part of.
                before = None
            behind = (
                re.match(rf"(?:'?[yn]?[iu]n)?[\s,]*(?:en\s+)?(?:{words})", self.plain[stop:])
                if is_unspaced(self.plain[start:stop] + self.plain[stop : stop + 2]) or base_language(self.language) == "tr"
                else None
            )
            if key == "middle_part" and before and self._is_between(before.group(), stop):
                continue
            if before or behind:
                return before.start() if before else start, stop + (behind.end() if behind else 0), part
        return None

    def _is_between(self, words: str, stop: int) -> bool:
        """Whether a word for the middle also says between, and a second end follows: giữa tháng 5 và tháng 7."""
        among = pattern("between_word", self.language, self.accents)
        return bool(among.search(words) and re.match(rf"\s*{between(self.language, self.accents)}\s", self.plain[stop:]))

    def _seasons(self) -> None:
        for name, first in SEASONS.items():
            for match in pattern(name, self.language, self.accents).finditer(self.plain):
                start, stop = match.span()
                if _NO_SEASON.get(base_language(self.language), _NEVER).search(self.plain[:start]):
                    continue
                if (counted := self._seasons_ago(start, stop)) is not None:
                    ago, start, stop = counted
                    # "Two summers ago" counts this year's, or does not.
                    first_one = _season(first, self.today, self.today.year - ago)
                    latest = _season(first, self.today, self.today.year - ago + 1) or first_one
                    if first_one is not None and latest is not None:
                        self._add(start, stop, DateRange(first_one.earliest, latest.latest), vague=True)
                    continue
                if first == 12 and (both := re.match(r"\s*(?:[^\W\d_]{1,4}\s+)?(20\d\d|\d\d)\s*[/-]\s*(20\d\d|\d\d)(?!\d)", self.plain[stop:])):
                    # "Winter 2024/25"
                    of = century(int(both[1]), self.today)
                    if century(int(both[2]), self.today) == of + 1:
                        self._add(start, stop + both.end(), _season(first, self.today, of))
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

    def _seasons_ago(self, start: int, stop: int) -> tuple[int, int, int] | None:
        """How many summers ago, and the place that takes: "2 summers ago", "vor zwei Sommern"."""
        ago = pattern("ago", self.language, self.accents).pattern
        count = re.search(r"(?<![\d.,:/])([2-9])\s*(?:mùa\s*|个\s*)?$", self.plain[:start])
        if count is None:
            return None
        behind = re.match(rf"[^\W\d_]{{0,4}}\s*(?:{ago})", self.plain[stop:])
        before = re.search(rf"(?:{ago})\s*$", self.plain[: count.start()])
        if behind is None and before is None:
            return None
        return int(count[1]), before.start() if before else count.start(), stop + (behind.end() if behind else 0)

    def _year_beside(self, start: int, stop: int) -> tuple[int | None, int, int]:
        after = re.match(
            r"[\s,./-]*(?:[^\W\d_]{1,4}\s+){0,2}'?((?:19|20)\d\d|(?<=')\d\d|(?<=del )\d\d|(?<=de )\d\d)(?!\d)"
            r"|\s+(?:[^\W\d_]{1,4}\s+)?(\d\d)(?!\d|[:.,]\d|\s?[€$£%])",
            self.plain[stop:],
        )
        if after and (after[1] or self._is_year_number(after[2], self.plain[stop + after.end() :])):
            return century(int(after[1] or after[2]), self.today), start, self._skip_year_word(stop + after.end())
        before = re.search(r"((?:19|20)\d\d)\s?(?:年|,)?\s*(?:[^\W\d_]{1,6}\s+)?$", self.plain[:start])
        if before:
            return int(before[1]), before.start(), stop
        short = re.search(r"(?<![\d.,:/])(\d\d)'?\s$", self.plain[:start]) if base_language(self.language) in YEAR_FIRST else None
        if short and self._is_year_number(short[1], ""):
            return century(int(short[1]), self.today), short.start(), stop
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

    def _near_days(self) -> None:
        """A day of this or the last month, a weekday of the last week."""
        for start, stop, day in near_days(self.plain, self.language, self.accents, self.today):
            self._add(start, stop, DateRange(day, day))

    def _relative(self) -> None:
        today = self.today
        month = add_months(today.replace(day=1), -1)
        week = today - timedelta(days=today.weekday() + 7)
        named = {
            "day_before_yesterday": DateRange(today - timedelta(days=2), today - timedelta(days=2)),
            "yesterday": DateRange(today - timedelta(days=1), today - timedelta(days=1)),
            "today": DateRange(today, today),
            "last_week": DateRange(week, week + timedelta(days=6)),
            "last_month": month_or_day(month.year, month.month, None),
            "this_month": DateRange(today.replace(day=1), today),
            "year_before_last": DateRange(date(today.year - 2, 1, 1), date(today.year - 2, 12, 31)),
            "last_year": DateRange(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
            "this_year": DateRange(date(today.year, 1, 1), today),
        }
        counts = "|".join(pattern(key, self.language, self.accents).pattern for key in ("few", "several", "couple", "half"))
        year, ago = unit_pattern(self.language, "year", self.accents).pattern, pattern("ago", self.language, self.accents).pattern
        one_ago = re.compile(rf"(?:{year})\s*(?:{ago})|(?:{ago})\s*(?:{year})")
        few = re.compile(rf"(?:{counts})\s*$")
        for key, when in named.items():
            for match in pattern(key, self.language, self.accents).finditer(self.plain):
                if key == "last_year" and one_ago.fullmatch(match.group()):
                    # "A year ago" is a length.
                    continue
                if re.search(r"\d\s*$", self.plain[: match.start()]) or few.search(self.plain[: match.start()]):
                    # "2 weeks ago", "some months ago" in languages that say "last week" with the same word.
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
            year = century(int(match[1]), self.today)
            self._part_of(match.start(1), match.end(), DateRange(date(year, 1, 1), date(year, 12, 31)))
        if any(p.when.earliest.year == p.when.latest.year for p in self._found):
            # From 2019 ... to 21: after one year written in full, two digits behind a little word are another.
            for match in re.finditer(rf"(?:^|[\s'])(?:{_IN})\s(\d\d)(?![\d:.,/]|\s?[€$£%])", self.plain):
                if base_language(self.language) != "vi" and self._is_year_number(match[1], self.plain[match.end() :]):
                    year = century(int(match[1]), self.today)
                    self._add(match.start(1), match.end(1), DateRange(date(year, 1, 1), date(year, 12, 31)))
        for match in _APOSTROPHE_YEAR.finditer(self.plain):
            year = century(int(match[1]), self.today)
            self._add(*match.span(), DateRange(date(year, 1, 1), date(year, 12, 31)))


def _share(when: DateRange | None, part: tuple[int, int]) -> DateRange | None:
    """A third or a half of a month or year, by its days; half a year ends with June."""
    if when is None:
        return None
    which, of = part
    days = ((when.latest - when.earliest).days + 1) // of
    if of == 2 and when.earliest.month != when.latest.month:
        days = (date(when.earliest.year, 7, 1) - when.earliest).days
    first = when.earliest + timedelta(days=days * which)
    return DateRange(first, max(first, when.latest) if which == of - 1 else first + timedelta(days=days - 1))


def _season(first: int, today: date, year: int) -> DateRange | None:
    begin = date(year, first, 1)
    return DateRange(begin, shift(begin, months=3, days=-1)) if begin <= today else None
