"""A typed answer read by the type of the fact that was asked: its value, a doubt about it, or nothing. A reader refuses to guess."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from actions.interview.ask import ADULT, COUNTRY, MORE_WORK, WORK_COUNTRY, choices
from actions.interview.facts import said_yes_or_no
from actions.readers.choices import read_choice
from actions.readers.currencies import MoneyRead, of_country
from actions.readers.dates import read_date, read_times
from actions.readers.hours import HoursRead, read_hours
from actions.readers.lexicon import keeps_accents, pattern, plain_form
from actions.readers.money import nothing_words, read_money, says_nothing
from actions.readers.numbers import digits_for_words, read_number
from actions.readers.yes_no import UNSAID, asks_back, closing, denies, is_of_age, keeps_age, opening, told_police, was_age, yes_or_no_word
from actions.story.labels import FACTS, LISTS
from actions.story.values import ADULT_AGE, date_value, money_value, number_value, read_age
from actions.topics.country import read_country
from actions.turn import Turn
from calculator.case.paths import get
from calculator.dates import add_months
from calculator.engine.result.questions import definition_of, general_path
from calculator.translation import base_language
from calculator.vocabulary import FactDefinition
from calculator.wording import western_digits

UNREAD = object()
#: Languages in which the word for no also makes a sentence a denial.
NO_IS_NOT = frozenset({"es", "pt", "ro", "pl", "bg", "ar", "vi", "zh"})
#: More hours a week, or pay a month (in whole currency), are asked about once and then believed.
MOST_HOURS, MOST_A_MONTH = 112, 15_000
_A_MONTH: dict[str, Decimal | int] = {"hour": 240, "day": 30, "week": Decimal("4.345"), "month": 1, "total": 0}
#: Countries in which everybody who writes English reads 03/04/23 alike.
DAY_OR_MONTH_FIRST = frozenset({"US", "GB", "IE"})
_EITHER_WAY = re.compile(r"(?<![\d./-])(?!(\d\d?)[./-]\1[./-])(?:0?[1-9]|1[0-2])/(?:0?[1-9]|1[0-2])/(?:20)?\d\d(?!\d)")
#: A number up to here beside a year of birth is its month.
MONTHS = 12
#: Days of a month, at most.
LONGEST_MONTH = 31
REPORTED = "procedure.reported_to_police"
#: Words of a plain "I don't know": a longer text says more than that.
LONGEST_UNSAID = 10
#: Words of "I never counted": a longer text that has "too much" in it speaks of something else.
LONGEST_LOST, MOST_BESIDE_LOST = 8, 2


@dataclass(slots=True)
class Read:
    """`value`: what the text gives to the fact, or UNREAD. `doubt`: why it is asked about first. `beside`: facts told with it."""

    value: Any = UNREAD
    doubt: str | None = None
    beside: dict[str, Any] = field(default_factory=dict)


def read_answer(turn: Turn, fact: str, text: str) -> Read:
    """What a text says about a fact."""
    definition = definition_of(fact)
    if fact in (COUNTRY, WORK_COUNTRY):
        return Read(turn.entities.get("country") or read_country(text, turn.language) or UNREAD)
    if fact == ADULT and re.search(r"[{}\\/<>]", text):
        # No sentence of a person: nothing in it says how old somebody is.
        return Read()
    if fact == ADULT:
        age = read_age(text, turn.language)
        born = {"person.birth_year": born_in(turn, age)} if age is not None else {}
        return Read(_adult(turn, text), beside=born)
    if fact == MORE_WORK:
        return Read(_yes_no(turn, text))
    if definition is None or not text.strip():
        return Read()
    if general_path(fact) == "work[].hours_per_week":
        return _hours(turn, fact, text)
    if choices(turn, definition):
        return Read(_choice(turn, definition, text))
    reader = _READERS.get(definition.type)
    if reader is None:
        return Read()
    said = opening(text, turn.language)
    if said is not None and said[0] in UNSAID and (told := _behind_but(text, turn.language)):
        # "I don't know the day, but it was in August": what follows may be the answer.
        read = reader(turn, fact, told)
        return read if read.value is not UNREAD else Read(beside=read.beside)
    if said is not None and said[0] in UNSAID and not re.search(r"\d", digits_for_words(text, turn.language)):
        # "I don't remember the day or the year": the year in it is none.
        return Read(turn.today.isoformat()) if fact.endswith("end") and _goes_on(turn, text) else Read()
    return reader(turn, fact, text)


def _behind_but(text: str, language: str) -> str:
    """What a text says behind its first "but"; nothing when it has none."""
    accents = keeps_accents(text, language)
    plain = plain_form(text, accents, language)
    found = re.search(rf"\s(?:{pattern('but', language, accents).pattern})\s", plain)
    return plain[found.end() :] if found else ""


def unsaid(turn: Turn, text: str, listed: bool = False) -> str | None:
    """`unknown` or `declined` when a short text only says that; None otherwise. `listed`: only by the words of the lexicon."""
    if len(text.split()) > LONGEST_UNSAID or re.search(r"\d", digits_for_words(text, turn.language)):
        return None
    said = opening(text, turn.language)
    if said is not None and said[0] in UNSAID and (said[1] or not listed):
        return UNSAID[said[0]]
    if (said is None or said[0] == "no") and _lost_count(turn, text, MOST_BESIDE_LOST if listed else LONGEST_LOST):
        return "unknown"
    return None if listed else UNSAID.get(turn.intent)


def _lost_count(turn: Turn, text: str, most: int) -> bool:
    """Whether an answer about a number or a time says that nobody counted: "too many", "there was no clock"."""
    definition = definition_of(turn.asked or "")
    if definition is None or definition.type not in ("number", "date"):
        return False
    accents = keeps_accents(text, turn.language)
    plain = plain_form(text, accents, turn.language)
    rest, found = pattern("lost_count", turn.language, accents).subn(" ", plain)
    return found > 0 and len(re.findall(r"\w+", rest)) <= most


def _yes_no(turn: Turn, text: str) -> Any:
    said = said_yes_or_no(turn)
    if said is not None:
        return said
    begins = opening(text, turn.language)
    ends = closing(text, turn.language)
    if begins is not None and begins[0] in ("yes", "no") and ends is (begins[0] == "no"):
        # It begins with one and ends with the other.
        return UNREAD
    if begins is not None:
        # "I don't know my age" begins with a word for no in many languages; the longer phrase is meant.
        return UNREAD if begins[0] in UNSAID else begins[0] == "yes"
    if asks_back(text, turn.language):
        return UNREAD
    if ends is not None:
        return ends
    if turn.intent in ("affirm", "deny"):
        return turn.intent == "affirm"
    return UNREAD


def born_in(turn: Turn, age: int) -> dict[str, str]:
    """The two years in which somebody of an age can be born."""
    return {"low": str(turn.today.year - age - 1), "high": str(turn.today.year - age)}


def _adult(turn: Turn, text: str) -> Any:
    if (of_age := is_of_age(text, turn.language)) is not None:
        return of_age
    if was_age(text, turn.language) or keeps_age(text, turn.language):
        return UNREAD
    age = read_age(text, turn.language)
    begins = yes_or_no_word(text, turn.language)
    accents = keeps_accents(text, turn.language)
    if age == ADULT_AGE and not re.fullmatch(r"\W*18\W*", text) and begins is not True:
        # "18 in May" is not yet; only a clear no is read.
        later = pattern("turning", turn.language, accents).search(plain_form(text, accents, turn.language))
        return False if begins is False or later else UNREAD
    grown = pattern("adults", turn.language, accents).search(plain_form(text, accents, turn.language)) and not denies(text, turn.language)
    born = re.search(r"(?<!\d)(19[3-9]\d|20[01]\d)(?!\d)", western_digits(text))
    if born and turn.today.year - int(born[1]) < YOUNGEST_WRITER:
        born = None
    if born and age is not None and age <= MONTHS and turn.today.year - int(born[1]) > MONTHS:
        # "Born in the 7th month of 1995"
        age = None
    if age is not None:
        # "My daughter is 12 but I am grown": the age is somebody else's.
        return age >= ADULT_AGE or bool(grown)
    if born and turn.today.year - int(born[1]) != ADULT_AGE:
        return turn.today.year - int(born[1]) > ADULT_AGE
    if (of_age := _of_age_by_birth(turn, text)) is not None:
        return of_age
    plain = plain_form(text, accents, turn.language)
    if pattern("minors", turn.language, accents).search(plain):
        rest = pattern("minors", turn.language, accents).sub(" ", plain)
        if begins is False and (base_language(turn.language) not in NO_IS_NOT or re.match(r"\w+\s*[,.;!]", plain)):
            rest = re.sub(r"^\W*\w+", "", rest)
        # "I am not a minor" is asked again.
        return UNREAD if denies(rest, turn.language) else False
    if grown and begins is not False:
        return True
    if any(c.value("age") == "minor" for c in turn.understood.clauses):
        return False
    return _yes_no(turn, text)


def _of_age_by_birth(turn: Turn, text: str) -> bool | None:
    """Whether somebody who tells the month or day of a birth is 18 today; None when no such time is told, or the birthday may be near."""
    months_first = turn.country == "US"
    points = read_times(text, turn.language, turn.today, months_first).points
    # "I work here since May 2019" is no birth of somebody who writes.
    youngest = turn.today.year - YOUNGEST_WRITER
    told = [p.when for p in points if p.of_year is None and p.yearless is None and p.when.latest.year <= youngest]
    days = [when for when in told if (when.latest - when.earliest).days <= LONGEST_MONTH]
    if len(days) != 1:
        return None
    first, last = (add_months(day, ADULT_AGE * 12) for day in (days[0].earliest, days[0].latest))
    return True if last <= turn.today else False if first > turn.today else None


def _labelled(turn: Turn, general: str, sure: bool = False) -> Any:
    """What the clauses of the message say about a fact, the surest first; UNREAD when nothing. `sure`: guesses do not count."""
    found: list[tuple[float, Any]] = []
    for clause in turn.understood.clauses:
        for said in clause.facts:
            path, value = FACTS.get((said.group, said.value), ("", None))
            if said.group in LISTS:
                path, value = LISTS[said.group], said.value
            if general_path(path.format(e=0, w=0)) == general and (said.sure or not sure):
                found.append((said.score, value))
    return max(found, key=lambda item: item[0])[1] if found else UNREAD


def _yes_no_fact(turn: Turn, fact: str, text: str) -> Read:
    labelled, word = _labelled(turn, general_path(fact), sure=True), yes_or_no_word(text, turn.language)
    if general_path(fact) == REPORTED and not asks_back(text, turn.language):
        told = told_police(text, turn.language)
        if told is not None and (not isinstance(labelled, bool) or labelled is told):
            return Read(told) if word in (None, told) else Read()
    if isinstance(labelled, bool):
        # "Yes" beside words that say no is asked again.
        return Read(labelled) if word in (None, labelled) else Read()
    if word is None and isinstance(guess := _labelled(turn, general_path(fact)), bool) and guess is not denies(text, turn.language):
        # The question itself makes a guess likelier, where the little words agree with it.
        return Read(guess)
    return Read(_yes_no(turn, text))


def _choice(turn: Turn, definition: FactDefinition, text: str) -> Any:
    answers = choices(turn, definition)
    options = [(value, turn.translate(title)) for value, title in answers.items()]
    options += [(value, title) for value, title in answers.items()]
    chosen = read_choice(text, options[: len(answers)]) or read_choice(text, options)
    if chosen is None and (labelled := _labelled(turn, definition.path)) in answers:
        chosen = labelled
    if chosen is None and "none" in answers and _yes_no(turn, text) is False:
        chosen = "none"
    if chosen is None:
        return UNREAD
    return [chosen] if definition.type == "choices" else chosen


def _date(turn: Turn, fact: str, text: str) -> Read:
    if base_language(turn.language) == "en" and turn.country not in DAY_OR_MONTH_FIRST and _EITHER_WAY.search(text):
        # 03/04/23 is the third of April for some and the fourth of March for others: asked again, with words.
        return Read()
    last = fact.endswith("end")
    month_first = turn.country == "US"
    span = read_date(text, turn.language, turn.today, last=last, month_first=month_first)
    times = read_times(text, turn.language, turn.today, month_first)
    other = times.of("begin" if last else "end")
    twin = fact[: fact.rfind(".")] + (".start" if last else ".end")
    beside = {twin: date_value(other)} if other is not None and fact.rpartition(".")[2] in ("start", "end") else {}
    goes_on = _goes_on(turn, text)
    if last and span is None and goes_on:
        return Read(turn.today.isoformat(), beside=beside)
    if span is None:
        return Read(beside=beside)
    if not last and goes_on and other is None and fact.endswith(".start"):
        beside = {twin: turn.today.isoformat()}
    return Read(date_value(span), beside=beside)


def _goes_on(turn: Turn, text: str) -> bool:
    """Whether a text says that it has not ended."""
    accents = keeps_accents(text, turn.language)
    said = pattern("still", turn.language, accents).search(digits_for_words(text, turn.language, accents))
    return bool(said) or any(c.value("now") == "still" for c in turn.understood.clauses)


def _number(turn: Turn, fact: str, text: str) -> Read:
    if general_path(fact) == "person.birth_year":
        age = read_age(text, turn.language)
        span = read_date(text, turn.language, turn.today)
        if span is not None and span.earliest.year < turn.today.year - YOUNGEST_BIRTH:
            return Read(span.earliest.year)
        return Read(born_in(turn, age)) if age is not None else Read()
    if general_path(fact) == "work[].days_per_week":
        hours = read_hours(text, turn.language)
        if hours is not None and hours.days is not None:
            return Read(number_value(hours.days))
    found = read_number(text, turn.language)
    if found is None:
        return Read(0) if _yes_no(turn, text) is False else Read()
    return Read(number_value((found.low, found.high)))


#: Somebody who is asked about a year of birth is at least so old; of somebody who tells a year without being asked that is meant so.
YOUNGEST_BIRTH, YOUNGEST_WRITER = 5, 10


def _hours(turn: Turn, fact: str, text: str) -> Read:
    found = read_hours(text, turn.language)
    return Read() if found is None else hours_answer(fact, found)


def hours_answer(fact: str, found: HoursRead) -> Read:
    """Hours in whatever unit they were told, as the facts of the job."""
    job = fact.rpartition(".")[0]
    beside: dict[str, Any] = {}
    if found.per_day is not None:
        beside[f"{job}.hours_per_day"] = number_value(found.per_day)
    if found.days is not None:
        beside[f"{job}.days_per_week"] = number_value(found.days)
    week = found.week
    if week is not None:
        return Read(number_value(week), "implausible" if week[1] > MOST_HOURS else None, beside)
    if found.number is not None:
        return Read(number_value(found.number), "hours_unit", beside)
    return Read(beside=beside)


def _pay(turn: Turn, fact: str, text: str) -> Read:
    listed = general_path(fact) == "work[].paid"
    nothing, found = nothing_words(text, turn.language) > 1, read_money(text, turn.language)
    if found is not None:
        found = _in_its_currency(turn, fact, found)
    if nothing and (found is None or found.per is None):
        # "I paid 5000 for the journey and got not a cent": what has no period is no pay beside such words.
        found = None
    if found is None and (nothing or says_nothing(text, turn.language) or turn.intent == "deny" and _yes_no(turn, text) is False):
        return Read([] if listed else {"amount": "0", "per": "month"})
    if found is None or found.per == "piece":
        return Read()
    if found.high == 0:
        return Read([] if listed else {"amount": "0", "per": "month"})
    money = money_value(found)
    doubt = None
    if found.per is None:
        doubt = "per"
    elif found.high * Decimal(_A_MONTH[found.per]) > MOST_A_MONTH and (found.currency or "EUR") in ("EUR", "GBP", "USD", "CHF", "CAD"):
        doubt = "implausible"
    return Read([money] if listed else money, doubt)


def _in_its_currency(turn: Turn, fact: str, found: MoneyRead) -> MoneyRead:
    """The amount in the money that its name means where it was paid, else where she is from."""
    nations = get(turn.case, "person.nationalities")
    where = get(turn.case, f"{fact.partition('.')[0]}.country") if fact.startswith("work[") else None
    country = where if isinstance(where, str) and where not in UNSAID.values() else turn.country
    return of_country(found, country, nations if isinstance(nations, list) else ())


def _money(turn: Turn, fact: str, text: str) -> Read:
    found = read_money(text, turn.language)
    if found is None:
        return Read({"amount": "0"}) if says_nothing(text, turn.language) else Read()
    money = money_value(_in_its_currency(turn, fact, found))
    money.pop("per", None)
    return Read(money)


_READERS: dict[str, Callable[[Turn, str, str], Read]] = {
    "yes_no": _yes_no_fact,
    "date": _date,
    "number": _number,
    "pay": _pay,
    "pays": _pay,
    "money": _money,
}
