"""Which country the answer is for: asked once, changed any time, and never confused with the language."""

from __future__ import annotations

from babel import Locale

from actions.readers.choices import folded
from actions.turn import Button, Turn, _
from calculator import api
from calculator.emergency import EUROPE

WHICH = _("In which country are you, or did it happen?")
WHICH_NOW = _("Which country do you want to ask about?")
SET = _("I will answer for {country} now.")
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


def change(turn: Turn) -> bool:
    """Set the country named in the message. True when a country with rules is now set."""
    code = turn.entities.get("country")
    if code is None:
        turn.say(WHICH_NOW, kind="question", buttons=country_buttons(turn, '/change_country{"country": "%s"}'))
        return False
    if code not in api.default_rules().packs:
        turn.say(NO_RULES, country=country_name(turn, code), number=turn.number(EUROPE),
                 buttons=country_buttons(turn, '/change_country{"country": "%s"}'))
        return False
    turn.country = code
    turn.say(SET, country=country_name(turn, code), extra={"set": {"country": code}})
    return True


def read_country(text: str, language: str) -> str | None:
    """A country with rules named in a text, by its CLDR name in the person's language or in English."""
    said = folded(text)
    for code in api.default_rules().packs:
        names = {folded(str(Locale.parse(one).territories.get(code, code))) for one in (language.split("-")[0], "en")}
        if said == code.lower() or any(name and name in said for name in names):
            return code
    return None
