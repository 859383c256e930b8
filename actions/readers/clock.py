"""Hours between two times of the clock: "from 7 to 19", "9pm to 5am", "早上九点上班晚上九点下班"."""

from __future__ import annotations

import re
from decimal import Decimal

from actions.readers.lexicon import is_unspaced, pattern
from actions.readers.numbers import between
from actions.readers.units import unit_pattern
from calculator.translation import base_language

#: More than this a day is hours a week.
MOST_A_DAY = 24
#: Two times of the clock without a word between them are no longer day than this.
MOST_LIKELY = 20
#: Two times of the clock nearer than this are a number of hours, not a working day.
SHORTEST_DAY = 5
#: Characters before a time in which its half of the day may stand: 下午2点, sabah 7.
NEAR = 10
#: Turkish says "from" and "to" by endings: 7den 7ye.
_FROM_ENDING = r"|(?<=\d)'?[dt][ae]n(?=\s)"

Range = tuple[Decimal, Decimal]


class HourWords:
    """A text in plain form with digits, the words for hours and days of its language, and the places that were read already."""

    def __init__(self, plain: str, language: str, accents: bool) -> None:
        self.plain, self.language, self.accents = plain, language, accents
        self.hour, self.day, self.week, self.month = (unit_pattern(language, unit, accents).pattern for unit in ("hour", "day", "week", "month"))
        # "Sometimes 8, sometimes 12" lies between the two.
        self.joint = rf"(?:{between(language, accents)}|[,;]?\s*و?(?:{pattern('sometimes', language, accents).pattern}))"
        #: Where what was read stands.
        self.places: list[tuple[int, int]] = []

    def words(self, key: str) -> str:
        """A list of the lexicon as a pattern."""
        return pattern(key, self.language, self.accents).pattern


def read_clock(text: HourWords) -> Range | None:
    """Hours a day by the clock; None when no two times are told, or it is not clear which half of the day they are in."""
    clock = _Clock(text)
    return clock.with_joint() or clock.two_times()


class _Clock:
    def __init__(self, text: HourWords) -> None:
        self._of = text

    def with_joint(self) -> Range | None:
        """Hours between two times of the clock; two such spans are added."""
        moment = r"(\d{1,2})(?:\s?[:.h点時时]\s?(\d\d)(?!\d))?"
        joint = rf"(?:{self._of.joint}|{self._of.words('until')}{_FROM_ENDING if base_language(self._of.language) == 'tr' else ''})"
        found: Range | None = None
        first, second = rf"(?<![\d.,:/]){moment}(?P<mid>[^\d]{{0,28}}?)", rf"(?P<pre>[^\d]{{0,14}}?){moment}(?!\d)(?P<tail>[^\d]{{0,26}})"
        for match in re.finditer(rf"{first}\s*{joint}\s*{second}", self._of.plain):
            if re.match(r"\d\s?(?:j|gg|d|t)?\s?/\s?7(?!\d)", match.group()):
                # 7j/7: seven days of seven.
                continue
            hours = self._between(match)
            if hours is None or any(a < match.end(5) and match.start() < b for a, b in self._of.places):
                continue
            self._of.places.append((match.start(), match.end(6) if match[6] else match.end(5)))
            found = (hours, hours) if found is None else (found[0] + hours, found[1] + hours)
        return found if found is not None and found[1] <= MOST_A_DAY else None

    def two_times(self) -> Range | None:
        """Two times of the clock, each with its half of the day, with no word for "to": up at 6 in the morning, done at 10 at night."""
        hour_sign = r"(?:\s?[:.h点時时]\s?(\d\d)?|\s*(?:giờ|gio|uhr|h|ur|o'?clock))?"
        found: list[tuple[Decimal, tuple[int, int], str]] = []
        for match in re.finditer(rf"(?<![\d.,:/])(\d{{1,2}})(?![\d.,]){hour_sign}", self._of.plain):
            before = re.search(r"[^\d\s]+\s*$" if not is_unspaced(self._of.plain) else r"[^\d]{1,3}$", self._of.plain[: match.start()])
            half = before and self._half(before.group()) or self._half(re.split(r"\d", self._of.plain[match.end() : match.end() + NEAR])[0])
            if half is not None and int(match[1]) <= 24:
                found.append((_clock_hour(int(match[1]), half), match.span(), half))
        if len(found) != 2 or found[0][2] == found[1][2]:
            return None
        hours = (found[1][0] - found[0][0]) % 24
        self._of.places.extend(place for _, place, _ in found)
        return (hours, hours) if SHORTEST_DAY <= hours <= MOST_LIKELY else None

    def _between(self, match: re.Match[str]) -> Decimal | None:
        first, second = int(match[1]), int(match[5])
        if first > 24 or second > 24:
            return None
        mid, tail = match["mid"], f"{match['pre']} {match['tail']}"
        before = self._of.plain[max(0, match.start() - 18) : match.start()]
        from_word = bool(re.search(rf"(?:{self._of.words('since')})\s*(?:\S{{1,6}}\s+)?$", before))
        parts = self._half(mid) or self._half(before[-NEAR:]), self._half(tail)
        minutes = bool(match[2] or match[6])
        unit_behind = re.match(rf"\s*(?:{self._of.hour})", match["tail"]) is not None
        a_day = re.search(rf"(?:{self._of.words('per_day')})|(?:{self._of.words('per_week')})", match["tail"]) is not None
        apart = second - first if second > first else second + (12 if first <= 12 else 24) - first
        clock = minutes or any(parts) or (from_word and not (unit_behind and a_day)) or (not a_day and apart > SHORTEST_DAY and second <= 24)
        between_both = self._of.plain[match.start() : match.start(5)]
        if re.search(self._of.words("per_day"), between_both) or re.match(rf"\s*(?:{self._of.day})", match["tail"]):
            # 12 hours a day, 6 days.
            return None
        if not clock or re.search(rf"(?:{self._of.week})|(?:{self._of.month})|(?:{self._of.day})", mid):
            return None
        begin, end = _clock_hour(first, parts[0]), _clock_hour(second, parts[1])
        start = begin + Decimal(int(match[2] or 0)) / 60
        stop = end + Decimal(int(match[6] or 0)) / 60
        if stop <= start:
            stop += 12 if parts[1] is None and second <= 12 and stop + 12 > start else 24
        hours = stop - start
        if parts[1] is None and first < second <= 12 and hours < SHORTEST_DAY + 1:
            # From 8 to 10: fourteen hours, or two? Ask.
            return None
        return hours if 1 <= hours <= 24 else None

    def _half(self, words: str) -> str | None:
        """Which half of the day some words beside a time say."""
        said = f" {words} "
        for key, half in (
            ("midnight", "midnight"),
            ("am", "am"),
            ("morning", "am"),
            ("noon", "noon"),
            ("pm", "pm"),
            ("evening", "pm"),
            ("night", "night"),
        ):
            if re.search(self._of.words(key), said):
                return half
        return None


def _clock_hour(hour: int, half: str | None) -> Decimal:
    if half == "midnight":
        return Decimal(24) if hour in (0, 12) else Decimal(hour)
    if half == "am" and hour == 12:
        return Decimal(0)
    if half == "noon":
        return Decimal(hour if hour >= 10 else hour + 12)
    if half == "pm" and hour < 12:
        return Decimal(hour + 12)
    if half == "night" and hour < 12:
        # At night is 10 in the evening and 2 in the morning.
        return Decimal(hour + 12 if hour >= 6 else hour + 24)
    if half == "night" and hour == 12:
        return Decimal(24)
    return Decimal(hour)
