"""Where the texts that people read stand: in code, templates, the Rasa domain, the vocabulary and the packs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_from_dir, extract_from_file

from calculator import vocabulary, yaml12
from calculator.api import default_rules
from calculator.case import read
from calculator.packs.said import Sentence, sentences
from calculator.translation import COUNSEL

ROOT = Path(__file__).parent.parent

#: A source string, or its singular and plural.
Text = str | tuple[str, ...]
_KEYWORDS: dict[str, Any] = {"_": None, "_n": (1, 2), "gettext": None, "ngettext": (1, 2)}


def _python(*places: str) -> Iterator[tuple[str, Text]]:
    for place in places:
        path = ROOT / place
        if path.is_file():
            for _line, message, _comments, _context in extract_from_file("python", path, keywords=_KEYWORDS):
                yield place, message
            continue
        for name, _line, message, _comments, _context in extract_from_dir(path, [("**.py", "python")], keywords=_KEYWORDS):
            yield f"{place}/{name}", message


def _calls(place: str, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Messages and fixes of errors: the string arguments of the error classes, which are translated when shown."""
    for path in sorted((ROOT / place).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                for argument in node.args[1:3]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
                        yield f"{place}/{path.name}", argument.value


def danger_messages() -> Iterator[tuple[str, Text]]:
    yield from _python("calculator/emergency.py", "danger")
    yield from domain_messages()


def domain_messages() -> Iterator[tuple[str, Text]]:
    """The texts of Rasa's responses."""
    domain = yaml12.load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    for variants in domain["responses"].values():
        yield from (("domain.yml", variant["text"]) for variant in variants)


def chat_messages() -> Iterator[tuple[str, Text]]:
    yield from _python("actions")


def web_messages() -> Iterator[tuple[str, Text]]:
    yield from _python("web")
    for name, _line, message, _comments, _context in extract_from_dir(ROOT / "web" / "templates", [("**.html", "jinja2")]):
        yield f"web/templates/{name}", message


def law_messages() -> Iterator[tuple[str, Text]]:
    yield from _python("calculator/engine/result/sentences.py", "calculator/engine/result/questions.py", "cli/words.py")
    yield from _python("calculator/engine/result/award_words.py", "calculator/engine/result/card.py", "calculator/engine/result/no_sum.py")
    yield from _python("calculator/engine/result/counting.py", "workbench")
    yield from _python("calculator/engine/result/phrase_text.py", "calculator/contact_words.py")
    yield from (("calculator/vocabulary/conditions.yaml", text) for text in vocabulary.condition_texts())
    yield from (("calculator/vocabulary/rights.yaml", text) for group in vocabulary.rights().values() for text in group.values())
    yield from (("calculator/vocabulary/deadlines.yaml", text) for text in vocabulary.deadline_texts())
    yield from _calls("calculator/case", ("CaseError",))
    yield from _calls("calculator/engine", ("CaseError",))
    yield from _calls("calculator", ("CaseError",))
    yield from _calls("cli", ("CaseError",))
    for pair in (*read._CODES.values(), *read._YAML_FAULTS.values()):
        yield from (("calculator/case/read.py", text) for text in pair)
    for definition in vocabulary.facts().values():
        for text in (definition.question, definition.why, *definition.choices.values()):
            yield "calculator/vocabulary/facts.yaml", text
    for name, words in (
        ("heads", vocabulary.heads()),
        ("heads", vocabulary.papers_of_losses()),
        ("documents", vocabulary.documents()),
        ("services", vocabulary.services()),
        ("terms", vocabulary.terms()),
    ):
        yield from ((f"calculator/vocabulary/{name}.yaml", text) for text in words.values())
    yield from (("calculator/vocabulary/heads.yaml", head.name) for head in vocabulary.award_heads().values())
    yield from (("calculator/vocabulary/forms.yaml", text) for text in vocabulary.form_texts())
    for asked in vocabulary.screening()["questions"]:
        yield from (("calculator/vocabulary/screening.yaml", asked[key]) for key in ("question", "sign", "why"))
    yield from (("calculator/vocabulary/for_another.yaml", text) for text in vocabulary.for_another().values())
    yield from (("calculator/vocabulary/injuries.yaml", entry["name"]) for entry in vocabulary.injuries().values())
    yield from ((place, sentence.text) for place, sentence, _languages in _of_packs() if sentence.reader != "counsel")


def counsel_messages(language: str | None) -> Iterator[tuple[str, Text]]:
    """What only lawyers read, of the States whose offices speak the language (None or English: of all)."""
    told = {sentence.text for _place, sentence, _languages in _of_packs() if sentence.reader != "counsel"}
    for place, sentence, languages in _of_packs():
        if sentence.reader == "counsel" and sentence.text not in told and (language in (None, "en") or language in languages):
            yield place, sentence.text


def _of_packs() -> Iterator[tuple[str, Sentence, list[str]]]:
    """Where each text of a pack's own stands, and the languages of the State's offices."""
    for pack in default_rules().packs.values():
        place = f"calculator/jurisdictions/{pack.code}"
        yield from ((place, sentence, pack.jurisdiction.languages) for sentence in sentences(pack) if not sentence.made)


def source_strings(domain: str, language: str | None) -> tuple[tuple[str, Text], ...]:
    """Each text of a catalogue, with the file it stands in; only that of lawyers depends on the language."""
    return _counsel(language) if domain == COUNSEL else _for_all(domain)


@cache
def _counsel(language: str | None) -> tuple[tuple[str, Text], ...]:
    return tuple(counsel_messages(language))


@cache
def _for_all(domain: str) -> tuple[tuple[str, Text], ...]:
    return tuple({"danger": danger_messages, "chat": chat_messages, "law": law_messages, "web": web_messages}[domain]())
