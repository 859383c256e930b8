"""How long somebody worked, in whatever unit they say it: "12 hours a day, 6 days", "from 7 to 19, mon-sat", "all day", "84 a week"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.readers.clock import MOST_A_DAY, Range, read_clock
from actions.readers.currencies import currency_pattern
from actions.readers.days import DayWords, hour_range
from actions.readers.lexicon import is_unspaced, keeps_accents
from actions.readers.months import month_pattern
from actions.readers.numbers import read_plain
from actions.readers.units import unit_pattern
from calculator.translation import base_language

#: What "all day", "from morning till night" means at least and at most.
ALL_DAY = (Decimal(10), Decimal(16))
#: A bare number from here on is hours a week.
LEAST_A_WEEK = 25
#: "280 a month" is hours; a smaller number may be days.
LEAST_A_MONTH = 40
HALF = Decimal("0.5")
WEEKS_A_MONTH = Decimal("4.345")
MOST_A_WEEK = 168


@dataclass(frozen=True, slots=True)
class HoursRead:
    """Hours as they were told. `number` is one that may be for a day or for a week."""

    per_day: Range | None = None
    days: Range | None = None
    per_week: Range | None = None
    number: Range | None = None
    #: Where it stands in the plain text, for those who look for other numbers.
    places: tuple[tuple[int, int], ...] = ()

    @property
    def week(self) -> Range | None:
        """Hours a week, where they were told or can be worked out."""
        if self.per_week is not None:
            return self.per_week
        if self.per_day is not None and self.days is not None:
            return self.per_day[0] * self.days[0], self.per_day[1] * self.days[1]
        return None


def read_hours(text: str, language: str, asked: bool = True) -> HoursRead | None:
    """Hours in a text; None when it tells none. `asked`: the text answers the question about hours, so a bare number counts."""
    accents = keeps_accents(text[:1000], language)
    return _Reader(read_plain(text[:1000], language, accents), language, accents).read(asked)


class _Reader(DayWords):
    def _counts_overtime(self) -> bool:
        """Whether a number counts hours beyond the usual ones: it is not the day or the week, which is asked again."""
        if re.search(self.words("overtime_word"), self.plain) is None:
            return False
        over, without = self.words("overtime_word"), self.words("without_word")
        gap = r"\D{0,4}" if is_unspaced(self.plain) else rf"(?:(?!{without})[^\W\d]+\W+){{0,2}}"
        return re.search(rf"\d\s*{gap}{over}|{over}\W*{gap}\d", self.plain) is not None

    def read(self, asked: bool) -> HoursRead | None:
        if self._counts_overtime():
            return None
        if (unlike := self.unlike_days()) is not None:
            return HoursRead(None, None, unlike, None, ((0, len(self.plain)),))
        by_clock = read_clock(self) if not self._round_the_clock() else None
        per_day, per_week, number = self._amount(asked)
        days = self.days_a_week()
        if by_clock is not None:
            per_day = by_clock
        crossed = self.crossed() if per_day is None and per_week is None else None
        if crossed is not None:
            (per_day, days), number = crossed, None
        elif per_day is None and per_week is None and number is None:
            if all_day := re.search(self.words("all_day"), self.plain):
                self.places.append(all_day.span())
                per_day = (Decimal(24), Decimal(24)) if "24" in all_day.group() else ALL_DAY
                if re.search(r"7", all_day.group()):
                    days = days or (Decimal(7), Decimal(7))
            elif asked:
                number = self._bare(days)
        if number is not None and days is not None and number[1] <= MOST_A_DAY:
            per_day, number = number, None
        elif number is not None and number[0] >= LEAST_A_WEEK:
            per_week, number = number, None
        if not asked and per_day is None and per_week is None and number is None:
            return HoursRead(days=days, places=tuple(self.places)) if days is not None else None
        if per_day is None and per_week is None and number is None and days is None:
            return None
        read = HoursRead(per_day, days, per_week, number, tuple(self.places))
        if not asked:
            return read
        if by_clock is not None and self._has("pause_word") or self._has("double_word"):
            # "8 to 8 with an hour off", "he did 40 and I the double": what is left or meant is asked.
            return None
        read = self._sometimes(read)
        return None if self._left_over(read) else read

    def _has(self, key: str) -> bool:
        """Whether it says a word of this list, and does not deny it ("no break")."""
        denied = self.words("negation")
        return any(not re.search(rf"(?:{denied})\s*$", self.plain[: m.start()]) for m in re.finditer(self.words(key), self.plain))

    def _sometimes(self, read: HoursRead) -> HoursRead:
        """ "15 hours, sometimes 16": what it lies between."""
        others = [m for m in self._numbers() if not self._is_read(m, read)]
        told = {name: getattr(read, name) for name in ("per_day", "per_week", "number") if getattr(read, name) is not None}
        if len(others) != 1 or len(told) != 1:
            return read
        (name, (low, high)), other = next(iter(told.items())), Decimal(others[0].group())
        if not re.search(rf"(?:{self.words('sometimes')})\s*(?:[^\W\d_]{{1,5}}\s+)?$", self.plain[: others[0].start()]):
            return read
        if not low / 2 <= other <= high * 2 or name == "per_day" and other > MOST_A_DAY:
            return read
        self.places.append(others[0].span())
        return replace(read, **{name: (min(low, other), max(high, other))}, places=tuple(self.places))

    def _numbers(self) -> list[re.Match[str]]:
        """Numbers that may be hours or days: no money, no age, no day of a month."""
        found = re.finditer(r"(?<![\d.,:/€$£])(?<!\dh)\d{1,3}(?![\d:/]|h\d)", self.plain)
        return [m for m in found if int(m.group()) > 1 and not self._counts_else(m)]

    def _counts_else(self, match: re.Match[str]) -> bool:
        """Whether a number counts days, weeks, months, years or money, or is a day of a month."""
        money = currency_pattern(self.language, self.accents).pattern
        year = unit_pattern(self.language, "year", self.accents).pattern
        month = month_pattern(self.language, self.accents).pattern
        units = rf"(?:{self.day})|(?:{self.week})|(?:{self.month})|(?:{year})|[€$£%]|(?:{money})|(?:{month})"
        return re.match(rf"\s*(?:{units})", self.plain[match.end() :]) is not None

    def _is_read(self, match: re.Match[str], read: HoursRead) -> bool:
        """Whether something was made of a number, or of another one like it."""
        known = {end for told in (read.per_day, read.days, read.per_week, read.number) if told for end in told}
        taken = [*self.places, *self._promised()]
        return Decimal(match.group()) in known or any(a < match.end() and match.start() < b for a, b in taken)

    def _left_over(self, read: HoursRead) -> bool:
        """Whether a number stands in the text that nothing was made of: "35 hours and 12 at his home" is more than was understood."""
        return not all(self._is_read(match, read) for match in self._numbers())

    def _round_the_clock(self) -> bool:
        """24/7: no times of the clock."""
        return re.search(r"(?<![\d.,:])(?:24\s?/\s?7|7\s?/\s?24)(?![\d/])", self.plain) is not None

    def _amount(self, asked: bool) -> tuple[Range | None, Range | None, Range | None]:
        """A number of hours with its period: a day, a week, a month, or none that is said."""
        per_day: Range | None = None
        per_week: Range | None = None
        number: Range | None = None
        unlike = False
        count = rf"(\d{{1,3}}(?:[.,]\d)?)\s*(?:(?:{self.hour})\s*)?(?:{self.joint}\s*(?:\S{{1,9}}\s+)??(\d{{1,3}}(?:[.,]\d)?))?"
        promised = self._promised()
        leading = re.search(
            rf"(?:{self.hour})\s*(?:\S{{1,6}}\s+){{0,3}}?(?:(?:{self.words('per_day')})|(?:{self.words('per_week')}))\s*[:=]?\s*(\d{{1,3}})",
            self.plain,
        )
        for match in re.finditer(rf"(?<![\d.,:/]){count}\s*(?:[^\W\d_]{{1,8}}\s+)??(?:{self.hour})", self.plain):
            if any(a < match.end() and match.start() < b for a, b in (*self.places, *promised)):
                continue
            if base_language(self.language) == "nl" and re.search(r"(?<!\w)om\s*$", self.plain[: match.start()]):
                # "Om 5 uur" is a time of the clock.
                continue
            hours = hour_range(match[1], match[2])
            if re.search(rf"(?:{self.words('half')})", self.plain[match.start() : match.end()]) or re.match(
                rf"\s*(?:[^\W\d_]{{1,3}}\s+|و)?(?:{self.words('half')})", self.plain[match.end() :]
            ):
                hours = hours[0] + HALF, hours[1] + HALF
            per = self._period(match.start(), match.end())
            self.places.append(match.span())
            if per == "week" or hours[0] >= LEAST_A_WEEK and per is None:
                per_week = per_week or hours
            elif per == "day" and hours[1] <= MOST_A_DAY:
                per_day = per_day or hours
            elif per == "month":
                per_week = per_week or (round(hours[0] / WEEKS_A_MONTH, 1), round(hours[1] / WEEKS_A_MONTH, 1))
            elif per is None:
                unlike = unlike or number is not None and number != hours
                number = number or hours
        if leading and per_day is None and per_week is None and number is None:
            hours = hour_range(leading[1], None)
            self.places.append(leading.span())
            return (hours, None, None) if hours[1] <= MOST_A_DAY else (None, hours, None)
        if asked and per_day is None and per_week is None and number is None:
            # "12 a day", "84 pw": the unit of the question is not said again. In a story it is money.
            for match in re.finditer(
                rf"(?<![\d.,:/]){count}\s*(?:(?P<day>{self.words('per_day')})|(?P<week>{self.words('per_week')})|(?P<month>{self.words('per_month')}))",
                self.plain,
            ):
                if any(a < match.end() and match.start() < b for a, b in promised):
                    continue
                hours = hour_range(match[1], match[2])
                self.places.append(match.span())
                if match["month"] and hours[0] >= LEAST_A_MONTH:
                    per_week = (round(hours[0] / WEEKS_A_MONTH, 1), round(hours[1] / WEEKS_A_MONTH, 1))
                elif match["week"] and hours[0] > 7:
                    per_week = hours
                elif match["day"] and 2 <= hours[1] <= MOST_A_DAY:
                    per_day = hours
        # Two numbers that say different things: which is meant is asked.
        return (per_day, per_week, None) if unlike else (per_day, per_week, number)

    def _promised(self) -> list[tuple[int, int]]:
        """Where a number stands that was only on paper: "35 hours in the contract but really 70"."""
        got = [m.start() for key in ("got", "but") for m in re.finditer(rf"(?<!\w)(?:{self.words(key)})", self.plain)]
        numbers = [m.span() for m in re.finditer(r"(?<![\d.,:/])\d{1,3}(?![\d.,:/])", self.plain)]
        if len(numbers) < 2:
            return []
        for said in re.finditer(self.words("promised"), self.plain):
            later = [at for at in got if at > said.start()]
            if later and numbers[-1][0] > later[0]:
                return [span for span in numbers if span[1] <= later[0]]
        return []

    def _period(self, start: int, stop: int) -> str | None:
        """For how long a number of hours counts: the period nearest to it."""
        best: tuple[int, str] | None = None
        for per, own in (
            ("day", self.words("per_day")),
            ("week", self.words("per_week")),
            ("month", self.words("per_month")),
            ("day", rf"(?:{self.words('every_day')})"),
        ):
            for match in re.finditer(own, self.plain):
                if per == "week" and (self._of_days(match) or re.search(r"(?<![\d.,:/])[1-7]\s*$", self.plain[stop : match.start()])):
                    continue
                far = match.start() - stop if match.start() >= stop else start - match.end() + 6
                if -6 <= far <= 30 and (best is None or far < best[0]):
                    best = (far, per)
        return best[1] if best else None

    def _of_days(self, match: re.Match[str]) -> bool:
        """Whether "a week" says how often the days are: 6 days a week."""
        day = f"(?:{self.day}|{self.words('night')}|{self.words('times')}|{self.words('days_off')})"
        if re.search(self.words("times"), match.group()) and re.search(r"\d\s*$", self.plain[: match.start()]):
            return True
        return bool(
            re.search(rf"\d\s*(?:[^\W\d_]{{1,7}}\s+)?{day}\s*(?:[^\W\d_]{{1,5}}\s+)?$", self.plain[: match.start()])
            or re.match(rf"\s*\d\s*{day}", self.plain[match.end() :])
        )

    def _bare(self, days: Range | None) -> Range | None:
        """A number on its own, or two."""
        taken = list(self.places)
        candidates: list[tuple[Range, tuple[int, int]]] = []
        clock = rf"\s*(?:{'|'.join(self.words(key) for key in ('am', 'pm', 'morning', 'noon', 'evening', 'night', 'midnight'))})"
        taken += self._promised()
        # A time of the clock stands in it, and no two of them were read.
        clock_told = not any(b - a > 2 for a, b in taken) and re.search(
            rf"\d\s*(?:{self.words('am')}|{self.words('pm')}|{self.words('midnight')})|\d[:h]\d\d", self.plain
        )
        bare = rf"(?<![\d.,:/])(?<!\dh)(\d{{1,3}})(?:\s*{self.joint}\s*(?:\S{{1,9}}\s+)??(\d{{1,3}}))?(?![\d:./])"
        since = rf"(?:{self.words('since')})\s*$"
        for match in re.finditer(bare, self.plain):
            if any(a < match.end() and match.start() < b for a, b in taken):
                continue
            if clock_told or re.match(clock, self.plain[match.end() :]) or re.search(since, self.plain[: match.start()]):
                # A time of the clock whose other end was not read.
                return None
            if self._counts_else(match):
                continue
            found = hour_range(match[1], match[2])
            if found[0] >= 2 and found[1] <= MOST_A_WEEK + 50:
                candidates.append((found, match.span()))
        if len({found for found, _ in candidates}) != 1:
            # Two numbers that say different things: which is meant is asked.
            return None
        self.places.append(candidates[0][1])
        return candidates[0][0]
