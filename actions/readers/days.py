"""How many days a week somebody worked: "6 days", "monday to saturday", "every day but sunday", "five times a week", "12x6"."""

from __future__ import annotations

import re
from decimal import Decimal

from actions.readers.clock import MOST_A_DAY, HourWords, Range
from actions.readers.lexicon import one_of, plain_form
from actions.readers.units import unit_forms
from actions.readers.weekdays import weekday_of, weekday_words, weekdays
from calculator.translation import base_language

#: What stands between the first and the last day of a span, and what only joins two days.
_TO_DAY, _AND = r"au|al|ao|à|a|t/m|la|up to", r"and|und|en|et|e|y|i|и|й|та|și|si|dhe|ve|و|và|va|和|跟"
#: What stands between days and hours: 5 days of 8 hours.
_OF = r"[x×*/]|по|of|à|a|je|da|de|à raison de"

#: Six of seven.
_OUT_OF = ("sur", "de", "von", "van de", "su", "из", "out of", "z", "din")
#: Letters that grammar adds to the name of a day: salıdan.
_ENDINGS = {"tr": 3}


def hour_range(low: str, high: str | None) -> Range:
    """One or two numbers as a range, the smaller one first."""
    first = Decimal(low.replace(",", "."))
    last = Decimal(high.replace(",", ".")) if high else first
    return (first, last) if first <= last else (last, first)


