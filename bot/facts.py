"""Reads from a clause what it says of the writer: kept papers, a debt, whose pay an amount is; or that it says nothing of them.

One comparison with all clauses of `data/facts` gives a score for every label. Within a group (`papers`, `money` ...) the best
value counts for as much as it beats the next value and what is no fact at all: a question, a wish, somebody else, a denial. From its
own threshold on, chosen on held-out clauses, a value is read; below it nothing is claimed.
"""

from __future__ import annotations

import logging
import os
import re
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from bot.equations import System, solve
from bot.examples import Clause
from bot.kernel import FOLDS, Settings, Support, known_and_unseen
from bot.last_time import LastTime, key_of
from bot.sentences import Sentences

logger = logging.getLogger(__name__)

#: What a clause is when it says no fact of the writer.
NO_FACT = ("none", "other_person", "question", "wish", "denied")
#: Of these the ones that are told with a clause, so that no place, day or amount in it counts as the writer's.
OTHER_PERSON = "other_person"
ABOUT = (OTHER_PERSON, "question", "wish")
ABOUT_GROUP = "about"
#: A value that says another one too: without its figure "I am 17" may be either, so that neither speaks against the other.
IMPLIES = {"age=minor": "age=mine"}
#: How much of the next best score is taken from the best.
AGAINST = 0.5
# Of a hundred values read on held-out clauses so many are right, at least; a label that never reaches it is never sure.
PRECISION = 0.9
# "Nobody hurt me" is easily read from any sentence with a no in it ("they never paid me"), and does more harm than not being read.
DENIALS = frozenset(
    {"violence=none", "locked=no", "debt=no", "papers=not_taken", "police=not_told", "children=none", "live_in=no", "permit_to_work=no"}
)
DENIED_PRECISION = 0.97
# A label needs so many held-out clauses for a threshold of its own; others take their group's.
FEWEST = 12
#: A guess that is worth asking about is right this often.
GUESS = 0.8
#: A clause of so many words may hold more than one thought.
LONG_CLAUSE = 8
#: No score is as high.
NEVER = 9.0
SETTINGS = Settings(gamma=0.002, ridge=0.1, letters=0.5)
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")


def masked(text: str) -> str:
    """A clause without its figures, which say nothing of what they are.

    >>> masked("50 euros a week since 03/2024")
    '0 euros a week since 0'
    """
    return _NUMBER.sub("0", text)


def units_of(clause: str) -> list[str]:
    """What of a clause is compared: all of it, and in a longer one what stands before its figures, where the work is often told.

    >>> units_of("i clean houses 12 hours every day since march 2024")
    ['i clean houses 0 hours every day since march 0', 'i clean houses']
    """
    whole = masked(clause)
    before = _NUMBER.split(clause, maxsplit=1)[0].strip()
    longer = len(whole.split()) >= LONG_CLAUSE and len(before.split()) >= 2 and before != clause.strip()
    return [whole, before] if longer else [whole]


def surest(readings: list[list[Reading]]) -> list[Reading]:
    """Of several readings of one clause the surest of each group."""
    best: dict[str, Reading] = {}
    for reading in (one for own in readings for one in own):
        if reading.group not in best or (reading.sure, reading.score) > (best[reading.group].sure, best[reading.group].score):
            best[reading.group] = reading
    return list(best.values())


@dataclass(frozen=True)
class Reading:
    """A value of a group that a clause says; `sure` or only worth asking about."""

    group: str
    value: str
    score: float
    sure: bool


