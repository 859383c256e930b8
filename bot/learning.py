"""Learns what a message wants and whether there is danger in it; prints what to expect on sentences it never saw."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from bot.danger import EMERGENCY, KINDS, PAST_HARM, UNMEASURED, Thresholds, choose_thresholds, fit_letters, margins
from bot.kernel import Head, Settings, Support, fit, fitted_temperature, known_and_unseen
from bot.model import Model
from bot.sentences import Sentences

logger = logging.getLogger(__name__)

# Chosen on held-out sentences, at the same recall of danger: fewer false alarms on past harm than with 1 or 2; and of the border,
# than with its full weight, which made other sentences sound dangerous.
PAST_HARM_WEIGHT = 4.0
BORDER_WEIGHT = 0.5
#: Temperature of danger when nothing can be measured.
UNMEASURED_HEAT = 0.5


@dataclass(frozen=True)
class Example:
    """A training sentence: its text, intent, language code and, of danger, its kind.

    ``border``: written for where danger and harm that is over touch. People seldom write like that, so such sentences are
    learned from and reported, and no threshold is chosen by them.
    """

    text: str
    intent: str
    language: str
    kind: str | None
    border: bool = False

    @property
    def group(self) -> str:
        """What the example is to danger: ``emergency``, ``past_harm`` or ``other``, at the border or not."""
        name = self.intent if self.intent in (EMERGENCY, PAST_HARM) else "other"
        return f"{name}, border" if self.border else name


#: Held-out scores (m, labels) and which label is right (m).
Measured = tuple[np.ndarray, np.ndarray]


def train(examples: list[Example], vectors: np.ndarray, settings: Settings) -> tuple[Model, Measured | None]:
    """Learn from examples and their embeddings (n, 384); also return what was measured to calibrate it, for a report.

    The support is put in another order than the examples: those that are held out come last, so that what is learned without them
    is a stretch of the same likeness.

    Raises:
        ValueError: when there is no example of danger, or of nothing else.
    """
    if len({e.intent == EMERGENCY for e in examples}) < 2:
        raise ValueError("data/nlu needs examples of the intent 'emergency' and of other intents")
    split = known_and_unseen(vectors, np.array([e.intent for e in examples]))
    order = np.arange(len(examples)) if split is None else np.concatenate(split)
    examples, vectors = [examples[i] for i in order], vectors[order]
    support = Support.of(Sentences.of([e.text for e in examples], vectors), np.array([e.language for e in examples]), settings)
    alike = support.own_likeness()
    labels = np.array([e.intent for e in examples])
    weight = np.where(labels == PAST_HARM, PAST_HARM_WEIGHT, 1.0)
    weight *= np.where([e.border for e in examples], BORDER_WEIGHT, 1.0)
    kinds, letters = _fit_kinds(examples, alike, settings), fit_letters([e.text for e in examples], labels == EMERGENCY)
    if split is None:
        logger.warning("Too few examples of some intent to hold any out: confidence is not calibrated, thresholds are cautious.")
        return Model(support, fit(alike, labels, settings, weight)[0], kinds, letters, UNMEASURED, UNMEASURED_HEAT), None
    known = len(split[0])
    intents, before = fit(alike, labels, settings, weight, (slice(0, known),))
    held_out = before.scores(alike[known:, :known])
    unseen = examples[known:]
    truth = np.searchsorted(intents.labels, [e.intent for e in unseen])
    danger = margins(held_out, intents.labels)
    dangerous = np.array([e.intent == EMERGENCY for e in unseen])
    heat = fitted_temperature(np.stack([np.zeros_like(danger), danger], axis=1), dangerous.astype(int))
    scores = expit(danger / heat)
    ordinary = scores[[e.group == EMERGENCY for e in unseen]]
    thresholds = choose_thresholds(ordinary) if len(ordinary) else UNMEASURED
    model = Model(support, intents.with_temperature(fitted_temperature(held_out, truth)), kinds, letters, thresholds, heat)
    _report_danger(unseen, scores, thresholds)
    return model, (held_out, truth)


def _fit_kinds(examples: list[Example], alike: np.ndarray, settings: Settings) -> Head | None:
    """Fit the kinds on the dangerous examples that say theirs; None when they know fewer than two kinds."""
    rows = np.array([i for i, e in enumerate(examples) if e.intent == EMERGENCY and e.kind in KINDS], dtype=int)
    labels = np.array([examples[i].kind for i in rows])
    if len(set(labels)) < 2:
        return None
    head = fit(alike[np.ix_(rows, rows)], labels, settings, np.ones(len(rows)))[0]
    return Head(head.labels, head.dual, rows)


def _report_danger(examples: list[Example], scores: np.ndarray, thresholds: Thresholds) -> None:
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
            (some >= thresholds.unsure).mean(),
            (some >= thresholds.sure_in_clause).mean(),
        )
