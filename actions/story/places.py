"""Which place a text names for what: where it happened, where the writer comes from, where they are now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from actions.readers.lexicon import keeps_accents, pattern, plain_form
from actions.readers.nationalities import read_nationality
from actions.readers.weekdays import weekdays
from actions.story.labels import OF_THE_WORK
from actions.story.whose import words as known
from envelope import ParsedClause, Understood

#: An article may stand between such a word and the place.
_ARTICLE = r"(?:\s+(?:the|der|den|dem|die|das|la|le|les|el|los|las|il|lo|de|het|a|o|os|as))?"
#: Little words before a place in our languages, that say that somebody came from it, and that they went to it or were in it.
_FROM = re.compile(
    r"(?:^|\s)(?:from|aus|von|vom|uit|van|de|del|des|du|d'|desde|dal|dalla|dall'|di|da|do|din|dinspre|nga|prej|z|ze|iz|из|с|з|із|від|от|od"
    r"|من|mn|men|frm|iz|ot|vid|nga|từ|tu)" + _ARTICLE + r"\s*$|[从從]$|来自$|來自$"
)
_TO = re.compile(
    r"(?:^|\s)(?:to|into|in|nach|im|bei|naar|te|à|a|au|aux|en|para|pra|em|no|na|nel|nella|la|în|in|ne|në|do|w|we|в|у|до|във|къде"
    r"|الى|إلى|في|ب|ل|f|b|v|u|ở|o|sang|qua|đến|den|às|at|near|bei|près de|cerca de|vicino a|koło|kolo|lângă|langa|край|под|під|pod"
    r"|afër|afer|gần|gan|قرب)" + _ARTICLE + r"\s*$|[到在去来來]$"
)
#: A clause of so few words names a place and nothing else.
ONLY_A_PLACE = 2
#: What beside the work shows that a place in the same clause is where it happened.
ALSO_HERE = OF_THE_WORK | {"now", "how_ended", "violence"}
#: Letters behind a name in which its country or its ending stands.
NEAR, LONGEST_ENDING = 8, 6
_TURKISH_FROM = re.compile(r"[dt][ae]n$", re.IGNORECASE)
Role = Literal["here", "origin", "now", "other"]


@dataclass(frozen=True, slots=True)
class Place:
    """A country, with its part and city where those were named."""

    country: str
    region: str | None
    city: str | None
    role: Role
    sure: bool


def places_of(parse: Understood, text: str, clauses: list[ParsedClause], language: str, country: str | None) -> dict[str, list[Place]]:
    """The places each clause names, by the clause's text."""
    found: dict[str, list[Place]] = {}
    named = [e for e in parse.entities if e["entity"] == "country" and isinstance(e.get("start"), int)]
    named = [e for e in named if _is_place(text[e["start"] : e["end"]], language)]
    cities = {e["start"] for e in parse.entities if e["entity"] == "city"}
    for entity in named:
        words = text[entity["start"] : entity["end"]]
        clause = next((c for c in clauses if words and words in c.text), None)
        if clause is None:
            continue
        beside_it = [e for e in named if text[e["start"] : e["end"]] in clause.text]
        if entity["start"] in cities and _is_overruled(entity, beside_it, text, cities):
            continue
        beside = {e["entity"]: e["value"] for e in parse.entities if e.get("start") == entity["start"]}
        role, sure = _role(clause, words, language, len(beside_it), text[entity["end"] : entity["end"] + LONGEST_ENDING])
        if role is None:
            # A country named beside a wish or a question is where help is looked for; it is no fact of the case.
            of_case = any(fact.group in OF_THE_WORK for fact in clause.facts)
            role = "here" if of_case else "other"
            sure = any(fact.group in OF_THE_WORK and fact.sure for fact in clause.facts) and entity["value"] == country
        found.setdefault(clause.text, []).append(Place(entity["value"], beside.get("region"), beside.get("city"), role, sure))
    for clause in clauses:
        label = clause.value("place", guess=True)
        if label == "origin" and all(place.role != "origin" for place in found.get(clause.text, ())):
            code = read_nationality(clause.text, language)
            if code is not None:
                found.setdefault(clause.text, []).append(Place(code, None, None, "origin", clause.value("place") == "origin"))
    return found


def _is_place(words: str, language: str) -> bool:
    """Whether words that are also the name of a far city mean a place: no day of the week, no month, no word of the language that is another."""
    accents = keeps_accents(words, language)
    plain = plain_form(words, accents, language)
    return plain not in weekdays(language, accents) and not known("no_place", language, accents).fullmatch(plain)


def _is_overruled(city: dict[str, Any], named: list[dict[str, Any]], text: str, cities: set[int]) -> bool:
    """Whether something else in the same clause says that a name is no city: another country by its name, or a city that is written large."""
    large = text[city["start"]].isupper()
    for other in named:
        near = 0 <= other["start"] - city["end"] <= NEAR
        if other["value"] != city["value"] and (near and other["start"] not in cities or not large and text[other["start"]].isupper()):
            return True
    return False


def _role(clause: ParsedClause, words: str, language: str, places: int, behind: str) -> tuple[Role | None, bool]:
    """What a place is for, and whether that is sure. `behind`: the letters behind it, with an ending of grammar."""
    accents = keeps_accents(clause.text, language)
    plain, name = plain_form(clause.text, accents, language), plain_form(words, accents, language)
    before = plain[max(0, plain.find(name) - 14) : max(0, plain.find(name))]
    label = clause.value("place")
    if places > 1:
        # From Warsaw to Berlin; "I am from Peru, came to Milan": the little word before each says what it is for.
        if _FROM.search(before) or language == "tr" and _TURKISH_FROM.search(words + behind.partition(" ")[0]):
            return "origin", label in ("origin", "here")
        if label == "origin" or _TO.search(before):
            return "here", True
    if label in ("here", "origin", "now", "other"):
        return label, True  # type: ignore[return-value]
    guess = clause.value("place", guess=True)
    if guess in ("here", "origin", "now"):
        return guess, places == 1 and guess == "here"  # type: ignore[return-value]
    placed = bool(_TO.search(before)) or len(plain.split()) <= ONLY_A_PLACE
    if guess is None and placed and any(f.group in ALSO_HERE and f.sure for f in clause.facts):
        # "I still work for them in Oslo": what happened is told with where it did.
        return "here", True
    before = plain[: max(0, plain.find(name))]
    if (
        guess is None
        and (placed or words[:1].isupper() or not words.isascii())
        and any(f.group in OF_THE_WORK and f.sure for f in clause.facts)
        and not re.search(rf"{pattern('since', language, accents).pattern}\s*(?:\S{{1,4}}\s+)?$", before)
    ):
        return "here", True
    return None, False
