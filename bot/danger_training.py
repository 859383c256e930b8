"""Training of the danger model: thresholds from held-out sentences, and the table that says what they cost."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from bot.danger_model import DangerModel, Example, Thresholds, danger_margins, fit_head, fit_kinds, fit_letters
from bot.kernel import Settings, fitted_temperature, folds
from bot.sentences import Sentences

logger = logging.getLogger(__name__)

RECALL_ANY = 0.99
RECALL_SURE = 0.95
# Most false alarms we accept as sure, and as sure in a clause of a longer message, a group.
AS_SURE = {"past_harm": 0.05, "other": 0.01}
AS_SURE_IN_CLAUSE = {"past_harm": 0.05, "other": 0.015}
# Stories whose clauses are scored together: each alone takes ten times as long, all at once a gigabyte.
EXAMPLES_AT_ONCE = 500
# Used when the data are too few to measure: low on purpose, a needless line of numbers hurts nobody.
UNMEASURED = Thresholds(sure=0.6, sure_in_clause=0.8, unsure=0.2)


@dataclass(frozen=True)
class HeldOut:
    """Scores (n,) of examples by a head that never saw them or their likes: of the whole, and of the highest clause."""

    whole: np.ndarray
    clause: np.ndarray
    temperature: float


def train_danger(examples: list[Example], kernel: Settings) -> DangerModel:
    """Fit the model on all examples; choose and report the thresholds by cross-validation.

    Raises:
        ValueError: when there is no example of danger, or nothing else.
    """
    if len({e.dangerous for e in examples}) < 2:
        raise ValueError("data/nlu needs examples of the intent 'emergency' and of other intents")
    head, kinds, letters = fit_head(examples, kernel), fit_kinds(examples, kernel), fit_letters(examples)
    held_out = held_out_scores(examples, kernel)
    if held_out is None:
        logger.warning("Danger: too few examples to cross-validate; cautious thresholds are used.")
        return DangerModel(head.with_temperature(0.5), kinds, letters, UNMEASURED)
    measured, scores = held_out
    thresholds = choose_thresholds([e.group for e in measured], scores)
    report(measured, scores, thresholds)
    return DangerModel(head.with_temperature(scores.temperature), kinds, letters, thresholds)


def held_out_scores(examples: list[Example], kernel: Settings) -> tuple[list[Example], HeldOut] | None:
    """Return the examples that were held out and their calibrated scores: the whole, and its highest clause (0 when it has none)."""
    wholes = Sentences.join([e.units[0] for e in examples])
    splits = folds(wholes.vectors, np.array([e.group for e in examples]))
    if not splits:
        return None
    whole = np.zeros(len(examples))
    clause = np.full(len(examples), -np.inf)
    for known, unseen in splits:
        head = fit_head([examples[i] for i in known], kernel)
        whole[unseen] = danger_margins(head, wholes[unseen])
        told = [i for i in unseen if len(examples[i].units) > 1]
        for start in range(0, len(told), EXAMPLES_AT_ONCE):
            some = told[start : start + EXAMPLES_AT_ONCE]
            margins = danger_margins(head, Sentences.join([examples[i].units[1:] for i in some]))
            ends = np.cumsum([len(examples[i].units) - 1 for i in some])
            clause[some] = [part.max() for part in np.split(margins, ends[:-1])]
    seen = np.concatenate([unseen for _, unseen in splits])
    measured = [examples[i] for i in seen]
    whole, clause = whole[seen], clause[seen]
    truth = np.array([int(e.dangerous) for e in measured])
    heat = fitted_temperature(np.stack([np.zeros_like(whole), whole], axis=1), truth)
    return measured, HeldOut(expit(whole / heat), expit(clause / heat), heat)


def choose_thresholds(groups: list[str], scores: HeldOut) -> Thresholds:
    """Choose the thresholds from held-out scores.

    ``unsure`` is the score that 99 of 100 dangers reach. ``sure`` is the lowest score that keeps false alarms under
    their limit (``AS_SURE``), but never so high that fewer than 95 of 100 dangers are sure: where the data do not
    allow both, safety wins. ``sure_in_clause`` always keeps its limit: below it a clause is still ``unsure``.
    """
    group = np.array(groups)

    def calm(limits: dict[str, float]) -> float:
        known = {name: limit for name, limit in limits.items() if (group == name).any()}
        return max(float(np.quantile(scores.whole[group == name], 1 - limit)) for name, limit in known.items())

    danger = scores.whole[group == "emergency"]
    highest = np.maximum(scores.whole, scores.clause)[group == "emergency"]
    sure = min(calm(AS_SURE), float(np.quantile(danger, 1 - RECALL_SURE)))
    unsure = min(sure, float(np.quantile(highest, 1 - RECALL_ANY)))
    return Thresholds(sure, max(sure, calm(AS_SURE_IN_CLAUSE)), unsure)


def report(examples: list[Example], scores: HeldOut, thresholds: Thresholds) -> None:
    """Print, a group a line, how many examples the thresholds call sure or unsure on unseen sentences."""
    logger.info(
        "Danger, on unseen sentences (sure from %.3f, in a clause of a longer message from %.3f, unsure from %.3f):",
        thresholds.sure,
        thresholds.sure_in_clause,
        thresholds.unsure,
    )
    groups: dict[str, list[int]] = defaultdict(list)
    for number, example in enumerate(examples):
        if not example.complete:
            continue
        groups[example.group].append(number)
        groups[f"{example.group} [{example.language or '?'}]"].append(number)
        if example.dangerous:
            groups[f"emergency, {example.kind or 'kind unknown'}"].append(number)
    for name, numbers in sorted(groups.items()):
        levels = [thresholds.level(scores.whole[i], scores.clause[i]) for i in numbers]
        sure, calm = levels.count("sure") / len(levels), levels.count("none") / len(levels)
        inside = float((scores.whole[numbers] >= thresholds.sure_in_clause).mean())
        logger.info(
            "  %-26s %5d examples  sure %.3f  sure or unsure %.3f  sure as a clause of a story %.3f",
            name,
            len(levels),
            sure,
            1 - calm,
            inside,
        )
