"""What a text says of the case, clause by clause: choices from the labels Rasa gave it, amounts, hours and days by the readers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from actions.readers.lexicon import is_unspaced, keeps_accents, pattern, plain_form
from actions.readers.numbers import small_numbers
from actions.story.labels import ENTRY, FACTS, FORM_OF_SECTOR, JOB, LISTS
from actions.story.pay import PayReading
from actions.story.places import Place
from actions.story.reading import Story, Told
from actions.story.values import ADULT_AGE, date_value, read_age
from actions.story.when import TimeReading
from actions.story.whose import names_the_writer
from calculator.case.values import read_date_range
from calculator.dates import DateRange, add_months
from envelope import ClauseFact, ParsedClause, Understood

__all__ = ["Story", "Told", "read_story"]

MOST_CHILDREN = 15
#: The question to which a number that stands alone is an age.
ASKS_AGE = "chat.adult"
#: What a no about something else is easily read as, and work that nobody wants to be taken for.
MUST_BE_SURE = frozenset(
    {"violence=none", "locked=no", "debt=no", "papers=not_taken", "children=none", "live_in=no", "permit_to_work=no", "sector=sex"}
    | {"marital=single", "status=eu", "status=citizen", "status=asylum"}
)
#: What a clause of a number and a word or two may say.
OF_NUMBERS = frozenset({"hours", "money", "time", "age", "children", "about"})
FEW_WORDS = 3


def read_story(
    parse: Understood, text: str, language: str, today: date, country: str | None, asked: str | None = None, helper: bool = False
) -> Story:
    """What a text says. `country` is that of the conversation; `asked` the fact of the question that is open; `helper`: it is written for
    somebody else, so that "she" is the person it is about."""
    return _Reader(parse, text, language, today, country, asked, helper).read()


class _Reader(PayReading, TimeReading):
    def read(self) -> Story:
        for clause in self.clauses:
            if not self._asks_to_delete(clause):
                self._clause(clause)
        for job, hours in self.hours.items():
            self._keep_hours(job, hours)
        self._derive()
        self._only_days()
        return self.story

    def _asks_to_delete(self, clause: ParsedClause) -> bool:
        """ "Delete all I wrote" tells nothing; what stands beside it does. Alone it has the wish of the whole message."""
        return self.deletes and (clause.intent or "delete_data") == "delete_data"

    def _clause(self, clause: ParsedClause) -> None:
        clause = self._believable(clause)
        about = self.whose.get(clause.text) or clause.value("about", guess=self.of_others)
        if about == "other_person":
            self.story.of_others = True
            about = None if self.helper else about
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
                self._add(said[0], said[1], clause.text, fact.sure or self._likely(fact))
            elif fact.group in LISTS:
                self._add(LISTS[fact.group], [fact.value], clause.text, fact.sure or self._likely(fact))
        self._money(clause)
        self._time(clause)
        self._hours(clause)
        self._person(clause)
        if clause.value("now") != "still" and clause.value("now", guess=True) == "still":
            self.perhaps = True
        self.over = self.over or clause.value("now", guess=True) == "left" or clause.value("how_ended") is not None
        self._protect(clause)

    @staticmethod
    def _believable(clause: ParsedClause) -> ParsedClause:
        """A clause without what so few words cannot say: "3/2024" names a day, never a kind of work; "yes" is no question."""
        words = re.findall(r"[^\W\d_]+", clause.text)
        if not words:
            return replace(clause, facts=())
        if len(words) < FEW_WORDS and re.search(r"\d", clause.text):
            return replace(clause, facts=tuple(f for f in clause.facts if f.group in OF_NUMBERS))
        if len(words) == 1 and not is_unspaced(clause.text):
            return replace(clause, facts=tuple(f for f in clause.facts if f.group != "about"))
        return clause

    def _likely(self, fact: ClauseFact) -> bool:
        """A value that is only guessed counts beside an answer and in a whole story: both are surely about the writer, and it is said back.
        A denial must be sure, and what would shame or frighten if it were not so."""
        return (bool(self.asked) or self.own) and fact.group != "forms" and f"{fact.group}={fact.value}" not in MUST_BE_SURE

    def _protect(self, clause: ParsedClause) -> None:
        """It goes on, she is not safe, she is under 18: where that is sure."""
        self.story.ongoing = self.story.ongoing or clause.value("now") == "still"
        self.story.unsafe = self.story.unsafe or clause.value("now") == "unsafe"
        self._age(clause, clause.value("age"))

    def _age(self, clause: ParsedClause, label: str | None) -> None:
        """How old somebody is now; how old they were then ("when I was 15") is asked."""
        accents = keeps_accents(clause.text, self.language)
        if label not in ("mine", "minor"):
            return
        age = read_age(clause.text, self.language)
        if pattern("was_then", self.language, accents).search(plain_form(clause.text, accents, self.language)):
            self.age_then = age
            return
        if self.helper and self.asked != ASKS_AGE and age is not None and age >= ADULT_AGE and names_the_writer(clause.text, self.language):
            # "I am 45, and my client ...": not the age of the person it is about.
            return
        self.story.age = age if age is not None else self.story.age
        if label == "minor" and age is None or age is not None and age < ADULT_AGE:
            self.story.minor = True

    def _place(self, place: Place, words: str) -> None:
        if place.role == "here":
            if self.here is not None and place.country != self.here:
                if not place.sure:
                    # Perhaps another country: too little to tell her pay and hours apart by it.
                    return
                known = self.story.told.get(ENTRY.format(e=self.entry) + "country")
                if known is not None and not known.sure:
                    # The first was only a guess: "my client from Brazil was made to work in Cork".
                    del self.story.told[known.path]
                else:
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

    def _person(self, clause: ParsedClause) -> None:
        label = clause.value("age", guess=True)
        if label is None and re.fullmatch(r"\W*[1-6]\d\W*", clause.text) and "person.nationalities" in self.story.told:
            # "I am Colombian, 27."
            label = "mine"
        if label is None and self.asked == ASKS_AGE and re.search(r"(?<!\d)\d{2}(?!\d)", clause.text) and len(clause.text.split()) <= FEW_WORDS:
            # "Yes, 26".
            label = "mine"
        # "Under 18" without an age must be sure.
        self._age(clause, "mine" if label == "minor" and clause.value("age") is None else label)
        if clause.value("children", guess=True) == "mine":
            numbers = small_numbers(clause.text, self.language, MOST_CHILDREN)
            if len(numbers) == 1:
                self._add("person.dependants", numbers[0], clause.text, clause.value("children") is not None)

    def _only_days(self) -> None:
        """Outside the questions a day alone is no fact of the case, nor that there is a boss: "on 3 May" may be anything."""
        told = self.story.told
        bare = (".start", ".end", ".offender_relation", *((".country", ".region", ".locality") if self.of_others else ()))
        if not self.asked and not any(fact.sure and not path.endswith(bare) for path, fact in told.items()):
            for path, fact in told.items():
                told[path] = replace(fact, sure=False)

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
        if self.age_then is not None and self.story.age is None and start_path in told and told[start_path].sure:
            self._now_from_then(self.age_then, read_date_range(told[start_path].value))
        if self.story.length is not None and start_path not in told and self.story.ongoing:
            low, high = self.story.length
            first, last = add_months(self.today, -int(high) - (high % 1 > 0)), add_months(self.today, -int(low))
            self.story.add(start_path, date_value(DateRange(first.replace(day=1), max(first, last))), "", sure=False)
        if any(path.startswith("work[") for path in told) and self.here is not None:
            job = f"work[{self.first_job}].country"
            if job not in told and self.entry == 0:
                self.story.add(job, self.here, "")
