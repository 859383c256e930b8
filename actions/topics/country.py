"""Which country the answer is for: asked once, changed any time, and never confused with the language."""

from __future__ import annotations

import re

from babel import Locale
from babel.core import get_global

from actions.interview.facts import CONTINUE, DONT_KNOW, NOT_SAID, WHY_BUTTON
from actions.readers.choices import folded
from actions.topics.rights_there import DETAILS, say_rights, say_sources
from actions.topics.services import card, matching
from actions.topics.talk import STOP_BUTTON, menu
from actions.turn import Button, Turn
from calculator import api
from calculator.emergency import numbers_of
from calculator.packs.current import kept_with_rules
from calculator.translation import _, base_language
from envelope import Extras

WHICH = _("In which country are you, or did it happen?")
WHICH_NOW = _("Which country do you want to ask about?")
SET = _("I will answer for {country} now.")
GO_ON = _("Now I can work out what you may claim.")
NO_RULES = _("I do not know the rules of {country} yet. In danger, call {number}.")
RIGHTS_EVERYWHERE = _(
    "In every country you have a right to a safe place, to a doctor, to advice, to time to recover, and to ask for your money."
)
HELPERS_SHOWN = 2
OTHER_COUNTRY = _("Work it out for another country")


#: Codes that are words somewhere, also in capitals.
_ALSO_WORDS = frozenset({"NO", "IT", "AT", "BE", "ME", "AM", "AL", "IS", "SI", "AD", "MC", "DE", "ES", "SE"})


NO_RULES_FOR = _("I do not know the rules of {country} yet. A lawyer there can tell you more.")


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
        turn.interview.pending = then
    unsaid = '/change_country{"other": "unsaid"}'
    turn.say(
        WHICH,
        kind="question",
        fact="exploitation[0].country",
        buttons=[
            *country_buttons(turn, '/change_country{"country": "%s"}'),
            turn.button(DONT_KNOW, unsaid),
            turn.button(NOT_SAID, unsaid),
            turn.button(WHY_BUTTON, "/ask_why"),
            turn.button(STOP_BUTTON, "/stop"),
        ],
    )


def say_no_rules(turn: Turn, code: str, stay: bool = False) -> None:
    """A country we have no rules for is said by name, with its emergency number and what we do know. It stays the person's
    country all the same: danger and help are answered with its numbers. With `stay` it is only named in passing."""
    if stay:
        turn.say(NO_RULES_FOR, country=country_name(turn, code))
        return
    number = numbers_of(api.contacts_of(code)).police
    turn.say(NO_RULES, country=country_name(turn, code), number=turn.number(number), extras=Extras(settings={"country": code}))
    turn.interview.pending = None
    helplines(turn, code)


def helplines(turn: Turn, code: str) -> None:
    """A country without rules: who helps there, rights in brief, and by choice a country that can be worked out."""
    turn.country = code
    helpers = [c for c in matching(turn, ("trafficking", "victims", "women", "legal_aid")) if not c.emergency][:HELPERS_SHOWN]
    turn.messages += [card(turn, c) for c in helpers]
    turn.say(RIGHTS_EVERYWHERE)
    known = say_rights(turn, country_name(turn, code))
    more = [Button(turn.translate(DETAILS), f'/change_country{{"country": "{code}", "more": "rights"}}')] if known else []
    turn.messages[-1].buttons += [
        turn.button(OTHER_COUNTRY, '/change_country{"other": "1"}'),
        *more,
        *(b for b in menu(turn) if b.payload != "/ask_compensation"),
    ]


def change(turn: Turn, for_help: bool = False) -> bool:
    """Set the country named in the message. True when its rules, or at least its numbers, are known; numbers are enough
    `for_help`. Who does not know it, or does not say, is told what holds everywhere."""
    if turn.entities.get("other") == "unsaid":
        turn.interview.country_unsaid = True
        turn.say(RIGHTS_EVERYWHERE, buttons=menu(turn))
        return False
    code = turn.entities.get("country") or (None if turn.pressed else read_country(turn.text, turn.language))
    if code is None:
        go_on = [turn.button(CONTINUE, "/ask_compensation")] if turn.in_form else []
        turn.say(WHICH_NOW, kind="question", buttons=[*country_buttons(turn, '/change_country{"country": "%s"}'), *go_on])
        return False
    turn.country = str(code)
    if turn.entities.get("more") == "rights" and say_sources(turn):
        turn.messages[-1].buttons.append(turn.button(OTHER_COUNTRY, '/change_country{"other": "1"}'))
        return False
    if code in api.default_rules().packs or (turn.contacts and for_help):
        turn.interview.country_unsaid = False
        turn.say(SET, country=country_name(turn, turn.country), extras=Extras(settings={"country": code}))
    else:
        say_no_rules(turn, turn.country)
    return bool(turn.contacts)


@kept_with_rules
def _places(language: str) -> dict[str, str]:
    """Names of countries whose numbers we know and of their time-zone cities (London, Paris, Berlin) in CLDR -> code."""
    found: dict[str, str] = {}
    zones = get_global("territory_zones")
    for name in (base_language(language), "en"):
        locale = Locale.parse(name)
        for code in api.contacts_by_country():
            found.setdefault(folded(str(locale.territories.get(code, code))), code)
            for zone in zones.get(code, ()):
                city = locale.time_zones.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")
                found.setdefault(folded(str(city)), code)
    return found


def read_country(text: str, language: str) -> str | None:
    """A country that a text names by its own name or its capital's, in the person's language or English."""
    said = folded(text)
    if text.strip() in api.contacts_by_country() and text.strip() not in _ALSO_WORDS:
        return text.strip()
    found = {code for name, code in _places(language).items() if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said)}
    return found.pop() if len(found) == 1 else None
