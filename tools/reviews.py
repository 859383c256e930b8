"""What native speakers and support workers have read and signed, part by part, and what of it still stands (docs/reviewing.md).

standing                        each language and part: who has signed it as it stands, and who is still missing
sheet LANGUAGE PART             the sentences of a part, numbered, with their English: to be read aloud and marked
sign LANGUAGE PART DAY ROLE WHO   note a signature; ROLE is native or support_worker, WHO a mark that tells two people apart, no name
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from calculator import vocabulary, yaml12
from calculator.api import default_rules
from calculator.engine.result.sentences import LATE, PERHAPS_LATE, UNSURE
from calculator.files import write_whole
from calculator.packs.said import Sentence, sentences
from calculator.translation import LOCALES
from tools.catalogue_files import LANGUAGES, NOT_REVIEWED, REVIEWED_IN_PART, path_of

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


#: Who reads the words of a part, and when: said to translators beside each of its strings.
READ_BY: dict[Part, str] = {
    "danger": "Read by somebody in danger now, perhaps in secret, in seconds. The number first; the shortest words; nothing to be asked back.",
    "deadlines": "Read by somebody who may lose her money after this day. Which day counts, from when, and what is lost must be clear at once.",
    "police": "Read by somebody who is afraid of the police, before she decides whom to tell. No advice to confess; whom to ask first.",
    "residence": "Read by somebody who is afraid to be sent away. Promise nothing; say what holds, and that she can ask an advice centre first.",
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
    path = path_of(language, "danger" if part == "danger" else "law")
    catalogue = _catalogue(path, language, path.stat().st_mtime_ns)
    if part == "danger":
        return [(str(message.id), str(message.string)) for message in catalogue if message.id]
    return [(text, str(found.string)) for text in _of_the_law()[part] if (found := catalogue.get(text)) is not None]


@lru_cache(maxsize=64)
def _catalogue(path: Path, language: str, _changed: int) -> Catalog:
    """A catalogue, read again only when its file has changed: parts of it are looked at one by one."""
    with path.open("rb") as source:
        return read_po(source, locale=language)


@cache
def parts_of_texts() -> dict[str, Part]:
    """The English sentences of the `law` catalogue that belong to a part."""
    return {text: part for part in PARTS if part != "danger" for text in _of_the_law()[part]}


def comment_for_translators(domain: str, text: object) -> list[str]:
    """What translators have to know of a string: who reads it when, where that matters most."""
    part = "danger" if domain == "danger" else parts_of_texts().get(str(text)) if domain == "law" else None
    return [READ_BY[part]] if part else []


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


def reviewed_line(language: str, domain: str) -> str:
    """What the header of a catalogue says of its review by native speakers."""
    parts = [part for part in PARTS if (part == "danger") == (domain == "danger")] if domain in ("danger", "law") else []
    read = any(one.role == "native" for part in parts for one in standing(language, part))
    return REVIEWED_IN_PART if read else NOT_REVIEWED


def sign(language: str, part: str, day: str, role: str, who: str) -> Signature:
    """Note a signature. Raises ValueError when a word of it is not one of those that are known."""
    for given, known in ((language, LANGUAGES), (part, PARTS), (role, tuple(NEEDED))):
        if given not in known:
            raise ValueError(f"{given!r} is not one of {', '.join(known)}")
    if not who.strip():
        raise ValueError("a mark is needed that tells two people apart, such as A; no name")
    if language == "en":
        raise ValueError("English is the source; the other languages are reviewed")
    which: Part = next(one for one in PARTS if one == part)
    signature = Signature(language, part, date.fromisoformat(day).isoformat(), role, who.strip(), checksum(language, which))
    lines = [f"- {{{', '.join(f'{key}: {_quoted(value)}' for key, value in one._asdict().items())}}}" for one in (*signatures(), signature)]
    write_whole(FILE, "\n".join((_HEAD, *lines, "")))
    return signature


_HEAD = "# Who has read which part of which language (docs/reviewing.md). Written by `python -m tools.reviews sign`; marks, no names."


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@cache
def _of_the_law() -> dict[str, list[str]]:
    """Part -> its English sentences in the `law` catalogue."""
    found: dict[str, dict[str, None]] = {part: {} for part in PARTS}
    found["deadlines"] = dict.fromkeys([*vocabulary.deadline_texts(), *LATE.values(), PERHAPS_LATE, UNSURE])
    for pack in default_rules().packs.values():
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


def _lines(language: str, part: Part) -> Iterator[str]:
    for number, (english, translated) in enumerate(words(language, part), start=1):
        yield f"{number}. {translated}"
        yield f"   en: {english}"


def _states() -> Iterator[str]:
    for language in LANGUAGES:
        for part in PARTS if language != "en" else ():
            left = missing(language, part)
            wanted = ", ".join(f"{count} {role}" for role, count in left.items())
            yield f"{language} {part}: {f'missing: {wanted}' if wanted else 'reviewed'} ({len(words(language, part))} sentences)"


def main() -> None:
    match sys.argv[1:]:
        case ["standing"]:
            print("\n".join(_states()))
        case ["sheet", language, part] if language in LANGUAGES and part in PARTS:
            print("\n".join(_lines(language, next(one for one in PARTS if one == part))))
        case ["sign", language, part, day, role, who]:
            try:
                print(f"Noted: {', '.join(sign(language, part, day, role, who))}")
            except ValueError as error:
                raise SystemExit(f"redress: {error}") from error
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
