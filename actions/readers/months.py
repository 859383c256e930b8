"""Names of the months: as CLDR writes them, in all regional variants, as they are typed, with the endings of grammar."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale
from babel.localedata import locale_identifiers

from actions.readers.lexicon import ARABIC, ARABIC_PREFIX, is_unspaced, month_words, plain_form
from calculator.translation import base_language

#: Languages whose grammar changes the endings of months.
_INFLECTED = frozenset({"pl", "ru", "uk", "bg", "sq", "ro"})
#: Short forms that are everyday words.
_NO_MONTHS = {"pl": ("sie", "lis"), "it": ("set",), "tr": ("ara",)}


@cache
def _months(language: str, accents: bool) -> dict[str, int]:
    """Month names with all regional variants of CLDR (Levantine and Maghrebi Arabic name them differently), and as they are typed."""
    code = base_language(language)
    names: dict[str, int] = {}
    for identifier in locale_identifiers():
        if identifier.split("_")[0] not in (code, "en") or (code != "en" and identifier.split("_")[0] == "en" and identifier != "en"):
            continue
        locale = Locale.parse(identifier)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    word = plain_form(str(name), accents).rstrip(".").strip()
                    english = identifier.split("_")[0] == "en" and code != "en"
                    if (len(word) >= 3 or is_unspaced(word)) and not word.isdigit() and not (english and len(word) < 5):
                        names.setdefault(word, int(number))
    if code == "zh":
        names |= {f"{number}月": number for number in range(1, 13)} | {f"{number}月份": number for number in range(1, 13)}
    if code == "vi":
        names = {name: number for name, number in names.items() if re.search(r"\d|[^\W\d_]{4}", name)}
        names |= {f"{word} {number}": number for number in range(1, 13) for word in (("tháng", "thg") if accents else ("thang", "thg", "t"))}
        names |= {f"t{number}": number for number in range(1, 13)}
    names |= month_words(language, accents)
    for word in _NO_MONTHS.get(code, ()):
        names.pop(word, None)
    return names


@cache
def month_pattern(language: str, accents: bool) -> re.Pattern[str]:
    """A pattern for the months of a language."""
    parts = []
    for name in sorted(_months(language, accents), key=lambda n: -len(n)):
        source = re.escape(name).replace(r"\ ", r"\s*")
        if is_unspaced(name):
            parts.append(rf"(?<!\d){source}")
            continue
        # A month's name whose ending may change with grammar (березень, у березні).
        if base_language(language) == "tr" and not name[-1].isdigit():
            source = rf"{re.escape(name)}(?:'?[a-zıü]{{1,5}})?" if len(name) >= 4 else re.escape(name)
        elif len(name) >= 5 and not name[-1].isdigit() and base_language(language) in _INFLECTED:
            source = rf"{re.escape(name[:-1])}\w{{0,3}}"
        if ARABIC.match(name):
            source = ARABIC_PREFIX + source
        parts.append(rf"(?<![^\W\d_]){source}(?![^\W\d_])(?!\d)" if name[-1].isdigit() else rf"(?<![^\W\d_]){source}(?![^\W\d_])")
    return re.compile("|".join(parts)) if parts else re.compile(r"(?!)")


def month_of(word: str, language: str, accents: bool) -> int | None:
    """The number of the month that a word found by `month_pattern` names."""
    names = _months(language, accents)
    if word in names:
        return names[word]
    bare = re.sub(f"^{ARABIC_PREFIX}", "", word) if ARABIC.match(word) else ""
    return names.get(bare) or _by_stem(names, word)


def _by_stem(names: dict[str, int], word: str) -> int | None:
    stems = [(len(name), number) for name, number in names.items() if word.startswith(name) or len(name) >= 5 and word.startswith(name[:-1])]
    return max(stems)[1] if stems else None