@dataclass(frozen=True)
class FactsModel:
    """What was learned of facts. Arrays only."""

    support: Support
    labels: list[str]
    dual: np.ndarray
    #: From which score on a label is sure, and from which it is worth asking about (labels).
    sure: np.ndarray
    guess: np.ndarray

    def read(self, sentences: Sentences) -> list[list[Reading]]:
        """The readings of each of some masked clauses."""
        if not len(sentences.vectors):
            return []
        scores = self.support.likeness(sentences) @ self.dual
        found: list[list[Reading]] = [[] for _ in scores]
        for group, columns in _groups(self.labels).items():
            column, score = _best(scores, columns, _against(self.labels, group), self.labels)
            column = _implied(column, score < self.sure[column], self.labels)
            for row in np.flatnonzero(score >= self.guess[column]):
                label = int(column[row])
                value = self.labels[label].rpartition("=")[2]
                found[row].append(Reading(group, value, float(score[row]), bool(score[row] >= self.sure[label])))
        return found

    def arrays(self) -> dict[str, np.ndarray]:
        """What `of_arrays` reads."""
        own = {f"fact_{name}": value for name, value in self.support.arrays().items()}
        return {**own, "fact_labels": np.array(self.labels), "fact_dual": self.dual, "fact_sure": self.sure, "fact_guess": self.guess}

    @classmethod
    def of_arrays(cls, saved: dict[str, np.ndarray]) -> FactsModel | None:
        """The model that `arrays` described; None when there is none among the arrays."""
        if "fact_labels" not in saved:
            return None
        support = Support.of_arrays({name.removeprefix("fact_"): value for name, value in saved.items() if name.startswith("fact_")})
        return cls(support, [str(x) for x in saved["fact_labels"]], saved["fact_dual"], saved["fact_sure"], saved["fact_guess"])


def learn_facts(clauses: list[Clause], vectors: np.ndarray, last: LastTime | None = None) -> FactsModel:
    """Learn from clauses and the embeddings (n, 384) of their masked texts; a fifth of them is held out to choose thresholds by.

    `last`: what was learned the last time, and is learned now.
    """
    split = known_and_unseen(vectors, np.zeros(len(clauses), dtype=int))
    order = np.arange(len(clauses)) if split is None else np.concatenate(split)
    clauses, vectors = [clauses[i] for i in order], vectors[order]
    labels = sorted({label for clause in clauses for label in clause.labels})
    wanted = np.full((len(clauses), len(labels)), -1.0, dtype=np.float32)
    for row, clause in enumerate(clauses):
        wanted[row, [labels.index(label) for label in clause.labels]] = 1.0
    texts = [masked(clause.text) for clause in clauses]
    support = Support.of(Sentences.of(texts, vectors), np.array([clause.language for clause in clauses]), SETTINGS)
    del vectors
    alike = support.own_likeness()
    known = len(clauses) if split is None else len(split[0])
    systems = [System(np.full(rows, SETTINGS.ridge, dtype=np.float32), wanted[:rows]) for rows in dict.fromkeys((len(clauses), known))]
    # The servers run one thread a process (bot/encoder.py); a training gets all cores.
    with threadpool_limits(os.cpu_count(), user_api="blas"):
        last = last or LastTime()
        keys = [key_of(clause.language, " ".join(sorted(clause.labels)), clause.text) for clause in clauses]
        dual, *before = solve(alike, systems, last.begin(keys, labels, known) if split is not None else None)
    if not before:
        return FactsModel(support, labels, dual, np.full(len(labels), NEVER), np.full(len(labels), NEVER))
    last.keep(keys, labels, dual, before[0])
    padded = np.zeros_like(dual)
    padded[:known] = before[0]
    scores = alike.product(padded)[known:]
    sure, guess = _thresholds(scores, wanted[known:] > 0, labels)
    _report(scores, wanted[known:] > 0, labels, sure)
    return FactsModel(support, labels, dual, sure, guess)


