"""What the words of an answer give away: the language they are in, and whose telephone numbers they hold."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.messages.mofile import read_mo

from actions.topics.rights import LAW, SOURCE
from calculator.api import contacts_by_country
from calculator.emergency import EUROPE
from calculator.translation import DOMAINS, LOCALES, languages, translator

#: A sentence with a placeholder is known by its beginning, when that is so long.
BEGINNING = 14
#: Shorter numbers may be anything; of those to call in danger the first line is looked at (invariants).
SHORTEST_NUMBER = 5
_ISOLATES = re.compile("[\u2066-\u2069\u200e\u200f]")
#: What only lawyers read stays English where the language is that of no office: in quotation marks.
_FOR_LAWYERS = re.compile("“[^”]*”")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|\bwww\.\S+|\S+\.(?:org|com|de|net|gov|eu|fr|uk)\S*")
#: Writing -> the languages whose answers stand in it.
WRITINGS = {"ARABIC": ("ar",), "CJK": ("zh",), "CYRILLIC": ("bg", "ru", "uk")}
#: Words of English that are no word of another language of ours; two of them in a line make it English. Names of offices and laws stay as
#: they are.
_ENGLISH = re.compile(r"\b(?:the|and|your|you|with|this|they|who)\b", re.IGNORECASE)


def said(language: str, text: str) -> str:
    """A source string in a language."""
    return translator(language, "chat", "law", "danger", "web")(text)


@cache
def _sources(language: str) -> dict[str, str]:
    """Line of a language -> the English line it is the translation of; lines with placeholders by their beginnings."""
    found: dict[str, str] = {}
    for source, text in _messages(language):
        found.setdefault(text.partition("\n")[0].partition("{")[0][:BEGINNING], source.partition("\n")[0])
    return found


def _messages(language: str) -> Iterator[tuple[str, str]]:
    """Every source string with each of its forms in a language."""
    for domain in DOMAINS:
        with (LOCALES / language / "LC_MESSAGES" / f"{domain}.mo").open("rb") as file:
            for message in read_mo(file):
                source = message.id if isinstance(message.id, str) else message.id[0]
                forms = (message.string,) if isinstance(message.string, str) else message.string or ()
                yield from ((source, text) for text in forms if source and text)


def source_of(line: str, language: str) -> str:
    """The English of a line where it is known, so that one fault has one name in all languages."""
    return _sources(language).get(line[:BEGINNING], line[:40] if language == "en" else "a line of its own")


@cache
def _known() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Line -> languages it is a line of; the beginnings of lines with placeholders -> the same."""
    whole: dict[str, set[str]] = {}
    begun: dict[str, set[str]] = {}
    for language in languages():
        for _source, text in _messages(language):
            for line in text.splitlines():
                start, brace, _rest = line.partition("{")
                if not brace and len(line) > 3:
                    whole.setdefault(line, set()).add(language)
                elif len(start) >= BEGINNING:
                    begun.setdefault(start[:BEGINNING], set()).add(language)
    return ({line: frozenset(found) for line, found in whole.items()}, {line: frozenset(found) for line, found in begun.items()})


def languages_of(line: str) -> frozenset[str]:
    """The languages that a line of an answer may be in; none when it is not known."""
    whole, begun = _known()
    return whole.get(line) or (begun.get(line[:BEGINNING], frozenset()) if line not in whole else frozenset())


def language_of(text: str, now: str) -> str:
    """The language most known lines of a text are in; `now` where they may be in it, or none is known."""
    votes: Counter[str] = Counter()
    for line in text.splitlines():
        if line not in own_names():
            votes.update(languages_of(line))
    best = max(votes.values(), default=0)
    return now if votes[now] == best else votes.most_common(1)[0][0]


def foreign_lines(text: str, language: str) -> list[str]:
    """Lines that are in another language, by the catalogues or by their writing."""
    countries = set(Locale.parse(language).territories.values())
    found = [line for line in text.splitlines() if (known := languages_of(line)) and language not in known and line not in countries]
    writing = next((name for name, written in WRITINGS.items() if language in written), None)
    # Names of laws and of pages stay as they are.
    named = tuple(said(language, text).partition("{")[0] for text in (LAW, SOURCE))
    for line in text.splitlines():
        bare = _FOR_LAWYERS.sub("", _ADDRESS.sub("", line))
        own, other = _letters(bare, writing)
        english = language != "en" and len(_ENGLISH.findall(bare)) > 1
        if (english or writing is None and other > own) and not line.startswith(named):
            found.append(line)
    return list(dict.fromkeys(found))


def _letters(text: str, writing: str | None) -> tuple[int, int]:
    """(letters of the writing, other letters); for Latin: (Latin, others)."""
    names = Counter(unicodedata.name(sign, "?").split()[0] for sign in text if sign.isalpha())
    own = names[writing or "LATIN"]
    return own, sum(names.values()) - own


@cache
def own_names() -> dict[str, str]:
    """The name of each language in itself, as its button shows it -> code."""
    return {str(Locale.parse(code).get_display_name(code)).capitalize(): code for code in languages()}


@cache
def _owners() -> dict[str, frozenset[str]]:
    """Telephone number without spaces -> the countries it is a number of; "" for numbers that are told everywhere."""
    found: dict[str, set[str]] = {EUROPE: {""}}
    for country, contacts in contacts_by_country().items():
        for contact in contacts:
            if contact.number:
                found.setdefault(_digits(contact.number), set()).add(country)
    return {number: frozenset(owners) for number, owners in found.items()}


def _digits(number: str) -> str:
    return re.sub(r"[^\d+]", "", number)


@cache
def _written() -> re.Pattern[str]:
    """Any known number as it is written."""
    every = (c.number for contacts in contacts_by_country().values() for c in contacts)
    numbers = {number for number in every if number and len(_digits(number)) >= SHORTEST_NUMBER}
    return re.compile(r"(?<![\d+])(?:" + "|".join(re.escape(n) for n in sorted(numbers, key=lambda n: -len(n))) + r")(?!\d)")


def numbers_in(text: str) -> dict[str, frozenset[str]]:
    """The known numbers that stand in a text -> the countries they are of."""
    plain = _ISOLATES.sub("", text)
    return {number: _owners()[_digits(number)] for number in _written().findall(plain)}


@cache
def _places() -> list[tuple[str, str]]:
    """Names of countries and their time-zone cities in every language of ours -> code."""
    found: dict[str, str] = {}
    for language in languages():
        locale = Locale.parse(language)
        for code in contacts_by_country():
            found.setdefault(folded(str(locale.territories.get(code, code))), code)
            for zone in get_global("territory_zones").get(code, ()):
                city = locale.time_zones.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")
                found.setdefault(folded(str(city)), code)
    return [(name, code) for name, code in found.items() if len(name) > 1]


def places_in(text: str) -> set[str]:
    """Countries a text names, by a generous reading: declined names count ("в Германии", "Almanya'da")."""
    plain = folded(text)
    return {code for name, code in _places() if (name if len(name) < 6 else name[:-1]) in plain}


def folded(text: str) -> str:
    """Without accents, in lower case."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", text.casefold()) if unicodedata.category(sign) != "Mn")
    return unicodedata.normalize("NFC", plain)
