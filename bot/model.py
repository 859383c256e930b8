"""What the assistant has learned about sentences: intents, danger and its kinds, on one support; kept as arrays."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from scipy.special import expit

from bot.danger import Thresholds, margins, shares
from bot.examples import KINDS
from bot.facts import FactsModel
from bot.kernel import Head, Support


@dataclass(frozen=True)
class Model:
    """The support and what was learned on it. Immutable."""

    support: Support
    intents: Head
    kinds: Head | None
    letters: np.ndarray
    thresholds: Thresholds
    #: Temperature of the danger score.
    heat: float
    #: What was learned of facts; None for a toy model.
    facts: FactsModel | None = None

    def with_facts(self, facts: FactsModel) -> Model:
        """The same model with what was learned of facts."""
        return replace(self, facts=facts)

    def danger(self, likeness: np.ndarray) -> np.ndarray:
        """The calibrated danger score (0 to 1) of sentences by their likeness to the support, shape (n,)."""
        return np.asarray(expit(margins(self.intents.scores(likeness), self.intents.labels) / self.heat))

    def share(self, likeness: np.ndarray) -> np.ndarray:
        """How much of sentences is danger beside all other intents, shape (n,); see `shares`."""
        return shares(self.intents.scores(likeness), self.intents.labels)

    def kind(self, clause: np.ndarray, whole: np.ndarray) -> str:
        """The kind of danger, mostly from the clause that carries it; both as rows of likeness (n,)."""
        if self.kinds is None:
            return KINDS[0]
        chances = self.kinds.probabilities(np.stack([clause, whole]))
        return self.kinds.labels[int((2 * chances[0] + chances[1]).argmax())]

    def save(self, folder: Path) -> None:
        """Write the model into a folder of Rasa's model storage."""
        kinds = self.kinds or Head([], np.zeros((0, 0), dtype=np.float32), np.zeros(0, dtype=int))
        np.savez(
            folder / "model.npz",
            **self.support.arrays(),
            **(self.facts.arrays() if self.facts is not None else {}),
            intents=np.array(self.intents.labels),
            intent_dual=self.intents.dual,
            kinds=np.array(kinds.labels, dtype=str),
            kind_dual=kinds.dual,
            kind_rows=kinds.rows,
            danger_letters=self.letters,
            temperatures=np.array([self.intents.temperature, self.heat]),
        )
        (folder / "thresholds.json").write_text(json.dumps(asdict(self.thresholds)), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read what `save` wrote."""
        with np.load(folder / "model.npz", allow_pickle=False) as file:
            saved = dict(file)
        temperature, heat = (float(x) for x in saved["temperatures"])
        intents = Head([str(x) for x in saved["intents"]], saved["intent_dual"], temperature=temperature)
        labels = [str(x) for x in saved["kinds"]]
        kinds = Head(labels, saved["kind_dual"], saved["kind_rows"]) if labels else None
        limits = json.loads((folder / "thresholds.json").read_text("utf-8"))
        return cls(Support.of_arrays(saved), intents, kinds, saved["danger_letters"], Thresholds(**limits), heat, FactsModel.of_arrays(saved))
