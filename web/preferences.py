"""Language and country of a conversation: two separate settings, learned from what is said and chosen.

Changing one never changes the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from babel import Locale
from babel.core import get_global

from web.i18n import match_language
from web.language_names import languages_named
from web.rasa_client import Parse
from web.state import ConversationState

COUNTRY_CODE = re.compile(r"[A-Z]{2}")
# CLDR names these beside the countries: unions, outlying islands, unknown, pseudo-locales.
NO_COUNTRY = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
# The one question whose answer says where the person is now; a country in any other answer says something else.
WHERE_NOW = "country"


@dataclass(frozen=True)
class Learned:
    """What one message or response says about the settings; None leaves a setting as it is."""

    language: str | None = None
    country: str | None = None
    region: str | None = None
    #: The country was an answer that the person deleted.
    forget_country: bool = False

    def apply(self, state: ConversationState) -> None:
        """Change the state accordingly."""
        if self.forget_country:
            state.country = state.region = None
        if self.language:
            state.language = self.language
        if self.country:
            state.set_country(self.country, self.region)


def valid_country(code: object) -> str | None:
    """The ISO 3166-1 code in upper case if there is such a country in CLDR, else None."""
    if not isinstance(code, str):
        return None
    upper = code.strip().upper()
    if not COUNTRY_CODE.fullmatch(upper):
        return None
    alias = get_global("territory_aliases").get(upper)
    if alias and len(alias) == 1:
        upper = alias[0]
    return upper if upper in Locale("en").territories and upper not in NO_COUNTRY else None


def learn_from_parse(parse: Parse, text: str, state: ConversationState, available: tuple[str, ...]) -> Learned:
    """Read the settings a message changes.

    A country counts when the person asks to change it, or when it was unknown and the message is no answer to
    a question about something else (nationality, where the work was). Two countries in one message decide
    nothing: the dialogue can ask.
    """
    language = None
    if parse.intent == "change_language":
        # A country is no language: "I am in Poland" asks for no Polish.
        named = languages_named(_without_places(parse, text), available) - {state.language}
        language = named.pop() if len(named) == 1 else None
    answers_something_else = state.open_fact not in (None, WHERE_NOW) and parse.danger_level != "sure"
    if parse.intent != "change_country" and (state.country is not None or answers_something_else):
        return Learned(language=language)
    country = _place_now(parse, text)
    return Learned(language, country, _region_in(parse, country))


def learn_from_response(setting: Any, available: tuple[str, ...]) -> Learned:
    """Read `{"set": {"country": ..., "region": ..., "language": ...}}` of a response; nonsense is left out. An empty country is forgotten."""
    if not isinstance(setting, dict):
        return Learned()
    language = setting.get("language")
    region = setting.get("region")
    return Learned(
        language=match_language(language, available) if isinstance(language, str) else None,
        country=valid_country(setting.get("country")),
        region=region if isinstance(region, str) else None,
        forget_country=setting.get("country") == "",
    )


def _without_places(parse: Parse, text: str) -> str:
    for entity in sorted(parse.entities, key=lambda e: -int(e.get("start") or 0)):
        if entity.get("entity") == "country" and isinstance(entity.get("start"), int) and isinstance(entity.get("end"), int):
            text = text[: entity["start"]] + " " + text[entity["end"] :]
    return text


def _place_now(parse: Parse, text: str) -> str | None:
    """The one country where it happens or where the person is; a country somebody comes from is neither."""
    named = [(valid_country(code), role) for code, role in parse.countries(text)]
    for roles in (("here", "now"), ("here", "now", None)):
        codes = {code for code, role in named if code and role in roles}
        if len(codes) == 1:
            return codes.pop()
    return None


def _region_in(parse: Parse, country: str | None) -> str | None:
    regions = {e["value"] for e in parse.entities if e.get("entity") == "region" and str(e.get("value")).startswith(f"{country}-")}
    return regions.pop() if len(regions) == 1 else None
