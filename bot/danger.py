"""Is there danger now in a message, of which kind, and where "sure" begins.

Danger is one of the intents, and its score is by how much `emergency` beats the best of the others: on 6,292 sentences, at 99 %
recall, it called 10 in 100 sentences of past harm dangerous, where a classifier of "danger" and "the rest" called 24. Past harm
counts double in training, because "he used to beat me" is the sentence most easily mistaken for danger.

A clause alone loses what puts it in the past ("he hit me. that was in 2019"), and a whole can drown danger in what went before
("he hit me for years. now he is at the door"). So where a message was read whole and tells of harm that is over, a clause makes it
sure when it is the last and clear, since people tell what is now after what was, or when it could hardly be clearer. Measured on
held-out messages (docs/decisions/0007): of 1,020 put together from past harm and then danger 70 in 100 are sure and 98 answered, with
the whole alone 35; of messages about past harm 8 in 100 are called danger as sure, with the whole alone 7.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression

from bot.examples import EMERGENCY

# Of 100 dangers on unseen sentences, so many are answered at all, so many as sure, and so many as sure in a clause that has to carry it
# alone; where the whole tells of harm that is over, in the last clause, and in any clause. How they were chosen: docs/understanding.md.
RECALL_ANY = 0.985
RECALL_SURE = 0.86
RECALL_IN_CLAUSE = 0.8
RECALL_AFTER_HARM = 0.7
RECALL_AGAINST_WHOLE = 0.3
# How sharply the share of danger falls when another intent comes near; 0.1 to 0.5 were tried.
SHARE_HEAT = 0.2

# Letters, not words: cheap (microseconds), any script. Only used to choose which clauses are worth encoding.
_LETTERS = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 4), n_features=2**14, alternate_sign=False)


@dataclass(frozen=True)
class Thresholds:
    """From `sure` on the numbers come first and nothing is asked; from `unsure` on one line of numbers.

    A single clause needs more to be sure than a whole message: a story of twelve clauses has twelve chances to
    sound dangerous, and the words that put it in the past may stand in the clause before.
    """

    sure: float
    sure_in_clause: float
    sure_after_harm: float
    sure_against_whole: float
    unsure: float

    def level(self, whole: float, clauses: Sequence[float], over: bool, share: float) -> str:
        """`sure`, `unsure` or `none` for the scores of a message and of its clauses in order (none: it is one clause).

        `over`: the message was read whole and tells of harm that is over. `share`: how much of the whole message is danger beside
        all other intents (`shares`), by which "perhaps" is judged.
        """
        highest, last = (max(clauses), clauses[-1]) if len(clauses) else (0.0, 0.0)
        alone = last >= self.sure_after_harm if over else highest >= self.sure_in_clause
        carried = alone or highest >= self.sure_against_whole
        if whole >= self.sure or carried:
            return "sure"
        return "unsure" if share >= self.unsure or highest >= self.sure else "none"


# Used when the data are too few to measure: low on purpose, a needless line of numbers hurts nobody.
UNMEASURED = Thresholds(sure=0.6, sure_in_clause=0.8, sure_after_harm=0.85, sure_against_whole=0.9, unsure=0.2)


def choose_thresholds(scores: np.ndarray, shares_of: np.ndarray) -> Thresholds:
    """Choose the thresholds by the scores and shares of held-out dangers: where the data do not allow both, safety wins over calm."""
    recalls = (RECALL_SURE, RECALL_IN_CLAUSE, RECALL_AFTER_HARM, RECALL_AGAINST_WHOLE)
    return Thresholds(*(float(np.quantile(scores, 1 - recall)) for recall in recalls), float(np.quantile(shares_of, 1 - RECALL_ANY)))


def shares(scores: np.ndarray, labels: list[str]) -> np.ndarray:
    """How much of each sentence is danger beside all other intents, 0 to 1, shape (n,), from scores (n, labels).

    By how much danger beats the best other one says when it is sure. Whether there may be any is better judged against all: a question
    that is near to one topic and far from all others is calm. Held out, at the same 98.5 of 100 dangers, 21 in 100 other sentences got a
    line of numbers instead of 32; of past harm 25 instead of 20.
    """
    return np.asarray(softmax(scores / SHARE_HEAT, axis=1)[:, labels.index(EMERGENCY)])


def margins(scores: np.ndarray, labels: list[str]) -> np.ndarray:
    """By how much danger beats the best other intent, shape (n,), about -2 to 2, from scores (n, labels)."""
    danger = labels.index(EMERGENCY)
    return np.asarray(scores[:, danger] - np.delete(scores, danger, axis=1).max(axis=1))


def fit_letters(texts: list[str], dangerous: np.ndarray) -> np.ndarray:
    """One weight a letter group (2**14, float32), telling dangerous sentences from the others."""
    regression = LogisticRegression(C=10.0, class_weight="balanced", max_iter=50, tol=1e-2)
    with warnings.catch_warnings():
        # A rough choice needs no last digits.
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(_LETTERS.transform(texts), dangerous)
    return np.asarray(regression.coef_[0], dtype=np.float32)


def worth_encoding(texts: list[str], letters: np.ndarray) -> np.ndarray:
    """A rough score a clause from its letters alone, shape (n,); for choosing, never for deciding."""
    return np.asarray(_LETTERS.transform(texts) @ letters).ravel()


def choose_clauses(found: list[str], limit: int, letters: np.ndarray | None = None) -> list[str]:
    """At most `limit` of the clauses, in order: first, last, those whose letters alarm, the rest spread.

    What this can miss: in a text of more than `limit` clauses, danger that is told neither at the beginning nor at
    the end, in words whose letters look like none of the training examples, and that the even spread steps over.
    """
    texts = list(dict.fromkeys(found))
    if len(texts) <= limit:
        return texts
    chosen = {0, 1, len(texts) - 2, len(texts) - 1}
    if letters is not None:
        alarming = np.argsort(-worth_encoding(texts, letters), kind="stable")
        chosen.update(int(i) for i in alarming[: (limit - len(chosen)) // 2])
    spread = np.linspace(0, len(texts) - 1, 4 * limit).round().astype(int)
    # Halving steps through the spread keeps it even whatever number of places is left.
    order = [int(spread[i]) for step in (8, 4, 2, 1) for i in range(step // 2, len(spread), step)]
    for i in order:
        if len(chosen) >= limit:
            break
        chosen.add(i)
    return [texts[i] for i in sorted(chosen)]
