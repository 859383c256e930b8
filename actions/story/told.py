"""What a text says of the case, clause by clause: choices from the labels Rasa gave it, amounts, hours and days by the readers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from actions.readers.dates import Times, read_times
from actions.readers.hours import MOST_A_WEEK, HoursRead, read_hours
from actions.readers.lexicon import keeps_accents, pattern, plain_form
from actions.readers.money import MoneyRead, amounts, nothing_words, of_country, says_nothing
from actions.readers.numbers import digits_for_words, small_numbers
from actions.story.labels import ENTRY, FACTS, FORM_OF_SECTOR, JOB, LISTS, OF_THE_WORK
from actions.story.places import Place, places_of
from actions.story.values import ADULT_AGE, date_value, money_value, number_value, read_age
from calculator.case.values import read_date_range
from calculator.dates import DateRange, add_months, end_of_month, shift
from envelope import ParsedClause, Understood

#: Messages that tell something of the writer, as a whole.
TELLS = frozenset({"tell_story", "past_harm", "inform", "emergency", "correct_answer", "affirm", "deny"})
MOST_CHILDREN = 15
#: Characters before an amount in which "I got" belongs to it.
NEAR = 24


@dataclass(frozen=True, slots=True)
class Told:
    """A fact by its path, its value as the case file writes it, the words it was read from, and whether it is sure."""

    path: str
    value: Any
    words: str
    sure: bool = True


@dataclass
class Story:
    """Everything that was read from one text. `age` in years; `minor`, `ongoing`, `unsafe`: what protects; `length` in months."""

    told: dict[str, Told] = field(default_factory=dict)
    age: int | None = None
    minor: bool = False
    ongoing: bool = False
    unsafe: bool = False
    country: str | None = None
    length: tuple[Decimal, Decimal] | None = None

    def add(self, path: str, value: Any, words: str, sure: bool = True) -> None:
        """Keep a fact; a sure one is never replaced by a guess, lists are joined."""
        known = self.told.get(path)
        if known is not None and known.sure and not sure:
            return
        if known is not None and isinstance(known.value, list) and isinstance(value, list) and known.sure == sure:
            value = [*known.value, *(v for v in value if v not in known.value)]
        self.told[path] = Told(path, value, words, sure)


def read_story(parse: Understood, text: str, language: str, today: date, country: str | None, entry: int = 0, job: int = 0) -> Story:
    """What a text says. `country` is that of the conversation; `entry` and `job` say where in the case it belongs."""
    return _Reader(parse, text, language, today, country, entry, job).read()


class _Reader:
    def __init__(self, parse: Understood, text: str, language: str, today: date, country: str | None, entry: int, job: int) -> None:
        self.language, self.today, self.country = language, today, country
        self.entry, self.job, self.first_job = entry, job, job
        self.clauses = _merged(parse.clauses)
        #: A question or a wish: what is perhaps about somebody else counts as that.
        self.of_others = parse.intent not in TELLS
        self.places = places_of(parse, text, self.clauses, language, country)
        self.story = Story()
        self.hours: dict[int, HoursRead] = {}
        self.month_first = country == "US"
        self.here: str | None = None
        #: The first place of it all, for amounts that are told before it.
        self.first_here = next((p.country for places in self.places.values() for p in places if p.role == "here"), None)
        #: Jobs whose pay was told with a word such as "got".
        self.got: set[int] = set()
        self.since = False
        #: It perhaps goes on.
        self.perhaps = False
        self.over = False

    def read(self) -> Story:
        for clause in self.clauses:
            self._clause(clause)
        for job, hours in self.hours.items():
            self._keep_hours(job, hours)
        self._derive()
        return self.story

    def _clause(self, clause: ParsedClause) -> None:
        if not re.search(r"[^\W\d_]", clause.text):
            # "3/2024" names a day, never a kind of work.
            clause = replace(clause, facts=())
        about = clause.value("about", guess=self.of_others)
        if about is not None and about != "other_person":
            # "What can I do, I am 16": what protects is heard in a question too.
            self._protect(clause)
        if about is not None:
            # Somebody else, a question, a wish: no day, place or amount in it is the writer's.
            return
        for place in self.places.get(clause.text, ()):
            self._place(place, clause.text)
        self._next_job(clause)
        for fact in clause.facts:
            if (said := FACTS.get((fact.group, fact.value))) is not None:
                self._add(said[0], said[1], clause.text, fact.sure)
            elif fact.group in LISTS:
                self._add(LISTS[fact.group], [fact.value], clause.text, fact.sure)
        self._money(clause)
        self._time(clause)
        self._hours(clause)
        self._person(clause)
        if clause.value("now") != "still" and clause.value("now", guess=True) == "still":
            self.perhaps = True
        self.over = self.over or clause.value("now", guess=True) == "left" or clause.value("how_ended") is not None
        self._protect(clause)

    def _protect(self, clause: ParsedClause) -> None:
        """It goes on, she is not safe, she is under 18: where that is sure."""
        self.story.ongoing = self.story.ongoing or clause.value("now") == "still"
        self.story.unsafe = self.story.unsafe or clause.value("now") == "unsafe"
        self._age(clause, clause.value("age"))

    def _age(self, clause: ParsedClause, label: str | None) -> None:
        """How old somebody is now; how old they were then ("when I was 15") is asked."""
        accents = keeps_accents(clause.text, self.language)
        if label not in ("mine", "minor") or pattern("was_then", self.language, accents).search(plain_form(clause.text, accents, self.language)):
            return
        age = read_age(clause.text, self.language)
        self.story.age = age if age is not None else self.story.age
        if label == "minor" and age is None or age is not None and age < ADULT_AGE:
            self.story.minor = True

    def _add(self, path: str, value: Any, words: str, sure: bool = True) -> None:
        self.story.add(path.format(e=self.entry, w=self.job), value, words, sure)

    def _place(self, place: Place, words: str) -> None:
        if place.role == "here":
            if self.here is not None and place.country != self.here:
                # Another country has its own entry and its own job.
                self.entry += 1
                self.job += 1
            self.here = place.country
            self.story.country = self.story.country or place.country
            self._add(ENTRY + "country", place.country, words, place.sure)
            if place.region:
                self._add(ENTRY + "region", place.region, words, place.sure)
            if place.city:
                self._add(JOB + "locality", place.city, words, place.sure)
        elif place.role == "origin":
            self._add("person.nationalities", [place.country], words, place.sure)
        elif place.role == "now":
            self._add("person.residence_country", place.country, words, place.sure)

    def _next_job(self, clause: ParsedClause) -> None:
        """A clause that surely names another kind of work than before tells of another job."""
        sector = clause.value("sector")
        known = self.story.told.get(f"work[{self.job}].sector")
        if sector is None or known is None or not known.sure or known.value == sector:
            return
        if {sector, known.value} & {"other", "cleaning", "domestic", "care"}:
            # Cleaning in a hotel, care in a home: two words for one job.
            return
        self.job += 1
        self._add(JOB + "country", self.here or self.country, clause.text) if self.here or self.country else None

    def _money(self, clause: ParsedClause) -> None:
        role = clause.value("money", guess=True)
        sure_role = clause.value("money")
        accents = keeps_accents(clause.text, self.language)
        if says_nothing(clause.text, self.language) and role in ("paid", None):
            nothing = nothing_words(clause.text, self.language)
            if sure_role == "paid" or _about_pay(clause) or nothing > 1:
                # "Not a cent" is pay where the clause is about pay; "I have no money" is only a guess, and "nothing" alone may be anything.
                self._add(JOB + "paid", [], clause.text, sure_role == "paid" or nothing > 1 and role == "paid")
                return
        named = amounts(clause.text, self.language)
        if not named and sure_role is not None:
            # Without its currency an amount counts where the clause is about money and says for how long it is.
            named = [m for m in amounts(clause.text, self.language, bare=True, taken=self._times_of(clause)) if m.per is not None]
        digits = digits_for_words(clause.text, self.language, accents)
        previous = 0
        for found in (of_country(m, digits[m.place[0] : m.place[1]], self.here or self.country or self.first_here) for m in named):
            said, sure = self._role_of(digits[previous : found.place[0]], digits[found.place[1] :], role, sure_role, accents)
            previous = found.place[1]
            if said == "paid" and found.low > 0:
                # Whole, with its currency and for how long, it need not be asked again; a part of it is only a guess.
                sure = found.per is not None and (sure or found.currency is not None and role == "paid")
                by_word = bool(pattern("got", self.language, accents).search(digits[max(0, found.place[0] - NEAR) : found.place[0]]))
                known = self.story.told.get((JOB + "paid").format(e=self.entry, w=self.job))
                if known is not None and known.sure and known.value:
                    if not by_word or self.job in self.got:
                        # One job has one pay: what was "got" counts before another amount beside it.
                        continue
                    self.story.told.pop((JOB + "paid").format(e=self.entry, w=self.job))
                if by_word and sure:
                    self.got.add(self.job)
            self._amount(said, found, clause.text, sure)

    def _role_of(self, before: str, behind: str, role: str | None, sure_role: str | None, accents: bool) -> tuple[str, bool]:
        """What an amount is: by the nearer of the words for a promise and for what was got, else by what the clause is about."""
        promised, got, taken = (
            max((m.end() for m in pattern(key, self.language, accents).finditer(before)), default=-1) for key in ("promised", "got", "deducted")
        )
        if taken > max(promised, got) or role == "deduction" and _has(behind[:30], "deducted", self.language, accents):
            return "deduction", sure_role in (None, "deduction")
        if promised > got:
            return "promised", sure_role in (None, "promised", "paid")
        if got >= 0 and got > promised and role in ("promised", "paid", None):
            return "paid", sure_role != "promised"
        if role in ("paid", None) and promised < 0 and got < 0 and _has(behind[:24], "promised", self.language, accents):
            return "promised", False
        return role or "paid", sure_role is not None and role == sure_role

    def _times_of(self, clause: ParsedClause) -> tuple[tuple[int, int], ...]:
        times = read_times(clause.text, self.language, self.today, self.month_first)
        hours = read_hours(clause.text, self.language, asked=False)
        return (*((p.start, p.stop) for p in times.points), *((ln.start, ln.stop) for ln in times.lengths), *(hours.places if hours else ()))

    def _amount(self, role: str, found: MoneyRead, words: str, sure: bool) -> None:
        money = money_value(found)
        if found.per in ("piece",):
            return
        if role == "paid":
            self._add(JOB + "paid", [] if found.high == 0 else [money], words, sure)
        elif role == "promised":
            self._add(JOB + "agreed", money, words, sure)
        elif role == "deduction" and found.per is not None:
            self._add(JOB + "deductions", [{"kind": "other", **money}], words, sure)
        elif role == "fee":
            money.pop("per", None)
            self.story.add("losses", [{"kind": "recruitment_fee", **money}], words, sure)

    def _time(self, clause: ParsedClause) -> None:
        times = read_times(clause.text, self.language, self.today, self.month_first)
        label = clause.value("time", guess=True)
        of_work_surely = any(f.group in OF_THE_WORK and f.sure for f in clause.facts) or any(
            p.role == "here" for p in self.places.get(clause.text, ())
        )
        of_work = of_work_surely or label in ("begin", "end", "length")
        if label == "other" or clause.value("police") or clause.value("case") or clause.value("age"):
            return
        # "Still" alone is also "more" and "yet": a phrase says it, or the clause as a whole.
        goes_on = of_work_surely and times.still_words > 1 or clause.value("now", guess=True) == "still"
        if times.still and goes_on and not self._is_over(clause):
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
        if begin is None and free and label in ("begin", None) and of_work and not self._is_over(clause):
            begin = free.pop(0)
        if free and end is None and begin is None and label != "end" and self._is_over(clause):
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
        if end is not None and known is not None and known.sure and not self._is_over(clause):
            # "To this day they have not paid": the end that was told stays.
            end = None
        if begin is not None:
            self._add(ENTRY + "start", date_value(begin), clause.text, sure)
        if end is not None:
            self._add(ENTRY + "end", date_value(self._after_begin(end, times)), clause.text, sure or self._is_over(clause))
        if times.lengths and (label == "length" or of_work) and label != "other":
            length = times.lengths[0]
            if length.high < 15 * 12 and not _is_age(clause):
                self.story.length = (length.low, length.high)

    @staticmethod
    def _is_over(clause: ParsedClause) -> bool:
        return clause.value("how_ended", guess=True) is not None or clause.value("now") == "left"

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
        found = read_hours(clause.text, self.language, asked=False)
        if found is None or (role is None and found.per_day is None and found.per_week is None and found.days is None):
            return
        if found.per_week is not None and found.per_week[1] > MOST_A_WEEK:
            return
        known = self.hours.get(self.job, HoursRead())
        number = found.number if role == "work" else None
        per_day = found.per_day or (number if number and number[1] <= 18 else None)
        self.hours[self.job] = HoursRead(known.per_day or per_day, known.days or found.days, known.per_week or found.per_week, None)
        self.words = clause.text

    def _keep_hours(self, job: int, hours: HoursRead) -> None:
        path = f"work[{job}]."
        if hours.week is not None:
            self.story.add(path + "hours_per_week", number_value(hours.week), self.words)
        elif hours.per_day is not None:
            self.story.add(path + "hours_per_day", number_value(hours.per_day), self.words)
        elif hours.days is not None:
            self.story.add(path + "days_per_week", number_value(hours.days), self.words)

    def _person(self, clause: ParsedClause) -> None:
        label = clause.value("age", guess=True)
        if label is None and re.fullmatch(r"\W*[1-6]\d\W*", clause.text) and "person.nationalities" in self.story.told:
            # "I am Colombian, 27."
            label = "mine"
        # "Under 18" without an age must be sure.
        self._age(clause, "mine" if label == "minor" and clause.value("age") is None else label)
        if clause.value("children", guess=True) == "mine":
            numbers = small_numbers(clause.text, self.language, MOST_CHILDREN)
            if len(numbers) == 1:
                self._add("person.dependants", numbers[0], clause.text, clause.value("children") is not None)

    def _derive(self) -> None:
        """What follows from what was told: a form of exploitation from the work, an end from a length."""
        told = self.story.told
        for path, fact in list(told.items()):
            match = re.fullmatch(r"work\[(\d+)\]\.sector", path)
            if match and not any(p.endswith(".forms") and told[p].sure for p in told):
                form = FORM_OF_SECTOR.get(str(fact.value), "labour")
                self.story.add(f"exploitation[{self.entry}].forms", [form], fact.words, fact.sure)
        forms_path = f"exploitation[{self.entry}].forms"
        work = next(
            (f for p, f in told.items() if f.sure and p.startswith("work[") and p.endswith((".paid", "hours_per_week", "hours_per_day"))), None
        )
        if work is not None and (forms_path not in told or not told[forms_path].sure):
            # Somebody who tells of hours or of pay had to work; what else it was, its own words say.
            self.story.add(forms_path, ["labour"], work.words)
        end_path, start_path = f"exploitation[{self.entry}].end", f"exploitation[{self.entry}].start"
        if end_path in told:
            self.story.ongoing = False
        elif self.perhaps and not self.over:
            self.story.ongoing = True
        elif self.since and not self.over and not self.story.ongoing:
            self.story.add(end_path, self.today.isoformat(), "", sure=False)
        if self.story.length is not None and start_path not in told and self.story.ongoing:
            low, high = self.story.length
            first, last = add_months(self.today, -int(high) - (high % 1 > 0)), add_months(self.today, -int(low))
            self.story.add(start_path, date_value(DateRange(first.replace(day=1), max(first, last))), "", sure=False)
        if any(path.startswith("work[") for path in told) and self.here is not None:
            job = f"work[{self.first_job}].country"
            if job not in told and self.entry == 0:
                self.story.add(job, self.here, "")


def _merged(clauses: tuple[ParsedClause, ...]) -> list[ParsedClause]:
    """The clauses in order, each once."""
    seen: dict[str, ParsedClause] = {}
    for clause in clauses:
        seen.setdefault(clause.text, clause)
    return list(seen.values())


def _about_pay(clause: ParsedClause) -> bool:
    return any(f.group == "money" for f in clause.facts)


def _is_age(clause: ParsedClause) -> bool:
    return clause.value("age", guess=True) is not None


def _has(plain: str, key: str, language: str, accents: bool) -> bool:
    return bool(pattern(key, language, accents).search(plain))
