"""The danger model: how likely one clause speaks of danger now, of which kind, and where "sure" begins.

Trained on the NLU examples: ``emergency`` against everything else. Past harm counts double among the others,
because "he used to beat me" is the sentence most easily mistaken for danger.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer

from bot.linear import LinearModel, fit

KINDS = ("attack", "confinement", "medical", "self_harm", "child", "other_person")
PAST_HARM_WEIGHT = 2.0
CLAUSE_WEIGHT = 0.5

# Letters, not words: cheap (microseconds), any script. Only used to choose which clauses are worth encoding.
_LETTERS = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 4), n_features=2**14, alternate_sign=False)


@dataclass(frozen=True)
class Thresholds:
    """From ``sure`` on the numbers come first and nothing is asked; from ``unsure`` on one line of numbers."""

    sure: float
    unsure: float

    def level(self, score: float) -> str:
        """Return ``sure``, ``unsure`` or ``none`` for a score between 0 and 1."""
        if score >= self.sure:
            return "sure"
        return "unsure" if score >= self.unsure else "none"


@dataclass(frozen=True)
class Example:
    """A training sentence with the vectors of its units: the whole first, then its clauses."""

    text: str
    intent: str
    kind: str | None
    language: str
    units: np.ndarray
    clauses: list[str]

    @property
    def dangerous(self) -> bool:
        """Whether the example speaks of danger now."""
        return self.intent == "emergency"

    @property
    def group(self) -> str:
        """What the example is to this model: ``emergency``, ``past_harm`` or ``other``."""
        return self.intent if self.intent in ("emergency", "past_harm") else "other"


@dataclass(frozen=True)
class DangerModel:
    """Binary head, kind head, letters and thresholds. Immutable; arrays only."""

    head: LinearModel
    kinds: LinearModel | None
    letters: np.ndarray
    thresholds: Thresholds

    def scores(self, vectors: np.ndarray) -> np.ndarray:
        """Return the danger score (0 to 1) of each vector, shape (n,)."""
        return self.head.probabilities(vectors)[:, 1]

    def kind(self, clause: np.ndarray, whole: np.ndarray) -> str:
        """Return the kind of danger, mostly from the clause that carries it."""
        if self.kinds is None:
            return KINDS[0]
        chances = self.kinds.probabilities(np.stack([clause, whole]))
        return self.kinds.labels[int((2 * chances[0] + chances[1]).argmax())]

    def worth_encoding(self, texts: list[str]) -> np.ndarray:
        """Return a rough score a clause from its letters alone, shape (n,); for choosing, never for deciding."""
        return np.asarray(_LETTERS.transform(texts) @ self.letters).ravel()

    def save(self, folder: Path) -> None:
        """Write the model into a folder of Rasa's model storage."""
        self.head.save(folder / "danger.npz")
        if self.kinds is not None:
            self.kinds.save(folder / "kinds.npz")
        np.savez_compressed(folder / "letters.npz", letters=self.letters)
        limits = {"sure": self.thresholds.sure, "unsure": self.thresholds.unsure}
        (folder / "thresholds.json").write_text(json.dumps(limits), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> DangerModel:
        """Read what ``save`` wrote."""
        kinds = folder / "kinds.npz"
        with np.load(folder / "letters.npz", allow_pickle=False) as saved:
            letters = saved["letters"]
        limits = json.loads((folder / "thresholds.json").read_text("utf-8"))
        head = LinearModel.load(folder / "danger.npz")
        return cls(head, LinearModel.load(kinds) if kinds.exists() else None, letters, Thresholds(**limits))


def fit_head(examples: list[Example], strength: float) -> LinearModel:
    """Fit the binary head.

    Of a dangerous example only the whole is known to be dangerous ("hello, he is at the door" has a harmless
    clause); of a harmless one every clause is harmless, and says so.
    """
    vectors, labels, weights = [], [], []
    for example in examples:
        weight = PAST_HARM_WEIGHT if example.intent == "past_harm" else 1.0
        units = example.units[:1] if example.dangerous else example.units
        vectors.append(units)
        labels += [int(example.dangerous)] * len(units)
        weights += [weight] + [weight * CLAUSE_WEIGHT] * (len(units) - 1)
    return fit(np.concatenate(vectors), np.array(labels), strength, np.array(weights))


def fit_kinds(examples: list[Example], strength: float) -> LinearModel | None:
    """Fit the kind head on the dangerous examples that say their kind; None when they know fewer than two kinds."""
    known = [e for e in examples if e.dangerous and e.kind in KINDS]
    if len({e.kind for e in known}) < 2:
        return None
    return fit(np.stack([e.units[0] for e in known]), np.array([e.kind for e in known]), strength)


def fit_letters(examples: list[Example]) -> np.ndarray:
    """Return one weight a letter group (2**14, float32), telling dangerous sentences from the others."""
    counts = _LETTERS.transform([e.text for e in examples])
    labels = np.array([int(e.dangerous) for e in examples])
    model = fit(counts, labels, strength=10.0, max_iterations=50)
    return model.weights[1]
