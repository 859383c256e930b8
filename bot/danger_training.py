"""Training of the danger model: thresholds from held-out sentences, and the table that says what they cost."""

from __future__ import annotations

import logging
from collections import defaultdict

import numpy as np

from bot.danger_model import DangerModel, Example, Thresholds, fit_head, fit_kinds, fit_letters
from bot.linear import folds

logger = logging.getLogger(__name__)

RECALL_ANY = 0.99
RECALL_SURE = 0.95
PAST_HARM_AS_SURE = 0.05
OTHER_AS_SURE = 0.01
# Used when the data are too few to measure: low on purpose, a needless line of numbers hurts nobody.
UNMEASURED = Thresholds(sure=0.6, unsure=0.2)


def train_danger(examples: list[Example], strength: float) -> DangerModel:
    """Fit the model on all examples; choose and report the thresholds by cross-validation.

    Raises:
        ValueError: when there is no example of danger, or nothing else.
    """
    if len({e.dangerous for e in examples}) < 2:
        raise ValueError("data/nlu needs examples of the intent 'emergency' and of other intents")
    scores = held_out_scores(examples, strength)
    thresholds = UNMEASURED if scores is None else choose_thresholds(examples, scores)
    if scores is None:
        logger.warning("Danger: too few examples to cross-validate; cautious thresholds are used.")
    else:
        report(examples, scores, thresholds)
    return DangerModel(fit_head(examples, strength), fit_kinds(examples, strength), fit_letters(examples), thresholds)


def held_out_scores(examples: list[Example], strength: float) -> np.ndarray | None:
    """Return each example's score (highest of its units) from a head that never saw it or its likes, shape (n,)."""
    whole = np.stack([e.units[0] for e in examples])
    splits = folds(whole, np.array([e.group for e in examples]))
    if not splits:
        return None
    scores = np.zeros(len(examples))
    for known, unseen in splits:
        head = fit_head([examples[i] for i in known], strength)
        for i in unseen:
            scores[i] = head.probabilities(examples[i].units)[:, 1].max()
    return scores


def choose_thresholds(examples: list[Example], scores: np.ndarray) -> Thresholds:
    """Choose both thresholds from held-out scores.

    ``unsure`` is the score that 99 of 100 dangers reach. ``sure`` is the lowest score that keeps false alarms (past
    harm 5 in 100, others 1 in 100) under their limit, but never so high that fewer than 95 of 100 dangers are sure:
    where the data do not allow both, safety wins.
    """
    group = np.array([e.group for e in examples])
    danger = scores[group == "emergency"]
    calm = [np.quantile(scores[group == g], 1 - limit)
            for g, limit in (("past_harm", PAST_HARM_AS_SURE), ("other", OTHER_AS_SURE)) if (group == g).any()]
    sure = min(max(calm), float(np.quantile(danger, 1 - RECALL_SURE)))
    return Thresholds(sure=float(sure), unsure=float(min(sure, np.quantile(danger, 1 - RECALL_ANY))))


def report(examples: list[Example], scores: np.ndarray, thresholds: Thresholds) -> None:
    """Print, a group a line, how many examples the thresholds call sure or unsure on unseen sentences."""
    logger.info(
        "Danger, on unseen sentences (sure from %.3f, unsure from %.3f):", thresholds.sure, thresholds.unsure
    )
    groups: dict[str, list[float]] = defaultdict(list)
    for example, score in zip(examples, scores, strict=True):
        groups[example.group].append(score)
        groups[f"{example.group} [{example.language or '?'}]"].append(score)
        if example.dangerous:
            groups[f"emergency, {example.kind or 'kind unknown'}"].append(score)
    for name in sorted(groups):
        levels = [thresholds.level(s) for s in groups[name]]
        sure, unsure = levels.count("sure") / len(levels), levels.count("unsure") / len(levels)
        logger.info("  %-28s %5d examples  sure %.3f  sure or unsure %.3f", name, len(levels), sure, sure + unsure)
