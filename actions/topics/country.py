"""Which country the answer is for: asked once, changed any time, and never confused with the language."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from actions.readers.choices import folded
from actions.turn import Button, Turn, _
from calculator import api
from calculator.emergency import EUROPE
from calculator.translation import base_language

WHICH = _("In which country are you, or did it happen?")
WHICH_NOW = _("Which country do you want to ask about?")
SET = _("I will answer for {country} now.")
GO_ON = _("Now I can work out what you may claim.")
NO_RULES = _("I do not know the rules of {country} yet. In danger, call {number}. I know these countries:")


def country_name(turn: Turn, code: str) -> str:
    return str(turn.locale.territories.get(code, code))


def country_buttons(turn: Turn, payload: str) -> list[Button]:
    """A button for each country with rules; `payload` has `%s` where the code goes."""
    packs = api.default_rules().packs
    options = sorted((country_name(turn, code), code) for code in packs)
    return [Button(name, payload % code) for name, code in options]


def ask_country(turn: Turn, then: str | None) -> None:
    """Ask for the country; `then` is the topic to answer once it is known."""
    if then:
        turn.interview["pending"] = then
    turn.say(WHICH, kind="question", buttons=country_buttons(turn, '/change_country{"country": "%s"}'),
             fact="exploitation[0].country")


def say_no_rules(turn: Turn, code: str) -> None:
    """A country we have no rules for is said by name, with the number that holds across Europe and what we do know."""
    turn.say(NO_RULES, country=country_name(turn, code), number=turn.number(EUROPE),
             buttons=country_buttons(turn, '/change_country{"country": "%s"}'))


def change(turn: Turn) -> bool:
    """Set the country named in the message. True when a country with rules is now set."""
    code = turn.entities.get("country") or read_country(turn.text, turn.language)
    if code is None:
        turn.say(WHICH_NOW, kind="question", buttons=country_buttons(turn, '/change_country{"country": "%s"}'))
        return False
    if code not in api.default_rules().packs:
        say_no_rules(turn, code)
        return False
    turn.country = code
    turn.say(SET, country=country_name(turn, code), extra={"set": {"country": code}})
    return True


@lru_cache(maxsize=32)
def _places(language: str) -> dict[str, str]:
    """Names of countries with rules and of their time-zone cities (London, Paris, Berlin) in CLDR -> code."""
    found: dict[str, str] = {}
    zones = get_global("territory_zones")
    for name in (base_language(language), "en"):
        locale = Locale.parse(name)
        for code in api.default_rules().packs:
            found.setdefault(folded(str(locale.territories.get(code, code))), code)
            for zone in zones.get(code, ()):
                city = locale.time_zones.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")
                found.setdefault(folded(str(city)), code)
    return found


def read_country(text: str, language: str) -> str | None:
    """A country with rules that a text names by its own name or its capital's, in the person's language or English."""
    said = folded(text)
    if said.upper() in api.default_rules().packs:
        return said.upper()
    found = {code for name, code in _places(language).items() if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said)}
    return found.pop() if len(found) == 1 else None
