"""Which parts of which language native speakers and support workers have read and signed, and what of it still stands (docs/reviewing.md)."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from calculator import vocabulary, yaml12
from calculator.engine.result.sentences import LATE, PERHAPS_LATE, UNSURE
from calculator.packs.current import current_rules, kept_with_rules
from calculator.packs.said import Sentence, sentences
from calculator.translation import LOCALES

FILE = LOCALES / "reviews.yaml"
Part = Literal["danger", "deadlines", "police", "residence"]
Role = Literal["native", "support_worker"]
#: Most dangerous first: in this order a language is reviewed.
PARTS: tuple[Part, ...] = get_args(Part)
#: Who has to have signed a part before it is released: so many people in each role.
NEEDED: dict[Role, int] = {"native": 2, "support_worker": 1}
#: Rights about these topics belong to a part (`calculator.packs.model.Protection`).
TOPICS: dict[str, Part] = {
    "police": "police",
    "identification": "police",
    "non_punishment": "police",
    "residence": "residence",
    "return_home": "residence",
}


class Signature(NamedTuple):
    """Somebody has read a part in a language on a day; `strings` is the checksum of the words that were read."""

    language: str
    part: str
    day: str
    role: str
    who: str
    strings: str


def words(language: str, part: Part) -> list[tuple[str, str]]:
    """The sentences of a part, English and translation, in the order in which a person meets them."""
    path = LOCALES / language / "LC_MESSAGES" / f"{'danger' if part == 'danger' else 'law'}.po"
    catalogue = _catalogue(path, language, path.stat().st_mtime_ns)
    if part == "danger":
        return [(str(message.id), str(message.string)) for message in catalogue if message.id]
    return [(text, str(found.string)) for text in texts_of_the_law()[part] if (found := catalogue.get(text)) is not None]


@lru_cache(maxsize=64)
def _catalogue(path: Path, language: str, _changed: int) -> Catalog:
    """A catalogue, read again only when its file has changed: parts of it are looked at one by one."""
    with path.open("rb") as source:
        return read_po(source, locale=language)


def checksum(language: str, part: Part) -> str:
    """A checksum over sources and translations: a signature holds for exactly these words."""
    digest = hashlib.sha256()
    for english, translated in sorted(words(language, part)):
        digest.update(f"{english}\0{translated}\0".encode())
    return digest.hexdigest()[:12]


def signatures() -> list[Signature]:
    """All that were ever given, the oldest first."""
    found = yaml12.load(FILE.read_text(encoding="utf-8")) if FILE.exists() else None
    return [Signature(**{key: str(value) for key, value in entry.items()}) for entry in found or []]


def standing(language: str, part: Part) -> list[Signature]:
    """The signatures of a part that still hold: not a word of it has changed since."""
    given = [one for one in signatures() if (one.language, one.part) == (language, part)]
    now = checksum(language, part) if given else ""
    return [one for one in given if one.strings == now]


def missing(language: str, part: Part) -> dict[Role, int]:
    """How many people in which role have yet to sign a part as it stands; empty when it is reviewed."""
    given = standing(language, part)
    left = {role: needed - len({one.who for one in given if one.role == role}) for role, needed in NEEDED.items()}
    return {role: count for role, count in left.items() if count > 0}


@kept_with_rules
def texts_of_the_law() -> dict[str, list[str]]:
    """Part -> its English sentences in the `law` catalogue, by the rules in force."""
    found: dict[str, dict[str, None]] = {part: {} for part in PARTS}
    found["deadlines"] = dict.fromkeys([*vocabulary.deadline_texts(), *LATE.values(), PERHAPS_LATE, UNSURE])
    for pack in current_rules().packs.values():
        for sentence in sentences(pack):
            part = _part_of(sentence)
            if part is not None and not sentence.made:
                found[part][sentence.text] = None
    return {part: list(texts) for part, texts in found.items()}


def _part_of(sentence: Sentence) -> Part | None:
    if sentence.reader != "person":
        return None
    if sentence.part == "rights":
        return TOPICS.get(sentence.field)
    if sentence.field == "report_note":
        # What an office may tell the police or the immigration office.
        return "police"
    return "deadlines" if sentence.field.startswith("deadline ") else None
