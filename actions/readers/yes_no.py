"""Yes and no as people write them: a word that a text begins or ends with, and sentences that say it without either word: "I filed a
complaint", "nobody knows", "I turned 18 in May". Pure: no intent and no clause is looked at here."""

from __future__ import annotations

import re
from functools import cache

from actions.readers.lexicon import entries, is_unspaced, keeps_accents, one_of, pattern, plain_form
from actions.readers.numbers import digits_for_words
from actions.readers.units import unit_pattern
from calculator.translation import base_language

#: Lists of short answers that say nothing, and what they are kept as.
UNSAID = {"dont_know": "unknown", "skip": "declined"}
#: Signs of an answer in a script without spaces that may be yes or no with a little more.
LONGEST_UNSPACED = 12
#: Languages whose word for no also says that there is none ("документов нет"): at the end of a text it answers only behind a comma.
_NO_IS_NONE = frozenset({"ru", "uk", "tr", "zh", "vi", "ar"})
#: Words of a text at whose end a yes or no counts: more of them tell a story.
LONGEST_CLOSING = 14
#: Characters before a word for telling the police in which a "not" denies it.
_NEAR = 30
ADULT_AGE, YOUNGEST, OLDEST = 18, 5, 95


def opening(text: str, language: str) -> tuple[str, bool] | None:
    """Which short answer a text begins with (`yes`, `no`, `dont_know`, `skip`), by the longest phrase, and whether it says nothing else."""
    accents = keeps_accents(text, language)
    plain = _words_of(text, language, accents)
    found: dict[int, set[str]] = {}
    for key in ("yes", "no", *UNSAID):
        for word in entries(key, language, accents):
            if (
                plain == word
                or plain.startswith(f"{word} ")
                or is_unspaced(word)
                and plain.startswith(word)
                and (key in UNSAID or len(plain) <= LONGEST_UNSPACED)
            ):
                found.setdefault(len(word), set()).add(key)
    keys = found[max(found)] if found else set()
    return (keys.pop(), max(found) == len(plain)) if len(keys) == 1 else None


def _words_of(text: str, language: str, accents: bool) -> str:
    return " ".join(re.sub(r"[^\w'\s]", " ", plain_form(text, accents, language)).split())


def yes_or_no_word(text: str, language: str) -> bool | None:
    """Whether a text is, or begins with, a word for yes or no; None when it does neither, or both, or "I don't want to say"."""
    said = opening(text, language)
    return said[0] == "yes" if said is not None and said[0] in ("yes", "no") else None


def closing(text: str, language: str) -> bool | None:
    """Whether a text, or its first part, ends with a word for yes or no: "they would kill me so no", "not to the police no, only to a nun"."""
    accents = keeps_accents(text, language)
    plain = plain_form(text, accents, language)
    if len(plain.split()) > LONGEST_CLOSING:
        return None
    parts = [part for part in re.split(r"[,.;!?]", plain) if part.strip()]
    said: set[bool] = set()
    for answer, key in ((True, "yes"), (False, "no")):
        words = _long_words(key, language, accents)
        for part in {parts[0], parts[-1]} if parts else ():
            whole = re.fullmatch(rf"\s*(?:{words})\s*", part)
            ends = re.search(rf"\s(?:{words})\s*$", part) and (answer or base_language(language) not in _NO_IS_NONE)
            if whole or ends:
                said.add(answer)
    if len(said) != 1 or True in said and denies(text, language):
        # "I don't know exactly" ends with a word for yes in some languages.
        return None
    return said.pop()


@cache
def _long_words(key: str, language: str, accents: bool) -> str:
    """The words for yes or no of more than one letter, as a pattern."""
    return one_of([word for word in entries(key, language, accents) if len(word) > 1])


def denies(text: str, language: str) -> bool:
    """Whether a text has a word such as not, never, nobody."""
    accents = keeps_accents(text, language)
    return bool(pattern("negation", language, accents).search(plain_form(text, accents, language)))


def asks_back(text: str, language: str) -> bool:
    """Whether a text asks why, or what would happen, instead of answering."""
    accents = keeps_accents(text, language)
    return bool(pattern("questions", language, accents).search(plain_form(text, accents, language)))


def keeps_age(text: str, language: str) -> bool:
    """Whether somebody speaks of an age without telling it: "I won't say my age"."""
    accents = keeps_accents(text, language)
    plain = digits_for_words(text, language, accents)
    return bool(pattern("own_age", language, accents).search(plain)) and not re.search(r"\d", plain)


