"""Which place a text names for what: where it happened, where the writer comes from, where they are now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from actions.readers.lexicon import keeps_accents, pattern, plain_form
from actions.readers.nationalities import read_nationality
from actions.story.labels import OF_THE_WORK
from envelope import ParsedClause, Understood

#: Little words before a place in our languages, that say that somebody came from it, and that they went to it or were in it.
_FROM = re.compile(
    r"(?:^|\s)(?:from|aus|von|vom|uit|van|de|del|des|du|d'|desde|dal|dalla|dall'|di|da|do|din|dinspre|nga|prej|z|ze|iz|из|с|з|із|від|от|od"
    r"|من|từ|tu|从|從)\s*$"
)
_TO = re.compile(
    r"(?:^|\s)(?:to|into|in|nach|im|bei|naar|te|à|a|au|aux|en|para|pra|em|no|na|nel|nella|la|în|in|ne|në|do|w|we|в|у|до|във|къде"
    r"|الى|إلى|في|ل|ở|o|sang|qua|到|在)\s*$"
)
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
    for entity in named:
        words = text[entity["start"] : entity["end"]]
        clause = next((c for c in clauses if words and words in c.text), None)
        if clause is None:
            continue
        beside = {e["entity"]: e["value"] for e in parse.entities if e.get("start") == entity["start"]}
        role, sure = _role(clause, words, language, len([e for e in named if text[e["start"] : e["end"]] in clause.text]))
        if role is None:
            # A country named beside a wish or a question is where help is looked for; it is no fact of the case.
            of_case = any(fact.group in OF_THE_WORK for fact in clause.facts)
            role = "here" if of_case else "other"
            sure = of_case and entity["value"] == country
        found.setdefault(clause.text, []).append(Place(entity["value"], beside.get("region"), beside.get("city"), role, sure))
    for clause in clauses:
        label = clause.value("place", guess=True)
        if label == "origin" and all(place.role != "origin" for place in found.get(clause.text, ())):
            code = read_nationality(clause.text, language)
            if code is not None:
                found.setdefault(clause.text, []).append(Place(code, None, None, "origin", clause.value("place") == "origin"))
    return found


def _role(clause: ParsedClause, words: str, language: str, places: int) -> tuple[Role | None, bool]:
    """What a place is for, and whether that is sure."""
    accents = keeps_accents(clause.text, language)
    plain, name = plain_form(clause.text, accents, language), plain_form(words, accents, language)
    before = plain[max(0, plain.find(name) - 14) : max(0, plain.find(name))]
    label = clause.value("place")
    if places > 1:
        # From Warsaw to Berlin; "I am from Peru, came to Milan": the little word before each says what it is for.
        if _FROM.search(before):
            return "origin", label == "origin"
        if label == "origin" or _TO.search(before):
            return "here", True
    if label in ("here", "origin", "now", "other"):
        return label, True  # type: ignore[return-value]
    guess = clause.value("place", guess=True)
    if guess in ("here", "origin", "now"):
        return guess, places == 1 and guess == "here"  # type: ignore[return-value]
    before = plain[: max(0, plain.find(name))]
    if (
        guess is None
        and any(f.group in OF_THE_WORK and f.sure for f in clause.facts)
        and not re.search(rf"{pattern('since', language, accents).pattern}\s*(?:\S{{1,4}}\s+)?$", before)
    ):
        return "here", True
    return None, False
