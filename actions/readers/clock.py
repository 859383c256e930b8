"""Hours between two times of the clock: "from 7 to 19", "9pm to 5am", "早上九点上班晚上九点下班"."""

from __future__ import annotations

import re
from decimal import Decimal

from actions.readers.lexicon import is_unspaced, pattern
from actions.readers.numbers import between
from actions.readers.units import unit_pattern
from actions.readers.weekdays import numbered_days
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
_FROM_ENDING = r"|(?<=\d)'?[dt][ae]n(?=\s)|(?<=\d\s)[dt][ae]n(?=\s)"
#: 24/7, 7/24, 12/6: hours by days, no times of the clock.
_BY_DAYS = re.compile(r"(?<![\d.,:/])(?:\d{1,2}\s?[/x×*]\s?[5-7]|7\s?/\s?24)(?![\d/])")
#: Two numbers this far apart in an answer about a day are times of the clock, not "5 to 17 hours".
WIDEST_RANGE = 8
#: Characters between the first of them and the word for "to".
LITTLE = 3

#: Languages that say the half of the day before its hour.
_HALF_FIRST = frozenset({"zh", "tr"})

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

    def numbered_days(self) -> list[tuple[int, int]]:
        """Where days of the week stand whose name has a number: 周1, thứ 2."""
        return [m.span() for m in numbered_days(self.language, self.accents).finditer(self.plain)]

    def words(self, key: str) -> str:
        """A list of the lexicon as a pattern."""
        return pattern(key, self.language, self.accents).pattern


def read_clock(text: HourWords) -> Range | None:
    """Hours a day by the clock; None when no two times are told, or it is not clear which half of the day they are in."""
    clock = _Clock(text)
    return clock.with_joint() or clock.two_times() or clock.begun_and_done() or clock.till_noon_or_midnight() or clock.noon_and_midnight()


