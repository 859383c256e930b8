"""What people write: training sentences by intent, answers and stories of the development sets, wishes to delete."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from calculator import yaml12
from calculator.translation import languages

ROOT = Path(__file__).parents[2]
WORDS = Path(__file__).with_name("words.yaml")


@dataclass
class Voice:
    """The sentences of one language."""

    intents: dict[str, list[str]] = field(default_factory=dict)
    #: Answers to questions by kind: begin, end, hours, pay, yes_no.
    typed: dict[str, list[str]] = field(default_factory=dict)
    stories: list[str] = field(default_factory=list)
    #: Something was deleted, but nobody asks for it.
    not_delete: list[str] = field(default_factory=list)
    delete_last: list[str] = field(default_factory=list)


@cache
def voices() -> dict[str, Voice]:
    """Every language that is offered, with its sentences."""
    found = {language: Voice() for language in languages()}
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in _load(path).get("nlu") or []:
            language = (block.get("metadata") or {}).get("language")
            if language in found:
                lines = [line.strip().removeprefix("- ").strip() for line in str(block["examples"]).splitlines() if line.strip()]
                found[language].intents.setdefault(block["intent"], []).extend(lines)
    for language, voice in found.items():
        for path in sorted((ROOT / "tests" / "actions" / "typed").glob(f"{language}*.yaml")):
            for kind, answers in _load(path).items():
                voice.typed.setdefault(kind, []).extend(str(answer["say"]) for answer in answers)
        told = ROOT / "tests" / "actions" / "told" / f"{language}.yaml"
        if told.exists():
            voice.stories += [str(story["text"]) for story in _load(told)["stories"]]
        words = _load(WORDS)[language]
        voice.not_delete, voice.delete_last = words["not_delete"], words["delete_last"]
    return found


def _load(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml12.load(path.read_text(encoding="utf-8"))
    return content


@cache
def _told() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for path in sorted((ROOT / "tests" / "actions" / "told").glob("*.yaml")):
        for story in _load(path).get("stories") or []:
            facts = {**story.get("facts", {}), **(story.get("maybe") or {})}
            found[str(story["text"])] = frozenset(str(facts[name]) for name in ("country", "now", "nationality") if facts.get(name))
    return found


def places_told(text: str) -> frozenset[str]:
    """The countries that a story of the development sets tells of, also by a city."""
    return _told().get(text, frozenset())
