"""The yardsticks are frozen, whole, and none of their sentences stands in the training."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from calculator import yaml12
from calculator.translation import languages
from tools.yardstick.sets import LANGUAGES, ROOT, load

DATA = Path(__file__).parents[1] / "data"
#: Short answers are the same for everybody ("12 hours", "yes").
SHORTEST = 30


def test_nothing_was_changed() -> None:
    lines = (ROOT / "CHECKSUMS").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 5 * len(LANGUAGES)
    for line in lines:
        digest, name = line.split(maxsplit=1)
        assert hashlib.sha256((ROOT / name).read_bytes()).hexdigest() == digest, f"{name} was changed"


def test_every_language_has_one() -> None:
    assert set(languages()) == set(LANGUAGES)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from [str(inner)] if name in ("text", "say") else texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from [inner] if isinstance(inner, str) else texts(inner)


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_and_no_sentence_of_it_is_in_the_training(language: str) -> None:
    answers = load(language, "answers")
    assert all(len(answers[kind]) == 30 for kind in ("begin", "end", "hours", "pay", "yes_no"))
    assert len(load(language, "danger")) == 40 and len(load(language, "calm")) == 80 and len(load(language, "stories")) == 10
    trained = {
        line.strip("- ").partition(" | ")[2] or line.strip("- ")
        for path in [*DATA.glob("nlu/*.yml"), *DATA.glob("facts/*.txt")]
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    sentences = {t for name in ("stories", "more", "danger", "calm") for t in texts(load(language, name)) if len(t) >= SHORTEST}
    assert not sentences & trained


def test_yaml_of_typed_answers_is_whole() -> None:
    for language in LANGUAGES:
        path = Path(__file__).parent / "actions" / "typed" / f"{language}.yaml"
        assert set(yaml12.load(path.read_text(encoding="utf-8"))) == {"begin", "end", "hours", "pay", "yes_no"}
