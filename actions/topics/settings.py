"""Language: it is the gateway's, so an answer carries what it has to do."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from actions.readers.choices import folded
from actions.turn import Button, Turn
from calculator.translation import _, base_language, languages
from envelope import Extras

WHICH_LANGUAGE = _("Which language do you want?")
LANGUAGE_SET = _("We go on in this language.")
NOT_THIS = _("I cannot answer in {language} yet. You can write in it, and I try to understand. I can answer in these languages:")
OTHER_WRITING = _("You can write in your language, and I try to understand. Do you want my answers in one of these languages?")
#: Offered before the others.
NEAREST = 3
#: Signs that say nothing about the writing.
_SHORTEST = 3


def language(turn: Turn) -> None:
    """Offer each language by its own name; one that was named is set at once by the gateway. One that we cannot answer in is
    said by name, and the nearest come first."""
    if turn.metadata.language_changed:
        turn.say(LANGUAGE_SET)
        return
    chosen = turn.entities.get("language")
    if chosen in languages():
        turn.language = turn.interview.new_language = str(chosen)
        turn.say(LANGUAGE_SET, extras=Extras(settings={"language": chosen}))
        return
    asked = named_language(turn.text, turn.language)
    if asked is None:
        turn.say(WHICH_LANGUAGE, buttons=_buttons(languages()))
        return
    name = str(turn.locale.languages.get(asked, asked))
    near = nearest(asked)
    turn.say(NOT_THIS, language=name, buttons=_buttons([*near, *(code for code in languages() if code not in near)]))


def _buttons(codes: list[str]) -> list[Button]:
    return [Button(str(Locale.parse(code).get_display_name(code)).capitalize(), f'/change_language{{"language": "{code}"}}') for code in codes]


@cache
def _names(language: str) -> dict[str, str]:
    """Names of all languages of CLDR, in one language and in themselves -> code."""
    found: dict[str, str] = {}
    for code, name in Locale.parse(base_language(language)).languages.items():
        if "_" not in code:
            found.setdefault(folded(str(name)), code)
            try:
                own = Locale.parse(code).languages.get(code)
            except (UnknownLocaleError, ValueError):
                continue
            if own:
                found.setdefault(folded(str(own)), code)
    return found


def named_language(text: str, language: str) -> str | None:
    """A language that a text names and that we cannot answer in."""
    words = folded(text).split()
    for name, code in _names(language).items():
        parts = name.split()
        if len(name) > _SHORTEST and code not in languages() and any(words[at : at + len(parts)] == parts for at in range(len(words))):
            return code
    return None


@cache
def nearest(asked: str) -> list[str]:
    """Languages of ours that people who speak another one are likely to know: those spoken beside it, by CLDR."""
    beside: Counter[str] = Counter()
    for spoken in get_global("territory_languages").values():
        share = spoken.get(asked, {}).get("population_percent", 0)
        for code in languages():
            other = spoken.get(code, {})
            weight = other.get("population_percent", 0) + (100 if other.get("official_status") else 0)
            beside[code] += share * weight
    return [code for code, weight in beside.most_common(NEAREST) if weight > 0] or ["en"]


@cache
def _writing(language: str) -> str:
    """The writing of a language, from the name of a letter of its own name."""
    return writing_of(str(Locale.parse(language).get_display_name(language)), 1) or "LATIN"


def writing_of(text: str, least: int = _SHORTEST) -> str | None:
    """The writing most letters of a text are in, as Unicode names it: LATIN, CYRILLIC, ARABIC, DEVANAGARI ...; None when it
    has fewer than `least` letters."""
    letters = Counter(unicodedata.name(sign, "?").split()[0] for sign in text if sign.isalpha())
    most = letters.most_common(1)
    return most[0][0] if most and sum(letters.values()) >= least else None


def offer_language(turn: Turn) -> None:
    """Somebody writes in another writing than that of the chat's language: offer the languages that are written so, or, where
    we have none, say which we have. Once in a conversation."""
    writing = writing_of(turn.text)
    if writing is None or turn.pressed or turn.interview.language_offered or writing == _writing(turn.language):
        return
    same = [code for code in languages() if _writing(code) == writing]
    if writing == "LATIN":
        # Names, numbers and borrowed alphabets (Arabizi, Latin Cyrillic) are no sign of another language.
        return
    turn.interview.language_offered = True
    turn.say(OTHER_WRITING, buttons=_buttons(same or languages()))