def _groups(labels: list[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for column, label in enumerate(labels):
        if "=" in label:
            found[label.partition("=")[0]].append(column)
        elif label in ABOUT:
            found[ABOUT_GROUP].append(column)
    return found


def _against(labels: list[str], group: str) -> list[int]:
    """The columns that speak against a value of a group: what is no fact; of that, what is one."""
    return [column for column, label in enumerate(labels) if ("=" in label if group == ABOUT_GROUP else label in NO_FACT)]


def _best(scores: np.ndarray, columns: list[int], other: list[int], labels: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """The column of the best value of a group for each row, and by how much it counts."""
    rows, rivals = np.arange(len(scores)), scores[:, columns]
    column = np.array(columns)[rivals.argmax(axis=1)]
    best = rivals.max(axis=1)
    rivals[rows, rivals.argmax(axis=1)] = -np.inf
    for one, other_one in _pairs(labels):
        for of, spared in ((one, other_one), (other_one, one)):
            if spared in columns:
                rivals[column == of, columns.index(spared)] = -np.inf
    nothing = scores[:, other].max(axis=1) if other else np.full(len(scores), -1.0)
    return column, best - AGAINST * np.maximum(nothing, rivals.max(axis=1))


def _pairs(labels: list[str]) -> list[tuple[int, int]]:
    """The columns of values that imply another one, and of those they imply."""
    return [(labels.index(one), labels.index(other)) for one, other in IMPLIES.items() if one in labels and other in labels]


def _implied(column: np.ndarray, where: np.ndarray, labels: list[str]) -> np.ndarray:
    """The columns, in some rows with what a value implies in its place."""
    column = column.copy()
    for one, other in _pairs(labels):
        column[where & (column == one)] = other
    return column


def _thresholds(scores: np.ndarray, truth: np.ndarray, labels: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """From which score on each label is right often enough to be read, and to be asked about."""
    sure, guess = np.full(len(labels), NEVER), np.full(len(labels), NEVER)
    for group, columns in _groups(labels).items():
        column, score = _best(scores, columns, _against(labels, group), labels)
        rows = np.arange(len(scores))
        right = truth[rows, column]
        for wanted, into in ((PRECISION, sure), (GUESS, guess)):
            common = _lowest(score, right, wanted)
            for label in columns:
                own = column == label
                for one, other in _pairs(labels):
                    if label == other:
                        # What implies it is read as it, where it is not sure itself.
                        own = own | (column == one)
                        right = np.where(own, truth[:, one] | truth[:, other], right)
                least = max(wanted, DENIED_PRECISION) if into is sure and labels[label] in DENIALS else wanted
                into[label] = _lowest(score[own], right[own], least) if right[own].sum() >= FEWEST else common
    return sure, np.minimum(sure, guess)


def _lowest(score: np.ndarray, right: np.ndarray, precision: float) -> float:
    """The lowest score from which on at least so many of the readings are right (one wrong one counted more, for few)."""
    if not len(score):
        return NEVER
    order = np.argsort(-score)
    reached = (np.cumsum(right[order]) + 1.0) / (np.arange(1, len(order) + 1) + 1.5)
    enough = np.flatnonzero(reached >= precision)
    return float(score[order[enough[-1]]]) if len(enough) else NEVER


def _report(scores: np.ndarray, truth: np.ndarray, labels: list[str], sure: np.ndarray) -> None:
    """Print, a group a line, how much of the held-out clauses is read and how much of that is right."""
    read_all = right_all = told_all = 0
    for group, columns in _groups(labels).items():
        column, score = _best(scores, columns, _against(labels, group), labels)
        column = _implied(column, score < sure[column], labels)
        read = score >= sure[column]
        known = truth.copy()
        for one, other in _pairs(labels):
            known[:, other] |= truth[:, one]
        right = int(known[np.flatnonzero(read), column[read]].sum())
        told = int(truth[:, columns].any(axis=1).sum())
        read_all, right_all, told_all = read_all + int(read.sum()), right_all + right, told_all + told
        logger.info("  %-16s %4d told  read %.2f  right %.2f", group, told, right / max(1, told), right / max(1, int(read.sum())))
    logger.info(
        "Facts, on %d clauses of %d held out: of %d told %.3f are read, of these right %.3f",
        len(scores),
        FOLDS * len(scores),
        told_all,
        right_all / max(1, told_all),
        right_all / max(1, read_all),
    )