def told_police(text: str, language: str) -> bool | None:
    """Whether a text says that the police was told, or that nobody was, or that its writer did not dare; None when it says neither, or both."""
    accents = keeps_accents(text, language)
    plain = plain_form(text, accents, language)
    if re.match(rf"\W*(?:{pattern('nobody_word', language, accents).pattern})", plain):
        return False
    nobody, refused, feared = (pattern(key, language, accents).search(plain) for key in ("told_nobody", "not_reported", "held_back"))
    negation = pattern("negation", language, accents)
    done = [m for m in pattern("reported", language, accents).finditer(plain)]
    if not done and (verb := pattern("tell_verb", language, accents).search(plain)) and pattern("police_word", language, accents).search(plain):
        done = [verb]
    told = any(not negation.search(plain[max(0, m.start() - _NEAR) : m.start()]) for m in done)
    behind = any(negation.search(plain[m.end() : m.end() + _NEAR]) for m in done) and not pattern("but", language, accents).search(plain)
    if told and (nobody or refused or feared or behind):
        # "I told the police but was too afraid": which counts is asked.
        return None
    if told:
        return True
    return False if nobody or refused or feared or done else None


def is_of_age(text: str, language: str) -> bool | None:
    """Whether somebody says to be 18 or older by an age of now; None when no age of now is told.

    "I was 17 then and am 19 now" is of age, "I was 17 then" says nothing of now.
    """
    accents = keeps_accents(text, language)
    plain = digits_for_words(text, language, accents)
    if not re.search(r"\d", plain):
        grown = pattern("adults", language, accents).search(plain)
        if grown and pattern("negation", language, accents).search(plain[max(0, grown.start() - _NEAR // 2) : grown.start()]):
            # "I am not of age yet"
            return False
    numbers = re.finditer(r"(?<![\d.,:/])(\d{1,2}(?:\.5)?)(?![\d:,/]|\.\d)", plain)
    ages = [(float(m[1]), m.start()) for m in numbers if YOUNGEST <= float(m[1]) <= OLDEST]
    turned = pattern("turned", language, accents).search(plain)
    turning = pattern("turning", language, accents).search(plain)
    now, then = pattern("now_word", language, accents), pattern("was_then", language, accents)
    years = unit_pattern(language, "year", accents).pattern
    halves = "|".join(pattern(key, language, accents).pattern for key in ("and_half", "half"))
    half_more = rf"\s*(?:(?:{years})|岁|歲|tuổi|tuoi|سنه)?\s*(?:{halves})"
    and_a_half = re.search(rf"18{half_more}", plain)
    if len(ages) == 1 and (ADULT_AGE < ages[0][0] < ADULT_AGE + 1 or and_a_half):
        return True
    if len(ages) == 1 and not then.search(plain) and (ages[0][0] % 1 or re.match(rf"\d\d{half_more}", plain[ages[0][1] :])):
        # "Seventeen and a half"
        return ages[0][0] >= ADULT_AGE
    if ADULT_AGE in {age for age, _ in ages} and turned and not turning and not denies(text, language):
        return True
    lately = any(pattern(key, language, accents).search(plain) for key in ("last_week", "last_month", "yesterday", "today", "this_month"))
    if len(ages) == 1 and ages[0][0] == ADULT_AGE and lately and not turning and not denies(text, language):
        # "Eighteen since last week"
        return True
    if len(ages) == 2 and ages[0][0] == ADULT_AGE - 1 and ages[1][0] == ADULT_AGE:
        nearly = "|".join(pattern(key, language, accents).pattern for key in ("nearly", "turning"))
        if re.search(nearly, plain[ages[0][1] + 2 : ages[1][1] + 4]):
            # "17 going on 18"
            return False
    if len(ages) == 2:
        of_now = [age for age, at in ages if now.search(plain[max(0, at - 14) : at]) and not then.search(plain[max(0, at - 14) : at])]
        past = [age for age, at in ages if then.search(plain[max(0, at - 22) : at])]
        if len(of_now) == 1 and of_now[0] != ADULT_AGE:
            return of_now[0] > ADULT_AGE
        if len(past) == 1 and past[0] == ages[0][0] and ages[1][0] > ages[0][0]:
            return ages[1][0] > ADULT_AGE if ages[1][0] != ADULT_AGE else None
    return None


def was_age(text: str, language: str) -> bool:
    """Whether the only age of a text is one of the past: "I was 17 then"."""
    accents = keeps_accents(text, language)
    plain = digits_for_words(text, language, accents)
    ages = list(re.finditer(r"(?<![\d.,:/])(\d{1,2})(?![\d:,/]|\.\d)", plain))
    if len(ages) != 1:
        return False
    before = plain[max(0, ages[0].start() - 14) : ages[0].start()]
    return bool(pattern("was_then", language, accents).search(before)) and not pattern("now_word", language, accents).search(plain)
