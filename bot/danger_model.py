"""The danger model: how likely one clause speaks of danger now, of which kind, and where "sure" begins.

Trained on the NLU examples. The head knows all intents and its score is by how much ``emergency`` beats the best of
the others: on 6,292 sentences, at 99 % recall, it called 10 in 100 sentences of past harm dangerous, where a head
that knows only "danger" and "the rest" called 24. Past harm counts double, because "he used to beat me" is the
sentence most easily mistaken for danger.
"""

from __future__ import annotations

import json
import warnings
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from scipy.special import expit
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression

from bot.kernel import KernelModel, Settings, fit
from bot.sentences import Sentences

EMERGENCY = "emergency"
KINDS = ("attack", "confinement", "medical", "self_harm", "child", "other_person")
PAST_HARM_WEIGHT = 2.0
CLAUSE_WEIGHT = 0.5
# Clauses of one harmless example in three. Of all of them: as many false alarms on past harm, half as many again on the others, and
# twice the time and memory (24,535 sentences, held out in groups).
CLAUSES_OF_ONE_IN = 3

# Letters, not words: cheap (microseconds), any script. Only used to choose which clauses are worth encoding.
_LETTERS = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 4), n_features=2**14, alternate_sign=False)


@dataclass(frozen=True)
class Thresholds:
    """From ``sure`` on the numbers come first and nothing is asked; from ``unsure`` on one line of numbers.

    A single clause needs more to be sure than a whole message: a story of twelve clauses has twelve chances to
    sound dangerous, and the words that put it in the past may stand in the clause before.
    """

    sure: float
    sure_in_clause: float
    unsure: float

    def level(self, whole: float, clause: float) -> str:
        """Return ``sure``, ``unsure`` or ``none`` for the score of the message and the highest of its clauses."""
        if whole >= self.sure or clause >= self.sure_in_clause:
            return "sure"
        return "unsure" if max(whole, clause) >= self.unsure else "none"


@dataclass(frozen=True)
class Example:
    """A training sentence with the vectors of its units: the whole first, then its clauses.

    Not ``complete``: its clauses were left out, since nothing is learned from them and encoding them takes long.
    """

    text: str
    intent: str
    kind: str | None
    language: str
    units: Sentences
    clauses: list[str]
    complete: bool = True

    @property
    def dangerous(self) -> bool:
        """Whether the example speaks of danger now."""
        return self.intent == EMERGENCY

    @property
    def group(self) -> str:
        """What the example is to this model: ``emergency``, ``past_harm`` or ``other``."""
        return self.intent if self.intent in (EMERGENCY, "past_harm") else "other"


@dataclass(frozen=True)
class DangerModel:
    """Head over all intents, kind head, letters and thresholds. Immutable; arrays only."""

    head: KernelModel
    kinds: KernelModel | None
    letters: np.ndarray
    thresholds: Thresholds

    def scores(self, units: Sentences) -> np.ndarray:
        """Return the calibrated danger score (0 to 1) of each unit, shape (n,)."""
        return expit(danger_margins(self.head, units) / self.head.temperature)

    def kind(self, clause: Sentences, whole: Sentences) -> str:
        """Return the kind of danger, mostly from the clause that carries it."""
        if self.kinds is None:
            return KINDS[0]
        chances = self.kinds.probabilities(Sentences.join([clause, whole]))
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
        (folder / "thresholds.json").write_text(json.dumps(asdict(self.thresholds)), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> DangerModel:
        """Read what ``save`` wrote."""
        kinds = folder / "kinds.npz"
        with np.load(folder / "letters.npz", allow_pickle=False) as saved:
            letters = saved["letters"]
        limits = json.loads((folder / "thresholds.json").read_text("utf-8"))
        head = KernelModel.load(folder / "danger.npz")
        return cls(head, KernelModel.load(kinds) if kinds.exists() else None, letters, Thresholds(**limits))


def danger_margins(head: KernelModel, units: Sentences) -> np.ndarray:
    """Return by how much danger beats the best other intent, shape (n,), about -2 to 2."""
    scores = head.scores(units)
    danger = head.labels.index(EMERGENCY)
    return scores[:, danger] - np.delete(scores, danger, axis=1).max(axis=1)


def fit_head(examples: list[Example], kernel: Settings) -> KernelModel:
    """Fit the head over all intents.

    Of a dangerous example only the whole is known to be dangerous ("hello, he is at the door" has a harmless
    clause); of a harmless one every clause is harmless, and some say so.
    """
    parts, labels, weights = [], [], []
    for example in examples:
        weight = PAST_HARM_WEIGHT if example.intent == "past_harm" else 1.0
        units = example.units[:1] if example.dangerous or not shows_clauses(example.text) else example.units
        parts.append(units)
        labels += [example.intent] * len(units)
        weights += [weight] + [weight * CLAUSE_WEIGHT] * (len(units) - 1)
    return fit(Sentences.join(parts), np.array(labels), kernel, np.array(weights))


def shows_clauses(text: str) -> bool:
    """Whether the clauses of a harmless example are used: the same ones in every training."""
    return zlib.crc32(text.encode("utf-8", "replace")) % CLAUSES_OF_ONE_IN == 0


def fit_kinds(examples: list[Example], kernel: Settings) -> KernelModel | None:
    """Fit the kind head on the dangerous examples that say their kind; None when they know fewer than two kinds."""
    known = [e for e in examples if e.dangerous and e.kind in KINDS]
    if len({e.kind for e in known}) < 2:
        return None
    return fit(Sentences.join([e.units[0] for e in known]), np.array([e.kind for e in known]), kernel)


def fit_letters(examples: list[Example]) -> np.ndarray:
    """Return one weight a letter group (2**14, float32), telling dangerous sentences from the others."""
    counts = _LETTERS.transform([e.text for e in examples])
    regression = LogisticRegression(C=10.0, class_weight="balanced", max_iter=50, tol=1e-2)
    with warnings.catch_warnings():
        # A rough choice needs no last digits.
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(counts, [int(e.dangerous) for e in examples])
    return regression.coef_[0].astype(np.float32)
