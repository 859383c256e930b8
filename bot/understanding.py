"""Rasa component: what a message wants (with an honest "I am not sure"), and whether there is danger in it now."""

from __future__ import annotations

import logging
import os
from dataclasses import asdict, replace
from pathlib import Path
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

from bot.clauses import clauses
from bot.danger import choose_clauses
from bot.encoder import clean, shared_encoder
from bot.examples import EMERGENCY, PAST_HARM, Example
from bot.facts import ABOUT_GROUP, OTHER_PERSON, masked, surest, units_of
from bot.featurizer import sentence, sentence_vector
from bot.kernel import Settings
from bot.learning import split_of, train
from bot.model import Model
from bot.sentences import Sentences, condense

logger = logging.getLogger(__name__)

FALLBACK = "nlu_fallback"
RANKING = "intent_ranking"
DANGER = "danger"
# A message of so many clauses may be about one person alone.
MOST_OF_ONE = 4
CLAUSES = "clauses"
# In the environment of a training: where bot.learn has left what it learned from the same sentences.
LEARNED_FOLDER = "REDRESS_LEARNED"
CALM: dict[str, Any] = {"kind": None, "level": "none", "score": 0.0, "clear": False}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Understanding(GraphComponent, IntentClassifier):
    """Intent with calibrated confidence, and danger, from one comparison with all training sentences (bot/kernel.py).

    Rasa's own `LogisticRegressionClassifier` ignores its C, which leaves every confidence near 1/intents.
    Confidence here is calibrated: a temperature is fitted on held-out groups of examples, so that "0.8" is right
    about eight times in ten. Below `fallback_confidence`, or when the second guess is nearer than `fallback_margin`, the
    intent is `nlu_fallback` and the guesses stay in `intent_ranking` for a "did you mean".

    Sets `danger` = {kind, level, score, clear}; `clear`: sure enough to outweigh a question that is open.
    Level `sure` also sets the intent to `emergency`; an `emergency` of
    the intents that scores low as danger is `unsure`, never `none`. At most twelve clauses are encoded, in one
    call, beside the whole message whose vector is there already: a text of 10,000 characters costs what one of a few
    hundred does (see `choose_clauses` for what that can miss). Never raises on odd text.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings: kernel, ranking length, fallback thresholds (config.yml says how they were chosen), most clauses
        encoded a message."""
        return {
            "gamma": 0.002,
            "ridge": 0.1,
            "ranking_length": 6,
            "fallback_confidence": 0.5,
            "fallback_margin": 0.1,
            "max_clauses": 12,
            "max_fact_clauses": 24,
        }

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._model: Model | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Understanding:
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
    ) -> Understanding:
        """Load the trained component."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model = Model.load(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Keep what `bot.learn` has learned from these sentences; learn here, from what is given, when it has not.

        Raises:
            ValueError: when there is no example of danger, or of nothing else.
        """
        self._model = self._learned() or self._learn(training_data)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def _learned(self) -> Model | None:
        """The model that `bot.learn` wrote for the training that is going on (bot/train.py names it)."""
        folder = os.environ.get(LEARNED_FOLDER)
        return Model.load(Path(folder)) if folder else None

    def _learn(self, training_data: TrainingData) -> Model:
        examples, texts = [], []
        for message in training_data.intent_examples:
            labels = _labels(message)
            text = condense(clean(message.get(TEXT) or ""))
            if text:
                border = bool(labels.get("border"))
                examples.append(Example(text, message.get(INTENT), labels.get("language", ""), labels.get("kind"), border))
                texts.append(text)
        vectors = shared_encoder().encode(texts)
        settings = Settings(self._config["gamma"], self._config["ridge"])
        model, measured = train(examples, vectors, settings, split_of(examples, vectors))
        if measured is not None:
            self._model = model
            self._report(*measured)
        return model

    def _report(self, scores: np.ndarray, truth: np.ndarray) -> None:
        """Print accuracy and what the fallback thresholds cost on unseen sentences."""
        assert self._model is not None
        heat = self._model.intents.temperature
        chances = softmax(scores / heat, axis=1)
        right = chances.argmax(axis=1) == truth
        sure = np.array([not self._is_doubtful(np.sort(row)[::-1]) for row in chances])
        logger.info(
            "Intents: %d of %d examples held out, %d intents; accuracy %.3f, mean confidence %.2f (temperature %.2f); "
            "answered without asking back %.3f, of these right %.3f",
            len(truth),
            len(self._model.support),
            len(self._model.intents.labels),
            right.mean(),
            chances.max(axis=1).mean(),
            heat,
            sure.mean(),
            right[sure].mean() if sure.any() else 0.0,
        )

    def _is_doubtful(self, ranked: np.ndarray) -> bool:
        """Whether the ranked probabilities (best first) are too low or too close to act on."""
        return bool(ranked[0] < self._config["fallback_confidence"] or ranked[0] - ranked[1] < self._config["fallback_margin"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking, danger and what each clause says; a message without words is a fallback and no danger, never an error."""
        for message in messages:
            if self._model is None or sentence_vector(message) is None:
                self._set_intent(message, [])
                message.set(DANGER, dict(CALM), add_to_output=True)
                message.set(CLAUSES, [], add_to_output=True)
                continue
            likeness = self._model.support.likeness(sentence(message))
            self._set_intent(message, self._ranking(self._model, likeness))
            found = clauses(message.get(TEXT))
            parts = choose_clauses(found, self._config["max_clauses"], self._model.letters) if len(found) > 1 else []
            units = likeness
            if parts:
                # Without their figures, as their facts are read: each is encoded once.
                plain = [masked(part) for part in parts]
                alike = self._model.support.likeness(Sentences.of(plain, shared_encoder().encode(plain)))
                units = np.concatenate([likeness, alike])
            self._set_danger(message, self._judge(self._model, message.get(TEXT), units))
            wishes = dict(zip(parts, self._wishes(self._model, units[1:]), strict=True))
            message.set(CLAUSES, self._told(self._model, found, message, wishes), add_to_output=True)
        return messages

    @staticmethod
    def _wishes(model: Model, alike: np.ndarray) -> list[dict[str, Any]]:
        """What each of some clauses would want alone, by their likeness to the support (n, support)."""
        if not len(alike):
            return []
        chances = model.intents.probabilities(alike)
        return [{"intent": model.intents.labels[int(row.argmax())], "confidence": float(row.max())} for row in chances]

    def _told(self, model: Model, found: list[str], message: Message, wishes: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
        """Each clause with what it says of the writer and would want alone; of a very long message as far as it is read."""
        if model.facts is None:
            return []
        read = found[: self._config["max_fact_clauses"]]
        units = [units_of(clause) for clause in read]
        texts = [unit for own in units for unit in own]
        vectors = sentence_vector(message)[np.newaxis, :] if texts == [condense(message.get(TEXT))] else shared_encoder().encode(texts)
        readings = iter(model.facts.read(Sentences.of(texts, vectors)) if texts else [])
        # Whose story a short message tells is clearer from the whole of it, but only a guess: a colleague in it may be one of many people.
        whole = model.facts.read(sentence(message))[0] if 1 < len(read) <= MOST_OF_ONE else []
        about = [replace(r, sure=False) for r in whole if r.group == ABOUT_GROUP and r.value == OTHER_PERSON]
        return [
            {"text": clause, "facts": [asdict(one) for one in surest([about, *(next(readings) for _ in own)])], **wishes.get(clause, {})}
            for clause, own in zip(read, units, strict=True)
        ]

    def _set_intent(self, message: Message, ranking: list[dict[str, Any]]) -> None:
        if not ranking or self._is_doubtful(np.array([guess["confidence"] for guess in ranking])):
            doubt = 1.0 - (ranking[0]["confidence"] if ranking else 0.0)
            ranking.insert(0, {"name": FALLBACK, "confidence": doubt})
        message.set(INTENT, dict(ranking[0]), add_to_output=True)
        message.set(RANKING, ranking, add_to_output=True)

    def _ranking(self, model: Model, likeness: np.ndarray) -> list[dict[str, Any]]:
        chances = model.intents.probabilities(likeness)[0]
        best = np.argsort(-chances)[: max(2, self._config["ranking_length"])]
        return [{"name": model.intents.labels[i], "confidence": float(chances[i])} for i in best]

    def _judge(self, model: Model, text: str, units: np.ndarray) -> dict[str, Any]:
        """The danger of a message by the likeness to the support of itself, first, and of its clauses (n, support)."""
        scores = model.danger(units)
        best = int(scores.argmax())
        told = model.intents.labels[int(model.intents.scores(units[:1])[0].argmax())]
        over = told == PAST_HARM and condense(text) == text
        level = model.thresholds.level(float(scores[0]), scores[1:].tolist(), over, float(model.share(units[:1])[0]))
        clear = level == "sure" and float(scores[best]) >= model.thresholds.sure_in_clause
        return {"kind": model.kind(units[best], units[0]), "level": level, "score": float(scores[best]), "clear": clear}

    @staticmethod
    def _set_danger(message: Message, danger: dict[str, Any]) -> None:
        intent = message.get(INTENT)["name"]
        if intent == EMERGENCY and danger["level"] == "none":
            danger["level"] = "unsure"
        if danger["level"] == "none":
            danger["kind"] = None
        elif danger["level"] == "sure" and intent != EMERGENCY:
            guess = {"name": EMERGENCY, "confidence": danger["score"]}
            others = [g for g in message.get(RANKING) if g["name"] != EMERGENCY]
            message.set(INTENT, dict(guess), add_to_output=True)
            message.set(RANKING, [guess, *others], add_to_output=True)
        message.set(DANGER, danger, add_to_output=True)


def _labels(message: Message) -> dict[str, Any]:
    """The metadata of a training example; what the example says wins over what its intent block says."""
    metadata = message.get("metadata") or {}
    return {**(metadata.get("intent") or {}), **(metadata.get("example") or {})}