class DayWords(HourWords):
    """What a text says about the days of work."""

    def days_a_week(self) -> Range | None:
        """Days of work in a week."""
        names = weekdays(self.language, self.accents)
        name = weekday_words(self.language, self.accents, _ENDINGS.get(base_language(self.language), 2))
        often, a_week = self.words("times"), self.words("per_week")
        times = (
            re.search(rf"(?<![\d.,:/])([1-7])\s*(?:{often})\s*(?:[^\W\d_]{{1,4}}\s+)?(?:{a_week}|{self.week})", self.plain)
            or re.search(rf"(?<![\d.,:/])([1-7])\s*(?={often})(?:{a_week})", self.plain)
            or re.search(rf"(?:{a_week})\s*([1-7])\s*(?:{often})", self.plain)
        )
        if times is None and len(re.findall(r"(?<![\d.,:/])\d{1,2}(?![\d.,:/])", self.plain)) == 2:
            # "Days of ten hours, six a week"
            times = re.search(rf"\d[^\d]+?(?<![\d.,:/])([2-7])\s*(?:{a_week})(?!\s*(?:{self.hour}))", self.plain)
        if times:
            # Five times a week.
            self.places.append(times.span())
            return hour_range(times[1], None)
        span = re.search(
            rf"({name})\.?\s*(?P<joint>{self.joint}|{self.words('until')}|{_TO_DAY}|(?<=\s)(?=\S))\s*(?:\S{{1,5}}\s+)?({name})", self.plain
        )
        if span and not span["joint"].strip() and len(re.findall(name, self.plain)) != 2:
            # Three days one after the other are a list.
            span = None
        shift = re.search(r"(?<![\d.,:/])([4-6])\s?[x×]\s?[1-3](?![\d])", self.plain)
        if shift and re.search(r"\d", self.plain[: shift.start()] + self.plain[shift.end() :]):
            # A "6x1": six days of work and one that is free.
            self.places.append(shift.span())
            return hour_range(shift[1], None)
        if span and re.fullmatch(_AND, span["joint"].strip()):
            # Monday and Saturday are two days.
            span = None
        first, last = (weekday_of(span[1], names), weekday_of(span[3], names)) if span else (None, None)
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
        few = self._few_a_week()
        if few is not None:
            return few
        counting = rf"(?<![\d.,:/])([2-7])(?:\s*{self.joint}\s*([1-7]))?\s*(?:[^\W\d_]{{1,7}}\s+)??(?:{self.day}|{self.words('night')})"
        free_of = rf"(?!\s*(?:[^\W\d_]{{1,3}}\s+)?(?:{self.words('days_off')}))"
        # The 7 of "from 7 till 11 at night" counts no nights, the 6 of "6 hours daily" no days.
        taken = (*self.places, *self.numbered_days())
        counted = next((m for m in re.finditer(counting + free_of, self.plain) if not any(a <= m.start() < b for a, b in taken)), None)
        off = re.search(rf"(?<![\d.,:/])1?\s*(?:{self.words('days_off')})", self.plain)
        if re.search(rf"(?:{self.words('except')})\s*(?:\S{{1,6}}\s+)?{name}", self.plain) or (
            base_language(self.language) == "tr" and re.search(rf"{name}\s*(?:{self.words('except')})", self.plain)
        ):
            return Decimal(6), Decimal(6)
        if counted and not self._of_holiday(counted) and not (counted[1] == "2" and re.search(self.words("every_day"), self.plain)):
            self.places.append(counted.span())
            return hour_range(counted[1], counted[2])
        free = off and re.search(name, self.plain[max(0, off.start() - 14) : off.end() + 14])
        if off and free and not re.search(rf"(?:{self.words('negation')})\s*(?:\S{{1,6}}\s+)?$", self.plain[: off.start()]):
            # "Daily twelve, sundays off"; one sunday a month is not every week.
            monthly = re.search(self.words("per_month"), self.plain[max(0, off.start() - 18) : off.end() + 14])
            return None if monthly else (Decimal(6), Decimal(6))
        if re.search(self.words("every_day"), self.plain):
            return Decimal(7), Decimal(7)
        if re.search(self.words("weekdays"), self.plain):
            return Decimal(5), Decimal(5)
        if off and re.search(rf"1\s*(?:{self.day})?|{name}", self.plain[max(0, off.start() - 14) : off.end() + 14]):
            return Decimal(6), Decimal(6)
        listed = {names[key] for m in re.finditer(name, self.plain) if (key := weekday_of(m.group(), names))}
        resting = re.search(self.words("rest"), self.plain) if listed else None
        if resting and re.search(self.words("per_month"), self.plain[max(0, resting.start() - 18) : resting.start()]):
            # One sunday a month free
            return None
        if resting:
            # "Saturday and Sunday I rest": the days that are named are free.
            return Decimal(7 - len(listed)), Decimal(7 - len(listed))
        if len(listed) >= 3:
            return Decimal(len(listed)), Decimal(len(listed))
        return None

    def _few_a_week(self) -> Range | None:
        """One day a week, and days that a language counts without a number (Arabic: two days): only where "a week" stands beside them."""
        named = [(re.escape(plain_form(form, self.accents)), count) for form, count in unit_forms(self.language, "day") if count is not None]
        one = [(rf"(?<![\d.,:/])1\s*(?:{self.day})", 1)]
        for form, count in (*named, *one):
            found = re.search(rf"(?<!\w){form}(?!\w)\s*(?:{self.words('per_week')})|(?:{self.words('per_week')})\s*{form}(?!\w)", self.plain)
            if found and not re.search(self.words("days_off"), self.plain):
                self.places.append(found.span())
                return Decimal(count), Decimal(count)
        return None

    def _of_holiday(self, match: re.Match[str]) -> bool:
        """Whether days are counted that are no days of work a week: days off, days of a month."""
        rest = self.plain[match.end() : match.end() + 14]
        return bool(re.match(rf"\s*(?:\S{{1,4}}\s+)?(?:{self.words('per_month')})", rest))

    def crossed(self) -> tuple[Range, Range] | None:
        """12x6, 12/6, 5 days of 8: hours a day by days a week."""
        match = re.search(
            rf"(?<![\d.,:/])(?P<hours>\d{{1,2}})\s*(?:{self.hour})?\s*(?:[x×*/]|по)\s*(?P<days>[5-7])(?![\d/])", self.plain
        ) or re.search(
            rf"(?<![\d.,:/])(?P<days>[2-7])\s*(?:{self.day}|{self.words('night')})\s*(?:{_OF})\s*(?P<hours>\d{{1,2}})(?![\d.,:/])", self.plain
        )
        if match is None or not 4 <= int(match["hours"]) <= MOST_A_DAY:
            return None
        self.places.append(match.span())
        return hour_range(match["hours"], None), hour_range(match["days"], None)

    def unlike_days(self) -> Range | None:
        """Hours a week where different days had different hours: weekdays 9 and saturdays 5."""
        names = weekdays(self.language, self.accents)
        name = weekday_words(self.language, self.accents, 2)
        span = rf"(?P<span>(?:{name})\.?\s*(?:{self.joint}|{self.words('until')})\s*(?:\S{{1,5}}\s+)?(?:{name}))"
        day = rf"{span}|(?P<weekdays>{self.words('weekdays')})|(?P<weekend>{self.words('weekend')})|(?P<one>{name})"
        found: list[tuple[str, Decimal, int]] = []
        of_days: list[tuple[int, int]] = []
        for match in re.finditer(day, self.plain):
            if match["span"]:
                ends = [weekday_of(m.group(), names) for m in re.finditer(name, match["span"])]
                if len(ends) < 2 or ends[0] is None or ends[-1] is None:
                    return None
                days = (names[ends[-1]] - names[ends[0]]) % 7 + 1
            else:
                days = 5 if match["weekdays"] else 2 if match["weekend"] else 1
            found.append(("days", Decimal(days), match.start()))
            of_days.append(match.span())
        part_of_week = rf"\s*(?:{self.words('weekend')}|{self.words('weekdays')})"
        counted = rf"\s*(?:{self.day}|{self.week}|{self.month})"
        for match in re.finditer(rf"(?<![\d.,:/])(\d{{1,2}})(?![\d.,:/])(?:(?={part_of_week})|(?!{counted}))", self.plain):
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
        values = [value for _, value in merged]
        if order == ["days", "hours", "hours", "days"]:
            values = [*values[:2], values[3], values[2]]
        elif order not in (["days", "hours"] * 2, ["hours", "days"] * 2):
            return None
        days_told = sum(value for kind, value in merged if kind == "days")
        total = values[0] * values[1] + values[2] * values[3]
        return (total, total) if days_told <= 7 else None
