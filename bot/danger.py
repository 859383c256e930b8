"""Rasa component: is there danger now in this message, of which kind, and how sure are we."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.classifier import RANKING
from bot.clauses import clauses
from bot.danger_model import EMERGENCY, DangerModel, Example, shows_clauses
from bot.danger_training import train_danger
from bot.encoder import shared_encoder, training_encoder
from bot.featurizer import sentence, sentence_vector
from bot.kernel import Settings
from bot.sentences import Sentences

DANGER = "danger"
CALM: dict[str, Any] = {"kind": None, "level": "none", "score": 0.0}


def choose_clauses(found: list[str], limit: int, model: DangerModel | None = None) -> list[str]:
    """Return at most ``limit`` of the clauses, in order: first, last, those whose letters alarm, the rest spread.

    What this can miss: in a text of more than ``limit`` clauses, danger that is told neither at the beginning nor at
    the end, in words whose letters look like none of the training examples, and that the even spread steps over.
    """
    texts = list(dict.fromkeys(found))
    if len(texts) <= limit:
        return texts
    chosen = {0, 1, len(texts) - 2, len(texts) - 1}
    if model is not None:
        alarming = np.argsort(-model.worth_encoding(texts), kind="stable")
        chosen.update(int(i) for i in alarming[: (limit - len(chosen)) // 2])
    spread = np.linspace(0, len(texts) - 1, 4 * limit).round().astype(int)
    # Halving steps through the spread keeps it even whatever number of places is left.
    order = [int(spread[i]) for step in (8, 4, 2, 1) for i in range(step // 2, len(spread), step)]
    for i in order:
        if len(chosen) >= limit:
            break
        chosen.add(i)
    return [texts[i] for i in sorted(chosen)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerDetector(GraphComponent):
    """Scores the message and each of its clauses, and takes the highest.

    Sets ``danger`` = {kind, level, score}. Level ``sure`` also sets the intent to ``emergency``; an ``emergency`` of
    the classifier that scores low here is ``unsure``, never ``none``. At most twelve clauses are encoded, in one
    call, beside the whole message whose vector is there already: a text of 10,000 characters costs what one of a few
    hundred does (see ``choose_clauses`` for what that can miss). Never raises on odd text.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings: kernel of the two heads (bot/kernel.py), most clauses encoded a message."""
        return {"gamma": 0.002, "ridge": 0.1, "max_clauses": 12}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._model: DangerModel | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerDetector:
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
    ) -> DangerDetector:
        """Load the trained component."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model = DangerModel.load(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the NLU examples, print what to expect on unseen sentences, and keep the model."""
        kernel = Settings(self._config["gamma"], self._config["ridge"])
        self._model = train_danger(self._examples(training_data), kernel)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def _examples(self, training_data: TrainingData) -> list[Example]:
        messages = [m for m in training_data.intent_examples if sentence_vector(m) is not None]
        found = [self._parts(m.get(TEXT)) for m in messages]
        # Clauses of danger choose a threshold; of the others only those that are learned from are encoded.
        used = [m.get(INTENT) == EMERGENCY or shows_clauses(m.get(TEXT)) for m in messages]
        parts = [texts if wanted else [] for texts, wanted in zip(found, used, strict=True)]
        flat = [p for ps in parts for p in ps]
        encoder = training_encoder()
        vectors = iter(encoder.encode(flat))
        encoder.save()
        examples = []
        for message, texts, whole_story in zip(messages, parts, found, strict=True):
            units = [sentence(message)]
            if texts:
                units.append(Sentences.of(texts, np.stack([next(vectors) for _ in texts])))
            labels = _labels(message)
            examples.append(
                Example(
                    message.get(TEXT),
                    message.get(INTENT),
                    labels.get("kind"),
                    labels.get("language", ""),
                    Sentences.join(units),
                    texts,
                    complete=texts == whole_story,
                )
            )
        return examples

    def _parts(self, text: str, model: DangerModel | None = None) -> list[str]:
        """Return the clauses to encode beside the whole message: none when the message is a single clause."""
        found = clauses(text)
        return choose_clauses(found, self._config["max_clauses"], model) if len(found) > 1 else []

    def process(self, messages: list[Message]) -> list[Message]:
        """Set ``danger`` (and the intent, when sure) of each message."""
        for message in messages:
            known = sentence_vector(message) is not None and self._model is not None
            danger = self._judge(message.get(TEXT), sentence(message)) if known else dict(CALM)
            intent = (message.get(INTENT) or {}).get("name")
            if intent == EMERGENCY and danger["level"] == "none":
                danger["level"] = "unsure"
            if danger["level"] == "none":
                danger["kind"] = None
            elif danger["level"] == "sure" and intent != EMERGENCY:
                self._set_emergency(message, danger["score"])
            message.set(DANGER, danger, add_to_output=True)
        return messages

    def _judge(self, text: str, whole: Sentences) -> dict[str, Any]:
        assert self._model is not None
        parts = self._parts(text, self._model)
        units = Sentences.join([whole, Sentences.of(parts, shared_encoder().encode(parts))]) if parts else whole
        scores = self._model.scores(units)
        best = int(scores.argmax())
        level = self._model.thresholds.level(float(scores[0]), float(scores[1:].max(initial=0.0)))
        return {"kind": self._model.kind(units[best], whole), "level": level, "score": float(scores[best])}

    @staticmethod
    def _set_emergency(message: Message, score: float) -> None:
        guess = {"name": EMERGENCY, "confidence": score}
        others = [g for g in message.get(RANKING) or [] if g["name"] != EMERGENCY]
        message.set(INTENT, dict(guess), add_to_output=True)
        message.set(RANKING, [guess, *others], add_to_output=True)


def _labels(message: Message) -> dict[str, str]:
    """Return the metadata of a training example; what the example says wins over what its intent block says."""
    metadata = message.get("metadata") or {}
    return {**(metadata.get("intent") or {}), **(metadata.get("example") or {})}