class _Clock:
    def __init__(self, text: HourWords) -> None:
        self._of = text

    def with_joint(self) -> Range | None:
        """Hours between two times of the clock; two such spans are added."""
        moment = r"(\d{1,2})(?:\s?[:.h点時时]\s?(\d\d)(?!\d)|\s?[hu](?=[\s,-]|$))?"
        joint = rf"(?:{self._of.joint}|{self._of.words('until')}{_FROM_ENDING if base_language(self._of.language) == 'tr' else ''})"
        found: Range | None = None
        first, second = rf"(?<![\d.,:/]){moment}(?P<mid>[^\d]{{0,28}}?)", rf"(?P<pre>[^\d]{{0,14}}?){moment}(?!\d)(?P<tail>[^\d]{{0,26}})"
        for match in re.finditer(rf"{first}\s*{joint}\s*{second}", self._of.plain):
            if re.match(r"\d\s?(?:j|gg|d|t)?\s?/\s?7(?!\d)", match.group()) or _BY_DAYS.match(match.group()):
                # 7j/7: seven days of seven.
                continue
            if any(a <= match.start(group) < b for a, b in self._of.numbered_days() for group in (1, 5)):
                continue
            hours = self._between(match, found is not None)
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
            behind_too = base_language(self._of.language) not in _HALF_FIRST
            half = self._half(before.group()) if before else None
            if half is None and behind_too:
                half = self._half(re.split(r"\d", self._of.plain[match.end() : match.end() + NEAR])[0])
            if half is not None and int(match[1]) <= 24:
                found.append((_clock_hour(int(match[1]), half), match.span(), half))
        if len(found) != 2 or found[0][2] == found[1][2]:
            return None
        hours = (found[1][0] - found[0][0]) % 24
        self._of.places.extend(place for _, place, _ in found)
        return (hours, hours) if SHORTEST_DAY <= hours <= MOST_LIKELY else None

    def begun_and_done(self) -> Range | None:
        """Two times of the clock, one with a word for begun or up and one with a word for done: "up at 5 done by 9pm", "5te kalkıp 21de
        bitirdim". The second is in the afternoon: by its number, or by a word for it."""
        begun = f"(?:{self._of.words('since')}|{self._of.words('rise')})"
        done = f"(?:{self._of.words('until')}|{self._of.words('done')})"
        time = r"(?<![\d.,:/])(\d{1,2})(?:\s?[:.h点時时]\s?(\d\d))?(?![\d/])"
        behind = rf"{time}[^\d]{{0,12}}?{begun}[^\d]{{0,14}}?{time}[^\d]{{0,12}}?{done}"
        before = rf"{begun}[^\d]{{0,12}}?{time}[^\d]{{1,28}}?{done}[^\d]{{0,12}}?{time}"
        for source in (before, behind):
            match = re.search(source, self._of.plain)
            if match is None or max(int(match[1]), int(match[3])) > MOST_A_DAY:
                continue
            between_both = self._of.plain[match.end(1) : match.start(3)]
            late = self._half(re.split(r"\d", self._of.plain[match.end(3) : match.end(3) + NEAR + 6])[0]) or self._half(between_both[-NEAR:])
            second = _clock_hour(int(match[3]), late)
            if late is None and int(match[3]) <= 12:
                continue
            hours = (second + Decimal(int(match[4] or 0)) / 60 - int(match[1]) - Decimal(int(match[2] or 0)) / 60) % 24
            if SHORTEST_DAY <= hours <= MOST_LIKELY:
                self._of.places.append(match.span())
                return hours, hours
        return None

    def till_noon_or_midnight(self) -> Range | None:
        """From an hour of the morning, or of the day, until noon or midnight."""
        joint = rf"(?:{self._of.joint}|{self._of.words('until')}{_FROM_ENDING if base_language(self._of.language) == 'tr' else ''}|a|às|ate)"
        ends = rf"(?:(?P<midnight>{self._of.words('midnight')})|(?P<noon>{self._of.words('noon')}))"
        hour = r"(?<![\d.,:/])(\d{1,2})(?:\s?[:.h点時时]\s?(\d\d)(?!\d))?(?P<mid>[^\d]{0,24}?)"
        match = re.search(rf"{hour}\s*{joint}\s*(?:\S{{1,3}}\s+)?(?:12\s*)?{ends}", self._of.plain)
        if match is None or int(match[1]) > MOST_A_DAY or re.search(rf"(?:{self._of.day})|(?:{self._of.week})", match["mid"]):
            return None
        half = self._half(match["mid"]) or self._half(self._of.plain[max(0, match.start() - NEAR) : match.start()])
        begin = _clock_hour(int(match[1]), half) + Decimal(int(match[2] or 0)) / 60
        hours = (24 if match["midnight"] else 12) - begin
        if not SHORTEST_DAY - 1 <= hours <= MOST_LIKELY or half is None and int(match[1]) < SHORTEST_DAY:
            return None
        self._of.places.append(match.span())
        return hours, hours

    def noon_and_midnight(self) -> Range | None:
        """Twelve hours between noon and midnight, either way round, when no other hour is told."""
        noon, midnight = (re.search(self._of.words(key), self._of.plain) for key in ("noon", "midnight"))
        if noon is None or midnight is None or re.search(rf"(?<!\d)1?\d\s*(?:{self._of.hour})", self._of.plain):
            return None
        first, last = sorted((noon, midnight), key=lambda m: m.start())
        joint = rf"\s*(?:{self._of.joint}|{self._of.words('until')}|a|ao|às|la|ne|na)?\s*(?:\S{{1,4}}\s+)?"
        if last.start() < first.end() or not re.fullmatch(joint, self._of.plain[first.end() : last.start()]):
            return None
        self._of.places.append((first.start(), last.end()))
        return Decimal(12), Decimal(12)

    def _between(self, match: re.Match[str], again: bool = False) -> Decimal | None:
        """Hours from the first time to the second; `again`: behind another such span, whose sort it shares."""
        first, second = int(match[1]), int(match[5])
        if first > 24 or second > 24:
            return None
        mid, tail = match["mid"], f"{match['pre']} {match['tail']}"
        before = self._of.plain[max(0, match.start() - 18) : match.start()]
        from_word = bool(re.search(rf"(?:{self._of.words('since')})\s*(?:\S{{1,6}}\s+)?$", before))
        if base_language(self._of.language) in _HALF_FIRST:
            # The half of the day stands before its hour: 五点到晚上七点.
            parts = self._half(before[-NEAR:]), self._half(f"{mid} {match['pre']}") or self._half(match["tail"])
        else:
            parts = self._half(mid) or self._half(before[-NEAR:]), self._half(tail)
        minutes = bool(match[2] or match[6])
        unit_behind = re.match(rf"\s*(?:{self._of.hour})", match["tail"]) is not None
        a_day = re.search(rf"(?:{self._of.words('per_day')})|(?:{self._of.words('per_week')})", match["tail"]) is not None
        apart = second - first if second > first else second + (12 if first <= 12 else 24) - first
        wide = second - first >= WIDEST_RANGE and not unit_behind and len(mid) <= LITTLE
        told = from_word and not (unit_behind and a_day) or not a_day and apart > SHORTEST_DAY
        clock = again or first == second or minutes or any(parts) or wide or told
        between_both = self._of.plain[match.start() : match.start(5)]
        if re.search(self._of.words("per_day"), between_both) or re.match(rf"\s*(?:{self._of.day})", match["tail"]):
            # 12 hours a day, 6 days; nine hours a night, 7 nights.
            return None
        if re.match(rf"\s*(?:{self._of.hour})", mid) and re.match(rf"\s*(?:{self._of.words('night')})\W*$", match["tail"]) and second <= 7:
            return None
        counted = re.match(rf"\s+(?:{self._of.hour})", mid) and not re.match(rf"\s*(?:{self._of.hour})", match["tail"])
        if counted and not any(parts) and not minutes and not from_word:
            # "9 hours and 5 on saturdays"
            return None
        if re.search(self._of.words("days_off"), mid):
            # "1 day off, 11 hours"
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
