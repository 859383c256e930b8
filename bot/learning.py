"""Learns what a message wants and whether there is danger in it; prints what to expect on sentences it never saw."""

from __future__ import annotations

import logging
from collections import defaultdict

import numpy as np
from scipy.special import expit

from bot.danger import UNMEASURED, Thresholds, choose_thresholds, fit_letters, margins, shares
from bot.examples import EMERGENCY, KINDS, PAST_HARM, Example
from bot.kernel import Head, Settings, Support, fit, fitted_temperature, known_and_unseen
from bot.last_time import LastTime, key_of
from bot.model import Model
from bot.sentences import Sentences

logger = logging.getLogger(__name__)

# Chosen on held-out sentences, at the same recall of danger: fewer false alarms on past harm than with 1 or 2; and of the border,
# than with its full weight, which made other sentences sound dangerous.
PAST_HARM_WEIGHT = 4.0
BORDER_WEIGHT = 0.5
#: Temperature of danger when nothing can be measured.
UNMEASURED_HEAT = 0.5


#: Rows to learn from while something is measured, and rows to measure by.
Split = tuple[np.ndarray, np.ndarray]
#: Held-out scores (m, labels) and which label is right (m).
Measured = tuple[np.ndarray, np.ndarray]


def train(
    examples: list[Example], vectors: np.ndarray, settings: Settings, split: Split | None, last: LastTime | None = None
) -> tuple[Model, Measured | None]:
    """Learn from examples and their embeddings (n, 384); also return what was measured to calibrate it, for a report.

    `split`: rows to learn from while it is measured, and to measure by (`split_of`); None for a toy.

    The support is put in another order than the examples: those that are held out come last, so that what is learned without them
    is a stretch of the same likeness.

    Raises:
        ValueError: when there is no example of danger, or of nothing else.
    """
    if len({e.intent == EMERGENCY for e in examples}) < 2:
        raise ValueError("data/nlu needs examples of the intent 'emergency' and of other intents")
    order = np.arange(len(examples)) if split is None else np.concatenate(split)
    examples, vectors = [examples[i] for i in order], vectors[order]
    support = Support.of(Sentences.of([e.text for e in examples], vectors), np.array([e.language for e in examples]), settings)
    del vectors
    labels = np.array([e.intent for e in examples])
    kinds, letters = _fit_kinds(examples, support, settings), fit_letters([e.text for e in examples], labels == EMERGENCY)
    alike = support.own_likeness()
    weight = np.where(labels == PAST_HARM, PAST_HARM_WEIGHT, 1.0)
    weight *= np.where([e.border for e in examples], BORDER_WEIGHT, 1.0)
    if split is None:
        logger.warning("Too few examples of some intent to hold any out: confidence is not calibrated, thresholds are cautious.")
        return Model(support, fit(alike, labels, settings, weight)[0], kinds, letters, UNMEASURED, UNMEASURED_HEAT), None
    known = len(split[0])
    last = last or LastTime()
    keys = [key_of(e.intent, e.language, e.text) for e in examples]
    begin = last.begin(keys, sorted(set(labels)), known)
    intents, before = fit(alike, labels, settings, weight, (slice(0, known),), begin)
    last.keep(keys, intents.labels, intents.dual, before.dual)
    learned = np.zeros((len(alike), len(before.labels)), dtype=np.float32)
    learned[:known] = before.dual
    held_out = alike.product(learned)[known:]
    unseen = examples[known:]
    truth = np.searchsorted(intents.labels, [e.intent for e in unseen])
    danger = margins(held_out, intents.labels)
    dangerous = np.array([e.intent == EMERGENCY for e in unseen])
    heat = fitted_temperature(np.stack([np.zeros_like(danger), danger], axis=1), dangerous.astype(int))
    scores = expit(danger / heat)
    ordinary = np.array([e.group == EMERGENCY for e in unseen])
    beside = shares(held_out, intents.labels)
    thresholds = choose_thresholds(scores[ordinary], beside[ordinary]) if ordinary.any() else UNMEASURED
    model = Model(support, intents.with_temperature(fitted_temperature(held_out, truth)), kinds, letters, thresholds, heat)
    _report_danger(unseen, scores, beside, thresholds)
    return model, (held_out, truth)


def split_of(examples: list[Example], vectors: np.ndarray) -> Split | None:
    """Part examples so that none that is held out says what a known one says; None when some intent has too few."""
    return known_and_unseen(vectors, np.array([e.intent for e in examples]))


def _fit_kinds(examples: list[Example], support: Support, settings: Settings) -> Head | None:
    """Fit the kinds on the dangerous examples that say theirs; None when they know fewer than two kinds."""
    rows = np.array([i for i, e in enumerate(examples) if e.intent == EMERGENCY and e.kind in KINDS], dtype=int)
    labels = np.array([examples[i].kind for i in rows])
    if len(set(labels)) < 2:
        return None
    head = fit(support.only(rows).own_likeness(), labels, settings, np.ones(len(rows)))[0]
    return Head(head.labels, head.dual, rows)


def _report_danger(examples: list[Example], scores: np.ndarray, beside: np.ndarray, thresholds: Thresholds) -> None:
    """Print, a group a line, how many examples the thresholds call sure or unsure on unseen sentences."""
    logger.info(
        "Danger, on unseen sentences (sure from %.3f, in a clause from %.3f, unsure from %.3f):",
        thresholds.sure,
        thresholds.sure_in_clause,
        thresholds.unsure,
    )
    groups: dict[str, list[int]] = defaultdict(list)
    for number, example in enumerate(examples):
        groups[example.group].append(number)
        groups[f"{example.group} [{example.language or '?'}]"].append(number)
        if example.intent == EMERGENCY:
            groups[f"emergency, {example.kind or 'kind unknown'}"].append(number)
    for name, numbers in sorted(groups.items()):
        some = scores[numbers]
        logger.info(
            "  %-26s %5d examples  sure %.3f  sure or unsure %.3f  sure as a clause %.3f",
            name,
            len(numbers),
            (some >= thresholds.sure).mean(),
            ((some >= thresholds.sure) | (beside[numbers] >= thresholds.unsure)).mean(),
            (some >= thresholds.sure_in_clause).mean(),
        )
