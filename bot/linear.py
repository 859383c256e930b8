"""Linear classifiers on sentence embeddings: fitted by scikit-learn, kept as plain arrays, judged on unseen groups."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.special import log_softmax, softmax
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

FOLDS = 5
# Two examples nearer than this say the same thing: one in training and one in the test would flatter the figures.
SAME_SENTENCE = 0.97


@dataclass(frozen=True)
class LinearModel:
    """A softmax over labels: logits = vectors @ weights.T + bias, divided by the temperature."""

    labels: list[str]
    weights: np.ndarray
    bias: np.ndarray
    temperature: float = 1.0

    def probabilities(self, vectors: np.ndarray) -> np.ndarray:
        """Return the probabilities, shape (n, labels), for vectors of shape (n, dimension)."""
        return softmax((vectors @ self.weights.T + self.bias) / self.temperature, axis=1)

    def save(self, path: Path) -> None:
        """Write the model as an ``.npz`` file without pickled objects."""
        np.savez(path, labels=np.array(self.labels), weights=self.weights, bias=self.bias, heat=self.temperature)

    @classmethod
    def load(cls, path: Path) -> LinearModel:
        """Read what ``save`` wrote."""
        with np.load(path, allow_pickle=False) as saved:
            return cls([str(x) for x in saved["labels"]], saved["weights"], saved["bias"], float(saved["heat"]))


def fit(vectors: np.ndarray, labels: np.ndarray, strength: float, sample_weight: np.ndarray | None = None,
        max_iterations: int = 300) -> LinearModel:
    """Fit a logistic regression (``strength`` is scikit-learn's C; classes balanced); needs two labels or more."""
    regression = LogisticRegression(C=strength, class_weight="balanced", max_iter=max_iterations, tol=1e-3)
    with warnings.catch_warnings():
        # The last digits do not matter on 384 dimensions; the cross-validated figures say how good it is.
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(vectors, labels, sample_weight)
    weights, bias = regression.coef_, regression.intercept_
    if len(regression.classes_) == 2:
        # scikit-learn keeps one row for two classes; the softmax form has two.
        weights, bias = np.vstack([np.zeros_like(weights), weights]), np.array([0.0, bias[0]])
    return LinearModel([str(c) for c in regression.classes_], weights.astype(np.float32), bias.astype(np.float32))


def likeness_groups(vectors: np.ndarray, same: float = SAME_SENTENCE) -> np.ndarray:
    """Return a group number a row: rows that say the same thing share one, so that folds never split them."""
    near = csr_matrix(vectors @ vectors.T >= same)
    return connected_components(near, directed=False)[1]


def folds(vectors: np.ndarray, labels: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return (training rows, held-out rows) of each fold: stratified by label, never splitting a likeness group.

    Empty when some label has fewer examples than there are folds (a toy data set).
    """
    if min(np.unique(labels, return_counts=True)[1]) < FOLDS:
        return []
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    return list(splitter.split(vectors, labels, likeness_groups(vectors)))


def fitted_temperature(logits: np.ndarray, truth: np.ndarray) -> float:
    """Return the temperature under which held-out logits (n, labels) are best calibrated (least log loss)."""
    rows = np.arange(len(truth))

    def loss(heat: float) -> float:
        return float(-log_softmax(logits / heat, axis=1)[rows, truth].mean())

    return float(minimize_scalar(loss, bounds=(0.2, 10.0), method="bounded").x)
