"""How long somebody worked, in whatever unit they say it: "12 hours a day, 6 days", "from 7 to 19, mon-sat", "all day", "84 a week"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel import Locale

from actions.readers.clock import MOST_A_DAY, HourWords, Range, read_clock
from actions.readers.lexicon import entries, is_unspaced, keeps_accents, one_of, plain_form
from actions.readers.money import currency_pattern
from actions.readers.numbers import digits_for_words
from actions.readers.units import locale_of, unit_pattern
from calculator.translation import base_language

#: What "all day", "from morning till night" means at least and at most.
ALL_DAY = (Decimal(10), Decimal(16))
#: A bare number from here on is hours a week.
LEAST_A_WEEK = 25
HALF = Decimal("0.5")
WEEKS_A_MONTH = Decimal("4.345")
MOST_A_WEEK = 168
#: What stands between the first and the last day of a span, and what only joins two days.
_TO_DAY, _AND = r"au|al|ao|à|a|t/m|la|up to", r"and|und|en|et|e|y|i|и|й|та|și|si|dhe|ve|و|và|va|和|跟"
#: What stands between days and hours: 5 days of 8 hours.
_OF = r"[x×*/]|по|of|à|a|je|da|de|à raison de"

#: Six of seven.
_OUT_OF = ("sur", "de", "von", "van de", "su", "из", "out of", "z", "din")


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
    return _Reader(digits_for_words(text[:1000], language, accents), language, accents).read(asked)


class _Reader(HourWords):
    def read(self, asked: bool) -> HoursRead | None:
        if (unlike := self._parts()) is not None:
            return HoursRead(None, None, unlike, None, ((0, len(self.plain)),))
        by_clock = read_clock(self)
        per_day, per_week, number = self._amount(asked)
        days = self._days()
        if by_clock is not None:
            per_day = by_clock
        crossed = self._crossed() if per_day is None and per_week is None else None
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
        return HoursRead(per_day, days, per_week, number, tuple(self.places))

    def _range(self, low: str, high: str | None) -> Range:
        first = Decimal(low.replace(",", "."))
        last = Decimal(high.replace(",", ".")) if high else first
        return (first, last) if first <= last else (last, first)

    def _amount(self, asked: bool) -> tuple[Range | None, Range | None, Range | None]:
        """A number of hours with its period: a day, a week, a month, or none that is said."""
        per_day: Range | None = None
        per_week: Range | None = None
        number: Range | None = None
        unlike = False
        count = rf"(\d{{1,3}}(?:[.,]\d)?)\s*(?:(?:{self.hour})\s*)?(?:{self.joint}\s*(?:\S{{1,9}}\s+)??(\d{{1,3}}(?:[.,]\d)?))?"
        leading = re.search(
            rf"(?:{self.hour})\s*(?:\S{{1,6}}\s+){{0,3}}?(?:(?:{self.words('per_day')})|(?:{self.words('per_week')}))\s*[:=]?\s*(\d{{1,3}})",
            self.plain,
        )
        for match in re.finditer(rf"(?<![\d.,:/]){count}\s*(?:[^\W\d_]{{1,8}}\s+)??(?:{self.hour})", self.plain):
            if any(a < match.end() and match.start() < b for a, b in self.places):
                continue
            hours = self._range(match[1], match[2])
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
            hours = self._range(leading[1], None)
            self.places.append(leading.span())
            return (hours, None, None) if hours[1] <= MOST_A_DAY else (None, hours, None)
        if asked and per_day is None and per_week is None and number is None:
            # "12 a day", "84 pw": the unit of the question is not said again. In a story it is money.
            for match in re.finditer(
                rf"(?<![\d.,:/]){count}\s*(?:(?P<day>{self.words('per_day')})|(?P<week>{self.words('per_week')}))", self.plain
            ):
                hours = self._range(match[1], match[2])
                self.places.append(match.span())
                if match["week"] and hours[0] > 7:
                    per_week = hours
                elif match["day"] and 2 <= hours[1] <= MOST_A_DAY:
                    per_day = hours
        # Two numbers that say different things: which is meant is asked.
        return (per_day, per_week, None) if unlike else (per_day, per_week, number)

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
                if per == "week" and self._of_days(match):
                    continue
                far = match.start() - stop if match.start() >= stop else start - match.end() + 6
                if -6 <= far <= 30 and (best is None or far < best[0]):
                    best = (far, per)
        return best[1] if best else None

    def _of_days(self, match: re.Match[str]) -> bool:
        """Whether "a week" says how often the days are: 6 days a week."""
        day = f"(?:{self.day}|{self.words('night')})"
        return bool(
            re.search(rf"\d\s*(?:[^\W\d_]{{1,7}}\s+)?{day}\s*(?:[^\W\d_]{{1,5}}\s+)?$", self.plain[: match.start()])
            or re.match(rf"\s*\d\s*{day}", self.plain[match.end() :])
        )

    def _days(self) -> Range | None:
        """Days of work in a week."""
        names = weekdays(self.language, self.accents)
        name = one_of(names, 2)
        span = re.search(rf"({name})\.?\s*(?P<joint>{self.joint}|{self.words('until')}|{_TO_DAY})\s*(?:\S{{1,5}}\s+)?({name})", self.plain)
        if span and re.fullmatch(_AND, span["joint"].strip()):
            # Monday and Saturday are two days.
            span = None
        first, last = (_known(span[1], names), _known(span[3], names)) if span else (None, None)
        if span and first and last and (names[last] - names[first]) % 7 > 1:
            self.places.append(span.span())
            days = Decimal((names[last] - names[first]) % 7 + 1)
            return days, days
        seven = re.search(
            rf"(?<!\d)([1-7])\s*(?:{self.day}|j|gg|d|t)?\s*(?:/|{one_of(_OUT_OF)})\s*7(?!\d)",
            self.plain,
        )
        if seven:
            self.places.append(seven.span())
            return Decimal(seven[1]), Decimal(seven[1])
        counted = re.search(
            rf"(?<![\d.,:/])([2-7])(?:\s*{self.joint}\s*([1-7]))?\s*(?:[^\W\d_]{{1,7}}\s+)??(?:{self.day}|{self.words('night')})(?!\s*(?:[^\W\d_]{{1,3}}\s+)?(?:{self.words('days_off')}))",
            self.plain,
        )
        off = re.search(rf"(?<![\d.,:/])1?\s*(?:{self.words('days_off')})", self.plain)
        if re.search(rf"(?:{self.words('except')})\s*(?:\S{{1,6}}\s+)?{name}", self.plain):
            return Decimal(6), Decimal(6)
        if counted and not self._of_holiday(counted) and not (counted[1] == "2" and re.search(self.words("every_day"), self.plain)):
            self.places.append(counted.span())
            return self._range(counted[1], counted[2])
        if re.search(self.words("every_day"), self.plain):
            return Decimal(7), Decimal(7)
        if re.search(self.words("weekdays"), self.plain):
            return Decimal(5), Decimal(5)
        if off and re.search(rf"1\s*(?:{self.day})?|{name}", self.plain[max(0, off.start() - 14) : off.end() + 14]):
            return Decimal(6), Decimal(6)
        listed = {names[key] for m in re.finditer(name, self.plain) if (key := _known(m.group(), names))}
        if listed and re.search(self.words("rest"), self.plain):
            # "Saturday and Sunday I rest": the days that are named are free.
            return Decimal(7 - len(listed)), Decimal(7 - len(listed))
        if len(listed) >= 3:
            return Decimal(len(listed)), Decimal(len(listed))
        return None

    def _of_holiday(self, match: re.Match[str]) -> bool:
        """Whether days are counted that are no days of work a week: days off, days of a month."""
        rest = self.plain[match.end() : match.end() + 14]
        return bool(re.match(rf"\s*(?:\S{{1,4}}\s+)?(?:{self.words('per_month')})", rest))

    def _crossed(self) -> tuple[Range, Range] | None:
        """12x6, 12/6, 5 days of 8: hours a day by days a week."""
        match = re.search(
            rf"(?<![\d.,:/])(?P<hours>\d{{1,2}})\s*(?:{self.hour})?\s*(?:[x×*/]|по)\s*(?P<days>[5-7])(?![\d/])", self.plain
        ) or re.search(
            rf"(?<![\d.,:/])(?P<days>[2-7])\s*(?:{self.day}|{self.words('night')})\s*(?:{_OF})\s*(?P<hours>\d{{1,2}})(?![\d.,:/])", self.plain
        )
        if match is None or not 4 <= int(match["hours"]) <= MOST_A_DAY:
            return None
        self.places.append(match.span())
        return self._range(match["hours"], None), self._range(match["days"], None)

    def _parts(self) -> Range | None:
        """Hours a week where different days had different hours: weekdays 9 and saturdays 5."""
        names = weekdays(self.language, self.accents)
        name = one_of(names, 2)
        span = rf"(?P<span>(?:{name})\.?\s*(?:{self.joint}|{self.words('until')})\s*(?:\S{{1,5}}\s+)?(?:{name}))"
        day = rf"{span}|(?P<weekdays>{self.words('weekdays')})|(?P<weekend>{self.words('weekend')})|(?P<one>{name})"
        found: list[tuple[str, Decimal, int]] = []
        of_days: list[tuple[int, int]] = []
        for match in re.finditer(day, self.plain):
            if match["span"]:
                ends = [_known(m.group(), names) for m in re.finditer(name, match["span"])]
                if len(ends) < 2 or ends[0] is None or ends[-1] is None:
                    return None
                days = (names[ends[-1]] - names[ends[0]]) % 7 + 1
            else:
                days = 5 if match["weekdays"] else 2 if match["weekend"] else 1
            found.append(("days", Decimal(days), match.start()))
            of_days.append(match.span())
        for match in re.finditer(rf"(?<![\d.,:/])(\d{{1,2}})(?![\d.,:/])(?!\s*(?:{self.day}|{self.week}|{self.month}))", self.plain):
            if 2 <= int(match[1]) <= MOST_A_DAY and not any(a <= match.start() < b for a, b in of_days):
                found.append(("hours", Decimal(match[1]), match.start()))
        kinds = [(kind, value) for kind, value, _ in sorted(found, key=lambda item: item[2])]
        merged: list[tuple[str, Decimal]] = []
        for kind, value in kinds:
            if merged and merged[-1][0] == kind == "days":
                merged[-1] = ("days", merged[-1][1] + value)
            else:
                merged.append((kind, value))
        order = [kind for kind, _ in merged]
        if order not in (["days", "hours"] * 2, ["hours", "days"] * 2):
            return None
        values = [value for _, value in merged]
        days_told = sum(value for kind, value in merged if kind == "days")
        total = values[0] * values[1] + values[2] * values[3]
        return (total, total) if days_told <= 7 else None

    def _bare(self, days: Range | None) -> Range | None:
        """A number on its own, or two."""
        taken = list(self.places)
        candidates: list[tuple[Range, tuple[int, int]]] = []
        clock = rf"\s*(?:{'|'.join(self.words(key) for key in ('am', 'pm', 'morning', 'noon', 'evening', 'night', 'midnight'))})"
        money = currency_pattern(self.language, self.accents).pattern
        year = unit_pattern(self.language, "year", self.accents).pattern
        for match in re.finditer(rf"(?<![\d.,:/])(\d{{1,3}})(?:\s*{self.joint}\s*(?:\S{{1,9}}\s+)??(\d{{1,3}}))?(?![\d:./])", self.plain):
            if any(a < match.end() and match.start() < b for a, b in taken):
                continue
            if re.match(clock, self.plain[match.end() :]) or re.search(rf"(?:{self.words('since')})\s*$", self.plain[: match.start()]):
                # A time of the clock whose other end was not read.
                return None
            if re.match(
                rf"\s*(?:(?:{self.day})|(?:{self.week})|(?:{self.month})|(?:{year})|[€$£%]|(?:{money}))",
                self.plain[match.end() :],
            ):
                continue
            found = self._range(match[1], match[2])
            if found[0] >= 1 and found[1] <= MOST_A_WEEK + 50:
                candidates.append((found, match.span()))
        if len({found for found, _ in candidates}) != 1:
            # Two numbers that say different things: which is meant is asked.
            return None
        self.places.append(candidates[0][1])
        return candidates[0][0]


@cache
def weekdays(language: str, accents: bool) -> dict[str, int]:
    """Names of the days of the week in plain form -> 0 for Monday."""
    found: dict[str, int] = {}
    for locale in (locale_of(language), Locale("en")):
        if locale is None:
            continue
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.days[context][width].items():
                    word = plain_form(str(name), accents).rstrip(".")
                    english = locale.language == "en" and base_language(language) != "en"
                    if (len(word) >= 2 or is_unspaced(word)) and not (english and len(word) < 5):
                        found.setdefault(word, int(number))
    for key, number in zip(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), range(7), strict=True):
        for word in entries(key, language, accents):
            found.setdefault(word, number)
    return found


def _known(word: str, names: dict[str, int]) -> str | None:
    """The name of a weekday a word is, with or without the endings of grammar."""
    word = word.strip()
    if word in names:
        return word
    return max((name for name in names if len(name) >= 4 and (name in word)), key=len, default=None)
