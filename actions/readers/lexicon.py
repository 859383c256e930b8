"""Small words of a language as people type them (`actions/readers/lexicon/<language>.yaml`), and the plain form texts are read in.

CLDR and num2words know how a language is written; these lists know how it is typed: without accents, shortened, in
slang, in Latin letters. A text and the lists are brought into the same plain form, so that an accent more or less does not matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from calculator import yaml12
from calculator.translation import base_language
from calculator.wording import western_digits
from envelope.writing import UNSPACED

FOLDER = Path(__file__).parent / "lexicon"
#: English words this long are also read in other languages: people mix.
LONG_ENGLISH = 5
#: Letters that no decomposition reaches, but that keyboards without them replace; spaces and dashes of typewriters.
_LETTERS = str.maketrans(
    {
        "ı": "i",
        "ł": "l",
        "đ": "d",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "ى": "ي",
        "ة": "ه",
        "ـ": None,
        "ھ": "ه",
        "ک": "ك",
        "ی": "ي",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u200f": None,
        "\u200e": None,
        "\u200b": None,
        "’": "'",
        "ʼ": "'",
        "`": "'",
        "´": "'",
        "–": "-",
        "—": "-",
        "−": "-",
        "～": "~",
        "：": ":",
        # With a space: a mark right before a digit would look like part of a number.
        "，": ", ",
        "。": ". ",
        "、": ", ",
    }
)
#: Languages in which an accent makes another word: they are read with accents where the writer types any.
_TONAL = frozenset({"vi"})
#: Arabic writes and, so, with, like, to, the onto the word that follows.
ARABIC_PREFIX = "(?:[وف]?(?:ال|بال|لل|[بلك])?)"
ARABIC = re.compile("[\u0600-\u06ff]")


def is_unspaced(text: str) -> bool:
    """Whether a text is in a script that puts no space between words."""
    return bool(UNSPACED.search(text))


#: Arabic in Latin letters writes some letters as digits (7ta, 3ammi): inside a word they are letters.
_ARABIZI = re.compile(
    r"(?<![\w.,:/])(?=[a-z']*\d[a-z']{2}|[a-z']{2,}\d|[a-z']\d[a-z'])[a-z']*(?:[235679][a-z']+)+[235679]?(?!\w)|(?<![\w.,:/])[a-z']{2,}[235679](?!\w)"
)
_ARABIZI_LETTERS = str.maketrans({"2": "a", "3": "e", "5": "x", "6": "t", "7": "h", "9": "q"})


def _letters(text: str) -> str:
    return _ARABIZI.sub(lambda m: m.group().translate(_ARABIZI_LETTERS), text)


def accented(text: str) -> str:
    """Small letters and Latin digits, accents kept."""
    return unicodedata.normalize("NFC", western_digits(text).casefold()).translate(_LETTERS)


def unaccented(text: str) -> str:
    """Small letters without accents, as many type them.

    >>> unaccented("Październik, şubat, أسبوع")
    'pazdziernik, subat, اسبوع'
    """
    decomposed = unicodedata.normalize("NFKD", western_digits(text).casefold().translate(_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)


def keeps_accents(text: str, language: str) -> bool:
    """Whether a text is read with its accents: only where they make other words and the writer types them."""
    return base_language(language) in _TONAL and unaccented(text) != accented(text)


def plain_form(text: str, accents: bool, language: str = "") -> str:
    """The form in which texts and lists are compared. In Arabic digits inside words are letters; in others "6am" and "5th" are not."""
    if accents:
        return accented(text)
    return _letters(unaccented(text)) if base_language(language) == "ar" else unaccented(text)


@cache
def _raw(language: str) -> dict[str, Any]:
    path = FOLDER / f"{base_language(language)}.yaml"
    found: dict[str, Any] = yaml12.load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


@cache
def entries(key: str, language: str, accents: bool = False) -> tuple[str, ...]:
    """The words of a list in plain form, longest first: the language's own, then English ones that cannot be mistaken."""
    own = [plain_form(word, accents, language) for word in _raw(language).get(key) or []]
    english = [plain_form(word, accents) for word in _raw("en").get(key) or [] if len(word) >= LONG_ENGLISH]
    return tuple(sorted(dict.fromkeys(word.strip() for word in [*own, *english] if word.strip()), key=lambda w: -len(w)))


@cache
def mapping(key: str, language: str, accents: bool = False) -> dict[str, Any]:
    """A list with meanings (currencies, numbers): word in plain form -> meaning, longest first."""
    found: dict[str, Any] = {}
    for name, value in (_raw(language).get(key) or {}).items():
        for word, meaning in [(way, name) for way in value] if isinstance(value, list) else [(name, value)]:
            if plain := plain_form(str(word), accents, language).strip():
                found.setdefault(plain, meaning)
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


@cache
def month_words(language: str, accents: bool = False) -> dict[str, int]:
    """Extra ways of typing the months -> number of the month."""
    return {
        plain_form(word, accents, language).strip(". "): number
        for number, ways in enumerate(_raw(language).get("months") or [], start=1)
        for word in ways
    }


def one_of(words: Iterable[str], endings: int = 0) -> str:
    """A pattern for any of the words, each whole; in scripts without spaces wherever it stands. `endings`: letters a long word may have
    more, as grammar adds them."""
    tries: dict[tuple[str, str], dict[str, Any]] = {}
    for word in set(words):
        if is_unspaced(word):
            borders = (r"(?<!\d)" if word[0].isdigit() else "", "")
        else:
            before = ARABIC_PREFIX if ARABIC.match(word) else ""
            after = rf"\w{{0,{endings}}}" if endings and len(word) >= 4 else ""
            # A mark such as / or € needs no border, a word does; a digit may stand right before it (12h).
            left = r"(?<!\d)" if word[0].isdigit() else r"(?<![^\W\d_])" if word[0].isalnum() else ""
            borders = (left + before, after + (r"(?![^\W\d_])" if word[-1].isalnum() else ""))
        node = tries.setdefault(borders, {})
        for sign in word:
            node = node.setdefault(sign, {})
        node[""] = {}
    # A longer phrase comes before a word that it begins with (lei moldovenești, lei).
    ordered = sorted(tries.items(), key=lambda item: (-_depth(item[1]), item[0]))
    patterns = [f"{left}{_branches(trie)}{right}" for (left, right), trie in ordered]
    return f"(?:{'|'.join(patterns)})" if patterns else r"(?!)"


def _depth(node: dict[str, Any]) -> int:
    return max((1 + _depth(below) for sign, below in node.items() if sign), default=0)


def _branches(node: dict[str, Any]) -> str:
    """A pattern of all words below a node, the longer ones first: what they begin with alike stands once, so that a list of a thousand
    words costs little more than one of ten."""
    sources = [(r"\s+" if sign == " " else re.escape(sign)) + _branches(below) for sign, below in sorted(node.items()) if sign]
    if not sources:
        return ""
    joined = sources[0] if len(sources) == 1 and "" not in node else f"(?:{'|'.join(sources)})"
    return f"{joined}?" if "" in node else joined


@cache
def pattern(key: str, language: str, accents: bool = False, endings: int = 0) -> re.Pattern[str]:
    """The compiled pattern of one list."""
    return re.compile(one_of(entries(key, language, accents), endings))
