"""When it began and ended, how long it was, how many hours: what a text says of time."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.readers.dates import Times, read_times
from actions.readers.hours import MOST_A_WEEK, HoursRead, read_hours
from actions.story.labels import OF_THE_WORK
from actions.story.reading import ENTRY, Reading, is_over
from actions.story.values import ADULT_AGE, date_value, number_value
from actions.story.whose import says
from calculator.case.values import read_date_range
from calculator.dates import DateRange, end_of_month, shift
from envelope import ParsedClause

#: A day beside an answer to these is when it was reported, no end of the work.
ASKS_POLICE = ("procedure.",)
#: Hours a day that lie so far apart, and hours a week that are so few, were not told but made of words such as "all day".
VAGUE_HOURS, FEWEST_A_WEEK = 5, 4


class TimeReading(Reading):
    """The times and hours of a text."""

    def _time(self, clause: ParsedClause) -> None:
        times = self._times(clause)
        label = clause.value("time", guess=True)
        of_work_surely = any(f.group in OF_THE_WORK and f.sure for f in clause.facts) or any(
            p.role == "here" for p in self.places.get(clause.text, ())
        )
        of_work = of_work_surely or label in ("begin", "end", "length")
        if label == "other" or clause.value("police") or clause.value("case") or clause.value("age"):
            return
        if self.asked.startswith(ASKS_POLICE) and not of_work_surely and clause.value("how_ended") is None:
            return
        # "Still" alone is also "more" and "yet": a phrase says it, or the clause as a whole.
        goes_on = of_work_surely and times.still_words > 1 or clause.value("now", guess=True) == "still"
        if times.still and goes_on and not is_over(clause):
            self.story.ongoing = True
        if label is None and any(f.group in ("money", "debt") for f in clause.facts):
            # "I owed them 2000" is no year.
            points = tuple(p for p in times.points if p.role is not None or not re.fullmatch(r"\d{4}", times.plain[p.start : p.stop].strip()))
            times = replace(times, points=points)
        if not times.points and not times.lengths:
            return
        begin, end = times.of("begin"), times.of("end")
        guessed = any(f.group in OF_THE_WORK for f in clause.facts)
        # Both ends of a span are told together.
        spanned = begin is not None and end is not None
        sure = clause.value("time") is not None or of_work or spanned or guessed and bool(begin or end)
        free = [p.when for p in times.points if p.role is None]
        if begin is None and free and label in ("begin", None) and of_work and not is_over(clause):
            begin = free.pop(0)
        if free and end is None and begin is None and label != "end" and is_over(clause):
            # "In September the police got us out": how it ended says that the day is its end.
            end = free.pop(-1)
        if end is None and free and label == "end":
            end = free.pop(-1)
        if begin is None and end is None and not (label or of_work):
            return
        if begin is not None and end is None and not free:
            # "Since March" without an end: it goes on, unless something else says that it is over.
            self.since = True
        told = self.story.told
        known = told.get((ENTRY + "end").format(e=self.entry))
        if end is not None and known is not None and known.sure and not is_over(clause):
            # "To this day they have not paid": the end that was told stays.
            end = None
        if begin is not None:
            self._add(ENTRY + "start", date_value(begin), clause.text, sure)
        if end is not None:
            self._add(ENTRY + "end", date_value(self._after_begin(end, times)), clause.text, sure or is_over(clause))
        if times.lengths and (label == "length" or of_work) and label != "other":
            length = times.lengths[0]
            if length.high < 15 * 12 and not _is_age(clause):
                self.story.length = (length.low, length.high)

    def _times(self, clause: ParsedClause) -> Times:
        """Times of a clause, without those that are hours of the clock or of a journey, a visit, a call."""
        times = read_times(clause.text, self.language, self.today, self.month_first)
        if says("elsewhere", clause.text, self.language) and not any(f.group in OF_THE_WORK and f.sure for f in clause.facts):
            return replace(times, points=(), lengths=())
        hours = read_hours(clause.text, self.language, asked=False)
        taken = hours.places if hours is not None and (hours.per_day or hours.per_week) else ()
        return replace(times, points=tuple(p for p in times.points if not any(a < p.stop and p.start < b for a, b in taken)))

    def _now_from_then(self, then: int, begun: DateRange) -> None:
        """How old somebody is who was so old when it began: only where nobody can doubt on which side of 18 that is."""
        age = self.today.year - begun.latest.year + then
        if begun.latest.year - begun.earliest.year <= 1 and not ADULT_AGE - 1 <= age <= ADULT_AGE + 1:
            self.story.age, self.story.minor = age, self.story.minor or age < ADULT_AGE

    def _after_begin(self, end: DateRange, times: Times) -> DateRange:
        """A month without a year behind a beginning that has one: the first such month after it."""
        point = next((p for p in times.points if p.when == end), None)
        known = self.story.told.get((ENTRY + "start").format(e=self.entry))
        if point is None or point.yearless is None or known is None:
            return end
        begun = read_date_range(known.value)
        while end.earliest.year > begun.earliest.year and shift(end.earliest, months=-12) >= begun.earliest:
            end = DateRange(shift(end.earliest, months=-12), end_of_month(shift(end.earliest, months=-12)))
        return end

    def _hours(self, clause: ParsedClause) -> None:
        role = clause.value("hours", guess=True)
        if role == "other":
            return
        if says("elsewhere", clause.text, self.language):
            return
        found = read_hours(clause.text, self.language, asked=False)
        if found is None or (role is None and found.per_day is None and found.per_week is None and found.days is None):
            return
        if found.per_week is not None and not FEWEST_A_WEEK <= found.per_week[1] <= MOST_A_WEEK:
            return
        known = self.hours.get(self.job, HoursRead())
        number = found.number if role == "work" else None
        per_day = found.per_day or (number if number and number[1] <= 18 else None)
        self.hours[self.job] = HoursRead(known.per_day or per_day, known.days or found.days, known.per_week or found.per_week, None)
        self.words = clause.text

    def _keep_hours(self, job: int, hours: HoursRead) -> None:
        path = f"work[{job}]."
        vague = hours.per_day is not None and hours.per_day[1] - hours.per_day[0] > VAGUE_HOURS
        if hours.week is not None:
            self.story.add(path + "hours_per_week", number_value(hours.week), self.words, not vague)
        elif hours.per_day is not None:
            self.story.add(path + "hours_per_day", number_value(hours.per_day), self.words, not vague)
        elif hours.days is not None:
            self.story.add(path + "days_per_week", number_value(hours.days), self.words)


def _is_age(clause: ParsedClause) -> bool:
    return clause.value("age", guess=True) is not None
