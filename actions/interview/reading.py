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
from actions.readers.dates import read_date, read_times
from actions.readers.hours import HoursRead, read_hours
from actions.readers.lexicon import entries, is_unspaced, keeps_accents, pattern, plain_form
from actions.readers.money import nothing_words, of_country, read_money, says_nothing
from actions.readers.numbers import digits_for_words, read_number
from actions.story.labels import FACTS, LISTS
from actions.story.values import ADULT_AGE, date_value, money_value, number_value, read_age
from actions.topics.country import read_country
from actions.turn import Turn
from calculator.engine.questions import definition_of, general_path
from calculator.translation import base_language
from calculator.vocabulary import FactDefinition
from calculator.wording import western_digits

UNREAD = object()
#: Languages in which the word for no also makes a sentence a denial.
NO_IS_NOT = frozenset({"es", "pt", "ro", "pl", "bg", "ar", "vi", "zh"})
#: Lists of short answers that say nothing, and what they are kept as.
_UNSAID = {"dont_know": "unknown", "skip": "declined"}
#: Signs of an answer in a script without spaces that may be yes or no with a little more.
LONGEST_UNSPACED = 12
#: More hours a week, or pay a month (in whole currency), are asked about once and then believed.
MOST_HOURS, MOST_A_MONTH = 112, 15_000
_A_MONTH: dict[str, Decimal | int] = {"hour": 240, "day": 30, "week": Decimal("4.345"), "month": 1, "total": 0}
#: Words of a plain "I don't know": a longer text says more than that.
LONGEST_UNSAID = 10


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
    said = _opening(text, turn.language)
    if said is not None and said[0] in _UNSAID and not re.search(r"\d", digits_for_words(text, turn.language)):
        # "I don't remember the day or the year": the year in it is none.
        return Read(turn.today.isoformat()) if fact.endswith("end") and _goes_on(turn, text) else Read()
    return reader(turn, fact, text)


def unsaid(turn: Turn, text: str, listed: bool = False) -> str | None:
    """`unknown` or `declined` when a short text only says that; None otherwise. `listed`: only by the words of the lexicon."""
    if len(text.split()) > LONGEST_UNSAID or re.search(r"\d", digits_for_words(text, turn.language)):
        return None
    said = _opening(text, turn.language)
    if said is not None and said[0] in _UNSAID and (said[1] or not listed):
        return _UNSAID[said[0]]
    return None if listed else _UNSAID.get(turn.intent)


def _yes_no(turn: Turn, text: str) -> Any:
    said = said_yes_or_no(turn)
    if said is not None:
        return said
    begins = yes_or_no_word(text, turn.language)
    if begins is not None:
        return begins
    if turn.intent in ("affirm", "deny"):
        return turn.intent == "affirm"
    return UNREAD


def yes_or_no_word(text: str, language: str) -> bool | None:
    """Whether a text is, or begins with, a word for yes or no; None when it does neither, or both, or "I don't want to say"."""
    said = _opening(text, language)
    return said[0] == "yes" if said is not None and said[0] in ("yes", "no") else None


def _opening(text: str, language: str) -> tuple[str, bool] | None:
    """Which short answer a text begins with (`yes`, `no`, `dont_know`, `skip`), by the longest phrase, and whether it says nothing else."""
    accents = keeps_accents(text, language)
    plain = " ".join(re.sub(r"[^\w'\s]", " ", plain_form(text, accents, language)).split())
    found: dict[int, set[str]] = {}
    for key in ("yes", "no", *_UNSAID):
        for word in entries(key, language, accents):
            if plain == word or plain.startswith(f"{word} ") or is_unspaced(word) and plain.startswith(word) and (
                    key in _UNSAID or len(plain) <= LONGEST_UNSPACED):
                found.setdefault(len(word), set()).add(key)
    keys = found[max(found)] if found else set()
    return (keys.pop(), max(found) == len(plain)) if len(keys) == 1 else None


def born_in(turn: Turn, age: int) -> dict[str, str]:
    """The two years in which somebody of an age can be born."""
    return {"low": str(turn.today.year - age - 1), "high": str(turn.today.year - age)}


def _adult(turn: Turn, text: str) -> Any:
    age = read_age(text, turn.language)
    begins = yes_or_no_word(text, turn.language)
    accents = keeps_accents(text, turn.language)
    if age == ADULT_AGE and not re.fullmatch(r"\W*18\W*", text) and begins is not True:
        # "18 in May" is not yet; only a clear no is read.
        later = pattern("turning", turn.language, accents).search(plain_form(text, accents, turn.language))
        return False if begins is False or later else UNREAD
    grown = pattern("adults", turn.language, accents).search(plain_form(text, accents, turn.language)) and not denies(text, turn.language)
    if age is not None:
        # "My daughter is 12 but I am grown": the age is somebody else's.
        return age >= ADULT_AGE or bool(grown)
    born = re.search(r"(?<!\d)(19[3-9]\d|20[01]\d)(?!\d)", western_digits(text))
    if born and turn.today.year - int(born[1]) != ADULT_AGE:
        return turn.today.year - int(born[1]) > ADULT_AGE
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
    if isinstance(labelled, bool):
        # "Yes" beside words that say no is asked again.
        return Read(labelled) if word in (None, labelled) else Read()
    if word is None and isinstance(guess := _labelled(turn, general_path(fact)), bool) and guess is not denies(text, turn.language):
        # The question itself makes a guess likelier, where the little words agree with it.
        return Read(guess)
    return Read(_yes_no(turn, text))


def denies(text: str, language: str) -> bool:
    """Whether a text has a word such as not, never, nobody."""
    accents = keeps_accents(text, language)
    return bool(pattern("negation", language, accents).search(plain_form(text, accents, language)))


def _choice(turn: Turn, definition: FactDefinition, text: str) -> Any:
    answers = choices(turn, definition)
    options = [(value, turn.translate(title)) for value, title in answers.items()]
    options += [(value, title) for value, title in answers.items()]
    chosen = read_choice(text, options[:len(answers)]) or read_choice(text, options)
    if chosen is None and (labelled := _labelled(turn, definition.path)) in answers:
        chosen = labelled
    if chosen is None and "none" in answers and _yes_no(turn, text) is False:
        chosen = "none"
    if chosen is None:
        return UNREAD
    return [chosen] if definition.type == "choices" else chosen


def _date(turn: Turn, fact: str, text: str) -> Read:
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


#: Somebody who answers is at least so old.
YOUNGEST_BIRTH = 5


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
        found = of_country(found, text, turn.country)
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


def _money(turn: Turn, fact: str, text: str) -> Read:
    found = read_money(text, turn.language)
    if found is None:
        return Read({"amount": "0"}) if says_nothing(text, turn.language) else Read()
    money = money_value(found)
    money.pop("per", None)
    return Read(money)


_READERS: dict[str, Callable[[Turn, str, str], Read]] = {
    "yes_no": _yes_no_fact, "date": _date, "number": _number, "pay": _pay, "pays": _pay, "money": _money}
