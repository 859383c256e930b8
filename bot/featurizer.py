"""Rasa component: one dense sentence feature a message."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.encoder import clean, shared_encoder
from bot.sentences import Sentences, condense

ORIGIN = "SentenceFeaturizer"


def sentence_vector(message: Message) -> np.ndarray | None:
    """The sentence feature of a message, shape (384,), or None when it has no text."""
    for features in message.features:
        if features.attribute == TEXT and features.origin == ORIGIN:
            return features.features[0]
    return None


def sentence(message: Message) -> Sentences:
    """A message that has a sentence feature as one sentence, its letters those that were encoded."""
    vector = sentence_vector(message)
    assert vector is not None
    return Sentences.of([condense(message.get(TEXT))], vector[np.newaxis, :])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(GraphComponent):
    """Sets the sentence embedding of each message that has text."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        """Create the component; loads the encoder, so that a server that cannot understand does not start."""
        shared_encoder()
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The data as they are: sentences are encoded where they are learned from (bot/learn.py, bot/understanding.py)."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the feature to each message; the text is freed of characters that could break what comes after."""
        for message in messages:
            text = clean(message.get(TEXT) or "")
            message.set(TEXT, text)
            if text:
                self._add(message, shared_encoder().encode([condense(text)])[0])
        return messages

    @staticmethod
    def _add(message: Message, vector: np.ndarray) -> None:
        message.add_features(Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, ORIGIN))
