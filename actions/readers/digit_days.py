"""Days and months in digits: 2024-03-05, 3/4/24, 03.2024, 24年3月."""

from __future__ import annotations

import re
from abc import abstractmethod
from datetime import date

from actions.readers.holidays import NAMES as HOLIDAYS
from actions.readers.lexicon import pattern
from actions.readers.point import SEASONS, Finder, century, month_or_day
from calculator.dates import DateRange

#: Two digits before the Chinese sign for year: so many years back they are a year, else a number of years.
RECENT_YEARS = 12
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(1[0-2]|0?[1-9])(?:\s*[-/.月]\s*(3[01]|[12]\d|0?[1-9])[日号]?(?!\d)|月份?)?(?!\d)")
_NUMERIC = re.compile(r"(?<![\d.,/-])(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?((?:19|20)\d\d|\d\d)(?![\d])")
_DAY_MONTH = re.compile(r"(?<![\d.,/-])(\d{1,2})[./](\d{1,2})(?![\d./-])")
_MONTH_YEAR = re.compile(r"(?<![\d.,/-])(0?[1-9]|1[0-2])\s?[./-]\s?((?:19|20)\d\d)(?!\d)")
_MONTH_SHORT_YEAR = re.compile(r"(?<![\d.,/:-])(0[1-9]|1[0-2])\s?[./]\s?(\d\d)(?![\d.,/:%])")


class DigitDays(Finder):
    """Finds days and months that are written in digits."""

    @abstractmethod
    def _relative_year(self, start: int, stop: int) -> tuple[int, int, int] | None:
        """The year that words beside a place name, and where all that stands."""

    def _iso(self) -> None:
        for match in re.finditer(r"(?<!\d)(\d\d)年(?:\s*(1[0-2]|0?[1-9])月(?:份)?(?:\s*(3[01]|[12]\d|0?[1-9])[日号])?)?", self.plain):
            year, month, day = match.groups()
            whole = century(int(year), self.today)
            named = "|".join(pattern(key, self.language, self.accents).pattern for key in (*SEASONS, *HOLIDAYS) if key != "orthodox_easter")
            recent = self.today.year % 100 - RECENT_YEARS <= int(year) <= self.today.year % 100
            counted = re.match(r"\s*(?:了|前|以前|之前|多|半|来一直)", self.plain[match.end() :])
            if month is None and (counted or not recent) and not re.match(rf"(?:开始|来|底|初|中|到|{named})", self.plain[match.end() :]):
                continue
            when = month_or_day(whole, int(month), int(day) if day else None) if month else DateRange(date(whole, 1, 1), date(whole, 12, 31))
            self._add(*match.span(), when)
        for match in _ISO.finditer(self.plain):
            year, month, day = match.groups()
            self._add(*match.span(), month_or_day(int(year), int(month), int(day) if day else None))

    def _numeric(self) -> None:
        for match in _NUMERIC.finditer(self.plain):
            first, second, year = (int(part) for part in match.groups())
            day, month = (second, first) if (self.month_first and first <= 12) or second > 12 >= first else (first, second)
            if 1 <= month <= 12 and day >= 1:
                self._add(*match.span(), month_or_day(century(year, self.today), month, day))

    def _months_in_digits(self) -> None:
        for match in _DAY_MONTH.finditer(self.plain):
            named = self._relative_year(*match.span())
            first, second = int(match[1]), int(match[2])
            day, month = (second, first) if self.month_first else (first, second)
            if named is not None and 1 <= month <= 12:
                self._add(named[1], named[2], month_or_day(named[0], month, day))
        for match in _MONTH_YEAR.finditer(self.plain):
            self._add(*match.span(), month_or_day(int(match[2]), int(match[1]), None))
        for match in _MONTH_SHORT_YEAR.finditer(self.plain):
            self._add(*match.span(), month_or_day(century(int(match[2]), self.today), int(match[1]), None))
