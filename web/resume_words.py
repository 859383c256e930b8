"""Words of resume codes: things that can be seen or touched, one word each, easy to write down and to say on the telephone."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable, Iterator

from calculator.translation import _

WORDS_OF_A_CODE = 6
#: Codes of the version before this one had a word less; they are read until the last of them is over.
SHORTEST_CODE = 5
_WITH_STROKE = str.maketrans("łđøı", "ldoi")


# A hundred words, six of them drawn: a million million codes. Translations must differ from each other (tests/web/test_web_resume.py).
WORDS = (
    _("apple"),
    _("bread"),
    _("water"),
    _("milk"),
    _("egg"),
    _("rice"),
    _("salt"),
    _("sugar"),
    _("tea"),
    _("coffee"),
    _("fish"),
    _("bird"),
    _("cat"),
    _("dog"),
    _("horse"),
    _("cow"),
    _("sheep"),
    _("goat"),
    _("bee"),
    _("ant"),
    _("lion"),
    _("elephant"),
    _("bear"),
    _("fox"),
    _("wolf"),
    _("snake"),
    _("frog"),
    _("tree"),
    _("leaf"),
    _("rose"),
    _("grass"),
    _("forest"),
    _("mountain"),
    _("river"),
    _("sea"),
    _("rain"),
    _("snow"),
    _("wind"),
    _("cloud"),
    _("sun"),
    _("moon"),
    _("star"),
    _("fire"),
    _("stone"),
    _("sand"),
    _("island"),
    _("house"),
    _("door"),
    _("window"),
    _("table"),
    _("chair"),
    _("bed"),
    _("lamp"),
    _("mirror"),
    _("clock"),
    _("book"),
    _("pencil"),
    _("bag"),
    _("shoe"),
    _("hat"),
    _("coat"),
    _("shirt"),
    _("needle"),
    _("rope"),
    _("basket"),
    _("bottle"),
    _("cup"),
    _("plate"),
    _("spoon"),
    _("bridge"),
    _("road"),
    _("train"),
    _("bus"),
    _("boat"),
    _("bicycle"),
    _("aeroplane"),
    _("ball"),
    _("drum"),
    _("guitar"),
    _("bell"),
    _("hand"),
    _("foot"),
    _("eye"),
    _("ear"),
    _("nose"),
    _("tooth"),
    _("heart"),
    _("hair"),
    _("finger"),
    _("carrot"),
    _("onion"),
    _("tomato"),
    _("potato"),
    _("lemon"),
    _("banana"),
    _("grape"),
    _("honey"),
    _("cheese"),
    _("soup"),
    _("cake"),
)


def draw() -> list[int]:
    """The numbers of the words of a code, drawn anew for each."""
    return [secrets.randbelow(len(WORDS)) for _number in range(WORDS_OF_A_CODE)]


def code_of(numbers: list[int]) -> str:
    """The code as it is kept: the same in every language."""
    return "-".join(str(number) for number in numbers)


def codes_in(text: str, translators: list[Callable[[str], str]]) -> Iterator[str]:
    """Yield the codes that somebody's words can mean, in each language that knows all of them, in the order of `translators`."""
    said = _folded(text).split()
    seen = set()
    for translate in translators:
        numbers = _read(said, _known(translate))
        if numbers is not None and code_of(numbers) not in seen:
            seen.add(code_of(numbers))
            yield code_of(numbers)


def _known(translate: Callable[[str], str]) -> dict[str, int]:
    """The words of a language, also as keyboards without its accents write them, where no two become the same by that."""
    words = [_folded(translate(word)) for word in WORDS]
    bare = [_bare(word) for word in words]
    known = {word: number for number, word in enumerate(bare) if bare.count(word) == 1}
    return {**known, **{word: number for number, word in enumerate(words)}}


def _read(said: list[str], known: dict[str, int]) -> list[int] | None:
    """Read words of one or more parts ("con kiến") one after the other, the longest first; None if they are no code."""
    if len(said) == 1 and len(said[0]) > SHORTEST_CODE and _is_unspaced(said[0]):
        said = _parted(said[0], known)
    numbers: list[int] = []
    at = 0
    while at < len(said):
        for length in (3, 2, 1):
            words = " ".join(said[at : at + length])
            number = known.get(words, known.get(_bare(words)))
            if number is not None:
                numbers.append(number)
                at += length
                break
        else:
            return None
    return numbers if SHORTEST_CODE <= len(numbers) <= WORDS_OF_A_CODE else None


def _is_unspaced(text: str) -> bool:
    """Whether a text is in Chinese signs, which are written without spaces."""
    return all(unicodedata.name(sign, "").startswith("CJK") for sign in text)


def _parted(text: str, known: dict[str, int]) -> list[str]:
    """Words of a text without spaces, one after the other, the longest first; the whole text again where that leads nowhere."""
    longest = max(map(len, known))
    found, at = [], 0
    while at < len(text):
        length = next((n for n in range(min(longest, len(text) - at), 0, -1) if text[at : at + n] in known), 0)
        if not length:
            return [text]
        found.append(text[at : at + length])
        at += length
    return found


def _folded(text: str) -> str:
    """Small letters, no commas or hyphens."""
    plain = unicodedata.normalize("NFC", text).casefold()
    return " ".join("".join(c if c.isalpha() or unicodedata.category(c)[0] == "M" else " " for c in plain).split())


def _bare(text: str) -> str:
    """Without accents; letters that Unicode does not take apart, by hand."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_WITH_STROKE))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
