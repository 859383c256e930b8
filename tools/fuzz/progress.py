"""What a run has done so far: in a file, so that a long one goes on where it was stopped."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from calculator.files import write_whole
from tools.fuzz.steps import Failure

#: Of one fault so many conversations are kept and made short.
KEPT_OF_A_FAULT = 3


@dataclass
class Progress:
    """A run: its seed, the number of the next conversation, turns done, how often each fault was seen, and examples of it."""

    seed: int
    next: int = 0
    turns: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)

    def is_new(self, name: str) -> bool:
        """Whether one more example of a fault is wanted."""
        return sum(failure.complaint.name == name for failure in self.failures) < KEPT_OF_A_FAULT

    def write(self, path: Path) -> None:
        """Keep it."""
        content = {
            "seed": self.seed,
            "next": self.next,
            "turns": self.turns,
            "seen": dict(self.seen),
            "failures": [failure.to_json() for failure in self.failures],
        }
        write_whole(path, json.dumps(content, ensure_ascii=True, indent=1))

    @classmethod
    def read(cls, path: Path) -> Progress:
        """From a file written before."""
        content = json.loads(path.read_text(encoding="utf-8"))
        failures = [Failure.read(failure) for failure in content["failures"]]
        return cls(content["seed"], content["next"], content["turns"], Counter(content["seen"]), failures)
