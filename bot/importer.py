"""Training examples that are cheap to copy and to compare.

Rasa merges all examples seven times on their way to the pipeline, and each time copies them deeply and compares them by a hash of
their whole content, worked out anew. With 24,535 sentences that took 26 s of a training of 60.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data import loading
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.corpus import read_examples
from bot.understanding import LEARNED_FOLDER

EXAMPLES_KEPT = 3


class Sentence(Message):
    """A training example whose fingerprint is kept as long as it stays the same. It is its own copy: the one training of the
    process may add features to it and nobody else reads it."""

    @classmethod
    def of(cls, message: Message) -> Sentence:
        """The same example."""
        return cls(data=dict(message.data), output_properties=set(message.output_properties), features=list(message.features))

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        """Set a property; to set what is there already changes nothing."""
        if prop not in self.data or self.data[prop] != info:
            super().set(prop, info, add_to_output)
        elif add_to_output:
            self.output_properties.add(prop)

    def fingerprint(self) -> str:
        """The MD5 of what the example says; with features, Rasa's own fingerprint, which looks into them."""
        if self._cached_fingerprint is None and not self.features:
            content = json.dumps(self.data, sort_keys=True, default=str)
            self._cached_fingerprint = hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()
        return str(super().fingerprint())

    def __deepcopy__(self, memo: dict[int, Any]) -> Sentence:
        return self


class SentenceImporter(RasaFileImporter):
    """Rasa's own importer of files, with few and light examples.

    What sentences teach was learned before (bot/learn.py); Rasa itself needs of each intent only that it is there.
    """

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Read the NLU files, each once; some examples of each intent when `bot.learn` has learned from all of them."""
        if os.environ.get(LEARNED_FOLDER):
            return TrainingData(_few())
        parts = [loading.load_data(path, language or "en") for path in self._nlu_files]
        examples = [Sentence.of(example) for part in parts for example in part.training_examples]
        for part in parts:
            part.training_examples = []
        whole = TrainingData().merge(*parts)
        whole.training_examples = TrainingData.sanitize_examples(examples)
        return whole


def _few() -> list[Sentence]:
    """The first examples of each intent."""
    seen: Counter[str] = Counter()
    kept = []
    for example in read_examples():
        seen[example.intent] += 1
        if seen[example.intent] <= EXAMPLES_KEPT:
            kept.append(Sentence.of(Message.build(example.text, example.intent)))
    return kept
