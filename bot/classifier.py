"""Rasa component: intent of a message, with calibrated confidence and an honest "I am not sure"."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import softmax

from bot.featurizer import sentence, sentence_vector
from bot.kernel import KernelModel, Settings, fit, fitted_temperature, folds
from bot.sentences import Sentences

logger = logging.getLogger(__name__)

FALLBACK = "nlu_fallback"
RANKING = "intent_ranking"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentenceIntentClassifier(GraphComponent, IntentClassifier):
    """Kernel classifier on the sentence feature and the letters (bot/kernel.py says why not logistic regression).

    Rasa's own ``LogisticRegressionClassifier`` ignores its C, which leaves every confidence near 1/intents.
    Confidence here is calibrated: a temperature is fitted on held-out groups of examples, so that "0.8" is right
    about eight times in ten. Below ``fallback_confidence``, or when the second guess is nearer than ``fallback_margin``, the
    intent is ``nlu_fallback`` and the guesses stay in ``intent_ranking`` for a "did you mean".
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings: kernel, ranking length, fallback thresholds (config.yml says how they were chosen)."""
        return {"gamma": 0.002, "ridge": 0.1, "ranking_length": 6, "fallback_confidence": 0.5, "fallback_margin": 0.1}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._model: KernelModel | None = None
        self._kernel = Settings(config["gamma"], config["ridge"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceIntentClassifier:
        """Create the untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceIntentClassifier:
        """Load the trained component."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model = KernelModel.load(folder / "intents.npz")
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Fit, calibrate, print the cross-validated accuracy, and keep the model.

        Raises:
            ValueError: when the data has fewer than two intents with text.
        """
        messages = [m for m in training_data.intent_examples if m.get(TEXT) and sentence_vector(m) is not None]
        labels = np.array([m.get(INTENT) for m in messages])
        if len(set(labels)) < 2:
            raise ValueError("data/nlu needs examples of at least two intents")
        sentences = Sentences.join([sentence(m) for m in messages])
        heat = self._cross_validate(sentences, labels)
        self._model = fit(sentences, labels, self._kernel).with_temperature(heat)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder / "intents.npz")
        return self._resource

    def _cross_validate(self, sentences: Sentences, labels: np.ndarray) -> float:
        """Return the temperature; print accuracy and what the fallback thresholds cost on unseen sentences."""
        names, truth = np.unique(labels, return_inverse=True)
        scores = np.zeros((len(labels), len(names)), dtype=np.float32)
        splits = folds(sentences.vectors, labels)
        if not splits:
            logger.warning("Intents: too few examples of some intent to cross-validate; confidence is not calibrated.")
            return 1.0
        for known, unseen in splits:
            scores[unseen] = fit(sentences[known], labels[known], self._kernel).scores(sentences[unseen])
        seen = np.concatenate([unseen for _, unseen in splits])
        scores, truth = scores[seen], truth[seen]
        heat = fitted_temperature(scores, truth)
        chances = softmax(scores / heat, axis=1)
        right = chances.argmax(axis=1) == truth
        sure = np.array([not self._is_doubtful(np.sort(row)[::-1]) for row in chances])
        logger.info(
            "Intents: %d examples, %d intents; cross-validated accuracy %.3f, mean confidence %.2f (temperature %.2f); "
            "answered without asking back %.3f, of these right %.3f",
            len(labels),
            len(names),
            right.mean(),
            chances.max(axis=1).mean(),
            heat,
            sure.mean(),
            right[sure].mean() if sure.any() else 0.0,
        )
        return heat

    def _is_doubtful(self, ranked: np.ndarray) -> bool:
        """Return whether the ranked probabilities (best first) are too low or too close to act on."""
        return bool(ranked[0] < self._config["fallback_confidence"] or ranked[0] - ranked[1] < self._config["fallback_margin"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and intent ranking of each message; a message without words is a fallback, never an error."""
        for message in messages:
            ranking = self._ranking(sentence(message)) if sentence_vector(message) is not None else []
            if not ranking or self._is_doubtful(np.array([guess["confidence"] for guess in ranking])):
                doubt = 1.0 - (ranking[0]["confidence"] if ranking else 0.0)
                ranking.insert(0, {"name": FALLBACK, "confidence": doubt})
            message.set(INTENT, dict(ranking[0]), add_to_output=True)
            message.set(RANKING, ranking, add_to_output=True)
        return messages

    def _ranking(self, said: Sentences) -> list[dict[str, Any]]:
        if self._model is None:
            return []
        chances = self._model.probabilities(said)[0]
        best = np.argsort(-chances)[: max(2, self._config["ranking_length"])]
        return [{"name": self._model.labels[i], "confidence": float(chances[i])} for i in best]
