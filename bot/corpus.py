"""The training sentences as they stand in `data/`, read without Rasa: learning them needs a tenth of its memory.

`data/nlu/*.yml` are Rasa's own files of intents; `data/facts/<language>.txt` has a clause a line behind its labels
(`papers=taken relation=employer | my boss has my passport`; `docs/nlu.md` lists them).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.examples import Clause, Example
from bot.settings import REPOSITORY

DATA = REPOSITORY / "data"
#: Files that hold several languages name the language in each block; sentences of none of ours count as these.
NO_LANGUAGE = "xx"


class CorpusError(ValueError):
    """A training file cannot be read; the text names the file, the line and what was expected."""


def read_examples(folder: Path = DATA / "nlu") -> list[Example]:
    """Every sentence of the intents, each once, in the order of the files.

    Raises:
        CorpusError: when a file is no list of intents with examples.
    """
    found: dict[tuple[str, str, str], Example] = {}
    for path in sorted(folder.glob("*.yml")):
        for block in (yaml.load(path.read_text("utf-8"), Loader=_loader()) or {}).get("nlu") or []:
            if "intent" not in block:
                continue
            if not isinstance(block.get("examples"), str | list):
                raise CorpusError(f"{path.name}: the intent {block['intent']} has no examples")
            for text, own in _sentences(block["examples"]):
                about = {**(block.get("metadata") or {}), **own}
                example = Example(text, block["intent"], about.get("language", ""), about.get("kind"), bool(about.get("border")))
                found.setdefault((text, example.intent, example.language), example)
    return list(found.values())


def read_clauses(folder: Path = DATA / "facts") -> list[Clause]:
    """Every clause of the facts, in the order of the files.

    Raises:
        CorpusError: when a line has no labels, or no clause behind them.
    """
    found: list[Clause] = []
    for path in sorted(folder.glob("*.txt")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            labels, bar, text = line.partition(" | ")
            if not bar or not labels.split() or not text.strip():
                raise CorpusError(f"{path.name}, line {number}: expected 'labels | clause', found {line!r}")
            found.append(Clause(text.strip(), frozenset(labels.split()), path.stem.partition("_")[0]))
    return found


def _sentences(examples: Any) -> list[tuple[str, dict[str, Any]]]:
    """The sentences of a block with what each says of itself."""
    if isinstance(examples, list):
        return [(e["text"].strip(), e.get("metadata") or {}) for e in examples]
    lines = (line.strip() for line in examples.splitlines())
    return [(line[1:].strip(), {}) for line in lines if line.startswith("-") and line[1:].strip()]


def _loader() -> Any:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
