"""Which of the offered options a person means: its number or letter, its words, or nearly its words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from calculator.wording import western_digits

NEAR_ENOUGH = 0.82


def folded(text: str) -> str:
    """Lower case, no accents, no punctuation: how typed and printed words are compared."""
    decomposed = unicodedata.normalize("NFKD", western_digits(text).casefold())
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w]+", " ", kept).split())


def read_choice(text: str, options: Sequence[tuple[str, str]]) -> str | None:
    """The value of the (value, title) option that is meant, or None."""
    said = folded(text)
    if not said:
        return None
    if said.isdigit() and 1 <= int(said) <= len(options):
        return options[int(said) - 1][0]
    titles = [(value, folded(title)) for value, title in options]
    for value, title in titles:
        if said == title:
            return value
    inside = [value for value, title in titles if title and re.search(rf"(?<!\w){re.escape(title)}(?!\w)", said)]
    if len(set(inside)) == 1:
        return inside[0]
    whole = [value for value, title in titles if len(said) >= 4 and re.search(rf"(?<!\w){re.escape(said)}(?!\w)", title)]
    if len(set(whole)) == 1:
        return whole[0]
    best = max(titles, key=lambda option: SequenceMatcher(None, said, option[1]).ratio(), default=None)
    if best and SequenceMatcher(None, said, best[1]).ratio() >= NEAR_ENOUGH:
        return best[0]
    return None
