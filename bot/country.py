"""Rasa component: finds the countries a message names, in any language, as ISO 3166 codes."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.country_names import ALSO_A_WORD, LONGEST_WORDS, PLACE_WORDS, country_names, words_of

# Long stories name countries too, but a country is looked for where it costs nothing.
MOST_CHARACTERS = 4000
SHORT = 4
# Capital pairs that are words, titles, units or yes and no somewhere. "UK" is not ISO and has a name of its own.
NOT_CODES = frozenset(
    "AI AL AM AS AT BA BE BY CC CM CV DJ DO EG GO ID IL IN IO IS IT KG KM LA LI MA MD ME MG ML MM MR MS MT MY NA NE "
    "NO OM PA PM PS SA SE SI SM SO TD TO TV UM VA".split()
)
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_ARABIC = re.compile("[\u0600-\u06ff]")
_ARABIC_PREFIX = re.compile("[وف]?[بلك]?")


@dataclass(frozen=True)
class Found:
    """A place in a message: characters start to end, and a country code or a GB region."""

    start: int
    end: int
    place: str


class CountryFinder:
    """Finds names of countries: longest first, whole words, without regard to case and accents."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names
        self._codes = {place for place in names.values() if len(place) == 2}
        unspaced = sorted((n for n in names if _UNSPACED.search(n)), key=len, reverse=True)
        self._unspaced = re.compile("|".join(map(re.escape, unspaced))) if unspaced else None

    def find(self, text: str) -> list[Found]:
        """Return the places named in the text, in order, none overlapping."""
        text = text[:MOST_CHARACTERS]
        found = (
            [Found(m.start(), m.end(), self._names[m[0]]) for m in self._unspaced.finditer(text)]
            if (self._unspaced and _UNSPACED.search(text))
            else []
        )
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
        """Return the longest name that starts at a word, and how many words to go on by."""
        for size in range(min(LONGEST_WORDS, len(words) - position), 0, -1):
            run = words[position : position + size]
            place = self._look_up(" ".join(word for _, _, word in run))
            if place and self._is_meant(text, words, position, size):
                return Found(run[0][0], run[-1][1], place), size
        start, end, _ = words[position]
        code = self._code(text, text[start:end], len(words))
        numbered = position > 0 and words[position - 1][2].isdecimal()
        return (Found(start, end, code) if code and not numbered else None), 1

    def _look_up(self, key: str) -> str | None:
        place = self._names.get(key)
        if place or not _ARABIC.match(key):
            return place
        # Arabic writes and, so, in, to, like as one letter before the word; to the = لل.
        prefix = _ARABIC_PREFIX.match(key)
        rest = key[prefix.end() :] if prefix else key
        if len(rest) < SHORT:
            return None
        return self._names.get(rest) or (self._names.get("ا" + key[key.index("لل") + 1 :]) if "لل" in key[:4] else None)

    def _is_meant(self, text: str, words: list[tuple[int, int, str]], position: int, size: int) -> bool:
        """Return whether a name that is also an ordinary word stands for the country here."""
        key = " ".join(word for _, _, word in words[position : position + size])
        if size == len(words):
            return True
        if key in ALSO_A_WORD or key.lstrip("وف") in ALSO_A_WORD:
            return position > 0 and words[position - 1][2] in PLACE_WORDS
        if len(key) < SHORT and key.isascii():
            return text[words[position][0]].isupper() or key in ("uk", "usa", "uae")
        return True

    def _code(self, text: str, word: str, words: int) -> str | None:
        """Return the ISO code a word in capitals is, unless the whole message shouts."""
        if len(word) != 2 or not (word.isascii() and word.isupper()) or word in NOT_CODES or word not in self._codes:
            return None
        return word if words == 1 or text != text.upper() else None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class CountryExtractor(GraphComponent, EntityExtractorMixin):
    """Sets entity ``country`` (ISO 3166 code) and, for a nation of the United Kingdom, ``region`` (GB-SCT).

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
            return cls(model_storage, resource, CountryFinder(json.load(file)))

    def train(self, training_data: TrainingData) -> Resource:
        """Read the names from CLDR; the training data are not used."""
        names = country_names()
        self._finder = CountryFinder(names)
        with self._storage.write_to(self._resource) as folder, gzip.open(folder / "countries.json.gz", "wt") as file:
            json.dump(names, file)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities to each message."""
        for message in messages:
            entities = list(message.get(ENTITIES) or [])
            for found in self._finder.find(message.get(TEXT) or ""):
                span = {"start": found.start, "end": found.end, "extractor": type(self).__name__}
                entities.append({"entity": "country", "value": found.place[:2], **span})
                if len(found.place) > 2:
                    entities.append({"entity": "region", "value": found.place, **span})
            message.set(ENTITIES, entities, add_to_output=True)
        return messages
