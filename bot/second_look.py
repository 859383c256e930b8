"""Learns the cheap look for danger (danger/letters.py) from the same sentences, and writes it to `models/danger.letters`."""

from __future__ import annotations

import logging
import warnings
from array import array

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from bot.examples import EMERGENCY, KINDS, PAST_HARM, Clause, Example
from danger.letters import BUCKETS, Letters, calm_mark, features

logger = logging.getLogger(__name__)

# Of 100 held-out dangers so many are answered as one when Rasa cannot be asked, and so many get the line of numbers of their kind.
RECALL_SURE, RECALL_PERHAPS = 0.95, 0.97
# Held out, at 95 in 100 dangers, 24 in 100 other sentences alarm and 22 in 100 clauses of stories; without the clauses 27 and 31.
PAST_HARM_WEIGHT, BORDER_WEIGHT, CLAUSE_WEIGHT = 4.0, 0.5, 0.3
#: Clauses of stories that say one of these may be danger, and teach nothing here.
HEAVY = ("violence=", "locked=", "now=")
STRENGTH = 10.0
STEPS = 60
# Used when the data are too few to measure.
UNMEASURED = (0.0, -1.0)


def learn_letters(examples: list[Example], clauses: list[Clause], split: tuple[np.ndarray, np.ndarray] | None) -> Letters:
    """Learn from all examples, and from clauses as what is no danger. `split`: rows to learn from while the thresholds are chosen by the
    others; without it nothing is measured."""
    calm = [clause.text for clause in clauses if not any(label.startswith(HEAVY) for label in clause.labels)]
    matrix = rows_of([*(example.text for example in examples), *calm])
    danger = np.array([*(example.intent == EMERGENCY for example in examples), *(False for _ in calm)])
    weight = np.array([*(_weight(example) for example in examples), *(CLAUSE_WEIGHT for _ in calm)])
    sure, perhaps = UNMEASURED
    if split is not None:
        known, unseen = split
        learned = np.concatenate([known, np.arange(len(examples), len(danger))])
        measured = _fitted(matrix[learned], danger[learned], weight[learned])
        scores = matrix[unseen] @ measured.coef_[0] + measured.intercept_[0]
        groups = np.array([examples[i].group for i in unseen])
        dangers = scores[groups == EMERGENCY]
        sure, perhaps = (float(np.quantile(dangers, 1 - recall)) for recall in (RECALL_SURE, RECALL_PERHAPS))
        for group in sorted(set(groups)):
            of = scores[groups == group]
            logger.info("  by letters: %-22s %5d  sure %.3f  perhaps %.3f", group, len(of), (of >= sure).mean(), (of >= perhaps).mean())
    whole = _fitted(matrix, danger, weight)
    weights, step = _in_steps(whole.coef_[0])
    return Letters(weights, step, float(whole.intercept_[0]), sure, perhaps, _kinds(matrix, examples))


def short_and_calm(examples: list[Example]) -> frozenset[int]:
    """The marks of short messages that nobody called danger, harm of the past or its border, in any language; of all sentences, also
    those that are left out of learning since they say what others say."""
    marks = [(calm_mark(example.text), example.intent in (EMERGENCY, PAST_HARM) or example.border) for example in examples]
    heavy = {mark for mark, is_heavy in marks if is_heavy}
    return frozenset(mark for mark, _ in marks if mark is not None and mark not in heavy)


def _weight(example: Example) -> float:
    return PAST_HARM_WEIGHT if example.intent == PAST_HARM else BORDER_WEIGHT if example.border else 1.0


def rows_of(texts: list[str]) -> csr_matrix:
    """A row a text: its features, of length 1."""
    found = [sorted(features(text)) for text in texts]
    sizes = np.array([len(row) for row in found])
    values = np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes).astype(np.float32)
    places = np.fromiter((place for row in found for place in row), dtype=np.int32, count=int(sizes.sum()))
    return csr_matrix((values, places, np.concatenate([[0], np.cumsum(sizes)])), shape=(len(texts), BUCKETS))


def _kinds(matrix: csr_matrix, examples: list[Example]) -> dict[str, tuple[array[int], float, float]]:
    rows = np.array([i for i, e in enumerate(examples) if e.intent == EMERGENCY and e.kind in KINDS], dtype=int)
    kinds = np.array([examples[i].kind for i in rows])
    if len(set(kinds)) < 3:
        return {}
    fitted = _fitted(matrix[rows], kinds, np.ones(len(rows)))
    found = {}
    for kind, weights, bias in zip(fitted.classes_, fitted.coef_, fitted.intercept_, strict=True):
        found[str(kind)] = (*_in_steps(weights), float(bias))
    return found


def _fitted(matrix: csr_matrix, labels: np.ndarray, weight: np.ndarray) -> LogisticRegression:
    regression = LogisticRegression(C=STRENGTH, class_weight="balanced", solver="liblinear", max_iter=STEPS, tol=1e-2)
    with warnings.catch_warnings():
        # More steps change no held-out sentence in a hundred.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return regression.fit(matrix, labels, sample_weight=weight)


def _in_steps(weights: np.ndarray) -> tuple[array[int], float]:
    """Weights in 255 equal steps: a quarter of a megabyte a table."""
    step = max(1e-9, float(np.abs(weights).max()) / 127)
    return array("b", np.round(weights / step).astype(np.int8).tobytes()), step
