"""What native speakers and support workers have read and signed, part by part, and what of it still stands (docs/reviewing.md).

standing                        each language and part: who has signed it as it stands, and who is still missing
sheet LANGUAGE PART             the sentences of a part, numbered, with their English: to be read aloud and marked
sign LANGUAGE PART DAY ROLE WHO   note a signature; ROLE is native or support_worker, WHO a mark that tells two people apart, no name
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from functools import cache

from calculator import reviews
from calculator.files import write_whole
from calculator.reviews import NEEDED, PARTS, Part, Signature, checksum, missing, signatures, standing, texts_of_the_law, words
from tools.catalogue_files import LANGUAGES, NOT_REVIEWED, REVIEWED_IN_PART

#: Who reads the words of a part, and when: said to translators beside each of its strings.
READ_BY: dict[Part, str] = {
    "danger": "Read by somebody in danger now, perhaps in secret, in seconds. The number first; the shortest words; nothing to be asked back.",
    "deadlines": "Read by somebody who may lose her money after this day. Which day counts, from when, and what is lost must be clear at once.",
    "police": "Read by somebody who is afraid of the police, before she decides whom to tell. No advice to confess; whom to ask first.",
    "residence": "Read by somebody who is afraid to be sent away. Promise nothing; say what holds, and that she can ask an advice centre first.",
}


@cache
def parts_of_texts() -> dict[str, Part]:
    """The English sentences of the `law` catalogue that belong to a part."""
    return {text: part for part in PARTS if part != "danger" for text in texts_of_the_law()[part]}


def comment_for_translators(domain: str, text: object) -> list[str]:
    """What translators have to know of a string: who reads it when, where that matters most."""
    part = "danger" if domain == "danger" else parts_of_texts().get(str(text)) if domain == "law" else None
    return [READ_BY[part]] if part else []


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
    write_whole(reviews.FILE, "\n".join((_HEAD, *lines, "")))
    return signature


_HEAD = "# Who has read which part of which language (docs/reviewing.md). Written by `python -m tools.reviews sign`; marks, no names."


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


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
